//! [`Notification`] and [`RefundNotification`]: verified parameters as typed fields.

use std::collections::{BTreeMap, BTreeSet};

use form_urlencoded::Serializer;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Field, RefundStatus, TradeStatus, YesNo};
use crate::charset::{Charset, CharsetError};
use crate::params::Params;
use crate::protocol::mapi::list::ListError;
use crate::protocol::mapi::refund::{RefundResult, parse_result_details};
use crate::protocol::mapi::{Amount, Discount, Time};

/// A notify or return about a trade.
///
/// Every field is optional: which are there depends on the product, the charset, the year, and on whether it is a
/// notify (n) or a return (r). A field with an empty value is there with an empty text. What the documents do not name
/// is in [`other`](Self::other). Nothing here is proof of anything before the signature is verified.
///
/// It implements `Deserialize`, so a web framework can read a UTF-8 form into it; it refuses duplicates then as well,
/// except among the other fields. For GBK, and for bodies that may be broken, [`from_params`](Self::from_params) is the
/// way, because form readers replace what they cannot decode without a word.
///
/// Source: the notification tables of the products, in public copies
/// (<https://docs.antom.com/ac/web/notifications> for cross-border), and captured messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Notification {
    /// When the message was sent.
    pub notify_time: Option<Field<Time>>,
    /// `trade_status_sync`
    pub notify_type: Option<String>,
    /// The message's id, for the notify_id check; the same in each repeat of one message.
    pub notify_id: Option<String>,
    /// The sign type that the message names. It never chooses the algorithm.
    pub sign_type: Option<String>,
    /// The signature.
    pub sign: Option<String>,
    /// The merchant's order number.
    pub out_trade_no: Option<String>,
    /// The order's title.
    pub subject: Option<String>,
    /// `1`, with few exceptions.
    pub payment_type: Option<String>,
    /// Alipay's trade number, 16 to 64 characters.
    pub trade_no: Option<String>,
    /// Where the trade stands.
    pub trade_status: Option<Field<TradeStatus>>,
    /// When the trade was created (n).
    pub gmt_create: Option<Field<Time>>,
    /// When it was paid (n).
    pub gmt_payment: Option<Field<Time>>,
    /// When it was closed (n).
    pub gmt_close: Option<Field<Time>>,
    /// When it was refunded (n).
    pub gmt_refund: Option<Field<Time>>,
    /// Where a refund stands (n).
    pub refund_status: Option<Field<RefundStatus>>,
    /// The seller's account, e-mail or mobile number.
    pub seller_email: Option<String>,
    /// The seller's user id.
    pub seller_id: Option<String>,
    /// The buyer's account, e-mail or mobile number.
    pub buyer_email: Option<String>,
    /// The buyer's user id.
    pub buyer_id: Option<String>,
    /// The unit price; the total where the order stated only that (n).
    pub price: Option<Field<Amount>>,
    /// What was paid. With coupons the order's amount is this and the discount's absolute value.
    pub total_fee: Option<Field<Amount>>,
    /// How many; 1 where the order stated only the total (n).
    pub quantity: Option<Field<u32>>,
    /// The order's description.
    pub body: Option<String>,
    /// What was added to the amount, negative for a reduction (n).
    pub discount: Option<Field<Discount>>,
    /// Whether the seller changed the total (n).
    pub is_total_fee_adjust: Option<Field<YesNo>>,
    /// Whether the buyer used a coupon (n).
    pub use_coupon: Option<Field<YesNo>>,
    /// What the merchant sent along, echoed.
    pub extra_common_param: Option<String>,
    /// `qrpay` where the buyer scanned a code (n).
    pub business_scene: Option<String>,
    /// `T`: the call went through, which says nothing of money (r).
    pub is_success: Option<String>,
    /// The service that was called (r).
    pub exterface: Option<String>,
    /// The service that was called, in other products (r).
    pub service: Option<String>,
    /// The bank's number of the payment (r).
    pub bank_seq_no: Option<String>,
    /// How goods are sent; escrow, as all that follow up to the discount by coupon.
    pub logistics_type: Option<String>,
    /// What sending costs.
    pub logistics_fee: Option<Field<Amount>>,
    /// Who pays it.
    pub logistics_payment: Option<String>,
    /// The recipient.
    pub receive_name: Option<String>,
    /// The recipient's address.
    pub receive_address: Option<String>,
    /// The recipient's postal code.
    pub receive_zip: Option<String>,
    /// The recipient's telephone.
    pub receive_phone: Option<String>,
    /// The recipient's mobile telephone.
    pub receive_mobile: Option<String>,
    /// When the goods were sent.
    pub gmt_send_goods: Option<Field<Time>>,
    /// When the shipment last changed.
    pub gmt_logistics_modify: Option<Field<Time>>,
    /// What the seller can do next, such as `SEND_GOODS`.
    pub seller_actions: Option<String>,
    /// What the buyer can do next.
    pub buyer_actions: Option<String>,
    /// The reduction by coupon.
    pub coupon_discount: Option<Field<Discount>>,
    /// The currency of a cross-border trade.
    pub currency: Option<String>,
    /// The partner that sent the request; only few products echo it.
    pub partner: Option<String>,
    /// The charset that the message names. The configured one counts.
    #[serde(rename = "_input_charset")]
    pub input_charset: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub other: BTreeMap<String, String>,
}

impl Notification {
    /// The typed fields of decoded parameters, in any charset.
    ///
    /// # Errors
    /// A name that stands twice, or bytes that are no text of the charset. A value that means nothing is no error:
    /// see [`Field`].
    ///
    /// ```
    /// use alipay_conformance::charset::Charset;
    /// use alipay_conformance::form;
    /// use alipay_conformance::notification::{Notification, TradeStatus};
    ///
    /// let params = form::decode(b"subject=%B6%A9%B5%A5&trade_status=TRADE_FINISHED&total_fee=10.00&x=1")?;
    /// let notification = Notification::from_params(&params, Charset::Gbk)?;
    /// assert_eq!(notification.subject.as_deref(), Some("订单"));
    /// let status = notification.trade_status.as_ref().and_then(|status| status.value());
    /// assert_eq!(status, Some(&TradeStatus::TradeFinished));
    /// assert_eq!(notification.other["x"], "1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_params(params: &Params, charset: Charset) -> Result<Self, NotificationError> {
        read(&params.decode(charset)?)
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

/// The notify about a batch refund, `notify_type=batch_refund_notify`.
///
/// Source: the documentation of `refund_fastpay_by_platform_pwd`, in public copies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RefundNotification {
    /// When the message was sent.
    pub notify_time: Option<Field<Time>>,
    /// `batch_refund_notify`
    pub notify_type: Option<String>,
    /// The message's id, for the notify_id check.
    pub notify_id: Option<String>,
    /// The sign type that the message names. It never chooses the algorithm.
    pub sign_type: Option<String>,
    /// The signature.
    pub sign: Option<String>,
    /// The batch.
    pub batch_no: Option<String>,
    /// How many refunds succeeded, from 0.
    pub success_num: Option<Field<u32>>,
    /// What became of each; [`results`](Self::results) reads it.
    pub result_details: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub other: BTreeMap<String, String>,
}

impl RefundNotification {
    /// The typed fields of decoded parameters, in any charset.
    ///
    /// # Errors
    /// As [`Notification::from_params`].
    ///
    /// ```
    /// use alipay_conformance::charset::Charset;
    /// use alipay_conformance::form;
    /// use alipay_conformance::notification::RefundNotification;
    ///
    /// let params = form::decode(
    ///     b"batch_no=20160527RP201605260001101&success_num=1\
    ///       &result_details=2016052621001004180237340740%5E0.10%5ESUCCESS",
    /// )?;
    /// let notification = RefundNotification::from_params(&params, Charset::Utf8)?;
    /// assert!(notification.results()?[0].succeeded());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_params(params: &Params, charset: Charset) -> Result<Self, NotificationError> {
        read(&params.decode(charset)?)
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

    /// What became of each refund. The official sample says `success_num=2` with one item, so the two are not compared.
    ///
    /// # Errors
    /// As [`parse_result_details`]; an absent `result_details` has no items.
    pub fn results(&self) -> Result<Vec<RefundResult<'_>>, ListError> {
        parse_result_details(self.result_details.as_deref().unwrap_or_default())
    }
}

/// Parameters that make no notification.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationError {
    /// A name stands twice. The gateway sends none, and readers differ in which one they take.
    #[error("field {name:?} stands twice")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// Bytes that are no text of the charset.
    #[error(transparent)]
    Charset(#[from] CharsetError),
    /// A field of another shape than its type's.
    #[error("{0}")]
    Shape(String),
}

/// Text of whatever charset is written as a UTF-8 form once more, so that one reader serves all charsets.
pub(super) fn read<T: DeserializeOwned>(
    pairs: &[(impl AsRef<str>, impl AsRef<str>)],
) -> Result<T, NotificationError> {
    let mut names = BTreeSet::new();
    if let Some((name, _)) = pairs.iter().find(|(name, _)| !names.insert(name.as_ref())) {
        return Err(NotificationError::Duplicate { name: name.as_ref().into() });
    }
    let form = Serializer::new(String::new()).extend_pairs(pairs).finish();
    serde_urlencoded::from_str(&form).map_err(|error| NotificationError::Shape(error.to_string()))
}
