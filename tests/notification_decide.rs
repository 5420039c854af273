//! The decision: each reason once, their order, and the statuses of each product in sequence.

#![allow(clippy::unwrap_used)]

use alipay_conformance::notification::{
    Decision, Facts, Notification, OpenNotification, Order, Product, TradeStatus, Why, decide,
};
use proptest::prelude::*;

const GOOD: &[(&str, &str)] = &[
    ("out_trade_no", "42"),
    ("total_fee", "10.00"),
    ("seller_id", "2088002007018916"),
    ("seller_email", "seller@example.com"),
    ("trade_status", "TRADE_SUCCESS"),
];

fn order(product: Product) -> Order {
    let mut order = Order::new("42", "10".parse().unwrap(), product);
    order.seller_id = Some("2088002007018916".into());
    order.seller_email = Some("seller@example.com".into());
    order.partner = Some("2088101568338364".into());
    order
}

/// Both ways in must agree.
fn judge(edits: &[(&str, &str)], order: Option<&Order>) -> Decision {
    let mut pairs = GOOD.to_vec();
    for (name, value) in edits {
        pairs.retain(|(given, _)| given != name);
        pairs.push((name, value));
    }
    if order.is_some_and(|order| order.product.is_open_platform()) {
        return judge_open(pairs, order);
    }
    let decision = decide(Facts::from_pairs(&pairs), order);
    let notification = Notification::from_pairs(&pairs).unwrap();
    assert_eq!(decide(&notification, order), decision);
    decision
}

/// The same message as the open platform writes it.
fn judge_open(mut pairs: Vec<(&str, &str)>, order: Option<&Order>) -> Decision {
    pairs
        .iter_mut()
        .filter(|(name, _)| *name == "total_fee")
        .for_each(|(name, _)| *name = "total_amount");
    pairs.push(("notify_type", "trade_status_sync"));
    let decision = decide(Facts::from_open_pairs(&pairs), order);
    let notification = OpenNotification::from_pairs(&pairs).unwrap();
    assert_eq!(decide(&notification, order), decision);
    decision
}

#[test]
fn refusals_are_not_answered_with_success() {
    let order = order(Product::Instant);
    for (edit, why) in [
        (("out_trade_no", ""), Why::OrderDiffers),
        (("out_trade_no", "042"), Why::OrderDiffers),
        (("total_fee", ""), Why::AmountDiffers),
        (("total_fee", "10.01"), Why::AmountDiffers),
        (("total_fee", "10.000"), Why::AmountDiffers),
        (("total_fee", "1e1"), Why::AmountDiffers),
        (("total_fee", "-10"), Why::AmountDiffers),
        (("seller_id", ""), Why::SellerDiffers),
        (("seller_id", "2088002007018917"), Why::SellerDiffers),
        (("seller_email", ""), Why::SellerDiffers),
        (("seller_email", "Seller@example.com"), Why::SellerDiffers),
        (("partner", "2088000000000000"), Why::PartnerDiffers),
        (("trade_status", ""), Why::StatusUnknown),
        (("trade_status", "trade_success"), Why::StatusUnknown),
        (("trade_status", "WAIT_SELLER_SEND_GOODS"), Why::StatusNotInProduct),
        (("trade_status", "COD_WAIT_BUYER_PAY"), Why::StatusNotInProduct),
    ] {
        let decision = judge(&[edit], Some(&order));
        assert_eq!(decision.why, why, "{edit:?}");
        assert_eq!((decision.act, decision.answer_success), (false, false));
        assert_eq!(decision.answer(), b"fail");
    }
    assert_eq!(judge(&[], None).why, Why::OrderUnknown);
}

#[test]
fn equal_amounts_may_be_written_differently() {
    for fee in ["10", "10.0", "10.00", "010.00"] {
        assert_eq!(judge(&[("total_fee", fee)], Some(&order(Product::Instant))).why, Why::Paid);
    }
}

#[test]
fn what_the_order_does_not_state_is_not_compared() {
    let mut order = order(Product::Instant);
    (order.seller_id, order.seller_email) = (None, None);
    let sellers = [("seller_id", ""), ("seller_email", "x@y.z")];
    assert_eq!(judge(&sellers, Some(&order)).why, Why::Paid);
    assert_eq!(judge(&[("partner", "2088101568338364")], Some(&order)).why, Why::Paid);
    order.partner = None;
    assert_eq!(judge(&[("partner", "2088000000000000")], Some(&order)).why, Why::Paid);
}

#[test]
fn the_first_reason_counts() {
    let order = order(Product::Escrow);
    let mut edits = vec![
        ("out_trade_no", "x"),
        ("total_fee", "x"),
        ("seller_id", "x"),
        ("seller_email", "x"),
        ("partner", "x"),
        ("trade_status", "x"),
    ];
    for why in [
        Why::OrderDiffers,
        Why::AmountDiffers,
        Why::SellerDiffers,
        Why::SellerDiffers,
        Why::PartnerDiffers,
        Why::StatusUnknown,
    ] {
        assert_eq!(judge(&edits, Some(&order)).why, why);
        edits.remove(0);
    }
    assert_eq!(judge(&[], Some(&order)).why, Why::StatusNotInProduct);
}

/// What a status is after another was handled; `-` is none.
#[test]
fn statuses_in_sequence() {
    for (product, handled, status, why) in [
        (Product::Instant, "-", "WAIT_BUYER_PAY", "not_paid"),
        (Product::Instant, "-", "TRADE_PENDING", "not_paid"),
        (Product::Instant, "-", "TRADE_SUCCESS", "paid"),
        (Product::Instant, "-", "TRADE_FINISHED", "paid"),
        (Product::Instant, "-", "TRADE_CLOSED", "closed"),
        (Product::Instant, "WAIT_BUYER_PAY", "WAIT_BUYER_PAY", "not_paid"),
        (Product::Instant, "WAIT_BUYER_PAY", "TRADE_PENDING", "not_paid"),
        (Product::Instant, "WAIT_BUYER_PAY", "TRADE_SUCCESS", "paid"),
        (Product::Instant, "TRADE_PENDING", "WAIT_BUYER_PAY", "out_of_order"),
        (Product::Instant, "TRADE_PENDING", "TRADE_SUCCESS", "paid"),
        (Product::Instant, "TRADE_SUCCESS", "WAIT_BUYER_PAY", "out_of_order"),
        (Product::Instant, "TRADE_SUCCESS", "TRADE_SUCCESS", "already_handled"),
        (Product::Instant, "TRADE_SUCCESS", "TRADE_FINISHED", "advanced"),
        (Product::Instant, "TRADE_SUCCESS", "TRADE_CLOSED", "closed"),
        (Product::Instant, "TRADE_FINISHED", "TRADE_SUCCESS", "out_of_order"),
        (Product::Instant, "TRADE_CLOSED", "TRADE_SUCCESS", "out_of_order"),
        (Product::Instant, "TRADE_CLOSED", "TRADE_CLOSED", "already_handled"),
        (Product::Instant, "WAIT_SELLER_SEND_GOODS", "TRADE_FINISHED", "advanced"),
        (Product::Escrow, "-", "COD_WAIT_SELLER_SEND_GOODS", "not_paid"),
        (Product::Escrow, "-", "WAIT_SELLER_SEND_GOODS", "paid"),
        (Product::Escrow, "-", "WAIT_BUYER_CONFIRM_GOODS", "paid"),
        (Product::Escrow, "COD_WAIT_BUYER_PAY", "WAIT_BUYER_PAY", "not_paid"),
        (Product::Escrow, "COD_WAIT_BUYER_PAY", "COD_WAIT_BUYER_PAY", "not_paid"),
        (Product::Escrow, "COD_WAIT_SYS_PAY_SELLER", "TRADE_FINISHED", "paid"),
        (Product::Escrow, "WAIT_SELLER_SEND_GOODS", "WAIT_BUYER_CONFIRM_GOODS", "advanced"),
        (Product::Escrow, "WAIT_BUYER_CONFIRM_GOODS", "WAIT_SELLER_SEND_GOODS", "out_of_order"),
        (Product::Escrow, "-", "TRADE_PENDING", "status_not_in_product"),
        (Product::Dual, "-", "TRADE_SUCCESS", "paid"),
        (Product::Dual, "WAIT_BUYER_CONFIRM_GOODS", "TRADE_SUCCESS", "advanced"),
        (Product::Dual, "TRADE_SUCCESS", "WAIT_BUYER_CONFIRM_GOODS", "advanced"),
        (Product::Dual, "TRADE_SUCCESS", "WAIT_SELLER_SEND_GOODS", "out_of_order"),
        (Product::Dual, "TRADE_PENDING", "COD_WAIT_BUYER_PAY", "out_of_order"),
    ] {
        let mut order = order(product);
        order.trade_status = handled.parse().ok();
        let decision = judge(&[("trade_status", status)], Some(&order));
        assert_eq!(decision.why.as_str(), why, "{product:?} {handled} {status}");
        let acts = matches!(why, "paid" | "closed" | "advanced");
        let answers = why != "status_not_in_product";
        assert_eq!((decision.act, decision.answer_success), (acts, answers));
    }
}

#[test]
fn refunds_beside_the_trade() {
    let mut order = order(Product::Instant);
    order.trade_status = Some(TradeStatus::TradeSuccess);
    let why = |order: &Order, refund| judge(&[("refund_status", refund)], Some(order)).why;
    assert_eq!(why(&order, "WAIT_SELLER_AGREE"), Why::RefundChanged);
    assert_eq!(why(&order, "A_STATUS_OF_TOMORROW"), Why::RefundChanged);
    order.refund_status = Some("REFUND_SUCCESS".into());
    assert_eq!(why(&order, "REFUND_SUCCESS"), Why::AlreadyHandled);
    assert_eq!(why(&order, "REFUND_CLOSED"), Why::RefundChanged);
    assert_eq!(why(&order, ""), Why::AlreadyHandled);
    let closed = [("trade_status", "TRADE_CLOSED"), ("refund_status", "REFUND_SUCCESS")];
    assert_eq!(judge(&closed, Some(&order)).why, Why::Closed);
}

#[test]
fn the_names_are_those_of_the_vectors() {
    let names: Vec<_> = Why::ALL.iter().map(|why| why.to_string()).collect();
    assert_eq!(
        names.join(" "),
        "order_unknown call_failed kind_differs order_differs amount_differs seller_differs merchant_differs partner_differs app_differs \
         status_unknown status_not_in_product not_paid already_handled out_of_order refund_changed closed paid advanced"
    );
}

fn statuses() -> impl Strategy<Value = Vec<TradeStatus>> {
    prop::collection::vec(prop::sample::select(TradeStatus::ALL), 0..12)
}

proptest! {
    /// In whatever order and however often messages come, the order is paid at most once, and its rank never falls.
    #[test]
    fn paid_at_most_once(
        product in prop::sample::select(&Product::ALL[..]),
        messages in statuses(),
    ) {
        let mut order = order(product);
        let mut paid = 0;
        for status in messages {
            let before = order.trade_status.and_then(|status| product.rank(status));
            let message = [("trade_status", status.as_str())];
            let decision = judge(&message, Some(&order));
            if decision.act {
                prop_assert!(decision.answer_success);
                prop_assert!(before <= product.rank(status));
                order.trade_status = Some(status);
            }
            paid += usize::from(decision.why == Why::Paid);
            prop_assert!(!judge(&message, Some(&order)).act);
        }
        prop_assert!(paid <= 1);
    }
}
