//! Content that version 3 of WeChat Pay seals: resources of notifications, platform certificates.

use std::fmt;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::signature::first_broken_byte;

const KEY: usize = 32;
const NONCE: usize = 12;
const TAG: usize = 16;

/// The APIv3 key, by which AES-256-GCM (`AEAD_AES_256_GCM` of RFC 5116) seals content with its associated data. Zeroed
/// when dropped, and redacted in debug output.
///
/// The key is a text of 32 bytes, and the nonce one of 12; associated data that is absent is empty. Source of the
/// rules: <https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_2_5.shtml>.
///
/// ```
/// use alipay_conformance::content::{ApiV3Key, SealError};
///
/// // From the tests of wechatpay-java.
/// let key = ApiV3Key::new("a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb")?;
/// let sealed = "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=";
/// assert_eq!(key.open(sealed, "uluk4a9R25RW", "associatedData")?, b"message");
/// assert_eq!(key.open(sealed, "uluk4a9R25RW", ""), Err(SealError::Failed));
/// assert_eq!(format!("{key:?}"), "ApiV3Key(redacted)");
/// # Ok::<(), SealError>(())
/// ```
#[derive(Clone)]
pub struct ApiV3Key(Zeroizing<[u8; KEY]>);

impl ApiV3Key {
    /// The key as it was set in the merchant's console.
    ///
    /// # Errors
    /// [`SealError::KeyLength`].
    ///
    /// ```
    /// use alipay_conformance::content::{ApiV3Key, SealError};
    ///
    /// let with_line_feed = ApiV3Key::new("0123456789abcdef0123456789abcdef\n");
    /// assert_eq!(with_line_feed.unwrap_err(), SealError::KeyLength { length: 33 });
    /// ```
    pub fn new(text: impl AsRef<[u8]>) -> Result<Self, SealError> {
        let text = text.as_ref();
        let mut key = Zeroizing::new([0; KEY]);
        if text.len() != KEY {
            return Err(SealError::KeyLength { length: text.len() });
        }
        key.copy_from_slice(text);
        Ok(Self(key))
    }

    /// Seals content, as WeChat Pay does it. Two contents under one key must not have one nonce.
    ///
    /// # Errors
    /// [`SealError::NonceLength`].
    ///
    /// ```
    /// use alipay_conformance::content::ApiV3Key;
    ///
    /// let key = ApiV3Key::new("a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb")?;
    /// let sealed = key.seal(b"message", "uluk4a9R25RW", "associatedData")?;
    /// assert_eq!(sealed, "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=");
    /// # Ok::<(), alipay_conformance::content::SealError>(())
    /// ```
    pub fn seal(&self, content: &[u8], nonce: &str, data: &str) -> Result<String, SealError> {
        let payload = Payload { msg: content, aad: data.as_bytes() };
        let sealed = self.cipher().encrypt(checked(nonce)?, payload);
        sealed.map(|sealed| STANDARD.encode(sealed)).map_err(|_| SealError::Failed)
    }

    /// Opens sealed content. Of a notification's, only after its signature was verified.
    ///
    /// The base64 is taken strictly, on one line. What is wrong with a tag is not told: another key, nonce or associated
    /// data look the same.
    ///
    /// # Errors
    /// [`SealError::NonceLength`], [`SealError::Base64`], [`SealError::TooShort`], [`SealError::Failed`].
    ///
    /// ```
    /// use alipay_conformance::content::{ApiV3Key, SealError};
    ///
    /// let key = ApiV3Key::new("a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb")?;
    /// assert_eq!(key.open("AAAA", "uluk4a9R25RW", ""), Err(SealError::TooShort { length: 3 }));
    /// assert_eq!(key.open("AAAA", "uluk4a9R25R", ""), Err(SealError::NonceLength { length: 11 }));
    /// # Ok::<(), SealError>(())
    /// ```
    pub fn open(&self, sealed: &str, nonce: &str, data: &str) -> Result<Vec<u8>, SealError> {
        let nonce = checked(nonce)?;
        let sealed = STANDARD.decode(sealed).map_err(|error| {
            let offset = first_broken_byte(&error, sealed.as_bytes());
            SealError::Base64 { offset, length: sealed.len() }
        })?;
        if sealed.len() < TAG {
            return Err(SealError::TooShort { length: sealed.len() });
        }
        let payload = Payload { msg: &sealed, aad: data.as_bytes() };
        self.cipher().decrypt(nonce, payload).map_err(|_| SealError::Failed)
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new((&*self.0).into())
    }
}

fn checked(nonce: &str) -> Result<&Nonce<aes_gcm::aead::consts::U12>, SealError> {
    let nonce = nonce.as_bytes();
    match nonce.len() {
        NONCE => Ok(Nonce::from_slice(nonce)),
        length => Err(SealError::NonceLength { length }),
    }
}

impl fmt::Debug for ApiV3Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiV3Key(redacted)")
    }
}

/// What is wrong with an APIv3 key or with sealed content. Never holds any part of the key or the content. Offsets count
/// the bytes of the text from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// A key of another length.
    #[error("an APIv3 key has 32 bytes, but {length} came")]
    KeyLength {
        /// Its length in bytes.
        length: usize,
    },
    /// A nonce of another length.
    #[error("a nonce has 12 bytes, but {length} came")]
    NonceLength {
        /// Its length in bytes.
        length: usize,
    },
    /// Content that is not base64.
    #[error(
        "sealed content is padded base64 on one line, but what came breaks at byte {offset} of {length}"
    )]
    Base64 {
        /// The first wrong byte; equal to the length when the text ends too soon.
        offset: usize,
        /// The length that came, in bytes.
        length: usize,
    },
    /// Less than a tag.
    #[error("sealed content ends in a tag of 16 bytes, but {length} bytes came")]
    TooShort {
        /// The length that came, in bytes.
        length: usize,
    },
    /// The tag is wrong: another key, nonce or associated data, or content that was altered.
    #[error("the content does not open under this key, nonce and associated data")]
    Failed,
}
