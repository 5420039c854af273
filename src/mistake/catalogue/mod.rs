//! The catalogue, a file an area.

mod compare;
mod digest;
mod filter;
mod key;
mod rsa;
mod shared;
mod sort;

use super::Mistake;

/// In the order in which a message meets them.
pub(super) const AREAS: &[&[Mistake]] = &[
    filter::MISTAKES,
    sort::MISTAKES,
    key::MISTAKES,
    digest::MISTAKES,
    rsa::MISTAKES,
    compare::MISTAKES,
];
