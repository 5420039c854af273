//! Asking the gateway whether it sent a message.

use super::shared::{field, message, trimmed};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::mapi::notify_id::Cause;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::{Input, Transport};
use crate::vector::operation::Operation;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "gateway-check-plain-http",
        area: Area::GatewayCheck,
        severity: Severity::Forgery,
        what: Text {
            en: "the gateway is asked over plain http, where its answer can be forged on the way",
            zh: "通过明文 http 询问网关，其应答可能在途中被伪造",
        },
        fix: Text {
            en: "ask over https, at the official host alone",
            zh: "使用 https，且只询问官方主机",
        },
        sources: &["https://github.com/lodengo/alipay/issues/13"],
        twin: Twin::Around(|inner, ask| {
            asked(inner, ask, |_, transport| *transport = Transport::Http, |url| url)
        }),
    },
    Mistake {
        id: "gateway-check-double-encoding",
        area: Area::GatewayCheck,
        severity: Severity::Interop,
        what: Text {
            en: "notify_id is encoded twice in the address",
            zh: "地址中的 notify_id 被编码两次",
        },
        fix: Text { en: "encode it once", zh: "只编码一次" },
        sources: &[
            "https://github.com/fengli/alipay_python/issues/10",
            "https://github.com/fengli/alipay_python/pull/11",
        ],
        twin: Twin::Around(|inner, ask| {
            asked(inner, ask, |notify_id, _| *notify_id = encoded(notify_id), |url| url)
        }),
    },
    Mistake {
        id: "gateway-check-service-missing",
        area: Area::GatewayCheck,
        severity: Severity::Interop,
        what: Text {
            en: "the address over https names no service",
            zh: "https 地址中没有 service 参数",
        },
        fix: Text {
            en: "send service=notify_verify over https",
            zh: "https 方式要带 service=notify_verify",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            asked(inner, ask, |_, _| (), |url| url.replace("service=notify_verify&", ""))
        }),
    },
    Mistake {
        id: "gateway-check-service-over-http",
        area: Area::GatewayCheck,
        severity: Severity::Interop,
        what: Text {
            en: "the old address over http is given a service, which it does not have",
            zh: "旧的 http 地址带上了它没有的 service 参数",
        },
        fix: Text {
            en: "send partner and notify_id alone to the old address",
            zh: "旧地址只带 partner 与 notify_id",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            asked(
                inner,
                ask,
                |_, _| (),
                |url| url.replace("notify_query.do?", "notify_query.do?service=notify_verify&"),
            )
        }),
    },
    Mistake {
        id: "gateway-check-only",
        area: Area::GatewayCheck,
        severity: Severity::Forgery,
        what: Text {
            en: "a notify_id that the gateway confirms replaces the signature, so every other field can be changed",
            zh: "只要 notify_id 通过网关验证就不再验签，其他字段可被任意篡改",
        },
        fix: Text { en: "verify the signature as well", zh: "同时也要验签" },
        sources: &[
            "https://github.com/liuyug/django-alipay/issues/7",
            "https://www.baseec.com/cms/d_5bd45a60beb64c3b7af7e543",
        ],
        twin: Twin::Around(only_notify_id),
    },
    Mistake {
        id: "gateway-check-contains",
        area: Area::GatewayCheck,
        severity: Severity::Info,
        what: Text {
            en: "an answer that contains true anywhere confirms the message",
            zh: "应答中任何位置出现 true 就算通过",
        },
        fix: Text {
            en: "accept exactly the four bytes true", zh: "只接受恰好四个字节的 true"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            answered(inner, ask, |answer| answer.windows(4).any(|part| part == b"true"))
        }),
    },
    Mistake {
        id: "gateway-check-begins-with",
        area: Area::GatewayCheck,
        severity: Severity::Info,
        what: Text {
            en: "an answer that begins with true confirms the message",
            zh: "应答以 true 开头就算通过",
        },
        fix: Text {
            en: "accept exactly the four bytes true", zh: "只接受恰好四个字节的 true"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| answered(inner, ask, |answer| answer.starts_with(b"true"))),
    },
    Mistake {
        id: "gateway-check-trimmed",
        area: Area::GatewayCheck,
        severity: Severity::Info,
        what: Text {
            en: "the answer is trimmed, of NUL too, before it is compared",
            zh: "应答先去掉首尾空白（含 NUL）再比较",
        },
        fix: Text {
            en: "accept exactly the four bytes true", zh: "只接受恰好四个字节的 true"
        },
        sources: &["derived from trim of PHP"],
        twin: Twin::Around(|inner, ask| answered(inner, ask, |answer| trimmed(answer) == b"true")),
    },
    Mistake {
        id: "gateway-check-not-false",
        area: Area::GatewayCheck,
        severity: Severity::Forgery,
        what: Text {
            en: "every answer but false confirms the message, invalid and an error page too",
            zh: "除 false 之外的任何应答都算通过，包括 invalid 和错误页",
        },
        fix: Text {
            en: "accept exactly the four bytes true", zh: "只接受恰好四个字节的 true"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| answered(inner, ask, |answer| answer != b"false")),
    },
    Mistake {
        id: "gateway-check-any-text",
        area: Area::GatewayCheck,
        severity: Severity::Forgery,
        what: Text {
            en: "any answer that is not empty confirms the message, the text false too",
            zh: "任何非空应答都算通过，包括文本 false",
        },
        fix: Text {
            en: "accept exactly the four bytes true", zh: "只接受恰好四个字节的 true"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| answered(inner, ask, |answer| !answer.is_empty())),
    },
    Mistake {
        id: "gateway-check-network-failure",
        area: Area::GatewayCheck,
        severity: Severity::Forgery,
        what: Text {
            en: "no answer, after a failed connection, confirms the message",
            zh: "连接失败、没有应答时也算通过",
        },
        fix: Text {
            en: "refuse the message without success, so that it is repeated",
            zh: "不回复 success 并拒绝该报文，等待其重发",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            answered(inner, ask, |answer| answer.is_empty() || answer == b"true")
        }),
    },
    Mistake {
        id: "gateway-check-causes-swapped",
        area: Area::GatewayCheck,
        severity: Severity::Interop,
        what: Text {
            en: "the causes of a signature that differs are swapped: invalid is put down to parameters, and true to the key",
            zh: "签名不一致时的两种原因弄反：invalid 归因于参数，true 归因于密钥",
        },
        fix: Text {
            en: "invalid means partner or key; true means parameters or charset",
            zh: "invalid 表示 partner 或密钥有误；true 表示参数或字符集有误",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            diagnosed(inner, ask, |matches, answer| match (matches, answer) {
                (false, "invalid") => Some(Cause::ParametersOrCharset),
                (false, "true") => Some(Cause::PartnerOrKey),
                _ => None,
            })
        }),
    },
    Mistake {
        id: "gateway-check-signature-decides",
        area: Area::GatewayCheck,
        severity: Severity::Info,
        what: Text {
            en: "a signature that matches is taken for a genuine message, whatever the gateway answers",
            zh: "只要签名一致就认定报文真实，不管网关如何应答",
        },
        fix: Text { en: "take both verdicts together", zh: "两项结果要一起看" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            diagnosed(inner, ask, |matches, _| matches.then_some(Cause::Genuine))
        }),
    },
    Mistake {
        id: "gateway-check-answer-decides",
        area: Area::GatewayCheck,
        severity: Severity::Forgery,
        what: Text {
            en: "an answer of true is taken for a genuine message, whatever the signature",
            zh: "只要应答为 true 就认定报文真实，不管签名如何",
        },
        fix: Text { en: "take both verdicts together", zh: "两项结果要一起看" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            diagnosed(inner, ask, |_, answer| (answer == "true").then_some(Cause::Genuine))
        }),
    },
    Mistake {
        id: "gateway-check-all-else-is-network",
        area: Area::GatewayCheck,
        severity: Severity::Interop,
        what: Text {
            en: "every answer that is in no row of the table is put down to the network",
            zh: "表中没有的应答一律归因于网络",
        },
        fix: Text {
            en: "say that the two verdicts contradict each other",
            zh: "应指出两项结果相互矛盾",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            diagnosed(inner, ask, |_, answer| {
                (answer.is_empty() || !matches!(answer, "true" | "false" | "invalid"))
                    .then_some(Cause::NetworkOrLate)
            })
        }),
    },
];

/// Asks for the address of the check with other values, and changes what comes.
fn asked(
    inner: &dyn Implementation,
    ask: &Ask,
    before: impl FnOnce(&mut String, &mut Transport),
    after: impl FnOnce(String) -> String,
) -> Answer {
    let mut ask = ask.clone();
    let Input::NotifyId { notify_id, transport, .. } = &mut ask.input else {
        return inner.perform(&ask);
    };
    before(notify_id, transport);
    let mut answer = inner.perform(&ask);
    if let Answer::Value(output) = &mut answer {
        output.wire = output.wire.take().map(after);
    }
    answer
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Judges the answer to the check.
fn answered(inner: &dyn Implementation, ask: &Ask, confirms: fn(&[u8]) -> bool) -> Answer {
    match &ask.input {
        Input::Answer(answer) if ask.operation == Operation::NotifyIdAnswer => {
            if confirms(&answer.0) {
                Answer::accept(Output::default())
            } else {
                Answer::reject(Reason::Other, "the gateway does not confirm it")
            }
        }
        _ => inner.perform(ask),
    }
}

/// Names another cause for some verdicts.
fn diagnosed(
    inner: &dyn Implementation,
    ask: &Ask,
    cause: fn(bool, &str) -> Option<Cause>,
) -> Answer {
    let mut answer = inner.perform(ask);
    if let (Input::Verdicts { signature_matches, answer: text }, Answer::Value(output)) =
        (&ask.input, &mut answer)
        && let Some(cause) = cause(*signature_matches, text)
    {
        output.cause = Some(cause.as_str().into());
    }
    answer
}

fn only_notify_id(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let notify_id = message(ask).and_then(|message| field(&message, "notify_id"));
    if notify_id.is_some_and(|id| !id.is_empty()) {
        return Answer::accept(Output::default());
    }
    inner.perform(ask)
}
