//! The string to sign of a request, and the items of its header.

use super::super::headers::changed;
use crate::form;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::headers::{Message, Piece, Scheme, lines};
use crate::vector::operation::Operation;

const FIVE_LINES: Text = Text {
    en: "sign method, path with query, timestamp, nonce_str and body, each with a line feed behind it",
    zh: "依次签名方法、含查询串的路径、timestamp、nonce_str、请求体，每行后都有换行符",
};
const AS_SENT: Text =
    Text { en: "sign the bytes that are sent", zh: "签名实际发送的字节" };
const QUERY_AS_SENT: Text = Text {
    en: "sign path and query as they stand on the wire",
    zh: "按传输原样签名路径与查询串",
};
const REQUEST: &str = "https://pay.weixin.qq.com/doc/v3/merchant/4012365334 (the rule)";

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "join-wechat-v3-items-line",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: the items of the header are the first line, as on Alipay's open platform",
            zh: "微信 v3：像支付宝开放平台那样把请求头中的条目作为第一行",
        },
        fix: FIVE_LINES,
        sources: &[REQUEST],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                if scheme.carrier.any_order {
                    out.extend_from_slice(items);
                    out.push(b'\n');
                }
                lines(scheme, message, items, out);
            };
        }),
    },
    Mistake {
        id: "join-wechat-v3-lines-swapped",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: the nonce is put before the timestamp, as they stand in the header",
            zh: "微信 v3：随机串被放在时间戳之前，与请求头中的顺序相同",
        },
        fix: FIVE_LINES,
        sources: &[REQUEST],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                const LINES: &[&[Piece]] = &[
                    &[Piece::Method],
                    &[Piece::Path],
                    &[Piece::Item("nonce_str")],
                    &[Piece::Item("timestamp")],
                    &[Piece::Body],
                ];
                let is_request = scheme.carrier.any_order;
                let lines_of = if is_request { LINES } else { scheme.lines };
                lines(&Scheme { lines: lines_of, ..*scheme }, message, items, out);
            };
        }),
    },
    Mistake {
        id: "join-wechat-v3-lines-by-position",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: nonce and timestamp are taken from the second and the third item, whatever these are",
            zh: "微信 v3：按位置取第二、第三个条目作为随机串与时间戳",
        },
        fix: Text { en: "look items up by their names", zh: "按名称查找条目" },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let named = if scheme.carrier.any_order { renamed(items) } else { items.to_vec() };
                lines(scheme, message, &named, out);
            };
        }),
    },
    Mistake {
        id: "join-wechat-v3-timestamp-milliseconds",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: the timestamp of a request is in milliseconds",
            zh: "微信 v3：请求的时间戳为毫秒",
        },
        fix: Text { en: "count seconds", zh: "以秒计" },
        sources: &[REQUEST],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |message| {
                let is_sent = ask.operation == Operation::SignRequest;
                let times = message.params.iter_mut().filter(|(name, _)| name == "timestamp");
                let seconds = times.filter(|(_, time)| is_sent && time.len() == 10);
                seconds.for_each(|(_, time)| time.push_str("000"));
            })
        }),
    },
    Mistake {
        id: "join-wechat-v3-line-feed-once",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "no line feed is put behind a body that ends with one",
            zh: "报文体自身以换行结尾时不再追加换行",
        },
        fix: FIVE_LINES,
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let ends = scheme.final_line_feed && !message.body.ends_with(b"\n");
                lines(&Scheme { final_line_feed: ends, ..*scheme }, message, items, out);
            };
        }),
    },
    Mistake {
        id: "join-v3-body-twice",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the body is appended twice, by a helper and by who calls it",
            zh: "报文体被拼接了两次：辅助函数与其调用者各一次",
        },
        fix: Text { en: "append it once", zh: "只拼接一次" },
        sources: &["https://github.com/JeffreySu/WeiXinMPSDK/issues/2484"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                lines(scheme, message, items, out);
                if scheme.final_line_feed {
                    out.extend_from_slice(message.body);
                    out.push(b'\n');
                }
            };
        }),
    },
    Mistake {
        id: "join-wechat-v3-upload-multipart",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: of an upload the whole multipart body is signed",
            zh: "微信 v3：上传文件时签名了整个 multipart 请求体",
        },
        fix: Text {
            en: "sign the JSON of the part meta alone", zh: "只签名 meta 部分的 JSON"
        },
        sources: &["https://pay.weixin.qq.com/doc/v3/merchant/4012365335 (the rule)"],
        twin: Twin::Signing(|stages| {
            stages.lines = |scheme, message, items, out| {
                const HEAD: &[u8] =
                    b"--boundary\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n";
                let is_upload = message.path.ends_with(b"upload");
                let body = [HEAD, message.body, b"\r\n--boundary--\r\n"].concat();
                let body = if is_upload { &body } else { message.body };
                lines(scheme, &Message { body, ..*message }, items, out);
            };
        }),
    },
    Mistake {
        id: "encode-v3-json-slashes-escaped",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the body is signed with its slashes escaped, as PHP writes JSON, and sent without",
            zh: "签名时请求体的斜杠被转义（PHP 写 JSON 的默认方式），发送时却没有",
        },
        fix: AS_SENT,
        sources: &["derived from the rule; what json_encode of PHP does by default"],
        twin: Twin::Signing(|stages| {
            stages.lines = |scheme, message, items, out| {
                let body = String::from_utf8_lossy(message.body).replace('/', "\\/");
                let body =
                    if message.body.contains(&b'/') { body.as_bytes() } else { message.body };
                lines(scheme, &Message { body, ..*message }, items, out);
            };
        }),
    },
    Mistake {
        id: "encode-v3-body-printed-anew",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the body is signed as a JSON library prints it, and sent as it was",
            zh: "签名的是 JSON 库重新序列化的请求体，发送的却是原文",
        },
        fix: AS_SENT,
        sources: &["derived from the rule"],
        twin: Twin::Signing(|stages| {
            stages.lines = super::super::headers::printed_anew;
        }),
    },
    Mistake {
        id: "encode-v3-query-anew",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the query is decoded and encoded again before it is signed, in the same order",
            zh: "签名前查询串被解码并重新编码，顺序不变",
        },
        fix: QUERY_AS_SENT,
        sources: &["https://pay.weixin.qq.com/doc/v3/merchant/4012365337 (the rule)"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let path = query_anew(message.path).unwrap_or_else(|| message.path.to_vec());
                lines(scheme, &Message { path: &path, ..*message }, items, out);
            };
        }),
    },
    Mistake {
        id: "parse-v3-item-second-equals",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: an item is split at every equals sign, so the value ends at its first",
            zh: "微信 v3：按每个等号拆分条目，值在第一个等号处被截断",
        },
        fix: Text {
            en: "split an item at its first equals sign", zh: "只在第一个等号处拆分"
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let cut = if scheme.carrier.any_order { cut(items) } else { items.to_vec() };
                lines(scheme, message, &cut, out);
            };
        }),
    },
    Mistake {
        id: "encode-v3-item-not-checked",
        area: Area::Headers,
        severity: Severity::Info,
        what: Text {
            en: "WeChat v3: an item with a quotation mark or a line feed is signed, and whoever chose it adds items or lines",
            zh: "微信 v3：含引号或换行的条目也被签名，其来源可借此增加条目或行",
        },
        fix: Text {
            en: "refuse what cannot be told from the end of an item or a line",
            zh: "拒绝无法与条目或行的结尾区分的内容",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |message| {
                let is_sent = ask.operation == Operation::SignRequest;
                for (_, value) in message.params.iter_mut().filter(|_| is_sent) {
                    value.retain(|c| !matches!(c, '"' | ',') && !c.is_control());
                }
            })
        }),
    },
];

/// The items as if they stood in the order mchid, nonce_str, timestamp, serial_no.
fn renamed(items: &[u8]) -> Vec<u8> {
    let names: [&[u8]; 4] = [b"mchid", b"nonce_str", b"timestamp", b"serial_no"];
    let values = items.split(|byte| *byte == b',').filter_map(|item| {
        let at = item.iter().position(|byte| *byte == b'=')?;
        item.get(at..)
    });
    let named = names.iter().zip(values).map(|(name, value)| [name, value].concat());
    named.collect::<Vec<_>>().join(&b',')
}

fn cut(items: &[u8]) -> Vec<u8> {
    let items = items.split(|byte| *byte == b',').map(|item| {
        let mut parts = item.splitn(3, |byte| *byte == b'=');
        let (name, value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let quote: &[u8] = if parts.next().is_some() { b"\"" } else { b"" };
        [name, b"=", value, quote].concat()
    });
    items.collect::<Vec<_>>().join(&b',')
}

/// Nothing where there is no query, or its escapes are broken.
fn query_anew(path: &[u8]) -> Option<Vec<u8>> {
    let at = path.iter().position(|byte| *byte == b'?')?;
    let (path, query) = (path.get(..=at)?, path.get(at + 1..)?);
    let anew = |text: &[u8]| form::unescape_text(text).ok().map(|text| form::escape_text(&text));
    let pair = |pair: &[u8]| {
        let mut parts = pair.splitn(2, |byte| *byte == b'=');
        let name = anew(parts.next().unwrap_or_default())?;
        Some(match parts.next() {
            Some(value) => format!("{name}={}", anew(value)?),
            None => name,
        })
    };
    let pairs: Option<Vec<_>> = query.split(|byte| *byte == b'&').map(pair).collect();
    Some([path, pairs?.join("&").as_bytes()].concat())
}
