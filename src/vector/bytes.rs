//! Bytes in vectors: text where they are text, base64 where they need not be.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error;

use crate::charset::Charset;

/// Bytes that a vector or an adapter message gives as text (`x`) or as base64 (`x_b64`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// Takes exactly one of the two fields; text stands for its bytes in `charset`.
    ///
    /// # Errors
    /// Both or neither are there, the text cannot be written, or the base64 is broken.
    pub fn from_fields<E: Error>(
        text: Option<String>,
        base64: Option<String>,
        charset: Charset,
        field: &str,
    ) -> Result<Self, E> {
        match (text, base64) {
            (Some(text), None) => {
                let bytes = charset.encode(&text);
                let bytes = bytes.map_err(|error| E::custom(format_args!("{field}: {error}")))?;
                Ok(Self(bytes.into_owned()))
            }
            (None, Some(text)) => Ok(Self(from_base64(&text, field)?)),
            (Some(_), Some(_)) => {
                Err(E::custom(format_args!("both {field} and {field}_b64: expected one of them")))
            }
            (None, None) => {
                Err(E::custom(format_args!("missing field {field:?} or \"{field}_b64\"")))
            }
        }
    }
}

/// Strict, padded, standard base64.
pub(crate) fn from_base64<E: Error>(text: &str, field: &str) -> Result<Vec<u8>, E> {
    STANDARD.decode(text).map_err(|error| E::custom(format_args!("{field}_b64: {error}")))
}

/// Strict, padded, standard base64.
pub fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
