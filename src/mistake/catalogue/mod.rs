//! The catalogue, a file an area.

mod filter;
mod sort;

use super::Mistake;

/// In the order in which a message meets them.
pub(super) const AREAS: &[&[Mistake]] = &[filter::MISTAKES, sort::MISTAKES];
