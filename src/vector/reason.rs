//! The closed list of reasons for which a message is rejected.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A class of reasons for a rejection.
///
/// Vectors and adapters name classes, not errors: wording differs from library to library, the class does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The input has not the form it must have.
    MalformedInput,
    /// A field that must be there is not, or is empty.
    MissingField,
    /// A field that may stand once stands twice.
    DuplicateField,
    /// Bytes that are not of the charset, or text that it cannot write.
    CharsetError,
    /// A sign type that is unknown or not supported.
    UnsupportedAlgorithm,
    /// The message's sign type is not the configured one.
    AlgorithmMismatch,
    /// The key is unknown or of the wrong kind.
    UnknownKey,
    /// The signature's text is not of its form.
    BadSignatureEncoding,
    /// The signature is not one of this message under this key.
    SignatureMismatch,
    /// The message is too old, or from the future.
    StaleTimestamp,
    /// The message was seen before.
    Replayed,
    /// Encrypted content does not decrypt.
    DecryptFailed,
    /// More or larger than allowed.
    LimitExceeded,
    /// Genuine, but not what the order says.
    BusinessMismatch,
    /// None of the other classes.
    Other,
}

impl Reason {
    /// All classes.
    pub const ALL: [Self; 15] = [
        Self::MalformedInput,
        Self::MissingField,
        Self::DuplicateField,
        Self::CharsetError,
        Self::UnsupportedAlgorithm,
        Self::AlgorithmMismatch,
        Self::UnknownKey,
        Self::BadSignatureEncoding,
        Self::SignatureMismatch,
        Self::StaleTimestamp,
        Self::Replayed,
        Self::DecryptFailed,
        Self::LimitExceeded,
        Self::BusinessMismatch,
        Self::Other,
    ];

    /// The class's name in vectors, adapter messages and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MalformedInput => "malformed_input",
            Self::MissingField => "missing_field",
            Self::DuplicateField => "duplicate_field",
            Self::CharsetError => "charset_error",
            Self::UnsupportedAlgorithm => "unsupported_algorithm",
            Self::AlgorithmMismatch => "algorithm_mismatch",
            Self::UnknownKey => "unknown_key",
            Self::BadSignatureEncoding => "bad_signature_encoding",
            Self::SignatureMismatch => "signature_mismatch",
            Self::StaleTimestamp => "stale_timestamp",
            Self::Replayed => "replayed",
            Self::DecryptFailed => "decrypt_failed",
            Self::LimitExceeded => "limit_exceeded",
            Self::BusinessMismatch => "business_mismatch",
            Self::Other => "other",
        }
    }

    /// The class of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
