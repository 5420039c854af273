//! `mistakes show`

use std::process::ExitCode;

use crate::cli::failure::Failure;
use crate::cli::language::Language;
use crate::cli::output::print_text;
use crate::cli::selection::Vectors;
use crate::mistake::{self, matrix::Matrix};
use crate::report::mistakes::paragraph;

/// Show one mistake, and the cases that catch it
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// Its id
    id: String,

    #[command(flatten)]
    vectors: Vectors,

    #[command(flatten)]
    language: Language,
}

const HELP: &str = "\
Examples:
  alipay-conformance mistakes show filter-empty-included";

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let Some(mistake) = mistake::find(&arguments.id) else {
        let problem = "no such mistake: `mistakes list` has them all";
        return Err(Failure::usage(&arguments.id, problem));
    };
    let set = arguments.vectors.load()?;
    let matrix = Matrix::new(&set, [mistake]);
    let caught_by = matrix.rows.first().map(|row| row.caught_by.as_slice());
    print_text(&paragraph(mistake, caught_by.unwrap_or_default(), arguments.language.lang()))?;
    Ok(ExitCode::SUCCESS)
}
