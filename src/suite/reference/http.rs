//! Messages whose signature stands in a header.

use super::Reference;
use crate::suite::answer::Answer;
use crate::vector::case::Ask;
use crate::vector::input::HttpMessage;

pub(super) fn sign_request(_: &Reference, _ask: &Ask, _message: &HttpMessage) -> Answer {
    Answer::NotOffered
}

pub(super) fn verify_response(_: &Reference, _ask: &Ask, _message: &HttpMessage) -> Answer {
    Answer::NotOffered
}

pub(super) fn verify_notify(_: &Reference, _ask: &Ask, _message: &HttpMessage) -> Answer {
    Answer::NotOffered
}
