//! The catalogue, a file an area; the larger areas have two.

mod altered;
mod charset;
mod encode;
mod encode_wire;
mod filter;
mod filter_foreign;
mod join;
mod parse;
mod parse_typed;
mod sort;

use super::Mistake;

/// In the order in which a message meets them.
pub(super) const AREAS: &[&[Mistake]] = &[
    parse::MISTAKES,
    parse_typed::MISTAKES,
    encode::MISTAKES,
    encode_wire::MISTAKES,
    charset::MISTAKES,
    filter::MISTAKES,
    filter_foreign::MISTAKES,
    sort::MISTAKES,
    join::MISTAKES,
];
