//! `vectors check`

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use crate::cli::failure::Failure;
use crate::cli::language::Language;
use crate::cli::output::print_text;
use crate::report::paragraph;
use crate::report::show::safe;
use crate::suite::reference::Reference;
use crate::suite::run::{Options, run as run_suite};
use crate::vector::lint::lint;
use crate::vector::load::VectorSet;

/// Check vectors: their format, the lint, and that the reference agrees
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(in crate::cli) struct Arguments {
    /// A vector file, or a folder of them; otherwise the embedded set
    path: Option<PathBuf>,

    #[command(flatten)]
    language: Language,
}

const HELP: &str = "\
Examples:
  alipay-conformance vectors check
  alipay-conformance vectors check vectors

Exit codes: 0 nothing found; 1 something found; 2 a file that is not of the format";

pub(in crate::cli) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let set = match &arguments.path {
        None => VectorSet::embedded(),
        Some(path) => VectorSet::load(path),
    };
    let set = set.map_err(|error| Failure::Usage(error.to_string()))?;
    let mut out = String::new();
    let findings = lint(&set);
    for finding in &findings {
        out.push_str(&format!("{}: {}\n", safe(&finding.about), safe(&finding.problem)));
    }
    let options = Options { jobs: 1, interrupted: &AtomicBool::new(false) };
    let run = run_suite(&Reference::default(), &set, |_| true, options);
    let mut disagreements = 0;
    for result in &run.results {
        let paragraph = paragraph(result.case, &result.outcome, arguments.language.lang());
        if !paragraph.is_empty() {
            disagreements += 1;
            out.push_str(&format!("\n{paragraph}"));
        }
    }
    let plural = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    out.push_str(&format!(
        "{}{}, {}, {} with the reference\n",
        if disagreements > 0 { "\n" } else { "" },
        plural(set.cases().len(), "case"),
        plural(findings.len(), "finding"),
        plural(disagreements, "disagreement"),
    ));
    print_text(&out)?;
    Ok(ExitCode::from(u8::from(!findings.is_empty() || disagreements > 0)))
}
