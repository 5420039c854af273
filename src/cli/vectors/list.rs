//! `vectors list`

use std::process::ExitCode;

use crate::cli::failure::Failure;
use crate::cli::language::Language;
use crate::cli::output::{Format, print};
use crate::cli::selection::Selection;
use crate::report::Lang;
use crate::report::json::{self, CaseFields};
use crate::report::show::safe;
use crate::vector::case::Case;

/// List cases, one a line
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// Form of the list: text, or one JSON object a line
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    #[command(flatten)]
    language: Language,
}

const HELP: &str = "\
Examples:
  alipay-conformance vectors list --filter sort-order
  alipay-conformance vectors list --filter gbk --format json";

pub(in crate::cli) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let set = arguments.selection.load()?;
    let cases = set.cases().iter().filter(|case| arguments.selection.selects(case));
    print_cases(cases, arguments.format, arguments.language.lang())?;
    Ok(ExitCode::SUCCESS)
}

/// Id, operation, charset, sign type and title of each.
pub(in crate::cli) fn print_cases<'a>(
    cases: impl Iterator<Item = &'a Case>,
    format: Format,
    lang: Lang,
) -> Result<(), Failure> {
    print(|mut out| {
        for case in cases {
            if format == Format::Json {
                json::line(&mut out, &CaseFields::of(case))?;
                continue;
            }
            let operation = case.ask.operation.name();
            let charset = case.ask.charset.label();
            let sign_type = safe(case.ask.sign_type.as_deref().unwrap_or("-"));
            let title = safe(lang.of(&case.title));
            let id = safe(&case.id);
            writeln!(out, "{id}  {operation:<20} {charset:<7} {sign_type:<4}  {title}")?;
        }
        Ok(())
    })
}
