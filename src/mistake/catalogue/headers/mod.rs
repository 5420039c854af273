//! Messages whose signature stands in a header.
//!
//! A mistake in the string to sign is the stage that writes its lines, put to a message or a scheme that is changed.

mod body;
mod carrier;
mod items;
mod lines;
mod written;

pub(super) use self::body::MISTAKES as BODY;
pub(super) use self::body::printed_anew;
pub(super) use self::carrier::MISTAKES as CARRIER;
pub(super) use self::items::MISTAKES as ITEMS;
pub(super) use self::lines::MISTAKES as LINES;
pub(super) use self::written::MISTAKES as WRITTEN;
use crate::params::Params;
use crate::protocol::headers::Message;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::{HttpMessage, Input};

/// The headers of a message, changed.
pub(super) fn with_headers(
    message: &Message<'_>,
    change: impl Fn(&[u8], &[u8]) -> Option<(Vec<u8>, Vec<u8>)>,
) -> Params {
    message.headers.iter().filter_map(|(name, value)| change(name, value)).collect()
}

/// Asks with an HTTP message that is changed; asks anything else as it is.
pub(super) fn changed(
    inner: &dyn Implementation,
    ask: &Ask,
    change: impl FnOnce(&mut HttpMessage),
) -> Answer {
    let Input::Http(message) = &ask.input else { return inner.perform(ask) };
    let mut message = message.clone();
    change(&mut message);
    inner.perform(&Ask { input: Input::Http(message), ..ask.clone() })
}
