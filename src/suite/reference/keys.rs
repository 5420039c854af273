//! Sign type and key of an ask.

use super::refused::Refused;
use crate::protocol::Protocol;
use crate::signature::{PrivateKey, PublicKey, Secret, SignType, SigningKey, VerifyingKey};
use crate::vector::case::{Ask, Key, KeyForm};
use crate::vector::reason::Reason;

pub(super) fn sign_type(ask: &Ask) -> Result<SignType, Refused> {
    let name = ask.sign_type.as_deref().unwrap_or_default();
    let own = Protocol::from_id(&ask.protocol).and_then(|protocol| protocol.sign_type_of(name));
    own.map_or_else(|| SignType::from_name(name), Ok)
        .map_err(|error| Refused::new(Reason::UnsupportedAlgorithm, error))
}

pub(super) fn signing_key(ask: &Ask, sign_type: SignType) -> Result<SigningKey, Refused> {
    let forms = match sign_type.is_keyed() {
        true => &[KeyForm::Secret][..],
        false => &[KeyForm::PrivatePkcs8Pem, KeyForm::PrivatePkcs1Pem],
    };
    let text = key_text(ask.key.as_ref(), forms)?;
    match sign_type.is_keyed() {
        true => Secret::new(text).map(SigningKey::from),
        false => PrivateKey::parse(text).map(SigningKey::from),
    }
    .map_err(|error| Refused::new(Reason::UnknownKey, error))
}

pub(super) fn verifying_key(ask: &Ask, sign_type: SignType) -> Result<VerifyingKey, Refused> {
    parsed(ask.key.as_ref(), sign_type)
}

/// A key in the form by which signatures of that type are verified.
pub(super) fn parsed(key: Option<&Key>, sign_type: SignType) -> Result<VerifyingKey, Refused> {
    let forms = match sign_type.is_keyed() {
        true => &[KeyForm::Secret][..],
        false => &[KeyForm::PublicSpkiPem, KeyForm::PublicPkcs1Pem],
    };
    let text = key_text(key, forms)?;
    match sign_type.is_keyed() {
        true => Secret::new(text).map(VerifyingKey::from),
        false => PublicKey::parse(text).map(VerifyingKey::from),
    }
    .map_err(|error| Refused::new(Reason::UnknownKey, error))
}

/// The key that opens what is encrypted to the merchant, where there is one.
pub(super) fn decryption_key(ask: &Ask) -> Result<Option<PrivateKey>, Refused> {
    let text = ask.key.as_ref().and_then(|key| key.form(KeyForm::DecryptionPkcs8Pem));
    let key = text.map(PrivateKey::parse).transpose();
    key.map_err(|error| Refused::new(Reason::UnknownKey, error))
}

pub(super) fn key_text<'a>(key: Option<&'a Key>, forms: &[KeyForm]) -> Result<&'a str, Refused> {
    key.and_then(|key| forms.iter().find_map(|form| key.form(*form)))
        .ok_or_else(|| Refused::new(Reason::UnknownKey, "no key of the kind that is needed"))
}
