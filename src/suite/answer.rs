//! What an implementation answers.

use crate::vector::output::Output;
use crate::vector::reason::Reason;

/// An implementation's answer to one [`Ask`](crate::vector::case::Ask).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The operation's value, with the stages that can be seen.
    Value(Box<Output>),
    /// The message or request is accepted.
    Accept(Box<Output>),
    /// The message or request is refused.
    Reject(Rejection),
    /// The library left by an exception or a panic.
    Threw(Threw),
    /// The implementation cannot do this, and had not said so before.
    Unsupported {
        /// Why not.
        why: String,
    },
    /// The implementation does not offer the operation: the default of every method of
    /// [`Implementation`](crate::suite::implementation::Implementation).
    NotOffered,
    /// There is no answer, as the implementation broke.
    Broken(Breakage),
    /// The question was never put: the run was ended, or the implementation broke too often.
    NotRun {
        /// Why not.
        why: String,
    },
}

/// A refusal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejection {
    /// The class of the reason, where the implementation tells.
    pub reason: Option<Reason>,
    /// The implementation's own code; shown, never judged.
    pub code: Option<String>,
    /// More words; shown, never judged.
    pub detail: Option<String>,
    /// The stages that can be seen.
    pub output: Box<Output>,
}

/// An exception.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Threw {
    /// Its type.
    pub kind: String,
    /// Its message.
    pub message: String,
}

/// How an implementation broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakage {
    /// In which way.
    pub kind: BreakageKind,
    /// What was seen: an exit status, the text that is no answer.
    pub detail: String,
    /// The end of its standard error.
    pub stderr: String,
}

/// The ways in which an implementation can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BreakageKind {
    /// The process ended.
    Crash,
    /// No answer within the time.
    Hang,
    /// An answer that is none.
    Garbled,
}

impl BreakageKind {
    /// `crash`, `hang` or `garbled`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Hang => "hang",
            Self::Garbled => "garbled",
        }
    }
}

impl Answer {
    /// A value.
    #[must_use]
    pub fn value(output: Output) -> Self {
        Self::Value(Box::new(output))
    }

    /// Acceptance.
    #[must_use]
    pub fn accept(output: Output) -> Self {
        Self::Accept(Box::new(output))
    }

    /// Refusal for a reason.
    #[must_use]
    pub fn reject(reason: Reason, detail: impl ToString) -> Self {
        Self::Reject(Rejection {
            reason: Some(reason),
            detail: Some(detail.to_string()),
            ..Rejection::default()
        })
    }

    /// Acceptance or refusal, for an implementation that says no more than yes or no.
    #[must_use]
    pub fn verdict(accepted: bool) -> Self {
        if accepted { Self::accept(Output::default()) } else { Self::Reject(Rejection::default()) }
    }

    /// What it shows of the stages.
    #[must_use]
    pub fn output(&self) -> Option<&Output> {
        match self {
            Self::Value(output) | Self::Accept(output) => Some(output),
            Self::Reject(rejection) => Some(&rejection.output),
            _ => None,
        }
    }
}
