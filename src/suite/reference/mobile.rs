//! The mobile product: order strings, results, and the first generation's notify.

use super::Reference;
use crate::suite::answer::Answer;
use crate::vector::case::Ask;
use crate::vector::input::TextPairs;

pub(super) fn build_order_string(_: &Reference, _ask: &Ask, _params: &TextPairs) -> Answer {
    Answer::NotOffered
}

pub(super) fn verify_result(_: &Reference, _ask: &Ask, _result: &[u8]) -> Answer {
    Answer::NotOffered
}

pub(super) fn verify_notify(_: &Reference, _ask: &Ask, _body: &[u8]) -> Answer {
    Answer::NotOffered
}
