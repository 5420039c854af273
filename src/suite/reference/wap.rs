//! The old WAP product: its notify, the reply that brings the token, and what the XML says.

use super::keys::{decryption_key, sign_type, verifying_key};
use super::refused::{Refused, answer};
use super::{Reference, business, verify_opened};
use crate::protocol::pipeline::Pipeline;
use crate::protocol::wap::{self, RETURN, Steps, Verifier, WAP};
use crate::suite::answer::Answer;
use crate::vector::case::Ask;
use crate::vector::input::{OrderRecord, TextPairs};
use crate::vector::reason::Reason;
use crate::xml;

pub(super) fn verify_return(reference: &Reference, ask: &Ask, query: &[u8]) -> Answer {
    let pipeline = Pipeline { stages: reference.stages, ..Pipeline::new(RETURN) };
    verify_opened(ask, query, &pipeline, |_| Ok(()))
}

pub(super) fn verify_notify(reference: &Reference, ask: &Ask, body: &[u8]) -> Answer {
    verify_notify_by(&steps(reference), reference, ask, body)
}

pub(super) fn verify_response(reference: &Reference, ask: &Ask, body: &[u8]) -> Answer {
    verify_response_by(&steps(reference), reference, ask, body)
}

fn steps(reference: &Reference) -> Steps {
    Steps { decrypt: reference.stages.blocks, ..wap::REFERENCE }
}

/// Verifies a notify by these steps.
pub(crate) fn verify_notify_by(
    steps: &Steps,
    reference: &Reference,
    ask: &Ask,
    body: &[u8],
) -> Answer {
    let pipeline = wap::notify_pipeline(reference.stages, steps);
    configured(ask, |verifier| {
        verify_opened(ask, body, &pipeline, |params| wap::open_notify(params, verifier, steps))
    })
}

/// Verifies a reply by these steps.
pub(crate) fn verify_response_by(
    steps: &Steps,
    reference: &Reference,
    ask: &Ask,
    body: &[u8],
) -> Answer {
    let pipeline = Pipeline { stages: reference.stages, ..Pipeline::new(WAP) };
    configured(ask, |verifier| {
        verify_opened(ask, body, &pipeline, |params| wap::open(params, "res_data", verifier, steps))
    })
}

fn configured(ask: &Ask, verify: impl FnOnce(&Verifier<'_>) -> Answer) -> Answer {
    let keys = || {
        let sign_type = sign_type(ask)?;
        Ok((sign_type, verifying_key(ask, sign_type)?, decryption_key(ask)?))
    };
    match keys() {
        Ok((sign_type, key, decryption)) => {
            verify(&Verifier { sign_type, key: &key, decryption: decryption.as_ref() })
        }
        Err(refused) => Refused::into(refused),
    }
}

/// Decides by what the XML says.
pub(super) fn decide(
    reference: &Reference,
    ask: &Ask,
    notification: &TextPairs,
    order: Option<&OrderRecord>,
) -> Answer {
    let data = notification.iter().find(|(name, _)| name == "notify_data");
    let decided = data
        .ok_or_else(|| Refused::new(Reason::MissingField, "no notify_data"))
        .and_then(|(_, data)| Ok(xml::fields("notify", data)?))
        .and_then(|fields| business::decide(&reference.checks, ask, &fields, order));
    answer(decided)
}
