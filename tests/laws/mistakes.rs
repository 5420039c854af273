//! A law that no implementation could break would say nothing. Here every law about implementations is broken by one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use alipay_conformance::canonical;
use alipay_conformance::charset::Charset;
use alipay_conformance::form;
use alipay_conformance::law::{self, Law, Outcome, Setting, strategies};
use alipay_conformance::params::Params;
use alipay_conformance::protocol::pipeline::{REFERENCE, Stages};
use alipay_conformance::signature::{self, SignType};
use alipay_conformance::suite::answer::Answer;
use alipay_conformance::suite::implementation::{Implementation, Subject};
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::vector::bytes::Bytes;
use alipay_conformance::vector::case::Ask;
use alipay_conformance::vector::input::{Input, TextPairs};
use alipay_conformance::vector::operation::Operation;
use alipay_conformance::vector::output::Output;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Finds an input that breaks the law, and no other.
#[track_caller]
pub(crate) fn breaks<S: Strategy>(law: Law, inputs: S, check: impl Fn(S::Value) -> Outcome) {
    let config = Config { cases: 2000, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&inputs, |input| {
        if let Err(violation) = check(input) {
            assert_eq!(violation.law, law);
            return Err(TestCaseError::fail(violation.to_string()));
        }
        Ok(())
    });
    assert!(result.is_err(), "{law} was never violated");
}

fn md5() -> Setting {
    Setting::embedded(SignType::Md5, Charset::Utf8).unwrap()
}

fn params() -> impl Strategy<Value = TextPairs> {
    strategies::hostile_params(Charset::Utf8)
}

fn with(change: impl FnOnce(&mut Stages)) -> Reference {
    let mut stages = REFERENCE;
    change(&mut stages);
    Reference { stages, ..Reference::default() }
}

/// An implementation of `string_to_sign` alone.
struct Strings(fn(&TextPairs) -> String);

impl Implementation for Strings {
    fn subject(&self) -> Subject {
        Subject::default()
    }

    fn string_to_sign(&self, _: &Ask, params: &TextPairs) -> Answer {
        let string = Some(self.0(params).into_bytes());
        Answer::value(Output { string_to_sign: string, ..Output::default() })
    }
}

fn join(pairs: Vec<&(String, String)>) -> String {
    let written: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    written.join("&")
}

fn signed(params: &TextPairs) -> Vec<&(String, String)> {
    params.iter().filter(|(name, _)| name != "sign" && name != "sign_type").collect()
}

#[test]
fn keeps_empty_values() {
    let mistaken = Strings(|params| {
        let mut pairs = signed(params);
        pairs.sort();
        join(pairs)
    });
    let inputs = (params(), strategies::name(Charset::Utf8, false));
    breaks(Law::EmptyValuesDoNotMatter, inputs, |(params, name)| {
        law::empty_values_do_not_matter(&mistaken, &md5(), &params, &name)
    });
    breaks(Law::StringToSignAgreesWithTheNaiveModel, params(), |params| {
        law::string_to_sign_agrees_with_the_naive_model(&mistaken, &md5(), &params)
    });
}

#[test]
fn sorts_without_regard_to_case() {
    let mistaken = Strings(|params| {
        let mut pairs = signed(params);
        pairs.retain(|(_, value)| !value.is_empty());
        pairs.sort_by_key(|(name, _)| name.to_lowercase());
        join(pairs)
    });
    breaks(Law::StringToSignAgreesWithTheNaiveModel, params(), |params| {
        law::string_to_sign_agrees_with_the_naive_model(&mistaken, &md5(), &params)
    });
}

#[test]
fn does_not_sort() {
    let mistaken = with(|stages| stages.sort = |_, _| {});
    breaks(Law::OrderDoesNotMatter, (params(), any::<u64>()), |(params, seed)| {
        law::order_does_not_matter(&mistaken, &md5(), &params, seed)
    });
}

#[test]
fn signs_the_sign_type() {
    let mistaken = with(|stages| {
        stages.filter = |params, _, selection| canonical::filter(params, &["sign"], selection);
    });
    let values = [strategies::value(Charset::Utf8), strategies::value(Charset::Utf8)];
    breaks(Law::ExcludedNamesDoNotMatter, (params(), values), |(params, values)| {
        law::excluded_names_do_not_matter(&mistaken, &md5(), &params, &values)
    });
}

#[test]
fn escapes_what_it_joins() {
    let mistaken = with(|stages| {
        stages.join = |params, selection, string| {
            let pairs = selection.pairs(params).map(|pair| (pair.name(), pair.value()));
            *string = form::encode(&pairs.collect()).into_bytes();
        };
    });
    breaks(Law::StringToSignAgreesWithTheNaiveModel, params(), |params| {
        law::string_to_sign_agrees_with_the_naive_model(&mistaken, &md5(), &params)
    });
    breaks(Law::VerdictAgreesWithTheNaiveModel, params(), |params| {
        let params = Params::encode(params, Charset::Utf8).unwrap();
        let message = law::SignedMessage::new(&md5(), &params).unwrap();
        law::verdict_agrees_with_the_naive_model(&mistaken, &md5(), &message.body())
    });
}

#[test]
fn decodes_twice() {
    let mistaken = with(|stages| {
        stages.decode = |message, limits, params| {
            form::decode_into(message, limits, params)?;
            let written: Vec<_> = params.pairs().map(|pair| pair.written().to_vec()).collect();
            form::decode_into(&written.join(&b'&'), limits, params)
        };
    });
    breaks(Law::DecodesOnce, strategies::byte_params(), |params| {
        law::decodes_once(&mistaken, &md5(), &params)
    });
    breaks(Law::FormSurvives, strategies::byte_params(), |params| {
        law::form_survives(&mistaken, &md5(), &params)
    });
}

#[test]
fn compares_the_signature_loosely() {
    let edits = || (strategies::byte_params(), strategies::edit());
    let half = with(|stages| {
        stages.verify = |sign_type, key, string, signature| {
            // The second half is not looked at.
            let secret = match key {
                signature::VerifyingKey::Secret(secret) => secret.clone().into(),
                signature::VerifyingKey::Rsa(_) => return Ok(()),
            };
            let own = signature::sign(sign_type, &secret, string).unwrap();
            match signature.get(..16) == own.as_str().as_bytes().get(..16) {
                true => Ok(()),
                false => Err(signature::VerifyError::Mismatch),
            }
        };
    });
    breaks(Law::EditIsRefused, edits(), |(params, edit)| {
        law::edit_is_refused(&half, &md5(), &params, &edit)
    });
    let lower = with(|stages| {
        stages.verify = |sign_type, key, string, signature| {
            signature::verify(sign_type, key, string, &signature.to_ascii_lowercase())
        };
    });
    breaks(Law::SignatureHasOneText, strategies::byte_params(), |params| {
        let message = law::SignedMessage::new(&md5(), &params).unwrap();
        let text = message.params.get(b"sign").unwrap().to_ascii_uppercase();
        law::signature_has_one_text(&lower, &md5(), &params, &text)
    });
}

#[test]
fn verifies_only_what_it_knows() {
    let mistaken = with(|stages| {
        stages.filter = |params, excluded, selection| {
            let excluded = [excluded, &["subject"]].concat();
            canonical::filter(params, &excluded, selection);
        };
    });
    let inputs = (strategies::byte_params(), strategies::edit());
    breaks(Law::EditIsRefused, inputs, |(params, edit)| {
        // The twin must be accepted, so the subject comes with the edit.
        let edit = match edit {
            law::Edit::Add { value, .. } => law::Edit::Add { name: b"subject".to_vec(), value },
            other => other,
        };
        let pairs = params.iter().filter(|(name, _)| *name != b"subject");
        law::edit_is_refused(&mistaken, &md5(), &pairs.collect(), &edit)
    });
}

/// The reference, but for what the function answers.
struct But<F>(F);

impl<F: Fn(&Ask) -> Option<Answer> + Sync> Implementation for But<F> {
    fn subject(&self) -> Subject {
        Subject::default()
    }

    fn perform(&self, ask: &Ask) -> Answer {
        self.0(ask).unwrap_or_else(|| Reference::default().perform(ask))
    }
}

#[test]
fn signs_in_capitals() {
    let mistaken = But(|ask: &Ask| match Reference::default().perform(ask) {
        Answer::Value(mut output) if ask.operation == Operation::Sign => {
            output.signature = output.signature.map(|text| text.to_uppercase());
            Some(Answer::Value(output))
        }
        _ => None,
    });
    breaks(Law::OwnSignatureIsAccepted, params(), |params| {
        law::own_signature_is_accepted(&mistaken, &md5(), &params)
    });
}

#[test]
fn does_not_escape_the_request() {
    let mistaken = But(|ask: &Ask| {
        let Input::Request { gateway, params } = &ask.input else { return None };
        let sign = md5().ask(Operation::Sign, Input::Params(params.clone()));
        let signature = Reference::default().perform(&sign).output()?.signature.clone()?;
        let query = join(params.iter().collect());
        let wire = Some(format!("{gateway}?{query}&sign_type=MD5&sign={signature}"));
        Some(Answer::value(Output { wire, ..Output::default() }))
    });
    breaks(Law::BuiltRequestIsAccepted, params(), |params| {
        law::built_request_is_accepted(&mistaken, &md5(), &params)
    });
}

#[test]
fn takes_bytes_for_text() {
    let mistaken = But(|ask: &Ask| {
        let Input::Message(Bytes(message)) = &ask.input else { return None };
        let decoded = form::decode(message).ok()?;
        decoded.decode(ask.charset).unwrap();
        None
    });
    breaks(Law::VerifyingAlwaysAnswers, strategies::form_body(), |body| {
        law::verifying_always_answers(&mistaken, &md5(), &body)
    });
}

#[test]
fn answers_by_turns() {
    let turn = AtomicBool::new(false);
    let mistaken = But(|_: &Ask| Some(Answer::verdict(turn.fetch_xor(true, Ordering::Relaxed))));
    breaks(Law::SameAnswerTwice, strategies::form_body(), |body| {
        let input = Input::Message(Bytes(body));
        law::same_answer_twice(&mistaken, &md5(), Operation::VerifyNotify, &input)
    });
}

#[test]
fn trusts_the_browser() {
    let mistaken =
        But(|ask: &Ask| (ask.operation == Operation::VerifyReturn).then(|| Answer::verdict(true)));
    breaks(Law::NotifyAndReturnAgree, strategies::form_body(), |body| {
        law::notify_and_return_agree(&mistaken, &md5(), &body)
    });
}

/// The laws about this crate's own functions are in no list of mistakes; all others are.
#[test]
fn no_law_is_without_a_mistake() {
    let text = [include_str!("mistakes.rs"), include_str!("headers.rs")].concat();
    let own = [
        Law::DecodeAgreesWithFormUrlencoded,
        Law::EncodeAgreesWithSerdeUrlencoded,
        Law::TextSurvives,
        Law::BytesSurvive,
        Law::CharsetErrorsPointAtTheFault,
        Law::RsaBackendsAgree,
    ];
    let broken: BTreeSet<_> =
        Law::ALL.iter().filter(|law| text.contains(&format!("breaks(Law::{law:?},"))).collect();
    for law in Law::ALL {
        assert_ne!(broken.contains(law), own.contains(law), "{law}");
    }
    let names: BTreeMap<_, _> = Law::ALL.iter().map(|law| (law.name(), law)).collect();
    assert_eq!(names.len(), Law::ALL.len());
}
