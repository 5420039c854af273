//! What came of a case.

use crate::suite::answer::{Breakage, Threw};
use crate::vector::reason::Reason;

/// What came of putting one case to an implementation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// As the case expects.
    Pass {
        /// Something worth knowing all the same.
        note: Option<String>,
    },
    /// Not as the case expects.
    Fail(Box<Failure>),
    /// The case is contested, and this is one of the known answers.
    Tolerated {
        /// Who else gives it.
        given_by: String,
    },
    /// Outside of what the implementation offers.
    NotApplicable {
        /// In which respect.
        why: String,
    },
    /// The implementation broke.
    Broken(Breakage),
    /// Never asked.
    NotRun {
        /// Why not.
        why: String,
    },
}

impl Outcome {
    /// The name in reports.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass { .. } => "pass",
            Self::Fail(_) => "fail",
            Self::Tolerated { .. } => "tolerated",
            Self::NotApplicable { .. } => "not_applicable",
            Self::Broken(_) => "broken",
            Self::NotRun { .. } => "not_run",
        }
    }
}

/// Why a case failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// A stage's value differs: the first that does, of those that the implementation shows.
    Differs(Difference),
    /// The operation's own value is missing.
    NoValue {
        /// Which.
        stage: &'static str,
    },
    /// What must be rejected was accepted.
    Accepted {
        /// What should have been found wrong.
        expected: Vec<Reason>,
    },
    /// What must be accepted was rejected.
    Rejected {
        /// The implementation's reason.
        reason: Option<Reason>,
        /// Its words.
        detail: Option<String>,
        /// The first stage that differs, where one that is shown does.
        difference: Option<Difference>,
    },
    /// Rejected, but for a reason that is not there.
    WrongReason {
        /// The reasons that count.
        expected: Vec<Reason>,
        /// The implementation's.
        got: Reason,
    },
    /// Rejected, but so is the valid twin: the rejection shows nothing.
    TwinNotAccepted {
        /// The twin's id.
        twin: String,
    },
    /// An exception where an answer was due.
    Threw(Threw),
    /// Not among the known answers to a contested question.
    UnknownAnswer {
        /// The known ones, in words.
        known: Vec<String>,
        /// The implementation's, in words.
        got: String,
    },
    /// An operation that was declared as supported, and is not.
    Unsupported {
        /// Why not.
        why: String,
    },
    /// An answer of another kind: a value where a verdict was due, or the reverse.
    WrongKind {
        /// What was due.
        expected: &'static str,
        /// What came.
        got: &'static str,
    },
}

/// Where two values part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The stage.
    pub stage: &'static str,
    /// The parameter, where the stage's value is a list of them.
    pub parameter: Option<String>,
    /// The first byte that differs, counted from 0 in both values.
    pub offset: usize,
    /// What was expected.
    pub expected: Vec<u8>,
    /// What came.
    pub got: Vec<u8>,
}

impl Difference {
    /// Where two values part; `None` where they are equal.
    #[must_use]
    pub fn between(stage: &'static str, expected: &[u8], got: &[u8]) -> Option<Self> {
        if expected == got {
            return None;
        }
        let offset = expected.iter().zip(got).take_while(|(a, b)| a == b).count();
        Some(Self { stage, parameter: None, offset, expected: expected.into(), got: got.into() })
    }

    /// The same, of one parameter.
    #[must_use]
    pub fn of_parameter(mut self, name: &[u8]) -> Self {
        self.parameter = Some(name.escape_ascii().to_string());
        self
    }
}
