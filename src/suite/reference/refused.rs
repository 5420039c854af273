//! Refusals, and the reason classes of the crate's errors.

use crate::form::FormError;
use crate::json::JsonError;
use crate::protocol::headers::HeaderError;
use crate::protocol::mapi::RequestError;
use crate::protocol::mobile::{OrderError, ResultError};
use crate::protocol::openapi::response::ReplyError;
use crate::protocol::pipeline::{MessageError, SigningError};
use crate::protocol::wechatpay::window::WindowError;
use crate::protocol::wechatpay::write::WriteError;
use crate::protocol::wire::PageError;
use crate::signature::{DecryptError, SignError, VerifyError};
use crate::suite::answer::Answer;
use crate::vector::reason::Reason;
use crate::xml::XmlError;

/// Why an ask is answered with a refusal.
pub(super) struct Refused {
    reason: Reason,
    detail: String,
}

impl Refused {
    pub(super) fn new(reason: Reason, detail: impl ToString) -> Self {
        Self { reason, detail: detail.to_string() }
    }
}

impl From<Refused> for Answer {
    fn from(Refused { reason, detail }: Refused) -> Self {
        Answer::reject(reason, detail)
    }
}

/// The answer, or the refusal as one.
pub(super) fn answer(result: Result<Answer, Refused>) -> Answer {
    result.unwrap_or_else(Answer::from)
}

impl From<MessageError> for Refused {
    fn from(error: MessageError) -> Self {
        Self::new(message_reason(&error), error)
    }
}

impl From<SigningError> for Refused {
    fn from(error: SigningError) -> Self {
        let reason = match &error {
            SigningError::Repeated(_) => Reason::DuplicateField,
            SigningError::Sign(SignError::KeyKind { .. } | SignError::Failed) => Reason::UnknownKey,
            _ => Reason::UnsupportedAlgorithm,
        };
        Self::new(reason, error)
    }
}

impl From<RequestError> for Refused {
    fn from(error: RequestError) -> Self {
        let reason = match &error {
            RequestError::Duplicate { .. } => Reason::DuplicateField,
            RequestError::Missing { .. }
            | RequestError::OneOf { .. }
            | RequestError::Incomplete { .. } => Reason::MissingField,
            _ => Reason::MalformedInput,
        };
        Self::new(reason, error)
    }
}

impl From<PageError> for Refused {
    fn from(error: PageError) -> Self {
        let reason = match &error {
            PageError::Charset(_) => Reason::CharsetError,
            PageError::EmptyName | PageError::Nul { .. } => Reason::MalformedInput,
        };
        Self::new(reason, error)
    }
}

impl From<WriteError> for Refused {
    fn from(error: WriteError) -> Self {
        let reason = match &error {
            WriteError::Charset { .. } => Reason::CharsetError,
            WriteError::Name { .. } | WriteError::Character { .. } => Reason::MalformedInput,
        };
        Self::new(reason, error)
    }
}

fn xml_reason(error: &XmlError) -> Reason {
    match error {
        XmlError::TooMany | XmlError::TooLong { .. } => Reason::LimitExceeded,
        XmlError::Repeated { .. } => Reason::DuplicateField,
        XmlError::Charset { .. } | XmlError::Encoding { .. } => Reason::CharsetError,
        _ => Reason::MalformedInput,
    }
}

fn form_reason(error: &FormError) -> Reason {
    match error {
        FormError::MalformedEscape { .. } => Reason::MalformedInput,
        FormError::TooLong { .. } | FormError::TooManyParameters { .. } => Reason::LimitExceeded,
    }
}

/// The class of the reason for which a message is not accepted.
pub(crate) fn message_reason(error: &MessageError) -> Reason {
    match error {
        MessageError::Form(error) => form_reason(error),
        MessageError::Xml(error) => xml_reason(error),
        MessageError::Repeated(_) => Reason::DuplicateField,
        MessageError::NoSignature { .. } | MessageError::Missing { .. } => Reason::MissingField,
        MessageError::Decrypt { source: DecryptError::TooLong { .. }, .. } => Reason::LimitExceeded,
        MessageError::Decrypt { .. } => Reason::DecryptFailed,
        MessageError::OtherSignType { .. } => Reason::AlgorithmMismatch,
        MessageError::SignType(_) => Reason::UnsupportedAlgorithm,
        MessageError::Verify(error) => verify_reason(error),
    }
}

/// The class of the reason for which a reply is not accepted.
pub(super) fn reply_reason(error: &ReplyError) -> Reason {
    match error {
        ReplyError::Json(error) => json_reason(error),
        ReplyError::NodeKind { .. } | ReplyError::NoString { .. } => Reason::MalformedInput,
        ReplyError::Repeated { .. } => Reason::DuplicateField,
        ReplyError::NoNode { .. } | ReplyError::NoSignature => Reason::MissingField,
        ReplyError::SignType(_) => Reason::UnsupportedAlgorithm,
        ReplyError::Verify(error) => verify_reason(error),
    }
}

pub(super) fn json_reason(error: &JsonError) -> Reason {
    match error {
        JsonError::TooDeep { .. } => Reason::LimitExceeded,
        JsonError::Charset(_) => Reason::CharsetError,
        _ => Reason::MalformedInput,
    }
}

fn verify_reason(error: &VerifyError) -> Reason {
    match error {
        VerifyError::BadEncoding(_) => Reason::BadSignatureEncoding,
        VerifyError::Mismatch => Reason::SignatureMismatch,
        _ => Reason::UnknownKey,
    }
}

/// The class of the reason for which a message with its signature in a header is not signed, or not accepted.
pub(crate) fn header_reason(error: &HeaderError) -> Reason {
    match error {
        HeaderError::Missing { .. } | HeaderError::NoSignature { .. } => Reason::MissingField,
        HeaderError::Repeated { .. } | HeaderError::RepeatedItem { .. } => Reason::DuplicateField,
        HeaderError::TooMany { .. }
        | HeaderError::TooManyItems { .. }
        | HeaderError::TooLong { .. } => Reason::LimitExceeded,
        HeaderError::OtherAlgorithm { .. } => Reason::AlgorithmMismatch,
        HeaderError::SignType(_) => Reason::UnsupportedAlgorithm,
        HeaderError::Escape(_) => Reason::BadSignatureEncoding,
        HeaderError::Sign(_) | HeaderError::UnknownKey { .. } | HeaderError::NoOrigin => {
            Reason::UnknownKey
        }
        HeaderError::Window(WindowError::Outside { .. }) => Reason::StaleTimestamp,
        HeaderError::Window(WindowError::NotSeconds) => Reason::MalformedInput,
        HeaderError::Verify(error) => verify_reason(error),
        HeaderError::ControlByte { .. }
        | HeaderError::NoPath
        | HeaderError::NoMethod
        | HeaderError::Begins { .. }
        | HeaderError::NoItem { .. }
        | HeaderError::SignatureNotLast { .. }
        | HeaderError::Unwritable { .. } => Reason::MalformedInput,
    }
}

impl From<HeaderError> for Refused {
    fn from(error: HeaderError) -> Self {
        Self::new(header_reason(&error), error)
    }
}

impl From<OrderError> for Refused {
    fn from(error: OrderError) -> Self {
        let reason = match &error {
            OrderError::Repeated(_) => Reason::DuplicateField,
            OrderError::Quote { .. } | OrderError::Name { .. } => Reason::MalformedInput,
        };
        Self::new(reason, error)
    }
}

impl From<XmlError> for Refused {
    fn from(error: XmlError) -> Self {
        Self::new(xml_reason(&error), error)
    }
}

/// The class of the reason for which a result proves no payment.
pub(super) fn result_reason(error: &ResultError) -> Reason {
    match error {
        ResultError::Envelope { .. } | ResultError::Pair { .. } | ResultError::Tail => {
            Reason::MalformedInput
        }
        ResultError::Form(error) => form_reason(error),
        ResultError::Limit { .. } => Reason::LimitExceeded,
        ResultError::Repeated(_) => Reason::DuplicateField,
        ResultError::Missing { .. } => Reason::MissingField,
        ResultError::OtherSignType { .. } => Reason::AlgorithmMismatch,
        ResultError::Verify(error) => verify_reason(error),
        ResultError::Status { .. } | ResultError::NoSuccess { .. } => Reason::BusinessMismatch,
    }
}
