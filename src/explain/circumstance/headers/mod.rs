//! What can happen to a message whose signature stands in an HTTP header.

mod address;
mod arranged;
mod body;
mod carrier;
mod json;
mod lines;
mod signature;

use super::{Circumstance, Undone};
use crate::explain::exchange::Exchange;

/// All of them but those that any message has.
pub(super) const CIRCUMSTANCES: [&[Circumstance<Exchange>]; 7] = [
    body::CIRCUMSTANCES,
    json::CIRCUMSTANCES,
    lines::CIRCUMSTANCES,
    carrier::CIRCUMSTANCES,
    address::CIRCUMSTANCES,
    signature::CIRCUMSTANCES,
    arranged::CIRCUMSTANCES,
];

/// The message in each way that changes it.
fn ways(situation: &Exchange, ways: impl IntoIterator<Item = Exchange>) -> Vec<Undone<Exchange>> {
    ways.into_iter().filter(|other| other != situation).map(Undone::from).collect()
}

/// The message with each of these bodies that is another.
fn bodies(
    situation: &Exchange,
    bodies: impl IntoIterator<Item = Vec<u8>>,
) -> Vec<Undone<Exchange>> {
    ways(situation, bodies.into_iter().map(|body| Exchange { body, ..situation.clone() }))
}
