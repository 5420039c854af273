//! Sensitive fields of version 3 of WeChat Pay: names, account numbers and such, each encrypted by itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::signature::{BlockPadding, PrivateKey, PublicKey, first_broken_byte};

/// The bytes of a block that are not for the field: two digests of SHA-1 and two bytes (RFC 8017, 7.1.1).
const OVERHEAD: usize = 42;

/// Encrypts a field, given in UTF-8, by RSAES-OAEP with SHA-1, MGF1 with SHA-1 and an empty label.
///
/// The seed makes every ciphertext another: it must be random, and new for every field. This crate has no source of
/// randomness, so it is the caller's. Source of the rule:
/// <https://pay.weixin.qq.com/docs/partner/development/interface-rules/sensitive-data-encryption.html>.
///
/// # Errors
/// [`FieldError::TooLong`]: a field is one block, 214 bytes with a key of 2048 bits.
///
/// ```
/// use alipay_conformance::content::{FieldError, decrypt_field, encrypt_field};
/// use alipay_conformance::signature::PrivateKey;
///
/// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-2048.pkcs8.pem"));
/// let key = PrivateKey::parse(pem)?;
/// let seed = b"not random, as here!";
/// let ciphertext = encrypt_field(&key.public_key(), "张三".as_bytes(), seed)?;
/// assert_eq!(decrypt_field(&key, &ciphertext)?, "张三".as_bytes());
///
/// let long = encrypt_field(&key.public_key(), &[b'x'; 215], seed);
/// assert_eq!(long, Err(FieldError::TooLong { length: 215, most: 214 }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn encrypt_field(key: &PublicKey, field: &[u8], seed: &[u8; 20]) -> Result<String, FieldError> {
    let most = key.bits().div_ceil(8).saturating_sub(OVERHEAD);
    let block = key.seal_block(BlockPadding::OaepSha1, field, seed);
    let block = block.ok_or(FieldError::TooLong { length: field.len(), most })?;
    Ok(STANDARD.encode(block))
}

/// Decrypts a field of an answer that was verified.
///
/// # Errors
/// [`FieldError::Base64`], and [`FieldError::Failed`], which does not say why: who may ask again and again would learn
/// the field from it.
///
/// ```
/// use alipay_conformance::content::{FieldError, decrypt_field};
/// use alipay_conformance::signature::PrivateKey;
///
/// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-2048.pkcs8.pem"));
/// let key = PrivateKey::parse(pem)?;
/// assert_eq!(decrypt_field(&key, "AAAA"), Err(FieldError::Failed));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decrypt_field(key: &PrivateKey, ciphertext: &str) -> Result<Vec<u8>, FieldError> {
    let block = STANDARD.decode(ciphertext).map_err(|error| {
        let offset = first_broken_byte(&error, ciphertext.as_bytes());
        FieldError::Base64 { offset, length: ciphertext.len() }
    })?;
    key.open_block(BlockPadding::OaepSha1, &block).ok_or(FieldError::Failed)
}

/// Why a field is not encrypted or decrypted. Never holds any part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// More than one block takes.
    #[error("a field of {length} bytes: this key encrypts {most} at most")]
    TooLong {
        /// Its length in bytes.
        length: usize,
        /// The length that fits.
        most: usize,
    },
    /// Text that is not base64.
    #[error(
        "an encrypted field is padded base64 on one line, but what came breaks at byte {offset} of {length}"
    )]
    Base64 {
        /// The first wrong byte; equal to the length when the text ends too soon.
        offset: usize,
        /// The length that came, in bytes.
        length: usize,
    },
    /// It is not one block that this key opens.
    #[error("the field does not decrypt under this key")]
    Failed,
}
