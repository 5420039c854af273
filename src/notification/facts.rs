//! [`Order`] and [`Facts`]: what the business checks compare.

use super::{
    Field, Notification, OpenNotification, Product, TradeStatus, WechatEvent, WechatNotification,
};
use crate::protocol::mapi::Amount;

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
    /// The application that sent the request, on the open platform and on WeChat Pay.
    pub app_id: Option<String>,
    /// The merchant, on WeChat Pay.
    pub mch_id: Option<String>,
    /// The last status that was handled.
    pub trade_status: Option<TradeStatus>,
    /// The last refund status that was handled, as the gateway wrote it.
    pub refund_status: Option<String>,
    /// The last sum of refunds that was handled, on the open platform.
    pub refund_fee: Option<Amount>,
    /// The refund whose status was handled last, on WeChat Pay.
    pub out_refund_no: Option<String>,
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
            app_id: None,
            mch_id: None,
            trade_status: None,
            refund_status: None,
            refund_fee: None,
            out_refund_no: None,
        }
    }
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum About {
    /// A trade, of which a refund may be a part.
    #[default]
    Trade,
    /// One refund, on WeChat Pay.
    Refund,
    /// Something else.
    Else,
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
    /// What it is about.
    pub about: About,
    /// Whether the call came through, on WeChat Pay: an empty text where a message of version 2 does not say so, and
    /// nothing where messages do not.
    pub return_code: Option<&'a str>,
    /// Whether the payment succeeded, likewise.
    pub result_code: Option<&'a str>,
    /// The merchant's order number.
    pub out_trade_no: Option<&'a str>,
    /// What the order costs: `total_fee`; `total_amount` on the open platform, `amount.total` in version 3 of WeChat Pay.
    pub total_fee: Option<&'a str>,
    /// The currency of that, on WeChat Pay, where the message states one.
    pub currency: Option<&'a str>,
    /// The seller's user id.
    pub seller_id: Option<&'a str>,
    /// The seller's e-mail.
    pub seller_email: Option<&'a str>,
    /// The partner.
    pub partner: Option<&'a str>,
    /// The application, on the open platform and on WeChat Pay.
    pub app_id: Option<&'a str>,
    /// The merchant, on WeChat Pay.
    pub mch_id: Option<&'a str>,
    /// The kind of the message, on the open platform.
    pub notify_type: Option<&'a str>,
    /// Where the trade stands.
    pub trade_status: Option<&'a str>,
    /// Where a refund stands.
    pub refund_status: Option<&'a str>,
    /// The sum of all refunds so far, on the open platform; what this refund is of, on WeChat Pay.
    pub refund_fee: Option<&'a str>,
    /// The merchant's number of the refund, on WeChat Pay.
    pub out_refund_no: Option<&'a str>,
}

impl<'a> Facts<'a> {
    /// The facts of text pairs. Of a name that stands twice the first counts; verification has refused such a message.
    #[must_use]
    pub fn from_pairs<N: AsRef<str>, V: AsRef<str>>(pairs: &'a [(N, V)]) -> Self {
        let get = |name| value(pairs, name);
        Self {
            out_trade_no: get("out_trade_no"),
            total_fee: get("total_fee"),
            seller_id: get("seller_id"),
            seller_email: get("seller_email"),
            partner: get("partner"),
            trade_status: get("trade_status"),
            refund_status: get("refund_status"),
            ..Self::default()
        }
    }

    /// The facts of text pairs from the open platform.
    ///
    /// ```
    /// use alipay_conformance::notification::Facts;
    ///
    /// let facts = Facts::from_open_pairs(&[("total_amount", "0.01"), ("app_id", "2014072300007148")]);
    /// assert_eq!((facts.total_fee, facts.app_id), (Some("0.01"), Some("2014072300007148")));
    /// ```
    #[must_use]
    pub fn from_open_pairs<N: AsRef<str>, V: AsRef<str>>(pairs: &'a [(N, V)]) -> Self {
        let get = |name| value(pairs, name);
        Self {
            about: about(get("notify_type")),
            out_trade_no: get("out_trade_no"),
            total_fee: get("total_amount"),
            seller_id: get("seller_id"),
            seller_email: get("seller_email"),
            app_id: get("app_id"),
            notify_type: get("notify_type"),
            trade_status: get("trade_status"),
            refund_fee: get("refund_fee"),
            ..Self::default()
        }
    }
}

fn value<'a, N: AsRef<str>, V: AsRef<str>>(pairs: &'a [(N, V)], wanted: &str) -> Option<&'a str> {
    let (_, value) = pairs.iter().find(|(name, _)| name.as_ref() == wanted)?;
    present(value.as_ref())
}

/// What a message of the open platform is about.
fn about(notify_type: Option<&str>) -> About {
    if notify_type == Some("trade_status_sync") { About::Trade } else { About::Else }
}

fn present(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn text<T>(field: &Option<Field<T>>) -> Option<&str> {
    field.as_ref().and_then(|field| present(field.text()))
}

impl<'a> From<&'a Notification> for Facts<'a> {
    fn from(notification: &'a Notification) -> Self {
        let plain = |field: &'a Option<String>| field.as_deref().and_then(present);
        Self {
            out_trade_no: plain(&notification.out_trade_no),
            total_fee: text(&notification.total_fee),
            seller_id: plain(&notification.seller_id),
            seller_email: plain(&notification.seller_email),
            partner: plain(&notification.partner),
            trade_status: text(&notification.trade_status),
            refund_status: text(&notification.refund_status),
            ..Self::default()
        }
    }
}

impl<'a> From<&'a OpenNotification> for Facts<'a> {
    fn from(notification: &'a OpenNotification) -> Self {
        let plain = |field: &'a Option<String>| field.as_deref().and_then(present);
        Self {
            about: about(plain(&notification.notify_type)),
            out_trade_no: plain(&notification.out_trade_no),
            total_fee: text(&notification.total_amount),
            seller_id: plain(&notification.seller_id),
            seller_email: plain(&notification.seller_email),
            app_id: plain(&notification.app_id),
            notify_type: plain(&notification.notify_type),
            trade_status: text(&notification.trade_status),
            refund_fee: text(&notification.refund_fee),
            ..Self::default()
        }
    }
}

impl<'a> From<&'a WechatNotification> for Facts<'a> {
    fn from(notification: &'a WechatNotification) -> Self {
        let plain = |field: &'a Option<String>| field.as_deref().and_then(present);
        let refund_status = text(&notification.refund_status);
        // The notification of a payment has no state: that it succeeded is all that it says.
        let succeeded = plain(&notification.result_code).filter(|code| *code == "SUCCESS");
        let facts = Self {
            return_code: Some(plain(&notification.return_code).unwrap_or_default()),
            result_code: Some(plain(&notification.result_code).unwrap_or_default()),
            out_trade_no: plain(&notification.out_trade_no),
            total_fee: text(&notification.total_fee),
            currency: plain(&notification.fee_type),
            app_id: plain(&notification.appid),
            mch_id: plain(&notification.mch_id),
            trade_status: text(&notification.trade_state).or(succeeded),
            ..Self::default()
        };
        if refund_status.is_none() {
            return facts;
        }
        Self {
            about: About::Refund,
            refund_status,
            refund_fee: text(&notification.refund_fee),
            out_refund_no: plain(&notification.out_refund_no),
            ..facts
        }
    }
}

impl<'a> From<&'a WechatEvent> for Facts<'a> {
    fn from(event: &'a WechatEvent) -> Self {
        let plain = |field: &'a Option<String>| field.as_deref().and_then(present);
        let resource = &event.resource;
        let amount = resource.amount.as_ref();
        let facts = Self {
            about: event.about(),
            notify_type: plain(&event.event_type),
            out_trade_no: plain(&resource.out_trade_no),
            total_fee: amount.and_then(|amount| text(&amount.total)),
            currency: amount.and_then(|amount| plain(&amount.currency)),
            app_id: plain(&resource.appid),
            mch_id: plain(&resource.mchid),
            trade_status: text(&resource.trade_state),
            ..Self::default()
        };
        if facts.about != About::Refund {
            return facts;
        }
        Self {
            refund_status: text(&resource.refund_status),
            refund_fee: amount.and_then(|amount| text(&amount.refund)),
            out_refund_no: plain(&resource.out_refund_no),
            ..facts
        }
    }
}
