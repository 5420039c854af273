//! What a request holds, what calls up the wallet, refunds, decisions and replies.

use crate::suite::answer::Answer;
use crate::suite::reference::Reference;
use crate::vector::case::Ask;
use crate::vector::input::{Client, OrderRecord, TextPairs};

pub(in crate::suite::reference) fn build_client_params(
    _: &Reference,
    _: &Ask,
    _: Client,
    _: &TextPairs,
) -> Answer {
    Answer::NotOffered
}

pub(in crate::suite::reference) fn check_request(_: &Ask, _: &str, _: &TextPairs) -> Answer {
    Answer::NotOffered
}

pub(in crate::suite::reference) fn build_reply(_: &Ask, _: bool, _: &str) -> Answer {
    Answer::NotOffered
}

pub(in crate::suite::reference) fn decide(
    _: &Reference,
    _: &Ask,
    _: &TextPairs,
    _: Option<&OrderRecord>,
) -> Answer {
    Answer::NotOffered
}

pub(super) fn decrypt(_: &Ask, _: &str) -> Answer {
    Answer::NotOffered
}
