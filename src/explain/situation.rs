//! What the search needs of a message: to be put to the reference, to be changed, and to be put to the implementations
//! of the catalogue.

use std::borrow::Cow;
use std::hash::Hash;

use super::circumstance::{Circumstance, Undone};
use super::keys::Keys;
use crate::charset::Charset;
use crate::mistake::{Mistake, Mistaken};
use crate::signature::SignType;
use crate::suite::answer::Answer;

/// What is verified, and with what, as it is after some steps of the search.
pub(super) trait Situation: Clone + Eq + Hash + 'static {
    /// What can have happened to such a message, the most frequent of each kind first.
    fn circumstances() -> impl Iterator<Item = &'static Circumstance<Self>>;

    /// Whether who signs such a message can make this mistake.
    fn can_be_made(mistake: &Mistake) -> bool;

    /// The text of the signature, without what its place in the message adds.
    fn sign(&self) -> Cow<'_, [u8]>;

    /// The same message with another signature.
    fn with_sign(&self, sign: &[u8]) -> Self;

    fn sign_type(&self) -> SignType;

    /// The position among the prepared keys.
    fn key(&self) -> usize;

    fn with_key(&self, key: usize) -> Self;

    /// How many bytes it takes.
    fn size(&self) -> usize;

    /// The text that is signed, in its parts.
    fn texts(&self) -> impl Iterator<Item = &[u8]>;

    /// All text changed.
    fn with_texts(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Self;

    /// What is signed, changed: all of it and, where that is more and it has a few parts, each by itself.
    fn each_text(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Undone<Self>>;

    /// The same message but for one thing that is signed, each time another, a few times.
    fn altered(&self) -> impl Iterator<Item = Self>;

    /// The string to sign by the rules, as far as there is one.
    fn string_to_sign(&self) -> Vec<u8>;

    /// Whether only its signature decides whether the reference accepts it.
    fn is_verifiable(&self, keys: &Keys) -> bool;

    /// Whether the reference accepts it.
    fn is_genuine(&self, keys: &Keys) -> bool;

    /// What an implementation answers to it; `None` where it cannot be asked.
    fn put_to(&self, mistaken: &Mistaken, keys: &Keys, charset: Charset) -> Option<Answer>;
}
