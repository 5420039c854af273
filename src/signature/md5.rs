use ::md5::{Digest as _, Md5};
use subtle::ConstantTimeEq as _;

use super::error::{BadEncoding, VerifyError};
use super::key::Secret;
use super::text::hex;

/// MD5 of the message and the key behind it.
pub(super) fn digest(secret: &Secret, message: &[u8]) -> [u8; 16] {
    Md5::new().chain_update(message).chain_update(secret.expose()).finalize().into()
}

pub(super) fn verify(secret: &Secret, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    if signature.len() != 32 {
        return Err(BadEncoding::HexLength { length: signature.len() }.into());
    }
    let wrong = |byte: &u8| !matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if let Some((offset, &byte)) = signature.iter().enumerate().find(|(_, byte)| wrong(byte)) {
        return Err(BadEncoding::HexDigit { offset, byte }.into());
    }
    let expected = hex(digest(secret, message));
    if bool::from(expected.ct_eq(signature)) { Ok(()) } else { Err(VerifyError::Mismatch) }
}
