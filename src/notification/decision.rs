//! [`decide`]: the business checks on a verified notification, and what to do about it.

use std::cmp::Ordering;

use super::{About, Decision, Facts, Order, Product, RefundState, TradeStatus, Why};
use crate::protocol::mapi::Amount;

/// Decides what to do about a notification whose signature and origin are verified.
///
/// The checks of Alipay, in their order, the first that applies being the reason:
///
/// 1. the order exists; on the open platform, `notify_type` is `trade_status_sync`; `out_trade_no` is its number;
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
/// Those of WeChat Pay, in the order of its documents (<https://pay.weixin.qq.com/doc/v2/merchant/4011937248>,
/// <https://pay.weixin.qq.com/doc/v2/partner/4011939979>):
///
/// 1. the order exists; `return_code` is `SUCCESS`, or `event_type` is that of a payment or refund;
/// 2. `result_code` is `SUCCESS`, then `trade_state` is known, and the money has come; of a refund, `refund_status` is known;
/// 3. `appid` and then `mch_id` are its application and merchant, each where the order states one; a refund of version 3
///    names no application;
/// 4. `out_trade_no` is its number;
/// 5. `total_fee`, or `amount.total`, is its amount in whole fen, in `CNY` where `fee_type`, or `amount.currency`, is
///    there, and a refund's is no more;
/// 6. the state, or this refund's, was not handled before, and none later was.
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

/// The business checks, in Alipay's order. A wrong implementation is this one with a check replaced.
#[derive(Clone, Copy, Debug)]
pub struct Checks {
    /// Whether it says something of a trade.
    pub kind: Check,
    /// Whether it is this order.
    pub order: Check,
    /// Whether it is this amount.
    pub amount: Check,
    /// Whether it is this seller, or this merchant.
    pub seller: Check,
    /// Whether it is this partner, or this application.
    pub partner: Check,
    /// Whether the status is one of the product's; on WeChat Pay also whether the money has come.
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
        let checks = match order.product.is_wechat() {
            true => [self.kind, self.status, self.partner, self.seller, self.order, self.amount],
            false => [self.kind, self.order, self.amount, self.seller, self.partner, self.status],
        };
        let failed = checks.iter().find_map(|check| check(facts, order));
        failed.unwrap_or_else(|| (self.progress)(facts, order)).decision()
    }
}

fn kind(facts: &Facts<'_>, _: &Order) -> Option<Why> {
    if facts.return_code.is_some_and(|code| code != "SUCCESS") {
        return Some(Why::CallFailed);
    }
    (facts.about == About::Else).then_some(Why::KindDiffers)
}

fn order(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    (facts.out_trade_no != Some(order.out_trade_no.as_str())).then_some(Why::OrderDiffers)
}

fn amount(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    let paid = facts.total_fee.and_then(|fee| order.product.amount(fee));
    let refunded = facts.refund_fee.map(|fee| order.product.amount(fee));
    let refund_is_amount = match facts.about {
        About::Refund => refunded.flatten().is_some_and(|refunded| refunded <= order.total_fee),
        _ => refunded != Some(None),
    };
    // As the order's are, where nothing is said.
    let is_same_currency = facts.currency.is_none_or(|currency| currency == "CNY");
    let is_right = paid == Some(order.total_fee) && refund_is_amount && is_same_currency;
    (!is_right).then_some(Why::AmountDiffers)
}

fn seller(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    if order.mch_id.is_some() && order.mch_id.as_deref() != facts.mch_id {
        return Some(Why::MerchantDiffers);
    }
    let sellers = [(&order.seller_id, facts.seller_id), (&order.seller_email, facts.seller_email)];
    let differs = sellers.iter().any(|(ours, theirs)| ours.is_some() && ours.as_deref() != *theirs);
    differs.then_some(Why::SellerDiffers)
}

fn partner(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    let is_unnamed = facts.about == About::Refund && facts.app_id.is_none();
    if order.app_id.is_some() && order.app_id.as_deref() != facts.app_id && !is_unnamed {
        return Some(Why::AppDiffers);
    }
    let (ours, theirs) = (order.partner.as_deref()?, facts.partner?);
    (ours != theirs).then_some(Why::PartnerDiffers)
}

fn status(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    if facts.about == About::Refund {
        return refund_state(facts.refund_status).is_none().then_some(Why::StatusUnknown);
    }
    match facts.result_code {
        None | Some("SUCCESS") => {}
        Some("FAIL") => return Some(Why::NotPaid),
        Some(_) => return Some(Why::StatusUnknown),
    }
    match trade_status(facts, order) {
        None => Some(Why::StatusUnknown),
        Some(status) if order.product.rank(status).is_none() => Some(Why::StatusNotInProduct),
        Some(status) => (status.is_wechat() && status.is_unpaid()).then_some(Why::NotPaid),
    }
}

/// The status, where it is one of the order's family.
fn trade_status(facts: &Facts<'_>, order: &Order) -> Option<TradeStatus> {
    let status: TradeStatus = facts.trade_status?.parse().ok()?;
    (status.is_wechat() == order.product.is_wechat()).then_some(status)
}

fn refund_state(text: Option<&str>) -> Option<RefundState> {
    text?.parse().ok()
}

fn progress(facts: &Facts<'_>, order: &Order) -> Why {
    if facts.about == About::Refund {
        return refund_notification(facts, order);
    }
    let Some(status) = trade_status(facts, order) else { return Why::StatusUnknown };
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
    if status.is_closed() {
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

/// An order may have several refunds, each with a life of its own.
fn refund_notification(facts: &Facts<'_>, order: &Order) -> Why {
    let handled = order.refund_status.as_deref();
    if facts.out_refund_no != order.out_refund_no.as_deref() {
        return Why::RefundChanged;
    }
    if facts.refund_status == handled {
        return Why::AlreadyHandled;
    }
    let rank = |state| refund_state(state).map(RefundState::rank);
    if rank(facts.refund_status) < rank(handled) { Why::OutOfOrder } else { Why::RefundChanged }
}

/// The union order serves where the handled status is none of the product's.
fn is_earlier(status: TradeStatus, handled: TradeStatus, product: Product) -> bool {
    match (product.rank(status), product.rank(handled)) {
        (Some(status), Some(handled)) => status < handled,
        _ => Product::Dual.rank(status) < Product::Dual.rank(handled),
    }
}
