//! Encryption of content.

use crate::suite::answer::Answer;
use crate::vector::case::Ask;

pub(super) fn encrypt(_ask: &Ask, _plaintext: &[u8]) -> Answer {
    Answer::NotOffered
}

pub(super) fn decrypt(_ask: &Ask, _ciphertext: &str) -> Answer {
    Answer::NotOffered
}
