use std::fs;
use std::time::{Duration, Instant};

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
    assert!(text.contains("the merchant's own public key, where Alipay's belongs"), "{text}");
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
