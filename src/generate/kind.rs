//! Which findings are the same: one mistake shows in many cases, and is told once.

use crate::generate::recipe::Test;
use crate::suite::answer::BreakageKind;
use crate::suite::outcome::{Difference, Failure};

/// What a finding is about. Findings of one kind are reported once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind {
    /// What was put to the test.
    pub test: Test,
    /// The protocol's id.
    pub protocol: &'static str,
    /// The first stage that differs, where one does.
    pub stage: Option<&'static str>,
    /// In which way it is wrong.
    pub sort: Sort,
}

/// In which way an answer is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Sort {
    /// The same parameters in another order.
    Order,
    /// Parameters that should not be there.
    More,
    /// Parameters are missing.
    Fewer,
    /// Other bytes.
    Bytes,
    /// No value where one was due.
    NoValue,
    /// Accepted what must be rejected.
    Accepted,
    /// Rejected what must be accepted.
    Rejected,
    /// Rejected for a reason that is not there.
    WrongReason,
    /// An exception, of this type.
    Threw(String),
    /// Declared as supported, and is not.
    Unsupported,
    /// An answer of another kind.
    WrongKind,
    /// The implementation broke.
    Broken(&'static str),
    /// A law is violated.
    Violated,
}

impl Sort {
    /// The name in reports for programs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::More => "more_parameters",
            Self::Fewer => "fewer_parameters",
            Self::Bytes => "other_bytes",
            Self::NoValue => "no_value",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::WrongReason => "wrong_reason",
            Self::Threw(_) => "threw",
            Self::Unsupported => "unsupported",
            Self::WrongKind => "wrong_kind",
            Self::Broken(kind) => kind,
            Self::Violated => "violated",
        }
    }
}

impl Kind {
    pub(super) fn of_failure(test: Test, protocol: &'static str, failure: &Failure) -> Self {
        let (stage, sort) = match failure {
            Failure::Differs(difference) => (Some(difference.stage), sort(difference)),
            Failure::NoValue { stage } => (Some(*stage), Sort::NoValue),
            Failure::Accepted { .. } => (None, Sort::Accepted),
            Failure::Rejected { difference: Some(difference), .. } => {
                (Some(difference.stage), sort(difference))
            }
            Failure::Rejected { .. } | Failure::TwinNotAccepted { .. } => (None, Sort::Rejected),
            Failure::WrongReason { .. } => (None, Sort::WrongReason),
            Failure::Threw(threw) => (None, Sort::Threw(threw.kind.clone())),
            Failure::Unsupported { .. } => (None, Sort::Unsupported),
            Failure::UnknownAnswer { .. } | Failure::WrongKind { .. } => (None, Sort::WrongKind),
        };
        Self { test, protocol, stage, sort }
    }

    pub(super) fn broken(test: Test, protocol: &'static str, kind: BreakageKind) -> Self {
        Self { test, protocol, stage: None, sort: Sort::Broken(kind.name()) }
    }

    pub(super) fn violated(test: Test, protocol: &'static str) -> Self {
        Self { test, protocol, stage: None, sort: Sort::Violated }
    }
}

/// In which way two values differ. Where a value is a list of parameters, the difference has one pair of it.
fn sort(difference: &Difference) -> Sort {
    let Difference { stage, parameter, expected, got, .. } = difference;
    if parameter.is_some() {
        return match (expected.is_empty(), got.is_empty()) {
            (true, _) => Sort::More,
            (_, true) => Sort::Fewer,
            _ => Sort::Bytes,
        };
    }
    if *stage != "string_to_sign" {
        return Sort::Bytes;
    }
    let pieces = |string: &[u8]| {
        let pieces = string.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty());
        let mut pieces: Vec<Vec<u8>> = pieces.map(<[u8]>::to_vec).collect();
        pieces.sort_unstable();
        pieces
    };
    let is_as_long = expected.len() == got.len();
    let (expected, got) = (pieces(expected), pieces(got));
    let without = |list: &[Vec<u8>], other: &[Vec<u8>]| list.iter().any(|one| !other.contains(one));
    match (without(&expected, &got), without(&got, &expected)) {
        (false, false) if is_as_long && expected == got => Sort::Order,
        (false, true) => Sort::More,
        (true, false) => Sort::Fewer,
        _ => Sort::Bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_order_from_parameters_and_bytes() {
        let of = |expected: &[u8], got: &[u8]| {
            sort(&Difference::between("string_to_sign", expected, got).unwrap())
        };
        assert_eq!(of(b"a=1&b=2", b"b=2&a=1"), Sort::Order);
        assert_eq!(of(b"a=1&b=2", b"a=1&b=2&c="), Sort::More);
        assert_eq!(of(b"a=1&b=2", b"a=1"), Sort::Fewer);
        assert_eq!(of(b"a=1&b=2", b"a=1&b=3"), Sort::Bytes);
        assert_eq!(of(b"a=1", b"a=1&"), Sort::Bytes);
    }
}
