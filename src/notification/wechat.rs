//! [`WechatNotification`] and [`WechatEvent`]: verified messages of WeChat Pay as typed fields.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::message::read;
use super::{About, Field, NotificationError, RefundState, TradeStatus};
use crate::charset::{Charset, CharsetError};
use crate::params::Params;
use crate::protocol::wechatpay::Fen;
use crate::xml::{self, XmlError};

/// A notification of version 2: about a payment, or about a refund, whose fields are those of the envelope and those that
/// its `req_info` decrypts to. The answer to a query has the same fields.
///
/// Every field is optional, as in [`Notification`](super::Notification). What is not named here is in
/// [`other`](Self::other). Nothing here is proof of anything before the signature is verified; a refund has none, and
/// is a hint to ask about it.
///
/// Sources: <https://pay.weixin.qq.com/doc/v2/merchant/4011937248>,
/// <https://pay.weixin.qq.com/doc/v2/partner/4011939979>,
/// <https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_16>.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WechatNotification {
    /// `SUCCESS` where the call came through, which says nothing of money.
    pub return_code: Option<String>,
    /// Why it did not.
    pub return_msg: Option<String>,
    /// The application.
    pub appid: Option<String>,
    /// The merchant.
    pub mch_id: Option<String>,
    /// Something random.
    pub nonce_str: Option<String>,
    /// The sign type that the message names. It never chooses the algorithm.
    pub sign_type: Option<String>,
    /// The signature.
    pub sign: Option<String>,
    /// `SUCCESS` where the payment succeeded.
    pub result_code: Option<String>,
    /// Why it did not.
    pub err_code: Option<String>,
    /// The same in words.
    pub err_code_des: Option<String>,
    /// The buyer, to the application.
    pub openid: Option<String>,
    /// `JSAPI`, `NATIVE`, `APP`, `MWEB` or `MICROPAY`.
    pub trade_type: Option<String>,
    /// Where the trade stands, in the answer to a query.
    pub trade_state: Option<Field<TradeStatus>>,
    /// The buyer's bank.
    pub bank_type: Option<String>,
    /// What the order costs.
    pub total_fee: Option<Field<Fen>>,
    /// The same less coupons that need not be settled.
    pub settlement_total_fee: Option<Field<Fen>>,
    /// The currency, `CNY` where it is absent.
    pub fee_type: Option<String>,
    /// What the buyer paid in cash, less than the order costs where a coupon was used.
    pub cash_fee: Option<Field<Fen>>,
    /// What coupons paid.
    pub coupon_fee: Option<Field<Fen>>,
    /// WeChat Pay's number of the payment.
    pub transaction_id: Option<String>,
    /// The merchant's order number.
    pub out_trade_no: Option<String>,
    /// What the merchant sent along.
    pub attach: Option<String>,
    /// When it was paid, `yyyyMMddHHmmss` in China time.
    pub time_end: Option<String>,
    /// WeChat Pay's number of the refund, as all that follow.
    pub refund_id: Option<String>,
    /// The merchant's number of the refund.
    pub out_refund_no: Option<String>,
    /// What is refunded.
    pub refund_fee: Option<Field<Fen>>,
    /// The same less coupons.
    pub settlement_refund_fee: Option<Field<Fen>>,
    /// Where the refund stands.
    pub refund_status: Option<Field<RefundState>>,
    /// When it succeeded, `yyyy-MM-dd HH:mm:ss`.
    pub success_time: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub other: BTreeMap<String, String>,
}

impl WechatNotification {
    /// The typed fields of a message's parameters.
    ///
    /// # Errors
    /// A name that stands twice, or bytes that are no UTF-8. A value that means nothing is no error: see [`Field`].
    ///
    /// ```
    /// use alipay_conformance::notification::{Order, Product, WechatNotification, Why, decide};
    ///
    /// let notification = WechatNotification::from_pairs(&[
    ///     ("return_code", "SUCCESS"),
    ///     ("result_code", "SUCCESS"),
    ///     ("mch_id", "10000100"),
    ///     ("out_trade_no", "1409811653"),
    ///     ("total_fee", "100"),
    /// ])?;
    /// let mut order = Order::new("1409811653", "1.00".parse()?, Product::Jsapi);
    /// order.mch_id = Some("10000100".into());
    /// assert_eq!(decide(&notification, Some(&order)).why, Why::Paid);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_params(params: &Params) -> Result<Self, NotificationError> {
        read(&params.decode(Charset::Utf8)?)
    }

    /// The typed fields of a refund's envelope, and of the XML that its `req_info` was decrypted to, whose root is `root`.
    ///
    /// # Errors
    /// What was decrypted is no such XML; a name stands in both, or twice in one; bytes that are no UTF-8.
    ///
    /// ```
    /// use alipay_conformance::content::RefundKey;
    /// use alipay_conformance::notification::{RefundState, WechatNotification};
    /// use alipay_conformance::params::Params;
    /// use alipay_conformance::signature::Secret;
    ///
    /// let key = RefundKey::new(&Secret::new("192006250b4c09247ec02edce69f6a2d")?);
    /// let info = key.encrypt(b"<root><refund_status>CHANGE</refund_status><refund_fee>1</refund_fee></root>");
    /// let envelope = Params::from_iter([("return_code", "SUCCESS"), ("mch_id", "10000100"), ("req_info", &*info)]);
    ///
    /// let notification = WechatNotification::from_refund(&envelope, &key.decrypt(&info)?)?;
    /// let status = notification.refund_status.as_ref().and_then(|status| status.value());
    /// assert_eq!((status, notification.mch_id.as_deref()), (Some(&RefundState::Change), Some("10000100")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_refund(envelope: &Params, content: &[u8]) -> Result<Self, RefundNotificationError> {
        let mut pairs = envelope.decode(Charset::Utf8)?;
        pairs.retain(|(name, _)| name != "req_info");
        pairs.extend(xml::fields("root", &Charset::Utf8.decode(content)?)?);
        Ok(read(&pairs)?)
    }

    /// The typed fields of text pairs.
    ///
    /// # Errors
    /// A name that stands twice.
    pub fn from_pairs<N: AsRef<str>, V: AsRef<str>>(
        pairs: &[(N, V)],
    ) -> Result<Self, NotificationError> {
        read(pairs)
    }
}

/// A refund's notification that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RefundNotificationError {
    /// What was decrypted is not the XML that it should be.
    #[error("req_info: {0}")]
    Xml(#[from] XmlError),
    /// Bytes that are no UTF-8.
    #[error(transparent)]
    Charset(#[from] CharsetError),
    /// A name that stands twice.
    #[error(transparent)]
    Notification(#[from] NotificationError),
}

/// A notification of version 3: what it says it is about, and its decrypted resource.
///
/// ```
/// use alipay_conformance::notification::{Order, Product, WechatEvent, Why, decide};
///
/// let resource = r#"{"mchid":"1230000109","out_trade_no":"1217","trade_state":"SUCCESS","amount":{"total":100}}"#;
/// let event = WechatEvent::new("TRANSACTION.SUCCESS", resource)?;
/// let order = Order::new("1217", "1.00".parse()?, Product::Native);
/// assert_eq!(decide(&event, Some(&order)).why, Why::Paid);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WechatEvent {
    /// `TRANSACTION.SUCCESS`, `REFUND.SUCCESS`, `REFUND.ABNORMAL`, `REFUND.CLOSED`, or another one.
    pub event_type: Option<String>,
    /// What is said about it.
    pub resource: WechatResource,
}

impl WechatEvent {
    /// The event of a type, with a decrypted resource.
    ///
    /// # Errors
    /// The resource is no JSON object, a member that is named here stands twice in it, or is of another kind.
    pub fn new(event_type: &str, resource: &str) -> Result<Self, serde_json::Error> {
        Ok(Self {
            event_type: Some(event_type.to_owned()),
            resource: serde_json::from_str(resource)?,
        })
    }

    /// What it is about.
    #[must_use]
    pub fn about(&self) -> About {
        match self.event_type.as_deref() {
            Some("TRANSACTION.SUCCESS") => About::Trade,
            Some("REFUND.SUCCESS" | "REFUND.ABNORMAL" | "REFUND.CLOSED") => About::Refund,
            _ => About::Else,
        }
    }
}

/// The decrypted resource of a notification of version 3, about a payment or a refund.
///
/// Source: <https://pay.weixin.qq.com/doc/v3/merchant/4012791836>.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WechatResource {
    /// The application; a refund names none.
    pub appid: Option<String>,
    /// The merchant.
    pub mchid: Option<String>,
    /// The merchant's order number.
    pub out_trade_no: Option<String>,
    /// WeChat Pay's number of the payment.
    pub transaction_id: Option<String>,
    /// `JSAPI`, `NATIVE`, `APP`, `MWEB` or `MICROPAY`.
    pub trade_type: Option<String>,
    /// Where the trade stands.
    pub trade_state: Option<Field<TradeStatus>>,
    /// What the merchant sent along.
    pub attach: Option<String>,
    /// When it was paid or refunded, by RFC 3339.
    pub success_time: Option<String>,
    /// WeChat Pay's number of the refund.
    pub refund_id: Option<String>,
    /// The merchant's number of the refund.
    pub out_refund_no: Option<String>,
    /// Where the refund stands.
    pub refund_status: Option<Field<RefundState>>,
    /// The amounts.
    pub amount: Option<WechatAmount>,
    /// All other members.
    #[serde(flatten)]
    pub other: BTreeMap<String, Value>,
}

/// The amounts of a resource, each with the JSON text that stands for it: what is no number has no [`Fen`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WechatAmount {
    /// What the order costs.
    #[serde(deserialize_with = "number")]
    pub total: Option<Field<Fen>>,
    /// What the buyer paid, less than the order costs where a coupon was used.
    #[serde(deserialize_with = "number")]
    pub payer_total: Option<Field<Fen>>,
    /// What is refunded.
    #[serde(deserialize_with = "number")]
    pub refund: Option<Field<Fen>>,
    /// What the buyer gets of it.
    #[serde(deserialize_with = "number")]
    pub payer_refund: Option<Field<Fen>>,
    /// The currency.
    pub currency: Option<String>,
    /// All other members.
    #[serde(flatten)]
    pub other: BTreeMap<String, Value>,
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Field<Fen>>, D::Error> {
    let value = Option::<Value>::deserialize(deserializer)?;
    Ok(value.map(|value| Field::new(value.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_once_it_is_text() {
        let params = Params::from_iter([("total_fee", "1"), ("attach", "测试")]);
        let read = WechatNotification::from_params(&params).unwrap();
        assert_eq!(read.total_fee.unwrap().value().copied(), "1".parse().ok());
        assert_eq!(read.attach.as_deref(), Some("测试"));
        let mut params = Params::new();
        params.push(b"attach", b"\xFF");
        assert!(WechatNotification::from_params(&params).is_err());
    }

    #[test]
    fn a_refund_is_its_envelope_and_what_is_in_it() {
        let envelope = Params::from_iter([("return_code", "SUCCESS"), ("req_info", "x")]);
        let from = |content: &[u8]| WechatNotification::from_refund(&envelope, content);
        let refund = from(b"<root><refund_recv_accout>x</refund_recv_accout></root>").unwrap();
        assert_eq!(refund.other["refund_recv_accout"], "x");
        assert!(!refund.other.contains_key("req_info"));
        let text = |content: &[u8]| from(content).unwrap_err().to_string();
        assert_eq!(text(b"<xml/>"), "req_info: the root is \"xml\": expected \"root\"");
        let twice = b"<root><return_code>SUCCESS</return_code></root>";
        assert_eq!(text(twice), "field \"return_code\" stands twice");
        assert!(matches!(from(b"\xFF"), Err(RefundNotificationError::Charset(_))));
    }

    #[test]
    fn a_resource_is_an_object() {
        for text in [
            "",
            "[]",
            r#"["wx","1"]"#,
            "null",
            r#"{"amount":[100]}"#,
            r#"{"appid":1}"#,
            r#"{"a":1"#,
        ] {
            assert!(WechatEvent::new("TRANSACTION.SUCCESS", text).is_err(), "{text:?}");
        }
        let twice = r#"{"mchid":"1","mchid":"2"}"#;
        let error = WechatEvent::new("TRANSACTION.SUCCESS", twice).unwrap_err();
        assert!(error.to_string().starts_with("duplicate field `mchid`"), "{error}");
    }

    #[test]
    fn an_amount_is_a_number_of_json() {
        let total = |text: &str| {
            let json = format!(r#"{{"amount":{{"total":{text}}}}}"#);
            let event = WechatEvent::new("TRANSACTION.SUCCESS", &json).unwrap();
            event.resource.amount.unwrap().total.map(|total| total.value().copied())
        };
        assert_eq!(total("100"), Some("100".parse().ok()));
        assert_eq!(total("null"), None);
        for text in ["\"100\"", "100.0", "1e2", "-1", "[100]", "true", "99999999999999999999"] {
            assert_eq!(total(text), Some(None), "{text}");
        }
    }
}
