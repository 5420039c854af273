//! [`Product`]: what was sold, and which status may follow which.

use super::TradeStatus;
use crate::protocol::mapi::Amount;
use crate::protocol::wechatpay::Fen;

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
    /// WeChat Pay on a page in WeChat, or in a mini program.
    Jsapi,
    /// WeChat Pay by a code that the buyer scans.
    Native,
    /// WeChat Pay in an app.
    WechatApp,
    /// WeChat Pay on a page elsewhere.
    H5,
}

impl Product {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Instant,
        Self::Escrow,
        Self::Dual,
        Self::Page,
        Self::App,
        Self::Wap,
        Self::FaceToFace,
        Self::Jsapi,
        Self::Native,
        Self::WechatApp,
        Self::H5,
    ];

    /// The name in vectors; `app` is one of either family.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Escrow => "escrow",
            Self::Dual => "dual",
            Self::Page => "page",
            Self::App | Self::WechatApp => "app",
            Self::Wap => "wap",
            Self::FaceToFace => "face_to_face",
            Self::Jsapi => "jsapi",
            Self::Native => "native",
            Self::H5 => "h5",
        }
    }

    /// Whether it is sold through WeChat Pay.
    ///
    /// ```
    /// use alipay_conformance::notification::Product;
    ///
    /// assert!(Product::WechatApp.is_wechat() && !Product::App.is_wechat());
    /// ```
    #[must_use]
    pub fn is_wechat(self) -> bool {
        matches!(self, Self::Jsapi | Self::Native | Self::WechatApp | Self::H5)
    }

    /// An amount as the product's messages write it: fen with WeChat Pay, or else yuan.
    ///
    /// ```
    /// use alipay_conformance::notification::Product;
    ///
    /// let fen = Product::Native.amount("100");
    /// assert_eq!(fen, Product::Page.amount("1.00"));
    /// assert_eq!(Product::Native.amount("1.00"), None);
    /// ```
    #[must_use]
    pub fn amount(self, text: &str) -> Option<Amount> {
        match self.is_wechat() {
            true => text.parse().ok().map(|fen: Fen| fen.amount()),
            false => text.parse().ok(),
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
        if self.is_wechat() {
            return match status {
                S::NotPay | S::UserPaying | S::Accept | S::PayError => Some(0),
                S::Success => Some(1),
                S::Refund => Some(2),
                S::Revoked | S::Closed => Some(3),
                _ => None,
            };
        }
        let [pending, send, confirm, success, finished, closed] = match self {
            Self::Instant => [Some(1), None, None, Some(2), Some(3), Some(4)],
            Self::Escrow => [None, Some(1), Some(2), None, Some(3), Some(4)],
            Self::Dual => [Some(1), Some(2), Some(3), Some(3), Some(4), Some(5)],
            _ => [None, None, None, Some(1), Some(2), Some(3)],
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
            _ => None,
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
            (_, status) if status.is_closed() => &[],
            (_, S::NotPay | S::UserPaying | S::Accept | S::PayError) => {
                &[S::Success, S::Revoked, S::Closed]
            }
            (_, S::Success) => &[S::Refund, S::Revoked],
            (_, S::Refund) => &[S::Revoked],
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
    fn no_status_is_of_both_families() {
        for status in TradeStatus::ALL {
            let of = |family: bool| {
                Product::ALL
                    .iter()
                    .filter(|product| product.is_wechat() == family)
                    .any(|product| product.rank(*status).is_some())
            };
            assert_eq!(
                (of(true), of(false)),
                (status.is_wechat(), !status.is_wechat()),
                "{status}"
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
        for status in TradeStatus::ALL.iter().filter(|status| !status.is_wechat()) {
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
            if product.is_wechat() {
                continue;
            }
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
