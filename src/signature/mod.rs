//! The last stage of signing and the last of verifying: a string to sign, a key, a signature.
//!
//! | sign type | computation | text form |
//! |---|---|---|
//! | `MD5` | MD5 of the string to sign and, straight after it, the bytes of the key | 32 lower-case hex digits |
//! | `RSA` | RSA PKCS#1 v1.5 over SHA-1 (1024 bits in the rules; other sizes work) | base64, padded, one line |
//! | `RSA2` | RSA PKCS#1 v1.5 over SHA-256 (2048 bits in the rules; other sizes work) | base64, padded, one line |
//!
//! The rules are those of the signing page of docs.open.alipay.com, mirrored at
//! <https://www.kancloud.cn/s2981295/qing/932556>: the MD5 key is appended bare, without a separator and
//! without `key=`; `RSA` is SHA1withRSA with a merchant key of 1024 bits.
//!
//! This module knows nothing of parameters or charsets. A message is the bytes of the string to sign,
//! in whatever charset it was written; a received signature is bytes too, as decoded from the wire.
//!
//! The sign type is the caller's, from configuration. It is never taken from the message that is to be
//! verified: whoever sends the message would choose the algorithm.
//!
//! RSA runs on the `rsa` crate; with feature `aws-lc-rs`, on that library wherever it can do the job.
//! Results never differ. RUSTSEC-2023-0071 (the Marvin attack on the timing of private-key operations)
//! has no fix in `rsa`: this reference is an oracle for tests, not a production signer.
//!
//! # Example
//!
//! ```
//! use alipay_conformance::signature::{Secret, SignType, SigningKey, sign, verify};
//!
//! let key = SigningKey::from(Secret::new("0123456789abcdefghijklmnopqrstuv")?);
//! let signature = sign(SignType::Md5, &key, b"partner=1000000000000000")?;
//! assert_eq!(signature.as_str(), "39ec6a12c46753582e24de28d9a9e3ab");
//!
//! let received = signature.as_str().as_bytes();
//! verify(SignType::Md5, &key.verifying_key(), b"partner=1000000000000000", received)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decrypt;
mod error;
mod key;
mod key_der;
mod key_text;
mod keyed;
mod recover;
mod rsa;
mod sign_type;
mod text;

pub use self::decrypt::{DecryptError, MAX_BLOCKS, decrypt_blocks};
pub use self::error::{BadEncoding, HexForm, KeyError, KeyHalf, SignError, VerifyError};
pub use self::key::{PrivateKey, PublicKey, Secret, SigningKey, VerifyingKey};
pub use self::recover::{Recovered, recover};
#[doc(hidden)]
pub use self::rsa::Backend;
pub(crate) use self::rsa::BlockPadding;
pub use self::sign_type::{SignType, UnsupportedSignType};
pub use self::text::Signature;
pub(crate) use self::text::first_broken_byte;

/// Signs the bytes of a string to sign.
///
/// With a secret nothing is allocated.
///
/// # Errors
///
/// [`SignError::KeyKind`] when the key is not of the kind that the sign type needs, and
/// [`SignError::Failed`] when the numbers of an RSA key do not make a working key.
///
/// # Examples
///
/// ```
/// use alipay_conformance::signature::{PrivateKey, SignType, SigningKey, sign};
///
/// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-1024.pkcs8.pem"));
/// let key = SigningKey::from(PrivateKey::parse(pem)?);
/// let signature = sign(SignType::Rsa, &key, b"partner=1000000000000000")?;
/// assert_eq!(signature.as_str().len(), 172);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sign(sign_type: SignType, key: &SigningKey, message: &[u8]) -> Result<Signature, SignError> {
    match (sign_type.digest(), key) {
        (None, SigningKey::Secret(secret)) => Ok(keyed::sign(sign_type, secret, message)),
        (Some(digest), SigningKey::Rsa(key)) => Ok(Signature::base64(&key.sign(digest, message)?)),
        _ => Err(SignError::KeyKind { sign_type }),
    }
}

/// Verifies a signature, as received, over the bytes of a string to sign.
///
/// `signature` is the value of `sign` after the one decoding of the wire. Its text form is taken
/// strictly: an MD5 signature is 32 lower-case hex digits (with WeChat Pay 32 or 64 upper-case ones), an RSA
/// one is standard base64 with its padding and without whitespace. The comparison takes constant time. Nothing
/// is allocated with a secret, and for RSA only what the RSA library allocates.
///
/// # Errors
///
/// - [`VerifyError::BadEncoding`]: the text form is not that of the sign type;
/// - [`VerifyError::Mismatch`]: it is, but the signature is not one of this message under this key,
///   a signature of another length than the RSA key's among them;
/// - [`VerifyError::KeyKind`]: the key is not of the kind that the sign type needs.
///
/// # Examples
///
/// ```
/// use alipay_conformance::signature::{Secret, SignType, VerifyError, VerifyingKey, verify};
///
/// let key = VerifyingKey::from(Secret::new("0123456789abcdefghijklmnopqrstuv")?);
/// let signature = b"39ec6a12c46753582e24de28d9a9e3ab";
/// verify(SignType::Md5, &key, b"partner=1000000000000000", signature)?;
///
/// let tampered = verify(SignType::Md5, &key, b"partner=1000000000000001", signature);
/// assert_eq!(tampered, Err(VerifyError::Mismatch));
///
/// let upper_case = verify(SignType::Md5, &key, b"", b"39EC6A12C46753582E24DE28D9A9E3AB");
/// assert_eq!(
///     upper_case.unwrap_err().to_string(),
///     "an MD5 signature is 32 lower-case hex digits, but byte 2 is 'E'",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify(
    sign_type: SignType,
    key: &VerifyingKey,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    match (sign_type.digest(), key) {
        (None, VerifyingKey::Secret(secret)) => {
            keyed::verify(sign_type, secret, message, signature)
        }
        (Some(digest), VerifyingKey::Rsa(key)) => {
            text::decode_base64(signature, |bytes| key.verify(digest, message, bytes))
        }
        _ => Err(VerifyError::KeyKind { sign_type }),
    }
}

/// [`verify`] of an RSA signature that stands as bytes, such as a certificate's.
pub(crate) fn verify_bytes(
    sign_type: SignType,
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
) -> bool {
    sign_type.digest().is_some_and(|digest| key.verify(digest, message, signature).is_ok())
}

/// The hex digits of an MD5 that is no signature.
pub(crate) fn md5_hex(message: &[u8]) -> String {
    keyed::md5_hex(message)
}

/// The hex digits of an HMAC-SHA256 that is no signature.
pub(crate) fn hmac_hex(key: &[u8], message: &[u8]) -> String {
    keyed::hmac_hex(key, message)
}

/// [`sign`] in one RSA backend: `None` where that backend cannot do it with this key, or where the sign
/// type and the key are not RSA.
#[doc(hidden)]
pub fn sign_with(
    backend: Backend,
    sign_type: SignType,
    key: &SigningKey,
    message: &[u8],
) -> Option<Signature> {
    match (sign_type.digest(), key) {
        (Some(digest), SigningKey::Rsa(key)) => {
            key.inner().sign_with(backend, digest, message).map(|bytes| Signature::base64(&bytes))
        }
        _ => None,
    }
}

/// [`verify`] in one RSA backend: `None` where [`sign_with`] would answer so.
#[doc(hidden)]
pub fn verify_with(
    backend: Backend,
    sign_type: SignType,
    key: &VerifyingKey,
    message: &[u8],
    signature: &[u8],
) -> Option<Result<(), VerifyError>> {
    let (Some(digest), VerifyingKey::Rsa(key)) = (sign_type.digest(), key) else {
        return None;
    };
    let mut asked = true;
    let verdict = text::decode_base64(signature, |bytes| {
        match key.inner().verify_with(backend, digest, message, bytes) {
            Some(true) => Ok(()),
            Some(false) => Err(VerifyError::Mismatch),
            None => {
                asked = false;
                Err(VerifyError::Mismatch)
            }
        }
    });
    asked.then_some(verdict)
}
