//! Any text as a verified notification of WeChat Pay: a line with the event's type and a resource, or a form with fields.

use alipay_conformance::form;
use alipay_conformance::notification::{
    Facts, Order, Product, TradeStatus, WechatEvent, WechatNotification, Why, decide,
};
use alipay_conformance::protocol::mapi::Amount;

/// Reads it in both ways and decides: the order changes only where everything is the order's, and once.
pub fn run(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let (event, rest) = text.split_once('\n').unwrap_or(("", text));
    if let Ok(event) = WechatEvent::new(event, rest) {
        check((&event).into());
    }
    let params = form::decode(rest.as_bytes());
    if let Some(Ok(message)) = params.ok().as_ref().map(WechatNotification::from_params) {
        check((&message).into());
    }
}

fn check(facts: Facts<'_>) {
    assert!(!decide(facts, None).act);
    let total = facts.total_fee.and_then(|fee| Product::Jsapi.amount(fee));
    let number = facts.out_trade_no.unwrap_or("1");
    let mut order = Order::new(number, total.unwrap_or_default(), Product::Jsapi);
    order.app_id = facts.app_id.map(Into::into);
    order.mch_id = Some(facts.mch_id.unwrap_or("1").into());
    let decision = decide(facts, Some(&order));
    assert!(decision.answer_success || !decision.act);
    if !decision.act {
        return;
    }

    assert!(total.is_some() && facts.mch_id.is_some() && facts.out_trade_no.is_some());
    let acts = |change: fn(&mut Order)| {
        let mut order = order.clone();
        change(&mut order);
        decide(facts, Some(&order)).act
    };
    assert!(!acts(|order| order.out_trade_no.push('x')));
    assert!(!acts(|order| order.mch_id = Some("another".into())));
    assert!(!acts(|order| {
        let other = order.total_fee.fen().checked_add(1).and_then(Amount::from_fen);
        order.total_fee = other.unwrap_or_default();
    }));

    match decision.why {
        Why::Paid => {
            assert_eq!(facts.trade_status, Some("SUCCESS"));
            assert!(matches!(facts.result_code, None | Some("SUCCESS")));
            order.trade_status = Some(TradeStatus::Success);
        }
        Why::RefundChanged => {
            order.refund_status = facts.refund_status.map(Into::into);
            order.out_refund_no = facts.out_refund_no.map(Into::into);
        }
        _ => order.trade_status = facts.trade_status.and_then(|status| status.parse().ok()),
    }
    assert_eq!(decide(facts, Some(&order)).why, Why::AlreadyHandled);
}
