//! Laws of the stages before cryptography.

use crate::law::naive;
use crate::law::setting::{Setting, SignedMessage, answer, shown, side, written};
use crate::law::violation::{Law, Outcome, Side, Stop, check};
use crate::params::Params;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::input::Input;
use crate::vector::operation::Operation;

/// [`Law::OrderDoesNotMatter`]: shuffles the parameters, and puts them in reverse order. Equal seeds shuffle equally.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both strings to sign.
pub fn order_does_not_matter(
    implementation: &dyn Implementation,
    setting: &Setting,
    params: &[(String, String)],
    seed: u64,
) -> Outcome {
    const LAW: Law = Law::OrderDoesNotMatter;
    check(|| {
        unique(setting, params)?;
        let expected = string_to_sign(implementation, setting, params)?;
        let reversed: Vec<_> = params.iter().rev().cloned().collect();
        let got = string_to_sign(implementation, setting, &reversed)?;
        LAW.same(Side::new("the given order", expected.clone()), Side::new("the reverse", got))?;
        let got = string_to_sign(implementation, setting, &shuffled(params, seed))?;
        LAW.same(Side::new("the given order", expected), Side::new("a shuffled order", got))
    })
}

/// [`Law::EmptyValuesDoNotMatter`]: adds a parameter of this name and an empty value, to the parameters and to a signed
/// message of them.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both strings to sign, or with both verdicts.
pub fn empty_values_do_not_matter(
    implementation: &dyn Implementation,
    setting: &Setting,
    params: &[(String, String)],
    name: &str,
) -> Outcome {
    const LAW: Law = Law::EmptyValuesDoNotMatter;
    check(|| {
        let mut more = params.to_vec();
        more.insert(params.len() / 2, (name.into(), String::new()));
        let bytes = unique(setting, &more)?;
        let expected = string_to_sign(implementation, setting, params)?;
        let got = string_to_sign(implementation, setting, &more)?;
        let without = Side::new("the parameters", expected);
        LAW.same(without, Side::new("the same and an empty one", got))?;
        let message = SignedMessage::new(setting, &bytes);
        same_verdict(LAW, implementation, setting, message, |message| {
            message.params.iter().filter(|(_, value)| !value.is_empty()).collect()
        })
    })
}

/// [`Law::ExcludedNamesDoNotMatter`]: puts these values under the protocol's excluded names.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both strings to sign, or with both verdicts.
pub fn excluded_names_do_not_matter(
    implementation: &dyn Implementation,
    setting: &Setting,
    params: &[(String, String)],
    values: &[String],
) -> Outcome {
    const LAW: Law = Law::ExcludedNamesDoNotMatter;
    check(|| {
        let excluded = setting.protocol.excluded;
        let values = excluded.iter().zip(values);
        let mut more: Vec<_> =
            values.map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        more.extend_from_slice(params);
        unique(setting, &more)?;
        let expected = string_to_sign(implementation, setting, params)?;
        let got = string_to_sign(implementation, setting, &more)?;
        let without = Side::new("the parameters", expected);
        LAW.same(without, Side::new("the same and excluded ones", got))?;
        let message = SignedMessage::new(setting, &unique(setting, params)?);
        same_verdict(LAW, implementation, setting, message, |message| {
            let sign_type = setting.protocol.sign_type.as_bytes();
            let counts = |name: &[u8]| setting.signs_its_type() || name != sign_type;
            message.params.iter().filter(|(name, _)| counts(name)).collect()
        })
    })
}

/// [`Law::StringToSignAgreesWithTheNaiveModel`]. Text that the charset cannot write must be refused.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both strings to sign.
pub fn string_to_sign_agrees_with_the_naive_model(
    implementation: &dyn Implementation,
    setting: &Setting,
    params: &[(String, String)],
) -> Outcome {
    const LAW: Law = Law::StringToSignAgreesWithTheNaiveModel;
    check(|| {
        if let Err(error) = encoded(setting, params) {
            let ask = setting.ask(Operation::StringToSign, Input::Params(params.to_vec()));
            return match answer(implementation, &ask)? {
                Answer::Reject(_) | Answer::Threw(_) => Ok(()),
                other => Err(LAW.violated(
                    Side::new("the charset", format!("refused: {error}")),
                    side("the implementation", &other),
                )),
            };
        }
        let bytes = unique(setting, params)?;
        let map = naive::by_name(&bytes).ok_or_else(twice)?;
        let expected = naive::string_to_sign(setting.protocol.excluded, &map);
        let ask = setting.ask(Operation::StringToSign, Input::Params(params.to_vec()));
        let answer = answer(implementation, &ask)?;
        let got = match answer.output().and_then(|output| output.string_to_sign.clone()) {
            Some(string) if matches!(answer, Answer::Value(_)) => string,
            _ => shown(&answer).into_bytes(),
        };
        LAW.same(Side::new("the naive model", expected), Side::new("the implementation", got))
    })
}

/// The string to sign, or the signature of it where an implementation shows no more.
fn string_to_sign(
    implementation: &dyn Implementation,
    setting: &Setting,
    params: &[(String, String)],
) -> Result<Vec<u8>, Stop> {
    let ask =
        |operation| answer(implementation, &setting.ask(operation, Input::Params(params.to_vec())));
    let answer = match ask(Operation::StringToSign) {
        Err(Stop::NotApplicable(_)) => ask(Operation::Sign)?,
        answer => answer?,
    };
    let value = match &answer {
        Answer::Value(output) => output
            .string_to_sign
            .clone()
            .or_else(|| output.signature.clone().map(String::into_bytes)),
        _ => None,
    };
    Ok(value.unwrap_or_else(|| shown(&answer).into_bytes()))
}

/// A message that is accepted must be so without the parameters that do not count, too.
fn same_verdict(
    law: Law,
    implementation: &dyn Implementation,
    setting: &Setting,
    message: Option<SignedMessage>,
    without: impl FnOnce(&SignedMessage) -> Params,
) -> Result<(), Stop> {
    let Some(message) = message else { return Ok(()) };
    let verdict =
        |body: &[u8]| answer(implementation, &setting.ask_message(Operation::VerifyNotify, body));
    let with = match verdict(&message.body()) {
        // Signing alone is offered, and was looked at.
        Err(Stop::NotApplicable(_)) => return Ok(()),
        answer => answer?,
    };
    let without = written(setting.protocol.wire, &without(&message));
    let without = verdict(&without.ok_or_else(|| Stop::not_applicable("cannot be written"))?)?;
    law.same(side("the message without them", &without), side("the message with them", &with))
}

fn encoded(setting: &Setting, params: &[(String, String)]) -> Result<Params, String> {
    let pairs = params.iter().map(|(name, value)| (name, value));
    Params::encode(pairs, setting.charset).map_err(|error| error.to_string())
}

/// The parameters as bytes. A name that stands twice is contested.
fn unique(setting: &Setting, params: &[(String, String)]) -> Result<Params, Stop> {
    let bytes = encoded(setting, params).map_err(Stop::NotApplicable)?;
    naive::by_name(&bytes).map(|_| bytes).ok_or_else(twice)
}

fn twice() -> Stop {
    Stop::not_applicable("a name stands twice")
}

/// Fisher and Yates, with xorshift for dice.
fn shuffled<T: Clone>(list: &[T], seed: u64) -> Vec<T> {
    let mut list = list.to_vec();
    let mut state = seed | 1;
    for last in (1..list.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let room = u64::try_from(last + 1).unwrap_or(u64::MAX);
        list.swap(last, usize::try_from(state % room).unwrap_or_default());
    }
    list
}
