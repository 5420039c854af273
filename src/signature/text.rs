use std::fmt;

use base64::engine::general_purpose::STANDARD;
use base64::{DecodeError, DecodeSliceError, Engine as _};

use super::error::{BadEncoding, VerifyError};

/// A signature in its text form, as it stands in `sign` before URL encoding.
///
/// A signature under a secret is held inline; making one allocates nothing. To check a received signature use
/// [`verify`](super::verify): `==` on this type is an ordinary comparison.
///
/// ```
/// use alipay_conformance::signature::{Secret, SignType, SigningKey, sign};
///
/// let key = SigningKey::from(Secret::new("0123456789abcdefghijklmnopqrstuv")?);
/// let signature = sign(SignType::Md5, &key, b"partner=1000000000000000")?;
/// assert_eq!(signature.as_str(), "39ec6a12c46753582e24de28d9a9e3ab");
/// assert_eq!(format!("sign={signature}"), "sign=39ec6a12c46753582e24de28d9a9e3ab");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Signature(Form);

#[derive(Clone, PartialEq, Eq)]
enum Form {
    Hex(Hex),
    Text(String),
}

impl Signature {
    pub(super) fn hex(digits: Hex) -> Signature {
        Signature(Form::Hex(digits))
    }

    pub(super) fn base64(bytes: &[u8]) -> Signature {
        Signature(Form::Text(STANDARD.encode(bytes)))
    }

    /// A signature that was made otherwise than by [`sign`](super::sign), such as by a deliberately wrong
    /// implementation. Nothing is checked.
    pub fn from_text(text: impl Into<String>) -> Signature {
        Signature(Form::Text(text.into()))
    }

    /// The text: ASCII, one line, unless it was made otherwise.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Form::Hex(digits) => digits.as_str(),
            Form::Text(text) => text,
        }
    }
}

impl AsRef<str> for Signature {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signature").field(&self.as_str()).finish()
    }
}

/// The letters among hex digits.
#[derive(Clone, Copy)]
pub(super) enum Case {
    Lower,
    Upper,
}

/// The hex digits of a digest, inline.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Hex {
    digits: [u8; 64],
    length: usize,
}

impl Hex {
    /// Of a digest of 32 bytes at most.
    pub(super) fn of(digest: &[u8], case: Case) -> Hex {
        let ten = match case {
            Case::Lower => b'a',
            Case::Upper => b'A',
        };
        let digit = |n: u8| if n < 10 { b'0' + n } else { ten + n - 10 };
        let mut digits = [0; 64];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(digest) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
        Hex { digits, length: 2 * digest.len() }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }

    pub(super) fn as_str(&self) -> &str {
        // Hex digits are always UTF-8.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// Decodes the base64 of an RSA signature, on the stack where any key that is accepted could have made
/// it, and hands the bytes on.
pub(super) fn decode_base64(
    text: &[u8],
    verify: impl FnOnce(&[u8]) -> Result<(), VerifyError>,
) -> Result<(), VerifyError> {
    let broken = |error| base64_offset(&error, text);
    let mut buffer = [0; 1026];
    match STANDARD.decode_slice(text, &mut buffer) {
        Ok(length) => verify(buffer.get(..length).unwrap_or_default()),
        Err(DecodeSliceError::DecodeError(error)) => Err(broken(error).into()),
        // Longer than any key's signature: all that is open is whether it is base64 at all.
        Err(DecodeSliceError::OutputSliceTooSmall) => match STANDARD.decode(text) {
            Ok(_) => Err(VerifyError::Mismatch),
            Err(error) => Err(broken(error).into()),
        },
    }
}

fn base64_offset(error: &DecodeError, text: &[u8]) -> BadEncoding {
    BadEncoding::Base64 { offset: first_broken_byte(error, text), length: text.len() }
}

/// Where base64 text breaks; its length, when it ends too soon.
pub(crate) fn first_broken_byte(error: &DecodeError, text: &[u8]) -> usize {
    match error {
        DecodeError::InvalidByte(offset, _) => *offset,
        DecodeError::InvalidLastSymbol { offset, .. } => *offset,
        DecodeError::InvalidLength(_) | DecodeError::InvalidPadding => text.len(),
    }
}
