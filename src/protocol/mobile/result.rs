//! What the wallet hands back to the app, and the app to its server.

use super::MOBILE;
use crate::canonical::Selection;
use crate::form::{FormError, Limits};
use crate::params::Params;
use crate::protocol::pipeline::{RepeatedParameter, Stages};
use crate::signature::{SignType, VerifyError, VerifyingKey};

/// A result that does not prove a payment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResultError {
    /// Not `resultStatus={…};memo={…};result={…}`.
    #[error("at byte {offset} of the answer: expected {expected:?}")]
    Envelope {
        /// Where it breaks.
        offset: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// Another status than 9000.
    #[error("resultStatus is \"{}\": expected 9000", got.escape_ascii())]
    Status {
        /// The status.
        got: Vec<u8>,
    },
    /// Not `name="value"` joined by `&`.
    #[error("at byte {offset} of the result: expected name=\"value\"")]
    Pair {
        /// Where the pair begins.
        offset: usize,
    },
    /// A result without quotes that cannot be decoded.
    #[error(transparent)]
    Form(#[from] FormError),
    /// More than the bounds of a message.
    #[error("more than {limit} {what}")]
    Limit {
        /// Bytes or parameters.
        what: &'static str,
        /// How many may be.
        limit: usize,
    },
    /// A name stands twice.
    #[error(transparent)]
    Repeated(#[from] RepeatedParameter),
    /// A parameter that must be there is not, or is empty.
    #[error("no parameter {name:?} with a value")]
    Missing {
        /// Its name.
        name: &'static str,
    },
    /// Something stands behind the signed text that is neither `sign_type` nor `sign`.
    #[error("sign_type and sign do not stand at the end, in this order")]
    Tail,
    /// The result names another sign type. The message never chooses.
    #[error("sign_type is \"{}\": expected RSA", got.escape_ascii())]
    OtherSignType {
        /// The result's.
        got: Vec<u8>,
    },
    /// The signature is not one of this result.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// Genuine, and not a success.
    #[error("success is \"{}\": expected true", got.escape_ascii())]
    NoSuccess {
        /// What it is; empty where there is none.
        got: Vec<u8>,
    },
}

/// A result, read but not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Whether its values stand in quotes.
    pub is_quoted: bool,
    /// All parameters.
    pub params: Params,
    /// Those that are signed.
    pub filtered: Params,
    /// The same in the order in which they are signed.
    pub sorted: Params,
    /// What is signed.
    pub string_to_sign: Vec<u8>,
}

/// The steps from the wallet's answer to a verdict. A wrong implementation is this with a step replaced.
#[derive(Clone, Copy, Debug)]
pub struct Steps {
    /// The result within the answer, if its status says paid.
    pub open: for<'a> fn(&'a [u8]) -> Result<&'a [u8], ResultError>,
    /// The parameters and the signed text of the result. The stages are for one without quotes, which goes through
    /// those of the legacy gateway.
    pub read: fn(&[u8], &Stages) -> Result<Signed, ResultError>,
    /// Whether a genuine result says success.
    pub judge: fn(&Signed) -> Result<(), ResultError>,
}

/// The steps as the rules have them.
pub const REFERENCE: Steps = Steps { open, read, judge };

/// Verifies what the wallet handed back: the whole answer, or the result within it.
///
/// It proves a payment only with status 9000, `success="true"` and a valid signature, all three. Where an app passes
/// on the result alone, the status is not there; even then the notify decides.
///
/// # Errors
/// Why it proves no payment.
///
/// ```
/// use alipay_conformance::protocol::mobile::{ResultError, verify_result};
/// use alipay_conformance::signature::{PrivateKey, SignType, SigningKey, sign};
///
/// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-1024.pkcs8.pem"));
/// let key = SigningKey::from(PrivateKey::parse(pem)?);
/// let text = r#"out_trade_no="1"&total_fee="0.01"&success="true""#;
/// let signature = sign(SignType::Rsa, &key, text.as_bytes())?;
/// let result = format!(r#"{text}&sign_type="RSA"&sign="{signature}""#);
///
/// let answer = format!("resultStatus={{9000}};memo={{}};result={{{result}}}");
/// let verified = verify_result(answer.as_bytes(), &key.verifying_key())?;
/// assert_eq!(verified.params.get(b"total_fee"), Some(&b"0.01"[..]));
///
/// let answer = format!("resultStatus={{8000}};memo={{}};result={{{result}}}");
/// let pending = verify_result(answer.as_bytes(), &key.verifying_key());
/// assert_eq!(pending, Err(ResultError::Status { got: b"8000".into() }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_result(answer: &[u8], key: &VerifyingKey) -> Result<Signed, ResultError> {
    verify_with(&REFERENCE, &Stages::default(), answer, key)
}

/// [`verify_result`] by these steps and stages.
///
/// # Errors
/// As [`verify_result`].
pub fn verify_with(
    steps: &Steps,
    stages: &Stages,
    answer: &[u8],
    key: &VerifyingKey,
) -> Result<Signed, ResultError> {
    let signed = (steps.read)((steps.open)(answer)?, stages)?;
    if let Some(got) = signed.params.get(b"sign_type")
        && got != b"RSA"
    {
        return Err(ResultError::OtherSignType { got: got.to_vec() });
    }
    let signature = signed.params.get(b"sign").filter(|value| !value.is_empty());
    let signature = signature.ok_or(ResultError::Missing { name: "sign" })?;
    (stages.verify)(SignType::Rsa, key, &signed.string_to_sign, signature)?;
    (steps.judge)(&signed)?;
    Ok(signed)
}

/// Takes the result out of `resultStatus={…};memo={…};result={…}`, if the status is 9000. Text of another beginning is
/// a result by itself.
///
/// # Errors
/// Another status, or an envelope that breaks off.
pub fn open(answer: &[u8]) -> Result<&[u8], ResultError> {
    const PARTS: [&str; 3] = ["resultStatus={", "};memo={", "};result={"];
    let limit = Limits::DEFAULT.bytes;
    if answer.len() > limit {
        return Err(ResultError::Limit { what: "bytes", limit });
    }
    let [begin, memo, result] = PARTS;
    let Some(rest) = answer.strip_prefix(begin.as_bytes()) else {
        return Ok(answer);
    };
    let broken = |rest: &[u8], expected| ResultError::Envelope {
        offset: answer.len() - rest.len(),
        expected,
    };
    let end = rest.iter().position(|byte| matches!(byte, b'{' | b'}')).unwrap_or(rest.len());
    let (status, rest) = rest.split_at(end);
    let rest = rest.strip_prefix(memo.as_bytes()).ok_or_else(|| broken(rest, memo))?;
    let at = rest.windows(result.len()).position(|window| window == result.as_bytes());
    let rest =
        at.and_then(|at| rest.get(at + result.len()..)).ok_or_else(|| broken(rest, result))?;
    let text = rest.strip_suffix(b"}").ok_or_else(|| broken(b"", "}"))?;
    if status != b"9000" {
        return Err(ResultError::Status { got: status.to_vec() });
    }
    Ok(text)
}

/// Reads a result in either form: with values in quotes, or without.
///
/// # Errors
/// Text that is neither, or says something beside what is signed.
pub fn read(text: &[u8], stages: &Stages) -> Result<Signed, ResultError> {
    let equals = text.iter().position(|byte| *byte == b'=');
    let is_quoted = equals.is_some_and(|at| text.get(at + 1) == Some(&b'"'));
    if is_quoted { read_quoted(text) } else { read_plain(text, stages) }
}

/// Everything before `&sign_type=` is signed as it stands.
fn read_quoted(text: &[u8]) -> Result<Signed, ResultError> {
    let (params, starts) = split(text)?;
    if let Some(name) = super::repeated_name(&params, &mut Selection::new()) {
        return Err(RepeatedParameter { name }.into());
    }
    for name in ["sign_type", "sign"] {
        if params.get(name.as_bytes()).is_none() {
            return Err(ResultError::Missing { name });
        }
    }
    let names: Vec<_> = params.pairs().map(|pair| pair.name()).collect();
    let ([.., sign_type, sign], [.., start, _]) = (names.as_slice(), starts.as_slice()) else {
        return Err(ResultError::Tail);
    };
    if (*sign_type, *sign) != (b"sign_type", b"sign") || *start == 0 {
        return Err(ResultError::Tail);
    }
    let signed: Params = params.iter().take(names.len() - 2).collect();
    let string_to_sign = text.get(..*start - 1).unwrap_or_default().to_vec();
    Ok(Signed { is_quoted: true, filtered: signed.clone(), sorted: signed, params, string_to_sign })
}

/// The pairs of `name="value"` joined by `&`, and where each begins.
fn split(text: &[u8]) -> Result<(Params, Vec<usize>), ResultError> {
    let limit = Limits::DEFAULT.parameters;
    let mut params = Params::new();
    let mut starts = Vec::new();
    let mut rest = text;
    loop {
        let offset = text.len() - rest.len();
        if starts.len() == limit {
            return Err(ResultError::Limit { what: "parameters", limit });
        }
        let (name, value, behind) = pair(rest).ok_or(ResultError::Pair { offset })?;
        params.push(name, value);
        starts.push(offset);
        match behind {
            [] => return Ok((params, starts)),
            [b'&', after @ ..] => rest = after,
            _ => return Err(ResultError::Pair { offset }),
        }
    }
}

/// Name, value, and what follows the closing quote.
fn pair(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let end = text.iter().position(|byte| b"=&\"".contains(byte)).filter(|end| *end > 0)?;
    let (name, rest) = text.split_at(end);
    let rest = rest.strip_prefix(b"=\"")?;
    let (value, rest) = rest.split_at(rest.iter().position(|byte| *byte == b'"')?);
    Some((name, value, rest.get(1..)?))
}

/// Decoded once, and signed as the legacy gateway signs.
fn read_plain(text: &[u8], stages: &Stages) -> Result<Signed, ResultError> {
    let mut params = Params::new();
    (stages.decode)(text, Limits::DEFAULT, &mut params)?;
    let mut selection = Selection::new();
    if let Some(name) = super::repeated_name(&params, &mut selection) {
        return Err(RepeatedParameter { name }.into());
    }
    let selected = |selection: &Selection| {
        selection.pairs(&params).map(|pair| (pair.name(), pair.value())).collect::<Params>()
    };
    (stages.filter)(&params, MOBILE.callback_excluded, &mut selection);
    let filtered = selected(&selection);
    (stages.sort)(&params, &mut selection);
    let sorted = selected(&selection);
    let mut string = Vec::new();
    (stages.join)(&params, &selection, &mut string);
    Ok(Signed { is_quoted: false, params, filtered, sorted, string_to_sign: string })
}

/// A genuine result is a payment only with `success="true"`.
///
/// # Errors
/// Anything else, or nothing.
pub fn judge(signed: &Signed) -> Result<(), ResultError> {
    match signed.params.get(b"success") {
        Some(b"true") => Ok(()),
        other => Err(ResultError::NoSuccess { got: other.unwrap_or_default().to_vec() }),
    }
}
