//! Why a command ends without a result.

use std::io::Write;
use std::process::ExitCode;

use crate::report::show::safe;
use crate::suite::process::StartError;

/// How much of an adapter's standard error is shown, in lines.
const STDERR_LINES: usize = 20;

/// A command that cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// Wrong usage, or a file that cannot be used: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// An adapter that cannot be put under test: exit code 3.
    #[error("{0}")]
    Adapter(#[from] StartError),
    /// Ended from outside before there was a result: exit code 130.
    #[error("interrupted")]
    Interrupted,
}

impl Failure {
    /// Wrong usage: the flag or file, and what is wrong with it.
    pub(super) fn usage(what: impl std::fmt::Display, problem: impl std::fmt::Display) -> Self {
        Self::Usage(format!("{what}: {problem}"))
    }

    /// Says on standard error what is wrong, and gives the exit code.
    pub(super) fn report(&self) -> ExitCode {
        let mut text = format!("error: {}\n", safe(&self.to_string()));
        let code = match self {
            Self::Usage(_) => 2,
            Self::Interrupted => 130,
            Self::Adapter(error) => {
                let lines: Vec<&str> = error.stderr().lines().collect();
                if !lines.is_empty() {
                    text.push_str("\nThe end of its standard error:\n");
                }
                for line in lines.iter().skip(lines.len().saturating_sub(STDERR_LINES)) {
                    text.push_str(&format!("  {}\n", safe(line)));
                }
                3
            }
        };
        // Where standard error is closed, the exit code remains.
        let _ = std::io::stderr().write_all(text.as_bytes());
        ExitCode::from(code)
    }
}
