//! What no vector shows of sealed content, of encrypted fields and of what calls up the wallet: redaction, what errors
//! say, every bit, and bodies that are too much.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::LazyLock;

use alipay_conformance::content::{ApiV3Key, FieldError, SealError, decrypt_field, encrypt_field};
use alipay_conformance::json::MAX_DEPTH;
use alipay_conformance::protocol::wechatpay::client_v3::{Call, CallError};
use alipay_conformance::protocol::wechatpay::resource::{Notice, ResourceError, open};
use alipay_conformance::signature::PrivateKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

const KEY: &str = "0123456789abcdef0123456789ABCDEF";
const NONCE: &str = "fdasflkja484";

fn key() -> ApiV3Key {
    ApiV3Key::new(KEY).unwrap()
}

static MERCHANT: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::parse(include_bytes!("keys/rsa-1024.pkcs8.pem")).unwrap());

fn body(resource: &str) -> String {
    format!(r#"{{"id":"EV-1","event_type":"TRANSACTION.SUCCESS","resource":{resource}}}"#)
}

fn sealed(content: &[u8]) -> String {
    let ciphertext = key().seal(content, NONCE, "transaction").unwrap();
    body(&format!(
        r#"{{"algorithm":"AEAD_AES_256_GCM","ciphertext":"{ciphertext}","associated_data":"transaction","nonce":"{NONCE}"}}"#
    ))
}

#[test]
fn nothing_shows_the_key_or_the_content() {
    assert_eq!(
        format!("{:?} {:#?}", key(), key().clone()),
        "ApiV3Key(redacted) ApiV3Key(redacted)"
    );
    for length in [0, 16, 24, 31, 33, 64] {
        let error = ApiV3Key::new("s".repeat(length)).unwrap_err();
        assert_eq!(error.to_string(), format!("an APIv3 key has 32 bytes, but {length} came"));
    }
    for (ciphertext, nonce, error) in [
        ("", NONCE, "sealed content ends in a tag of 16 bytes, but 0 bytes came"),
        ("c2VjcmV0", NONCE, "sealed content ends in a tag of 16 bytes, but 6 bytes came"),
        (
            "c2Vj\ncmV0",
            NONCE,
            "sealed content is padded base64 on one line, but what came breaks at byte 4 of 9",
        ),
        ("", "", "a nonce has 12 bytes, but 0 came"),
        ("", "中文字符八个了", "a nonce has 12 bytes, but 21 came"),
        (
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            NONCE,
            "the content does not open under this key, nonce and associated data",
        ),
    ] {
        assert_eq!(key().open(ciphertext, nonce, "").unwrap_err().to_string(), error);
        let sealed = body(&format!(
            r#"{{"algorithm":"AEAD_AES_256_GCM","ciphertext":{ciphertext:?},"nonce":"{nonce}"}}"#
        ));
        assert_eq!(open(sealed.as_bytes(), KEY.as_bytes()).unwrap_err().to_string(), error);
    }
    let error = open(sealed(b"secret").as_bytes(), KEY.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "the content is no JSON object");
    for (ciphertext, error) in [
        ("", "the field does not decrypt under this key"),
        ("c2VjcmV0", "the field does not decrypt under this key"),
        (
            "c2Vj cmV0",
            "an encrypted field is padded base64 on one line, but what came breaks at byte 4 of 9",
        ),
    ] {
        assert_eq!(decrypt_field(&MERCHANT, ciphertext).unwrap_err().to_string(), error);
    }
    let long = encrypt_field(&MERCHANT.public_key(), &[b's'; 87], &[1; 20]).unwrap_err();
    assert_eq!(long.to_string(), "a field of 87 bytes: this key encrypts 86 at most");
}

#[test]
fn an_envelope_says_what_is_wrong_with_it() {
    let algorithm = r#""algorithm":"AEAD_AES_256_GCM""#;
    for (body, message) in [
        ("".into(), "JSON breaks at byte 0: expected an object, found the end"),
        ("{}".into(), "no member \"resource\": expected one"),
        (body("[]"), "member \"resource\" is no object"),
        (body("{}"), "no member \"algorithm\": expected one"),
        (body(r#"{"algorithm":null}"#), "member \"algorithm\" is no string of text"),
        (body(&format!("{{{algorithm}}}")), "no member \"ciphertext\": expected one"),
        (
            body(&format!("{{{algorithm},\"ciphertext\":\"\\ud800\"}}")),
            "member \"ciphertext\" is no string of text",
        ),
        (
            body(&format!("{{{algorithm},\"ciphertext\":\"\"}}")),
            "no member \"nonce\": expected one",
        ),
        (
            body(r#"{"algorithm":"aes","ciphertext":"","nonce":""}"#),
            "member \"algorithm\" is not \"AEAD_AES_256_GCM\"",
        ),
        (
            body(&format!("{{{algorithm},{algorithm}}}")),
            "member \"algorithm\" stands more than once: expected once",
        ),
        (
            r#"{"event_type":"","resource":{"algorithm":"","ciphertext":"","nonce":""}}"#.into(),
            "no member \"id\": expected one",
        ),
        (
            r#"{"id":"","resource":{"algorithm":"","ciphertext":"","nonce":""}}"#.into(),
            "no member \"event_type\": expected one",
        ),
    ] {
        assert_eq!(open(body.as_bytes(), KEY.as_bytes()).unwrap_err().to_string(), message);
    }
}

#[test]
fn an_envelope_is_read_whole() {
    let whole = r#"{"id":"EV-1","create_time":"2024-01-01T08:00:00+08:00","resource_type":"encrypt-resource",
        "event_type":"REFUND.SUCCESS","summary":"\u9000\u6b3e","more":[1],"resource":{"original_type":"refund",
        "algorithm":"AEAD_AES_256_GCM","ciphertext":"QUJD\/w==","associated_data":"refund","nonce":"n"}}"#;
    let Notice { id, create_time, resource_type, event_type, summary, resource, .. } =
        Notice::read(whole.as_bytes()).unwrap();
    assert_eq!((id.as_str(), event_type.as_str()), ("EV-1", "REFUND.SUCCESS"));
    assert_eq!(create_time.as_deref(), Some("2024-01-01T08:00:00+08:00"));
    assert_eq!(resource_type.as_deref(), Some("encrypt-resource"));
    assert_eq!(summary.as_deref(), Some("退款"));
    assert_eq!(resource.original_type.as_deref(), Some("refund"));
    assert_eq!((resource.ciphertext.as_str(), resource.nonce.as_str()), ("QUJD/w==", "n"));
    assert_eq!(
        (resource.algorithm.as_str(), resource.associated_data.as_str()),
        ("AEAD_AES_256_GCM", "refund")
    );
}

/// None of these ends the program, or takes long.
#[test]
fn bodies_that_are_too_much_are_answered() {
    let deep = |depth| format!("{{\"more\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
    let error = Notice::read(deep(100_000).as_bytes()).unwrap_err();
    assert!(matches!(error, ResourceError::Json(_)), "{error}");
    assert_eq!(
        Notice::read(deep(MAX_DEPTH - 1).as_bytes()),
        Err(ResourceError::Missing { name: "resource" })
    );
    let long = sealed(format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20)).as_bytes());
    assert_eq!(open(long.as_bytes(), KEY.as_bytes()).unwrap().len(), (1 << 20) + 8);
    let content = sealed(deep(100_000).as_bytes());
    assert_eq!(open(content.as_bytes(), KEY.as_bytes()), Err(ResourceError::Content));
    let ciphertext = "A".repeat(1 << 20);
    assert_eq!(decrypt_field(&MERCHANT, &ciphertext), Err(FieldError::Failed));
}

#[test]
fn no_control_character_is_signed() {
    let call = Call { app_id: "wx1", prepay_id: "wx2", nonce: "n", timestamp: "1" };
    for byte in (0..0x20).chain([0x7F]) {
        let text = format!("a{}", char::from(byte));
        let error = |name| Err(CallError::NoLine { name, offset: 1 });
        assert_eq!(Call { app_id: &text, ..call }.jsapi(), error("appid"));
        assert_eq!(Call { prepay_id: &text, ..call }.jsapi(), error("prepay_id"));
        assert_eq!(Call { nonce: &text, ..call }.app("1"), error("nonce_str"));
        assert_eq!(Call { timestamp: &text, ..call }.app("1"), error("timestamp"));
        assert_eq!(call.app(&text), error("partnerid"));
    }
    assert_eq!(call.app(""), Err(CallError::Empty { name: "partnerid" }));
}

#[test]
fn a_field_takes_42_bytes_less_than_its_key() {
    let public = MERCHANT.public_key();
    for length in [0, 1, 85, 86, 87, 200] {
        let field = vec![b'x'; length];
        let opened = encrypt_field(&public, &field, &[7; 20])
            .and_then(|ciphertext| decrypt_field(&MERCHANT, &ciphertext));
        let expected =
            if length <= 86 { Ok(field) } else { Err(FieldError::TooLong { length, most: 86 }) };
        assert_eq!(opened, expected);
    }
    let [one, other] = [[1; 20], [2; 20]].map(|seed| encrypt_field(&public, b"x", &seed).unwrap());
    assert_ne!(one, other);
}

/// Text with one bit changed, in the bytes that its base64 stands for.
fn flipped(text: &str, bit: usize) -> String {
    let mut bytes = STANDARD.decode(text).unwrap();
    let bit = bit % (bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
    STANDARD.encode(bytes)
}

#[test]
fn every_bit_of_sealed_content_counts() {
    let sealed = key().seal(b"{\"a\":1}", NONCE, "refund").unwrap();
    for bit in 0..23 * 8 {
        let opened = key().open(&flipped(&sealed, bit), NONCE, "refund");
        assert_eq!(opened, Err(SealError::Failed), "bit {bit}");
    }
}

proptest! {
    #[test]
    fn what_is_sealed_is_opened(
        content in prop::collection::vec(any::<u8>(), 0..200),
        nonce in "[ -~]{12}",
        data in "\\PC{0,20}",
        bit in any::<usize>(),
    ) {
        let sealed = key().seal(&content, &nonce, &data).unwrap();
        prop_assert_eq!(STANDARD.decode(&sealed).unwrap().len(), content.len() + 16);
        prop_assert_eq!(key().open(&sealed, &nonce, &data), Ok(content));

        let changed = key().open(&flipped(&sealed, bit), &nonce, &data);
        prop_assert_eq!(changed, Err(SealError::Failed));
        let other_data = key().open(&sealed, &nonce, &format!("{data}x"));
        prop_assert_eq!(other_data, Err(SealError::Failed));
        let other_key = ApiV3Key::new(KEY.to_uppercase()).unwrap().open(&sealed, &nonce, &data);
        prop_assert_eq!(other_key, Err(SealError::Failed));
    }

    #[test]
    fn any_text_gets_an_answer(sealed in "\\PC*", nonce in "\\PC{0,16}", data in "\\PC*") {
        let _ = key().open(&sealed, &nonce, &data);
        let _ = open(sealed.as_bytes(), KEY.as_bytes());
        let _ = decrypt_field(&MERCHANT, &sealed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn what_is_encrypted_is_decrypted(
        field in prop::collection::vec(any::<u8>(), 0..=86),
        seed in any::<[u8; 20]>(),
        bit in any::<usize>(),
    ) {
        let ciphertext = encrypt_field(&MERCHANT.public_key(), &field, &seed).unwrap();
        prop_assert_eq!(decrypt_field(&MERCHANT, &ciphertext), Ok(field));
        let changed = decrypt_field(&MERCHANT, &flipped(&ciphertext, bit));
        prop_assert_eq!(changed, Err(FieldError::Failed));
    }
}
