//! What version 3 seals and encrypts, and what calls up the wallet.

use sha2::{Digest as _, Sha256};

use crate::content::{ApiV3Key, FieldError, SealError, encrypt_field};
use crate::protocol::wechatpay::client_v3::{Call, CallError};
use crate::protocol::wechatpay::resource::{self, ResourceError};
use crate::signature::{PrivateKey, PublicKey, SignType};
use crate::suite::answer::Answer;
use crate::suite::reference::Reference;
use crate::suite::reference::keys::{key_text, sign_type, signing_key};
use crate::suite::reference::refused::{Refused, answer, json_reason};
use crate::vector::case::{Ask, KeyForm};
use crate::vector::input::{Ciphertext, Client, TextPairs};
use crate::vector::output::Output;
use crate::vector::reason::Reason;

pub(in crate::suite::reference) fn build_client_params(
    reference: &Reference,
    ask: &Ask,
    client: Client,
    params: &TextPairs,
) -> Answer {
    answer(called_up(reference, ask, client, params).map(Answer::value))
}

fn called_up(
    reference: &Reference,
    ask: &Ask,
    client: Client,
    params: &TextPairs,
) -> Result<Output, Refused> {
    let sign_type = sign_type(ask)?;
    if sign_type != SignType::Rsa2 {
        return Err(Refused::new(Reason::UnsupportedAlgorithm, "version 3 signs by RSA2 alone"));
    }
    let call = Call {
        app_id: one(params, "appid")?,
        prepay_id: one(params, "prepay_id")?,
        nonce: one(params, "nonce_str")?,
        timestamp: one(params, "timestamp")?,
    };
    let unsigned = match client {
        Client::Jsapi => call.jsapi()?,
        Client::App => call.app(one(params, "partnerid")?)?,
    };
    let key = signing_key(ask, sign_type)?;
    let string = unsigned.string.clone().into_bytes();
    let signature = (reference.stages.sign)(sign_type, &key, &string)
        .map_err(|error| Refused::new(Reason::UnknownKey, error))?;
    Ok(Output {
        string_to_sign: Some(string),
        client_params: Some(unsigned.signed(&signature)),
        signature: Some(signature.as_str().into()),
        ..Output::default()
    })
}

/// The value of a name, empty where there is none, and never one of two.
fn one<'a>(params: &'a TextPairs, name: &str) -> Result<&'a str, Refused> {
    let mut values = params.iter().filter(|(other, _)| other == name);
    let value = values.next().map_or("", |(_, value)| value);
    match values.next() {
        Some(_) => Err(Refused::new(Reason::DuplicateField, name)),
        None => Ok(value),
    }
}

/// A resource, or a field.
pub(super) fn decrypt(reference: &Reference, ask: &Ask, ciphertext: &Ciphertext) -> Answer {
    let Ciphertext { ciphertext, nonce, associated_data } = ciphertext;
    let data = associated_data.as_deref().unwrap_or_default();
    let decrypted = match nonce {
        Some(nonce) => sealing_key(ask).and_then(|key| Ok(key.open(ciphertext, nonce, data)?)),
        None => private_key(ask).and_then(|key| Ok((reference.stages.field)(&key, ciphertext)?)),
    };
    answer(decrypted.map(holding))
}

/// The seed follows from the field, so that the same question gets the same answer: nothing here is a secret.
pub(super) fn encrypt(ask: &Ask, plaintext: &[u8]) -> Answer {
    let mut seed = [0; 20];
    seed.iter_mut().zip(Sha256::digest(plaintext)).for_each(|(seed, byte)| *seed = byte);
    let encrypted = public_key(ask).and_then(|key| Ok(encrypt_field(&key, plaintext, &seed)?));
    answer(encrypted.map(|content| holding(content.into_bytes())))
}

/// The content of a notification whose signature is right.
pub(in crate::suite::reference) fn open_notice(ask: &Ask, body: &[u8]) -> Result<String, Refused> {
    let key = key_text(ask.key.as_ref(), &[KeyForm::ApiV3])?;
    Ok(resource::open(body, key.as_bytes())?)
}

fn sealing_key(ask: &Ask) -> Result<ApiV3Key, Refused> {
    Ok(ApiV3Key::new(key_text(ask.key.as_ref(), &[KeyForm::ApiV3])?)?)
}

fn private_key(ask: &Ask) -> Result<PrivateKey, Refused> {
    let forms = [KeyForm::PrivatePkcs8Pem, KeyForm::PrivatePkcs1Pem];
    PrivateKey::parse(key_text(ask.key.as_ref(), &forms)?)
        .map_err(|error| Refused::new(Reason::UnknownKey, error))
}

fn public_key(ask: &Ask) -> Result<PublicKey, Refused> {
    let forms = [KeyForm::PublicSpkiPem, KeyForm::PublicPkcs1Pem];
    PublicKey::parse(key_text(ask.key.as_ref(), &forms)?)
        .map_err(|error| Refused::new(Reason::UnknownKey, error))
}

fn holding(content: Vec<u8>) -> Answer {
    Answer::value(Output { content: Some(content), ..Output::default() })
}

impl From<SealError> for Refused {
    fn from(error: SealError) -> Self {
        Self::new(seal_reason(&error), error)
    }
}

fn seal_reason(error: &SealError) -> Reason {
    match error {
        SealError::KeyLength { .. } => Reason::UnknownKey,
        SealError::NonceLength { .. } | SealError::Base64 { .. } => Reason::MalformedInput,
        SealError::TooShort { .. } | SealError::Failed => Reason::DecryptFailed,
    }
}

impl From<FieldError> for Refused {
    fn from(error: FieldError) -> Self {
        let reason = match &error {
            FieldError::TooLong { .. } => Reason::LimitExceeded,
            FieldError::Base64 { .. } => Reason::MalformedInput,
            FieldError::Failed => Reason::DecryptFailed,
        };
        Self::new(reason, error)
    }
}

impl From<ResourceError> for Refused {
    fn from(error: ResourceError) -> Self {
        Self::new(resource_reason(&error), error)
    }
}

/// The class of the reason for which a notification's resource is not accepted.
pub(crate) fn resource_reason(error: &ResourceError) -> Reason {
    match error {
        ResourceError::Json(error) => json_reason(error),
        ResourceError::Missing { .. } => Reason::MissingField,
        ResourceError::Repeated { .. } => Reason::DuplicateField,
        ResourceError::Algorithm => Reason::UnsupportedAlgorithm,
        ResourceError::Seal(error) => seal_reason(error),
        ResourceError::NoString { .. } | ResourceError::NoObject | ResourceError::Content => {
            Reason::MalformedInput
        }
    }
}

impl From<CallError> for Refused {
    fn from(error: CallError) -> Self {
        let reason = match &error {
            CallError::Empty { .. } => Reason::MissingField,
            CallError::NoLine { .. } => Reason::MalformedInput,
        };
        Self::new(reason, error)
    }
}
