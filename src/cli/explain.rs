//! `explain`: tells why a message does not verify.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime};

use crate::certificate;
use crate::charset::Charset;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::key::KeySources;
use crate::cli::language::Language;
use crate::cli::output::{Format, colours, print_text};
use crate::cli::sign::sign_type_name;
use crate::explain::capture::{self, Captured, InputForm};
use crate::explain::{Budget, Question, Rules, explain};
use crate::report::explain::{json, paragraph};
use crate::signature::SignType;

/// When a search ends that has not come to its end, on a machine that is slower than most.
const LONGEST: Duration = Duration::from_secs(2);

/// Explain why a message does not verify (验签失败)
///
/// Reads one message as it was captured: a body, a URL, XML, an HTTP request or reply, a curl command, a line of an access
/// log, or a dump of the parameters as JSON or by PHP's print_r, var_dump or var_export. A message whose signature stands
/// in a header needs its headers: paste it as HTTP or curl. Then it looks for the smallest set of mistakes and
/// circumstances under which the signature verifies. At most 64 KiB are read, and the search ends after two seconds.
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
    #[arg(long, value_name = "ID", value_parser = rules)]
    protocol: Option<Rules>,

    /// The configured sign type, MD5, RSA, RSA2 or HMAC-SHA256; otherwise the message's
    #[arg(long, value_name = "TYPE", value_parser = sign_type_name)]
    sign_type: Option<String>,

    /// The configured charset: utf-8, gbk, gb2312 or gb18030; otherwise what the message looks like
    #[arg(long, value_name = "CHARSET")]
    charset: Option<Charset>,

    /// A signature that somebody else computed, in place of the message's
    #[arg(long, value_name = "TEXT")]
    sign: Option<String>,

    /// The request that a reply answers, such as 'POST /ams/api/v1/payments/pay': Antom's replies sign its method and
    /// path. Also in place of a request's own first line
    #[arg(long, value_name = "METHOD PATH", value_parser = request_line)]
    request: Option<(String, String)>,

    /// When the message came, such as 2024-08-05T09:33:41Z: WeChat Pay's are refused five minutes from then
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    now: Option<u64>,

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
  alipay-conformance explain --key-file docs/examples/wechatpay_public_key.pem \\
    docs/examples/wechatpay_answer.http
  alipay-conformance explain --key-file docs/examples/antom_public_key.pem \\
    --request 'POST /ams/api/v1/payments/pay' docs/examples/antom_reply.http

Input forms: body, url, http, xml, curl, log, json, print_r, var_dump, var_export

Exit codes: 0 explained, or genuine as it stands; 1 nothing that was tried explains it; 2 wrong
usage, or a file that cannot be used

Keys are never shown.";

fn form(name: &str) -> Result<InputForm, String> {
    let names = || InputForm::ALL.map(InputForm::name).join(", ");
    let form = InputForm::ALL.into_iter().find(|form| form.name() == name);
    form.ok_or_else(|| format!("expected one of {}", names()))
}

/// The protocol of an id.
fn rules(id: &str) -> Result<Rules, String> {
    let ids = || Rules::all().map(|rules| rules.id()).collect::<Vec<_>>().join(", ");
    Rules::from_id(id).ok_or_else(|| format!("expected one of {}", ids()))
}

/// The sign type of a name.
fn sign_type(rules: Rules, name: &str) -> Result<SignType, Failure> {
    let mut known = rules.sign_types().iter().copied();
    known.find(|known| known.name() == name).ok_or_else(|| {
        let known: Vec<_> = rules.sign_types().iter().map(|known| known.name()).collect();
        let expected = format!("{} has {}, in upper case", rules.id(), known.join(", "));
        Failure::usage(format_args!("--sign-type {name}"), expected)
    })
}

/// Method and path, as a request's first line has them; what stands behind them is left out.
fn request_line(text: &str) -> Result<(String, String), &'static str> {
    let mut words = text.split_ascii_whitespace();
    match (words.next(), words.next()) {
        (Some(method), Some(path)) => Ok((method.into(), path.into())),
        _ => Err("expected a method and a path, such as 'POST /ams/api/v1/payments/pay'"),
    }
}

/// A time, as seconds since 1970.
fn seconds(text: &str) -> Result<u64, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    let time = certificate::time(text).map_err(|error| error.to_string())?;
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map(|since| since.as_secs()).map_err(|_| "expected a time since 1970".into())
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let start = Instant::now();
    let keys = arguments.keys.given()?;
    let message = arguments.message()?;
    let question = Question {
        protocol: arguments.protocol,
        charset: arguments.charset,
        sign: arguments.sign.as_deref().map(str::as_bytes),
        request: arguments.request.as_ref().map(|(m, p)| (m.as_bytes(), p.as_bytes())),
        now: arguments.now,
        notify_id_answer: arguments.notify_id_answer.as_deref().map(str::as_bytes),
        ..Question::new(&message, &keys)
    };
    let named = arguments.sign_type.as_deref();
    let rules = question.protocol();
    if let (Some(Rules::Headers(wanted)), Rules::Parameters(_)) = (arguments.protocol, rules) {
        let needed =
            "expected an HTTP message, or a curl command, with the headers in which it is signed";
        let problem = format_args!("no message of {}: {needed}", wanted.id);
        return Err(Failure::usage(input::name(&arguments.file), problem));
    }
    let sign_type = named.map(|name| sign_type(rules, name)).transpose()?;
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
        capture::capture(&bytes, self.input_form)
            .map_err(|error| Failure::usage(input::name(&self.file), error))
    }
}
