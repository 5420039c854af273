//! Any bytes as what the wallet hands back, and as the parameters of an order.

use std::sync::LazyLock;

use alipay_conformance::canonical::Selection;
use alipay_conformance::form;
use alipay_conformance::protocol::mobile::{self, ResultError};
use alipay_conformance::protocol::pipeline::Stages;
use alipay_conformance::signature::{PrivateKey, SignType, SigningKey, sign};
use alipay_conformance::vector::case::KeyForm;
use alipay_conformance::vector::load::VectorSet;

pub(super) static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    let set = VectorSet::embedded().expect("the embedded vectors");
    let text = set.keys()["rsa-1024"].form(KeyForm::PrivatePkcs8Pem).expect("a private key");
    SigningKey::from(PrivateKey::parse(text).expect("a private key"))
});

/// Reads it: what is signed is the pairs, written again. Writes an order of it: the wallet's answer to it verifies.
pub fn run(input: &[u8]) {
    let stages = Stages::default();
    if let Ok(text) = mobile::open(input)
        && let Ok(signed) = mobile::read(text, &stages)
        && signed.is_quoted
    {
        let mut selection = Selection::new();
        selection.select(&signed.filtered, |_| true);
        let mut written = Vec::new();
        mobile::join(&signed.filtered, &selection, &mut written);
        assert_eq!(written, signed.string_to_sign);
        assert!(text.starts_with(&written));
    }

    let (mut selection, mut text) = (Selection::new(), Vec::new());
    let Ok(params) = form::decode(input) else { return };
    if mobile::order_text(&params, &stages, &mut selection, &mut text).is_err() || text.is_empty() {
        return;
    }
    let signature = sign(SignType::Rsa, &KEY, &text).expect("a signature");
    let tail = format!("\"&sign_type=\"RSA\"&sign=\"{signature}\"}}");
    let answer = [
        b"resultStatus={9000};memo={};result={",
        text.strip_suffix(b"\"").unwrap_or_default(),
        tail.as_bytes(),
    ];
    let verdict = mobile::verify_result(&answer.concat(), &KEY.verifying_key());
    match params.get(b"success") {
        Some(b"true") => assert!(verdict.is_ok(), "{verdict:?}"),
        _ => assert!(matches!(verdict, Err(ResultError::NoSuccess { .. })), "{verdict:?}"),
    }
}
