//! What is encrypted to the merchant: blocks of PKCS#1 v1.5.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::key::PrivateKey;

/// The most blocks that are decrypted: each costs as much as a signature, and comes before any verification.
pub const MAX_BLOCKS: usize = 128;

/// Why data was not decrypted. Apart from its length, which anybody can see, nothing is told of the reason: who may ask
/// again and again would learn the plaintext from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecryptError {
    /// It is not base64 of whole blocks that this key opens.
    #[error("the data does not decrypt under this key")]
    Failed,
    /// More blocks than [`MAX_BLOCKS`].
    #[error("{blocks} encrypted blocks: expected at most {MAX_BLOCKS}")]
    TooLong {
        /// How many there are.
        blocks: usize,
    },
}

/// Decrypts base64 of PKCS#1 v1.5 blocks of the key's length, joined as bytes. A character may begin in one block and
/// end in the next, so the bytes are decoded as text afterwards. A block that does not decrypt fails the whole.
///
/// Source of the rule: `rsaDecrypt` of the official PHP demo, in public copies (which passes over a block that fails).
///
/// # Errors
/// [`DecryptError`], which does not say why.
///
/// ```
/// use alipay_conformance::signature::{DecryptError, PrivateKey, decrypt_blocks};
///
/// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-1024.pkcs8.pem"));
/// let key = PrivateKey::parse(pem)?;
/// assert_eq!(decrypt_blocks(&key, b"bm90IGVuY3J5cHRlZA=="), Err(DecryptError::Failed));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decrypt_blocks(key: &PrivateKey, text: &[u8]) -> Result<Vec<u8>, DecryptError> {
    let data = STANDARD.decode(text).map_err(|_| DecryptError::Failed)?;
    let blocks = data.chunks_exact(key.bits().div_ceil(8));
    if blocks.len() == 0 || !blocks.remainder().is_empty() {
        return Err(DecryptError::Failed);
    }
    if blocks.len() > MAX_BLOCKS {
        return Err(DecryptError::TooLong { blocks: blocks.len() });
    }
    let opened: Option<Vec<_>> = blocks.map(|block| key.inner().decrypt(block)).collect();
    opened.map(|opened| opened.concat()).ok_or(DecryptError::Failed)
}
