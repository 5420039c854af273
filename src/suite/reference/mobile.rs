//! The mobile product: order strings, results, and the first generation's notify.

use super::keys::{sign_type, signing_key, verifying_key};
use super::refused::{Refused, answer, result_reason};
use super::{Reference, encode, verify_opened};
use crate::canonical::Selection;
use crate::protocol::mobile::{self, MOBILE, MOBILE_V1, Steps};
use crate::signature::{SignType, Signature};
use crate::suite::answer::{Answer, Rejection};
use crate::vector::case::Ask;
use crate::vector::input::TextPairs;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

/// Whether a question is one of this product.
pub(crate) fn is_own(ask: &Ask) -> bool {
    [MOBILE.id, MOBILE_V1.id].contains(&ask.protocol.as_str())
}

pub(super) fn string_to_sign(reference: &Reference, ask: &Ask, params: &TextPairs) -> Answer {
    answer(text(reference, ask, params).map(Answer::value))
}

pub(super) fn sign(reference: &Reference, ask: &Ask, params: &TextPairs) -> Answer {
    answer(signed(reference, ask, params).map(|(output, _)| Answer::value(output)))
}

pub(super) fn build_order_string(reference: &Reference, ask: &Ask, params: &TextPairs) -> Answer {
    answer(signed(reference, ask, params).and_then(|(mut output, signature)| {
        let text = output.string_to_sign.as_deref().unwrap_or_default();
        let order = mobile::order_string(text, &signature);
        let order = ask.charset.decode(&order);
        let order = order.map_err(|error| Refused::new(Reason::CharsetError, error))?;
        output.order_string = Some(order.into_owned());
        Ok(Answer::value(output))
    }))
}

fn text(reference: &Reference, ask: &Ask, params: &TextPairs) -> Result<Output, Refused> {
    let params = encode(ask, params)?;
    let (mut selection, mut text) = (Selection::new(), Vec::new());
    mobile::order_text(&params, &reference.stages, &mut selection, &mut text)?;
    let pairs = selection.pairs(&params).map(|pair| (pair.name(), pair.value()));
    let filtered = Some(pairs.collect());
    let string_to_sign = Some(text);
    Ok(Output { sorted: filtered.clone(), filtered, string_to_sign, ..Output::default() })
}

fn signed(
    reference: &Reference,
    ask: &Ask,
    params: &TextPairs,
) -> Result<(Output, Signature), Refused> {
    let mut output = text(reference, ask, params)?;
    let sign_type = configured(ask)?;
    let key = signing_key(ask, sign_type)?;
    let text = output.string_to_sign.as_deref().unwrap_or_default();
    let signature = (reference.stages.sign)(sign_type, &key, text)
        .map_err(|error| Refused::new(Reason::UnknownKey, error))?;
    output.signature = Some(signature.as_str().into());
    Ok((output, signature))
}

/// The configured sign type, if it is one of the product's.
fn configured(ask: &Ask) -> Result<SignType, Refused> {
    let sign_type = sign_type(ask)?;
    if !MOBILE.sign_types.contains(&sign_type) {
        return Err(Refused::new(Reason::UnsupportedAlgorithm, "the product has RSA alone"));
    }
    Ok(sign_type)
}

pub(super) fn verify_result(reference: &Reference, ask: &Ask, result: &[u8]) -> Answer {
    verify_by(&mobile::REFERENCE, reference, ask, result)
}

/// Verifies a result by these steps.
pub(crate) fn verify_by(steps: &Steps, reference: &Reference, ask: &Ask, result: &[u8]) -> Answer {
    let key = match configured(ask).and_then(|sign_type| verifying_key(ask, sign_type)) {
        Ok(key) => key,
        Err(refused) => return refused.into(),
    };
    let stages = &reference.stages;
    let read = (steps.open)(result).and_then(|text| (steps.read)(text, stages));
    let output = read.map(|signed| Output {
        decoded: Some(signed.params),
        filtered: Some(signed.filtered),
        sorted: Some(signed.sorted),
        string_to_sign: Some(signed.string_to_sign),
        ..Output::default()
    });
    let output = output.unwrap_or_default();
    match mobile::verify_with(steps, stages, result, &key) {
        Ok(_) => Answer::accept(output),
        Err(error) => Answer::Reject(Rejection {
            reason: Some(result_reason(&error)),
            detail: Some(error.to_string()),
            code: None,
            output: Box::new(output),
        }),
    }
}

pub(super) fn verify_notify(reference: &Reference, ask: &Ask, body: &[u8]) -> Answer {
    verify_opened(ask, body, &mobile::notify_pipeline(reference.stages), |_| Ok(()))
}
