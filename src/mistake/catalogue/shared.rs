//! What the mistakes share: asks changed, messages read, signatures made and compared otherwise.

use crate::form;
use crate::mistake::remembered;
use crate::params::Params;
use crate::signature::{
    Secret, SignError, SignType, Signature, SigningKey, VerifyError, VerifyingKey,
};
use crate::vector::case::{Ask, Key, KeyForm};
use crate::vector::input::Input;
use crate::vector::operation::Operation;

/// Whether a message is to be verified.
pub(super) fn verifies(ask: &Ask) -> bool {
    use Operation::{VerifyNotify, VerifyResponse, VerifyReturn};
    matches!(ask.operation, VerifyNotify | VerifyReturn | VerifyResponse)
}

/// Whether parameters are to be signed.
pub(super) fn signs(ask: &Ask) -> bool {
    use Operation::{BuildForm, BuildOrderString, BuildRequest, Sign, SignRequest};
    matches!(ask.operation, Sign | BuildRequest | BuildForm | BuildOrderString | SignRequest)
}

/// The parameters of a message that is to be verified.
pub(super) fn message(ask: &Ask) -> Option<Params> {
    match &ask.input {
        Input::Message(bytes) if verifies(ask) => form::decode(&bytes.0).ok(),
        _ => None,
    }
}

/// The text of a message's parameter.
pub(super) fn field(message: &Params, name: &str) -> Option<String> {
    message.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
}

/// The ask with every secret changed.
pub(super) fn with_secret(ask: &Ask, change: impl Fn(&str) -> String) -> Ask {
    let changed = |key: &Key| {
        let forms = key.forms().map(|(form, text)| match form {
            KeyForm::Secret => (form, change(text)),
            _ => (form, text.to_owned()),
        });
        forms.collect()
    };
    Ask { key: ask.key.as_ref().map(changed), ..ask.clone() }
}

/// The ask with MD5 and this secret, whatever was configured.
pub(super) fn with_md5(ask: &Ask, secret: &str) -> Ask {
    let key = Key::from_iter([(KeyForm::Secret, secret.to_owned())]);
    Ask { sign_type: Some(SignType::Md5.name().into()), key: Some(key), ..ask.clone() }
}

/// The hex digits of a plain MD5.
pub(super) fn md5(bytes: &[u8]) -> String {
    const OF_NOTHING: &str = "d41d8cd98f00b204e9800998ecf8427e";
    let digest = Secret::new(bytes)
        .ok()
        .and_then(|whole| remembered::sign(SignType::Md5, &whole.into(), b"").ok());
    digest.map_or(OF_NOTHING.into(), |digest| digest.as_str().into())
}

/// The bytes that hex digits stand for; nothing where a character is none.
pub(super) fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let digits: Vec<_> = digits.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| (high * 16 + low) as u8).collect())
}

/// What `trim` of PHP leaves: NUL is blank there.
pub(super) fn trimmed(text: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0);
    let start = text.iter().take_while(|byte| is_blank(byte)).count();
    let text = text.get(start..).unwrap_or_default();
    let end = text.iter().rev().take_while(|byte| is_blank(byte)).count();
    text.get(..text.len() - end).unwrap_or_default()
}

/// Full-width digits as those of ASCII.
pub(super) fn ascii_digits(text: &str) -> String {
    let ascii = |character: char| match character {
        '０'..='９' => char::from_u32(character as u32 - '０' as u32 + '0' as u32),
        _ => Some(character),
    };
    text.chars().filter_map(ascii).collect()
}

/// A way to sign.
pub(super) type SignStage = fn(SignType, &SigningKey, &[u8]) -> Result<Signature, SignError>;

/// Signs with MD5 as `make` does from the message and the secret; with RSA as it should be.
pub(super) fn sign_md5(
    (sign_type, key, message): (SignType, &SigningKey, &[u8]),
    make: impl FnOnce(&[u8], &[u8]) -> String,
) -> Result<Signature, SignError> {
    match key {
        SigningKey::Secret(secret) if sign_type == SignType::Md5 => {
            Ok(Signature::from_text(make(message, secret.expose())))
        }
        _ => remembered::sign(sign_type, key, message),
    }
}

/// Verifies MD5 by signing in this way and comparing in that; RSA as it should be.
pub(super) fn verify_md5(
    sign: SignStage,
    equal: impl FnOnce(&[u8], &[u8]) -> bool,
    (sign_type, key, message, received): (SignType, &VerifyingKey, &[u8], &[u8]),
) -> Result<(), VerifyError> {
    let VerifyingKey::Secret(secret) = key else {
        return remembered::verify(sign_type, key, message, received);
    };
    match sign(sign_type, &secret.clone().into(), message) {
        Ok(expected) if equal(expected.as_str().as_bytes(), received) => Ok(()),
        Ok(_) => Err(VerifyError::Mismatch),
        Err(_) => Err(VerifyError::KeyKind { sign_type }),
    }
}
