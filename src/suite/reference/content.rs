//! Encryption of content.

use super::keys::key_text;
use super::refused::{Refused, answer};
use crate::content::{ContentError, ContentKey};
use crate::suite::answer::Answer;
use crate::vector::case::{Ask, KeyForm};
use crate::vector::output::Output;
use crate::vector::reason::Reason;

pub(super) fn encrypt(ask: &Ask, plaintext: &[u8]) -> Answer {
    answer(key(ask).map(|key| holding(key.encrypt(plaintext).into_bytes())))
}

pub(super) fn decrypt(ask: &Ask, ciphertext: &str) -> Answer {
    let decrypted = key(ask).and_then(|key| Ok(key.decrypt(ciphertext)?));
    answer(decrypted.map(holding))
}

fn key(ask: &Ask) -> Result<ContentKey, Refused> {
    let text = key_text(ask.key.as_ref(), &[KeyForm::Aes])?;
    Ok(ContentKey::from_base64(text)?)
}

fn holding(content: Vec<u8>) -> Answer {
    Answer::value(Output { content: Some(content), ..Output::default() })
}

impl From<ContentError> for Refused {
    fn from(error: ContentError) -> Self {
        let reason = match &error {
            ContentError::KeyBase64 { .. } | ContentError::KeyLength { .. } => Reason::UnknownKey,
            ContentError::Base64 { .. } => Reason::MalformedInput,
            ContentError::Length { .. } | ContentError::Padding => Reason::DecryptFailed,
        };
        Self::new(reason, error)
    }
}
