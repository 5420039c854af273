//! The open platform: order strings and replies.

use super::Reference;
use super::keys::{sign_type, verifying_key};
use super::refused::{Refused, answer, reply_reason};
use crate::protocol::wire;
use crate::suite::answer::{Answer, Rejection};
use crate::vector::case::Ask;
use crate::vector::input::TextPairs;
use crate::vector::output::Output;

pub(super) fn build_order_string(reference: &Reference, ask: &Ask, params: &TextPairs) -> Answer {
    answer(reference.request(ask, params).map(|(params, mut output)| {
        output.order_string = Some(wire::order_string(&params));
        Answer::value(output)
    }))
}

pub(super) fn verify_response(reference: &Reference, ask: &Ask, node: &str, body: &[u8]) -> Answer {
    let prepared = || {
        let sign_type = sign_type(ask)?;
        Ok((reference.pipeline(ask)?, sign_type, verifying_key(ask, sign_type)?))
    };
    let (pipeline, sign_type, key) = match prepared() {
        Ok(prepared) => prepared,
        Err(refused) => return Refused::into(refused),
    };
    let mut output = Output::default();
    if let Ok(reply) = (reference.stages.reply)(body, node, ask.charset) {
        output.string_to_sign = Some(reply.signed.into_owned());
    }
    match pipeline.verify_reply(body, node, ask.charset, sign_type, &key) {
        Ok(_) => Answer::accept(output),
        Err(error) => Answer::Reject(Rejection {
            reason: Some(reply_reason(&error)),
            detail: Some(error.to_string()),
            code: None,
            output: Box::new(output),
        }),
    }
}
