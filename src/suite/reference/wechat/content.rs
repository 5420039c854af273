//! Encrypted resources and fields of version 3, and what calls up the wallet.

use crate::suite::answer::Answer;
use crate::suite::reference::Reference;
use crate::vector::case::Ask;
use crate::vector::input::{Ciphertext, Client, TextPairs};

pub(in crate::suite::reference) fn build_client_params(
    _: &Reference,
    _: &Ask,
    _: Client,
    _: &TextPairs,
) -> Answer {
    Answer::NotOffered
}

pub(super) fn decrypt(_: &Ask, _: &Ciphertext) -> Answer {
    Answer::NotOffered
}

pub(super) fn encrypt(_: &Ask, _: &[u8]) -> Answer {
    Answer::NotOffered
}
