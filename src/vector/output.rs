//! What an operation puts out, stage by stage: expected by a vector, or shown by an implementation.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::charset::Charset;
use crate::params::Params;
use crate::vector::bytes::from_base64;
use crate::vector::input::TextPairs;

/// The stages' values; what is not known, or not shown, is `None`.
///
/// Bytes are in the charset of the case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The decoded parameters.
    pub decoded: Option<Params>,
    /// The parameters that are signed.
    pub filtered: Option<Params>,
    /// The same, in their order.
    pub sorted: Option<Params>,
    /// The string to sign.
    pub string_to_sign: Option<Vec<u8>>,
    /// The signature as it stands in `sign`.
    pub signature: Option<String>,
    /// The URL.
    pub wire: Option<String>,
    /// The page, in the charset of the case.
    pub html: Option<Vec<u8>>,
    /// What the page submits.
    pub form: Option<Form>,
    /// The signed text for the wallet.
    pub order_string: Option<String>,
    /// The XML of a request.
    pub xml: Option<String>,
    /// The parameters with which the wallet is called up.
    pub client_params: Option<TextPairs>,
    /// The reply to a notification.
    pub reply: Option<HttpReply>,
    /// The headers that carry the signature.
    pub headers: Option<TextPairs>,
    /// The cause found by a diagnosis.
    pub cause: Option<String>,
    /// What to do about a notification.
    pub decision: Option<Decision>,
    /// The items of a refund.
    pub items: Option<Vec<RefundItem>>,
    /// What was encrypted or decrypted.
    pub content: Option<Vec<u8>>,
    /// The serial number of a certificate, as requests name it.
    pub sn: Option<String>,
}

/// What a page submits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The address it goes to.
    pub action: String,
    /// The fields.
    pub fields: TextPairs,
}

/// The reply to a notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpReply {
    /// The status of HTTP.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// What to do about a verified notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Whether the order changes.
    pub act: bool,
    /// Whether to answer `success`.
    pub answer_success: bool,
    /// Why.
    pub why: String,
}

/// One item of a refund's `result_details`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundItem {
    /// The trade.
    pub trade_no: String,
    /// The amount in yuan.
    pub amount: String,
    /// `SUCCESS` or an error code.
    pub result: String,
    /// The service fee refunded with it.
    #[serde(default)]
    pub fee: Option<RefundFee>,
}

/// The service fee that is refunded with an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundFee {
    /// The account it goes to.
    pub account: String,
    /// The account's user id.
    pub user_id: String,
    /// The amount in yuan.
    pub amount: String,
    /// `SUCCESS` or an error code.
    pub result: String,
}

/// [`Output`] as JSON has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutputFields {
    #[serde(skip_serializing_if = "Option::is_none")]
    decoded: Option<TextPairs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decoded_b64: Option<TextPairs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filtered: Option<TextPairs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sorted: Option<TextPairs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filtered_b64: Option<TextPairs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sorted_b64: Option<TextPairs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    string_to_sign: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    string_to_sign_b64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wire: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html_b64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<Form>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    xml: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_params: Option<TextPairs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<HttpReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<TextPairs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<Decision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<RefundItem>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_b64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sn: Option<String>,
}

impl OutputFields {
    /// The values as bytes of a charset. Where a field is there both as text and as base64, the text must be what the
    /// bytes say. Text that the charset cannot write differs from anything right; it stays, as the bytes of UTF-8, so
    /// that it can be compared and shown.
    ///
    /// # Errors
    /// Broken base64, or two fields that disagree.
    pub fn into_output(self, charset: Charset) -> Result<Output, String> {
        Ok(Output {
            decoded: pairs(self.decoded, self.decoded_b64, charset, "decoded")?,
            filtered: pairs(self.filtered, self.filtered_b64, charset, "filtered")?,
            sorted: pairs(self.sorted, self.sorted_b64, charset, "sorted")?,
            string_to_sign: text(
                self.string_to_sign,
                self.string_to_sign_b64,
                charset,
                "string_to_sign",
            )?,
            signature: self.signature,
            wire: self.wire,
            html: text(None, self.html_b64, charset, "html")?,
            form: self.form,
            order_string: self.order_string,
            xml: self.xml,
            client_params: self.client_params,
            reply: self.reply,
            headers: self.headers,
            cause: self.cause,
            decision: self.decision,
            items: self.items,
            content: text(self.content, self.content_b64, charset, "content")?,
            sn: self.sn,
        })
    }
}

fn text(
    text: Option<String>,
    base64: Option<String>,
    charset: Charset,
    field: &str,
) -> Result<Option<Vec<u8>>, String> {
    let bytes = base64.map(|base64| from_base64::<serde_json::Error>(&base64, field));
    let bytes = bytes.transpose().map_err(|error| error.to_string())?;
    if let (Some(text), Some(bytes)) = (&text, &bytes)
        && !says(bytes, text, charset)
    {
        return Err(disagree(field));
    }
    Ok(bytes.or_else(|| text.map(|text| written(&text, charset))))
}

fn pairs(
    text: Option<TextPairs>,
    base64: Option<TextPairs>,
    charset: Charset,
    field: &str,
) -> Result<Option<Params>, String> {
    let bytes = base64.map(|pairs| {
        pairs
            .iter()
            .map(|(name, value)| Ok((from_base64(name, field)?, from_base64(value, field)?)))
            .collect::<Result<Params, serde_json::Error>>()
    });
    let bytes = bytes.transpose().map_err(|error| error.to_string())?;
    if let (Some(text), Some(bytes)) = (&text, &bytes) {
        let same = text.len() == bytes.len()
            && text.iter().zip(bytes.iter()).all(|((name, value), (name_bytes, value_bytes))| {
                says(name_bytes, name, charset) && says(value_bytes, value, charset)
            });
        if !same {
            return Err(disagree(field));
        }
    }
    let written = |text: String| written(&text, charset);
    let text = text.map(|pairs| pairs.into_iter().map(|(n, v)| (written(n), written(v))).collect());
    Ok(bytes.or(text))
}

fn says(bytes: &[u8], text: &str, charset: Charset) -> bool {
    written(text, charset) == bytes || charset.decode(bytes).is_ok_and(|decoded| decoded == text)
}

fn written(text: &str, charset: Charset) -> Vec<u8> {
    charset.encode(text).map_or_else(|_| text.as_bytes().to_vec(), Cow::into_owned)
}

fn disagree(field: &str) -> String {
    format!("{field} is not what {field}_b64 says")
}
