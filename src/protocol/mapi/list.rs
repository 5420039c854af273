//! What the lists inside a parameter have in common: items, parts of an item, and what can be wrong with them.
//!
//! The lists are `detail_data` and `result_details` ([`refund`](super::refund)) and `royalty_parameters`
//! ([`royalty`](super::royalty)).

use super::{Amount, clip};

/// A list inside a parameter that breaks its rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// An item that is not written as it should be.
    #[error("item {item}: expected {expected}, got {got:?}")]
    Item {
        /// Which item, counted from 1.
        item: usize,
        /// What it should be.
        expected: &'static str,
        /// What it is, or the part that is wrong.
        got: String,
    },
    /// More items than may be.
    #[error("{count} items: expected at most {limit}")]
    TooManyItems {
        /// How many there are.
        count: usize,
        /// How many may be.
        limit: usize,
    },
    /// No item at all.
    #[error("no items: expected at least one")]
    NoItems,
}

/// What is wrong with one item: what was expected, and what came.
pub(super) type Wrong = (&'static str, String);

/// Reads every item of a list.
pub(super) fn read<'a, T>(
    text: &'a str,
    separator: char,
    limit: usize,
    read_item: impl Fn(&'a str) -> Result<T, Wrong>,
) -> Result<Vec<T>, ListError> {
    if text.is_empty() {
        return Err(ListError::NoItems);
    }
    let count = text.split(separator).count();
    if count > limit {
        return Err(ListError::TooManyItems { count, limit });
    }
    text.split(separator).enumerate().map(|(index, item)| number(index, read_item(item))).collect()
}

/// Writes every item of a list, each after a look at it.
pub(super) fn write<T>(
    items: &[T],
    separator: &str,
    limit: usize,
    write_item: impl Fn(&T) -> Result<String, Wrong>,
) -> Result<String, ListError> {
    match items.len() {
        0 => Err(ListError::NoItems),
        count if count > limit => Err(ListError::TooManyItems { count, limit }),
        _ => {
            let written: Result<Vec<_>, _> = items
                .iter()
                .enumerate()
                .map(|(index, item)| number(index, write_item(item)))
                .collect();
            Ok(written?.join(separator))
        }
    }
}

fn number<T>(index: usize, read: Result<T, Wrong>) -> Result<T, ListError> {
    read.map_err(|(expected, got)| ListError::Item { item: index + 1, expected, got: clip(&got) })
}

/// An item cut at `^` into exactly so many parts.
pub(super) fn parts<'a, const N: usize>(
    item: &'a str,
    expected: &'static str,
) -> Result<[&'a str; N], Wrong> {
    let parts: Vec<_> = item.split('^').collect();
    parts.try_into().map_err(|_| (expected, item.into()))
}

pub(super) fn amount(text: &str) -> Result<Amount, Wrong> {
    text.parse()
        .map_err(|_| ("an amount in yuan of at most nine digits and two decimals", text.into()))
}

/// A part that may not be empty.
pub(super) fn filled<'a>(text: &'a str, expected: &'static str) -> Result<&'a str, Wrong> {
    if text.is_empty() { Err((expected, text.into())) } else { Ok(text) }
}
