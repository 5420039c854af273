//! Laws of signing and verifying, through the whole wire.

use crate::law::naive;
use crate::law::setting::{Setting, SignedMessage, answer, shown, side};
use crate::law::violation::{Law, Outcome, Side, Stop, check};
use crate::params::Params;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::input::Input;
use crate::vector::operation::Operation;

/// The gateway's address in requests that are built for a law.
const GATEWAY: &str = "https://mapi.alipay.com/gateway.do";

/// [`Law::OwnSignatureIsAccepted`]: signs, writes the message, and has it verified.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with what came instead of acceptance.
pub fn own_signature_is_accepted(
    implementation: &dyn Implementation,
    setting: &Setting,
    params: &[(String, String)],
) -> Outcome {
    const LAW: Law = Law::OwnSignatureIsAccepted;
    check(|| {
        let bytes = signable(setting, params)?;
        let sign_type = (setting.protocol.sign_type.to_owned(), setting.wire_name().to_owned());
        let named = setting.signs_its_type().then_some(sign_type);
        let signed = params.iter().cloned().chain(named).collect();
        let ask = setting.ask(Operation::Sign, Input::Params(signed));
        let signed = answer(implementation, &ask)?;
        let Some(signature) = signed.output().and_then(|output| output.signature.as_deref()) else {
            return Err(LAW.violated(Side::new("the law", "a signature"), side("signing", &signed)));
        };
        let message = SignedMessage::with_signature_text(setting, &bytes, signature);
        accepted(LAW, implementation, setting, Operation::VerifyNotify, &message.body())
    })
}

/// [`Law::BuiltRequestIsAccepted`]: builds the URL of a request, and has its query verified.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with what came instead of acceptance.
pub fn built_request_is_accepted(
    implementation: &dyn Implementation,
    setting: &Setting,
    params: &[(String, String)],
) -> Outcome {
    const LAW: Law = Law::BuiltRequestIsAccepted;
    check(|| {
        signable(setting, params)?;
        let input = Input::Request { gateway: GATEWAY.into(), params: params.to_vec() };
        let built = answer(implementation, &setting.ask(Operation::BuildRequest, input))?;
        let wire = built.output().and_then(|output| output.wire.as_deref());
        let Some((_, query)) = wire.and_then(|wire| wire.split_once('?')) else {
            let expected = Side::new("the law", "an address with a query");
            return Err(LAW.violated(expected, side("building", &built)));
        };
        accepted(LAW, implementation, setting, Operation::VerifyReturn, query.as_bytes())
    })
}

/// [`Law::SameAnswerTwice`], for any question.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both answers.
pub fn same_answer_twice(
    implementation: &dyn Implementation,
    setting: &Setting,
    operation: Operation,
    input: &Input,
) -> Outcome {
    const LAW: Law = Law::SameAnswerTwice;
    check(|| {
        let ask = setting.ask(operation, input.clone());
        let first = answer(implementation, &ask)?;
        let second = answer(implementation, &ask)?;
        LAW.same(side("the first answer", &first), side("the second", &second))?;
        if first.output() == second.output() {
            return Ok(());
        }
        let stages = |answer: &Answer| format!("{:?}", answer.output());
        let first = Side::new("the stages of the first answer", stages(&first));
        Err(LAW.violated(first, Side::new("those of the second", stages(&second))))
    })
}

/// [`Law::NotifyAndReturnAgree`], for a message of any bytes.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both verdicts.
pub fn notify_and_return_agree(
    implementation: &dyn Implementation,
    setting: &Setting,
    message: &[u8],
) -> Outcome {
    const LAW: Law = Law::NotifyAndReturnAgree;
    check(|| {
        let ask = |operation| answer(implementation, &setting.ask_message(operation, message));
        let notify = verdict(&ask(Operation::VerifyNotify)?);
        let returned = verdict(&ask(Operation::VerifyReturn)?);
        LAW.same(Side::new("the notify", notify), Side::new("the return", returned))
    })
}

/// [`Law::VerifyingAlwaysAnswers`], for a message of any bytes: no panic, no exception, no other kind of answer.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with what came instead of a verdict.
pub fn verifying_always_answers(
    implementation: &dyn Implementation,
    setting: &Setting,
    message: &[u8],
) -> Outcome {
    const LAW: Law = Law::VerifyingAlwaysAnswers;
    check(|| {
        for operation in [Operation::VerifyNotify, Operation::VerifyReturn] {
            match answer(implementation, &setting.ask_message(operation, message))? {
                Answer::Accept(_) | Answer::Reject(_) => {}
                other => {
                    let expected = Side::new("the law", "accepted or refused");
                    return Err(LAW.violated(expected, side("verifying", &other)));
                }
            }
        }
        Ok(())
    })
}

/// [`Law::VerdictAgreesWithTheNaiveModel`], for a message of any bytes but where the verdict is contested: a malformed
/// escape, a name that stands twice (`sign` twice is refused), `Sign` beside or for `sign`, the same signature in
/// another text, sizes beyond the limits.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both verdicts.
pub fn verdict_agrees_with_the_naive_model(
    implementation: &dyn Implementation,
    setting: &Setting,
    message: &[u8],
) -> Outcome {
    const LAW: Law = Law::VerdictAgreesWithTheNaiveModel;
    check(|| {
        let expected = match naive::verdict(setting, message) {
            naive::Verdict::Accepted => "accepted",
            naive::Verdict::Refused => "refused",
            naive::Verdict::Contested(why) => return Err(Stop::not_applicable(why)),
        };
        let ask = setting.ask_message(Operation::VerifyNotify, message);
        let got = verdict(&answer(implementation, &ask)?);
        LAW.same(Side::new("the naive model", expected), Side::new("the implementation", got))
    })
}

/// The verdict in an answer. An exception is a way of refusing.
pub(super) fn verdict(answer: &Answer) -> String {
    match answer {
        Answer::Threw(_) => "refused".into(),
        other => shown(other),
    }
}

fn accepted(
    law: Law,
    implementation: &dyn Implementation,
    setting: &Setting,
    operation: Operation,
    message: &[u8],
) -> Result<(), Stop> {
    match answer(implementation, &setting.ask_message(operation, message))? {
        Answer::Accept(_) => Ok(()),
        other => Err(law.violated(
            Side::new("verifying", "accepted"),
            side(&format!("verifying \"{}\"", message.escape_ascii()), &other),
        )),
    }
}

/// The bytes of parameters that a message can be signed of.
fn signable(setting: &Setting, params: &[(String, String)]) -> Result<Params, Stop> {
    let pairs = params.iter().map(|(name, value)| (name, value));
    let bytes = Params::encode(pairs, setting.charset)
        .map_err(|error| Stop::not_applicable(error.to_string()))?;
    let map = naive::by_name(&bytes).ok_or_else(|| Stop::not_applicable("a name stands twice"))?;
    if setting.protocol.excluded.iter().any(|name| map.contains_key(name.as_bytes())) {
        return Err(Stop::not_applicable("an excluded name is among the parameters"));
    }
    Ok(bytes)
}
