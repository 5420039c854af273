//! What an RSA signature says by itself: whether a key made it, and of which digest.

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::key::PublicKey;
use super::sign_type::SignType;
use super::text;

/// The digest inside an RSA signature. It is not verified to be that of any message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// `RSA` or `RSA2`.
    pub sign_type: SignType,
    digest: Vec<u8>,
}

impl Recovered {
    /// Whether the digest is that of the message.
    pub fn is_of(&self, message: &[u8]) -> bool {
        match self.sign_type {
            SignType::Rsa => self.digest == Sha1::digest(message).as_slice(),
            SignType::Rsa2 => self.digest == Sha256::digest(message).as_slice(),
            SignType::Md5 | SignType::WechatMd5 | SignType::HmacSha256 => false,
        }
    }
}

/// Opens a signature, as received, with the public key. `None` means that the private half of this key did not make
/// it, whatever the message.
///
/// To find out why a signature does not match; to verify one, use [`verify`](super::verify).
///
/// ```
/// use alipay_conformance::signature::{PrivateKey, SignType, SigningKey, recover, sign};
///
/// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-1024.pkcs8.pem"));
/// let private = PrivateKey::parse(pem)?;
/// let public = private.public_key();
/// let signature = sign(SignType::Rsa, &SigningKey::from(private), b"partner=1")?;
/// let recovered = recover(&public, signature.as_str().as_bytes()).unwrap();
/// assert_eq!(recovered.sign_type, SignType::Rsa);
/// assert!(recovered.is_of(b"partner=1") && !recovered.is_of(b"partner=2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn recover(key: &PublicKey, signature: &[u8]) -> Option<Recovered> {
    // The identifiers of the digests, as RFC 8017 has them in section 9.2.
    const SHA1: &[u8] = b"\x30\x21\x30\x09\x06\x05\x2B\x0E\x03\x02\x1A\x05\x00\x04\x14";
    const SHA256: &[u8] =
        b"\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

    let mut opened = None;
    let _ = text::decode_base64(signature, |bytes| {
        opened = key.inner().open(bytes);
        Ok(())
    });
    let opened = opened?;
    let padded = opened.strip_prefix(&[1])?;
    let padding = padded.iter().take_while(|byte| **byte == 0xFF).count();
    let identified = padded.get(padding..)?.strip_prefix(&[0])?;
    let found = [(SignType::Rsa, SHA1, 20), (SignType::Rsa2, SHA256, 32)];
    found.into_iter().find_map(|(sign_type, identifier, length)| {
        let digest = identified.strip_prefix(identifier)?;
        (digest.len() == length).then(|| Recovered { sign_type, digest: digest.to_vec() })
    })
}
