//! What is answered to a notification.

use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::output::Decision;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "notify-unhandled-status-refused",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "verified messages that need no work, such as WAIT_BUYER_PAY and TRADE_CLOSED, are answered with failure and repeated",
            zh: "验签通过但无需处理的报文（如 WAIT_BUYER_PAY、TRADE_CLOSED）被回复失败，因而不断重发",
        },
        fix: Text {
            en: "answer success to every verified message that is understood",
            zh: "凡是验签通过且能理解的报文都回复 success",
        },
        sources: &["https://github.com/helei112g/payment/issues/183"],
        twin: Twin::Around(|inner, ask| {
            decided(inner, ask, |decision| match decision.why.as_str() {
                "not_paid" | "closed" => decision.answer_success = false,
                _ => {}
            })
        }),
    },
    Mistake {
        id: "endpoint-duplicate-refused",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "a repeat of a message that was handled is answered with failure, and repeated again",
            zh: "已处理报文的重发被回复失败，于是继续重发",
        },
        fix: Text {
            en: "answer success, and do nothing", zh: "回复 success，不做任何处理"
        },
        sources: &["https://github.com/YunaiV/ruoyi-vue-pro/issues/1152"],
        twin: Twin::Around(|inner, ask| {
            decided(inner, ask, |decision| {
                if decision.why.as_str() == "already_handled" {
                    decision.answer_success = false
                }
            })
        }),
    },
    Mistake {
        id: "notify-late-message-refused",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "a message that comes late is answered with failure, and repeated",
            zh: "迟到的报文被回复失败，因而不断重发",
        },
        fix: Text {
            en: "answer success, and do nothing", zh: "回复 success，不做任何处理"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            decided(inner, ask, |decision| {
                if decision.why.as_str() == "out_of_order" {
                    decision.answer_success = false
                }
            })
        }),
    },
    Mistake {
        id: "notify-unknown-order-acknowledged",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a message about an order that does not exist is answered with success, and never comes again",
            zh: "找不到订单的报文也回复 success，此后不再重发",
        },
        fix: Text {
            en: "answer failure: the order may not be stored yet",
            zh: "回复失败：订单可能尚未入库",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            decided(inner, ask, |decision| {
                if decision.why.as_str() == "order_unknown" {
                    decision.answer_success = true
                }
            })
        }),
    },
    Mistake {
        id: "notify-failed-check-acknowledged",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a message that fails a check is answered with success, and never comes again",
            zh: "检查不通过的报文也回复 success，此后不再重发",
        },
        fix: Text {
            en: "answer failure, and have a person look at it",
            zh: "回复失败，并人工核查",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            decided(inner, ask, |decision| match decision.why.as_str() {
                "order_differs" | "amount_differs" | "seller_differs" | "partner_differs" => {
                    decision.answer_success = true
                }
                _ => {}
            })
        }),
    },
    Mistake {
        id: "notify-unknown-status-acknowledged",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a status that is not known is answered with success, and never comes again",
            zh: "未知状态也回复 success，此后不再重发",
        },
        fix: Text { en: "answer failure until it is known", zh: "在能识别之前回复失败" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            decided(inner, ask, |decision| match decision.why.as_str() {
                "status_unknown" | "status_not_in_product" => decision.answer_success = true,
                _ => {}
            })
        }),
    },
    Mistake {
        id: "notify-always-acknowledged",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "every message is answered with success, whatever came of it",
            zh: "不论结果如何一律回复 success",
        },
        fix: Text {
            en: "answer success when the work is done or none is needed",
            zh: "处理完成或无需处理时才回复 success",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            decided(inner, ask, |decision| decision.answer_success = true)
        }),
    },
    Mistake {
        id: "notify-success-when-acted-alone",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "success is answered only where the order was changed",
            zh: "只有订单发生变化时才回复 success",
        },
        fix: Text {
            en: "answer success when the work is done or none is needed",
            zh: "处理完成或无需处理时都回复 success",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            decided(inner, ask, |decision| decision.answer_success = decision.act)
        }),
    },
];

/// Changes what is decided about a notification.
fn decided(inner: &dyn Implementation, ask: &Ask, change: impl FnOnce(&mut Decision)) -> Answer {
    let mut answer = inner.perform(ask);
    if let Answer::Value(output) = &mut answer
        && let Some(decision) = &mut output.decision
    {
        change(decision);
    }
    answer
}
