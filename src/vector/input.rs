//! What an operation works on.

use serde::{Deserialize, Serialize};
use serde_json::{Value, from_value};

use crate::charset::Charset;
use crate::vector::bytes::Bytes;
use crate::vector::operation::Operation;

/// Text pairs, in order, duplicates kept.
pub type TextPairs = Vec<(String, String)>;

/// What an operation works on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// Of [`Operation::StringToSign`], [`Operation::Sign`], [`Operation::CheckRequest`],
    /// [`Operation::BuildOrderString`] and [`Operation::BuildXml`].
    Params(TextPairs),
    /// Of [`Operation::BuildRequest`] and [`Operation::BuildForm`]; of [`Operation::CheckRequest`] where the address
    /// says what is asked for.
    Request {
        /// The gateway's address, without a query.
        gateway: String,
        /// The parameters, without `sign` and `sign_type`.
        params: TextPairs,
    },
    /// Of [`Operation::Decode`], [`Operation::VerifyNotify`] and [`Operation::VerifyReturn`]: the body of a
    /// POST or the query of a GET, as it stands on the wire.
    Message(Bytes),
    /// Of [`Operation::VerifyResponse`], where the signature stands in the body.
    Response {
        /// The member of the JSON object that is signed; nothing where the body is no JSON.
        node: Option<String>,
        /// The body.
        body: Bytes,
    },
    /// Of [`Operation::SignRequest`]; of [`Operation::VerifyResponse`] and [`Operation::VerifyNotify`], where the
    /// signature stands in a header.
    Http(HttpMessage),
    /// Of [`Operation::NotifyIdUrl`].
    NotifyId {
        /// The partner.
        partner: String,
        /// The notify_id as it stands in the message, decoded once.
        notify_id: String,
        /// Which of the two forms.
        transport: Transport,
    },
    /// Of [`Operation::NotifyIdAnswer`]: the body of the reply.
    Answer(Bytes),
    /// Of [`Operation::Diagnose`].
    Verdicts {
        /// Whether the computed signature equals the message's.
        signature_matches: bool,
        /// The gateway's answer to the notify_id check.
        answer: String,
    },
    /// Of [`Operation::Decide`].
    Notification {
        /// The notification's parameters, already verified.
        notification: TextPairs,
        /// What is known of the order; nothing where there is none.
        order: Option<OrderRecord>,
    },
    /// Of [`Operation::ParseRefundResults`].
    RefundResults(String),
    /// Of [`Operation::Encrypt`]: what is to be encrypted.
    Plaintext(Bytes),
    /// Of [`Operation::Decrypt`].
    Ciphertext(Ciphertext),
    /// Of [`Operation::BuildClientParams`].
    ClientParams {
        /// What calls up the wallet.
        client: Client,
        /// What is known of the order, under the names of the request.
        params: TextPairs,
    },
    /// Of [`Operation::BuildReply`].
    Handled {
        /// Whether the notification was handled.
        accepted: bool,
        /// Why it was not, or anything.
        message: String,
    },
    /// Of [`Operation::CertificateSn`] and [`Operation::RootCertificateSn`]: PEM text.
    Certificate(String),
    /// Of [`Operation::VerifyCertificate`].
    Chain {
        /// The certificate, and those between it and a root, as PEM text.
        certificate: String,
        /// The roots, as PEM text.
        roots: String,
        /// The time of the check, by RFC 3339.
        now: String,
    },
}

/// A message whose signature stands in a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpMessage {
    /// The request's method; of a reply, that of the request it answers. Empty where the protocol does not sign it.
    pub method: String,
    /// Path and query, likewise.
    pub path: String,
    /// What the header with the signature holds beside it, in its order.
    pub params: TextPairs,
    /// The headers that matter, in their order.
    pub headers: TextPairs,
    /// The body.
    pub body: Bytes,
    /// The time at which it arrives, by RFC 3339.
    pub now: Option<String>,
}

/// What is encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ciphertext {
    /// Its text.
    pub ciphertext: String,
    /// The nonce, where the cipher has one.
    pub nonce: Option<String>,
    /// What is authenticated beside it.
    pub associated_data: Option<String>,
}

/// What calls up the wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Client {
    /// A page in the wallet's own browser, or a mini program.
    Jsapi,
    /// An app.
    App,
}

/// How the notify_id check is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// `https://mapi.alipay.com/gateway.do?service=notify_verify`
    Https,
    /// `http://notify.alipay.com/trade/notify_query.do`
    Http,
}

/// An order as a vector states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderRecord {
    /// The partner that sent the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// The application that sent the request; `appid` with WeChat Pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// The merchant, with WeChat Pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mch_id: Option<String>,
    /// The seller's user id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_id: Option<String>,
    /// The seller's e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_email: Option<String>,
    /// The merchant's order number.
    pub out_trade_no: String,
    /// The amount in yuan; in fen with WeChat Pay.
    pub total_fee: String,
    /// `instant`, `escrow` or `dual`; on the open platform `page`, `app`, `wap` or `face_to_face`;
    /// with WeChat Pay `jsapi`, `native`, `app` or `h5`.
    pub product: String,
    /// The last trade status handled.
    #[serde(default)]
    pub trade_status: Option<String>,
    /// The last refund status handled.
    #[serde(default)]
    pub refund_status: Option<String>,
    /// The refund whose status was handled last, with WeChat Pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_refund_no: Option<String>,
    /// The last sum of refunds handled, on the open platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_fee: Option<String>,
}

impl Input {
    /// Reads the input of an operation. A message that stands there as text is that text in `charset`.
    ///
    /// # Errors
    /// What is wrong with it, in serde's words.
    pub fn from_json(
        operation: Operation,
        charset: Charset,
        value: Value,
    ) -> Result<Self, serde_json::Error> {
        Ok(match operation {
            Operation::CheckRequest if has(&value, "gateway") => {
                let RequestFields { gateway, params } = from_value(value)?;
                Self::Request { gateway, params }
            }
            Operation::StringToSign
            | Operation::Sign
            | Operation::CheckRequest
            | Operation::BuildXml
            | Operation::BuildOrderString => {
                Self::Params(from_value::<ParamsFields>(value)?.params)
            }
            Operation::BuildRequest | Operation::BuildForm => {
                let RequestFields { gateway, params } = from_value(value)?;
                Self::Request { gateway, params }
            }
            Operation::SignRequest => Self::http(value, charset)?,
            Operation::VerifyNotify | Operation::VerifyResponse if has(&value, "headers") => {
                Self::http(value, charset)?
            }
            Operation::VerifyResponse => {
                let ResponseFields { node, body, body_b64 } = from_value(value)?;
                Self::Response { node, body: Bytes::from_fields(body, body_b64, charset, "body")? }
            }
            Operation::Decode | Operation::VerifyNotify => {
                let BodyFields { body, body_b64 } = from_value(value)?;
                Self::Message(Bytes::from_fields(body, body_b64, charset, "body")?)
            }
            Operation::VerifyReturn => {
                let QueryFields { query, query_b64 } = from_value(value)?;
                Self::Message(Bytes::from_fields(query, query_b64, charset, "query")?)
            }
            Operation::NotifyIdUrl => {
                let NotifyIdFields { partner, notify_id, transport } = from_value(value)?;
                Self::NotifyId { partner, notify_id, transport }
            }
            Operation::NotifyIdAnswer => {
                let AnswerFields { answer, answer_b64 } = from_value(value)?;
                Self::Answer(Bytes::from_fields(answer, answer_b64, charset, "answer")?)
            }
            Operation::Diagnose => {
                let VerdictFields { signature_matches, answer } = from_value(value)?;
                Self::Verdicts { signature_matches, answer }
            }
            Operation::Decide => {
                let NotificationFields { notification, order } = from_value(value)?;
                Self::Notification { notification, order }
            }
            Operation::ParseRefundResults => {
                Self::RefundResults(from_value::<RefundFields>(value)?.result_details)
            }
            Operation::Encrypt => {
                let PlaintextFields { plaintext, plaintext_b64 } = from_value(value)?;
                Self::Plaintext(Bytes::from_fields(plaintext, plaintext_b64, charset, "plaintext")?)
            }
            Operation::Decrypt => {
                let CiphertextFields { ciphertext, nonce, associated_data } = from_value(value)?;
                Self::Ciphertext(Ciphertext { ciphertext, nonce, associated_data })
            }
            Operation::BuildClientParams => {
                let ClientFields { client, params } = from_value(value)?;
                Self::ClientParams { client, params }
            }
            Operation::BuildReply => {
                let HandledFields { accepted, message } = from_value(value)?;
                Self::Handled { accepted, message }
            }
            Operation::CertificateSn | Operation::RootCertificateSn => {
                Self::Certificate(from_value::<CertificateFields>(value)?.certificate)
            }
            Operation::VerifyCertificate => {
                let ChainFields { certificate, roots, now } = from_value(value)?;
                Self::Chain { certificate, roots, now }
            }
        })
    }

    fn http(value: Value, charset: Charset) -> Result<Self, serde_json::Error> {
        let HttpFields { method, path, params, headers, body, body_b64, now } = from_value(value)?;
        let body = Bytes::from_fields(body, body_b64, charset, "body")?;
        Ok(Self::Http(HttpMessage { method, path, params, headers, body, now }))
    }
}

fn has(value: &Value, field: &str) -> bool {
    value.get(field).is_some()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParamsFields {
    params: TextPairs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestFields {
    gateway: String,
    params: TextPairs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyFields {
    body: Option<String>,
    body_b64: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QueryFields {
    query: Option<String>,
    query_b64: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotifyIdFields {
    partner: String,
    notify_id: String,
    transport: Transport,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerFields {
    answer: Option<String>,
    answer_b64: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerdictFields {
    signature_matches: bool,
    answer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotificationFields {
    notification: TextPairs,
    order: Option<OrderRecord>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundFields {
    result_details: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResponseFields {
    node: Option<String>,
    body: Option<String>,
    body_b64: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HttpFields {
    #[serde(default)]
    method: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    params: TextPairs,
    #[serde(default)]
    headers: TextPairs,
    body: Option<String>,
    body_b64: Option<String>,
    now: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaintextFields {
    plaintext: Option<String>,
    plaintext_b64: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CiphertextFields {
    ciphertext: String,
    nonce: Option<String>,
    associated_data: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientFields {
    client: Client,
    params: TextPairs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HandledFields {
    accepted: bool,
    message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CertificateFields {
    certificate: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChainFields {
    certificate: String,
    roots: String,
    now: String,
}
