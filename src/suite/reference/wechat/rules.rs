//! What a request holds, what calls up the wallet, refunds, decisions and replies.

use crate::content::RefundKey;
use crate::notification::{Facts, WechatEvent, WechatNotification};
use crate::params::Params;
use crate::protocol::WECHATPAY_V2;
use crate::protocol::pipeline::Scratch;
use crate::protocol::wechatpay::client_params::{
    APP_SIGNATURE, JSAPI_SIGNATURE, MissingValue, Placed, app, jsapi,
};
use crate::protocol::wechatpay::{reply, request};
use crate::signature::Secret;
use crate::suite::answer::Answer;
use crate::suite::reference::keys::{key_text, sign_type, signing_key};
use crate::suite::reference::refused::{Refused, answer};
use crate::suite::reference::{Reference, business};
use crate::vector::case::{Ask, KeyForm};
use crate::vector::input::{Client, OrderRecord, TextPairs};
use crate::vector::output::{HttpReply, Output};
use crate::vector::reason::Reason;

pub(in crate::suite::reference) fn build_client_params(
    reference: &Reference,
    ask: &Ask,
    client: Client,
    params: &TextPairs,
) -> Answer {
    answer(called_up(reference, ask, client, params).map(Answer::value))
}

fn called_up(
    reference: &Reference,
    ask: &Ask,
    client: Client,
    params: &TextPairs,
) -> Result<Output, Refused> {
    let sign_type = sign_type(ask)?;
    let order = Placed {
        appid: value(params, "appid"),
        partnerid: value(params, "partnerid"),
        prepay_id: value(params, "prepay_id"),
        nonce_str: value(params, "nonce_str"),
        timestamp: value(params, "timestamp"),
    };
    let (params, name) = match client {
        Client::Jsapi => (jsapi(&order, sign_type)?, JSAPI_SIGNATURE),
        Client::App => (app(&order)?, APP_SIGNATURE),
    };
    let pipeline = reference.pipeline(ask)?;
    let mut scratch = Scratch::new();
    let signature =
        pipeline.sign(&params, sign_type, &signing_key(ask, sign_type)?, &mut scratch)?;
    let mut output = Output::default();
    Reference::stages_of(&reference.stages, &params, pipeline.protocol.excluded, &mut output);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut sent: TextPairs = params.iter().map(|(n, v)| (text(n), text(v))).collect();
    sent.push((name.into(), signature.as_str().into()));
    output.signature = Some(signature.as_str().into());
    output.client_params = Some(sent);
    Ok(output)
}

fn value<'a>(params: &'a TextPairs, wanted: &str) -> &'a str {
    params.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value)
}

impl From<MissingValue> for Refused {
    fn from(error: MissingValue) -> Self {
        Self::new(Reason::MissingField, error)
    }
}

pub(in crate::suite::reference) fn check_request(
    ask: &Ask,
    gateway: &str,
    params: &TextPairs,
) -> Answer {
    let pairs = params.iter().map(|(name, value)| (name, value));
    let checked = Params::encode(pairs, ask.charset)
        .map_err(|error| Refused::new(Reason::CharsetError, error))
        .and_then(|_| Ok(request::check_request(gateway, params)?));
    answer(checked.map(|()| Answer::accept(Output::default())))
}

pub(in crate::suite::reference) fn build_reply(ask: &Ask, accepted: bool, message: &str) -> Answer {
    let reply = match ask.protocol == WECHATPAY_V2.id {
        true => reply::v2(accepted, message),
        false => reply::v3(accepted, message),
    };
    let reply = Some(HttpReply { status: reply.status, body: reply.body });
    Answer::value(Output { reply, ..Output::default() })
}

pub(in crate::suite::reference) fn decide(
    reference: &Reference,
    ask: &Ask,
    notification: &TextPairs,
    order: Option<&OrderRecord>,
) -> Answer {
    let malformed = |error: &dyn ToString| Refused::new(Reason::MalformedInput, error.to_string());
    let decided = match ask.protocol == WECHATPAY_V2.id {
        true => WechatNotification::from_pairs(notification)
            .map_err(|error| malformed(&error))
            .and_then(|message| decided(reference, (&message).into(), order)),
        false => {
            let (event, resource) =
                (value(notification, "event_type"), value(notification, "resource"));
            WechatEvent::new(event, resource)
                .map_err(|error| malformed(&error))
                .and_then(|event| decided(reference, (&event).into(), order))
        }
    };
    answer(decided)
}

fn decided(
    reference: &Reference,
    facts: Facts<'_>,
    order: Option<&OrderRecord>,
) -> Result<Answer, Refused> {
    business::decided(&reference.checks, &facts, order, true)
}

pub(super) fn decrypt(ask: &Ask, ciphertext: &str) -> Answer {
    let secret = key_text(ask.key.as_ref(), &[KeyForm::Secret]).and_then(|text| {
        Secret::new(text).map_err(|error| Refused::new(Reason::UnknownKey, error))
    });
    let content = secret.and_then(|secret| Ok(RefundKey::new(&secret).decrypt(ciphertext)?));
    answer(
        content
            .map(|content| Answer::value(Output { content: Some(content), ..Output::default() })),
    )
}
