//! `sign`: signs parameters.

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use crate::charset::Charset;
use crate::cli::failure::Failure;
use crate::cli::input::{self, without_line_ending};
use crate::cli::key::KeySource;
use crate::cli::output::{Format, print_json, print_text};
use crate::form::{self, Limits};
use crate::params::Params;
use crate::protocol::pipeline::{Pipeline, Scratch};
use crate::protocol::{ALL, MAPI, Protocol};
use crate::report::show::visible;
use crate::signature::{SignType, UnsupportedSignType};
use crate::vector::bytes::to_base64;

/// Sign parameters
///
/// `sign` may be among the parameters and is not signed, nor are those with an empty value. So may `sign_type`, which
/// only the open platform's requests sign.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// File with the parameters; - is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    file: PathBuf,

    /// What the file holds
    #[arg(long, value_name = "FORM", default_value = "lines")]
    input: InputForm,

    #[command(flatten)]
    key: KeySource,

    /// MD5, RSA or RSA2; with WeChat Pay MD5 or HMAC-SHA256
    #[arg(long, value_name = "TYPE", value_parser = sign_type_name)]
    sign_type: String,

    /// Charset in which the parameters are signed: utf-8, gbk, gb2312 or gb18030
    #[arg(long, value_name = "CHARSET", default_value = "utf-8")]
    charset: Charset,

    /// Protocol whose rules are followed
    #[arg(long, value_name = "ID", default_value = MAPI.id, value_parser = protocol)]
    protocol: Protocol,

    /// Show the string to sign too
    #[arg(long)]
    show_string: bool,

    /// Form of the output; json always has the string to sign
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

const HELP: &str = "\
Examples:
  export KEY=10000000000000000000000000000000
  echo 'notify_id=1234' | alipay-conformance sign --sign-type MD5 --key-env KEY
  echo 'subject=%B6%A9%B5%A5&total_fee=0.01' \\
    | alipay-conformance sign --sign-type MD5 --key-env KEY \\
    --input form --charset gbk --show-string

Exit codes: 0 signed; 2 wrong usage, or a file that cannot be used";

#[derive(Clone, Copy, clap::ValueEnum)]
enum InputForm {
    /// UTF-8 text, a parameter a line: name=value, nothing escaped; empty lines are skipped
    Lines,
    /// A body or query, x-www-form-urlencoded in the charset
    Form,
}

/// The protocol of an id, for the command line.
pub(super) fn protocol(id: &str) -> Result<Protocol, String> {
    Protocol::from_id(id).ok_or_else(|| {
        let known: Vec<_> = crate::protocol::ALL.iter().map(|protocol| protocol.id).collect();
        format!("expected {}", known.join(" or "))
    })
}

/// The name of a sign type that some protocol has, for the command line.
pub(super) fn sign_type_name(name: &str) -> Result<String, UnsupportedSignType> {
    match ALL.iter().any(|protocol| protocol.sign_type_of(name).is_some()) {
        true => Ok(name.to_owned()),
        false => SignType::from_name(name).map(|known| known.name().to_owned()),
    }
}

/// The sign type of a name, for the command line.
pub(super) fn sign_type(protocol: &Protocol, name: &str) -> Result<SignType, Failure> {
    protocol.sign_type_of(name).ok_or_else(|| {
        let known: Vec<_> = protocol.sign_types.iter().map(|known| known.name()).collect();
        let expected = format!("{} has {}, in upper case", protocol.id, known.join(", "));
        Failure::usage(format_args!("--sign-type {name}"), expected)
    })
}

#[derive(Serialize)]
struct Signed<'a> {
    sign_type: &'a str,
    charset: &'a str,
    string_to_sign: Option<&'a str>,
    string_to_sign_b64: String,
    signature: &'a str,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let charset = arguments.charset;
    let sign_type = sign_type(&arguments.protocol, &arguments.sign_type)?;
    let key = arguments.key.signing(sign_type)?;
    let params = arguments.params()?;
    arguments.warn_of_other_charset(&params);
    arguments.warn_without_sign_type(&params, sign_type);
    let pipeline = Pipeline::new(arguments.protocol);
    let unusable =
        |error: &dyn std::fmt::Display| Failure::usage(input::name(&arguments.file), error);
    let mut scratch = Scratch::new();
    let signature =
        pipeline.sign(&params, sign_type, &key, &mut scratch).map_err(|error| unusable(&error))?;
    let string =
        pipeline.string_to_sign(&params, &mut scratch).map_err(|error| unusable(&error))?;
    let signature = signature.as_str();
    match arguments.format {
        Format::Json => print_json(&Signed {
            sign_type: sign_type.name(),
            charset: charset.label(),
            string_to_sign: charset.decode(string).ok().as_deref(),
            string_to_sign_b64: to_base64(string),
            signature,
        })?,
        Format::Text if arguments.show_string => {
            let string = visible(string, charset);
            print_text(&format!("string to sign  {string}\nsignature       {signature}\n"))?;
        }
        Format::Text => print_text(&format!("{signature}\n"))?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Arguments {
    fn params(&self) -> Result<Params, Failure> {
        let unusable = |problem: String| Failure::usage(input::name(&self.file), problem);
        let limits = Limits::DEFAULT;
        let bytes = input::read(&self.file, limits.bytes)?;
        if bytes.len() > limits.bytes {
            return Err(unusable(format!("expected at most {} bytes", limits.bytes)));
        }
        match self.input {
            InputForm::Form => form::decode(without_line_ending(&bytes))
                .map_err(|error| unusable(error.to_string())),
            InputForm::Lines => {
                let text = std::str::from_utf8(&bytes).map_err(|error| {
                    unusable(format!(
                        "not UTF-8 at byte {}: expected lines of text",
                        error.valid_up_to()
                    ))
                })?;
                let pairs = lines(text).map_err(unusable)?;
                Params::encode(pairs, self.charset).map_err(|error| {
                    Failure::usage(format_args!("--charset {}", self.charset), error)
                })
            }
        }
    }

    fn warn_of_other_charset(&self, params: &Params) {
        let name = self.protocol.charset;
        let Some(named) = params.get(name.as_bytes()).filter(|value| !value.is_empty()) else {
            return;
        };
        let named = visible(named, self.charset);
        if !named.eq_ignore_ascii_case(self.charset.label()) {
            // Where standard error is closed, the signature remains.
            let _ = std::io::Write::write_fmt(
                &mut std::io::stderr(),
                format_args!("warning: {name} is {named}, and --charset is {}\n", self.charset),
            );
        }
    }

    /// Where the sign type is signed, it is one of the parameters; adding it here would hide what is sent.
    fn warn_without_sign_type(&self, params: &Params, configured: SignType) {
        let Protocol { id, excluded, sign_type, default_sign_type, .. } = self.protocol;
        let is_told = params.get(sign_type.as_bytes()).is_some();
        if !excluded.contains(&sign_type) && !is_told && default_sign_type != Some(configured) {
            let _ = std::io::Write::write_fmt(
                &mut std::io::stderr(),
                format_args!("warning: {id} signs {sign_type}, and no parameter has that name\n"),
            );
        }
    }
}

/// The pairs of a text with one a line. A byte order mark at its start is not part of the first name.
fn lines(text: &str) -> Result<Vec<(&str, &str)>, String> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty());
    lines
        .map(|(index, line)| match line.split_once('=') {
            Some((name, value)) if !name.is_empty() => Ok((name, value)),
            _ => Err(format!("line {}: expected name=value", index + 1)),
        })
        .collect()
}
