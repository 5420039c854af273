use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::error::{KeyError, KeyHalf, SignError, VerifyError};
use super::rsa::{self, BlockPadding, Digest};
use super::{key_der, key_text};

/// The shared key of MD5 signatures: bytes that are appended to the string to sign as they are.
///
/// Zeroed when dropped, and redacted in debug output.
///
/// ```
/// use alipay_conformance::signature::Secret;
///
/// let secret = Secret::new("0123456789abcdefghijklmnopqrstuv")?;
/// assert_eq!(format!("{secret:?}"), "Secret(redacted)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the bytes as they are, whatever they are.
    ///
    /// # Errors
    ///
    /// [`KeyError::Empty`]: an empty key would let anybody sign.
    ///
    /// ```
    /// use alipay_conformance::signature::{KeyError, Secret};
    ///
    /// assert_eq!(Secret::new(" blanks count ").map(|s| s.expose().len()), Ok(14));
    /// assert_eq!(Secret::new("").unwrap_err(), KeyError::Empty);
    /// ```
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Secret, KeyError> {
        let bytes = Zeroizing::new(bytes.into());
        if bytes.is_empty() { Err(KeyError::Empty) } else { Ok(Secret(bytes)) }
    }

    /// The key in a file: all of it but one line ending at its end.
    ///
    /// A stray blank in the key is a well-known mistake, and one that shows only as signatures that do
    /// not match. So whitespace about the key is refused here; a key that has some goes through
    /// [`Secret::new`].
    ///
    /// # Errors
    ///
    /// [`KeyError::Empty`], [`KeyError::ByteOrderMark`], [`KeyError::Whitespace`].
    ///
    /// ```
    /// use alipay_conformance::signature::{KeyError, Secret};
    ///
    /// assert_eq!(Secret::from_file_text(b"s3cret\r\n")?.expose(), b"s3cret");
    /// assert_eq!(
    ///     Secret::from_file_text(b"s3cret \n").unwrap_err(),
    ///     KeyError::Whitespace { offset: 6 },
    /// );
    /// # Ok::<(), KeyError>(())
    /// ```
    pub fn from_file_text(text: &[u8]) -> Result<Secret, KeyError> {
        const BYTE_ORDER_MARKS: [&[u8]; 3] = [b"\xEF\xBB\xBF", b"\xFE\xFF", b"\xFF\xFE"];
        if BYTE_ORDER_MARKS.iter().any(|mark| text.starts_with(mark)) {
            return Err(KeyError::ByteOrderMark);
        }
        let line = text.strip_suffix(b"\n").unwrap_or(text);
        let line = match line.strip_suffix(b"\r") {
            Some(shorter) if line.len() < text.len() => shorter,
            _ => line,
        };
        let inside = line.trim_ascii();
        if inside.is_empty() {
            return Err(KeyError::Empty);
        }
        if line.trim_ascii_start().len() < line.len() {
            return Err(KeyError::Whitespace { offset: 0 });
        }
        if inside.len() < line.len() {
            return Err(KeyError::Whitespace { offset: inside.len() });
        }
        Secret::new(line)
    }

    /// The bytes of the key, for code that computes with it otherwise than this module does, such as a
    /// deliberately wrong implementation.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// An RSA private key of 512 to 8192 bits. Cheap to clone; zeroed when the last clone is dropped.
///
/// ```
/// use alipay_conformance::signature::PrivateKey;
///
/// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-1024.pkcs8.pem"));
/// let key = PrivateKey::parse(pem)?;
/// assert_eq!(key.bits(), 1024);
/// assert_eq!(format!("{key:?}"), "PrivateKey { bits: 1024, .. }");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct PrivateKey(Arc<rsa::Private>);

impl PrivateKey {
    /// Reads a key as people have it: PKCS#1 or PKCS#8, in PEM, as bare base64 with or without line
    /// breaks, or in DER.
    ///
    /// What the bytes hold counts, not the label of a PEM block, which tools and hands get wrong. A
    /// UTF-8 byte order mark, line endings of any kind, whitespace and text about a PEM block are
    /// passed over; the first block counts.
    ///
    /// # Errors
    ///
    /// [`KeyError`] says what is wrong, and where, without any part of the key.
    ///
    /// ```
    /// use alipay_conformance::signature::PrivateKey;
    ///
    /// # let public = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-1024.spki.pem"));
    /// assert_eq!(
    ///     PrivateKey::parse(public).unwrap_err().to_string(),
    ///     "this is a public key where a private one is needed",
    /// );
    /// ```
    pub fn parse(text: impl AsRef<[u8]>) -> Result<PrivateKey, KeyError> {
        let der = key_text::to_der(text.as_ref(), KeyHalf::Private)?;
        key_der::private(&der).map(|key| PrivateKey(Arc::new(key)))
    }

    /// The length of the modulus in bits.
    pub fn bits(&self) -> usize {
        self.0.public().bits()
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(Arc::clone(self.0.public()))
    }

    pub(super) fn sign(&self, digest: Digest, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.0.sign(digest, message)
    }

    pub(super) fn inner(&self) -> &rsa::Private {
        &self.0
    }

    /// The data of one encrypted block, which is as long as the key.
    pub(crate) fn open_block(&self, padding: BlockPadding, block: &[u8]) -> Option<Vec<u8>> {
        let is_block = block.len() == self.bits().div_ceil(8);
        is_block.then(|| self.0.open_block(padding, block)).flatten()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("bits", &self.bits()).finish_non_exhaustive()
    }
}

/// An RSA public key of 512 to 8192 bits. Cheap to clone.
///
/// ```
/// use alipay_conformance::signature::PublicKey;
///
/// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-2048.spki.pem"));
/// let key = PublicKey::parse(pem)?;
/// assert_eq!(key.bits(), 2048);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct PublicKey(Arc<rsa::Public>);

impl PublicKey {
    /// Reads a key as people have it: SubjectPublicKeyInfo or PKCS#1, in PEM, as bare base64 with or
    /// without line breaks, or in DER. The same is tolerated as in [`PrivateKey::parse`].
    ///
    /// # Errors
    ///
    /// [`KeyError`] says what is wrong, and where, without any part of the key.
    ///
    /// ```
    /// use alipay_conformance::signature::PublicKey;
    ///
    /// assert_eq!(
    ///     PublicKey::parse("MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB\niQKB*QDL").unwrap_err().to_string(),
    ///     "base64 broken at byte 37",
    /// );
    /// ```
    pub fn parse(text: impl AsRef<[u8]>) -> Result<PublicKey, KeyError> {
        let der = key_text::to_der(text.as_ref(), KeyHalf::Public)?;
        key_der::public(&der).map(|key| PublicKey(Arc::new(key)))
    }

    /// The length of the modulus in bits.
    pub fn bits(&self) -> usize {
        self.0.bits()
    }

    /// SubjectPublicKeyInfo in PEM, whatever form the key was read from.
    ///
    /// ```
    /// use alipay_conformance::signature::PublicKey;
    ///
    /// # let (pkcs1, spki) = (
    /// #     include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-1024.public.pkcs1.pem")),
    /// #     include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-1024.spki.pem")),
    /// # );
    /// assert_eq!(PublicKey::parse(pkcs1)?.to_pem(), spki);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_pem(&self) -> String {
        self.0.to_pem()
    }

    pub(super) fn verify(
        &self,
        digest: Digest,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        self.0.verify(digest, message, signature)
    }

    pub(super) fn inner(&self) -> &rsa::Public {
        &self.0
    }

    /// One encrypted block, or nothing where the data is more than it takes.
    pub(crate) fn seal_block(
        &self,
        padding: BlockPadding,
        data: &[u8],
        seed: &[u8; 20],
    ) -> Option<Vec<u8>> {
        self.0.seal_block(padding, data, seed)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("bits", &self.bits()).finish_non_exhaustive()
    }
}

/// What [`sign`](super::sign) signs with.
#[derive(Clone, Debug)]
pub enum SigningKey {
    /// For `MD5`.
    Secret(Secret),
    /// For `RSA` and `RSA2`.
    Rsa(PrivateKey),
}

impl SigningKey {
    /// The key that verifies what this one signs: the same secret, or the public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        match self {
            SigningKey::Secret(secret) => VerifyingKey::Secret(secret.clone()),
            SigningKey::Rsa(key) => VerifyingKey::Rsa(key.public_key()),
        }
    }
}

impl From<Secret> for SigningKey {
    fn from(secret: Secret) -> SigningKey {
        SigningKey::Secret(secret)
    }
}

impl From<PrivateKey> for SigningKey {
    fn from(key: PrivateKey) -> SigningKey {
        SigningKey::Rsa(key)
    }
}

/// What [`verify`](super::verify) verifies with.
#[derive(Clone, Debug)]
pub enum VerifyingKey {
    /// For `MD5`.
    Secret(Secret),
    /// For `RSA` and `RSA2`.
    Rsa(PublicKey),
}

impl From<Secret> for VerifyingKey {
    fn from(secret: Secret) -> VerifyingKey {
        VerifyingKey::Secret(secret)
    }
}

impl From<PublicKey> for VerifyingKey {
    fn from(key: PublicKey) -> VerifyingKey {
        VerifyingKey::Rsa(key)
    }
}
