//! Sign type and key of an ask.

use super::refused::Refused;
use crate::signature::{PrivateKey, PublicKey, Secret, SignType, SigningKey, VerifyingKey};
use crate::vector::case::{Ask, Key, KeyForm};
use crate::vector::reason::Reason;

pub(super) fn sign_type(ask: &Ask) -> Result<SignType, Refused> {
    SignType::from_name(ask.sign_type.as_deref().unwrap_or_default())
        .map_err(|error| Refused::new(Reason::UnsupportedAlgorithm, error))
}

pub(super) fn signing_key(ask: &Ask, sign_type: SignType) -> Result<SigningKey, Refused> {
    let forms = match sign_type {
        SignType::Md5 => &[KeyForm::Secret][..],
        _ => &[KeyForm::PrivatePkcs8Pem, KeyForm::PrivatePkcs1Pem],
    };
    let text = key_text(ask.key.as_ref(), forms)?;
    match sign_type {
        SignType::Md5 => Secret::new(text).map(SigningKey::from),
        _ => PrivateKey::parse(text).map(SigningKey::from),
    }
    .map_err(|error| Refused::new(Reason::UnknownKey, error))
}

pub(super) fn verifying_key(ask: &Ask, sign_type: SignType) -> Result<VerifyingKey, Refused> {
    let forms = match sign_type {
        SignType::Md5 => &[KeyForm::Secret][..],
        _ => &[KeyForm::PublicSpkiPem, KeyForm::PublicPkcs1Pem],
    };
    let text = key_text(ask.key.as_ref(), forms)?;
    match sign_type {
        SignType::Md5 => Secret::new(text).map(VerifyingKey::from),
        _ => PublicKey::parse(text).map(VerifyingKey::from),
    }
    .map_err(|error| Refused::new(Reason::UnknownKey, error))
}

pub(super) fn key_text<'a>(key: Option<&'a Key>, forms: &[KeyForm]) -> Result<&'a str, Refused> {
    key.and_then(|key| forms.iter().find_map(|form| key.form(*form)))
        .ok_or_else(|| Refused::new(Reason::UnknownKey, "no key of the kind that is needed"))
}
