//! Refusals, and the reason classes of the crate's errors.

use crate::form::FormError;
use crate::protocol::mapi::RequestError;
use crate::protocol::pipeline::{MessageError, SigningError};
use crate::protocol::wire::PageError;
use crate::signature::{SignError, VerifyError};
use crate::suite::answer::Answer;
use crate::vector::reason::Reason;

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

impl From<FormError> for Refused {
    fn from(error: FormError) -> Self {
        Self::new(form_reason(&error), error)
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
        MessageError::Repeated(_) => Reason::DuplicateField,
        MessageError::NoSignature { .. } => Reason::MissingField,
        MessageError::OtherSignType { .. } => Reason::AlgorithmMismatch,
        MessageError::SignType(_) => Reason::UnsupportedAlgorithm,
        MessageError::Verify(error) => match error {
            VerifyError::BadEncoding(_) => Reason::BadSignatureEncoding,
            VerifyError::Mismatch => Reason::SignatureMismatch,
            _ => Reason::UnknownKey,
        },
    }
}
