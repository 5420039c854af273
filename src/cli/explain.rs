//! `explain`: tells why a message does not verify.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::charset::Charset;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::key::KeySources;
use crate::cli::language::Language;
use crate::cli::output::{Format, colours, print_text};
use crate::cli::sign::{protocol, sign_type, sign_type_name};
use crate::explain::capture::{self, Captured, InputForm};
use crate::explain::{Budget, Question, explain};
use crate::params::Params;
use crate::protocol::Protocol;
use crate::report::explain::{json, paragraph};

/// When a search ends that has not come to its end, on a machine that is slower than most.
const LONGEST: Duration = Duration::from_secs(2);

/// Explain why a message does not verify (验签失败)
///
/// Reads one message as it was captured: a body, a URL, XML, an HTTP request, a curl command, a line of an access log, or a
/// dump of the parameters as JSON or by PHP's print_r, var_dump or var_export. Then it looks for the smallest set of
/// mistakes and circumstances under which the signature verifies. At most 64 KiB are read, and the search ends after
/// two seconds.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// File with the message; - is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    file: PathBuf,

    /// What the file holds; recognised where it is not given
    #[arg(long, value_name = "FORM", value_parser = form)]
    input_form: Option<InputForm>,

    #[command(flatten)]
    keys: KeySources,

    /// Protocol whose rules are followed; otherwise the one that has such messages
    #[arg(long, value_name = "ID", value_parser = protocol)]
    protocol: Option<Protocol>,

    /// The configured sign type, MD5, RSA, RSA2 or HMAC-SHA256; otherwise the message's
    #[arg(long, value_name = "TYPE", value_parser = sign_type_name)]
    sign_type: Option<String>,

    /// The configured charset: utf-8, gbk, gb2312 or gb18030; otherwise what the message looks like
    #[arg(long, value_name = "CHARSET")]
    charset: Option<Charset>,

    /// A signature that somebody else computed, in place of the message's
    #[arg(long, value_name = "TEXT")]
    sign: Option<String>,

    /// What the gateway answered to the notify_id check: true, false or invalid
    #[arg(long, value_name = "TEXT")]
    notify_id_answer: Option<String>,

    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    #[command(flatten)]
    language: Language,
}

const HELP: &str = "\
Examples:
  export KEY=10000000000000000000000000000000
  echo 'm=pay&notify_id=1234&sign_type=MD5&sign=22fc7e38e5acdfede396aa463870d111' \\
    | alipay-conformance explain --key-env KEY
  echo '{\"notify_id\":\"1234 \",\"sign\":\"22fc7e38e5acdfede396aa463870d111\"}' \\
    | alipay-conformance explain --key-env KEY --notify-id-answer true --lang zh

Input forms: body, url, http, xml, curl, log, json, print_r, var_dump, var_export

Exit codes: 0 explained, or genuine as it stands; 1 nothing that was tried explains it; 2 wrong
usage, or a file that cannot be used

Keys are never shown.";

fn form(name: &str) -> Result<InputForm, String> {
    let names = || InputForm::ALL.map(InputForm::name).join(", ");
    let form = InputForm::ALL.into_iter().find(|form| form.name() == name);
    form.ok_or_else(|| format!("expected one of {}", names()))
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let start = Instant::now();
    let keys = arguments.keys.given()?;
    let message = arguments.message()?;
    let question = Question {
        protocol: arguments.protocol,
        charset: arguments.charset,
        notify_id_answer: arguments.notify_id_answer.as_deref().map(str::as_bytes),
        ..Question::new(&message, &keys)
    };
    let named = arguments.sign_type.as_deref();
    let protocol = question.protocol();
    let sign_type = named.map(|name| sign_type(&protocol, name)).transpose()?;
    let question = Question { sign_type, ..question };
    let finding = explain(&question, Budget::default(), &|| start.elapsed() > LONGEST);
    match arguments.format {
        Format::Text => {
            let lang = arguments.language.lang();
            print_text(&paragraph(&finding, &message, lang, colours()))?;
        }
        Format::Json => print_text(&(json(&finding, &message) + "\n"))?,
    }
    let is_explained = finding.is_genuine() || !finding.explanations.is_empty();
    Ok(if is_explained { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

impl Arguments {
    fn message(&self) -> Result<Captured, Failure> {
        let bytes = input::read(&self.file, capture::LONGEST)?;
        let mut message = capture::capture(&bytes, self.input_form)
            .map_err(|error| Failure::usage(input::name(&self.file), error))?;
        if let Some(sign) = &self.sign {
            let others = message.params.iter().filter(|(name, _)| *name != b"sign");
            let mut params: Params = others.collect();
            params.push(b"sign", sign.as_bytes());
            message.params = params;
        }
        Ok(message)
    }
}
