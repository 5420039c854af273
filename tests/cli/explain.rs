use std::fs;
use std::time::{Duration, Instant};

use alipay_conformance::params::Params;
use alipay_conformance::protocol::headers::{
    ANTOM, HeaderPipeline, Message, Scheme, Scratch, WECHATPAY_V3,
};
use alipay_conformance::signature::{PrivateKey, SignType, SigningKey};
use serde_json::Value;
use tempfile::tempdir;

use crate::{Ended, KEY, ended, ended_with_input, own, path};

const ADDED: &[u8] = b"m=pay&notify_id=1234&sign_type=MD5&sign=22fc7e38e5acdfede396aa463870d111\n";

fn explain(arguments: &[&str], input: &[u8]) -> Ended {
    ended_with_input(&[&["explain", "--key-env", "KEY"], arguments].concat(), input)
}

#[test]
fn explained() {
    insta::assert_snapshot!("explained", explain(&[], ADDED).with(0));
    insta::assert_snapshot!("explained_zh", explain(&["--lang", "zh"], ADDED).with(0));
    let json = explain(&["--format", "json"], ADDED).with(0);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["explanations"][0]["steps"][0]["id"], "parameters-added");
    assert_eq!(json["explanations"][0]["steps"][0]["detail"], serde_json::json!(["m"]));
    assert_eq!(
        (&json["explanations"][0]["parts_at"], &json["genuine"]),
        (&0.into(), &false.into())
    );
    assert_eq!(
        (&json["reason"], &json["input_form"]),
        (&"signature_mismatch".into(), &"body".into())
    );
}

#[test]
fn genuine_as_it_stands() {
    let text = explain(&["--notify-id-answer", "false"], ADDED.strip_prefix(b"m=pay&").unwrap());
    let text = text.with(0);
    assert!(text.starts_with("genuine as it stands: "), "{text}");
    assert!(text.contains("see whether a firewall blocks"), "{text}");
}

/// The four rows, and what goes with neither.
#[test]
fn the_answer_to_the_notify_id_check() {
    let genuine = ADDED.strip_prefix(b"m=pay&").unwrap();
    for (input, answer, words) in [
        (genuine, "true", "go on to the business checks"),
        (ADDED, "invalid", "the partner id or the key is missing or wrong"),
        (genuine, "false", "see whether a firewall blocks"),
        (ADDED, "true", "the gateway sent it, but not as it was verified"),
        (ADDED, "false", "the two verdicts do not go together"),
    ] {
        let text = explain(&["--notify-id-answer", answer], input).with(0);
        assert!(text.contains(words), "{answer}: {text}");
    }
}

#[test]
fn not_explained() {
    let text = explain(&[], b"notify_id=1235&sign=22fc7e38e5acdfede396aa463870d111").with(1);
    assert!(text.contains("\nNothing that was tried explains it.\n"), "{text}");
    assert!(text.contains("\nSearched: "), "{text}");
    let json =
        explain(&["--format", "json"], b"notify_id=1235&sign=22fc7e38e5acdfede396aa463870d111");
    let json: Value = serde_json::from_str(&json.with(1)).unwrap();
    assert!(json["searched"]["attempts"].as_u64().unwrap() > 10, "{json}");
    assert_eq!(json["searched"]["complete"], 3);
}

#[test]
fn another_form_and_a_signature_of_somebody_else() {
    let curl = b"curl -d 'notify_id=1234&sign=0' https://shop.example/notify?m=pay";
    let sign = ["--sign", "22FC7E38E5ACDFEDE396AA463870D111"];
    let text = explain(&sign, curl).with(0);
    assert!(text.contains("read as a curl command: 2 parameters"), "{text}");
    assert!(text.contains("[sign-upper-cased]"), "{text}");
    let body = explain(&["--input-form", "body"], curl).with(1);
    assert!(body.contains("read as a form body"), "{body}");
}

#[test]
fn several_keys() {
    let (public, private) =
        (own("tests/keys/rsa-1024.spki.pem"), own("tests/keys/rsa-1024.pkcs8.pem"));
    let keys = ["explain", "--key-file", &public, "--key-file", &private, "--key-env", "KEY"];
    let text = ended_with_input(&keys, ADDED).with(0);
    assert!(text.contains("another of the keys given: --key-env KEY  [key-other]"), "{text}");
    assert!(
        text.contains("the merchant's own public key, where Alipay's or WeChat Pay's belongs"),
        "{text}"
    );
    let key = fs::read_to_string(&private).unwrap();
    assert!(key.lines().all(|line| line.starts_with('-') || !text.contains(line)), "{text}");
    assert!(!text.contains(KEY), "{text}");
}

#[test]
fn wrong_usage() {
    for (arguments, named) in [
        (&["explain"][..], "--key-file"),
        (&["explain", "--key-env", "NO_SUCH_KEY"], "not set"),
        (&["explain", "--key-env", "KEY", "--input-form", "yaml"], "var_export"),
        (&["explain", "--key-env", "KEY", "--sign-type", "DSA"], "DSA"),
        (&["explain", "--key-env", "KEY", "no such file"], "no such file"),
    ] {
        let error = ended(arguments).refused(2);
        assert!(error.contains(named), "{error}");
    }
    assert!(explain(&[], b"").refused(2).contains("no message: the input is empty"));
    let error = explain(&["--input-form", "json"], ADDED).refused(2);
    assert!(error.contains("no message in the form \"json\""), "{error}");
}

/// Bounded whatever comes.
#[test]
fn large_and_binary() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("log");
    fs::write(&file, vec![b'a'; 50 << 20]).unwrap();
    let error = ended(&["explain", "--key-env", "KEY", path(&file)]).refused(2);
    assert!(error.contains("not a whole log"), "{error}");
    let bytes: Vec<u8> = (0..=255).cycle().take(20_000).filter(|byte| *byte != b'&').collect();
    let start = Instant::now();
    let text = explain(&[], &[b"sign=0&".as_slice(), &bytes].concat()).with(1);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
}

/// A message of a scheme, with these headers beside the one that it is signed in.
fn signed(first: &str, scheme: Scheme, items: &[(&str, &str)], headers: &[(&str, &str)]) -> String {
    let key = fs::read(own("tests/keys/rsa-2048.pkcs8.pem")).unwrap();
    let key = SigningKey::from(PrivateKey::parse(key).unwrap());
    let params: Params = headers.iter().copied().collect();
    let message =
        Message { method: b"POST", path: b"/v3/pay", headers: &params, body: br#"{"a":1}"# };
    let items: Params = items.iter().copied().collect();
    let signed = HeaderPipeline::new(scheme)
        .sign(&message, &items, SignType::Rsa2, &key, &mut Scratch::new())
        .unwrap();
    let value = String::from_utf8(signed.value).unwrap();
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
    let headers: String = headers.collect();
    format!("{first}\n{headers}{}: {value}\n\n{{\"a\":1}}\n", signed.name)
}

fn notice() -> String {
    let headers = [
        ("Wechatpay-Serial", "PUB_KEY_ID_1"),
        ("Wechatpay-Timestamp", "1722850421"),
        ("Wechatpay-Nonce", "d824f2e086d3c1df967785d13fcd22ef"),
    ];
    signed("POST /notify HTTP/1.1", WECHATPAY_V3.reply, &[], &headers)
}

fn in_headers(arguments: &[&str], input: &str) -> Ended {
    let key = own("tests/keys/rsa-2048.spki.pem");
    let command = [&["explain", "--key-file", &key], arguments].concat();
    ended_with_input(&command, input.as_bytes())
}

/// Without the path of the key.
fn told(arguments: &[&str], input: &str, code: i32) -> String {
    in_headers(arguments, input).with(code).replace(&own("tests/keys"), "keys")
}

#[test]
fn signed_in_a_header() {
    let text = told(&[], &notice(), 0);
    assert!(text.starts_with("genuine as it stands"), "{text}");
    let changed = notice().replace(r#"{"a":1}"#, r#"{"a": 1}"#);
    insta::assert_snapshot!("header", told(&["--now", "2024-08-05T09:43:41Z"], &changed, 0));
    insta::assert_snapshot!("header_zh", told(&["--lang", "zh"], &changed, 0));
    let json: Value = serde_json::from_str(&told(&["--format", "json"], &changed, 0)).unwrap();
    assert_eq!(json["protocol"], "wechatpay.v3");
    assert_eq!(json["signed_in"], "Wechatpay-Signature");
    assert_eq!(json["explanations"][0]["steps"][0]["id"], "body-written-anew");
}

/// A reply signs the method and path of the request that it answers.
#[test]
fn a_reply_of_antom() {
    let items = [("algorithm", "RSA256"), ("keyVersion", "1")];
    let headers = [("client-id", "C1"), ("response-time", "2019-05-28T12:12:14+08:00")];
    let reply = signed("HTTP/1.1 200 OK", ANTOM.reply, &items, &headers);
    let text = told(&[], &reply, 1);
    assert!(text.contains("give them by --request 'POST /path'"), "{text}");
    let text = told(&["--request", "POST /v3/pay HTTP/1.1"], &reply, 0);
    assert!(text.starts_with("genuine as it stands"), "{text}");
    assert!(text.contains("antom, reply; the signature stands in signature"), "{text}");
    let text = told(&["--request", "post /v3/pay"], &reply, 0);
    assert!(text.contains("another method than it has here: POST  [method-other]"), "{text}");
}

#[test]
fn a_request_as_a_curl_command() {
    let items =
        [("mchid", "1"), ("nonce_str", "n"), ("timestamp", "1722850421"), ("serial_no", "1D")];
    let request = signed("POST /v3/pay HTTP/1.1", WECHATPAY_V3.request, &items, &[]);
    let header = request.lines().find(|line| line.starts_with("Authorization")).unwrap();
    let curl = format!("curl -H '{header}' -d '{{\"a\":1}}' https://api.mch.weixin.qq.com/v3/pay");
    let text = told(&[], &curl, 0);
    assert!(text.starts_with("genuine as it stands"), "{text}");
    assert!(text.contains("    POST\\n\n    /v3/pay\\n\n    1722850421\\n\n    n\\n\n"), "{text}");
    let text = told(&[], &curl.replace("v3/pay", "v3/pay/"), 0);
    assert!(text.contains("[path-last-slash]"), "{text}");
}

#[test]
fn wrong_input_with_headers() {
    let twice = notice().replace("\n\n", "\nwechatpay-signature: eA==\n\n");
    let text = told(&[], &twice, 0);
    assert!(text.contains("\"Wechatpay-Signature\" stands more than once"), "{text}");
    assert!(text.contains("[header-repeated]"), "{text}");

    let without: String = notice()
        .lines()
        .filter(|line| !line.contains("Nonce"))
        .map(|line| format!("{line}\n"))
        .collect();
    let text = told(&[], &without, 1);
    assert!(text.contains("no Wechatpay-Nonce, or an empty one"), "{text}");

    let stripped = "POST /notify HTTP/1.1\nHost: shop.example\n\n{\"id\":\"EV-1\"}";
    let text = told(&[], stripped, 1);
    assert!(text.contains("no such header is here: Wechatpay-Signature"), "{text}");
    let text = told(&["--protocol", "wechatpay.v3"], stripped, 1);
    assert!(text.contains("read as an HTTP message: wechatpay.v3"), "{text}");

    let own_sign = ["--sign", "eA=="];
    let text = told(&own_sign, &notice(), 1);
    assert!(text.contains("not genuine"), "{text}");

    for (arguments, input, named) in [
        (&["--protocol", "antom"][..], "a=1&sign=2", "no message of antom"),
        (&["--protocol", "wechatpay.v4"], "a=1", "alipay.openapi.v3, antom, wechatpay.v3"),
        (&["--sign-type", "RSA"], &notice(), "wechatpay.v3 has RSA2"),
        (&["--request", "POST"], &notice(), "expected a method and a path"),
        (&["--now", "yesterday"], &notice(), "yesterday"),
        (&[], &notice().replace("{", &"{".repeat(1 << 16)), "not a whole log"),
    ] {
        let error = in_headers(arguments, input).refused(2);
        assert!(error.contains(named), "{arguments:?}: {error}");
    }
}
