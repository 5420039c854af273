//! The mobile product, beyond its vectors: bounds, where an error says it is, and orders of any text.

#![allow(clippy::unwrap_used)]

use alipay_conformance::canonical::Selection;
use alipay_conformance::charset::Charset;
use alipay_conformance::form::Limits;
use alipay_conformance::params::Params;
use alipay_conformance::protocol::mobile::{self, MOBILE, MOBILE_V1, OrderError, ResultError};
use alipay_conformance::protocol::pipeline::Stages;
use alipay_conformance::signature::{PrivateKey, SignType, SigningKey, sign};
use proptest::prelude::*;

fn key() -> SigningKey {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-1024.pkcs8.pem");
    PrivateKey::parse(std::fs::read(path).unwrap()).unwrap().into()
}

fn order_text(params: &Params) -> Result<Vec<u8>, OrderError> {
    let (mut selection, mut text) = (Selection::new(), Vec::new());
    mobile::order_text(params, &Stages::default(), &mut selection, &mut text)?;
    Ok(text)
}

/// What the wallet answers to an order with this text.
fn answer(text: &[u8], key: &SigningKey) -> Vec<u8> {
    let signature = sign(SignType::Rsa, key, text).unwrap();
    let tail = format!("&sign_type=\"RSA\"&sign=\"{signature}\"}}");
    [b"resultStatus={9000};memo={};result={", text, tail.as_bytes()].concat()
}

fn error(answer: &str) -> String {
    mobile::verify_result(answer.as_bytes(), &key().verifying_key()).unwrap_err().to_string()
}

#[test]
fn an_error_says_where_it_is() {
    assert_eq!(error("resultStatus={9000"), "at byte 18 of the answer: expected \"};memo={\"");
    assert_eq!(
        error("resultStatus={9000};memo={x};result{}"),
        "at byte 26 of the answer: expected \"};result={\""
    );
    assert_eq!(
        error("resultStatus={9000};memo={x};result={a=\"1\""),
        "at byte 42 of the answer: expected \"}\""
    );
    assert_eq!(
        error("resultStatus={\n};memo={};result={}"),
        "resultStatus is \"\\n\": expected 9000"
    );
    assert_eq!(error("a=\"1\"&b=2"), "at byte 6 of the result: expected name=\"value\"");
    assert_eq!(error("a=\"1\"&"), "at byte 6 of the result: expected name=\"value\"");
    assert_eq!(error("a=\"1\"b=\"2\""), "at byte 0 of the result: expected name=\"value\"");
    assert_eq!(error("a=\"1\"&=\"2\""), "at byte 6 of the result: expected name=\"value\"");
    assert_eq!(error("a=\"1\"&a=\"2\""), "parameter \"a\" stands more than once: expected once");
    assert_eq!(error("a=\"1\""), "no parameter \"sign_type\" with a value");
    assert_eq!(error("a=\"1\"&sign_type=\"RSA\""), "no parameter \"sign\" with a value");
    assert_eq!(error("a=\"1\"&sign_type=\"RSA\"&sign=\"\""), "no parameter \"sign\" with a value");
    let tail = "sign_type and sign do not stand at the end, in this order";
    assert_eq!(error("a=\"1\"&sign=\"x\"&sign_type=\"RSA\""), tail);
    assert_eq!(error("sign_type=\"RSA\"&sign=\"x\""), tail);
    assert_eq!(error("a=\"1\"&sign_type=\"rsa\"&sign=\"x\""), "sign_type is \"rsa\": expected RSA");
}

#[test]
fn the_product_is_rsa_and_utf_8_alone() {
    for protocol in [MOBILE, MOBILE_V1] {
        assert_eq!(protocol.sign_types, [SignType::Rsa]);
        assert_eq!(protocol.default_charset, Charset::Utf8);
    }
}

#[test]
fn no_name_and_no_quote_are_refused() {
    for name in ["", "a=", "a&b", "a\""] {
        let refused = order_text(&Params::from_iter([(name, "1")]));
        assert_eq!(refused, Err(OrderError::Name { name: name.into() }));
    }
    let refused = order_text(&Params::from_iter([("a", "12\"")]));
    assert_eq!(refused, Err(OrderError::Quote { name: b"a".into(), offset: 2 }));
    let repeated = order_text(&Params::from_iter([("b", "1"), ("a", "1"), ("b", "")]));
    assert!(matches!(repeated, Err(OrderError::Repeated(_))));
    assert_eq!(order_text(&Params::from_iter([("sign", "1"), ("sign_type", "1")])), Ok(vec![]));
}

#[test]
fn a_result_is_bounded() {
    let key = key();
    let many = |count: usize| -> Vec<u8> {
        let pairs = (3..count).map(|n| (format!("n{n}"), "1".to_owned()));
        let params: Params = pairs.chain([("success".into(), "true".into())]).collect();
        answer(&order_text(&params).unwrap(), &key)
    };
    let limit = Limits::DEFAULT.parameters;
    assert!(mobile::verify_result(&many(limit), &key.verifying_key()).is_ok());
    let refused = mobile::verify_result(&many(limit + 1), &key.verifying_key());
    assert_eq!(refused, Err(ResultError::Limit { what: "parameters", limit }));

    let limit = Limits::DEFAULT.bytes;
    for (length, is_refused) in [(limit, false), (limit + 1, true)] {
        let opened = mobile::open(&vec![b'x'; length]).map(<[u8]>::len);
        let refused = Err(ResultError::Limit { what: "bytes", limit });
        assert_eq!(opened, if is_refused { refused } else { Ok(length) });
    }
    // Ten megabytes that begin as an answer, and never end as one.
    let long = [b"resultStatus={9000};memo={".to_vec(), vec![b'}'; 10 << 20]].concat();
    assert!(matches!(mobile::open(&long), Err(ResultError::Limit { .. })));
}

#[test]
fn only_true_in_these_letters_is_success() {
    let key = key();
    for (success, expected) in [("true", true), ("TRUE", false), ("true ", false), ("1", false)] {
        let text = format!("a=\"1\"&success=\"{success}\"");
        let verdict = mobile::verify_result(&answer(text.as_bytes(), &key), &key.verifying_key());
        assert_eq!(verdict.is_ok(), expected, "{success:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_answer_to_any_order_verifies_and_no_other(
        values in prop::collection::vec("[^\"]{1,12}", 1..6),
        position in any::<prop::sample::Index>(),
        bit in 0u8..8,
    ) {
        let key = key();
        let named = values.iter().enumerate().map(|(n, value)| (format!("n{n}"), value.clone()));
        let params: Params = named.chain([("success".to_owned(), "true".to_owned())]).collect();
        let mut answer = answer(&order_text(&params).unwrap(), &key);
        let verified = mobile::verify_result(&answer, &key.verifying_key()).unwrap();
        prop_assert_eq!(&verified.filtered, &params);

        // The signed text lies between the two fixed parts.
        let begin = b"resultStatus={9000};memo={};result={".len();
        let at = begin + position.index(verified.string_to_sign.len());
        answer[at] ^= 1 << bit;
        prop_assert!(mobile::verify_result(&answer, &key.verifying_key()).is_err());
    }
}
