//! [`Decision`]: what to do about a notification, and [`Why`].

use std::fmt;

/// The seven bytes that end the repeats of a notify of Alipay: nothing before them, nothing behind them.
///
/// ```
/// assert_eq!(alipay_conformance::notification::SUCCESS, b"success");
/// ```
pub const SUCCESS: &[u8; 7] = b"success";

/// What to do about a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Decision {
    /// Whether to do something about the order, and to store the statuses as handled.
    pub act: bool,
    /// Whether to answer success, after which the message is not repeated.
    pub answer_success: bool,
    /// Why.
    pub why: Why,
}

impl Decision {
    /// The body of the answer to a notify of Alipay: [`SUCCESS`], or `fail`, after which the message is repeated. What
    /// WeChat Pay is answered is in [`reply`](crate::protocol::wechatpay::reply).
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
    /// `return_code` is absent or not `SUCCESS`, on WeChat Pay.
    CallFailed,
    /// It is about something else: `notify_type` is absent or not that of a trade, on the open platform; `event_type` is
    /// absent or neither that of a payment nor that of a refund, on WeChat Pay.
    KindDiffers,
    /// `out_trade_no` is absent or another order's.
    OrderDiffers,
    /// `total_fee`, `total_amount` or `amount.total` is absent, no amount, or another amount; or `refund_fee` is no
    /// amount, or more than the order's.
    AmountDiffers,
    /// `seller_id` or `seller_email` is absent or another seller's.
    SellerDiffers,
    /// `mch_id` or `mchid` is absent or another merchant's, on WeChat Pay.
    MerchantDiffers,
    /// `partner` is another one.
    PartnerDiffers,
    /// `app_id` or `appid` is absent or another application's.
    AppDiffers,
    /// `trade_status` is absent or none that is known; so with `result_code`, `trade_state` and the `refund_status` of a
    /// refund.
    StatusUnknown,
    /// `trade_status` is none of the product's.
    StatusNotInProduct,
    /// The money has not come, or not yet.
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
    pub const ALL: [Self; 18] = [
        Self::OrderUnknown,
        Self::CallFailed,
        Self::KindDiffers,
        Self::OrderDiffers,
        Self::AmountDiffers,
        Self::SellerDiffers,
        Self::MerchantDiffers,
        Self::PartnerDiffers,
        Self::AppDiffers,
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
            Self::CallFailed => "call_failed",
            Self::KindDiffers => "kind_differs",
            Self::OrderDiffers => "order_differs",
            Self::AmountDiffers => "amount_differs",
            Self::SellerDiffers => "seller_differs",
            Self::MerchantDiffers => "merchant_differs",
            Self::PartnerDiffers => "partner_differs",
            Self::AppDiffers => "app_differs",
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
            | Self::CallFailed
            | Self::KindDiffers
            | Self::OrderDiffers
            | Self::AmountDiffers
            | Self::SellerDiffers
            | Self::MerchantDiffers
            | Self::PartnerDiffers
            | Self::AppDiffers
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
