//! Any bytes as the body of a notify of the old WAP product, as its data, and as data that is encrypted.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use alipay_conformance::form;
use alipay_conformance::notification::Notification;
use alipay_conformance::params::Params;
use alipay_conformance::protocol::pipeline::Scratch;
use alipay_conformance::protocol::wap::{self, Verifier};
use alipay_conformance::signature::{
    PrivateKey, Secret, SignType, SigningKey, VerifyingKey, decrypt_blocks, sign,
};
use alipay_conformance::vector::case::KeyForm;
use alipay_conformance::vector::load::VectorSet;
use alipay_conformance::xml::{self, MAX_FIELDS};

use super::mobile_result::KEY;

static MERCHANT: LazyLock<PrivateKey> = LazyLock::new(|| {
    let set = VectorSet::embedded().expect("the embedded vectors");
    let text = set.keys()["wap-rsa"].form(KeyForm::DecryptionPkcs8Pem).expect("a private key");
    PrivateKey::parse(text).expect("a private key")
});

static SECRET: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::from(Secret::new("0123456789abcdef").expect("a secret")));

/// Verifies it, decrypts it, reads it as XML; and what is signed as the rules say is accepted, whatever it holds.
pub fn run(input: &[u8]) {
    let secret = SECRET.verifying_key();
    let verifiers: [(SignType, &VerifyingKey); 2] =
        [(SignType::Md5, &secret), (SignType::Rsa, &KEY.verifying_key())];
    let mut scratch = Scratch::new();
    for (sign_type, key) in verifiers {
        let verifier = Verifier { sign_type, key, decryption: Some(&MERCHANT) };
        let _ = wap::verify_notify(input, &verifier, &mut scratch);
        let _ = wap::verify_reply(input, &verifier, &mut scratch);
    }
    let _ = decrypt_blocks(&MERCHANT, input);

    if !input.is_empty() && input.len() < 1 << 18 {
        let string = [b"service=s&v=1.0&sec_id=MD5&notify_data=", input].concat();
        let signature = sign(SignType::Md5, &SECRET, &string).expect("a signature");
        let mut body = Params::from_iter([("v", "1.0"), ("other", "1"), ("sec_id", "MD5")]);
        body.push(b"notify_data", input);
        body.push(b"sign", signature.as_str().as_bytes());
        body.push(b"service", b"s");
        let verifier = Verifier { sign_type: SignType::Md5, key: &secret, decryption: None };
        let body = form::encode(&body);
        let verdict = wap::verify_notify(body.as_bytes(), &verifier, &mut scratch);
        assert_eq!(verdict.expect("a genuine notify").string_to_sign, string);
    }

    let Ok(text) = str::from_utf8(input) else { return };
    let Ok(fields) = xml::fields("notify", text) else { return };
    let names: BTreeSet<_> = fields.iter().map(|(name, _)| name).collect();
    assert!(names.len() == fields.len() && fields.len() <= MAX_FIELDS);
    Notification::from_pairs(&fields).expect("a notification");
    let written: String = fields.iter().map(|(name, value)| element(name, value)).collect();
    let again = xml::fields("notify", &format!("<notify>{written}</notify>"));
    assert_eq!(again, Ok(fields));
}

fn element(name: &str, value: &str) -> String {
    let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<{name}>{}</{name}>", value.replace('\r', "&#13;"))
}
