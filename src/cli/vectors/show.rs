//! `vectors show`

use std::fmt::Write;
use std::process::ExitCode;

use serde_json::Value;

use crate::charset::Charset;
use crate::cli::failure::Failure;
use crate::cli::language::Language;
use crate::cli::output::print_text;
use crate::cli::selection::Vectors;
use crate::mistake;
use crate::report::show::{safe, visible};
use crate::report::{Lang, mistakes};
use crate::vector::bytes::from_base64;
use crate::vector::case::Case;

/// Show one case
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(in crate::cli) struct Arguments {
    /// Its id
    id: String,

    /// As JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    vectors: Vectors,

    #[command(flatten)]
    language: Language,
}

const HELP: &str = "\
Examples:
  alipay-conformance vectors show mapi-0233
  alipay-conformance vectors show mapi-0233 --json";

pub(in crate::cli) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let set = arguments.vectors.load()?;
    let (Some(case), Some(document)) = (set.case(&arguments.id), set.document(&arguments.id))
    else {
        let problem = format!("no such case among the {} of the set", set.cases().len());
        return Err(Failure::usage(&arguments.id, problem));
    };
    let text = match arguments.json {
        true => format!("{document:#}\n"),
        false => readable(case, document, arguments.language.lang()),
    };
    print_text(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn readable(case: &Case, document: &Value, lang: Lang) -> String {
    let mut page = Page { out: String::new(), charset: case.ask.charset };
    let text = |field: &str| safe(document.get(field).and_then(Value::as_str).unwrap_or("-"));
    page.line(0, &format!("{}  {}", safe(&case.id), safe(lang.of(&case.title))));
    let rows = [
        ("operation", case.ask.operation.to_string()),
        ("protocol", text("protocol")),
        ("charset", case.ask.charset.to_string()),
        ("sign type", text("sign_type")),
        ("key", text("key")),
        ("stage", case.stage.to_string()),
        ("rule", format!("{}: {}", safe(&case.rule), safe(lang.of_rule(&case.rule_text)))),
        ("", safe(&case.rule_text.source)),
        ("source", format!("{}: {}", status(document), safe(&case.source.from))),
    ];
    for (name, value) in rows {
        page.line(1, &format!("{name:<10} {value}"));
    }
    for (flag, meaning) in case.flags.iter().zip(&case.flag_texts) {
        page.line(1, &format!("{:<10} {}: {}", "flag", safe(flag), safe(lang.of(meaning))));
    }
    for mistake in case.mistakes.iter().filter_map(|id| mistake::find(id)) {
        let what = mistakes::text(lang, mistake.what);
        page.line(1, &format!("{:<10} {}: {what}", "catches", mistake.id));
    }
    if let Some(purpose) = &case.purpose {
        page.line(1, &format!("{:<10} {}", "purpose", safe(lang.of(purpose))));
    }
    for field in ["input", "result", "expect", "reject", "twin", "answers"] {
        if let Some(value) = document.get(field) {
            page.value(1, field, value);
        }
    }
    page.out
}

fn status(document: &Value) -> String {
    let status = document.pointer("/source/status").and_then(Value::as_str);
    safe(status.unwrap_or_default())
}

/// In the order of the pipeline, which JSON objects do not keep.
const STAGES: [&str; 6] = ["decoded", "filtered", "sorted", "string_to_sign", "signature", "wire"];

struct Page {
    out: String,
    charset: Charset,
}

impl Page {
    fn line(&mut self, depth: usize, text: &str) {
        let indent = depth * 2;
        let written = writeln!(self.out, "{:indent$}{}", "", text.trim_end());
        debug_assert!(written.is_ok(), "a String takes all");
    }

    /// A field, and what is in it below. Bytes given as base64 are shown in the charset of the case.
    fn value(&mut self, depth: usize, name: &str, value: &Value) {
        let shown = name.strip_suffix("_b64").unwrap_or(name);
        match value {
            Value::Object(fields) => {
                self.line(depth, shown);
                let mut fields: Vec<_> = fields.iter().collect();
                let rank = |name: &str| STAGES.iter().position(|stage| name.starts_with(stage));
                fields.sort_by_key(|(name, _)| rank(name).unwrap_or(STAGES.len()));
                for (name, value) in &fields {
                    // The text is there for reading: the bytes are what counts, and are shown as text.
                    let bytes = format!("{name}_b64");
                    if !fields.iter().any(|(other, _)| **other == bytes) {
                        self.value(depth + 1, name, value);
                    }
                }
            }
            Value::Array(elements) => {
                self.line(depth, shown);
                for element in elements {
                    match element.as_array().map(Vec::as_slice) {
                        Some([Value::String(first), Value::String(second)]) => {
                            let line =
                                format!("{} = {}", self.text(name, first), self.text(name, second));
                            self.line(depth + 1, &line);
                        }
                        _ => self.value(depth + 1, "-", element),
                    }
                }
            }
            Value::String(text) => {
                let line = format!("{shown:<10} {}", self.text(name, text));
                self.line(depth, &line);
            }
            other => self.line(depth, &format!("{shown:<10} {other}")),
        }
    }

    fn text(&self, name: &str, text: &str) -> String {
        let bytes = name
            .ends_with("_b64")
            .then(|| from_base64::<serde_json::Error>(text, name).ok())
            .flatten();
        match bytes {
            Some(bytes) => visible(&bytes, self.charset),
            None => visible(text.as_bytes(), Charset::Utf8),
        }
    }
}
