//! The open platform: order strings and replies.

use super::Reference;
use super::refused::answer;
use crate::protocol::wire;
use crate::suite::answer::Answer;
use crate::vector::case::Ask;
use crate::vector::input::TextPairs;

pub(super) fn build_order_string(reference: &Reference, ask: &Ask, params: &TextPairs) -> Answer {
    answer(reference.request(ask, params).map(|(params, mut output)| {
        output.order_string = Some(wire::order_string(&params));
        Answer::value(output)
    }))
}

pub(super) fn verify_response(_: &Reference, _ask: &Ask, _node: &str, _body: &[u8]) -> Answer {
    Answer::NotOffered
}
