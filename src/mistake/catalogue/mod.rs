//! The catalogue, by area; the larger areas have several files.

mod altered;
mod charset;
mod charset_sent;
mod encode;
mod encode_form;
mod encode_read;
mod encode_wire;
mod filter;
mod filter_foreign;
mod filter_value;
mod join;
mod join_key;
mod parse;
mod parse_typed;
mod sort;

use super::Mistake;

/// In the order in which a message meets them.
pub(super) const AREAS: &[&[Mistake]] = &[
    parse::MISTAKES,
    parse_typed::MISTAKES,
    encode_read::MISTAKES,
    encode::MISTAKES,
    encode_wire::MISTAKES,
    encode_form::MISTAKES,
    charset::MISTAKES,
    charset_sent::MISTAKES,
    filter_value::MISTAKES,
    filter::MISTAKES,
    filter_foreign::MISTAKES,
    sort::MISTAKES,
    join::MISTAKES,
    join_key::MISTAKES,
];
