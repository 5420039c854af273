//! The stages before any cryptography: [`filter`], [`sort`], [`join`].
//!
//! Each is one small function over bytes, and has no switch for doing it otherwise. A [`Selection`] carries the
//! pairs from stage to stage without copying them.

use std::cmp::Ordering;

use crate::params::{Pair, Params};

/// Which pairs of a [`Params`] take part, and in which order.
///
/// Used again for the next message, it allocates nothing.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    entries: Vec<Entry>,
    left_out: Vec<Entry>,
}

/// The first eight bytes of the name stand beside the position: they decide nearly every comparison.
#[derive(Clone, Copy, Debug)]
struct Entry {
    prefix: u64,
    index: usize,
}

impl Selection {
    /// No pairs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Selects anew: every pair for which `is_signed` says so, in the order of the list.
    pub fn select<'a>(&mut self, params: &'a Params, is_signed: impl Fn(Pair<'a>) -> bool) {
        self.entries.clear();
        self.left_out.clear();
        for (index, pair) in params.pairs().enumerate() {
            let half = if is_signed(pair) { &mut self.entries } else { &mut self.left_out };
            half.push(Entry { prefix: prefix(pair.name()), index });
        }
    }

    /// Orders the selected pairs otherwise than by their names; those that are equal keep their order.
    pub fn sort_by(&mut self, params: &Params, compare: impl Fn(Pair<'_>, Pair<'_>) -> Ordering) {
        self.entries.sort_by(|a, b| match (params.pair(a.index), params.pair(b.index)) {
            (Some(a), Some(b)) => compare(a, b),
            _ => Ordering::Equal,
        });
    }

    /// The selected pairs in their order.
    pub fn pairs<'a>(&'a self, params: &'a Params) -> impl Iterator<Item = Pair<'a>> {
        self.entries.iter().filter_map(|entry| params.pair(entry.index))
    }

    /// How many pairs are selected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no pair is selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Selects the pairs that are signed: those with a value, except the `excluded` names.
///
/// Names are compared byte for byte: `Sign` is not `sign`. A value is empty when it has no byte: `0` and a space
/// are values.
///
/// Sources: [the general signing page](https://www.kancloud.cn/s2981295/qing/932556) and
/// [its English twin](https://docs.antom.com/ac/cny_taxrefund/sign).
///
/// ```
/// use alipay_conformance::{canonical::{filter, Selection}, params::Params};
///
/// let params: Params = [("b", "0"), ("sign", "…"), ("a", "")].into_iter().collect();
/// let mut selection = Selection::new();
/// filter(&params, &["sign", "sign_type"], &mut selection);
/// let names: Vec<_> = selection.pairs(&params).map(|pair| pair.name()).collect();
/// assert_eq!(names, [b"b"]);
/// ```
pub fn filter(params: &Params, excluded: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| {
        let is_excluded = || excluded.iter().any(|other| other.as_bytes() == pair.name());
        !pair.value().is_empty() && !is_excluded()
    });
}

/// Orders the selected pairs by name, bytes ascending; pairs of one name keep their order.
///
/// Source: ascending by ASCII value in [the general signing page](https://www.kancloud.cn/s2981295/qing/932556).
///
/// ```
/// use alipay_conformance::{canonical::{filter, sort, Selection}, params::Params};
///
/// let params: Params = [("a_b", "1"), ("a", "2"), ("_c", "3"), ("B", "4")].into_iter().collect();
/// let mut selection = Selection::new();
/// filter(&params, &[], &mut selection);
/// sort(&params, &mut selection);
/// let names: Vec<_> = selection.pairs(&params).map(|pair| pair.name()).collect();
/// assert_eq!(names, [&b"B"[..], b"_c", b"a", b"a_b"]);
/// ```
pub fn sort(params: &Params, selection: &mut Selection) {
    // Unstable, because the stable sort allocates; the position makes it stable.
    selection.entries.sort_unstable_by(|a, b| by_name_and_position(params, a, b));
}

/// Writes the selected pairs as `name=value`, with `&` between them, into `string`, which is emptied first.
///
/// Values stand as they are: not URL-encoded, quoted or escaped, even where they hold `&` or `=`.
///
/// Sources: [the general signing page](https://www.kancloud.cn/s2981295/qing/932556) and
/// [its English twin](https://docs.antom.com/ac/cny_taxrefund/sign) (`email=test@msn.com`, not `%40`).
///
/// ```
/// use alipay_conformance::{canonical::{filter, join, Selection}, params::Params};
///
/// let params: Params = [("a", "x&y"), ("b", "=")].into_iter().collect();
/// let mut selection = Selection::new();
/// filter(&params, &[], &mut selection);
/// let mut string = Vec::new();
/// join(&params, &selection, &mut string);
/// assert_eq!(string, b"a=x&y&b==");
/// ```
pub fn join(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    string.clear();
    for (position, pair) in selection.pairs(params).enumerate() {
        if position > 0 {
            string.push(b'&');
        }
        string.extend_from_slice(pair.written());
    }
}

/// A name that stands in more than one pair of the list, those that are not signed included.
///
/// Expects what [`filter`] and [`sort`] have done to `selection`. Takes time in proportion to the pairs, and to sort
/// those that are not signed, which are usually two.
///
/// No document says what a repeated name means, and no official implementation can hold one: PHP keeps the last,
/// JSP and .NET join the values with a comma. The gateway sends none.
///
/// ```
/// use alipay_conformance::{canonical::{filter, repeated_name, sort, Selection}, params::Params};
///
/// let params: Params = [("a", "1"), ("b", "2"), ("a", "")].into_iter().collect();
/// let mut selection = Selection::new();
/// filter(&params, &[], &mut selection);
/// sort(&params, &mut selection);
/// assert_eq!(repeated_name(&params, &mut selection), Some(&b"a"[..]));
/// ```
pub fn repeated_name<'a>(params: &'a Params, selection: &mut Selection) -> Option<&'a [u8]> {
    let Selection { entries, left_out } = selection;
    left_out.sort_unstable_by(|a, b| by_name_and_position(params, a, b));
    let within = |half: &[Entry]| {
        half.windows(2).find_map(|pair| match pair {
            [a, b] if a.prefix == b.prefix && name(params, a) == name(params, b) => Some(a.index),
            _ => None,
        })
    };
    let across = || {
        left_out.iter().find_map(|entry| {
            entries
                .binary_search_by(|other| by_name(params, other, entry))
                .ok()
                .map(|_| entry.index)
        })
    };
    let index = within(entries).or_else(|| within(left_out)).or_else(across)?;
    params.pair(index).map(Pair::name)
}

fn by_name(params: &Params, a: &Entry, b: &Entry) -> Ordering {
    a.prefix.cmp(&b.prefix).then_with(|| name(params, a).cmp(&name(params, b)))
}

fn by_name_and_position(params: &Params, a: &Entry, b: &Entry) -> Ordering {
    // Apart, so that the comparison that usually decides stays small.
    #[cold]
    fn alike(params: &Params, a: &Entry, b: &Entry) -> Ordering {
        name(params, a).cmp(&name(params, b)).then(a.index.cmp(&b.index))
    }
    if a.prefix == b.prefix { alike(params, a, b) } else { a.prefix.cmp(&b.prefix) }
}

fn name<'a>(params: &'a Params, entry: &Entry) -> Option<&'a [u8]> {
    params.pair(entry.index).map(Pair::name)
}

fn prefix(name: &[u8]) -> u64 {
    match name.first_chunk() {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => {
            let mut bytes = [0; 8];
            for (to, from) in bytes.iter_mut().zip(name) {
                *to = *from;
            }
            u64::from_be_bytes(bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(pairs: &[(&str, &str)]) -> String {
        let params: Params = pairs.iter().copied().collect();
        let mut selection = Selection::new();
        filter(&params, &["sign", "sign_type"], &mut selection);
        sort(&params, &mut selection);
        let mut string = Vec::new();
        join(&params, &selection, &mut string);
        String::from_utf8(string).unwrap()
    }

    #[test]
    fn long_names_that_share_their_first_eight_bytes() {
        assert_eq!(
            string(&[
                ("logistics_type", "1"),
                ("logistics_fee", "2"),
                ("logistics", "3"),
                ("logistic", "4")
            ]),
            "logistic=4&logistics=3&logistics_fee=2&logistics_type=1"
        );
    }

    #[test]
    fn a_name_sorts_before_those_it_begins() {
        assert_eq!(
            string(&[("a-b", "1"), ("a", "2"), ("a\0", "3"), ("", "4")]),
            "=4&a=2&a\0=3&a-b=1"
        );
    }

    #[test]
    fn bytes_above_ascii_sort_above_ascii() {
        assert_eq!(string(&[("é", "1"), ("z", "2")]), "z=2&é=1");
    }

    #[test]
    fn one_name_keeps_its_order() {
        assert_eq!(string(&[("a", "2"), ("a", "1"), ("a", "3")]), "a=2&a=1&a=3");
    }

    #[test]
    fn the_prefix_decides_as_the_name_does() {
        assert!(prefix(b"") < prefix(b"a"));
        assert!(prefix(b"a_long_name") < prefix(b"b"));
        assert_eq!(prefix(b"a_long_name"), prefix(b"a_long_n"));
    }

    #[test]
    fn a_selection_in_another_order() {
        let params: Params = [("a", "1"), ("c", ""), ("b", "2"), ("d", "2")].into_iter().collect();
        let mut selection = Selection::new();
        assert!(selection.is_empty());
        filter(&params, &[], &mut selection);
        assert_eq!((selection.len(), selection.is_empty()), (3, false));
        selection.sort_by(&params, |a, b| b.value().cmp(a.value()));
        let names: Vec<_> = selection.pairs(&params).map(Pair::name).collect();
        assert_eq!(names, [b"b", b"d", b"a"]);
    }

    #[test]
    fn nothing_joins_to_nothing() {
        assert_eq!(string(&[("sign", "x"), ("sign_type", "MD5"), ("a", "")]), "");
    }
}
