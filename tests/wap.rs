//! The old WAP product, beyond its vectors: blocks of every shape, XML of every size, and what is not decrypted at all.

#![allow(clippy::unwrap_used)]

use alipay_conformance::params::Params;
use alipay_conformance::protocol::pipeline::{MessageError, Pipeline, Scratch};
use alipay_conformance::protocol::wap::{self, RETURN, Verifier, WAP};
use alipay_conformance::signature::{
    DecryptError, MAX_BLOCKS, PrivateKey, Secret, SignType, VerifyingKey, decrypt_blocks,
};
use alipay_conformance::xml::{self, MAX_FIELDS, XmlError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::BigUint;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;

fn pem(bits: u32) -> String {
    let path = format!("{}/tests/keys/rsa-{bits}.pkcs8.pem", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// A block raised to the public exponent, whatever stands in it.
fn encrypted(bits: u32, block: &[u8]) -> Vec<u8> {
    let key = rsa::RsaPrivateKey::from_pkcs8_pem(&pem(bits)).unwrap();
    let number = BigUint::from_bytes_be(block).modpow(key.e(), key.n()).to_bytes_be();
    [vec![0; key.size() - number.len()], number].concat()
}

/// A block of PKCS#1 v1.5 with these data.
fn padded(bits: u32, data: &[u8]) -> Vec<u8> {
    let padding = vec![0xA5; bits as usize / 8 - data.len() - 3];
    [&[0, 2], padding.as_slice(), &[0], data].concat()
}

fn decrypt(bits: u32, data: &[u8]) -> Result<Vec<u8>, DecryptError> {
    decrypt_blocks(&PrivateKey::parse(pem(bits)).unwrap(), STANDARD.encode(data).as_bytes())
}

#[test]
fn blocks_are_as_long_as_the_key() {
    for bits in [1024, 2048] {
        let one = encrypted(bits, &padded(bits, b"one"));
        let two = encrypted(bits, &padded(bits, b"two"));
        assert_eq!(decrypt(bits, &one), Ok(b"one".to_vec()));
        assert_eq!(decrypt(bits, &[one.clone(), two].concat()), Ok(b"onetwo".to_vec()));
        for wrong in [&one[1..], &[one.as_slice(), &[0]].concat(), &[]] {
            assert_eq!(decrypt(bits, wrong), Err(DecryptError::Failed));
        }
    }
    let other = encrypted(1024, &padded(1024, b"one"));
    assert_eq!(decrypt(2048, &[other.clone(), other].concat()), Err(DecryptError::Failed));
}

#[test]
fn every_shape_of_a_block_but_the_right_one_fails_alike() {
    let right = padded(1024, b"data");
    let altered = |at: usize, byte: u8| {
        let mut block = right.clone();
        block[at] = byte;
        block
    };
    let zeros_at = |at: usize| [&[0, 2][..], &vec![1; at - 2], &[0], &vec![1; 127 - at]].concat();
    assert_eq!(decrypt(1024, &encrypted(1024, &right)), Ok(b"data".to_vec()));
    assert_eq!(decrypt(1024, &encrypted(1024, &padded(1024, b""))), Ok(vec![]));
    assert_eq!(decrypt(1024, &encrypted(1024, &zeros_at(10))), Ok(vec![1; 117]));
    let wrong =
        [altered(0, 1), altered(1, 1), altered(1, 0), altered(123, 1), zeros_at(9), zeros_at(2)];
    for block in wrong {
        let failed = decrypt(1024, &encrypted(1024, &block)).unwrap_err();
        assert_eq!(failed.to_string(), "the data does not decrypt under this key", "{block:?}");
    }
    // Not below the modulus.
    assert_eq!(decrypt(1024, &[0xFF; 128]), Err(DecryptError::Failed));
}

#[test]
fn blocks_are_counted_before_any_is_decrypted() {
    // None of these would decrypt.
    let blocks = |count: usize| decrypt(1024, &vec![1; 128 * count]);
    assert_eq!(blocks(MAX_BLOCKS), Err(DecryptError::Failed));
    assert_eq!(blocks(MAX_BLOCKS + 1), Err(DecryptError::TooLong { blocks: MAX_BLOCKS + 1 }));
    let error = DecryptError::TooLong { blocks: 129 };
    assert_eq!(error.to_string(), "129 encrypted blocks: expected at most 128");
}

fn notify(pairs: &[(&str, &str)], decryption: Option<&PrivateKey>) -> MessageError {
    let key = VerifyingKey::from(PrivateKey::parse(pem(1024)).unwrap().public_key());
    let verifier = Verifier { sign_type: SignType::Rsa, key: &key, decryption };
    let params = Params::from_iter(pairs.iter().copied());
    let body = alipay_conformance::form::encode(&params);
    wap::verify_notify(body.as_bytes(), &verifier, &mut Scratch::new()).unwrap_err()
}

#[test]
fn what_is_refused_anyhow_is_not_decrypted() {
    let merchant = PrivateKey::parse(pem(1024)).unwrap();
    let data = STANDARD.encode([1; 128]);
    let all = [("service", "s"), ("v", "1.0"), ("notify_data", data.as_str())];
    let with = |more: &[(&'static str, &'static str)]| {
        notify(&[all.as_slice(), more].concat(), Some(&merchant))
    };
    assert_eq!(with(&[("sec_id", "0001")]), MessageError::NoSignature { name: "sign" });
    let other = with(&[("sec_id", "MD5"), ("sign", "x")]);
    assert_eq!(other.to_string(), "parameter \"sec_id\" is \"MD5\": expected the configured 0001");
    let failed = with(&[("sec_id", "0001"), ("sign", "x")]);
    let words = "parameter \"notify_data\": the data does not decrypt under this key";
    assert_eq!(failed.to_string(), words);
    // Without a key to decrypt with, the same is said.
    let pairs = [all.as_slice(), &[("sec_id", "0001"), ("sign", "x")]].concat();
    assert_eq!(notify(&pairs, None).to_string(), words);
    let missing = notify(&pairs[1..], None);
    assert_eq!(missing.to_string(), "no parameter \"service\" with a value");
    let twice = notify(&[pairs.as_slice(), &[("x", ""), ("x", "1")]].concat(), None);
    assert_eq!(twice.to_string(), "parameter \"x\" stands more than once: expected once");
}

#[test]
fn rsa_is_called_0001() {
    assert_eq!(WAP.wire_name(SignType::Rsa), "0001");
    assert_eq!(WAP.wire_name(SignType::Md5), "MD5");
    let key = VerifyingKey::from(Secret::new("x").unwrap());
    let query = b"result=success&sign=00000000000000000000000000000000&sign_type=0001";
    let mut scratch = Scratch::new();
    let refused = Pipeline::new(RETURN).verify(query, SignType::Md5, &key, &mut scratch);
    let words = "parameter \"sign_type\" is \"0001\": expected the configured MD5";
    assert_eq!(refused.unwrap_err().to_string(), words);
}

fn malformed(text: &str) -> String {
    xml::fields("notify", text).unwrap_err().to_string()
}

#[test]
fn xml_is_refused_with_its_place() {
    assert_eq!(
        malformed("<!DOCTYPE a><notify/>"),
        "no XML: XML with DTD detected at line 1, column 1"
    );
    assert_eq!(
        malformed("<notify>\n<a>&e;</a></notify>"),
        "no XML: unknown entity reference 'e' at line 2, column 4"
    );
    assert_eq!(malformed("<a/>"), "the root is \"a\": expected \"notify\"");
    assert_eq!(malformed("<notify>x</notify>"), "something else than a field with text at byte 8");
    assert_eq!(
        malformed("<notify><a>1<!-- 2 -->3</a></notify>"),
        "something else than a field with text at byte 8"
    );
    assert_eq!(malformed("<notify><a/><a/></notify>"), "element \"a\" stands twice");
    assert_eq!(xml::fields("err", "<err code=\"1\"/>"), Ok(vec![]));
}

#[test]
fn xml_is_bounded() {
    let many = |count: usize| {
        let fields: String = (0..count).map(|n| format!("\n<n{n}>{n}</n{n}>")).collect();
        xml::fields("notify", &format!("<notify>{fields}\n</notify>"))
    };
    assert_eq!(many(MAX_FIELDS).map(|fields| fields.len()), Ok(MAX_FIELDS));
    assert_eq!(many(MAX_FIELDS + 1), Err(XmlError::TooMany));
    assert_eq!(many(100 * MAX_FIELDS), Err(XmlError::TooMany));
    let deep = format!("<notify>{}{}</notify>", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert_eq!(xml::fields("notify", &deep), Err(XmlError::Structure { offset: 8 }));
    let unclosed = "<notify>".repeat(100_000);
    assert!(xml::fields("notify", &unclosed).is_err());
    let long = format!("<notify><a>{}</a></notify>", "x".repeat(10 << 20));
    assert_eq!(xml::fields("notify", &long).map(|fields| fields[0].1.len()), Ok(10 << 20));
}
