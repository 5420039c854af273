//! [`OpenNotification`]: verified parameters of the open platform as typed fields.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::message::read;
use super::{Field, NotificationError, TradeStatus};
use crate::charset::Charset;
use crate::params::Params;
use crate::protocol::mapi::{Amount, Time};

/// A notify or return of the open platform about a trade. A refund is announced as one too.
///
/// Every field is optional, as in [`Notification`](super::Notification): which are there depends on the product and on
/// whether it is a notify or a return, which has no `trade_status` and proves no payment. What the documents do not
/// name is in [`other`](Self::other). Nothing here is proof of anything before the signature is verified.
///
/// Sources: the notification tables of the products (<https://opendocs.alipay.com/open/270/105902>,
/// <https://opendocs.alipay.com/open/203/105286>, <https://opendocs.alipay.com/open/194/103296>).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OpenNotification {
    /// When the message was sent.
    pub notify_time: Option<Field<Time>>,
    /// `trade_status_sync`, or the kind of another message.
    pub notify_type: Option<String>,
    /// The message's id, the same in each repeat of one message.
    pub notify_id: Option<String>,
    /// The charset in which the message is written.
    pub charset: Option<String>,
    /// `1.0`
    pub version: Option<String>,
    /// The sign type that the message names. It never chooses the algorithm.
    pub sign_type: Option<String>,
    /// The signature.
    pub sign: Option<String>,
    /// The application that sent the request.
    pub app_id: Option<String>,
    /// The application that was authorised by the merchant, where another acts for it.
    pub auth_app_id: Option<String>,
    /// The merchant's order number.
    pub out_trade_no: Option<String>,
    /// Alipay's trade number.
    pub trade_no: Option<String>,
    /// The merchant's number of the refund.
    pub out_biz_no: Option<String>,
    /// The buyer's user id.
    pub buyer_id: Option<String>,
    /// The buyer's account, masked.
    pub buyer_logon_id: Option<String>,
    /// The seller's user id.
    pub seller_id: Option<String>,
    /// The seller's account.
    pub seller_email: Option<String>,
    /// Where the trade stands.
    pub trade_status: Option<Field<TradeStatus>>,
    /// What the order costs; the same in the notification of a refund.
    pub total_amount: Option<Field<Amount>>,
    /// What the merchant receives.
    pub receipt_amount: Option<Field<Amount>>,
    /// What an invoice may be written for.
    pub invoice_amount: Option<Field<Amount>>,
    /// What the buyer paid, less than the order costs where a coupon was used.
    pub buyer_pay_amount: Option<Field<Amount>>,
    /// What was paid in points.
    pub point_amount: Option<Field<Amount>>,
    /// The sum of all refunds so far.
    pub refund_fee: Option<Field<Amount>>,
    /// What the merchant paid back itself.
    pub send_back_fee: Option<Field<Amount>>,
    /// The order's title.
    pub subject: Option<String>,
    /// The order's description.
    pub body: Option<String>,
    /// When the trade was created.
    pub gmt_create: Option<Field<Time>>,
    /// When it was paid.
    pub gmt_payment: Option<Field<Time>>,
    /// When it was refunded, with milliseconds, so the text has no [`Time`].
    pub gmt_refund: Option<String>,
    /// When it was closed.
    pub gmt_close: Option<Field<Time>>,
    /// What it was paid from, as JSON.
    pub fund_bill_list: Option<String>,
    /// The coupons, as JSON.
    pub voucher_detail_list: Option<String>,
    /// What the merchant sent along, still percent-encoded as the merchant wrote it.
    pub passback_params: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub other: BTreeMap<String, String>,
}

impl OpenNotification {
    /// The typed fields of decoded parameters, in any charset.
    ///
    /// # Errors
    /// A name that stands twice, or bytes that are no text of the charset. A value that means nothing is no error:
    /// see [`Field`].
    ///
    /// ```
    /// use alipay_conformance::charset::Charset;
    /// use alipay_conformance::form;
    /// use alipay_conformance::notification::{OpenNotification, Order, Product, Why, decide};
    ///
    /// let params = form::decode(
    ///     b"notify_type=trade_status_sync&out_trade_no=42&total_amount=0.10&trade_status=TRADE_SUCCESS\
    ///       &app_id=2014072300007148",
    /// )?;
    /// let notification = OpenNotification::from_params(&params, Charset::Utf8)?;
    ///
    /// let mut order = Order::new("42", "0.1".parse()?, Product::Page);
    /// order.app_id = Some("2014072300007148".into());
    /// assert_eq!(decide(&notification, Some(&order)).why, Why::Paid);
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
