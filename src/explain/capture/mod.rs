//! One captured message, in whatever form a developer has it at hand.

mod curl;
mod http;
mod json;
mod lines;
mod log;
mod quoted;
mod shell;
mod var_dump;
mod wire;
mod xml;

pub use self::http::Http;
pub(super) use self::http::path_of;
use crate::form::{FormError, Limits};
use crate::params::Params;

/// The most bytes that are read. A callback has one or two thousand.
pub const LONGEST: usize = 64 << 10;
/// The most parameters. A callback has about thirty.
const MOST_PARAMETERS: usize = 256;

/// The form in which a message was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InputForm {
    /// A form-urlencoded body, or a query without its `?`.
    Body,
    /// A URL, or a query with its `?`.
    Url,
    /// An HTTP request or reply, from its first line on, or its headers and body.
    Http,
    /// A curl command.
    Curl,
    /// A line of an access log, of nginx or Apache.
    Log,
    /// XML, as WeChat Pay sends it.
    Xml,
    /// A JSON object, or an array of pairs.
    Json,
    /// What PHP's `print_r` prints.
    PrintR,
    /// What PHP's `var_dump` prints.
    VarDump,
    /// What PHP's `var_export` prints; Python's and Ruby's dictionaries look alike.
    VarExport,
}

impl InputForm {
    /// Whether it is text that somebody wrote out, so that its bytes are those of the text and not of the wire.
    #[must_use]
    pub fn is_dump(self) -> bool {
        matches!(self, Self::Json | Self::PrintR | Self::VarDump | Self::VarExport)
    }

    /// All forms, in the order in which they are looked for. A body is what is none of the others.
    pub const ALL: [Self; 10] = [
        Self::Curl,
        Self::Http,
        Self::Xml,
        Self::Json,
        Self::PrintR,
        Self::VarDump,
        Self::VarExport,
        Self::Log,
        Self::Url,
        Self::Body,
    ];

    /// Its name, as the command line has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Url => "url",
            Self::Http => "http",
            Self::Curl => "curl",
            Self::Log => "log",
            Self::Xml => "xml",
            Self::Json => "json",
            Self::PrintR => "print_r",
            Self::VarDump => "var_dump",
            Self::VarExport => "var_export",
        }
    }

    /// The message in bytes that are of this form; none where they are not.
    fn read(self, bytes: &[u8]) -> Option<Read> {
        match self {
            Self::Body => Some(wire::body(bytes)),
            Self::Url => wire::url(bytes),
            Self::Http => http::read(bytes),
            Self::Curl => curl::read(bytes),
            Self::Log => log::read(bytes),
            Self::Xml => xml::read(bytes),
            Self::Json => json::read(bytes),
            Self::PrintR => lines::print_r(bytes),
            Self::VarDump => var_dump::read(bytes),
            Self::VarExport => quoted::read(bytes),
        }
    }
}

/// Something about the capture itself that is worth a word.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remark {
    /// A `%` without two hexadecimal digits was kept as it is; the rules refuse it.
    MalformedEscape(FormError),
    /// The query of the address has parameters too, and those of the body were taken.
    QueryBesideBody(Vec<Vec<u8>>),
    /// These values were numbers, booleans or lists and no text.
    Typed(Vec<Vec<u8>>),
    /// `var_dump` states another length than the value has: its bytes have been changed.
    OtherLength(Vec<Vec<u8>>),
    /// The curl command reads its data from a file.
    DataFromFile,
}

/// A message as it was captured: its parameters, decoded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// The form that it was in.
    pub form: InputForm,
    /// The parameters. None where the signature stands in a header.
    pub params: Params,
    /// What is worth a word.
    pub remarks: Vec<Remark>,
    /// The message with its headers, where they were captured.
    pub http: Option<Http>,
}

/// What the readers of forms give.
#[derive(Default)]
struct Read {
    params: Params,
    remarks: Vec<Remark>,
    http: Option<Http>,
}

/// Input that holds no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// More bytes than [`LONGEST`].
    #[error("a message of more than {LONGEST} bytes: expected one message, not a whole log")]
    TooLong,
    /// More parameters than any message has.
    #[error("{0} parameters: expected at most {MOST_PARAMETERS}")]
    TooManyParameters(usize),
    /// Nothing is there.
    #[error("no message: the input is empty")]
    Empty,
    /// It is not of the form that it is said to be.
    #[error("no message in the form {0:?} that was asked for")]
    OtherForm(&'static str),
}

/// Reads a message, in the form that is given or otherwise in the one that it has.
///
/// # Errors
/// There is no message, or one that is longer than any.
///
/// ```
/// use alipay_conformance::explain::capture::{InputForm, capture};
///
/// let message = capture(b"curl -d 'a=%2F&sign=x' https://shop.example/notify", None)?;
/// assert_eq!(message.form, InputForm::Curl);
/// assert_eq!(message.params.get(b"a"), Some(&b"/"[..]));
/// # Ok::<(), alipay_conformance::explain::capture::CaptureError>(())
/// ```
pub fn capture(bytes: &[u8], form: Option<InputForm>) -> Result<Captured, CaptureError> {
    if bytes.len() > LONGEST {
        return Err(CaptureError::TooLong);
    }
    if bytes.trim_ascii().is_empty() {
        return Err(CaptureError::Empty);
    }
    let read = match form {
        Some(form) => form.read(bytes).map(|read| (form, read)),
        None => InputForm::ALL.into_iter().find_map(|form| Some((form, form.read(bytes)?))),
    };
    let other = || CaptureError::OtherForm(form.unwrap_or(InputForm::Body).name());
    let (form, Read { params, remarks, http }) = read.ok_or_else(other)?;
    if params.len() > MOST_PARAMETERS {
        return Err(CaptureError::TooManyParameters(params.len()));
    }
    Ok(Captured { form, params, remarks, http })
}

/// Without the byte order mark that an editor puts at the start.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Without the one line ending that an editor or `echo` puts at the end.
fn without_line_ending(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

/// Bounds within which everything that [`capture`] reads is decoded.
const LIMITS: Limits = Limits { bytes: usize::MAX, parameters: 4 * MOST_PARAMETERS };
