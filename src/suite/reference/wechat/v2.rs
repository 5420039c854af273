//! Messages of version 2.

use crate::suite::answer::Answer;
use crate::suite::reference::Reference;
use crate::vector::case::Ask;
use crate::vector::input::TextPairs;

pub(in crate::suite::reference) fn build_xml(_: &Reference, _: &Ask, _: &TextPairs) -> Answer {
    Answer::NotOffered
}

pub(in crate::suite::reference) fn verify_response(
    reference: &Reference,
    ask: &Ask,
    body: &[u8],
) -> Answer {
    reference.verify(ask, body)
}
