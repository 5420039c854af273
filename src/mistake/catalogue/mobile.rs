//! The mobile product: quoted order strings and results.

use super::altered::{percent_decoded, url_encoded};
use super::mobile_read::{of_any_status, pairs_loosely, with_signature, with_string};
use super::mobile_write::{bare, order, quote_in_value, quoted, sign_not_escaped, sorted};
use crate::canonical;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;
use crate::protocol::mobile::{self, Steps};
use crate::protocol::pipeline::Stages;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::suite::reference::Reference;
use crate::suite::reference::mobile::{is_own, verify_by};
use crate::vector::case::Ask;
use crate::vector::input::Input;
use crate::vector::operation::Operation;
use crate::vector::output::Output;

const DEMO: &str = "public copies on GitHub of the official mobile demo for Android";
const ORDER: Text = Text {
    en: "write name=\"value\" joined by &, and sign and send that very text",
    zh: "按 name=\"value\" 用 & 连接，签名和发送的必须是同一段文本",
};
const RESULT: Text = Text {
    en: "verify everything before &sign_type= as it stands",
    zh: "对 &sign_type= 之前的全部文本原样验签",
};
const ALL_THREE: Text = Text {
    en: "take a result for a payment only with status 9000, a valid signature and success=\"true\"",
    zh: "只有状态为 9000、签名有效且 success=\"true\"，才能视为支付成功",
};

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "sort-mobile-order-string-resent-unsorted",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text {
            en: "a sorted copy of the order is signed, and the unsorted original is sent",
            zh: "对排序后的订单副本签名，发送的却是未排序的原文",
        },
        fix: ORDER,
        sources: &["https://github.com/helei112g/payment/issues/7"],
        twin: Twin::Around(|inner, ask| {
            order(inner, ask, |params| (quoted(&sorted(params)), quoted(params)))
        }),
    },
    Mistake {
        id: "join-mobile-values-not-quoted",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the order's values stand without double quotes, as on the legacy gateway",
            zh: "订单中的值没有用双引号括起，与旧网关一样",
        },
        fix: ORDER,
        sources: &["https://github.com/chloerei/alipay/pull/49"],
        twin: Twin::Around(|inner, ask| order(inner, ask, |params| (bare(params), bare(params)))),
    },
    Mistake {
        id: "join-mobile-quote-in-value",
        area: Area::Join,
        severity: Severity::Loss,
        what: Text {
            en: "a double quote in a value is written as it is, and ends the value",
            zh: "值中的双引号原样写出，提前结束了该值",
        },
        fix: Text {
            en: "refuse a double quote in a value: the form has no escape for it",
            zh: "拒绝含双引号的值：这种格式无法转义双引号",
        },
        sources: &["https://github.com/chloerei/alipay (lib/alipay/mobile/sign.rb)"],
        twin: Twin::Around(quote_in_value),
    },
    Mistake {
        id: "encode-mobile-values-escaped",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the order's values are URL-encoded between their quotes",
            zh: "订单中引号内的值做了 URL 编码",
        },
        fix: ORDER,
        sources: &["derived from the rule for addresses, where values are URL-encoded"],
        twin: Twin::Around(|inner, ask| {
            let escaped = |params: &Params| -> Params {
                params.iter().map(|(name, value)| (name, url_encoded(value))).collect()
            };
            order(inner, ask, |params| (quoted(&escaped(params)), quoted(&escaped(params))))
        }),
    },
    Mistake {
        id: "encode-mobile-sign-not-escaped",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the order's signature is not URL-encoded between its quotes",
            zh: "订单中引号内的签名没有做 URL 编码",
        },
        fix: Text {
            en: "URL-encode the base64 in an order string, and only there",
            zh: "订单串中的 base64 要做 URL 编码，且只在这里做",
        },
        sources: &["https://docs.antom.com/ac/mapi/orderStr"],
        twin: Twin::Around(sign_not_escaped),
    },
    Mistake {
        id: "sort-mobile-result-sorted",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text {
            en: "the result's pairs are sorted before they are verified",
            zh: "验签之前先把结果中的参数排序",
        },
        fix: RESULT,
        sources: &["derived from the rule for notifications, which are sorted"],
        twin: Twin::Around(|inner, ask| {
            let read =
                |text: &_, stages: &_| with_string(text, stages, |pairs| quoted(&sorted(pairs)));
            result(inner, ask, Steps { read, ..mobile::REFERENCE })
        }),
    },
    Mistake {
        id: "parse-mobile-quotes-stripped",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "the result's quotes are stripped before it is verified",
            zh: "验签之前去掉了结果中的引号",
        },
        fix: RESULT,
        sources: &[
            "public copies on GitHub of results without their quotes, whose signatures are of the quoted text",
        ],
        twin: Twin::Around(|inner, ask| {
            let read = |text: &_, stages: &_| with_string(text, stages, bare);
            result(inner, ask, Steps { read, ..mobile::REFERENCE })
        }),
    },
    Mistake {
        id: "encode-mobile-values-decoded",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "escapes within the result's quotes are undone before it is verified",
            zh: "验签之前解开了结果引号内的转义",
        },
        fix: RESULT,
        sources: &["real messages, public copies on GitHub, whose escapes are signed as they are"],
        twin: Twin::Around(|inner, ask| {
            let read = |text: &_, stages: &_| {
                with_string(text, stages, |pairs| percent_decoded(&quoted(pairs), b'+'))
            };
            result(inner, ask, Steps { read, ..mobile::REFERENCE })
        }),
    },
    Mistake {
        id: "encode-mobile-sign-decoded-again",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the result's signature is URL-decoded, which makes a space of its +",
            zh: "对结果中的签名做了 URL 解码，其中的 + 变成了空格",
        },
        fix: Text {
            en: "take the base64 of a result as it stands",
            zh: "结果中的 base64 按原样使用",
        },
        sources: &["derived from the order string, where it is URL-encoded"],
        twin: Twin::Around(|inner, ask| {
            let read = |text: &_, stages: &_| {
                with_signature(text, stages, |sign| percent_decoded(sign, b' '))
            };
            result(inner, ask, Steps { read, ..mobile::REFERENCE })
        }),
    },
    Mistake {
        id: "encode-mobile-space-in-sign-becomes-plus",
        area: Area::Encode,
        severity: Severity::Info,
        what: Text {
            en: "spaces in the result's signature are taken for +",
            zh: "把结果签名中的空格当作 +",
        },
        fix: Text {
            en: "hand the result on without decoding it, so that its + stays",
            zh: "原样转交结果，不要解码，这样 + 才不会丢失",
        },
        sources: &["public copies on GitHub of a merchant's handler"],
        twin: Twin::Around(|inner, ask| {
            let read = |text: &_, stages: &_| {
                let plus = |byte: &u8| if *byte == b' ' { b'+' } else { *byte };
                with_signature(text, stages, |sign| sign.iter().map(plus).collect())
            };
            result(inner, ask, Steps { read, ..mobile::REFERENCE })
        }),
    },
    Mistake {
        id: "parse-mobile-split-at-equals",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "pairs are split at every =, which cuts the padding off the base64",
            zh: "按每个 = 切分参数，base64 末尾的填充被切掉",
        },
        fix: Text { en: "split a pair at its first = alone", zh: "只在第一个 = 处切分" },
        sources: &["public copies on GitHub of a merchant's handler"],
        twin: Twin::Around(|inner, ask| {
            let read = |text: &_, stages: &_| {
                let until =
                    |sign: &[u8]| sign.split(|byte| *byte == b'=').next().map(<[u8]>::to_vec);
                with_signature(text, stages, |sign| until(sign).unwrap_or_default())
            };
            result(inner, ask, Steps { read, ..mobile::REFERENCE })
        }),
    },
    Mistake {
        id: "parse-mobile-unsigned-pairs",
        area: Area::Parse,
        severity: Severity::Forgery,
        what: Text {
            en: "pairs behind the signed text are read too, and the later of two wins",
            zh: "已签名文本之后的参数也被读取，同名时后者生效",
        },
        fix: Text {
            en: "read nothing but sign_type and sign behind the signed text, and refuse a name that stands twice",
            zh: "已签名文本之后只读 sign_type 和 sign，同名参数一律拒绝",
        },
        sources: &[DEMO],
        twin: Twin::Around(|inner, ask| {
            result(inner, ask, Steps { read: pairs_loosely, ..mobile::REFERENCE })
        }),
    },
    Mistake {
        id: "compare-mobile-other-sign-type-accepted",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "a result with another sign_type than RSA is accepted without verifying it",
            zh: "sign_type 不是 RSA 的结果未经验签就被接受",
        },
        fix: Text {
            en: "take the sign type from configuration, and refuse a result that names another",
            zh: "签名类型取自配置，写着其他类型的结果一律拒绝",
        },
        sources: &[DEMO],
        twin: Twin::Around(other_sign_type),
    },
    Mistake {
        id: "notify-mobile-status-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "resultStatus is not looked at where the result is signed",
            zh: "只要结果有签名，就不看 resultStatus",
        },
        fix: ALL_THREE,
        sources: &[DEMO],
        twin: Twin::Around(|inner, ask| {
            result(inner, ask, Steps { open: of_any_status, ..mobile::REFERENCE })
        }),
    },
    Mistake {
        id: "notify-mobile-success-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "success is not looked at where the result is signed",
            zh: "只要结果有签名，就不看 success",
        },
        fix: ALL_THREE,
        sources: &["derived from libraries that verify a result and leave success to the caller"],
        twin: Twin::Around(|inner, ask| {
            result(inner, ask, Steps { judge: |_| Ok(()), ..mobile::REFERENCE })
        }),
    },
    Mistake {
        id: "notify-mobile-status-trusted",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "resultStatus 9000 is taken for a payment, and the result is not verified",
            zh: "resultStatus 为 9000 即视为已付款，不验证结果的签名",
        },
        fix: ALL_THREE,
        sources: &[DEMO],
        twin: Twin::Around(|inner, ask| match answer_of(ask) {
            Some(answer) if answer.starts_with(b"resultStatus={9000}") => {
                Answer::accept(Output::default())
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "join-mobile-notify-data-bare",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the first generation's notification is verified over the XML without notify_data= in front",
            zh: "验证第一代通知时，XML 前面漏了 notify_data=",
        },
        fix: Text {
            en: "verify notify_data= followed by the text decoded once",
            zh: "对 notify_data= 加上解码一次后的文本验签",
        },
        sources: &["derived from the one name in the string, which is easily overlooked"],
        twin: Twin::Around(notify_data_bare),
    },
];

/// The wallet's answer, where one of this product is to be verified.
fn answer_of(ask: &Ask) -> Option<&[u8]> {
    match &ask.input {
        Input::Message(answer) if is_own(ask) && ask.operation == Operation::VerifyReturn => {
            Some(&answer.0)
        }
        _ => None,
    }
}

/// Verifies by other steps.
fn result(inner: &dyn Implementation, ask: &Ask, steps: Steps) -> Answer {
    match answer_of(ask) {
        Some(answer) => verify_by(&steps, &Reference::default(), ask, answer),
        None => inner.perform(ask),
    }
}

fn other_sign_type(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let named = |answer| {
        let signed = mobile::read(mobile::open(answer).ok()?, &Stages::default()).ok()?;
        let named = signed.params.get(b"sign_type").map(<[u8]>::to_vec)?;
        mobile::judge(&signed).ok().map(|()| named)
    };
    match answer_of(ask).and_then(named) {
        Some(named) if named != b"RSA" => Answer::accept(Output::default()),
        _ => inner.perform(ask),
    }
}

fn notify_data_bare(inner: &dyn Implementation, ask: &Ask) -> Answer {
    use crate::suite::reference::verify_opened;
    match &ask.input {
        Input::Message(body) if is_own(ask) && ask.operation == Operation::VerifyNotify => {
            let join = |params: &Params, selection: &canonical::Selection, string: &mut Vec<u8>| {
                *string = selection.pairs(params).flat_map(|pair| pair.value().to_vec()).collect();
            };
            let pipeline = mobile::notify_pipeline(Stages { join, ..Stages::default() });
            verify_opened(ask, &body.0, &pipeline, |_| Ok(()))
        }
        _ => inner.perform(ask),
    }
}
