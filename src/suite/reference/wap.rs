//! The old WAP product: its notify and the reply that brings the token.

use super::Reference;
use crate::suite::answer::Answer;
use crate::vector::case::Ask;

pub(super) fn verify_notify(_: &Reference, _ask: &Ask, _body: &[u8]) -> Answer {
    Answer::NotOffered
}

pub(super) fn verify_response(_: &Reference, _ask: &Ask, _body: &[u8]) -> Answer {
    Answer::NotOffered
}
