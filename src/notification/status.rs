//! Trade status and refund status.

use std::fmt;
use std::str::FromStr;

use super::Product;

/// Defines an enum of the names that the gateway sends.
macro_rules! names {
    (
        $(#[$about:meta])* $type:ident, $error:ident, $what:literal;
        $($(#[$doc:meta])* $variant:ident = $name:literal,)+
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $type {
            $($(#[$doc])* $variant,)+
        }

        impl $type {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name as the gateway sends it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }

        impl FromStr for $type {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                match text { $($name => Ok(Self::$variant),)+ _ => Err($error) }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        #[doc = concat!("A name that is no ", $what, ".")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[error("unknown {}", $what)]
        pub struct $error;
    };
}

names! {
    /// Where a trade stands: `trade_status` of Alipay, `trade_state` of WeChat Pay.
    ///
    /// Sources: the notification tables of the three products; `TRADE_PENDING` is in community code only, and the cash on
    /// delivery statuses are in liuyug/django-alipay. WeChat Pay's are in the table of its query
    /// (<https://pay.weixin.qq.com/doc/v2/partner/4011939979>).
    ///
    /// ```
    /// use alipay_conformance::notification::TradeStatus;
    ///
    /// let status: TradeStatus = "TRADE_SUCCESS".parse()?;
    /// assert!(status.is_paid());
    /// assert!("trade_success".parse::<TradeStatus>().is_err());
    /// # Ok::<(), alipay_conformance::notification::UnknownTradeStatus>(())
    /// ```
    TradeStatus, UnknownTradeStatus, "trade status";
    /// Created, unpaid.
    WaitBuyerPay = "WAIT_BUYER_PAY",
    /// The seller's account cannot receive the money.
    TradePending = "TRADE_PENDING",
    /// Escrow: paid to Alipay, the goods are to be sent.
    WaitSellerSendGoods = "WAIT_SELLER_SEND_GOODS",
    /// Escrow: sent, the buyer is to confirm.
    WaitBuyerConfirmGoods = "WAIT_BUYER_CONFIRM_GOODS",
    /// Instant payment: paid, and may be refunded.
    TradeSuccess = "TRADE_SUCCESS",
    /// Paid for good: nothing more can be done with the trade, except in full refund.
    TradeFinished = "TRADE_FINISHED",
    /// Unpaid for too long, or refunded in full.
    TradeClosed = "TRADE_CLOSED",
    /// Cash on delivery: the goods are to be sent.
    CodWaitSellerSendGoods = "COD_WAIT_SELLER_SEND_GOODS",
    /// Cash on delivery: the buyer is to pay.
    CodWaitBuyerPay = "COD_WAIT_BUYER_PAY",
    /// Cash on delivery: the carrier is to pay the seller.
    CodWaitSysPaySeller = "COD_WAIT_SYS_PAY_SELLER",
    /// WeChat Pay: unpaid.
    NotPay = "NOTPAY",
    /// WeChat Pay: the buyer is paying.
    UserPaying = "USERPAYING",
    /// WeChat Pay: accepted, the money is to be taken.
    Accept = "ACCEPT",
    /// WeChat Pay: the payment failed.
    PayError = "PAYERROR",
    /// WeChat Pay: paid.
    Success = "SUCCESS",
    /// WeChat Pay: paid, and there is a refund.
    Refund = "REFUND",
    /// WeChat Pay: revoked, paid or not.
    Revoked = "REVOKED",
    /// WeChat Pay: closed unpaid.
    Closed = "CLOSED",
}

names! {
    /// Where a refund stands: `refund_status`. It has a life of its own beside the trade's status.
    ///
    /// Source: the notification table of instant payment, in public copies. A full refund gives `TRADE_CLOSED` with
    /// `REFUND_SUCCESS`; after a partial one the trade keeps its status.
    ///
    /// ```
    /// use alipay_conformance::notification::RefundStatus;
    ///
    /// assert_eq!("REFUND_SUCCESS".parse(), Ok(RefundStatus::RefundSuccess));
    /// ```
    RefundStatus, UnknownRefundStatus, "refund status";
    /// The buyer asked; the seller is to agree.
    WaitSellerAgree = "WAIT_SELLER_AGREE",
    /// The seller refused.
    SellerRefuseBuyer = "SELLER_REFUSE_BUYER",
    /// The buyer is to send the goods back.
    WaitBuyerReturnGoods = "WAIT_BUYER_RETURN_GOODS",
    /// The seller is to confirm that they came.
    WaitSellerConfirmGoods = "WAIT_SELLER_CONFIRM_GOODS",
    /// The money went back.
    RefundSuccess = "REFUND_SUCCESS",
    /// No refund will be made.
    RefundClosed = "REFUND_CLOSED",
}

names! {
    /// Where a refund of WeChat Pay stands: its `refund_status`.
    ///
    /// Sources: <https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_16>,
    /// <https://pay.weixin.qq.com/doc/v3/merchant/4012791836>.
    ///
    /// ```
    /// use alipay_conformance::notification::RefundState;
    ///
    /// assert!(RefundState::Abnormal.rank() < "SUCCESS".parse::<RefundState>()?.rank());
    /// # Ok::<(), alipay_conformance::notification::UnknownRefundState>(())
    /// ```
    RefundState, UnknownRefundState, "refund state";
    /// On its way.
    Processing = "PROCESSING",
    /// Version 2: the buyer's account cannot receive it, and the merchant is to do something.
    Change = "CHANGE",
    /// Version 3: the same.
    Abnormal = "ABNORMAL",
    /// The money went back.
    Success = "SUCCESS",
    /// Version 2: no refund will be made.
    RefundClose = "REFUNDCLOSE",
    /// Version 3: the same.
    Closed = "CLOSED",
}

impl RefundState {
    /// How far it is in the life of a refund.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::Processing => 0,
            Self::Change | Self::Abnormal => 1,
            Self::Success | Self::RefundClose | Self::Closed => 2,
        }
    }
}

impl TradeStatus {
    /// Whether the buyer has paid and has not got the money back: `TRADE_SUCCESS`, `TRADE_FINISHED`,
    /// `WAIT_SELLER_SEND_GOODS`, `WAIT_BUYER_CONFIRM_GOODS` or `SUCCESS`.
    #[must_use]
    pub fn is_paid(self) -> bool {
        matches!(
            self,
            Self::TradeSuccess
                | Self::TradeFinished
                | Self::WaitSellerSendGoods
                | Self::WaitBuyerConfirmGoods
                | Self::Success
        )
    }

    /// Whether the trade is over without the money: `TRADE_CLOSED`, `CLOSED` or `REVOKED`.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::TradeClosed | Self::Closed | Self::Revoked)
    }

    /// Whether the money has not come, or not yet: `WAIT_BUYER_PAY`, `TRADE_PENDING`, a cash on delivery status, `NOTPAY`,
    /// `USERPAYING`, `ACCEPT` or `PAYERROR`.
    #[must_use]
    pub fn is_unpaid(self) -> bool {
        !self.is_paid() && !self.is_closed() && self != Self::Refund
    }

    /// Whether it is one of WeChat Pay.
    #[must_use]
    pub fn is_wechat(self) -> bool {
        Product::Jsapi.rank(self).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for status in TradeStatus::ALL {
            assert_eq!(status.to_string().parse(), Ok(*status));
        }
        for status in RefundStatus::ALL {
            assert_eq!(status.to_string().parse(), Ok(*status));
        }
        for state in RefundState::ALL {
            assert_eq!(state.to_string().parse(), Ok(*state));
        }
        assert_eq!("".parse::<TradeStatus>().unwrap_err().to_string(), "unknown trade status");
    }

    #[test]
    fn a_status_is_paid_unpaid_or_closed() {
        for status in TradeStatus::ALL {
            let refunded = *status == TradeStatus::Refund;
            let is = [status.is_paid(), status.is_unpaid(), status.is_closed(), refunded];
            assert_eq!(is.iter().filter(|is| **is).count(), 1, "{status}");
        }
    }
}
