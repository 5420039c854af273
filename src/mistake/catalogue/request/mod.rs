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
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::{Input, TextPairs};
use crate::vector::operation::Operation;
use crate::vector::reason::Reason;

/// Checks the request after a change that hides a fault.
fn changed(inner: &dyn Implementation, ask: &Ask, change: impl FnOnce(&mut TextPairs)) -> Answer {
    match (ask.operation, &ask.input) {
        (Operation::CheckRequest, Input::Params(params)) => {
            let mut params = params.clone();
            change(&mut params);
            inner.perform(&Ask { input: Input::Params(params), ..ask.clone() })
        }
        _ => inner.perform(ask),
    }
}

/// Refuses some requests, and checks the others.
fn refused(
    inner: &dyn Implementation,
    ask: &Ask,
    is_refused: impl FnOnce(&TextPairs) -> bool,
) -> Answer {
    match (ask.operation, &ask.input) {
        (Operation::CheckRequest, Input::Params(params)) if is_refused(params) => {
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
    match (ask.operation, &ask.input) {
        (Operation::CheckRequest, Input::Params(params)) if is_accepted(params) => {
            Answer::verdict(true)
        }
        _ => inner.perform(ask),
    }
}

/// A parameter's value, where it is not empty.
fn get<'a>(params: &'a TextPairs, wanted: &str) -> Option<&'a str> {
    let present = |(name, value): &&(String, String)| name == wanted && !value.is_empty();
    params.iter().find(present).map(|(_, value)| value.as_str())
}

fn has(params: &TextPairs, name: &str) -> bool {
    get(params, name).is_some()
}

fn is(params: &TextPairs, name: &str, value: &str) -> bool {
    get(params, name) == Some(value)
}

/// Gives a parameter a value, whether or not it had one.
fn set(params: &mut TextPairs, name: &str, value: &str) {
    remove(params, &[name]);
    params.push((name.into(), value.into()));
}

fn remove(params: &mut TextPairs, names: &[&str]) {
    params.retain(|(name, _)| !names.contains(&name.as_str()));
}

/// Changes the values of some parameters.
fn rewrite(params: &mut TextPairs, names: &[&str], change: impl Fn(&str) -> String) {
    for (_, value) in params.iter_mut().filter(|(name, _)| names.contains(&name.as_str())) {
        *value = change(value);
    }
}
