//! Messages whose signature stands in a header.

use super::keys::{sign_type, signing_key, verifying_key};
use super::refused::{Refused, answer, header_reason};
use super::{Reference, encode};
use crate::protocol::headers::{HeaderPipeline, HeaderProtocol, Message, Scheme, Scratch};
use crate::suite::answer::{Answer, Rejection};
use crate::vector::case::Ask;
use crate::vector::input::HttpMessage;
use crate::vector::output::Output;

pub(super) fn sign_request(reference: &Reference, ask: &Ask, message: &HttpMessage) -> Answer {
    let Some(protocol) = HeaderProtocol::from_id(&ask.protocol) else { return Answer::NotOffered };
    answer(signed(reference, ask, message, protocol.request).map(Answer::value))
}

pub(super) fn verify_response(reference: &Reference, ask: &Ask, message: &HttpMessage) -> Answer {
    let Some(protocol) = HeaderProtocol::from_id(&ask.protocol) else { return Answer::NotOffered };
    answer(verified(reference, ask, message, protocol.reply))
}

pub(super) fn verify_notify(reference: &Reference, ask: &Ask, message: &HttpMessage) -> Answer {
    let protocol = HeaderProtocol::from_id(&ask.protocol);
    let Some(scheme) = protocol.and_then(|protocol| protocol.notify) else {
        return Answer::NotOffered;
    };
    answer(verified(reference, ask, message, scheme))
}

fn signed(
    reference: &Reference,
    ask: &Ask,
    message: &HttpMessage,
    scheme: Scheme,
) -> Result<Output, Refused> {
    let (items, headers) = (encode(ask, &message.params)?, encode(ask, &message.headers)?);
    let mut scratch = Scratch::new();
    let pipeline = pipeline(reference, scheme);
    let sign_type = sign_type(ask)?;
    let key = signing_key(ask, sign_type)?;
    let HttpMessage { method, path, body, .. } = message;
    let (method, path) = (method.as_bytes(), path.as_bytes());
    let message = Message { method, path, headers: &headers, body: &body.0 };
    let header = pipeline.sign(&message, &items, sign_type, &key, &mut scratch)?;
    let value = String::from_utf8_lossy(&header.value).into_owned();
    Ok(Output {
        string_to_sign: Some(scratch.string_to_sign().to_vec()),
        signature: Some(header.signature),
        headers: Some(vec![(header.name.into(), value)]),
        ..Output::default()
    })
}

fn verified(
    reference: &Reference,
    ask: &Ask,
    message: &HttpMessage,
    scheme: Scheme,
) -> Result<Answer, Refused> {
    let headers = encode(ask, &message.headers)?;
    let mut scratch = Scratch::new();
    let pipeline = pipeline(reference, scheme);
    let sign_type = sign_type(ask)?;
    let key = verifying_key(ask, sign_type)?;
    let HttpMessage { method, path, body, .. } = message;
    let (method, path) = (method.as_bytes(), path.as_bytes());
    let message = Message { method, path, headers: &headers, body: &body.0 };
    let verdict = pipeline.verify(&message, sign_type, &key, &mut scratch);
    let string = Some(scratch.string_to_sign()).filter(|string| !string.is_empty());
    let output = Output { string_to_sign: string.map(<[u8]>::to_vec), ..Output::default() };
    Ok(match verdict {
        Ok(()) => Answer::accept(output),
        Err(error) => Answer::Reject(Rejection {
            reason: Some(header_reason(&error)),
            detail: Some(error.to_string()),
            code: None,
            output: Box::new(output),
        }),
    })
}

fn pipeline(reference: &Reference, scheme: Scheme) -> HeaderPipeline {
    HeaderPipeline { stages: reference.stages, ..HeaderPipeline::new(scheme) }
}
