//! The body, which is signed byte for byte.

use serde_json::Value;

use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::headers::{Message, Scheme, lines};

const AS_IT_CAME: Text = Text {
    en: "verify the bytes of the body as they came, before anything reads them",
    zh: "在解析之前，按收到的字节原样验签",
};

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "join-v3-get-body-not-empty",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "a request without a body is signed with a written form of nothing, such as {}",
            zh: "没有请求体时，签名中写入了空对象的文本（如 {}）",
        },
        fix: Text {
            en: "leave the line of an empty body empty", zh: "请求体为空时该行留空"
        },
        sources: &["https://github.com/klover2/wechatpay-node-v3-ts/pull/37"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let body = if message.body.is_empty() { b"{}" } else { message.body };
                lines(scheme, &Message { body, ..*message }, items, out);
            };
        }),
    },
    Mistake {
        id: "join-v3-empty-object-as-empty",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "a body of two braces is signed as an empty one",
            zh: "请求体为一对花括号时按空请求体签名",
        },
        fix: Text { en: "sign the body that is sent", zh: "签名实际发送的请求体" },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let body = if message.body == b"{}" { b"" } else { message.body };
                lines(scheme, &Message { body, ..*message }, items, out);
            };
        }),
    },
    Mistake {
        id: "parse-body-reserialised",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "a body is read and printed anew before it is verified",
            zh: "报文体被解析并重新序列化后才验签",
        },
        fix: AS_IT_CAME,
        sources: &[
            "https://github.com/wechatpay-apiv3/wechatpay-apache-httpclient/issues/158",
            "https://github.com/wechatpay-apiv3/wechatpay-go/issues/119",
            "https://github.com/wechatpay-apiv3/wechatpay-go/issues/141",
            "https://github.com/wechatpay-apiv3/wechatpay-go/issues/222",
            "https://github.com/go-pay/gopay/issues/260",
            "https://developers.weixin.qq.com/community/pay/article/doc/0004a879f60928d89340b8b9f64c13",
        ],
        twin: Twin::Verifying(|stages| stages.lines = printed_anew),
    },
    Mistake {
        id: "parse-body-trimmed",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "blanks at both ends of a body are taken away before it is signed or verified",
            zh: "签名或验签前去掉了报文体首尾的空白",
        },
        fix: AS_IT_CAME,
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |s, m, i, out| {
                lines(s, &Message { body: m.body.trim_ascii(), ..*m }, i, out);
            };
        }),
    },
    Mistake {
        id: "parse-body-line-ends",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "CR LF in a body becomes LF on the way to the check",
            zh: "报文体中的 CR LF 在验签前变成了 LF",
        },
        fix: AS_IT_CAME,
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let body: Vec<_> = message.body.iter().copied().filter(|b| *b != b'\r').collect();
                lines(scheme, &Message { body: &body, ..*message }, items, out);
            };
        }),
    },
    Mistake {
        id: "charset-body-mark-lost",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the byte order mark at the beginning of a body is lost when it is read as text",
            zh: "报文体按文本读取时丢失了开头的字节序标记",
        },
        fix: AS_IT_CAME,
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let body = message.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(message.body);
                lines(scheme, &Message { body, ..*message }, items, out);
            };
        }),
    },
    Mistake {
        id: "charset-body-as-text",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "a body is decoded as UTF-8 and encoded again, so that other bytes turn into U+FFFD",
            zh: "报文体按 UTF-8 解码再编码，其他字节变成 U+FFFD",
        },
        fix: AS_IT_CAME,
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let body = String::from_utf8_lossy(message.body);
                lines(scheme, &Message { body: body.as_bytes(), ..*message }, items, out);
            };
        }),
    },
];

pub(in super::super) fn printed_anew(
    scheme: &Scheme,
    message: &Message<'_>,
    items: &[u8],
    out: &mut Vec<u8>,
) {
    let read = serde_json::from_slice::<Value>(message.body);
    let body = read.map_or_else(|_| message.body.to_vec(), |value| value.to_string().into_bytes());
    lines(scheme, &Message { body: &body, ..*message }, items, out);
}
