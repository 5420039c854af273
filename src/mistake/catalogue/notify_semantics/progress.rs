//! What a status means, and what it means after others.

use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::notification::{CHECKS, Facts, Order, Product, TradeStatus, Why};

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
        sources: &[],
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
        sources: &[],
        twin: Twin::Checks(|checks| {
            checks.status = |facts, order| {
                let mut any = order.clone();
                any.product = Product::Dual;
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
        sources: &[],
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
        sources: &[],
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
        sources: &[],
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
        sources: &[],
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
        sources: &[],
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
        sources: &[],
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
        sources: &[],
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
        sources: &[],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::NotPaid if says(facts, "COD_WAIT_SELLER_SEND_GOODS") => Why::Paid,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-closed-ignored",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "TRADE_CLOSED is acknowledged and nothing is done, though the buyer has the money back",
            zh: "TRADE_CLOSED 只确认不处理，尽管款项已退回买家",
        },
        fix: Text { en: "close the order", zh: "关闭订单" },
        sources: &[],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::Closed => Why::NotPaid,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-closed-only-when-paid",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "TRADE_CLOSED is acted on only where a payment was handled, so that unpaid orders stay open",
            zh: "只有处理过付款的订单才处理 TRADE_CLOSED，未付款的订单一直不关闭",
        },
        fix: Text { en: "close unpaid orders as well", zh: "未付款的订单也要关闭" },
        sources: &[],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::Closed if !order.trade_status.is_some_and(TradeStatus::is_paid) => {
                    Why::NotPaid
                }
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-paid-after-closed",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a status that means paid is acted on though the order is closed",
            zh: "订单已关闭仍按已付款状态处理",
        },
        fix: Text { en: "leave a closed order closed", zh: "已关闭的订单保持关闭" },
        sources: &[],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::OutOfOrder if handled(order, TradeStatus::TradeClosed) => Why::Paid,
                why => why,
            }
        }),
    },
    Mistake {
        id: "replay-late-state-overwrites",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a message that comes late moves the order back to an earlier status",
            zh: "迟到的报文把订单退回到更早的状态",
        },
        fix: Text {
            en: "compare the ranks of the statuses, and leave the order as it is",
            zh: "比较状态的先后，保持订单不变",
        },
        sources: &["https://github.com/dujiao-next/dujiao-next/issues/340"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::OutOfOrder => Why::Advanced,
                why => why,
            }
        }),
    },
    Mistake {
        id: "replay-no-idempotency",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a repeated message is processed again", zh: "重复的报文被再次处理"
        },
        fix: Text {
            en: "act on a status once, and acknowledge its repeats",
            zh: "每个状态只处理一次，重复的只确认",
        },
        sources: &[
            "https://github.com/assimon/dujiaoka/issues/97",
            "https://github.com/code-lives/Pays/issues/13",
        ],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::AlreadyHandled => {
                    progress(facts, &Order { trade_status: None, ..order.clone() })
                }
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-refund-taken-for-payment",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a message about a refund, whose trade_status is still that of a payment, is taken for a payment",
            zh: "退款通知的 trade_status 仍是已付款状态，被当作一次付款",
        },
        fix: Text {
            en: "look at refund_status, and whether the payment was handled",
            zh: "查看 refund_status，并判断付款是否已处理",
        },
        sources: &[
            "https://github.com/helei112g/payment/issues/67",
            "https://github.com/smartwalle/alipay/issues/203",
        ],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::RefundChanged => Why::Paid,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-refund-ignored",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a message about a refund is taken for a repeat, as its trade_status was handled",
            zh: "退款通知因 trade_status 已处理过而被当作重复报文",
        },
        fix: Text { en: "compare refund_status as well", zh: "同时比较 refund_status" },
        sources: &[],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::RefundChanged => Why::AlreadyHandled,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-refund-seen-once",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "of the statuses of a refund only the first is acted on",
            zh: "退款状态只处理第一次",
        },
        fix: Text {
            en: "act whenever refund_status is another than the one handled",
            zh: "refund_status 与已处理的不同时都要处理",
        },
        sources: &[],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::RefundChanged if order.refund_status.is_some() => Why::AlreadyHandled,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-refund-always-new",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "every message with a refund_status is acted on, its repeats too",
            zh: "每条带 refund_status 的报文都处理，包括重复的",
        },
        fix: Text {
            en: "act whenever refund_status is another than the one handled",
            zh: "refund_status 与已处理的不同时才处理",
        },
        sources: &[],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::AlreadyHandled if facts.refund_status.is_some() => Why::RefundChanged,
                why => why,
            }
        }),
    },
    Mistake {
        id: "notify-refund-status-lost",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a repeat of the message from before a refund undoes what is known of it",
            zh: "退款之前那条报文的重发抹掉了已知的退款状态",
        },
        fix: Text {
            en: "a message without refund_status says nothing new",
            zh: "没有 refund_status 的报文没有新信息",
        },
        sources: &[],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match progress(facts, order) {
                Why::AlreadyHandled
                    if facts.refund_status.is_none() && order.refund_status.is_some() =>
                {
                    Why::RefundChanged
                }
                why => why,
            }
        }),
    },
];

fn progress(facts: &Facts<'_>, order: &Order) -> Why {
    (CHECKS.progress)(facts, order)
}

fn says(facts: &Facts<'_>, status: &str) -> bool {
    facts.trade_status == Some(status)
}

fn handled(order: &Order, status: TradeStatus) -> bool {
    order.trade_status == Some(status)
}

fn in_capitals<T>(facts: &Facts<'_>, check: impl FnOnce(&Facts<'_>) -> T) -> T {
    let status = facts.trade_status.map(str::to_uppercase);
    let mut capitals = *facts;
    capitals.trade_status = status.as_deref();
    check(&capitals)
}
