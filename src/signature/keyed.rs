//! Signatures under a secret that both sides share.

use ::md5::{Digest as _, Md5};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::error::{BadEncoding, HexForm, VerifyError};
use super::key::Secret;
use super::sign_type::SignType;
use super::text::{Case, Hex, Signature};

/// What WeChat Pay writes before the key.
const BEFORE_KEY: &[u8] = b"&key=";

pub(super) fn sign(sign_type: SignType, secret: &Secret, message: &[u8]) -> Signature {
    Signature::hex(digits(form(sign_type), secret, message))
}

pub(super) fn verify(
    sign_type: SignType,
    secret: &Secret,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    let form = form(sign_type);
    if signature.len() != form.length() {
        return Err(BadEncoding::HexLength { form, length: signature.len() }.into());
    }
    if bool::from(is_equal(digits(form, secret, message).as_bytes(), signature)) {
        return Ok(());
    }
    let wrong = |byte: &u8| match form {
        HexForm::Md5 => !matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        HexForm::WechatMd5 | HexForm::HmacSha256 => !matches!(byte, b'0'..=b'9' | b'A'..=b'F'),
    };
    match signature.iter().enumerate().find(|(_, byte)| wrong(byte)) {
        Some((offset, &byte)) => Err(BadEncoding::HexDigit { form, offset, byte }.into()),
        None => Err(VerifyError::Mismatch),
    }
}

/// The hex digits of an MD5 that is no signature.
pub(super) fn md5_hex(message: &[u8]) -> String {
    Hex::of(&Md5::digest(message), Case::Lower).as_str().into()
}

/// The hex digits of an HMAC-SHA256 that is no signature.
pub(super) fn hmac_hex(key: &[u8], message: &[u8]) -> String {
    Hex::of(&keyed(key).chain_update(message).finalize().into_bytes(), Case::Lower).as_str().into()
}

fn form(sign_type: SignType) -> HexForm {
    match sign_type {
        SignType::WechatMd5 => HexForm::WechatMd5,
        SignType::HmacSha256 => HexForm::HmacSha256,
        // Nothing else comes here but MD5: an RSA key is no secret.
        SignType::Md5 | SignType::Rsa | SignType::Rsa2 => HexForm::Md5,
    }
}

fn digits(form: HexForm, secret: &Secret, message: &[u8]) -> Hex {
    let key = secret.expose();
    match form {
        HexForm::Md5 => {
            Hex::of(&Md5::new().chain_update(message).chain_update(key).finalize(), Case::Lower)
        }
        HexForm::WechatMd5 => {
            let digest = Md5::new().chain_update(message).chain_update(BEFORE_KEY);
            Hex::of(&digest.chain_update(key).finalize(), Case::Upper)
        }
        HexForm::HmacSha256 => {
            let mac = keyed(key).chain_update(message).chain_update(BEFORE_KEY).chain_update(key);
            Hex::of(&mac.finalize().into_bytes(), Case::Upper)
        }
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    // A key of any length is taken, so the default, which signs nothing that anybody would accept, is never used.
    Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()))
}

/// Comparing words in constant time takes a small part of the time that bytes take.
fn is_equal(expected: &[u8], received: &[u8]) -> subtle::Choice {
    let words = |bytes: &[u8]| -> [u128; 4] {
        let mut words = [0; 4];
        for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
            *word = u128::from_ne_bytes(*bytes);
        }
        words
    };
    words(expected).ct_eq(&words(received))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `openssl dgst` says.
    #[test]
    fn known_digests() {
        let text = b"The quick brown fox jumps over the lazy dog";
        assert_eq!(md5_hex(text), "9e107d9d372bb6826bd81d3542a419d6");
        assert_eq!(
            hmac_hex(b"key", text),
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
        );
    }
}
