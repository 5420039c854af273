//! Trade status, refund status, and which status may follow which in which product.

use std::fmt;
use std::str::FromStr;

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
    /// Where a trade stands: `trade_status`.
    ///
    /// Source: the notification tables of the three products; `TRADE_PENDING` is in community code only, and the cash on
    /// delivery statuses are in liuyug/django-alipay.
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

impl TradeStatus {
    /// Whether the buyer has paid and has not got the money back: `TRADE_SUCCESS`, `TRADE_FINISHED`,
    /// `WAIT_SELLER_SEND_GOODS` or `WAIT_BUYER_CONFIRM_GOODS`.
    #[must_use]
    pub fn is_paid(self) -> bool {
        matches!(
            self,
            Self::TradeSuccess
                | Self::TradeFinished
                | Self::WaitSellerSendGoods
                | Self::WaitBuyerConfirmGoods
        )
    }

    /// Whether the money has not come yet: `WAIT_BUYER_PAY`, `TRADE_PENDING` or a cash on delivery status.
    #[must_use]
    pub fn is_unpaid(self) -> bool {
        !self.is_paid() && self != Self::TradeClosed
    }
}

/// What was sold, which decides the life of the trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Product {
    /// Instant payment, `create_direct_pay_by_user`.
    Instant,
    /// Escrow, `create_partner_trade_by_buyer`.
    Escrow,
    /// `trade_create_by_buyer`: the buyer chooses either.
    Dual,
    /// The open platform's payment on a page, `alipay.trade.page.pay`.
    Page,
    /// The open platform's payment in an app, `alipay.trade.app.pay`.
    App,
    /// The open platform's payment on a mobile page, `alipay.trade.wap.pay`.
    Wap,
    /// The open platform's payment face to face, `alipay.trade.pay` and `alipay.trade.precreate`.
    FaceToFace,
}

impl Product {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Instant,
        Self::Escrow,
        Self::Dual,
        Self::Page,
        Self::App,
        Self::Wap,
        Self::FaceToFace,
    ];

    /// The name in vectors.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Escrow => "escrow",
            Self::Dual => "dual",
            Self::Page => "page",
            Self::App => "app",
            Self::Wap => "wap",
            Self::FaceToFace => "face_to_face",
        }
    }

    /// Whether it is sold through the open platform.
    ///
    /// ```
    /// use alipay_conformance::notification::Product;
    ///
    /// assert!(Product::FaceToFace.is_open_platform() && !Product::Dual.is_open_platform());
    /// ```
    #[must_use]
    pub fn is_open_platform(self) -> bool {
        matches!(self, Self::Page | Self::App | Self::Wap | Self::FaceToFace)
    }

    /// Whether a status is announced without having asked for it; nothing where the documents do not say so in one
    /// voice, as for the legacy gateway. What comes all the same means what it means.
    ///
    /// Sources: <https://opendocs.alipay.com/open/270/105902>, <https://opendocs.alipay.com/open/203/105286>,
    /// <https://opendocs.alipay.com/open/194/103296>, <https://developer.aliyun.com/article/707649>; they differ on
    /// `TRADE_FINISHED` of payment on a mobile page.
    ///
    /// ```
    /// use alipay_conformance::notification::{Product, TradeStatus};
    ///
    /// assert_eq!(Product::App.announces(TradeStatus::TradeFinished), Some(true));
    /// assert_eq!(Product::Page.announces(TradeStatus::WaitBuyerPay), Some(false));
    /// assert_eq!(Product::Wap.announces(TradeStatus::TradeFinished), None);
    /// ```
    #[must_use]
    pub fn announces(self, status: TradeStatus) -> Option<bool> {
        use TradeStatus as S;
        let mobile = matches!(self, Self::App | Self::Wap);
        match (self.is_open_platform(), status) {
            (true, S::WaitBuyerPay) => Some(false),
            (true, S::TradeSuccess) => Some(true),
            (true, S::TradeFinished) if self == Self::Wap => None,
            (true, S::TradeFinished | S::TradeClosed) => Some(mobile),
            _ => None,
        }
    }

    /// How far a status is in the life of a trade; nothing where the product has no such status.
    ///
    /// Two notifications of one trade may come out of order, and the one of higher rank is the later. Ranks of different
    /// products do not compare.
    ///
    /// ```
    /// use alipay_conformance::notification::{Product, TradeStatus};
    ///
    /// let rank = |status| Product::Escrow.rank(status);
    /// assert!(rank(TradeStatus::WaitSellerSendGoods) < rank(TradeStatus::TradeFinished));
    /// assert_eq!(rank(TradeStatus::TradeSuccess), None);
    /// ```
    #[must_use]
    pub fn rank(self, status: TradeStatus) -> Option<u8> {
        use TradeStatus as S;
        let [pending, send, confirm, success, finished, closed] = match self {
            Self::Instant => [Some(1), None, None, Some(2), Some(3), Some(4)],
            Self::Escrow => [None, Some(1), Some(2), None, Some(3), Some(4)],
            Self::Dual => [Some(1), Some(2), Some(3), Some(3), Some(4), Some(5)],
            Self::Page | Self::App | Self::Wap | Self::FaceToFace => {
                [None, None, None, Some(1), Some(2), Some(3)]
            }
        };
        match status {
            S::WaitBuyerPay => Some(0),
            S::CodWaitSellerSendGoods | S::CodWaitBuyerPay | S::CodWaitSysPaySeller => {
                matches!(self, Self::Escrow | Self::Dual).then_some(0)
            }
            S::TradePending => pending,
            S::WaitSellerSendGoods => send,
            S::WaitBuyerConfirmGoods => confirm,
            S::TradeSuccess => success,
            S::TradeFinished => finished,
            S::TradeClosed => closed,
        }
    }

    /// Which statuses the documents let follow a status directly.
    ///
    /// A notification may be lost or overtaken, so a handler compares [`rank`](Self::rank) and does not insist on this.
    /// Cash on delivery and `TRADE_PENDING` have no documented order and no successors here, except that every trade
    /// may be closed. In [`Product::Dual`] the buyer's choice decides which product's order it is.
    ///
    /// Source: the articles on the three products (<https://blog.csdn.net/weixin_30772261/article/details/99259347>).
    ///
    /// ```
    /// use alipay_conformance::notification::{Product, TradeStatus};
    ///
    /// let next = Product::Escrow.next(TradeStatus::WaitBuyerPay);
    /// assert_eq!(next, [TradeStatus::WaitSellerSendGoods, TradeStatus::TradeClosed]);
    /// ```
    #[must_use]
    pub fn next(self, status: TradeStatus) -> Vec<TradeStatus> {
        use TradeStatus as S;
        if self == Self::Dual {
            let mut next = Self::Instant.next(status);
            let escrow = Self::Escrow.next(status);
            next.extend(
                escrow.into_iter().filter(|status| !next.contains(status)).collect::<Vec<_>>(),
            );
            return next;
        }
        if self.rank(status).is_none() {
            return Vec::new();
        }
        let next: &[S] = match (self, status) {
            (_, S::TradeClosed) => &[],
            (Self::Escrow, S::WaitBuyerPay) => &[S::WaitSellerSendGoods, S::TradeClosed],
            (Self::Escrow, S::WaitSellerSendGoods) => &[S::WaitBuyerConfirmGoods, S::TradeClosed],
            (Self::Escrow, S::WaitBuyerConfirmGoods) => &[S::TradeFinished, S::TradeClosed],
            (_, S::WaitBuyerPay) => &[S::TradeSuccess, S::TradeFinished, S::TradeClosed],
            (_, S::TradeSuccess) => &[S::TradeFinished, S::TradeClosed],
            _ => &[S::TradeClosed],
        };
        next.to_vec()
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
        assert_eq!("".parse::<TradeStatus>().unwrap_err().to_string(), "unknown trade status");
    }

    #[test]
    fn a_status_is_paid_unpaid_or_closed() {
        for status in TradeStatus::ALL {
            let closed = *status == TradeStatus::TradeClosed;
            assert_eq!(
                [status.is_paid(), status.is_unpaid(), closed].iter().filter(|is| **is).count(),
                1
            );
        }
    }

    #[test]
    fn what_follows_ranks_higher() {
        for product in Product::ALL {
            for status in TradeStatus::ALL {
                for next in product.next(*status) {
                    assert!(product.rank(next) > product.rank(*status), "{status} {next}");
                }
            }
        }
    }

    #[test]
    fn the_dual_product_has_the_statuses_of_both() {
        for status in TradeStatus::ALL {
            assert!(Product::Dual.rank(*status).is_some());
            let either = [Product::Instant, Product::Escrow]
                .iter()
                .any(|product| product.rank(*status).is_some());
            assert!(either, "{status}");
        }
    }

    #[test]
    fn the_ranks_keep_each_products_order() {
        for product in Product::ALL {
            for one in TradeStatus::ALL {
                for other in TradeStatus::ALL {
                    if let (Some(first), Some(second)) = (product.rank(*one), product.rank(*other))
                    {
                        assert_eq!(
                            first.cmp(&second),
                            Product::Dual.rank(*one).cmp(&Product::Dual.rank(*other)),
                            "{one} {other}"
                        );
                    }
                }
            }
        }
    }
}
