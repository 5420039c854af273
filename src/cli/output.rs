//! Standard output.

use std::io::{self, BufWriter, Write};

use crate::cli::failure::Failure;
use crate::report::json;

/// Writes to standard output. Where it is closed, as by `head`, the rest is dropped without a word.
pub(super) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::usage("standard output", error))
        }
        _ => Ok(()),
    }
}

/// Writes text.
pub(super) fn print_text(text: &str) -> Result<(), Failure> {
    print(|out| out.write_all(text.as_bytes()))
}

/// Writes one JSON object on a line.
pub(super) fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    print(|mut out| json::line(&mut out, value))
}

/// Whether standard output is a terminal that wants colours.
pub(super) fn colours() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// `--format`
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}
