//! What a notification means for the order.

use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use serde_json::{Value, json};

use crate::notification::{About, CHECKS, Facts, Order, TradeStatus, Why};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::{Input, TextPairs};
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
