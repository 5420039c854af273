//! What an adapter writes.

use serde_json::{Map, Value};

use crate::charset::Charset;
use crate::suite::answer::{Answer, Rejection, Threw};
use crate::suite::process::text::{nearest, quote};
use crate::vector::output::{Output, OutputFields};
use crate::vector::reason::Reason;

/// The answer that stands in a `result` message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The answer.
    pub answer: Answer,
    /// What the adapter's author should know: unknown fields, with the nearest known one.
    pub warnings: Vec<String>,
}

/// A line that is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// The line is no message, or none that was due: what comes after it cannot be trusted.
    #[error("{problem}: {text}; stdout is the protocol, log to stderr")]
    Line {
        /// What it is.
        problem: String,
        /// The line, escaped and shortened.
        text: String,
    },
    /// The message is the one that was due, and its content is wrong.
    #[error("the result is not one of the protocol: {0}")]
    Content(String),
}

/// Reads the `result` message with this id. Its texts are of this charset.
///
/// # Errors
/// The line is not such a message.
///
/// ```
/// use alipay_conformance::{charset::Charset, suite::{answer::Answer, process::reply}};
///
/// let line = br#"{"t":"result","id":7,"outcome":"accept","sttages":{}}"#;
/// let reply = reply::read(line, 7, Charset::Utf8)?;
/// assert!(matches!(reply.answer, Answer::Accept(_)));
/// assert_eq!(
///     reply.warnings,
///     ["result has an unknown field \"sttages\": the nearest known one is \"stages\""]
/// );
/// assert!(reply::read(line, 8, Charset::Utf8).is_err());
/// # Ok::<(), reply::ReplyError>(())
/// ```
pub fn read(line: &[u8], id: u64, charset: Charset) -> Result<Reply, ReplyError> {
    let mut message = message(line, "result", id)?;
    let mut warnings = Vec::new();
    let answer = answer(&mut message, charset, &mut warnings).map_err(ReplyError::Content)?;
    Ok(Reply { answer, warnings })
}

/// The object on a line, if its `t` and `id` are those that are due.
pub(super) fn message(line: &[u8], t: &str, id: u64) -> Result<Map<String, Value>, ReplyError> {
    let message = object(line)?;
    let wrong = |problem| Err(ReplyError::Line { problem, text: quote(line.trim_ascii_end()) });
    match message.get("t").and_then(Value::as_str) {
        Some(got) if got == t => {}
        Some(got) => return wrong(format!("expected t {t:?}, got {}", quote(got.as_bytes()))),
        None => return wrong(format!("expected t {t:?}, got none")),
    }
    match message.get("id") {
        Some(got) if got.as_u64() == Some(id) => Ok(message),
        Some(got) => wrong(format!("expected id {id}, got {}", quote(got.to_string().as_bytes()))),
        None => wrong(format!("expected id {id}, got none")),
    }
}

pub(super) fn object(line: &[u8]) -> Result<Map<String, Value>, ReplyError> {
    let problem = match std::str::from_utf8(line) {
        Err(error) => format!("not UTF-8 at byte {}", error.valid_up_to()),
        Ok(text) if text.starts_with('\u{FEFF}') => "a byte order mark: expected none".into(),
        Ok(text) => match serde_json::from_str(text) {
            Ok(Value::Object(message)) => return Ok(message),
            Ok(_) => "JSON, but no object".into(),
            Err(error) => format!("not JSON at column {}", error.column()),
        },
    };
    Err(ReplyError::Line { problem, text: quote(line.trim_ascii_end()) })
}

const RESULT: [&str; 28] = [
    "t",
    "id",
    "outcome",
    "reason",
    "code",
    "detail",
    "error",
    "why",
    "params",
    "params_b64",
    "string_to_sign",
    "string_to_sign_b64",
    "signature",
    "wire",
    "html_b64",
    "form",
    "order_string",
    "xml",
    "client_params",
    "reply",
    "headers",
    "cause",
    "decision",
    "items",
    "content",
    "content_b64",
    "sn",
    "stages",
];
/// Those of [`RESULT`] that are stages and stand beside `stages`.
const VALUES: [&str; 15] = [
    "signature",
    "wire",
    "html_b64",
    "form",
    "order_string",
    "xml",
    "client_params",
    "reply",
    "headers",
    "cause",
    "decision",
    "items",
    "content",
    "content_b64",
    "sn",
];
const STAGES: [&str; 8] = [
    "decoded",
    "decoded_b64",
    "filtered",
    "filtered_b64",
    "sorted",
    "sorted_b64",
    "string_to_sign",
    "string_to_sign_b64",
];

fn answer(
    message: &mut Map<String, Value>,
    charset: Charset,
    warnings: &mut Vec<String>,
) -> Result<Answer, String> {
    // Not every language tells an absent field from an empty one.
    message.retain(|_, value| !value.is_null());
    prune(message, "result", &RESULT, warnings);
    let outcome = text(message, "outcome")?.ok_or("outcome is missing")?;
    let output = |message: &mut _, warnings: &mut _| output(message, charset, warnings);
    Ok(match outcome.as_str() {
        "value" => Answer::value(output(message, warnings)?),
        "accept" => Answer::accept(output(message, warnings)?),
        "reject" => Answer::Reject(Rejection {
            reason: text(message, "reason")?.map(|name| reason(&name)).transpose()?,
            code: text(message, "code")?,
            detail: text(message, "detail")?,
            output: Box::new(output(message, warnings)?),
        }),
        "threw" => {
            let mut error = match message.remove("error") {
                Some(Value::Object(error)) => error,
                Some(_) => return Err("error is no object".into()),
                None => Map::new(),
            };
            prune(&mut error, "error", &["type", "message"], warnings);
            Answer::Threw(Threw {
                kind: text(&mut error, "type")?.unwrap_or_default(),
                message: text(&mut error, "message")?.unwrap_or_default(),
            })
        }
        "unsupported" => Answer::Unsupported { why: text(message, "why")?.unwrap_or_default() },
        other => {
            let known = ["value", "accept", "reject", "threw", "unsupported"];
            let nearest = nearest(other, known).unwrap_or_default();
            return Err(format!("unknown outcome {other:?}: the nearest known one is {nearest:?}"));
        }
    })
}

/// A mistyped class must not pass for none.
fn reason(name: &str) -> Result<Reason, String> {
    Reason::from_name(name).ok_or_else(|| {
        let nearest = nearest(name, Reason::ALL.map(Reason::name)).unwrap_or_default();
        format!("unknown reason {name:?}: the nearest known one is {nearest:?}")
    })
}

fn text(message: &mut Map<String, Value>, field: &str) -> Result<Option<String>, String> {
    match message.remove(field) {
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{field} is no string")),
        None => Ok(None),
    }
}

/// Takes away the fields that are not known.
fn prune(fields: &mut Map<String, Value>, place: &str, known: &[&str], warnings: &mut Vec<String>) {
    fields.retain(|name, _| {
        let is_known = known.contains(&name.as_str());
        if !is_known {
            let advice = match place {
                "result" if STAGES.contains(&name.as_str()) => "it belongs into \"stages\"".into(),
                "stages" if RESULT.contains(&name.as_str()) => {
                    "it belongs beside \"stages\"".into()
                }
                _ => {
                    let nearest = nearest(name, known.iter().copied()).unwrap_or_default();
                    format!("the nearest known one is {nearest:?}")
                }
            };
            let name = quote(name.as_bytes());
            warnings.push(format!("{place} has an unknown field {name}: {advice}"));
        }
        is_known
    });
}

fn output(
    message: &mut Map<String, Value>,
    charset: Charset,
    warnings: &mut Vec<String>,
) -> Result<Output, String> {
    let mut stages = match message.remove("stages") {
        Some(Value::Object(stages)) => stages,
        // An empty object, as PHP and Lua write it.
        Some(Value::Array(list)) if list.is_empty() => Map::new(),
        Some(_) => return Err("stages is no object".into()),
        None => Map::new(),
    };
    stages.retain(|_, value| !value.is_null());
    prune(&mut stages, "stages", &STAGES, warnings);
    for (field, stage) in [
        ("params", "decoded"),
        ("params_b64", "decoded_b64"),
        ("string_to_sign", "string_to_sign"),
        ("string_to_sign_b64", "string_to_sign_b64"),
    ] {
        if let Some(value) = message.remove(field)
            && stages.insert(stage.into(), value.clone()).is_some_and(|shown| shown != value)
        {
            return Err(format!("{field} and stages.{stage} are different"));
        }
    }
    for field in VALUES {
        if let Some(mut value) = message.remove(field) {
            prune_value(field, &mut value, warnings);
            stages.insert(field.into(), value);
        }
    }
    let fields: OutputFields = serde_json::from_value(Value::Object(stages))
        .map_err(|error| format!("the output cannot be read: {error}"))?;
    fields.into_output(charset)
}

fn prune_value(field: &str, value: &mut Value, warnings: &mut Vec<String>) {
    match (field, value) {
        ("form", Value::Object(form)) => prune(form, "form", &["action", "fields"], warnings),
        ("reply", Value::Object(reply)) => prune(reply, "reply", &["status", "body"], warnings),
        ("decision", Value::Object(decision)) => {
            prune(decision, "decision", &["act", "answer_success", "why"], warnings);
        }
        ("items", Value::Array(items)) => {
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                prune(item, "items", &["trade_no", "amount", "result", "fee"], warnings);
                if let Some(Value::Object(fee)) = item.get_mut("fee") {
                    prune(fee, "fee", &["account", "user_id", "amount", "result"], warnings);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(fields: &str) -> Result<Reply, ReplyError> {
        read(format!(r#"{{"t":"result","id":1,{fields}}}"#).as_bytes(), 1, Charset::Gbk)
    }

    fn error(fields: &str) -> String {
        answer(fields).unwrap_err().to_string()
    }

    #[test]
    fn fields_in_the_wrong_place_are_told() {
        let reply = answer(r#""outcome":"value","sorted":[],"stages":{"signature":"x"}"#).unwrap();
        assert_eq!(
            reply.warnings,
            [
                "result has an unknown field \"sorted\": it belongs into \"stages\"",
                "stages has an unknown field \"signature\": it belongs beside \"stages\""
            ]
        );
        assert_eq!(reply.answer, Answer::value(Output::default()));
    }

    #[test]
    fn a_mistyped_class_or_outcome_is_no_answer() {
        assert!(error(r#""outcome":"reject","reason":"signature_missmatch""#).ends_with(
            "unknown reason \"signature_missmatch\": the nearest known one is \"signature_mismatch\""
        ));
        assert!(error(r#""outcome":"ok""#).contains("unknown outcome \"ok\""));
        assert!(error(r#""why":"x""#).ends_with("outcome is missing"));
        assert!(error(r#""outcome":"value","signature":5"#).contains("expected a string"));
    }

    #[test]
    fn what_the_charset_cannot_write_is_shown_as_utf_8() {
        let reply = answer(
            r#""outcome":"accept","params":[["中","\ufffd"]],"stages":{"string_to_sign":"中=\ufffd"}"#,
        );
        let Ok(Reply { answer: Answer::Accept(output), warnings }) = reply else {
            panic!("{reply:?}")
        };
        assert_eq!(output.string_to_sign.unwrap(), "中=\u{fffd}".as_bytes());
        let decoded = output.decoded.unwrap();
        assert_eq!(decoded.get(b"\xD6\xD0"), Some("\u{fffd}".as_bytes()));
        assert!(warnings.is_empty());
    }

    #[test]
    fn null_and_empty_lists_are_absent() {
        let reply = answer(r#""outcome":"value","stages":[],"form":null,"signature":"s""#).unwrap();
        assert_eq!(reply.answer.output().unwrap().signature.as_deref(), Some("s"));
        assert!(reply.warnings.is_empty());
    }

    #[test]
    fn two_values_of_one_stage_must_agree() {
        assert!(
            error(r#""outcome":"value","string_to_sign":"a","stages":{"string_to_sign":"b"}"#)
                .ends_with("string_to_sign and stages.string_to_sign are different")
        );
        assert!(
            error(r#""outcome":"value","string_to_sign":"a","string_to_sign_b64":"Yg==""#)
                .ends_with("string_to_sign is not what string_to_sign_b64 says")
        );
    }
}
