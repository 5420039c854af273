//! Which lines the string to sign has, and what stands in them.

use super::with_headers;
use crate::form;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::headers::{Message, Piece, Scheme, lines};

const AS_SENT: Text = Text {
    en: "sign path and query as they stand on the wire, without the host",
    zh: "按传输原样签名路径与查询串，不含主机名",
};

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "join-v3-final-newline-missing",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "lines are joined with line feeds, and none follows the last",
            zh: "各行以换行连接，最后一行之后缺少换行",
        },
        fix: Text { en: "end every line with a line feed", zh: "每一行都以换行结尾" },
        sources: &["https://pay.weixin.qq.com/wiki/doc/apiv3/wechatpay/wechatpay4_1.shtml"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                lines(&Scheme { final_line_feed: false, ..*scheme }, message, items, out);
            };
        }),
    },
    Mistake {
        id: "join-antom-final-newline",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "Antom: a line feed follows the body, as in version 3 of the open platform",
            zh: "Antom：像开放平台第 3 版那样在报文体之后加了换行",
        },
        fix: Text { en: "end the string with the body", zh: "待签名串以报文体结尾" },
        sources: &["https://docs.antom.com/ac/ams/digital_signature (the rule)"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                lines(&Scheme { final_line_feed: true, ..*scheme }, message, items, out);
            };
        }),
    },
    Mistake {
        id: "join-antom-lines",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "Antom: client-id, time and body are lines of their own, as in version 3 of the open platform",
            zh: "Antom：client-id、时间与报文体像开放平台第 3 版那样各占一行",
        },
        fix: Text { en: "join them with dots", zh: "三者以点连接" },
        sources: &["https://docs.antom.com/ac/ams/digital_signature (the rule)"],
        twin: Twin::Stages(|stages| stages.lines = dots_as_line_feeds),
    },
    Mistake {
        id: "join-v3-carriage-return",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text { en: "lines end with CR LF", zh: "各行以 CR LF 结尾" },
        fix: Text { en: "end lines with a line feed alone", zh: "只用 LF 换行" },
        sources: &["https://pay.weixin.qq.com/wiki/doc/apiv3/wechatpay/wechatpay4_1.shtml"],
        twin: Twin::Stages(|stages| stages.lines = cr_lf),
    },
    Mistake {
        id: "join-v3-reply-lines-swapped",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the reply's nonce is put before its timestamp, as they stand in the request",
            zh: "响应的 nonce 被放在时间戳之前，与请求中的顺序相同",
        },
        fix: Text {
            en: "verify timestamp, nonce and body, in this order",
            zh: "依次以时间戳、nonce、响应体验签",
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| stages.lines = nonce_first),
    },
    Mistake {
        id: "join-v3-query-not-signed",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the path is signed without its query", zh: "签名的路径不含查询串"
        },
        fix: AS_SENT,
        sources: &[
            "https://github.com/hpyer/node-easywechat/issues/60",
            "https://github.com/w7corp/easywechat/issues/2443",
            "https://github.com/wwog/wechat-pay-v3-sdk/pull/3",
        ],
        twin: Twin::Stages(|stages| {
            stages.lines =
                |s, m, i, out| lines(s, &Message { path: before_query(m), ..*m }, i, out);
        }),
    },
    Mistake {
        id: "join-v3-path-form",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the whole address is signed in place of the path",
            zh: "签名的是整个地址而不是路径",
        },
        fix: AS_SENT,
        sources: &["https://github.com/hpyer/node-easywechat/issues/41"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let path = [b"https://openapi.alipay.com", message.path].concat();
                lines(scheme, &Message { path: &path, ..*message }, items, out);
            };
        }),
    },
    Mistake {
        id: "join-v3-path-without-slash",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the path is signed without its first slash",
            zh: "签名的路径缺少开头的斜杠",
        },
        fix: AS_SENT,
        sources: &["https://github.com/yansongda/pay/issues/1180"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let path = message.path.strip_prefix(b"/").unwrap_or(message.path);
                lines(scheme, &Message { path, ..*message }, items, out);
            };
        }),
    },
    Mistake {
        id: "join-v3-path-question-mark",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "a path without a query is signed with a question mark",
            zh: "没有查询串的路径签名时多出问号",
        },
        fix: AS_SENT,
        sources: &["https://github.com/hpyer/node-easywechat/issues/60"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let has_query = message.path.contains(&b'?');
                let end: &[u8] = if has_query { b"" } else { b"?" };
                let path = [message.path, end].concat();
                lines(scheme, &Message { path: &path, ..*message }, items, out);
            };
        }),
    },
    Mistake {
        id: "join-v3-query-rebuilt",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the query is written anew from the sorted parameters before it is signed",
            zh: "签名前用排序后的参数重新拼出查询串",
        },
        fix: AS_SENT,
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| stages.lines = sorted_query),
    },
    Mistake {
        id: "encode-v3-path-decoded",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "path and query are signed as a framework has decoded them",
            zh: "签名的是框架解码后的路径与查询串",
        },
        fix: AS_SENT,
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let path = form::unescape_text(message.path);
                let path = path.unwrap_or_else(|_| message.path.to_vec());
                lines(scheme, &Message { path: &path, ..*message }, items, out);
            };
        }),
    },
    Mistake {
        id: "join-v3-method-fixed",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "POST is signed whatever the method is",
            zh: "无论方法是什么，签名的都是 POST",
        },
        fix: Text { en: "sign the request's method", zh: "签名请求自己的方法" },
        sources: &["https://github.com/alipay/global-open-sdk-dotnet"],
        twin: Twin::Stages(|stages| {
            stages.lines = |s, m, i, out| lines(s, &Message { method: b"POST", ..*m }, i, out);
        }),
    },
    Mistake {
        id: "join-v3-method-lower-case",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the method is signed in small letters, as an HTTP library is given it",
            zh: "方法以小写签名，与传给 HTTP 库的写法相同",
        },
        fix: Text {
            en: "sign the method as it stands on the wire, in capitals",
            zh: "按传输时的写法（大写）签名方法",
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let method = message.method.to_ascii_lowercase();
                lines(scheme, &Message { method: &method, ..*message }, items, out);
            };
        }),
    },
];

fn before_query<'a>(message: &Message<'a>) -> &'a [u8] {
    message.path.split(|byte| *byte == b'?').next().unwrap_or_default()
}

fn sorted_query(scheme: &Scheme, message: &Message<'_>, items: &[u8], out: &mut Vec<u8>) {
    let path = before_query(message);
    let query = message.path.get(path.len() + 1..).unwrap_or_default();
    let mut parameters: Vec<_> = query.split(|byte| *byte == b'&').collect();
    parameters.sort_unstable();
    let query = parameters.join(&b'&');
    let sorted = if query.is_empty() { path.to_vec() } else { [path, &query].join(&b'?') };
    lines(scheme, &Message { path: &sorted, ..*message }, items, out);
}

/// The lines of a scheme one by one: the body may hold line feeds of its own.
fn cr_lf(scheme: &Scheme, message: &Message<'_>, items: &[u8], out: &mut Vec<u8>) {
    let mut first = true;
    for line in scheme.lines.chunks(1) {
        let one = Scheme { lines: line, final_line_feed: false, ..*scheme };
        let mut text = Vec::new();
        lines(&one, message, items, &mut text);
        let is_left_out = matches!(line, [[Piece::OptionalHeader(_)]]) && text.is_empty();
        if !is_left_out {
            out.extend_from_slice(if first { b"" } else { b"\r\n" });
            out.extend_from_slice(&text);
            first = false;
        }
    }
    if scheme.final_line_feed {
        out.extend_from_slice(b"\r\n");
    }
}

fn dots_as_line_feeds(scheme: &Scheme, message: &Message<'_>, items: &[u8], out: &mut Vec<u8>) {
    let has_dots = scheme.pieces().any(|piece| piece == Piece::Text("."));
    if !has_dots {
        return lines(scheme, message, items, out);
    }
    // Where the dots stand is told by what stands between them.
    let first = Scheme { lines: scheme.lines.get(..1).unwrap_or_default(), ..*scheme };
    lines(&first, message, items, out);
    for piece in scheme.pieces() {
        if let Piece::Header(name) = piece {
            out.push(b'\n');
            out.extend_from_slice(message.header(name).unwrap_or_default());
        }
    }
    out.push(b'\n');
    out.extend_from_slice(message.body);
    out.push(b'\n');
}

fn nonce_first(scheme: &Scheme, message: &Message<'_>, items: &[u8], out: &mut Vec<u8>) {
    const SWAPPED: [(&[u8], &[u8]); 2] =
        [(b"alipay-timestamp", b"alipay-nonce"), (b"wechatpay-timestamp", b"wechatpay-nonce")];
    let headers = with_headers(message, |name, value| {
        let other = SWAPPED.iter().find_map(|(time, nonce)| match name {
            _ if name.eq_ignore_ascii_case(time) => Some(nonce),
            _ if name.eq_ignore_ascii_case(nonce) => Some(time),
            _ => None,
        });
        Some((other.map_or(name, |other| *other).to_vec(), value.to_vec()))
    });
    lines(scheme, &Message { headers: &headers, ..*message }, items, out);
}
