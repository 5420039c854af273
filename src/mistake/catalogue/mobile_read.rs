//! Wrong ways to read a result of the mobile product.

use crate::params::Params;
use crate::protocol::mobile::{self, ResultError, Signed};
use crate::protocol::pipeline::Stages;

/// Read by the rules, and what is signed made anew from the pairs. A result without quotes stays.
pub(super) fn with_string(
    text: &[u8],
    stages: &Stages,
    write: impl Fn(&Params) -> Vec<u8>,
) -> Result<Signed, ResultError> {
    let mut signed = mobile::read(text, stages)?;
    if signed.is_quoted {
        signed.string_to_sign = write(&signed.filtered);
    }
    Ok(signed)
}

/// Cuts at the first `&sign_type=`, and takes the pairs from the whole text, the later of two with one name.
pub(super) fn pairs_loosely(text: &[u8], stages: &Stages) -> Result<Signed, ResultError> {
    const END: &[u8] = b"&sign_type=";
    let at = text.windows(END.len()).position(|window| window == END);
    let Some(at) = at.filter(|_| text.ends_with(b"\"")) else { return mobile::read(text, stages) };
    let mut pairs: Vec<(&[u8], &[u8])> = Vec::new();
    for segment in text.split(|byte| *byte == b'&') {
        let end = segment.iter().position(|byte| *byte == b'=').unwrap_or(segment.len());
        let (name, value) = segment.split_at(end);
        let value = value.strip_prefix(b"=\"").unwrap_or(value);
        let value = value.strip_suffix(b"\"").unwrap_or(value);
        pairs.retain(|(other, _)| *other != name);
        pairs.push((name, value));
    }
    let params: Params = pairs.into_iter().collect();
    let string_to_sign = text.get(..at).unwrap_or_default().to_vec();
    Ok(Signed {
        is_quoted: true,
        filtered: params.clone(),
        sorted: params.clone(),
        params,
        string_to_sign,
    })
}

/// Read by the rules, and the signature changed.
pub(super) fn with_signature(
    text: &[u8],
    stages: &Stages,
    alter: impl Fn(&[u8]) -> Vec<u8>,
) -> Result<Signed, ResultError> {
    let mut signed = mobile::read(text, stages)?;
    if signed.is_quoted {
        let altered = signed.params.iter().map(|(name, value)| match name {
            b"sign" => (name.to_vec(), alter(value)),
            _ => (name.to_vec(), value.to_vec()),
        });
        signed.params = altered.collect();
    }
    Ok(signed)
}

/// The result within an envelope of any status.
pub(super) fn of_any_status(answer: &[u8]) -> Result<&[u8], ResultError> {
    const RESULT: &[u8] = b"};result={";
    match mobile::open(answer) {
        Err(ResultError::Status { .. }) => {
            let at = answer.windows(RESULT.len()).position(|window| window == RESULT);
            let text = at.and_then(|at| answer.get(at + RESULT.len()..)).unwrap_or_default();
            Ok(text.strip_suffix(b"}").unwrap_or(text))
        }
        opened => opened,
    }
}
