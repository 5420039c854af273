//! The rules of each service's request.
//!
//! A check that is not made is made of a request that was mended; a check too many is made before the others.

mod amounts;
mod formats;
mod lengths;
mod logistics;
mod presence;
mod refund;
mod royalty;
mod timeout;

pub(super) use self::amounts::MISTAKES as AMOUNTS;
pub(super) use self::formats::MISTAKES as FORMATS;
pub(super) use self::lengths::MISTAKES as LENGTHS;
pub(super) use self::logistics::MISTAKES as LOGISTICS;
pub(super) use self::presence::MISTAKES as PRESENCE;
pub(super) use self::refund::MISTAKES as REFUND;
pub(super) use self::royalty::MISTAKES as ROYALTY;
pub(super) use self::timeout::MISTAKES as TIMEOUT;
use crate::protocol::wechatpay::request::HOST;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::{Input, TextPairs};
use crate::vector::operation::Operation;
use crate::vector::reason::Reason;

/// Checks the legacy gateway's request after a change that hides a fault.
fn changed(inner: &dyn Implementation, ask: &Ask, change: impl FnOnce(&mut TextPairs)) -> Answer {
    match ask.input {
        Input::Params(_) => changed_to(inner, ask, |_, params| change(params)),
        _ => inner.perform(ask),
    }
}

/// Any request, with the path of WeChat Pay's interface that it goes to.
pub(super) fn changed_to(
    inner: &dyn Implementation,
    ask: &Ask,
    change: impl FnOnce(&str, &mut TextPairs),
) -> Answer {
    let mut ask = ask.clone();
    if let Some((path, params)) = request(&ask) {
        let (path, mut params) = (path.to_owned(), params.clone());
        change(&path, &mut params);
        match &mut ask.input {
            Input::Params(given) | Input::Request { params: given, .. } => *given = params,
            _ => {}
        }
    }
    inner.perform(&ask)
}

/// Refuses some of the legacy gateway's requests, and checks the others.
fn refused(
    inner: &dyn Implementation,
    ask: &Ask,
    is_refused: impl FnOnce(&TextPairs) -> bool,
) -> Answer {
    match ask.input {
        Input::Params(_) => refused_to(inner, ask, |_, params| is_refused(params)),
        _ => inner.perform(ask),
    }
}

/// Some of any requests, with the path of WeChat Pay's interface that they go to.
pub(super) fn refused_to(
    inner: &dyn Implementation,
    ask: &Ask,
    is_refused: impl FnOnce(&str, &TextPairs) -> bool,
) -> Answer {
    match request(ask) {
        Some((path, params)) if is_refused(path, params) => {
            Answer::reject(Reason::MalformedInput, "the request is not in order")
        }
        _ => inner.perform(ask),
    }
}

/// Accepts some requests, and checks the others.
fn accepted(
    inner: &dyn Implementation,
    ask: &Ask,
    is_accepted: impl FnOnce(&TextPairs) -> bool,
) -> Answer {
    match request(ask) {
        Some((_, params)) if is_accepted(params) => Answer::verdict(true),
        _ => inner.perform(ask),
    }
}

/// The request that is to be checked: the path of its interface, where the address says what is asked for, and its
/// parameters.
fn request(ask: &Ask) -> Option<(&str, &TextPairs)> {
    match (ask.operation, &ask.input) {
        (Operation::CheckRequest, Input::Params(params)) => Some(("", params)),
        (Operation::CheckRequest, Input::Request { gateway, params }) => {
            Some((gateway.strip_prefix(HOST).unwrap_or_default(), params))
        }
        _ => None,
    }
}

/// A parameter's value, where it is not empty.
pub(super) fn get<'a>(params: &'a TextPairs, wanted: &str) -> Option<&'a str> {
    let present = |(name, value): &&(String, String)| name == wanted && !value.is_empty();
    params.iter().find(present).map(|(_, value)| value.as_str())
}

pub(super) fn has(params: &TextPairs, name: &str) -> bool {
    get(params, name).is_some()
}

pub(super) fn is(params: &TextPairs, name: &str, value: &str) -> bool {
    get(params, name) == Some(value)
}

/// Gives a parameter a value, whether or not it had one.
pub(super) fn set(params: &mut TextPairs, name: &str, value: &str) {
    remove(params, &[name]);
    params.push((name.into(), value.into()));
}

pub(super) fn remove(params: &mut TextPairs, names: &[&str]) {
    params.retain(|(name, _)| !names.contains(&name.as_str()));
}

/// Changes the values of some parameters.
pub(super) fn rewrite(params: &mut TextPairs, names: &[&str], change: impl Fn(&str) -> String) {
    for (_, value) in params.iter_mut().filter(|(name, _)| names.contains(&name.as_str())) {
        *value = change(value);
    }
}
