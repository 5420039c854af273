//! What a notification means for the order.

use crate::mistake::catalogue::wechat::amount::with_amount_paid;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::notification::{CHECKS, TradeStatus, Why};
use crate::protocol::OPENAPI_V2;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::{Input, TextPairs};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "replay-cross-purpose",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "genuine messages of another kind are taken for payments: notify_type, or event_type, is not looked at",
            zh: "没有检查 notify_type（event_type），其他种类的真实报文也被当作支付通知",
        },
        fix: Text {
            en: "handle trade_status_sync, or TRANSACTION.SUCCESS, alone as a payment",
            zh: "只把 trade_status_sync（TRANSACTION.SUCCESS）当作支付通知处理",
        },
        sources: &["https://github.com/QuantumNous/new-api/issues/4353"],
        twin: Twin::Checks(|checks| checks.kind = |_, _| None),
    },
    Mistake {
        id: "notify-wrong-amount-field",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "buyer_pay_amount, cash_fee or payer_total is compared with the order, which is less where a coupon was used",
            zh: "与订单比较的是 buyer_pay_amount、cash_fee 或 payer_total，使用优惠时它小于订单金额",
        },
        fix: Text {
            en: "compare total_amount, or with WeChat Pay total_fee or amount.total",
            zh: "比较 total_amount；微信支付比较 total_fee 或 amount.total",
        },
        sources: &["https://github.com/silenceper/wechat/issues/513"],
        twin: Twin::Around(|inner, ask| {
            reported(inner, ask, |pairs| {
                with_amount_paid(&ask.protocol, pairs);
                if let Some(paid) = value(pairs, "buyer_pay_amount") {
                    rename(pairs, "total_amount", "order_amount");
                    pairs.push(("total_amount".into(), paid));
                }
            })
        }),
    },
    Mistake {
        id: "notify-amount-of-the-other-gateway",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "total_fee of the legacy gateway serves where total_amount is absent",
            zh: "没有 total_amount 时改用旧网关的 total_fee",
        },
        fix: Text { en: "require total_amount", zh: "要求必须有 total_amount" },
        sources: &["derived from handlers that serve both gateways"],
        twin: Twin::Around(|inner, ask| {
            reported(inner, ask, |pairs| {
                if value(pairs, "total_amount").is_none() {
                    rename(pairs, "total_fee", "total_amount");
                }
            })
        }),
    },
    Mistake {
        id: "notify-app-id-only-if-present",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "app_id is compared only where the message has one",
            zh: "只有报文带 app_id 时才比较",
        },
        fix: Text { en: "require what the order states", zh: "订单写明的必须出现" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.partner = |facts, order| match facts.app_id.is_none() && order.app_id.is_some() {
                true => None,
                false => (CHECKS.partner)(facts, order),
            };
        }),
    },
    Mistake {
        id: "notify-default-statuses-only",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "TRADE_FINISHED and TRADE_CLOSED are refused for products that do not announce them by default",
            zh: "某些产品默认不推送 TRADE_FINISHED 与 TRADE_CLOSED，收到时便拒绝",
        },
        fix: Text {
            en: "take a status for what it means in every product",
            zh: "无论何种产品都按状态本身的含义处理",
        },
        sources: &["https://developer.aliyun.com/article/707649 lists the defaults"],
        twin: Twin::Checks(|checks| {
            checks.status = |facts, order| {
                let status = facts.trade_status.and_then(|status| status.parse().ok());
                let unexpected = status.is_some_and(|status: TradeStatus| {
                    !status.is_unpaid() && order.product.announces(status) == Some(false)
                });
                match unexpected {
                    true => Some(Why::StatusNotInProduct),
                    false => (CHECKS.status)(facts, order),
                }
            }
        }),
    },
    Mistake {
        id: "notify-refund-sum-as-text",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "the sums of refunds are compared as text, so 9 and 9.00 are two refunds",
            zh: "累计退款额按文本比较，9 与 9.00 被当作两次退款",
        },
        fix: Text { en: "compare decimals", zh: "按十进制数值比较" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| {
                let known = order.refund_fee.map(|fee| fee.to_string());
                match (CHECKS.progress)(facts, order) {
                    Why::AlreadyHandled
                        if facts.refund_fee.is_some() && facts.refund_fee != known.as_deref() =>
                    {
                        Why::RefundChanged
                    }
                    why => why,
                }
            }
        }),
    },
    Mistake {
        id: "notify-refund-sum-not-ordered",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "every other refund_fee is a new refund, an earlier and smaller one that comes late as well",
            zh: "只要 refund_fee 不同就当作新退款，迟到的较小金额也不例外",
        },
        fix: Text {
            en: "it is the sum of all refunds: only a greater one is new",
            zh: "它是累计退款总额：变大才是新退款",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match (CHECKS.progress)(facts, order) {
                Why::OutOfOrder if says_the_handled(facts.trade_status, order.trade_status) => {
                    Why::RefundChanged
                }
                why => why,
            }
        }),
    },
];

fn says_the_handled(status: Option<&str>, handled: Option<TradeStatus>) -> bool {
    handled.is_some_and(|handled| status == Some(handled.as_str()))
}

/// The question with another notification, where it is about the open platform or WeChat Pay.
fn reported(inner: &dyn Implementation, ask: &Ask, change: impl FnOnce(&mut TextPairs)) -> Answer {
    let mut ask = ask.clone();
    if [OPENAPI_V2.id, "wechatpay."].iter().any(|family| ask.protocol.starts_with(family))
        && let Input::Notification { notification, .. } = &mut ask.input
    {
        change(notification);
    }
    inner.perform(&ask)
}

fn value(pairs: &TextPairs, name: &str) -> Option<String> {
    pairs.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone())
}

fn rename(pairs: &mut TextPairs, from: &str, to: &str) {
    for (name, _) in pairs.iter_mut().filter(|(name, _)| name == from) {
        *name = to.into();
    }
}
