//! The open platform: order strings and replies.

use super::Reference;
use crate::suite::answer::Answer;
use crate::vector::case::Ask;
use crate::vector::input::TextPairs;

pub(super) fn build_order_string(_: &Reference, _ask: &Ask, _params: &TextPairs) -> Answer {
    Answer::NotOffered
}

pub(super) fn verify_response(_: &Reference, _ask: &Ask, _node: &str, _body: &[u8]) -> Answer {
    Answer::NotOffered
}
