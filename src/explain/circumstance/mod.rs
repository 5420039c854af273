//! What can happen to a message, a signature or a key between the signer and the verification, and how it is undone.

mod charset;
mod escaping;
mod headers;
mod key;
mod parameters;
mod signature;
mod values;

use super::exchange::Exchange;
use super::keys::Keys;
use super::parameters::Parameters;
use super::situation::Situation;
use crate::mistake::Text;

/// Something that happened, and what can be done about it.
pub(super) struct Circumstance<S> {
    /// Its name, for ever.
    pub(super) id: &'static str,
    /// What happened.
    pub(super) what: Text,
    /// What to do.
    pub(super) fix: Text,
    /// Whether it is frequent enough to be looked for together with two others.
    pub(super) is_common: bool,
    /// Undoes it in every way in which it can have happened. Ways that would change nothing are left out.
    pub(super) undo: fn(&S, &Keys) -> Vec<Undone<S>>,
}

/// A circumstance undone in one way.
pub(super) struct Undone<S> {
    pub(super) situation: S,
    /// The names, or other words, that say in which way.
    pub(super) detail: Vec<Vec<u8>>,
}

impl<S> From<S> for Undone<S> {
    fn from(situation: S) -> Self {
        Self { situation, detail: vec![] }
    }
}

/// Those of messages that are parameters.
pub(super) fn of_parameters() -> impl Iterator<Item = &'static Circumstance<Parameters>> {
    [
        parameters::CIRCUMSTANCES,
        Circumstance::CHARSETS,
        escaping::CIRCUMSTANCES,
        Circumstance::ENTITIES,
        values::CIRCUMSTANCES,
        signature::CIRCUMSTANCES,
        Circumstance::SIGNATURE_TEXT,
        Circumstance::KEYS,
    ]
    .into_iter()
    .flatten()
}

/// Those of messages whose signature stands in a header.
pub(super) fn of_headers() -> impl Iterator<Item = &'static Circumstance<Exchange>> {
    let own = headers::CIRCUMSTANCES.into_iter();
    let any = [
        Circumstance::CHARSETS,
        Circumstance::ENTITIES,
        Circumstance::SIGNATURE_TEXT,
        Circumstance::KEYS,
    ];
    own.chain(any).flatten()
}

/// All text changed, if that changes any.
fn everything<S: Situation>(situation: &S, change: impl Fn(&[u8]) -> Vec<u8>) -> Option<S> {
    let changed = situation.with_texts(change);
    (changed != *situation).then_some(changed)
}
