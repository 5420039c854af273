//! Every law, over the reference and this crate's own functions; and for every law an implementation that breaks it.

#![allow(clippy::unwrap_used, clippy::panic)]

mod headers;
mod mistakes;
mod openapi;

use std::cell::Cell;

use alipay_conformance::charset::Charset;
use alipay_conformance::law::{self, Checked, Outcome, Setting, strategies};
use alipay_conformance::params::Params;
use alipay_conformance::signature::{SignType, SigningKey};
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::vector::bytes::Bytes;
use alipay_conformance::vector::input::Input;
use alipay_conformance::vector::operation::Operation;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};

/// Checks a law. It must hold wherever it applies, and apply to a third of the cases at least.
#[track_caller]
fn holds<S: Strategy>(cases: u32, inputs: S, law: impl Fn(S::Value) -> Outcome) {
    let (held, asked) = (Cell::new(0_u32), Cell::new(0_u32));
    let regressions = FileFailurePersistence::Direct("tests/laws/proptest-regressions.txt");
    let failure_persistence = Some(Box::new(regressions) as Box<_>);
    let mut runner = TestRunner::new(Config { cases, failure_persistence, ..Config::default() });
    let result = runner.run(&inputs, |input| {
        asked.set(asked.get() + 1);
        if law(input)? == Checked::Held {
            held.set(held.get() + 1);
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(held.get() * 3 >= asked.get(), "applied to {} of {}", held.get(), asked.get());
}

/// The settings of all sign types, RSA seldom: signing with it is slow.
fn setting() -> impl Strategy<Value = Setting> {
    prop_oneof![
        24 => strategies::setting(SignType::Md5),
        1 => strategies::setting(SignType::Rsa),
        1 => strategies::setting(SignType::Rsa2),
    ]
}

type Pairs = Vec<(String, String)>;

fn setting_and_params() -> impl Strategy<Value = (Setting, Pairs)> {
    setting().prop_flat_map(|setting| {
        let params = strategies::hostile_params(setting.charset);
        (Just(setting), params)
    })
}

fn setting_and_bytes() -> impl Strategy<Value = (Setting, Params)> {
    (setting(), strategies::byte_params())
}

fn reference() -> Reference {
    Reference::default()
}

#[test]
fn order_does_not_matter() {
    holds(256, (setting_and_params(), any::<u64>()), |((setting, params), seed)| {
        law::order_does_not_matter(&reference(), &setting, &params, seed)
    });
}

#[test]
fn empty_values_do_not_matter() {
    let name = strategies::name(Charset::Gbk, true);
    holds(256, (setting_and_params(), name), |((setting, params), name)| {
        law::empty_values_do_not_matter(&reference(), &setting, &params, &name)
    });
}

#[test]
fn excluded_names_do_not_matter() {
    let values = [strategies::value(Charset::Gbk), strategies::value(Charset::Gbk)];
    holds(256, (setting_and_params(), values), |((setting, params), values)| {
        law::excluded_names_do_not_matter(&reference(), &setting, &params, &values)
    });
}

#[test]
fn string_to_sign_agrees_with_the_naive_model() {
    // Some of the text is of another charset: that must be refused.
    let inputs = (setting(), strategies::charset())
        .prop_flat_map(|(setting, other)| (Just(setting), strategies::hostile_params(other)));
    holds(256, inputs, |(setting, params)| {
        law::string_to_sign_agrees_with_the_naive_model(&reference(), &setting, &params)
    });
}

#[test]
fn own_signature_is_accepted() {
    holds(256, setting_and_params(), |(setting, params)| {
        law::own_signature_is_accepted(&reference(), &setting, &params)
    });
}

#[test]
fn built_request_is_accepted() {
    holds(256, setting_and_params(), |(setting, params)| {
        law::built_request_is_accepted(&reference(), &setting, &params)
    });
}

#[test]
fn edit_is_refused() {
    let edit = strategies::edit();
    holds(512, (setting_and_bytes(), edit), |((setting, params), edit)| {
        law::edit_is_refused(&reference(), &setting, &params, &edit)
    });
}

#[test]
fn every_byte_of_one_message() {
    use std::num::NonZeroU8;

    use alipay_conformance::law::{Edit, Half};

    let setting = Setting::embedded(SignType::Md5, Charset::Gbk).unwrap();
    let pairs =
        [("subject", "订单 1&2"), ("total_fee", "0.01"), ("body", ""), ("_input_charset", "gbk")];
    let params = Params::encode(pairs, Charset::Gbk).unwrap();
    let signed: Vec<_> = params.iter().filter(|(_, value)| !value.is_empty()).collect();
    let mut edits = Vec::new();
    for bits in [1, 0x20, 0x80, 0xFF].map(|bits| NonZeroU8::new(bits).unwrap()) {
        for (parameter, (name, value)) in signed.iter().enumerate() {
            for (half, length) in [(Half::Name, name.len()), (Half::Value, value.len())] {
                let at = |offset| Edit::Change { parameter, half, offset, bits };
                edits.extend((0..length).map(at));
            }
        }
        edits.extend((0..32).map(|offset| Edit::ChangeSignature { offset, bits }));
    }
    edits.extend((0..signed.len()).map(|parameter| Edit::Remove { parameter }));
    let mut left_out = 0;
    for edit in edits {
        match law::edit_is_refused(&reference(), &setting, &params, &edit).unwrap() {
            Checked::Held => {}
            // The letters of the signature in the other case.
            Checked::NotApplicable { .. } => left_out += 1,
        }
    }
    assert!(left_out < 32, "{left_out}");
}

#[test]
fn signature_has_one_text() {
    let texts = prop_oneof![
        vec(any::<u8>(), 0..40),
        "[0-9a-fA-F]{32}".prop_map(String::into_bytes),
        Just(Vec::new()),
    ];
    holds(256, (setting_and_bytes(), texts), |((setting, params), text)| {
        law::signature_has_one_text(&reference(), &setting, &params, &text)
    });
}

#[test]
fn other_texts_of_the_signature() {
    let params: Params = [("total_fee", "0.01")].into_iter().collect();
    for sign_type in SignType::ALL {
        let setting = Setting::embedded(sign_type, Charset::Utf8).unwrap();
        let message = law::SignedMessage::new(&setting, &params).unwrap();
        let text = String::from_utf8(message.params.get(b"sign").unwrap().to_vec()).unwrap();
        let last = text.trim_end_matches('=').len() - 1;
        let next = char::from(text.as_bytes()[last] + 1);
        let others = [
            text.to_uppercase(),
            text.to_lowercase(),
            format!(" {text}"),
            format!("{text}\n"),
            format!("{}\n{}", &text[..16], &text[16..]),
            text.trim_end_matches('=').to_owned(),
            format!("{text}="),
            text.replace('+', "-").replace('/', "_"),
            text.replace('+', " "),
            // Bits behind the end of the signature.
            format!("{}{next}{}", &text[..last], &text[last + 1..]),
        ];
        for other in others.into_iter().filter(|other| *other != text) {
            let checked =
                law::signature_has_one_text(&reference(), &setting, &params, other.as_bytes());
            assert_eq!(checked, Ok(Checked::Held), "{sign_type}: {other}");
        }
    }
}

#[test]
fn same_answer_twice() {
    let inputs = (setting_and_params(), strategies::form_body(), any::<bool>());
    holds(256, inputs, |((setting, params), body, signs)| {
        let message = Input::Message(Bytes(body));
        let (operation, input) = match signs {
            true => (Operation::Sign, Input::Params(params)),
            false => (Operation::VerifyNotify, message),
        };
        law::same_answer_twice(&reference(), &setting, operation, &input)
    });
}

/// Messages that are genuine, or no more, or never were.
fn messages() -> impl Strategy<Value = (Setting, Vec<u8>)> {
    let edit = proptest::option::of(strategies::edit());
    let signed =
        (setting_and_bytes(), edit).prop_filter_map("not signed", |((setting, params), edit)| {
            let message = law::SignedMessage::new(&setting, &params)?;
            let body = match edit {
                None => message.body(),
                Some(edit) => {
                    let params = edit.apply(&setting, &message).ok()?;
                    alipay_conformance::form::encode(&params).into_bytes()
                }
            };
            Some((setting, body))
        });
    prop_oneof![signed, (setting(), strategies::form_body())]
}

#[test]
fn notify_and_return_agree() {
    holds(256, messages(), |(setting, message)| {
        law::notify_and_return_agree(&reference(), &setting, &message)
    });
}

#[test]
fn verifying_always_answers() {
    let bytes = prop_oneof![strategies::form_body(), vec(any::<u8>(), 0..512)];
    holds(512, (setting(), bytes), |(setting, message)| {
        law::verifying_always_answers(&reference(), &setting, &message)
    });
}

#[test]
fn verdict_agrees_with_the_naive_model() {
    holds(512, messages(), |(setting, message)| {
        law::verdict_agrees_with_the_naive_model(&reference(), &setting, &message)
    });
}

#[test]
fn form_survives() {
    holds(256, setting_and_bytes(), |(setting, params)| {
        law::form_survives(&reference(), &setting, &params)
    });
}

#[test]
fn decodes_once() {
    holds(256, setting_and_bytes(), |(setting, params)| {
        law::decodes_once(&reference(), &setting, &params)
    });
}

#[test]
fn decode_agrees_with_form_urlencoded() {
    holds(2048, strategies::form_body(), |body| law::decode_agrees_with_form_urlencoded(&body));
}

#[test]
fn encode_agrees_with_serde_urlencoded() {
    holds(256, strategies::hostile_params(Charset::Utf8), |params| {
        law::encode_agrees_with_serde_urlencoded(&params)
    });
}

#[test]
fn text_survives() {
    let inputs =
        strategies::charset().prop_flat_map(|charset| (Just(charset), strategies::text(charset)));
    holds(1024, inputs, |(charset, text)| law::text_survives(charset, &text));
}

#[test]
fn bytes_survive() {
    let pair = (0x81..=0xFE_u8, 0x40..=0xFE_u8).prop_map(|(lead, trail)| vec![lead, trail]);
    let four = (0x81..=0x84_u8, b'0'..=b'9', 0x81..=0xFE_u8, b'0'..=b'9')
        .prop_map(|(a, b, c, d)| vec![a, b, c, d]);
    let character = prop_oneof![4 => pair, 1 => four, 2 => any::<char>().prop_map(|c| c.to_string().into_bytes())];
    let bytes = vec(character, 0..4).prop_map(|bytes| bytes.concat());
    holds(2048, (strategies::charset(), bytes), |(charset, bytes)| {
        law::bytes_survive(charset, &bytes)
    });
}

/// All characters and all one-, two- and four-byte sequences, so that the lists of exceptions are neither short nor long.
#[test]
fn exceptions_of_the_charsets_are_complete() {
    // GBK has nothing beyond the basic plane.
    for (charset, last) in [(Charset::Gbk, '\u{FFFF}'), (Charset::Gb18030, char::MAX)] {
        for character in '\0'..=last {
            let mut buffer = [0; 4];
            let text = &*character.encode_utf8(&mut buffer);
            if let Ok(bytes) = charset.encode(text) {
                let survives = charset.decode(&bytes).as_deref() == Ok(text);
                assert_ne!(
                    survives,
                    law::text_with_another_reading(charset, character),
                    "{character:?}"
                );
            }
        }
    }
    let survives = |charset: Charset, bytes: &[u8]| {
        if let Ok(text) = charset.decode(bytes) {
            let survives = charset.encode(&text).as_deref() == Ok(bytes);
            assert_ne!(survives, law::bytes_with_another_spelling(charset, bytes), "{bytes:02X?}");
        }
    };
    for charset in [Charset::Gbk, Charset::Gb18030] {
        for a in 0..=u8::MAX {
            survives(charset, &[a]);
            (0..=u8::MAX).for_each(|b| survives(charset, &[a, b]));
        }
    }
    for a in 0x81..=0xFE {
        for b in b'0'..=b'9' {
            for c in 0x81..=0xFE {
                (b'0'..=b'9').for_each(|d| survives(Charset::Gb18030, &[a, b, c, d]));
            }
        }
    }
}

#[test]
fn charset_errors_point_at_the_fault() {
    let bytes = prop_oneof![
        vec(any::<u8>(), 0..24),
        strategies::text(Charset::Gb18030).prop_map(String::into_bytes),
        (strategies::text(Charset::Gbk), vec(any::<u8>(), 0..4)).prop_map(|(text, rest)| {
            [&Charset::Gbk.encode(&text).unwrap()[..], &rest].concat()
        }),
    ];
    holds(2048, (strategies::charset(), bytes), |(charset, bytes)| {
        law::charset_errors_point_at_the_fault(charset, &bytes)
    });
}

#[test]
fn rsa_backends_agree() {
    let keys: Vec<(SignType, SigningKey)> = [SignType::Rsa, SignType::Rsa2]
        .into_iter()
        .flat_map(|key| {
            let setting = Setting::embedded(key, Charset::Utf8).unwrap();
            let key = setting.signing_key().unwrap();
            [(SignType::Rsa, key.clone()), (SignType::Rsa2, key)]
        })
        .collect();
    let received = prop_oneof![
        vec(any::<u8>(), 0..8),
        prop_oneof![Just(128_usize), Just(256), 0..300_usize]
            .prop_flat_map(|length| vec(any::<u8>(), length))
            .prop_map(|bytes| alipay_conformance::vector::bytes::to_base64(&bytes).into_bytes()),
    ];
    let inputs = (0..keys.len(), vec(any::<u8>(), 0..64), received);
    holds(48, inputs, |(index, message, received)| {
        let (sign_type, key) = &keys[index];
        law::rsa_backends_agree(*sign_type, key, &message, &received)
    });
}
