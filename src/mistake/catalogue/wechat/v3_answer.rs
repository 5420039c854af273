//! The headers of an answer or a notification: read, missed, and what is accepted without them.

use serde_json::Value;

use super::super::headers::{changed, with_headers};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::headers::{Message, Scheme, WECHATPAY_V3, lines};
use crate::protocol::wechatpay::window::window;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::{HttpMessage, Input};
use crate::vector::operation::Operation;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

const PROBE: &str = "WECHATPAY/SIGNTEST/";
const NAMES: [&str; 5] = [
    "Wechatpay-Serial",
    "Wechatpay-Signature",
    "Wechatpay-Signature-Type",
    "Wechatpay-Timestamp",
    "Wechatpay-Nonce",
];
const ANSWER: &str = "https://pay.weixin.qq.com/doc/v3/merchant/4013053249 (the rule)";
const ALWAYS: Text = Text {
    en: "verify every answer and every notification, whatever it says of itself",
    zh: "每个应答与通知都要验签，无论其自称如何",
};
const WRONG_LIKE_ANY: Text = Text {
    en: "refuse a wrong signature, with the mark of a probe or without",
    zh: "签名错误即拒绝，无论是否带有探测标记",
};

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "parse-wechat-header-name-exact",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: headers are looked up by the very names of the documents, so one in small letters is not found",
            zh: "微信 v3：按文档中的写法查找头，小写的头找不到",
        },
        fix: Text {
            en: "compare the names of headers without regard to case",
            zh: "比较头名称时不区分大小写",
        },
        sources: &[ANSWER],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |message| {
                message.headers.retain(|(name, _)| {
                    NAMES.contains(&name.as_str())
                        || !NAMES.iter().any(|other| name.eq_ignore_ascii_case(other))
                });
            })
        }),
    },
    Mistake {
        id: "parse-wechat-timestamp-number",
        area: Area::Headers,
        severity: Severity::Info,
        what: Text {
            en: "WeChat v3: the timestamp is read as a number and printed again for the string to sign",
            zh: "微信 v3：时间戳被读成数字，再打印进待签名串",
        },
        fix: Text { en: "sign the header as it stands", zh: "头按原样参与签名" },
        sources: &["https://github.com/wechatpay-apiv3/wechatpay-go"],
        twin: Twin::Verifying(|stages| {
            stages.lines = number_printed;
            stages.window = |time, now| {
                let number = number(time).map(|number| number.to_string().into_bytes());
                window(&number.unwrap_or_else(|| time.to_vec()), now)
            };
        }),
    },
    Mistake {
        id: "endpoint-headers-stripped",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: a proxy takes the Wechatpay headers away",
            zh: "微信 v3：代理去掉了 Wechatpay-* 头",
        },
        fix: Text {
            en: "let the headers through to what verifies", zh: "让这些头到达验签的程序"
        },
        sources: &[
            "https://wechatpay-api.gitbook.io/wechatpay-api-v3/qian-ming-zhi-nan-1/qian-ming-yan-zheng",
            "https://github.com/yansongda/pay/issues/1076",
        ],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |message| {
                message.headers.retain(|(name, _)| !is_wechat_header(name));
            })
        }),
    },
    Mistake {
        id: "parse-body-already-consumed",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the body was read before, and an empty one is verified",
            zh: "报文体已被读取，验签的是空报文体",
        },
        fix: Text {
            en: "keep the bytes of the body for the check", zh: "为验签保留报文体的字节"
        },
        sources: &[
            "https://github.com/go-pay/gopay/issues/454",
            "https://github.com/wechatpay-apiv3/wechatpay-go/issues/119",
        ],
        twin: Twin::Verifying(|stages| {
            stages.lines = |scheme, message, items, out| {
                lines(scheme, &Message { body: b"", ..*message }, items, out);
            };
        }),
    },
    Mistake {
        id: "compare-wechat-signature-type-demanded",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: a message without Wechatpay-Signature-Type is refused",
            zh: "微信 v3：没有 Wechatpay-Signature-Type 就拒绝",
        },
        fix: Text { en: "go by what is configured", zh: "以自己的配置为准" },
        sources: &["https://github.com/minibear2021/wechatpayv3"],
        twin: Twin::Around(|inner, ask| match received(ask) {
            Some(message) if header(message, "Wechatpay-Signature-Type").is_empty() => {
                Answer::reject(Reason::MissingField, "no Wechatpay-Signature-Type")
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "compare-wechat-skipped-without-headers",
        area: Area::Headers,
        severity: Severity::Forgery,
        what: Text {
            en: "WeChat v3: a message without any Wechatpay header is not verified",
            zh: "微信 v3：没有任何 Wechatpay-* 头时跳过验签",
        },
        fix: ALWAYS,
        sources: &["https://github.com/binarywang/WxJava"],
        twin: Twin::Around(|inner, ask| {
            accepted_if(inner, ask, |m| !m.headers.iter().any(|(name, _)| is_wechat_header(name)))
        }),
    },
    Mistake {
        id: "compare-wechat-empty-body-not-verified",
        area: Area::Headers,
        severity: Severity::Forgery,
        what: Text {
            en: "WeChat v3: an answer without a body is not verified",
            zh: "微信 v3：没有报文体的应答不验签",
        },
        fix: ALWAYS,
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| accepted_if(inner, ask, |m| m.body.0.is_empty())),
    },
    Mistake {
        id: "compare-wechat-error-not-verified",
        area: Area::Headers,
        severity: Severity::Forgery,
        what: Text {
            en: "WeChat v3: an answer that tells of an error is not verified",
            zh: "微信 v3：报告错误的应答不验签",
        },
        fix: ALWAYS,
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            accepted_if(inner, ask, |message| {
                let body = serde_json::from_slice::<Value>(&message.body.0).unwrap_or_default();
                body.get("code").is_some_and(Value::is_string)
            })
        }),
    },
    Mistake {
        id: "endpoint-host-header-bypass",
        area: Area::Headers,
        severity: Severity::Forgery,
        what: Text {
            en: "a message that says it came for localhost is not verified",
            zh: "自称发往 localhost 的报文不验签",
        },
        fix: ALWAYS,
        sources: &["CVE-2026-33661 (GHSA-q938-ghwv-8gvc)"],
        twin: Twin::Around(|inner, ask| {
            accepted_if(inner, ask, |message| header(message, "Host") == "localhost")
        }),
    },
    Mistake {
        id: "xml-content-type-selects-scheme",
        area: Area::Headers,
        severity: Severity::Forgery,
        what: Text {
            en: "WeChat v3: a notification that calls itself XML goes another way, on which nothing is verified",
            zh: "微信 v3：自称 XML 的通知走另一分支，不做任何验证",
        },
        fix: ALWAYS,
        sources: &[
            "https://developers.weixin.qq.com/community/pay/article/doc/000266267e8e202a419d317c651813",
        ],
        twin: Twin::Around(|inner, ask| {
            accepted_if(inner, ask, |message| header(message, "Content-Type").contains("xml"))
        }),
    },
    Mistake {
        id: "endpoint-probe-not-rejected",
        area: Area::Headers,
        severity: Severity::Forgery,
        what: Text {
            en: "WeChat v3: a signature with the mark of a probe is accepted",
            zh: "微信 v3：带探测标记的签名被接受",
        },
        fix: WRONG_LIKE_ANY,
        sources: &[
            "https://developers.weixin.qq.com/community/pay/article/doc/0004a879f60928d89340b8b9f64c13",
            "https://github.com/wechatpay-apiv3/wechatpay-php/issues/139",
            "https://github.com/yansongda/pay/issues/945",
            "https://github.com/binarywang/WxJava/pull/3422",
        ],
        twin: Twin::Around(|inner, ask| {
            accepted_if(inner, ask, |m| header(m, "Wechatpay-Signature").starts_with(PROBE))
        }),
    },
    Mistake {
        id: "endpoint-probe-mark-removed",
        area: Area::Headers,
        severity: Severity::Info,
        what: Text {
            en: "WeChat v3: the mark of a probe is taken off, and what is left is verified",
            zh: "微信 v3：去掉探测标记后再验签",
        },
        fix: WRONG_LIKE_ANY,
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |message| {
                for (_, value) in &mut message.headers {
                    if let Some(rest) = value.strip_prefix(PROBE) {
                        *value = rest.to_owned();
                    }
                }
            })
        }),
    },
];

fn is_wechat_header(name: &str) -> bool {
    NAMES.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// The answer or notification of WeChat that is to be verified.
pub(super) fn received(ask: &Ask) -> Option<&HttpMessage> {
    match &ask.input {
        Input::Http(message)
            if ask.protocol == WECHATPAY_V3.id && ask.operation != Operation::SignRequest =>
        {
            Some(message)
        }
        _ => None,
    }
}

/// The value of a header, empty where there is none.
pub(super) fn header<'a>(message: &'a HttpMessage, name: &str) -> &'a str {
    let mut headers = message.headers.iter();
    let found = headers.find(|(other, _)| other.eq_ignore_ascii_case(name));
    found.map_or("", |(_, value)| value)
}

fn accepted_if(
    inner: &dyn Implementation,
    ask: &Ask,
    accepts: impl Fn(&HttpMessage) -> bool,
) -> Answer {
    match received(ask) {
        Some(message) if accepts(message) => Answer::accept(Output::default()),
        _ => inner.perform(ask),
    }
}

fn number(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn number_printed(scheme: &Scheme, message: &Message<'_>, items: &[u8], out: &mut Vec<u8>) {
    let headers = with_headers(message, |name, value| {
        let number = std::str::from_utf8(value).ok().and_then(|text| text.parse::<i64>().ok());
        let is_time = name.eq_ignore_ascii_case(b"Wechatpay-Timestamp");
        let printed = number.filter(|_| is_time).map(|number| number.to_string().into_bytes());
        Some((name.to_vec(), printed.unwrap_or_else(|| value.to_vec())))
    });
    lines(scheme, &Message { headers: &headers, ..*message }, items, out);
}
