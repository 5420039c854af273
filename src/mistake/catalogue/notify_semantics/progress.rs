//! What a status means.

use super::{progress, says};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::notification::{CHECKS, Facts, Product, Why};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "notify-status-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "every verified message completes the order, whatever its trade_status",
            zh: "不管 trade_status 是什么，只要验签通过就完成订单",
        },
        fix: Text {
            en: "act on the statuses that mean that the money has come",
            zh: "只有表示已付款的状态才处理",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.status = |_, _| None;
            checks.progress = |_, order| match order.trade_status {
                Some(_) => Why::AlreadyHandled,
                None => Why::Paid,
            };
        }),
    },
    Mistake {
        id: "notify-product-ignored",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "a status is accepted that the product that was sold does not have",
            zh: "接受了所售产品根本没有的状态",
        },
        fix: Text { en: "accept the statuses of the product", zh: "只接受该产品的状态" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.status = |facts, order| {
                let mut any = order.clone();
                // All products of WeChat Pay have the same states.
                if !order.product.is_wechat() {
                    any.product = Product::Dual;
                }
                (CHECKS.status)(facts, &any)
            }
        }),
    },
    Mistake {
        id: "notify-status-case-insensitive",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "trade_status is compared without regard to case",
            zh: "比较 trade_status 时不区分大小写",
        },
        fix: Text { en: "compare it as it is written", zh: "按原样比较" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.status =
                |facts, order| in_capitals(facts, |facts| (CHECKS.status)(facts, order));
            checks.progress =
                |facts, order| in_capitals(facts, |facts| (CHECKS.progress)(facts, order));
        }),
    },
    Mistake {
        id: "notify-finished-versus-success",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "TRADE_FINISHED is taken for a new payment, though TRADE_SUCCESS was handled",
            zh: "TRADE_SUCCESS 处理过之后，又把 TRADE_FINISHED 当作新的付款",
        },
        fix: Text {
            en: "count the first status that means paid, once",
            zh: "只把首个表示已付款的状态算一次付款",
        },
        sources: &["https://github.com/helei112g/payment/issues/67"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::Advanced if says(facts, "TRADE_FINISHED") => Why::Paid,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-every-paid-status-pays",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "every status that means paid is taken for a payment, though another one was handled",
            zh: "每个表示已付款的状态都当作一次付款，尽管之前已处理过",
        },
        fix: Text {
            en: "count the first status that means paid, once",
            zh: "只把首个表示已付款的状态算一次付款",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::Advanced => Why::Paid,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-finished-not-paid",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "only TRADE_SUCCESS counts as paid, not TRADE_FINISHED",
            zh: "只有 TRADE_SUCCESS 算已付款，TRADE_FINISHED 不算",
        },
        fix: Text {
            en: "count both: ordinary instant payment sends TRADE_FINISHED alone",
            zh: "两者都算：普通即时到账只发送 TRADE_FINISHED",
        },
        sources: &["https://github.com/helei112g/payment/issues/67"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::Paid if says(facts, "TRADE_FINISHED") => Why::NotPaid,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-success-not-paid",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "only TRADE_FINISHED counts as paid, not TRADE_SUCCESS",
            zh: "只有 TRADE_FINISHED 算已付款，TRADE_SUCCESS 不算",
        },
        fix: Text {
            en: "count both: TRADE_SUCCESS is sent where a refund is possible",
            zh: "两者都算：支持退款时发送的是 TRADE_SUCCESS",
        },
        sources: &["https://github.com/helei112g/payment/issues/67"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::Paid if says(facts, "TRADE_SUCCESS") => Why::NotPaid,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-send-goods-not-paid",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "WAIT_SELLER_SEND_GOODS does not count as paid, so escrow orders are never sent",
            zh: "WAIT_SELLER_SEND_GOODS 不算已付款，担保交易订单永远不会发货",
        },
        fix: Text {
            en: "send the goods then: the buyer has paid Alipay",
            zh: "此时应发货：买家已付款给支付宝",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::Paid if says(facts, "WAIT_SELLER_SEND_GOODS") => Why::NotPaid,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-wait-buyer-pay-paid",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text { en: "WAIT_BUYER_PAY counts as paid", zh: "WAIT_BUYER_PAY 被当作已付款" },
        fix: Text { en: "wait for a status that means paid", zh: "等待表示已付款的状态" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::NotPaid if says(facts, "WAIT_BUYER_PAY") => Why::Paid,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-pending-paid",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "TRADE_PENDING counts as paid, though the seller cannot receive the money",
            zh: "TRADE_PENDING 被当作已付款，而卖家其实收不到款",
        },
        fix: Text { en: "wait for a status that means paid", zh: "等待表示已付款的状态" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::NotPaid if says(facts, "TRADE_PENDING") => Why::Paid,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-cash-on-delivery-paid",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "COD_WAIT_SELLER_SEND_GOODS is matched by its end and counts as paid",
            zh: "COD_WAIT_SELLER_SEND_GOODS 因结尾相同被当作已付款",
        },
        fix: Text { en: "compare the whole status", zh: "比较完整的状态" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::NotPaid if says(facts, "COD_WAIT_SELLER_SEND_GOODS") => Why::Paid,
                why => why,
            }
        }),
    },
];

fn in_capitals<T>(facts: &Facts<'_>, check: impl FnOnce(&Facts<'_>) -> T) -> T {
    let status = facts.trade_status.map(str::to_uppercase);
    let mut capitals = *facts;
    capitals.trade_status = status.as_deref();
    check(&capitals)
}
