use ::md5::{Digest as _, Md5};
use subtle::ConstantTimeEq as _;

use super::error::{BadEncoding, VerifyError};
use super::key::Secret;
use super::text::hex;

/// MD5 of the message and the key behind it.
pub(super) fn digest(secret: &Secret, message: &[u8]) -> [u8; 16] {
    Md5::new().chain_update(message).chain_update(secret.expose()).finalize().into()
}

/// MD5 of the message alone.
pub(super) fn plain(message: &[u8]) -> [u8; 16] {
    Md5::digest(message).into()
}

pub(super) fn verify(secret: &Secret, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let received: &[u8; 32] =
        signature.try_into().map_err(|_| BadEncoding::HexLength { length: signature.len() })?;
    let expected = hex(digest(secret, message));
    if bool::from(words(&expected).ct_eq(&words(received))) {
        return Ok(());
    }
    let wrong = |byte: &u8| !matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    match signature.iter().enumerate().find(|(_, byte)| wrong(byte)) {
        Some((offset, &byte)) => Err(BadEncoding::HexDigit { offset, byte }.into()),
        None => Err(VerifyError::Mismatch),
    }
}

/// Comparing two words in constant time takes a small part of the time that 32 bytes take.
fn words(digits: &[u8; 32]) -> [u128; 2] {
    let mut words = [0; 2];
    for (word, bytes) in words.iter_mut().zip(digits.as_chunks().0) {
        *word = u128::from_ne_bytes(*bytes);
    }
    words
}
