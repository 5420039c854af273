//! WeChat Pay.

pub(super) mod content;
pub(super) mod rules;
pub(super) mod v2;

use crate::suite::answer::Answer;
use crate::suite::reference::Reference;
use crate::vector::case::Ask;
use crate::vector::input::Ciphertext;

/// A notification of a refund in version 2; in version 3 a resource where there is a nonce, or else a field.
pub(super) fn decrypt(reference: &Reference, ask: &Ask, ciphertext: &Ciphertext) -> Answer {
    match ask.protocol.as_str() {
        "wechatpay.v2" => rules::decrypt(ask, &ciphertext.ciphertext),
        _ => content::decrypt(reference, ask, ciphertext),
    }
}

pub(super) fn encrypt(ask: &Ask, plaintext: &[u8]) -> Answer {
    content::encrypt(ask, plaintext)
}
