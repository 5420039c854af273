//! Judges an answer.

use std::borrow::Cow;

use crate::suite::answer::{Answer, Rejection};
use crate::suite::compare;
use crate::suite::outcome::{Failure, Outcome};
use crate::vector::case::{Ask, Case, ExpectedAnswer, KnownAnswer, Verdict};
use crate::vector::output::Output;
use crate::vector::reason::Reason;

/// Judges the answer to a case. `twin` gives the same implementation's answer to the case's twin, and is called
/// only where that decides.
pub fn judge<'a>(
    case: &Case,
    answer: &Answer,
    twin: impl FnOnce() -> Option<Cow<'a, Answer>>,
) -> Outcome {
    match answer {
        Answer::NotOffered => {
            let why = format!("{} is not offered", case.ask.operation);
            return Outcome::NotApplicable { why };
        }
        Answer::Broken(breakage) => return Outcome::Broken(breakage.clone()),
        Answer::NotRun { why } => return Outcome::NotRun { why: why.clone() },
        Answer::Unsupported { why } => return fail(Failure::Unsupported { why: why.clone() }),
        _ => {}
    }
    match &case.verdict {
        Verdict::Valid(expected) => valid(case, expected, answer),
        Verdict::Invalid { reasons, twin: named } => {
            let outcome = invalid(reasons, answer);
            if !matches!(outcome, Outcome::Pass { .. }) {
                return outcome;
            }
            match twin().as_deref() {
                Some(Answer::Value(_) | Answer::Accept(_)) => outcome,
                Some(Answer::NotRun { why }) => Outcome::NotRun { why: why.clone() },
                _ => fail(Failure::TwinNotAccepted { twin: named.id.clone() }),
            }
        }
        Verdict::Tolerated(known) => tolerated(case, known, answer),
    }
}

fn fail(failure: Failure) -> Outcome {
    Outcome::Fail(Box::new(failure))
}

fn valid(case: &Case, expected: &Output, answer: &Answer) -> Outcome {
    match (compare::own_stage(case.ask.operation), answer) {
        (Some(own), Answer::Value(got)) => match differs(own, expected, got, &case.ask) {
            None => Outcome::Pass { note: None },
            Some(failure) => fail(failure),
        },
        (None, Answer::Accept(_)) => Outcome::Pass { note: None },
        (_, Answer::Threw(threw)) => fail(Failure::Threw(threw.clone())),
        (_, Answer::Reject(Rejection { reason, detail, code, output })) => {
            fail(Failure::Rejected {
                reason: *reason,
                detail: detail.clone().or_else(|| code.clone()),
                difference: compare::first_difference(expected, output, &case.ask),
            })
        }
        (own, _) => {
            let expected = if own.is_some() { "a value" } else { "accept or reject" };
            fail(Failure::WrongKind { expected, got: kind(answer) })
        }
    }
}

/// The operation's own value must be there, and what decides must be right where it is shown. Where it is not, the
/// first stage that differs is the one to name.
fn differs(own: &'static str, expected: &Output, got: &Output, ask: &Ask) -> Option<Failure> {
    let stages = compare::stages(expected, got, ask);
    let is_shown =
        |compared: &compare::Compared| compared.stage == own && compared.difference.is_some();
    if !stages.iter().any(is_shown) {
        return Some(Failure::NoValue { stage: own });
    }
    let is_wrong = |compared: &compare::Compared| {
        compare::decides(ask.operation, compared.stage)
            && matches!(compared.difference, Some(Some(_)))
    };
    if !stages.iter().any(is_wrong) {
        return None;
    }
    stages.into_iter().find_map(|compared| compared.difference.flatten()).map(Failure::Differs)
}

fn invalid(reasons: &[Reason], answer: &Answer) -> Outcome {
    match answer {
        Answer::Reject(Rejection { reason: Some(got), .. })
            if *got != Reason::Other && !reasons.contains(got) =>
        {
            fail(Failure::WrongReason { expected: reasons.to_vec(), got: *got })
        }
        Answer::Reject(_) => Outcome::Pass { note: None },
        Answer::Threw(threw) => {
            Outcome::Pass { note: Some(format!("rejected by an exception, {}", threw.kind)) }
        }
        _ => fail(Failure::Accepted { expected: reasons.to_vec() }),
    }
}

fn tolerated(case: &Case, known: &[KnownAnswer], answer: &Answer) -> Outcome {
    let is_given = |known: &KnownAnswer| match (&known.answer, answer) {
        (ExpectedAnswer::Accept, Answer::Accept(_) | Answer::Value(_)) => true,
        (ExpectedAnswer::Reject, Answer::Reject(_) | Answer::Threw(_)) => true,
        (ExpectedAnswer::Output(expected), Answer::Value(got)) => {
            let stages = compare::stages(expected, got, &case.ask);
            let compared = || stages.iter().filter_map(|compared| compared.difference.as_ref());
            compared().next().is_some() && compared().all(Option::is_none)
        }
        _ => false,
    };
    match known.iter().find(|known| is_given(known)) {
        Some(known) => Outcome::Tolerated { given_by: known.given_by.clone() },
        None => fail(Failure::UnknownAnswer {
            known: known.iter().map(in_words).collect(),
            got: answer_in_words(answer),
        }),
    }
}

fn in_words(known: &KnownAnswer) -> String {
    let answer = match &known.answer {
        ExpectedAnswer::Accept => "accept".into(),
        ExpectedAnswer::Reject => "reject".into(),
        ExpectedAnswer::Output(output) => value_in_words(output),
    };
    format!("{answer} ({})", known.given_by)
}

fn answer_in_words(answer: &Answer) -> String {
    match answer {
        Answer::Value(output) => value_in_words(output),
        Answer::Threw(threw) => format!("exception {}: {}", threw.kind, threw.message),
        other => kind(other).into(),
    }
}

fn value_in_words(output: &Output) -> String {
    let pairs = |params: &crate::params::Params| {
        let written: Vec<_> =
            params.pairs().map(|pair| pair.written().escape_ascii().to_string()).collect();
        written.join(" ")
    };
    let string = output.string_to_sign.as_ref().map(|string| string.escape_ascii().to_string());
    [
        output.wire.clone(),
        output.signature.clone(),
        string,
        output.decoded.as_ref().map(pairs),
        output.cause.clone(),
        output.decision.as_ref().map(|decision| decision.why.clone()),
    ]
    .into_iter()
    .flatten()
    .next()
    .map_or_else(
        || "another value".into(),
        |value| if value.is_empty() { "an empty string".into() } else { value },
    )
}

fn kind(answer: &Answer) -> &'static str {
    match answer {
        Answer::Value(_) => "a value",
        Answer::Accept(_) => "accept",
        Answer::Reject(_) => "reject",
        Answer::Threw(_) => "an exception",
        Answer::Unsupported { .. } | Answer::NotOffered => "unsupported",
        Answer::Broken(_) | Answer::NotRun { .. } => "nothing",
    }
}
