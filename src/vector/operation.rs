//! What can be asked of an implementation: the [`Operation`]s, and their [`Input`]s.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::charset::Charset;
use crate::vector::bytes::Bytes;

/// Text pairs, in order, duplicates kept.
pub type TextPairs = Vec<(String, String)>;

/// The operations of the suite. Their names are those of the vectors and of the adapter protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// Filter, sort and join parameters.
    StringToSign,
    /// Sign parameters.
    Sign,
    /// Build the signed URL of a request.
    BuildRequest,
    /// Build the page that posts a signed request by itself.
    BuildForm,
    /// Check a request's parameters against its service's table.
    CheckRequest,
    /// Decode a body.
    Decode,
    /// Verify the body of a notify.
    VerifyNotify,
    /// Verify the query of a return.
    VerifyReturn,
    /// Build the URL of the notify_id check.
    NotifyIdUrl,
    /// Judge the gateway's answer to the notify_id check.
    NotifyIdAnswer,
    /// Tell the cause from the two verdicts on one message.
    Diagnose,
    /// Decide what to do about a verified notification.
    Decide,
    /// Read the `result_details` of a refund notification.
    ParseRefundResults,
}

impl Operation {
    /// All operations.
    pub const ALL: [Self; 13] = [
        Self::StringToSign,
        Self::Sign,
        Self::BuildRequest,
        Self::BuildForm,
        Self::CheckRequest,
        Self::Decode,
        Self::VerifyNotify,
        Self::VerifyReturn,
        Self::NotifyIdUrl,
        Self::NotifyIdAnswer,
        Self::Diagnose,
        Self::Decide,
        Self::ParseRefundResults,
    ];

    /// The name in vectors, adapter messages and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::StringToSign => "string_to_sign",
            Self::Sign => "sign",
            Self::BuildRequest => "build_request",
            Self::BuildForm => "build_form",
            Self::CheckRequest => "check_request",
            Self::Decode => "decode",
            Self::VerifyNotify => "verify_notify",
            Self::VerifyReturn => "verify_return",
            Self::NotifyIdUrl => "notify_id_url",
            Self::NotifyIdAnswer => "notify_id_answer",
            Self::Diagnose => "diagnose",
            Self::Decide => "decide",
            Self::ParseRefundResults => "parse_refund_results",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What an operation works on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// Of [`Operation::StringToSign`], [`Operation::Sign`] and [`Operation::CheckRequest`].
    Params(TextPairs),
    /// Of [`Operation::BuildRequest`] and [`Operation::BuildForm`].
    Request {
        /// The gateway's address, without a query.
        gateway: String,
        /// The parameters, without `sign` and `sign_type`.
        params: TextPairs,
    },
    /// Of [`Operation::Decode`], [`Operation::VerifyNotify`] and [`Operation::VerifyReturn`]: the body of a
    /// POST or the query of a GET, as it stands on the wire.
    Message(Bytes),
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
    /// The seller's user id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_id: Option<String>,
    /// The seller's e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_email: Option<String>,
    /// The merchant's order number.
    pub out_trade_no: String,
    /// The amount in yuan.
    pub total_fee: String,
    /// `instant`, `escrow` or `dual`.
    pub product: String,
    /// The last trade status handled.
    #[serde(default)]
    pub trade_status: Option<String>,
    /// The last refund status handled.
    #[serde(default)]
    pub refund_status: Option<String>,
}

impl Input {
    /// Reads the input of an operation. A message that stands there as text is that text in `charset`.
    ///
    /// # Errors
    /// What is wrong with it, in serde's words.
    pub fn from_json(
        operation: Operation,
        charset: Charset,
        value: serde_json::Value,
    ) -> Result<Self, serde_json::Error> {
        use serde_json::from_value;
        Ok(match operation {
            Operation::StringToSign | Operation::Sign | Operation::CheckRequest => {
                Self::Params(from_value::<ParamsFields>(value)?.params)
            }
            Operation::BuildRequest | Operation::BuildForm => {
                let RequestFields { gateway, params } = from_value(value)?;
                Self::Request { gateway, params }
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
        })
    }
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
