use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::tempdir;

use crate::{Ended, command, ended, ended_with_input, own, path};

const GENUINE: &[u8] = b"notify_id=1234&sign_type=MD5&sign=22fc7e38e5acdfede396aa463870d111";

fn verify(arguments: &[&str], input: &[u8]) -> Ended {
    let usual = ["verify", "--sign-type", "MD5", "--key-env", "KEY"];
    ended_with_input(&[&usual, arguments].concat(), input)
}

/// Expects a message that is not genuine, gives the reason and the words below it.
#[track_caller]
fn reason(arguments: &[&str], input: &[u8]) -> (String, String) {
    let text = verify(arguments, input).with(1);
    let mut lines = text.lines();
    let reason = lines.next().unwrap().strip_prefix("not genuine: ").unwrap().to_owned();
    (reason, lines.next().unwrap().trim().to_owned())
}

#[test]
fn genuine() {
    insta::assert_snapshot!(verify(&[], GENUINE).with(0));
    let json = verify(&["--format", "json"], GENUINE).with(0);
    insta::assert_snapshot!("genuine_json", json);
}

#[test]
fn bodies_urls_and_queries() {
    let query = std::str::from_utf8(GENUINE).unwrap();
    for input in [
        format!("{query}\n"),
        format!("{query}\r\n"),
        format!("?{query}"),
        format!("https://shop.example/return?{query}\n"),
        format!("HTTP://shop.example?{query}#top"),
    ] {
        verify(&[], input.as_bytes()).with(0);
    }
    verify(&["--input", "url"], format!("?{query}").as_bytes()).with(0);
    verify(&["--input", "body"], GENUINE).with(0);
    // Taken as a body, a URL is the start of the first name.
    let body = verify(&["--input", "body"], format!("?{query}").as_bytes()).with(1);
    assert!(body.contains("\n  ?notify_id = 1234\n"), "{body}");
    let error = verify(&["--input", "url"], GENUINE).refused(2);
    assert_eq!(
        error,
        "error: standard input: --input url: expected http:// or https:// and a ?, or a ? at the start\n"
    );
    let folder = tempdir().unwrap();
    let file = folder.path().join("notify.txt");
    fs::write(&file, GENUINE).unwrap();
    verify(&[path(&file)], b"").with(0);
    // Only one line ending is an editor's.
    assert_eq!(reason(&[], &[GENUINE, b"\n\n"].concat()).0, "bad_signature_encoding");
}

#[test]
fn not_genuine() {
    let mismatch = (
        "signature_mismatch".into(),
        "the signature does not match the string to sign under this key".into(),
    );
    assert_eq!(reason(&[], b"notify_id=1235&sign=22fc7e38e5acdfede396aa463870d111"), mismatch);
    let (class, words) = reason(&[], b"");
    assert_eq!((class.as_str(), words.contains("\"sign\"")), ("missing_field", true));
    let (class, words) = reason(&[], &[GENUINE, b"&sign=x"].concat());
    assert_eq!(
        (class.as_str(), words.contains("\"sign\" stands more than once")),
        ("duplicate_field", true)
    );
    assert_eq!(reason(&[], b"a=%G1&sign=x").0, "malformed_input");
}

/// The message never chooses the sign type.
#[test]
fn another_sign_type() {
    for sign_type in ["RSA", "DSA", "0001", "md5"] {
        let body =
            format!("notify_id=1234&sign_type={sign_type}&sign=22fc7e38e5acdfede396aa463870d111");
        let (class, words) = reason(&[], body.as_bytes());
        assert_eq!(class, "algorithm_mismatch");
        assert!(words.contains("expected the configured MD5"), "{words}");
    }
    let key = own("tests/keys/rsa-1024.spki.pem");
    let arguments = ["verify", "--sign-type", "RSA", "--key-file", &key];
    assert!(
        ended_with_input(&arguments, GENUINE)
            .with(1)
            .starts_with("not genuine: algorithm_mismatch")
    );
    let error = ended(&["verify", "--sign-type", "DSA", "--key-file", &key]).refused(2);
    assert!(error.contains("sign type DSA is not supported"), "{error}");
    let private = own("tests/keys/rsa-1024.pkcs8.pem");
    let error = ended(&["verify", "--sign-type", "RSA", "--key-file", &private]).refused(2);
    assert!(error.contains("this is a private key where a public one is needed"), "{error}");
}

#[test]
fn another_charset_than_declared() {
    let gbk = b"subject=%B6%A9%B5%A5&sign=00000000000000000000000000000000";
    let utf8 = verify(&[], gbk).with(1);
    assert!(utf8.contains("string to sign\n  subject=\\xB6\\xA9\\xB5\\xA5\n"), "{utf8}");
    assert!(utf8.contains("\nnote: "), "{utf8}");
    let gbk_json = verify(&["--charset", "gbk", "--format", "json"], gbk).with(1);
    let gbk_json: Value = serde_json::from_str(&gbk_json).unwrap();
    assert_eq!(gbk_json["params"][0], serde_json::json!(["subject", "订单"]));
    let json = verify(&["--format", "json"], gbk).with(1);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["params"], &json["params_b64"][0][1]), (&Value::Null, &"tqm1pQ==".into()));
    assert_eq!(json["reason"], "signature_mismatch");
}

#[test]
fn binary() {
    let bytes: Vec<u8> = (0..=255).cycle().take(10_000).filter(|byte| *byte != b'%').collect();
    let text = verify(&[], &bytes).with(1);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
}

/// Neither time nor memory grows with what is sent.
#[test]
fn fifty_megabytes() {
    let start = Instant::now();
    let mut command = command(["verify", "--sign-type", "MD5", "--key-env", "KEY"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let chunk = b"a=1&".repeat(256 << 10);
    let mut written = 0;
    while written < 50 << 20 && stdin.write_all(&chunk).is_ok() {
        written += chunk.len();
    }
    drop(stdin);
    let ended = Ended::of(child.wait_with_output().unwrap());
    assert!(ended.with(1).starts_with("not genuine: limit_exceeded\n"));
    assert!(written < 5 << 20, "{written} bytes were read");
    assert!(start.elapsed() < Duration::from_secs(5));
    let folder = tempdir().unwrap();
    let file = folder.path().join("body");
    fs::write(&file, vec![b'a'; 50 << 20]).unwrap();
    assert_eq!(reason(&[path(&file)], b"").0, "limit_exceeded");
    let many = b"a=1&".repeat(1001);
    assert_eq!(reason(&[], &many).0, "limit_exceeded");
    // A URL may be longer than its query.
    let body = [b"https://shop.example/", &b"a".repeat(8 << 10)[..], b"?x=", &b"a".repeat(1 << 20)]
        .concat();
    assert_eq!(reason(&[], &body).0, "limit_exceeded");
}
