//! Synchronous replies: bodies too deep, too large or damaged for a vector, and the scanner against `serde_json`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

// The body of the fuzz target of the same name, public where it is a library.
#[allow(unreachable_pub)]
#[path = "../fuzz/src/json_node.rs"]
mod json_node;

use alipay_conformance::charset::Charset;
use alipay_conformance::json::{JsonError, MAX_DEPTH};
use alipay_conformance::protocol::OPENAPI_V2;
use alipay_conformance::protocol::openapi::response::{self, ReplyError};
use alipay_conformance::protocol::pipeline::Pipeline;
use alipay_conformance::signature::{PrivateKey, SignType, SigningKey, VerifyError, sign};
use alipay_conformance::suite::outcome::Outcome;
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::suite::run::run_case;
use alipay_conformance::vector::input::Input;
use alipay_conformance::vector::load::VectorSet;
use allocation_counter::measure;
use proptest::prelude::*;

const NODE: &str = "alipay_trade_query_response";

fn key(bits: u32) -> SigningKey {
    let path = format!("{}/tests/keys/rsa-{bits}.pkcs8.pem", env!("CARGO_MANIFEST_DIR"));
    PrivateKey::parse(std::fs::read(path).unwrap()).unwrap().into()
}

fn body(node: &[u8], sign: &str) -> Vec<u8> {
    [b"{\"", NODE.as_bytes(), b"\":", node, b",\"sign\":\"", sign.as_bytes(), b"\"}"].concat()
}

fn signed(node: &[u8]) -> Vec<u8> {
    body(node, sign(SignType::Rsa2, &key(2048), node).unwrap().as_str())
}

fn verify(body: &[u8]) -> Result<(), ReplyError> {
    let key = key(2048).verifying_key();
    let pipeline = Pipeline::new(OPENAPI_V2);
    pipeline.verify_reply(body, NODE, Charset::Utf8, SignType::Rsa2, &key).map(|_| ())
}

fn read(body: &[u8]) -> Result<(), ReplyError> {
    response::read(body, NODE, Charset::Utf8).map(|_| ())
}

#[test]
fn nesting_is_taken_to_its_limit_and_not_beyond() {
    // The body's own object is one level.
    let nested = |depth: usize| ["{\"a\":".repeat(depth), "1".into(), "}".repeat(depth)].concat();
    assert_eq!(verify(&signed(nested(MAX_DEPTH - 1).as_bytes())), Ok(()));
    for depth in [MAX_DEPTH, 100_000, 1_000_000] {
        let offset = NODE.len() + 4 + 5 * (MAX_DEPTH - 1);
        let too_deep = ReplyError::Json(JsonError::TooDeep { offset });
        assert_eq!(read(&body(nested(depth).as_bytes(), "A")), Err(too_deep.clone()));
        // Nothing need be closed for that.
        assert_eq!(read(&body("{\"a\":".repeat(depth).as_bytes(), "A")), Err(too_deep));
    }
    let beside =
        format!("{{\"a\":{}1{},\"sign\":\"A\"}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(
        read(beside.as_bytes()),
        Err(ReplyError::Json(JsonError::TooDeep { offset: 132 }))
    ));
}

#[test]
fn ten_megabytes_are_read_without_a_copy() {
    const SIZE: usize = 10 << 20;
    let string = format!("{{\"a\":\"{}\"}}", "订".repeat(SIZE / 3));
    let escapes = format!("{{\"a\":\"{}\"}}", "\\\"\\u8ba2".repeat(SIZE / 8));
    let objects = format!("{{\"a\":[{}{{}}]}}", "{\"b\":[1,\"}\"]},".repeat(SIZE / 14));
    for node in [string, escapes, objects] {
        let body = body(node.as_bytes(), "QUJD");
        assert!(body.len() > 9 << 20);
        let allocated = measure(|| assert_eq!(read(&body), Ok(())));
        assert_eq!(allocated.count_total, 0);
        let cut = &body[..body.len() - 1];
        let allocated = measure(|| assert!(read(cut).is_err()));
        assert_eq!(allocated.count_total, 0);
    }
    // The name is as long as the body, and escaped: it is not copied to be compared.
    let name = format!("{{\"{}\":1}}", "\\u0061".repeat(SIZE / 6));
    let allocated =
        measure(|| assert!(matches!(read(name.as_bytes()), Err(ReplyError::NoNode { .. }))));
    assert!(allocated.bytes_max < 1_000, "{} bytes", allocated.bytes_max);
    // A million members that all have the name of one that decides.
    let twice = format!("{{{}\"a\":1}}", "\"sign\":1,".repeat(SIZE / 9));
    assert!(matches!(read(twice.as_bytes()), Err(ReplyError::Repeated { .. })));
}

#[test]
fn every_truncation_and_every_changed_byte_is_refused_or_outside_of_the_node() {
    let node = "{\"code\":\"10000\",\"a\":[1,{\"订\":\"\\u8ba2\"}]}".as_bytes();
    let genuine = signed(node);
    assert_eq!(verify(&genuine), Ok(()));
    for length in 0..genuine.len() {
        assert!(read(&genuine[..length]).is_err(), "cut at {length}");
    }
    let start = NODE.len() + 4;
    for offset in 0..start + node.len() {
        for change in [1, 0x20, 0x80] {
            let mut changed = genuine.clone();
            changed[offset] ^= change;
            assert!(verify(&changed).is_err(), "byte {offset} changed by {change}");
        }
    }
}

#[test]
fn a_key_or_sign_type_that_does_not_fit_is_named() {
    let genuine = signed(b"{}");
    let pipeline = Pipeline::new(OPENAPI_V2);
    let verify = |sign_type, key: &SigningKey| {
        pipeline
            .verify_reply(&genuine, NODE, Charset::Utf8, sign_type, &key.verifying_key())
            .map(|_| ())
    };
    let mismatch = Err(ReplyError::Verify(VerifyError::Mismatch));
    assert_eq!(verify(SignType::Rsa2, &key(1024)), mismatch);
    assert_eq!(verify(SignType::Rsa, &key(2048)), mismatch);
    let md5 = verify(SignType::Md5, &key(2048)).unwrap_err();
    assert_eq!(md5.to_string(), "sign type MD5 is none of the protocol's");
}

/// What stands between the parts is not signed: any blanks do.
#[test]
fn blanks_outside_of_the_node_change_nothing() {
    let set = VectorSet::embedded().unwrap();
    let mut tried = 0;
    for case in set.cases() {
        let Input::Response { node: Some(node), body } = &case.ask.input else { continue };
        let Ok(reply) = response::read(&body.0, node, case.ask.charset) else { continue };
        let spaced = [b"\r\n ", &body.0[..], b"\t\n"].concat();
        assert_eq!(response::read(&spaced, node, case.ask.charset), Ok(reply), "{}", case.id);
        tried += 1;
    }
    assert!(tried > 60, "{tried} replies");
}

#[test]
fn the_reference_passes_every_reply() {
    let set = VectorSet::embedded().unwrap();
    let replies = set
        .cases()
        .iter()
        .filter(|case| matches!(case.ask.input, Input::Response { node: Some(_), .. }));
    let mut passed = 0;
    for case in replies {
        let outcome = run_case(&Reference::default(), &set, case);
        assert!(
            !matches!(outcome, Outcome::Fail(_) | Outcome::Broken(_)),
            "{} {outcome:?}",
            case.id
        );
        passed += 1;
    }
    assert!(passed > 100, "{passed} replies");
}

/// JSON, mostly: every piece of the grammar, and some that break it.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just(":"),
        Just("\""),
        Just("\\"),
        Just("\"a\":"),
        Just("\"\\u0073ign\":"),
        Just("\"sign\":\"QQ==\""),
        Just("{\"b\":[1,{}]}"),
        Just("-0.5e+7"),
        Just("01"),
        Just("1."),
        Just("true"),
        Just("nul"),
        Just("null"),
        Just("\"\\ud83d\\ude00\\ud83d\""),
        Just("\"\\x\""),
        Just(" "),
        Just("\n"),
        Just("\u{A0}"),
        Just("\"订\\/单\""),
        Just("\"0123456789abcdef\\\"0123456789\""),
        Just("\u{1}"),
        Just("\u{FEFF}"),
    ];
    let text = proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    text.prop_flat_map(|text| {
        let within = format!("{{\"a\":[{text}]}}");
        prop_oneof![Just(text), Just(within)].prop_map(String::into_bytes)
    })
}

/// JSON that is right, of any shape.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        any::<f64>().prop_map(|number| serde_json::json!(number).to_string()),
        any::<String>().prop_map(|text| serde_json::json!(text).to_string()),
        Just("null".to_owned()),
        "[ \t\r\n]{0,3}(true|false|-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,9})?([eE][-+]?[0-9]{1,3})?)[ \t\r\n]{0,3}",
    ];
    leaf.prop_recursive(6, 40, 5, |inner| {
        let name = any::<String>().prop_map(|text| serde_json::json!(text).to_string());
        let object = proptest::collection::vec((name, inner.clone()), 0..5);
        prop_oneof![
            proptest::collection::vec(inner, 0..5)
                .prop_map(|values| format!("[{}]", values.join(","))),
            object.prop_map(|members| {
                let members = members.iter().map(|(name, value)| format!("{name} :{value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(" ,\n"))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_scanner_agrees_with_serde_json_on_pieces(text in pieces()) {
        json_node::run(&text);
    }

    #[test]
    fn the_scanner_agrees_with_serde_json_on_json(text in json(), cut in any::<prop::sample::Index>(), byte: u8) {
        let mut text = format!("{{\"a\":{text},\"b\":{text}}}").into_bytes();
        json_node::run(&text);
        let place = cut.index(text.len());
        json_node::run(&text[..place]);
        text[place] = byte;
        json_node::run(&text);
    }

    #[test]
    fn a_node_is_found_whatever_stands_beside_it(node in json(), beside in json()) {
        let node = format!("{{ \"a\": {node}}}");
        let body = format!("{{\"x\":{beside},\"{NODE}\" : {node}\n,\"y\":{beside},\"sign\":\"QQ==\"}}");
        let reply = response::read(body.as_bytes(), NODE, Charset::Utf8).unwrap();
        prop_assert_eq!(&*reply.signed, node.as_bytes());
    }
}
