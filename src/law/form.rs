//! Laws of form encoding and decoding.

use crate::charset::Charset;
use crate::form::{self, FormError, Limits};
use crate::law::setting::{Setting, answer, shown};
use crate::law::violation::{Law, Outcome, Side, Stop, check};
use crate::params::Params;
use crate::suite::implementation::Implementation;
use crate::vector::operation::Operation;

/// [`Law::FormSurvives`]: the parameters, in bytes, are encoded by this crate and decoded by the implementation.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both lists.
pub fn form_survives(
    implementation: &dyn Implementation,
    setting: &Setting,
    params: &Params,
) -> Outcome {
    check(|| decoded(implementation, setting, Law::FormSurvives, params))
}

/// [`Law::DecodesOnce`]: the value of the message that is decoded is itself the encoding of the parameters.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both values.
pub fn decodes_once(
    implementation: &dyn Implementation,
    setting: &Setting,
    params: &Params,
) -> Outcome {
    check(|| {
        let once = [("message", form::encode(params))].into_iter().collect();
        decoded(implementation, setting, Law::DecodesOnce, &once)
    })
}

/// [`Law::DecodeAgreesWithFormUrlencoded`], for any bytes within the limits.
///
/// `form_urlencoded` gives text, with U+FFFD for what is no UTF-8, so text is what is compared. It takes a malformed
/// escape literally: there the law is that decoding here fails, at the first one.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both lists.
pub fn decode_agrees_with_form_urlencoded(message: &[u8]) -> Outcome {
    const LAW: Law = Law::DecodeAgreesWithFormUrlencoded;
    check(|| {
        let got = match form::decode(message) {
            Ok(params) => Ok(params),
            Err(FormError::MalformedEscape { offset, .. }) => Err(offset),
            Err(beyond @ (FormError::TooLong { .. } | FormError::TooManyParameters { .. })) => {
                return Err(Stop::not_applicable(beyond.to_string()));
            }
        };
        let got = got.as_ref().map_err(|offset| *offset).map(|params| {
            let lossy =
                |(name, value)| (String::from_utf8_lossy(name), String::from_utf8_lossy(value));
            params.iter().map(lossy).collect::<Vec<_>>()
        });
        let expected = match first_malformed_escape(message) {
            Some(offset) => Err(offset),
            None => Ok(form_urlencoded::parse(message).collect::<Vec<_>>()),
        };
        if got == expected {
            return Ok(());
        }
        Err(LAW.violated(
            Side::new("form_urlencoded", format!("{expected:?}")),
            Side::new("form::decode", format!("{got:?}")),
        ))
    })
}

/// [`Law::EncodeAgreesWithSerdeUrlencoded`].
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both encodings, or what was read back.
pub fn encode_agrees_with_serde_urlencoded(params: &[(String, String)]) -> Outcome {
    const LAW: Law = Law::EncodeAgreesWithSerdeUrlencoded;
    check(|| {
        let words = |error: &dyn std::fmt::Display| Stop::not_applicable(error.to_string());
        let pairs = params.iter().map(|(name, value)| (name, value));
        let bytes = Params::encode(pairs, Charset::Utf8).map_err(|error| words(&error))?;
        let ours = form::encode(&bytes);
        let theirs = serde_urlencoded::to_string(params).map_err(|error| words(&error))?;
        let encoded = Side::new("form::encode", ours.as_str());
        LAW.same(Side::new("serde_urlencoded", theirs), encoded)?;
        let back: Vec<(String, String)> =
            serde_urlencoded::from_str(&ours).map_err(|error| words(&error))?;
        if back == params {
            return Ok(());
        }
        let given = Side::new("the parameters", format!("{params:?}"));
        Err(LAW
            .violated(given, Side::new("serde_urlencoded, of our encoding", format!("{back:?}"))))
    })
}

/// The encoding of the parameters must be decoded to them.
fn decoded(
    implementation: &dyn Implementation,
    setting: &Setting,
    law: Law,
    params: &Params,
) -> Result<(), Stop> {
    let body = form::encode(params);
    let Limits { bytes, parameters } = Limits::DEFAULT;
    if body.len() > bytes || params.len() > parameters {
        return Err(Stop::not_applicable("a message beyond the limits"));
    }
    let ask = setting.ask_message(Operation::Decode, body.as_bytes());
    let answer = answer(implementation, &ask)?;
    let decoded = answer.output().and_then(|output| output.decoded.as_ref());
    if decoded == Some(params) {
        return Ok(());
    }
    let got = decoded.map_or_else(|| shown(&answer), |params| format!("{params:?}"));
    let expected = Side::new("the parameters", format!("{params:?}"));
    Err(law.violated(expected, Side::new(format!("\"{body}\", decoded"), got)))
}

/// Left to right, an escape taken whole: in `%%41` the first `%` is malformed.
fn first_malformed_escape(message: &[u8]) -> Option<usize> {
    let mut offset = 0;
    while let Some(rest) = message.get(offset..).filter(|rest| !rest.is_empty()) {
        match rest {
            [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                offset += 3;
            }
            [b'%', ..] => return Some(offset),
            _ => offset += 1,
        }
    }
    None
}
