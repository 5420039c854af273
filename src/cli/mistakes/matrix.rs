//! `mistakes matrix`

use std::process::ExitCode;

use crate::cli::failure::Failure;
use crate::cli::language::Language;
use crate::cli::output::{Format, print, print_text};
use crate::cli::selection::Vectors;
use crate::mistake::{self, matrix::Matrix};
use crate::report::json;
use crate::report::matrix::{PairFields, RowFields, Score};

/// Put every vector to every known mistake: who is caught by what
///
/// A mistake that no vector catches, or none that names it, is a gap in the vectors. So is a vector that catches no
/// mistake, is no other vector's twin and states no purpose.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// Make the mistakes by twos as well: the one might hide the other
    #[arg(long)]
    pairs: bool,

    /// Show the vectors that catch each mistake
    #[arg(long, short)]
    verbose: bool,

    /// Form of the report: text, or one JSON object a line
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    #[command(flatten)]
    vectors: Vectors,

    #[command(flatten)]
    language: Language,
}

const HELP: &str = "\
Examples:
  alipay-conformance mistakes matrix --verbose

Exit codes:
  0 there is no gap; 1 there is one; 2 wrong usage or a file that cannot be used";

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let set = arguments.vectors.load()?;
    let matrix = Matrix::new(&set, mistake::all());
    let pairs = arguments.pairs.then(|| matrix.pairs());
    let score = Score::new(&matrix, pairs.as_ref());
    match arguments.format {
        Format::Text => print_text(&score.text(arguments.language.lang(), arguments.verbose))?,
        Format::Json => print(|mut out| {
            for row in &matrix.rows {
                json::line(&mut out, &RowFields::of(row))?;
            }
            for pair in pairs.iter().flat_map(|pairs| &pairs.hidden) {
                json::line(&mut out, &PairFields::of(*pair))?;
            }
            json::line(&mut out, &score)
        })?,
    }
    Ok(ExitCode::from(u8::from(!score.is_complete())))
}
