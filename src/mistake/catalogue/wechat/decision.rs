//! What a notification means for the order: its codes, its state, and whose it is.

use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::notification::{About, CHECKS, Facts, Order, TradeStatus, Why};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::output::Decision;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "compare-fail-only-test",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "only the word FAIL is refused in return_code and result_code, so that a missing or unknown code passes",
            zh: "return_code、result_code 只排除 FAIL，缺失或未知的取值也被放行",
        },
        fix: Text { en: "require SUCCESS", zh: "要求等于 SUCCESS" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.kind = |facts, order| (CHECKS.kind)(&all_but_fail(facts), order);
            checks.status = |facts, order| (CHECKS.status)(&all_but_fail(facts), order);
            checks.progress = |facts, order| (CHECKS.progress)(&all_but_fail(facts), order);
        }),
    },
    Mistake {
        id: "notify-return-code-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text { en: "return_code is not looked at", zh: "没有检查 return_code" },
        fix: Text { en: "require SUCCESS before anything else", zh: "首先要求 SUCCESS" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.kind =
                |facts, order| (CHECKS.kind)(&Facts { return_code: None, ..*facts }, order);
        }),
    },
    Mistake {
        id: "notify-call-failure-acknowledged",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a message whose call failed is answered with success",
            zh: "通信失败的报文也应答成功",
        },
        fix: Text { en: "answer failure", zh: "应答失败" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            decided(inner, ask, |decision| {
                if decision.why == "call_failed" {
                    decision.answer_success = true;
                }
            })
        }),
    },
    Mistake {
        id: "notify-only-return-code",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "return_code is taken for the result of the payment",
            zh: "把 return_code 当作支付结果",
        },
        fix: Text {
            en: "require SUCCESS of result_code as well",
            zh: "还要求 result_code 为 SUCCESS",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.status = |facts, order| (CHECKS.status)(&succeeded(facts), order);
            checks.progress = |facts, order| (CHECKS.progress)(&succeeded(facts), order);
        }),
    },
    Mistake {
        id: "notify-result-after-order",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "the result is looked at after the order was compared",
            zh: "先比较订单，后判断支付结果",
        },
        fix: Text {
            en: "judge return_code, result_code and trade_state first",
            zh: "先判断 return_code、result_code、trade_state",
        },
        sources: &["https://pay.weixin.qq.com/doc/v2/merchant/4011937248"],
        twin: Twin::Checks(|checks| {
            checks.status = |facts, order| match order.product.is_wechat() {
                true => None,
                false => (CHECKS.status)(facts, order),
            };
            checks.amount = |facts, order| {
                let failed = (CHECKS.amount)(facts, order);
                failed
                    .or_else(|| (CHECKS.status)(facts, order).filter(|_| order.product.is_wechat()))
            };
        }),
    },
    Mistake {
        id: "notify-trade-state-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "trade_state is not looked at: a query that succeeds is taken for a payment",
            zh: "没有检查 trade_state，查询成功就当作已支付",
        },
        fix: Text {
            en: "require SUCCESS of trade_state as well",
            zh: "还要求 trade_state 为 SUCCESS",
        },
        sources: &["official PHP SDK 3.0 (example/notify.php)"],
        twin: Twin::Checks(|checks| {
            checks.status = |facts, order| (CHECKS.status)(&paid(facts, order), order);
            checks.progress = |facts, order| (CHECKS.progress)(&paid(facts, order), order);
        }),
    },
    Mistake {
        id: "notify-refund-state-paid",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "the state REFUND is taken for a payment",
            zh: "把 REFUND 状态当作已支付",
        },
        fix: Text {
            en: "it follows a payment: deliver nothing", zh: "它在支付之后出现，不应发货"
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match (CHECKS.progress)(facts, order) {
                Why::Advanced if facts.trade_status == Some("REFUND") => Why::Paid,
                why => why,
            };
        }),
    },
    Mistake {
        id: "notify-status-of-the-other-family",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "a state of Alipay is understood on WeChat Pay",
            zh: "在微信支付里也认支付宝的状态",
        },
        fix: Text { en: "know the states of each family alone", zh: "各自只认自己的状态" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.status = |facts, order| (CHECKS.status)(&of_alipay(facts, order), order);
            checks.progress = |facts, order| (CHECKS.progress)(&of_alipay(facts, order), order);
        }),
    },
    Mistake {
        id: "notify-merchant-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "mch_id, or mchid, is not compared with the order",
            zh: "没有比较 mch_id（mchid）",
        },
        fix: Text { en: "compare it", zh: "应当比较" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.seller =
                |facts, order| (CHECKS.seller)(facts, &Order { mch_id: None, ..order.clone() });
        }),
    },
    Mistake {
        id: "notify-merchant-only-if-present",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "mch_id is compared only where the message has one",
            zh: "只有报文带 mch_id 时才比较",
        },
        fix: Text { en: "require it", zh: "要求必须有" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.seller = |facts, order| {
                let mch_id = order.mch_id.clone().filter(|_| facts.mch_id.is_some());
                (CHECKS.seller)(facts, &Order { mch_id, ..order.clone() })
            };
        }),
    },
    Mistake {
        id: "notify-merchant-required",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "a message is refused where the order does not state the merchant",
            zh: "订单没有记录商户号就拒绝报文",
        },
        fix: Text {
            en: "compare what the order states", zh: "订单记录了什么就比较什么"
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.seller = |facts, order| match order.product.is_wechat() && order.mch_id.is_none()
            {
                true => Some(Why::MerchantDiffers),
                false => (CHECKS.seller)(facts, order),
            };
        }),
    },
    Mistake {
        id: "notify-parties-after-order",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "the order number is compared before application and merchant, so the wrong one of two differences is reported",
            zh: "先比较订单号后比较 appid，两者都不一致时报告了错误的原因",
        },
        fix: Text { en: "compare appid and mch_id first", zh: "先比较 appid 和 mch_id" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.partner = |facts, order| match order.product.is_wechat() {
                true => (CHECKS.order)(facts, order),
                false => (CHECKS.partner)(facts, order),
            };
            checks.order = |facts, order| match order.product.is_wechat() {
                true => (CHECKS.partner)(facts, order),
                false => (CHECKS.order)(facts, order),
            };
        }),
    },
    Mistake {
        id: "notify-success-only-when-new",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a payment is acted upon only where nothing at all was handled before, so that one that was first asked for unpaid is lost",
            zh: "只有从未处理过才入账，先前查询到未支付的订单就漏掉了",
        },
        fix: Text {
            en: "an unpaid state before it changes nothing",
            zh: "先前的未支付状态不影响入账",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match (CHECKS.progress)(facts, order) {
                Why::Paid if order.trade_status.is_some_and(TradeStatus::is_wechat) => {
                    Why::AlreadyHandled
                }
                why => why,
            };
        }),
    },
];

/// Every code but `FAIL` counts as success.
fn all_but_fail<'a>(facts: &Facts<'a>) -> Facts<'a> {
    let code =
        |code: Option<&'a str>| code.map(|code| if code == "FAIL" { code } else { "SUCCESS" });
    let result_code = code(facts.result_code);
    let trade_status = facts.trade_status.or(result_code.filter(|code| *code == "SUCCESS"));
    Facts { return_code: code(facts.return_code), result_code, trade_status, ..*facts }
}

/// The result counts as success.
fn succeeded<'a>(facts: &Facts<'a>) -> Facts<'a> {
    let result_code = facts.result_code.map(|_| "SUCCESS");
    Facts { result_code, trade_status: facts.trade_status.or(result_code), ..*facts }
}

/// The state counts as paid.
fn paid<'a>(facts: &Facts<'a>, order: &Order) -> Facts<'a> {
    match order.product.is_wechat() && facts.about == About::Trade {
        true => Facts { trade_status: Some("SUCCESS"), ..*facts },
        false => *facts,
    }
}

fn of_alipay<'a>(facts: &Facts<'a>, order: &Order) -> Facts<'a> {
    match facts.trade_status {
        Some("TRADE_SUCCESS") if order.product.is_wechat() => {
            Facts { trade_status: Some("SUCCESS"), ..*facts }
        }
        _ => *facts,
    }
}

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
