//! `mistakes list`

use std::process::ExitCode;

use crate::cli::failure::Failure;
use crate::cli::language::Language;
use crate::cli::output::{Format, print};
use crate::mistake;
use crate::report::json;
use crate::report::mistakes::{MistakeFields, text};

/// List the known mistakes, one a line
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// Only mistakes with TEXT in id, area or severity
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    filter: String,

    /// Form of the list: text, or one JSON object a line
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    #[command(flatten)]
    language: Language,
}

const HELP: &str = "\
Examples:
  alipay-conformance mistakes list
  alipay-conformance mistakes list --filter forgery --lang zh";

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let lang = arguments.language.lang();
    let wanted = arguments.filter.to_lowercase();
    let mistakes = mistake::all().filter(|mistake| {
        let fields = [mistake.id, mistake.area.name(), mistake.severity.name()];
        fields.iter().any(|field| field.contains(&wanted))
    });
    print(|mut out| {
        for mistake in mistakes {
            match arguments.format {
                Format::Json => json::line(&mut out, &MistakeFields::of(mistake))?,
                Format::Text => {
                    let (id, severity) = (mistake.id, mistake.severity.name());
                    let what = text(lang, mistake.what);
                    writeln!(out, "{id:<44}  {severity:<7}  {what}")?;
                }
            }
        }
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}
