//! What a notification means for the order: its amounts, its refunds, and how its JSON is read.

use serde_json::{Value, json};

use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::notification::{About, CHECKS, Facts, Order, Why};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::{Input, TextPairs};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "notify-unit-fen-yuan",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "amounts in fen are taken for yuan", zh: "把以分为单位的金额当作元"
        },
        fix: Text { en: "compare fen with fen", zh: "分与分比较" },
        sources: &[
            "https://github.com/helei112g/payment/issues/28",
            "https://github.com/binarywang/WxJava/issues/1180",
        ],
        twin: Twin::Checks(|checks| {
            checks.amount = |facts, order| match order.product.is_wechat() {
                true => unless(
                    facts.total_fee.and_then(|fee| fee.parse().ok()) == Some(order.total_fee),
                ),
                false => (CHECKS.amount)(facts, order),
            };
        }),
    },
    Mistake {
        id: "notify-fen-any-number",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "amounts in fen are whatever the language reads as a number, with decimals, blanks or zeros in front",
            zh: "以分计的金额只要能读成数字即可，允许小数、空格和前导零",
        },
        fix: Text { en: "require digits alone", zh: "只允许数字" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.amount = |facts, order| match order.product.is_wechat() {
                true => unless(
                    facts.total_fee.and_then(|fee| fee.trim().parse().ok())
                        == Some(order.total_fee.fen() as f64),
                ),
                false => (CHECKS.amount)(facts, order),
            };
        }),
    },
    Mistake {
        id: "notify-fen-as-int",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "amounts beyond a 32-bit number of fen are refused",
            zh: "超过 32 位整数的金额被拒绝",
        },
        fix: Text { en: "hold fen in 64 bits", zh: "用 64 位保存" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.amount = |facts, order| match order.product.is_wechat()
                && order.total_fee.fen() > i32::MAX as u64
            {
                true => Some(Why::AmountDiffers),
                false => (CHECKS.amount)(facts, order),
            };
        }),
    },
    Mistake {
        id: "notify-wechat-currency-ignored",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "the number of fen is compared, and not the currency it is in",
            zh: "只比较金额数字，不看货币类型",
        },
        fix: Text {
            en: "compare fee_type, or amount.currency, with the order's",
            zh: "同时比较 fee_type（v3 为 amount.currency）与订单的货币",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.amount =
                |facts, order| (CHECKS.amount)(&Facts { currency: None, ..*facts }, order);
        }),
    },
    Mistake {
        id: "notify-refund-status-success-only",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a refund that failed or was closed is not looked at",
            zh: "退款异常或关闭的通知被忽略",
        },
        fix: Text {
            en: "act upon every status: the buyer has no money yet",
            zh: "每种状态都要处理：买家还没收到钱",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| match (CHECKS.progress)(facts, order) {
                Why::RefundChanged
                    if facts.about == About::Refund && facts.refund_status != Some("SUCCESS") =>
                {
                    Why::AlreadyHandled
                }
                why => why,
            };
        }),
    },
    Mistake {
        id: "notify-refund-status-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "any refund_status is taken for news of the refund",
            zh: "任意 refund_status 都当作退款有了结果",
        },
        fix: Text { en: "know the statuses, and refuse others", zh: "只认已知的状态" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.status = |facts, order| match facts.about {
                About::Refund => None,
                _ => (CHECKS.status)(facts, order),
            };
        }),
    },
    Mistake {
        id: "notify-refund-one-per-order",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "an order is expected to have one refund, so a second one is taken for a repeat",
            zh: "认为一个订单只有一笔退款，第二笔被当作重复通知",
        },
        fix: Text { en: "compare out_refund_no", zh: "比较 out_refund_no" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.progress = |facts, order| {
                let order = Order { out_refund_no: None, ..order.clone() };
                (CHECKS.progress)(&Facts { out_refund_no: None, ..*facts }, &order)
            };
        }),
    },
    Mistake {
        id: "notify-refund-amount-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text { en: "refund_fee is not looked at", zh: "没有检查 refund_fee" },
        fix: Text {
            en: "require an amount that is not more than the order's",
            zh: "要求金额不超过订单金额",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.amount = |facts, order| match facts.about {
                About::Refund => (CHECKS.amount)(
                    &Facts { about: About::Trade, refund_fee: None, ..*facts },
                    order,
                ),
                _ => (CHECKS.amount)(facts, order),
            };
        }),
    },
    Mistake {
        id: "notify-refund-app-id-required",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "a refund of version 3 is refused, since it names no application",
            zh: "v3 的退款通知没有 appid，因而被拒绝",
        },
        fix: Text { en: "compare appid of a payment alone", zh: "只比较支付通知的 appid" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.partner =
                |facts, order| match order.product.is_wechat() && facts.app_id.is_none() {
                    true => order.app_id.is_some().then_some(Why::AppDiffers),
                    false => (CHECKS.partner)(facts, order),
                };
        }),
    },
    Mistake {
        id: "notify-refund-told-by-members",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a message with refund_status is taken for a refund, whatever its event_type says",
            zh: "只要带 refund_status 就当作退款，不看 event_type",
        },
        fix: Text { en: "tell the kind by event_type", zh: "按 event_type 区分种类" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let mut ask = ask.clone();
            if let Input::Notification { notification, .. } = &mut ask.input
                && notification.iter().any(|(_, text)| text.contains("\"refund_status\""))
                && let Some((_, event)) =
                    notification.iter_mut().find(|(name, _)| name == "event_type")
            {
                *event = "REFUND.SUCCESS".into();
            }
            inner.perform(&ask)
        }),
    },
    Mistake {
        id: "notify-json-by-pattern",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "members of the resource are picked out of its text by a pattern, not by a JSON parser",
            zh: "用正则从 resource 文本里取字段，没有用 JSON 解析器",
        },
        fix: Text { en: "parse it", zh: "应当解析 JSON" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| with_resource(inner, ask, |text| Some(by_pattern(text)))),
    },
    Mistake {
        id: "notify-json-known-members-only",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "a resource with members that are not known is refused",
            zh: "resource 含未知成员就被拒绝",
        },
        fix: Text {
            en: "ignore them: the platform keeps adding some",
            zh: "应当忽略：平台会不断增加成员",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            with_resource(inner, ask, |text| {
                let members: serde_json::Map<String, Value> = serde_json::from_str(text).ok()?;
                let is_known = members.keys().all(|name| KNOWN.contains(&name.as_str()));
                Some(if is_known { text.to_owned() } else { String::new() })
            })
        }),
    },
];

const KNOWN: [&str; 17] = [
    "transaction_id",
    "amount",
    "mchid",
    "trade_state",
    "bank_type",
    "success_time",
    "payer",
    "out_trade_no",
    "appid",
    "trade_state_desc",
    "trade_type",
    "attach",
    "refund_id",
    "out_refund_no",
    "refund_status",
    "user_received_account",
    "promotion_detail",
];

fn unless(same: bool) -> Option<Why> {
    (!same).then_some(Why::AmountDiffers)
}

/// Decides about a version 3 notification with another resource.
fn with_resource(
    inner: &dyn Implementation,
    ask: &Ask,
    change: impl FnOnce(&str) -> Option<String>,
) -> Answer {
    let mut ask = ask.clone();
    if let Input::Notification { notification, .. } = &mut ask.input
        && ask.protocol == "wechatpay.v3"
        && let Some((_, text)) = notification.iter_mut().find(|(name, _)| name == "resource")
        && let Some(changed) = change(text)
    {
        *text = changed;
    }
    inner.perform(&ask)
}

/// The members as a pattern finds them: what stands behind the first such name.
fn by_pattern(text: &str) -> String {
    let found = |name: &str| {
        let (_, rest) = text.split_once(&format!("\"{name}\":"))?;
        let end = rest.find([',', '}']).unwrap_or(rest.len());
        rest.get(..end)
    };
    let word = |name: &str| found(name).map(|word| word.trim_matches('"').to_owned());
    let number = |name: &str| found(name).and_then(|number| number.parse::<u64>().ok());
    json!({
        "appid": word("appid"),
        "mchid": word("mchid"),
        "out_trade_no": word("out_trade_no"),
        "trade_state": word("trade_state"),
        "refund_status": word("refund_status"),
        "out_refund_no": word("out_refund_no"),
        "amount": {"total": number("total"), "refund": number("refund")},
    })
    .to_string()
}

/// The notification with another amount in the place of the order's: what the buyer paid after coupons.
pub(in crate::mistake::catalogue) fn with_amount_paid(
    protocol: &str,
    notification: &mut TextPairs,
) {
    if let Some(paid) =
        notification.iter().find(|(name, _)| name == "cash_fee").map(|(_, fee)| fee.clone())
    {
        for (_, fee) in notification.iter_mut().filter(|(name, _)| name == "total_fee") {
            fee.clone_from(&paid);
        }
    }
    for (_, text) in
        notification.iter_mut().filter(|(name, _)| name == "resource" && protocol == "wechatpay.v3")
    {
        let Ok(mut resource) = serde_json::from_str::<Value>(text) else { continue };
        let paid = resource.pointer("/amount/payer_total").cloned();
        if let (Some(total), Some(paid)) = (resource.pointer_mut("/amount/total"), paid) {
            *total = paid;
            *text = resource.to_string();
        }
    }
}
