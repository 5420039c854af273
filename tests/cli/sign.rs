use std::fs;

use serde_json::Value;
use tempfile::tempdir;

use crate::{KEY, ended, ended_with_input, own, path};

const MD5: [&str; 4] = ["--sign-type", "MD5", "--key-env", "KEY"];

fn sign<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["sign"], arguments].concat()
}

#[test]
fn lines_and_forms() {
    let expected = "22fc7e38e5acdfede396aa463870d111\n";
    let signed = |arguments: &[&str], input: &[u8]| {
        ended_with_input(&sign(&[&MD5[..], arguments].concat()), input).with(0)
    };
    assert_eq!(signed(&[], b"notify_id=1234\n"), expected);
    assert_eq!(signed(&[], b"notify_id=1234"), expected);
    assert_eq!(
        signed(&[], b"\xEF\xBB\xBFsign=x\r\n\r\nbody=\r\nnotify_id=1234\r\nsign_type=MD5"),
        expected
    );
    assert_eq!(signed(&["--input", "form"], b"notify_id=%31234&body=&sign=x\r\n"), expected);
    assert_eq!(signed(&["-"], b"notify_id=1234\n"), expected);
    let folder = tempdir().unwrap();
    let file = folder.path().join("request.txt");
    fs::write(&file, "notify_id=1234\n").unwrap();
    assert_eq!(signed(&[path(&file)], b""), expected);
}

#[test]
fn the_string_to_sign_is_shown_in_the_charset() {
    let arguments = sign(&[&MD5[..], &["--charset", "gbk", "--show-string"]].concat());
    let text = ended_with_input(&arguments, "subject=订 单 \n".as_bytes()).with(0);
    assert!(text.starts_with("string to sign  subject=订 单␠\nsignature       "), "{text}");
    let arguments = sign(&[&MD5[..], &["--charset", "gbk", "--format", "json"]].concat());
    let json = ended_with_input(&arguments, "subject=订单\n".as_bytes()).with(0);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["string_to_sign"], "subject=订单");
    assert_eq!(json["string_to_sign_b64"], "c3ViamVjdD22qbWl");
    assert_eq!((&json["sign_type"], &json["charset"]), (&"MD5".into(), &"gbk".into()));
}

#[test]
fn rsa_keys_of_every_form() {
    let sign_with = |key: &str, sign_type: &str| {
        let key = own(&format!("tests/keys/{key}"));
        let arguments = sign(&["--sign-type", sign_type, "--key-file", &key]);
        ended_with_input(&arguments, b"a=1\n").with(0)
    };
    let pkcs8 = sign_with("rsa-1024.pkcs8.pem", "RSA");
    assert_eq!(pkcs8.trim().len(), 172);
    assert_eq!(pkcs8, sign_with("rsa-1024.pkcs1.pem", "RSA"));
    assert_ne!(sign_with("rsa-2048.pkcs8.pem", "RSA2"), sign_with("rsa-2048.pkcs8.pem", "RSA"));
}

#[test]
fn a_warning_where_the_charset_is_another_one() {
    let warned = ended_with_input(&sign(&MD5), b"_input_charset=gbk\n");
    assert_eq!(warned.stderr, "warning: _input_charset is gbk, and --charset is utf-8\n");
    warned.with(0);
    let fits = ended_with_input(&sign(&MD5), b"_input_charset=UTF-8\n");
    assert_eq!(fits.stderr, "");
}

#[test]
fn the_open_platform_signs_the_sign_type() {
    let key = own("tests/keys/rsa-2048.pkcs8.pem");
    let protocol = ["--protocol", "alipay.openapi.v2", "--sign-type", "RSA2", "--key-file", &key];
    let arguments = sign(&[&protocol[..], &["--show-string"]].concat());
    let signed = ended_with_input(&arguments, b"sign_type=RSA2\nsign=x\ncharset=utf-8\n");
    assert_eq!(signed.stderr, "");
    assert!(signed.with(0).starts_with("string to sign  charset=utf-8&sign_type=RSA2\n"));
    let warned = ended_with_input(&arguments, b"charset=GBK\n");
    assert_eq!(
        warned.stderr,
        "warning: charset is GBK, and --charset is utf-8\n\
         warning: alipay.openapi.v2 signs sign_type, and no parameter has that name\n"
    );
}

#[test]
fn unusable_parameters() {
    let refused = |arguments: &[&str], input: &[u8]| {
        ended_with_input(&sign(&[&MD5[..], arguments].concat()), input).refused(2)
    };
    assert_eq!(
        refused(&[], b"a=1\nnotify_id\n"),
        "error: standard input: line 2: expected name=value\n"
    );
    assert_eq!(refused(&[], b"=1\n"), "error: standard input: line 1: expected name=value\n");
    assert_eq!(
        refused(&[], b"a=\xB6\xA9\n"),
        "error: standard input: not UTF-8 at byte 2: expected lines of text\n"
    );
    assert_eq!(
        refused(&[], b"a=1\na=2\n"),
        "error: standard input: parameter \"a\" stands more than once: expected once\n"
    );
    assert!(
        refused(&["--charset", "gbk"], "a=😀\n".as_bytes()).starts_with("error: --charset gbk: ")
    );
    assert!(refused(&["--input", "form"], b"a=%G1").contains("malformed escape \"%G1\" at byte 2"));
    assert!(refused(&[], &vec![b'a'; 2 << 20]).contains("expected at most 1048576 bytes"));
    assert!(refused(&["/no/such/file"], b"").starts_with("error: /no/such/file: "));
    for (name, value) in [
        ("--sign-type", "md5"),
        ("--sign-type", "DSA"),
        ("--charset", "latin1"),
        ("--protocol", "x"),
    ] {
        let error = ended(&sign(&[&MD5[2..], &[name, value]].concat())).refused(2);
        assert!(error.contains(&format!("invalid value '{value}' for '{name} ")), "{error}");
    }
}

/// Every way in which a key can be wrong names the flag and the file, and shows nothing of the key.
#[test]
fn unusable_keys() {
    let folder = tempdir().unwrap();
    let pem = fs::read_to_string(own("tests/keys/rsa-1024.pkcs8.pem")).unwrap();
    let refused = |sign_type: &str, key: &[u8], problem: &str| {
        let file = folder.path().join("key");
        fs::write(&file, key).unwrap();
        let arguments = sign(&["--sign-type", sign_type, "--key-file", path(&file)]);
        let error = ended_with_input(&arguments, b"a=1\n").refused(2);
        assert_eq!(error, format!("error: --key-file {}: {problem}\n", path(&file)));
    };
    let keys = |name: &str| fs::read(own(&format!("tests/keys/{name}"))).unwrap();
    refused("MD5", b"", "the key is empty");
    refused("MD5", b"\r\n", "the key is empty");
    refused(
        "MD5",
        format!("\u{FEFF}{KEY}").as_bytes(),
        "the file of the MD5 key begins with a byte order mark: save it without one",
    );
    refused(
        "MD5",
        format!("{KEY} \n").as_bytes(),
        "the file of the MD5 key has whitespace at byte 32, before or behind the key",
    );
    refused(
        "MD5",
        format!("{KEY}\n\n").as_bytes(),
        "the file of the MD5 key has whitespace at byte 32, before or behind the key",
    );
    refused(
        "MD5",
        pem.as_bytes(),
        "this is a PEM file where the MD5 key is needed: is the sign type RSA or RSA2?",
    );
    refused("MD5", &[b'k'; 70_000], "expected a key of at most 65536 bytes");
    refused("RSA", b"", "the key is empty");
    refused(
        "RSA",
        format!("{KEY}\n").as_bytes(),
        "32 letters and digits where an RSA key is needed: an MD5 key?",
    );
    refused(
        "RSA",
        &keys("rsa-1024.spki.pem"),
        "this is a public key where a private one is needed",
    );
    refused(
        "RSA",
        &keys("wrong/encrypted-pkcs8.pem"),
        "this private key is encrypted: an unencrypted one is needed",
    );
    refused(
        "RSA",
        &keys("wrong/encrypted-pkcs1.pem"),
        "this private key is encrypted: an unencrypted one is needed",
    );
    refused("RSA", &keys("wrong/ec-pkcs8.pem"), "this is an EC key where an RSA one is needed");

    // What an editor does to a file is no reason to refuse a key.
    for key in [format!("\u{FEFF}{pem}"), pem.replace('\n', "\r\n")] {
        let file = folder.path().join("key");
        fs::write(&file, key).unwrap();
        let arguments = sign(&["--sign-type", "RSA", "--key-file", path(&file)]);
        ended_with_input(&arguments, b"a=1\n").with(0);
    }
    let file = folder.path().join("md5");
    fs::write(&file, format!("{KEY}\r\n")).unwrap();
    let arguments = sign(&["--sign-type", "MD5", "--key-file", path(&file)]);
    let signature = ended_with_input(&arguments, b"notify_id=1234\n").with(0);
    assert_eq!(signature, "22fc7e38e5acdfede396aa463870d111\n");

    let error = ended(&sign(&["--sign-type", "MD5", "--key-file", "/no/such/key"])).refused(2);
    assert!(error.starts_with("error: --key-file /no/such/key: "), "{error}");
    let error = ended(&sign(&["--sign-type", "MD5", "--key-file", "-"])).refused(2);
    assert!(error.starts_with("error: --key-file -: "), "{error}");
    let error = ended(&sign(&["--sign-type", "MD5", "--key-env", "NO_SUCH_KEY"])).refused(2);
    assert_eq!(error, "error: --key-env NO_SUCH_KEY: this environment variable is not set\n");
}
