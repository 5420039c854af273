//! [`decide`]: the business checks on a verified notification, and what to do about it.

use std::fmt;

use super::{Notification, Product, TradeStatus};
use crate::protocol::mapi::Amount;

/// The seven bytes that end the repeats of a notify: nothing before them, nothing behind them.
///
/// ```
/// assert_eq!(alipay_conformance::notification::SUCCESS, b"success");
/// ```
pub const SUCCESS: &[u8; 7] = b"success";

/// What a merchant knows of an order when a notification about it comes.
///
/// ```
/// use alipay_conformance::notification::{Order, Product};
///
/// let mut order = Order::new("6402757654153618", "10.00".parse()?, Product::Instant);
/// order.seller_id = Some("2088002007018916".into());
/// # Ok::<(), alipay_conformance::protocol::mapi::AmountError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Order {
    /// The merchant's order number.
    pub out_trade_no: String,
    /// What is to be paid.
    pub total_fee: Amount,
    /// What was sold.
    pub product: Product,
    /// The seller's user id, where the request stated it.
    pub seller_id: Option<String>,
    /// The seller's e-mail, where the request stated it.
    pub seller_email: Option<String>,
    /// The partner that sent the request.
    pub partner: Option<String>,
    /// The last status that was handled.
    pub trade_status: Option<TradeStatus>,
    /// The last refund status that was handled, as the gateway wrote it.
    pub refund_status: Option<String>,
}

impl Order {
    /// An order of which nothing was handled yet and only the necessary is known.
    #[must_use]
    pub fn new(out_trade_no: impl Into<String>, total_fee: Amount, product: Product) -> Self {
        Self {
            out_trade_no: out_trade_no.into(),
            total_fee,
            product,
            seller_id: None,
            seller_email: None,
            partner: None,
            trade_status: None,
            refund_status: None,
        }
    }
}

/// The text of a notification that the business checks look at. An empty text counts as absent.
///
/// ```
/// use alipay_conformance::notification::Facts;
///
/// let facts = Facts::from_pairs(&[("total_fee", "0.01"), ("seller_id", ""), ("subject", "x")]);
/// assert_eq!((facts.total_fee, facts.seller_id), (Some("0.01"), None));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts<'a> {
    /// The merchant's order number.
    pub out_trade_no: Option<&'a str>,
    /// What was paid.
    pub total_fee: Option<&'a str>,
    /// The seller's user id.
    pub seller_id: Option<&'a str>,
    /// The seller's e-mail.
    pub seller_email: Option<&'a str>,
    /// The partner.
    pub partner: Option<&'a str>,
    /// Where the trade stands.
    pub trade_status: Option<&'a str>,
    /// Where a refund stands.
    pub refund_status: Option<&'a str>,
}

impl<'a> Facts<'a> {
    /// The facts of text pairs. Of a name that stands twice the first counts; verification has refused such a message.
    #[must_use]
    pub fn from_pairs<N: AsRef<str>, V: AsRef<str>>(pairs: &'a [(N, V)]) -> Self {
        let get = |wanted: &str| {
            let (_, value) = pairs.iter().find(|(name, _)| name.as_ref() == wanted)?;
            Some(value.as_ref()).filter(|value| !value.is_empty())
        };
        Self {
            out_trade_no: get("out_trade_no"),
            total_fee: get("total_fee"),
            seller_id: get("seller_id"),
            seller_email: get("seller_email"),
            partner: get("partner"),
            trade_status: get("trade_status"),
            refund_status: get("refund_status"),
        }
    }
}

impl<'a> From<&'a Notification> for Facts<'a> {
    fn from(notification: &'a Notification) -> Self {
        fn present(text: &Option<String>) -> Option<&str> {
            text.as_deref().filter(|text| !text.is_empty())
        }
        fn text<T>(field: &Option<super::Field<T>>) -> Option<&str> {
            field.as_ref().map(super::Field::text).filter(|text| !text.is_empty())
        }
        Self {
            out_trade_no: present(&notification.out_trade_no),
            total_fee: text(&notification.total_fee),
            seller_id: present(&notification.seller_id),
            seller_email: present(&notification.seller_email),
            partner: present(&notification.partner),
            trade_status: text(&notification.trade_status),
            refund_status: text(&notification.refund_status),
        }
    }
}

/// What to do about a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Decision {
    /// Whether to do something about the order, and to store the statuses as handled.
    pub act: bool,
    /// Whether to answer [`SUCCESS`], after which the message is not repeated.
    pub answer_success: bool,
    /// Why.
    pub why: Why,
}

impl Decision {
    /// The body of the answer to a notify: [`SUCCESS`], or `fail`, after which the message is repeated.
    #[must_use]
    pub fn answer(self) -> &'static [u8] {
        if self.answer_success { SUCCESS } else { b"fail" }
    }
}

/// Why a notification is acted upon or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
    /// There is no such order.
    OrderUnknown,
    /// `out_trade_no` is absent or another order's.
    OrderDiffers,
    /// `total_fee` is absent, no amount, or another amount.
    AmountDiffers,
    /// `seller_id` or `seller_email` is absent or another seller's.
    SellerDiffers,
    /// `partner` is another one.
    PartnerDiffers,
    /// `trade_status` is absent or none that is known.
    StatusUnknown,
    /// `trade_status` is none of the product's.
    StatusNotInProduct,
    /// The money has not come yet.
    NotPaid,
    /// The same was handled before.
    AlreadyHandled,
    /// A later status was handled before.
    OutOfOrder,
    /// The trade's status was handled before, the refund's was not.
    RefundChanged,
    /// The trade is closed.
    Closed,
    /// The money has come.
    Paid,
    /// The trade went on.
    Advanced,
}

impl Why {
    /// All of them, in the order in which they are looked at.
    pub const ALL: [Self; 14] = [
        Self::OrderUnknown,
        Self::OrderDiffers,
        Self::AmountDiffers,
        Self::SellerDiffers,
        Self::PartnerDiffers,
        Self::StatusUnknown,
        Self::StatusNotInProduct,
        Self::NotPaid,
        Self::AlreadyHandled,
        Self::OutOfOrder,
        Self::RefundChanged,
        Self::Closed,
        Self::Paid,
        Self::Advanced,
    ];

    /// The name in vectors and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OrderUnknown => "order_unknown",
            Self::OrderDiffers => "order_differs",
            Self::AmountDiffers => "amount_differs",
            Self::SellerDiffers => "seller_differs",
            Self::PartnerDiffers => "partner_differs",
            Self::StatusUnknown => "status_unknown",
            Self::StatusNotInProduct => "status_not_in_product",
            Self::NotPaid => "not_paid",
            Self::AlreadyHandled => "already_handled",
            Self::OutOfOrder => "out_of_order",
            Self::RefundChanged => "refund_changed",
            Self::Closed => "closed",
            Self::Paid => "paid",
            Self::Advanced => "advanced",
        }
    }

    /// What follows from it.
    #[must_use]
    pub fn decision(self) -> Decision {
        let (act, answer_success) = match self {
            Self::OrderUnknown
            | Self::OrderDiffers
            | Self::AmountDiffers
            | Self::SellerDiffers
            | Self::PartnerDiffers
            | Self::StatusUnknown
            | Self::StatusNotInProduct => (false, false),
            Self::NotPaid | Self::AlreadyHandled | Self::OutOfOrder => (false, true),
            Self::RefundChanged | Self::Closed | Self::Paid | Self::Advanced => (true, true),
        };
        Decision { act, answer_success, why: self }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Decides what to do about a notification whose signature and origin are verified.
///
/// The checks, in their order, the first that applies being the reason:
///
/// 1. the order exists, and `out_trade_no` is its number;
/// 2. `total_fee` is its amount, as a decimal;
/// 3. `seller_id` and `seller_email` are its seller's, each where the order states one;
/// 4. `partner` is its partner, where both state one;
/// 5. `trade_status` is known, and one of the product's;
/// 6. the money has come, or something later was handled;
/// 7. the status was not handled before, and none later was.
///
/// The order of 1 to 4 and 7 is that of the demos' comments: the order, `total_fee`, `seller_id`, the status, and whether
/// it was handled before. A failed check of 1 to 5 answers no success: the message is repeated, and a person may look.
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
    /// Whether it is this order.
    pub order: Check,
    /// Whether it is this amount.
    pub amount: Check,
    /// Whether it is this seller.
    pub seller: Check,
    /// Whether it is this partner.
    pub partner: Check,
    /// Whether the status is one of the product's.
    pub status: Check,
    /// What the status is to those that were handled before.
    pub progress: fn(&Facts<'_>, &Order) -> Why,
}

/// Why a notification is not this order's; `None` where it may be.
pub type Check = fn(&Facts<'_>, &Order) -> Option<Why>;

/// The checks of [`decide`].
pub const CHECKS: Checks = Checks { order, amount, seller, partner, status, progress };

impl Checks {
    /// [`decide`] with these checks.
    #[must_use]
    pub fn decide(&self, facts: &Facts<'_>, order: Option<&Order>) -> Decision {
        let Some(order) = order else { return Why::OrderUnknown.decision() };
        let checks = [self.order, self.amount, self.seller, self.partner, self.status];
        let failed = checks.iter().find_map(|check| check(facts, order));
        failed.unwrap_or_else(|| (self.progress)(facts, order)).decision()
    }
}

fn order(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    (facts.out_trade_no != Some(order.out_trade_no.as_str())).then_some(Why::OrderDiffers)
}

fn amount(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    let paid = facts.total_fee.and_then(|fee| fee.parse().ok());
    (paid != Some(order.total_fee)).then_some(Why::AmountDiffers)
}

fn seller(facts: &Facts<'_>, order: &Order) -> Option<Why> {
    let sellers = [(&order.seller_id, facts.seller_id), (&order.seller_email, facts.seller_email)];
    let differs = sellers.iter().any(|(ours, theirs)| ours.is_some() && ours.as_deref() != *theirs);
    differs.then_some(Why::SellerDiffers)
}

fn partner(facts: &Facts<'_>, order: &Order) -> Option<Why> {
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
        // A message without a refund status is an earlier one than that which stated it.
        return match facts.refund_status {
            Some(refund) if order.refund_status.as_deref() != Some(refund) => Why::RefundChanged,
            _ => Why::AlreadyHandled,
        };
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

/// The union order serves where the handled status is none of the product's.
fn is_earlier(status: TradeStatus, handled: TradeStatus, product: Product) -> bool {
    match (product.rank(status), product.rank(handled)) {
        (Some(status), Some(handled)) => status < handled,
        _ => Product::Dual.rank(status) < Product::Dual.rank(handled),
    }
}
