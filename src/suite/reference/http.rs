//! Messages whose signature stands in a header.

use std::time::SystemTime;

use super::keys::{parsed, sign_type, signing_key, verifying_key};
use super::refused::{Refused, answer, header_reason};
use super::wechat::content;
use super::{Reference, encode};
use crate::certificate;
use crate::protocol::headers::{
    HeaderPipeline, HeaderProtocol, Message, Scheme, Scratch, WECHATPAY_V3,
};
use crate::signature::{SignType, VerifyingKey};
use crate::suite::answer::{Answer, Rejection};
use crate::vector::case::Ask;
use crate::vector::input::HttpMessage;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

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
    let verified = verified(reference, ask, message, scheme);
    answer(match verified {
        Ok(Answer::Accept(output)) if ask.protocol == WECHATPAY_V3.id => {
            content::open_notice(ask, &message.body.0)
                .map(|text| Answer::accept(Output { content: Some(text.into()), ..*output }))
        }
        verified => verified,
    })
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
    let trusted = Trusted::of(ask, message, scheme, sign_type)?;
    let HttpMessage { method, path, body, .. } = message;
    let (method, path) = (method.as_bytes(), path.as_bytes());
    let message = Message { method, path, headers: &headers, body: &body.0 };
    let verdict = match trusted {
        Trusted::Key(key) => pipeline.verify(&message, sign_type, &key, &mut scratch),
        Trusted::Keys(keys, now) => {
            pipeline.verify_now(&message, sign_type, &keys, now, &mut scratch)
        }
    };
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

/// What a message is verified with.
enum Trusted {
    Key(VerifyingKey),
    /// Keys by their ids, and the time in seconds since 1970.
    Keys(Vec<(String, VerifyingKey)>, u64),
}

impl Trusted {
    fn of(
        ask: &Ask,
        message: &HttpMessage,
        scheme: Scheme,
        sign_type: SignType,
    ) -> Result<Self, Refused> {
        if scheme.origin.is_none() {
            return Ok(Self::Key(verifying_key(ask, sign_type)?));
        }
        let no_time = |detail: String| Refused::new(Reason::MalformedInput, detail);
        let now = message.now.as_deref().unwrap_or_default();
        let now = certificate::time(now).map_err(|error| no_time(error.to_string()))?;
        let now = now.duration_since(SystemTime::UNIX_EPOCH);
        let now = now.map_err(|error| no_time(error.to_string()))?.as_secs();
        // Of a sign type that the scheme does not have there need be no key: the pipeline says what is wrong.
        let kind = if sign_type.is_keyed() { SignType::Rsa2 } else { sign_type };
        let keys = ask.keys.iter().map(|(id, key)| Ok((id.clone(), parsed(Some(key), kind)?)));
        Ok(Self::Keys(keys.collect::<Result<_, Refused>>()?, now))
    }
}

fn pipeline(reference: &Reference, scheme: Scheme) -> HeaderPipeline {
    HeaderPipeline { stages: reference.stages, ..HeaderPipeline::new(scheme) }
}
