//! What a status means after those that were handled.

use super::progress;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::notification::{Order, TradeStatus, Why};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "notify-closed-ignored",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "TRADE_CLOSED is acknowledged and nothing is done, though the buyer has the money back",
            zh: "TRADE_CLOSED 只确认不处理，尽管款项已退回买家",
        },
        fix: Text { en: "close the order", zh: "关闭订单" },
        sources: &["derived from the rule"],
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
        sources: &["derived from the rule"],
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
        sources: &["derived from the rule"],
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
        sources: &["derived from the rule"],
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
        sources: &["derived from the rule"],
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
        sources: &["derived from the rule"],
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
        sources: &["derived from the rule"],
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

fn handled(order: &Order, status: TradeStatus) -> bool {
    order.trade_status == Some(status)
}
