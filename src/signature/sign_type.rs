use std::fmt;

use super::rsa::Digest;

/// An algorithm, under the name it has in `sign_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignType {
    /// MD5 with the key appended to the string to sign.
    Md5,
    /// MD5 as WeChat Pay has it: with `&key=` and the key appended, in upper case.
    WechatMd5,
    /// HMAC-SHA256 under the key, over the string to sign with `&key=` and the key appended, in upper case.
    HmacSha256,
    /// RSA PKCS#1 v1.5 over SHA-1.
    Rsa,
    /// RSA PKCS#1 v1.5 over SHA-256.
    Rsa2,
}

impl SignType {
    /// Alipay's sign types.
    pub const ALL: [SignType; 3] = [SignType::Md5, SignType::Rsa, SignType::Rsa2];

    /// The name as it stands in `sign_type`: `MD5`, `RSA` or `RSA2`; with WeChat Pay, `MD5` or `HMAC-SHA256`.
    ///
    /// ```
    /// use alipay_conformance::signature::SignType;
    ///
    /// assert_eq!(SignType::Rsa2.name(), "RSA2");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            SignType::Md5 | SignType::WechatMd5 => "MD5",
            SignType::HmacSha256 => "HMAC-SHA256",
            SignType::Rsa => "RSA",
            SignType::Rsa2 => "RSA2",
        }
    }

    /// Alipay's sign type of a name, which is taken exactly: upper case, nothing trimmed. Those of another protocol are
    /// found by [`Protocol::sign_type_of`](crate::protocol::Protocol::sign_type_of).
    ///
    /// # Errors
    ///
    /// [`UnsupportedSignType`], with a variant of its own for `DSA`: the documentation names it, but no
    /// published key exists to confirm the text form of its signatures.
    ///
    /// ```
    /// use alipay_conformance::signature::SignType;
    ///
    /// assert_eq!(SignType::from_name("MD5"), Ok(SignType::Md5));
    /// assert_eq!(
    ///     SignType::from_name("md5").unwrap_err().to_string(),
    ///     r#"unknown sign type "md5": MD5, RSA or RSA2 is needed, in upper case"#,
    /// );
    /// ```
    pub fn from_name(name: &str) -> Result<SignType, UnsupportedSignType> {
        match name {
            "MD5" => Ok(SignType::Md5),
            "RSA" => Ok(SignType::Rsa),
            "RSA2" => Ok(SignType::Rsa2),
            "DSA" => Err(UnsupportedSignType::Dsa),
            _ => Err(UnsupportedSignType::Unknown { name: name.to_owned() }),
        }
    }

    /// Whether the key is a secret that both sides share; otherwise it is an RSA key.
    ///
    /// ```
    /// use alipay_conformance::signature::SignType;
    ///
    /// assert!(SignType::HmacSha256.is_keyed() && !SignType::Rsa2.is_keyed());
    /// ```
    pub fn is_keyed(self) -> bool {
        self.digest().is_none()
    }

    /// The digest that RSA signs, or none where the sign type is not RSA.
    pub(super) fn digest(self) -> Option<Digest> {
        match self {
            SignType::Md5 | SignType::WechatMd5 | SignType::HmacSha256 => None,
            SignType::Rsa => Some(Digest::Sha1),
            SignType::Rsa2 => Some(Digest::Sha256),
        }
    }
}

impl fmt::Display for SignType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no [`SignType`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnsupportedSignType {
    /// `DSA`: documented, but its text form cannot be confirmed.
    #[error("sign type DSA is not supported: no published key confirms its text form")]
    Dsa,
    /// Any other name.
    #[error("unknown sign type {name:?}: MD5, RSA or RSA2 is needed, in upper case")]
    Unknown {
        /// The name as it came.
        name: String,
    },
}
