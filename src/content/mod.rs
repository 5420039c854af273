//! Encrypted content. Here: what `encrypt_type=AES` does to `biz_content`, to a reply's node and to an `alipay` login's data.
//!
//! AES-128-CBC with PKCS#7 padding and an initial vector of sixteen zero bytes; the key is the base64 text of the
//! console, the ciphertext is base64, and the plaintext is in the charset of the message
//! (<https://opendocs.alipay.com/common/02mse3>; `AesEncrypt` of the official Java SDK). So the same content gives the
//! same ciphertext every time.
//!
//! **Verify the signature before decrypting.** Nothing here detects tampering: who may alter a ciphertext and learns
//! whether its padding was right can read it, a byte in 128 tries. The signature covers the ciphertext, in its quotes
//! where it is a reply's node.
//!
//! `AES_V2` and `SM4` of the official Java SDK are left out: no document describes them.

mod ecb;
mod gcm;
mod oaep;

use std::fmt;

use aes::Aes128;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockDecryptMut as _, BlockEncryptMut as _, KeyIvInit as _};
use subtle::{Choice, ConstantTimeEq as _, ConstantTimeGreater as _, ConstantTimeLess as _};
use zeroize::Zeroizing;

pub use self::ecb::RefundKey;
pub use self::gcm::{ApiV3Key, SealError};
pub use self::oaep::{FieldError, decrypt_field, encrypt_field};
use crate::signature::first_broken_byte;

const BLOCK: usize = 16;
const INITIAL_VECTOR: [u8; BLOCK] = [0; BLOCK];

/// The key of an application's content encryption. Zeroed when dropped, and redacted in debug output.
///
/// ```
/// use alipay_conformance::content::ContentKey;
///
/// let key = ContentKey::from_base64("aa4BtZ4tspm2wnXLb1ThQA==")?;
/// assert_eq!(key.encrypt(b"test1234567"), "ILpoMowjIQjfYMR847rnFQ==");
/// assert_eq!(key.decrypt("ILpoMowjIQjfYMR847rnFQ==")?, b"test1234567");
/// assert_eq!(format!("{key:?}"), "ContentKey(redacted)");
/// # Ok::<(), alipay_conformance::content::ContentError>(())
/// ```
#[derive(Clone)]
pub struct ContentKey(Zeroizing<[u8; BLOCK]>);

impl ContentKey {
    /// The key as the console shows it.
    ///
    /// # Errors
    ///
    /// [`ContentError::KeyBase64`], and [`ContentError::KeyLength`] for the keys of 24 and 32 bytes that AES has as well.
    ///
    /// ```
    /// use alipay_conformance::content::{ContentError, ContentKey};
    ///
    /// let short = ContentKey::from_base64("c2hvcnQ=");
    /// assert_eq!(short.unwrap_err(), ContentError::KeyLength { length: 5 });
    /// ```
    pub fn from_base64(text: &str) -> Result<Self, ContentError> {
        let bytes = STANDARD.decode(text).map(Zeroizing::new).map_err(|error| {
            ContentError::KeyBase64 { offset: first_broken_byte(&error, text.as_bytes()) }
        })?;
        if bytes.len() != BLOCK {
            return Err(ContentError::KeyLength { length: bytes.len() });
        }
        let mut key = Zeroizing::new([0; BLOCK]);
        key.copy_from_slice(&bytes);
        Ok(Self(key))
    }

    /// Encrypts content, given in the charset of the message.
    ///
    /// ```
    /// use alipay_conformance::content::ContentKey;
    ///
    /// let key = ContentKey::from_base64("aa4BtZ4tspm2wnXLb1ThQA==")?;
    /// assert_eq!(key.encrypt(b"").len(), 24); // a block of padding
    /// # Ok::<(), alipay_conformance::content::ContentError>(())
    /// ```
    pub fn encrypt(&self, content: &[u8]) -> String {
        let encryptor = cbc::Encryptor::<Aes128>::new((&*self.0).into(), &INITIAL_VECTOR.into());
        STANDARD.encode(encryptor.encrypt_padded_vec_mut::<Pkcs7>(content))
    }

    /// Decrypts content whose signature was verified.
    ///
    /// The base64 is taken strictly, on one line. The padding is checked in the same time whatever is wrong with it.
    ///
    /// # Errors
    ///
    /// [`ContentError::Base64`], [`ContentError::Length`], and [`ContentError::Padding`], which another key than that
    /// of the sender nearly always leads to.
    ///
    /// ```
    /// use alipay_conformance::content::{ContentError, ContentKey};
    ///
    /// let other = ContentKey::from_base64("vEARwBsVE8dBrk0tiaNQtQ==")?;
    /// assert_eq!(other.decrypt("ILpoMowjIQjfYMR847rnFQ=="), Err(ContentError::Padding));
    /// # Ok::<(), ContentError>(())
    /// ```
    pub fn decrypt(&self, ciphertext: &str) -> Result<Vec<u8>, ContentError> {
        let mut content = self.decrypt_padded(ciphertext)?;
        let padding = padding(&content).ok_or(ContentError::Padding)?;
        content.truncate(content.len().saturating_sub(padding));
        Ok(content)
    }

    /// The content with its padding, whatever that is.
    pub(crate) fn decrypt_padded(&self, ciphertext: &str) -> Result<Vec<u8>, ContentError> {
        let bytes = STANDARD.decode(ciphertext).map_err(|error| {
            let offset = first_broken_byte(&error, ciphertext.as_bytes());
            ContentError::Base64 { offset, length: ciphertext.len() }
        })?;
        let length = ContentError::Length { length: bytes.len() };
        if bytes.is_empty() || !bytes.len().is_multiple_of(BLOCK) {
            return Err(length);
        }
        let decryptor = cbc::Decryptor::<Aes128>::new((&*self.0).into(), &INITIAL_VECTOR.into());
        decryptor.decrypt_padded_vec_mut::<NoPadding>(&bytes).map_err(|_| length)
    }
}

/// The length of the padding, if it is one: 1 to 16 bytes, each of which holds that length.
fn padding(content: &[u8]) -> Option<usize> {
    let (_, block) = content.split_last_chunk::<BLOCK>()?;
    let length = block[BLOCK - 1];
    let mut right: Choice = length.ct_gt(&0) & !length.ct_gt(&(BLOCK as u8));
    for (place, byte) in (0_u8..).zip(block.iter().rev()) {
        right &= !place.ct_lt(&length) | byte.ct_eq(&length);
    }
    bool::from(right).then_some(length.into())
}

impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentKey(redacted)")
    }
}

/// What is wrong with a key or with encrypted content. Never holds any part of the key or the content. Offsets count
/// the bytes of the text from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContentError {
    /// A key that is not base64.
    #[error("the key is base64, but what came breaks at byte {offset}")]
    KeyBase64 {
        /// The first wrong byte; the length of the text when it ends too soon.
        offset: usize,
    },
    /// A key of another length.
    #[error("the key has 16 bytes, but {length} came")]
    KeyLength {
        /// Its length in bytes.
        length: usize,
    },
    /// Content that is not base64.
    #[error(
        "encrypted content is padded base64 on one line, but what came breaks at byte {offset} of {length}"
    )]
    Base64 {
        /// The first wrong byte; equal to the length when the text ends too soon.
        offset: usize,
        /// The length that came, in bytes.
        length: usize,
    },
    /// Content that is no whole number of blocks, or none.
    #[error("encrypted content is one or more blocks of 16 bytes, but {length} bytes came")]
    Length {
        /// The length that came, in bytes.
        length: usize,
    },
    /// The padding is not one: another key, or content that was cut or altered.
    #[error("the padding is wrong: another key, or the content was cut or altered")]
    Padding,
}
