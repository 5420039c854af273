//! Comparing signatures.

use serde_json::Value;

use super::shared::{message, trimmed, verify_md5};
use crate::mistake::{Area, Mistake, Severity, Text, Twin, remembered};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::Input;
use crate::vector::operation::Operation;
use crate::vector::output::Output;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "compare-loose-equality-magic-hash",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "digests are compared with a loose equality that reads 0e and digits as the number zero",
            zh: "用松散相等比较摘要，0e 开头的数字串都被当作数字零",
        },
        fix: Text {
            en: "compare the digests as strings, in constant time",
            zh: "按字符串、以恒定时间比较摘要",
        },
        sources: &[
            "https://github.com/bambora/checkout-woocommerce/issues/1",
            "https://github.com/ezsystems/ezpublish-legacy/pull/1222",
            "https://github.com/zhangyachen/zhangyachen.github.io/issues/92",
        ],
        twin: Twin::Stages(|stages| {
            stages.verify = |t, k, m, s| verify_md5(remembered::sign, loosely_equal, (t, k, m, s));
        }),
    },
    Mistake {
        id: "compare-as-numbers",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "digests are compared as whole numbers, of which only the leading digits count",
            zh: "摘要被当作整数比较，只有开头的数字起作用",
        },
        fix: Text {
            en: "compare the digests as strings, in constant time",
            zh: "按字符串、以恒定时间比较摘要",
        },
        sources: &["derived from intval of PHP"],
        twin: Twin::Stages(|stages| {
            stages.verify =
                |t, k, m, s| verify_md5(remembered::sign, equal_as_numbers, (t, k, m, s));
        }),
    },
    Mistake {
        id: "compare-case-insensitive",
        area: Area::Compare,
        severity: Severity::Info,
        what: Text {
            en: "MD5 signatures are compared without regard to case",
            zh: "比较 MD5 签名时不区分大小写",
        },
        fix: Text {
            en: "accept the 32 lower-case hex digits that the gateway sends, and nothing else",
            zh: "只接受网关发送的 32 位小写十六进制",
        },
        sources: &["flyerhzm/alipay"],
        twin: Twin::Stages(|stages| {
            stages.verify = |t, k, m, s| {
                verify_md5(remembered::sign, |a, b| a.eq_ignore_ascii_case(b), (t, k, m, s))
            };
        }),
    },
    Mistake {
        id: "compare-trimmed",
        area: Area::Compare,
        severity: Severity::Info,
        what: Text {
            en: "the received signature is trimmed before it is compared",
            zh: "收到的签名先去掉首尾空白再比较",
        },
        fix: Text {
            en: "compare the signature as it was decoded", zh: "按解码后的原值比较签名"
        },
        sources: &["derived from trim of PHP"],
        twin: Twin::Stages(|stages| {
            stages.verify =
                |t, k, m, s| verify_md5(remembered::sign, |a, b| a == trimmed(b), (t, k, m, s));
        }),
    },
    Mistake {
        id: "compare-up-to-nul",
        area: Area::Compare,
        severity: Severity::Info,
        what: Text {
            en: "the comparison of the signature ends at a NUL byte",
            zh: "签名的比较遇到 NUL 字节就结束",
        },
        fix: Text {
            en: "compare the whole signature and its length", zh: "比较整个签名及其长度"
        },
        sources: &["derived from strcmp of C"],
        twin: Twin::Stages(|stages| {
            stages.verify = |t, k, m, s| {
                verify_md5(
                    remembered::sign,
                    |a, b| Some(a) == b.split(|byte| *byte == 0).next(),
                    (t, k, m, s),
                )
            };
        }),
    },
    Mistake {
        id: "compare-received-length",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "only as many characters are compared as were received",
            zh: "只比较收到的那么多个字符",
        },
        fix: Text {
            en: "compare the whole signature and its length", zh: "比较整个签名及其长度"
        },
        sources: &["derived from strncmp of C"],
        twin: Twin::Stages(|stages| {
            stages.verify =
                |t, k, m, s| verify_md5(remembered::sign, |a, b| a.starts_with(b), (t, k, m, s));
        }),
    },
    Mistake {
        id: "compare-expected-length",
        area: Area::Compare,
        severity: Severity::Info,
        what: Text {
            en: "only as many characters are compared as were expected, and what follows them is ignored",
            zh: "只比较预期长度内的字符，后面多出的被忽略",
        },
        fix: Text {
            en: "compare the whole signature and its length", zh: "比较整个签名及其长度"
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.verify =
                |t, k, m, s| verify_md5(remembered::sign, |a, b| b.starts_with(a), (t, k, m, s));
        }),
    },
    Mistake {
        id: "compare-contains",
        area: Area::Compare,
        severity: Severity::Info,
        what: Text {
            en: "the expected signature may stand anywhere in the received one",
            zh: "预期的签名只要出现在收到的签名中即算通过",
        },
        fix: Text { en: "compare for equality", zh: "做相等比较" },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.verify = |t, k, m, s| {
                verify_md5(
                    remembered::sign,
                    |a, b| b.windows(a.len().max(1)).any(|part| part == a),
                    (t, k, m, s),
                )
            };
        }),
    },
    Mistake {
        id: "compare-first-sixteen",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "only the first 16 characters are compared", zh: "只比较前 16 个字符"
        },
        fix: Text {
            en: "compare the whole signature and its length", zh: "比较整个签名及其长度"
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.verify = |t, k, m, s| {
                verify_md5(
                    remembered::sign,
                    |a, b| b.len() == a.len() && a.get(..16) == b.get(..16),
                    (t, k, m, s),
                )
            };
        }),
    },
    Mistake {
        id: "compare-array-sign",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "a sign that arrives as an array, sign[]=…, makes the comparison return nothing, which counts as equal",
            zh: "sign 以数组形式（sign[]=…）到达时比较函数返回空值，被当作相等",
        },
        fix: Text {
            en: "refuse a message without exactly one sign that is text",
            zh: "没有唯一的文本 sign 时拒绝",
        },
        sources: &["derived from strcmp of PHP before version 8"],
        twin: Twin::Around(array_accepted),
    },
    Mistake {
        id: "compare-typed-json-sign",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "the body may be JSON, and a sign that is true or 0 there equals any digest",
            zh: "允许 JSON 请求体，其中 sign 为 true 或 0 时与任何摘要都相等",
        },
        fix: Text {
            en: "read the body as a form, and take only text as a signature",
            zh: "按表单读取请求体，签名只接受文本",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(json_accepted),
    },
    Mistake {
        id: "compare-skip-when-sign-missing",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "the signature is checked only where there is one",
            zh: "只有存在签名时才验签",
        },
        fix: Text {
            en: "refuse a message without a signature", zh: "没有签名的报文一律拒绝"
        },
        sources: &[
            "https://github.com/supersheep/wechat-pay/issues/54",
            "https://github.com/binarywang/WxJava/issues/1890",
        ],
        twin: Twin::Around(|inner, ask| {
            accepted_if(inner, ask, |sign| sign.is_none_or(|sign| sign.is_empty()))
        }),
    },
    Mistake {
        id: "compare-empty-sign-accepted",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "an empty signature is equal to any, since no character of it differs",
            zh: "空签名没有任何不同的字符，被当作相等",
        },
        fix: Text {
            en: "refuse a message whose signature is empty", zh: "签名为空的报文一律拒绝"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            accepted_if(inner, ask, |sign| sign.is_some_and(|sign| sign.is_empty()))
        }),
    },
    Mistake {
        id: "compare-return-not-verified",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "the signature of the buyer's return is not checked, and the return counts as proof of payment",
            zh: "同步返回不验签就当作支付凭证",
        },
        fix: Text {
            en: "verify the return as the notification is verified, and act on the notification alone",
            zh: "同步返回与异步通知一样验签，并以异步通知为准",
        },
        sources: &["https://github.com/grails-plugins/grails-paypal/issues/8"],
        twin: Twin::Around(|inner, ask| not_verified(inner, ask, Operation::VerifyReturn)),
    },
    Mistake {
        id: "compare-notify-not-verified",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "the signature of the notification is not checked",
            zh: "异步通知没有验签",
        },
        fix: Text {
            en: "verify every notification before anything of it is used",
            zh: "使用通知中的任何内容之前先验签",
        },
        sources: &[
            "https://github.com/thenbsp/wechat/issues/29",
            "https://github.com/thenbsp/wechat/issues/47",
            "https://github.com/flitto/wechatpay/issues/9",
            "https://github.com/roncoo/roncoo-pay/issues/41",
            "https://github.com/klover2/wechatpay-node-v3-ts/issues/53",
        ],
        twin: Twin::Around(|inner, ask| not_verified(inner, ask, Operation::VerifyNotify)),
    },
];

/// PHP's `==` on two strings: as numbers where both are numeric.
fn loosely_equal(expected: &[u8], received: &[u8]) -> bool {
    let number = |text: &[u8]| {
        let text = std::str::from_utf8(text).ok()?;
        let numeric = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E'));
        text.parse::<f64>().ok().filter(|number| numeric && number.is_finite())
    };
    expected == received || (number(expected).is_some() && number(expected) == number(received))
}

/// As C and PHP make a whole number of a text: its leading digits, or zero.
fn equal_as_numbers(expected: &[u8], received: &[u8]) -> bool {
    let number = |text: &[u8]| {
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_u64, |number, digit| {
            number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
        })
    };
    number(expected) == number(received)
}

fn accepted_if(
    inner: &dyn Implementation,
    ask: &Ask,
    accepts: fn(Option<&[u8]>) -> bool,
) -> Answer {
    match message(ask) {
        Some(message) if accepts(message.get(b"sign")) => Answer::accept(Output::default()),
        _ => inner.perform(ask),
    }
}

fn array_accepted(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let is_array = message(ask)
        .is_some_and(|message| message.iter().any(|(name, _)| name.starts_with(b"sign[")));
    if is_array { Answer::accept(Output::default()) } else { inner.perform(ask) }
}

fn json_accepted(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if let (Operation::VerifyNotify, Input::Message(body)) = (ask.operation, &ask.input)
        && let Ok(Value::Object(fields)) = serde_json::from_slice(&body.0)
        && matches!(fields.get("sign"), Some(sign) if *sign == true || *sign == 0)
    {
        return Answer::accept(Output::default());
    }
    inner.perform(ask)
}

fn not_verified(inner: &dyn Implementation, ask: &Ask, operation: Operation) -> Answer {
    if ask.operation == operation { Answer::accept(Output::default()) } else { inner.perform(ask) }
}
