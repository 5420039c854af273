//! [`decide`]: the business checks on a verified notification, and what to do about it.

use std::cmp::Ordering;

use super::{Decision, Facts, Order, Product, TradeStatus, Why};
use crate::protocol::mapi::Amount;

/// Decides what to do about a notification whose signature and origin are verified.
///
/// The checks, in their order, the first that applies being the reason:
///
/// 1. the order exists, and `out_trade_no` is its number; on the open platform, `notify_type` is `trade_status_sync`;
/// 2. `total_fee`, or `total_amount` on the open platform, is its amount, as a decimal;
/// 3. `seller_id` and `seller_email` are its seller's, each where the order states one;
/// 4. `partner` is its partner, where both state one; `app_id` is its application's, where the order states one;
/// 5. `trade_status` is known, and one of the product's;
/// 6. the money has come, or something later was handled;
/// 7. the status was not handled before, and none later was.
///
/// The order of 1 to 4 and 7 is that of the demos' comments: the order, `total_fee`, `seller_id`, the status, and whether
/// it was handled before; the documents of the open platform add `app_id` behind the seller
/// (<https://opendocs.alipay.com/open/270/105902>). A failed check of 1 to 5 answers no success: the message is repeated, and a person may look.
/// What needs no work any more is answered with success, or it would be repeated for a day.
///
/// It is a function of its arguments alone. Whoever calls it looks up the order and stores the outcome in one
/// transaction, since notify and return may come at once.
///
/// ```
/// use alipay_conformance::notification::{Facts, Order, Product, Why, decide};
///
/// let order = Order::new("6402757654153618", "10".parse()?, Product::Instant);
/// let pairs = [
///     ("out_trade_no", "6402757654153618"),
///     ("total_fee", "10.00"),
///     ("trade_status", "TRADE_SUCCESS"),
/// ];
/// let decision = decide(Facts::from_pairs(&pairs), Some(&order));
/// assert_eq!((decision.act, decision.why), (true, Why::Paid));
/// assert_eq!(decision.answer(), b"success");
/// # Ok::<(), alipay_conformance::protocol::mapi::AmountError>(())
/// ```
#[must_use]
pub fn decide<'a>(notification: impl Into<Facts<'a>>, order: Option<&Order>) -> Decision {
    CHECKS.decide(&notification.into(), order)
}

/// The business checks, in their order. A wrong implementation is this one with a check replaced.
#[derive(Clone, Copy, Debug)]
pub struct Checks {
    /// Whether it is about a trade.
    pub kind: Check,
    /// Whether it is this order.
    pub order: Check,
    /// Whether it is this amount.
    pub amount: Check,
    /// Whether it is this seller.
    pub seller: Check,
    /// Whether it is this partner, or this application.
    pub partner: Check,
    /// Whether the status is one of the product's.
    pub status: Check,
    /// What the status is to those that were handled before.
    pub progress: fn(&Facts<'_>, &Order) -> Why,
}

/// Why a notification is not this order's; `None` where it may be.
pub type Check = fn(&Facts<'_>, &Order) -> Option<Why>;

/// The checks of [`decide`].
pub const CHECKS: Checks = Checks { kind, order, amount, seller, partner, status, progress };

impl Checks {
    /// [`decide`] with these checks.
    #[must_use]
    pub fn decide(&self, facts: &Facts<'_>, order: Option<&Order>) -> Decision {
        let Some(order) = order else { return Why::OrderUnknown.decision() };
        let checks = [self.kind, self.order, self.amount, self.seller, self.partner, self.status];
        let failed = checks.iter().find_map(|check| check(facts, order));
        failed.unwrap_or_else(|| (self.progress)(facts, order)).decision()
    }
}

fn kind(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    let is_trade = facts.notify_type == Some("trade_status_sync");
    (order.product.is_open_platform() && !is_trade).then_some(Why::KindDiffers)
}

fn order(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    (facts.out_trade_no != Some(order.out_trade_no.as_str())).then_some(Why::OrderDiffers)
}

fn amount(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    let paid = facts.total_fee.and_then(|fee| fee.parse().ok());
    let refund_is_amount = facts.refund_fee.is_none_or(|fee| fee.parse::<Amount>().is_ok());
    (paid != Some(order.total_fee) || !refund_is_amount).then_some(Why::AmountDiffers)
}

fn seller(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    let sellers = [(&order.seller_id, facts.seller_id), (&order.seller_email, facts.seller_email)];
    let differs = sellers.iter().any(|(ours, theirs)| ours.is_some() && ours.as_deref() != *theirs);
    differs.then_some(Why::SellerDiffers)
}

fn partner(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    if order.app_id.is_some() && order.app_id.as_deref() != facts.app_id {
        return Some(Why::AppDiffers);
    }
    let (ours, theirs) = (order.partner.as_deref()?, facts.partner?);
    (ours != theirs).then_some(Why::PartnerDiffers)
}

fn status(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    match trade_status(facts) {
        None => Some(Why::StatusUnknown),
        Some(status) => order.product.rank(status).is_none().then_some(Why::StatusNotInProduct),
    }
}

fn trade_status(facts: &Facts<'_>) -> Option<TradeStatus> {
    facts.trade_status.and_then(|status| status.parse().ok())
}

fn progress(facts: &Facts<'_>, order: &Order) -> Why {
    let Some(status) = trade_status(facts) else { return Why::StatusUnknown };
    let handled = order.trade_status;
    let later_handled = handled.is_some_and(|handled| is_earlier(status, handled, order.product));
    if status.is_unpaid() && !later_handled {
        return Why::NotPaid;
    }
    if handled == Some(status) {
        return refund(facts, order);
    }
    if later_handled {
        return Why::OutOfOrder;
    }
    if status == TradeStatus::TradeClosed {
        return Why::Closed;
    }
    if status.is_paid() && handled.is_none_or(TradeStatus::is_unpaid) {
        return Why::Paid;
    }
    Why::Advanced
}

/// A message that says nothing of a refund is an earlier one than that which did.
fn refund(facts: &Facts<'_>, order: &Order) -> Why {
    if let Some(sum) = facts.refund_fee.and_then(|fee| fee.parse::<Amount>().ok()) {
        return match sum.cmp(&order.refund_fee.unwrap_or_default()) {
            Ordering::Greater => Why::RefundChanged,
            Ordering::Equal => Why::AlreadyHandled,
            Ordering::Less => Why::OutOfOrder,
        };
    }
    match facts.refund_status {
        Some(refund) if order.refund_status.as_deref() != Some(refund) => Why::RefundChanged,
        _ => Why::AlreadyHandled,
    }
}

/// The union order serves where the handled status is none of the product's.
fn is_earlier(status: TradeStatus, handled: TradeStatus, product: Product) -> bool {
    match (product.rank(status), product.rank(handled)) {
        (Some(status), Some(handled)) => status < handled,
        _ => Product::Dual.rank(status) < Product::Dual.rank(handled),
    }
}
