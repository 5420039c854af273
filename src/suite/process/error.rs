//! Why an adapter cannot be put under test.

use std::fmt;
use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use crate::suite::process::echo::EchoDifference;

/// An adapter that cannot be started, or cannot be trusted to carry bytes.
#[derive(Debug)]
pub struct StartError {
    pub(super) command: String,
    pub(super) problem: StartProblem,
    pub(super) stderr: String,
}

impl StartError {
    /// The command, as it was given.
    #[must_use]
    pub fn command(&self) -> &str {
        &self.command
    }

    /// What is wrong.
    #[must_use]
    pub fn problem(&self) -> &StartProblem {
        &self.problem
    }

    /// The end of the process's standard error.
    #[must_use]
    pub fn stderr(&self) -> &str {
        &self.stderr
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "adapter {}: {}", self.command, self.problem)
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            StartProblem::NotStarted(error) => Some(error),
            _ => None,
        }
    }
}

/// Why an adapter cannot be put under test.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartProblem {
    /// There is no command.
    #[error("no command was given")]
    NoCommand,
    /// The command does not exist.
    #[error("command not found; where it is a script, see also the interpreter in its first line")]
    NotFound,
    /// The command is not executable.
    #[error("the command is not an executable file: permission denied")]
    NotExecutable,
    /// The operating system cannot start it.
    #[error("the command cannot be started: {0}")]
    NotStarted(io::Error),
    /// It did not answer in time.
    #[error("no answer to {to} within {} s", after.as_secs_f64())]
    Silent {
        /// The message that it did not answer: `hello` or `echo`.
        to: &'static str,
        /// How long it had.
        after: Duration,
    },
    /// It ended instead of answering.
    #[error("ended before it answered {to}{}", described(*status))]
    Ended {
        /// The message that it did not answer: `hello` or `echo`.
        to: &'static str,
        /// Its exit status; `None` where it closed a pipe and had to be killed.
        status: Option<ExitStatus>,
    },
    /// It refuses.
    #[error("refuses with hello_no: {why}; it speaks {theirs}, the suite speaks protocol 1")]
    Refused {
        /// Its reason.
        why: String,
        /// The versions that it speaks.
        theirs: String,
    },
    /// It speaks another version.
    #[error("hello_ok names protocol {theirs}, the suite offered 1 and no other")]
    Version {
        /// The version that it speaks.
        theirs: String,
    },
    /// Its first message is none.
    #[error("expected hello_ok or hello_no, got a line that is neither: {0}")]
    BadHello(String),
    /// Its echo is none.
    #[error("expected echo_ok, got a line that is none: {0}")]
    BadEcho(String),
    /// It changes bytes.
    #[error("{0}")]
    Echo(EchoDifference),
    /// It is not the one that was started first.
    #[error("started again, it is another one: {now}; before it was {before}")]
    Other {
        /// Who was under test.
        before: String,
        /// Who is.
        now: String,
    },
    /// The run was ended.
    #[error("interrupted")]
    Interrupted,
}

/// `, exit status: 3` or nothing.
pub(super) fn described(status: Option<ExitStatus>) -> String {
    status.map(|status| format!(", {status}")).unwrap_or_default()
}
