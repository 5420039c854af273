//! Content that version 2 of WeChat Pay encrypts: `req_info` in the notification of a refund.

use std::fmt;

use aes::Aes256;
use aes::cipher::{BlockDecrypt as _, BlockEncrypt as _, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{BLOCK, ContentError, padding};
use crate::signature::{Secret, first_broken_byte, md5_hex};

const KEY: usize = 32;

/// The key of refund notifications: AES-256 under the MD5 of the API key, as 32 hex digits in small letters.
///
/// Every block is encrypted by itself (ECB), behind PKCS#7 padding. Nothing authenticates it: who may alter a notification
/// can leave out or repeat blocks, so what it says is a hint to ask about the refund. Source:
/// <https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_16>.
///
/// ```
/// use alipay_conformance::content::RefundKey;
/// use alipay_conformance::signature::Secret;
///
/// let key = RefundKey::new(&Secret::new("192006250b4c09247ec02edce69f6a2d")?);
/// let info = "4fMiDl0PUR5HfKwMuCzpjt0qs1x4ARVqeA/GLsF4n3c3mQlqMKxAutp+YUn2BoC0/BcB3Z9W/JlQ+4KolHJy6Q==";
/// assert_eq!(key.decrypt(info)?, b"<root><refund_id>5000</refund_id><n>1</n></root>");
/// assert_eq!(format!("{key:?}"), "RefundKey(redacted)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RefundKey(Zeroizing<[u8; KEY]>);

impl RefundKey {
    /// The key that follows from the API key.
    #[must_use]
    pub fn new(secret: &Secret) -> Self {
        let digits = Zeroizing::new(md5_hex(secret.expose()));
        let mut key = [0; KEY];
        key.iter_mut().zip(digits.bytes()).for_each(|(byte, digit)| *byte = digit);
        Self::from_bytes(key)
    }

    /// A key of these bytes, for code that derives them otherwise, such as a deliberately wrong implementation.
    pub(crate) fn from_bytes(key: [u8; KEY]) -> Self {
        Self(Zeroizing::new(key))
    }

    /// Encrypts content, as WeChat Pay does it.
    ///
    /// ```
    /// use alipay_conformance::content::RefundKey;
    /// use alipay_conformance::signature::Secret;
    ///
    /// let key = RefundKey::new(&Secret::new("192006250b4c09247ec02edce69f6a2d")?);
    /// assert_eq!(key.decrypt(&key.encrypt(b"<root/>"))?, b"<root/>");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn encrypt(&self, content: &[u8]) -> String {
        let cipher = self.cipher();
        let length = BLOCK - content.len() % BLOCK;
        let mut bytes = content.to_vec();
        bytes.resize(content.len() + length, length as u8);
        for block in bytes.as_chunks_mut::<BLOCK>().0 {
            cipher.encrypt_block(block.into());
        }
        STANDARD.encode(bytes)
    }

    /// Decrypts `req_info`.
    ///
    /// The base64 is taken strictly, on one line. The padding is checked in the same time whatever is wrong with it.
    ///
    /// # Errors
    /// [`ContentError::Base64`], [`ContentError::Length`], and [`ContentError::Padding`], which another key than that
    /// of the sender nearly always leads to.
    ///
    /// ```
    /// use alipay_conformance::content::{ContentError, RefundKey};
    /// use alipay_conformance::signature::Secret;
    ///
    /// let key = RefundKey::new(&Secret::new("192006250b4c09247ec02edce69f6a2d")?);
    /// assert_eq!(key.decrypt("AAAA"), Err(ContentError::Length { length: 3 }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decrypt(&self, info: &str) -> Result<Vec<u8>, ContentError> {
        let mut content = self.decrypt_padded(info)?;
        let padding = padding(&content).ok_or(ContentError::Padding)?;
        content.truncate(content.len().saturating_sub(padding));
        Ok(content)
    }

    /// The content with its padding, whatever that is.
    pub(crate) fn decrypt_padded(&self, info: &str) -> Result<Vec<u8>, ContentError> {
        let mut bytes = STANDARD.decode(info).map_err(|error| {
            let offset = first_broken_byte(&error, info.as_bytes());
            ContentError::Base64 { offset, length: info.len() }
        })?;
        if bytes.is_empty() || !bytes.len().is_multiple_of(BLOCK) {
            return Err(ContentError::Length { length: bytes.len() });
        }
        let cipher = self.cipher();
        for block in bytes.as_chunks_mut::<BLOCK>().0 {
            cipher.decrypt_block(block.into());
        }
        Ok(bytes)
    }

    fn cipher(&self) -> Aes256 {
        Aes256::new((&*self.0).into())
    }
}

impl fmt::Debug for RefundKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefundKey(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the tests of wechatpay-php and of SKIT.FlurlHttpClient.Wechat, which state the bytes of the key.
    #[test]
    fn known_ciphertexts() {
        for (key, content, info) in [
            (b"0123456789abcdef0123456789abcdef", "hello", "pZwJZBLuy3mDACEQT4YTBw=="),
            (b"01234567890abcdefedcba9876543210", "SKIT is great!", "l/aL5GyVfl/tw3Lww6GvCQ=="),
        ] {
            let key = RefundKey::from_bytes(*key);
            assert_eq!(key.encrypt(content.as_bytes()), info);
            assert_eq!(key.decrypt(info).unwrap(), content.as_bytes());
        }
    }
}
