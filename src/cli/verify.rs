//! `verify`: tells whether a callback is genuine.

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use crate::charset::Charset;
use crate::cli::failure::Failure;
use crate::cli::input::{self, without_line_ending};
use crate::cli::key::KeySource;
use crate::cli::output::{Format, print_json, print_text};
use crate::cli::sign::{protocol, sign_type, sign_type_name};
use crate::form::{FormError, Limits};
use crate::params::Params;
use crate::protocol::pipeline::{MessageError, Pipeline, Scratch};
use crate::protocol::{MAPI, Protocol, Wire};
use crate::report::show::{safe, visible};
use crate::signature::{SignType, VerifyingKey};
use crate::suite::reference::message_reason;
use crate::vector::bytes::to_base64;

/// Verify a callback: the body of a notify, or the URL or query of a return
///
/// One line ending at the end of the input (LF or CR LF) is left out: an editor or echo put it there, as a callback
/// has none. Everything else counts, byte for byte. At most 1 MiB and 1,000 parameters are read.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// File with the callback as it came; - is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    file: PathBuf,

    /// What the file holds
    #[arg(long, value_name = "FORM", default_value = "auto")]
    input: InputForm,

    #[command(flatten)]
    key: KeySource,

    /// MD5, RSA or RSA2, with WeChat Pay MD5 or HMAC-SHA256: the configured one, which the message must
    /// have
    #[arg(long, value_name = "TYPE", value_parser = sign_type_name)]
    sign_type: String,

    /// Charset in which the parameters are shown: utf-8, gbk, gb2312 or gb18030; the verdict does not
    /// depend on it
    #[arg(long, value_name = "CHARSET", default_value = "utf-8")]
    charset: Charset,

    /// Protocol whose rules are followed
    #[arg(long, value_name = "ID", default_value = MAPI.id, value_parser = protocol)]
    protocol: Protocol,

    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

const HELP: &str = "\
Examples:
  export KEY=10000000000000000000000000000000
  echo 'notify_id=1234&sign_type=MD5&sign=22fc7e38e5acdfede396aa463870d111' \\
    | alipay-conformance verify --sign-type MD5 --key-env KEY
  echo 'https://shop.example/return?id=12&sign=22fc7e38e5acdfede396aa463870d111' \\
    | alipay-conformance verify --sign-type MD5 --key-env KEY  # exit 1

Exit codes: 0 genuine; 1 not genuine; 2 wrong usage, or a file that cannot be used

A genuine message comes from Alipay, unchanged. Whether it is about your order, its amount and
seller, and new, is for you to check.";

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum InputForm {
    /// A URL where it begins with http:// or https:// and has a ?, a query where it begins with ?,
    /// otherwise a body
    Auto,
    /// The body of a POST, or a query without its ?
    Body,
    /// A URL, or a query with its ?
    Url,
}

#[derive(Serialize)]
struct Verdict<'a> {
    genuine: bool,
    reason: Option<&'static str>,
    detail: Option<String>,
    sign_type: &'a str,
    charset: &'a str,
    string_to_sign: Option<String>,
    string_to_sign_b64: Option<String>,
    params: Option<Vec<(String, String)>>,
    params_b64: Option<Vec<(String, String)>>,
}

/// What can be seen of a message, genuine or not.
#[derive(Default)]
struct Seen {
    params: Option<Params>,
    string: Option<Vec<u8>>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let sign_type = sign_type(&arguments.protocol, &arguments.sign_type)?;
    let key = arguments.key.verifying(sign_type)?;
    // Room for what stands before the query of a URL, and for the line ending.
    let limit = Limits::DEFAULT.bytes + (8 << 10);
    let bytes = input::read(&arguments.file, limit)?;
    let error = match arguments.message(&bytes, limit)? {
        Ok(message) => {
            let (error, seen) = arguments.verify(message, sign_type, &key);
            arguments.show(error.as_ref(), &seen)?;
            error
        }
        Err(error) => {
            arguments.show(Some(&error), &Seen::default())?;
            Some(error)
        }
    };
    Ok(ExitCode::from(u8::from(error.is_some())))
}

impl Arguments {
    /// The encoded parameters.
    fn message<'a>(
        &self,
        bytes: &'a [u8],
        limit: usize,
    ) -> Result<Result<&'a [u8], MessageError>, Failure> {
        if bytes.len() > limit {
            let error = FormError::TooLong { bytes: bytes.len(), limit: Limits::DEFAULT.bytes };
            return Ok(Err(error.into()));
        }
        let bytes = without_line_ending(bytes);
        if self.protocol.wire == Wire::Xml {
            return Ok(Ok(bytes));
        }
        let query = match bytes.strip_prefix(b"?") {
            Some(query) => Some(query),
            None => query_of_url(bytes),
        };
        match (self.input, query) {
            (InputForm::Auto | InputForm::Url, Some(query)) => Ok(Ok(query)),
            (InputForm::Auto | InputForm::Body, _) => Ok(Ok(bytes)),
            (InputForm::Url, None) => Err(Failure::usage(
                input::name(&self.file),
                "--input url: expected http:// or https:// and a ?, or a ? at the start",
            )),
        }
    }

    fn verify(
        &self,
        message: &[u8],
        sign_type: SignType,
        key: &VerifyingKey,
    ) -> (Option<MessageError>, Seen) {
        let pipeline = Pipeline::new(self.protocol);
        let mut scratch = Scratch::new();
        let mut seen = Seen::default();
        let mut params = Params::new();
        if pipeline.decode(message, &mut params).is_ok() {
            let string = pipeline.callback_string_to_sign(&params, &mut scratch);
            seen.string = string.ok().map(<[u8]>::to_vec);
            seen.params = Some(params);
        }
        let verdict = pipeline.verify(message, sign_type, key, &mut scratch);
        (verdict.err(), seen)
    }

    fn show(&self, error: Option<&MessageError>, seen: &Seen) -> Result<(), Failure> {
        match self.format {
            Format::Text => print_text(&self.text(error, seen)),
            Format::Json => print_json(&self.json(error, seen)),
        }
    }

    fn text(&self, error: Option<&MessageError>, seen: &Seen) -> String {
        let mut out = match error {
            None => "genuine\n".to_owned(),
            Some(error) => {
                let reason = message_reason(error).name();
                format!("not genuine: {reason}\n  {}\n", safe(&error.to_string()))
            }
        };
        if let Some(string) = &seen.string {
            out.push_str(&format!("\nstring to sign\n  {}\n", visible(string, self.charset)));
        }
        let Some(params) = &seen.params else { return out };
        out.push_str("\nparameters\n");
        for (name, value) in params.iter() {
            let shown = |bytes| visible(bytes, self.charset);
            out.push_str(&format!("  {} = {}\n", shown(name), shown(value)));
        }
        if let Err(error) = params.decode(self.charset) {
            out.push_str(&format!("\nnote: {}\n", safe(&error.to_string())));
        }
        out
    }

    fn json<'a>(&'a self, error: Option<&MessageError>, seen: &'a Seen) -> Verdict<'a> {
        let Seen { params, string } = seen;
        let text = |bytes: &Vec<u8>| Some(self.charset.decode(bytes).ok()?.into_owned());
        let base64 = |params: &Params| {
            params.iter().map(|(name, value)| (to_base64(name), to_base64(value))).collect()
        };
        Verdict {
            genuine: error.is_none(),
            reason: error.map(|error| message_reason(error).name()),
            detail: error.map(ToString::to_string),
            sign_type: &self.sign_type,
            charset: self.charset.label(),
            string_to_sign: string.as_ref().and_then(text),
            string_to_sign_b64: string.as_ref().map(|string| to_base64(string)),
            params: params.as_ref().and_then(|params| params.decode(self.charset).ok()),
            params_b64: params.as_ref().map(base64),
        }
    }
}

/// What stands between the `?` of a URL and its `#`.
fn query_of_url(bytes: &[u8]) -> Option<&[u8]> {
    let is_url = [&b"http://"[..], b"https://"].iter().any(|scheme| {
        bytes.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let (_, query) = bytes.split_at_checked(memchr::memchr(b'?', bytes)? + 1)?;
    let end = memchr::memchr(b'#', query).unwrap_or(query.len());
    query.get(..end).filter(|_| is_url)
}
