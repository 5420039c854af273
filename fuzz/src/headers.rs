//! Any bytes as a message whose signature stands in a header: verified as it is, and with a signature of its own.
//!
//! The first byte chooses the scheme; then the method and path, the items to sign with, the headers, a line each, an
//! empty line, and the body.

use std::num::NonZeroU8;
use std::sync::LazyLock;

use alipay_conformance::law;
use alipay_conformance::params::Params;
use alipay_conformance::protocol::headers::{
    ANTOM, HeaderError, HeaderPipeline, MAX_VALUE, Message, OPENAPI_V3, Origin, Scheme, Scratch,
    WECHATPAY_V3,
};
use alipay_conformance::protocol::pipeline::{REFERENCE, Stages};
use alipay_conformance::protocol::wechatpay::window::window;
use alipay_conformance::signature::{
    self, PublicKey, Secret, SignType, SigningKey, VerifyError, VerifyingKey,
};
use alipay_conformance::vector::case::KeyForm;
use alipay_conformance::vector::load::VectorSet;

const SCHEMES: [Scheme; 6] = [
    OPENAPI_V3.request,
    OPENAPI_V3.reply,
    ANTOM.request,
    ANTOM.reply,
    WECHATPAY_V3.request,
    WECHATPAY_V3.reply,
];

/// The id and the time that the seeds have most often.
const KEY_ID: &str = "5E1D7A3B9C20F4468B1E0D93A7C5F2684B3D9E10";
const NOW: u64 = 1_730_000_002;

/// A digest in place of RSA, which takes a tenth of a second under the fuzzer's instruments.
const QUICK: Stages = Stages {
    sign: |_, key, message| signature::sign(SignType::Md5, key, message),
    verify: |_, key, message, signature| signature::verify(SignType::Md5, key, message, signature),
    ..REFERENCE
};

static SECRET: LazyLock<SigningKey> =
    LazyLock::new(|| Secret::new("0123456789abcdef").expect("a secret").into());

static PUBLIC: LazyLock<VerifyingKey> = LazyLock::new(|| {
    let set = VectorSet::embedded().expect("the embedded vectors");
    let key = set.keys().get("rsa-1024").and_then(|key| key.form(KeyForm::PublicSpkiPem));
    PublicKey::parse(key.expect("the key")).expect("a public key").into()
});

/// Verifies, and checks the laws.
pub fn run(input: &[u8]) {
    let Some((choice, rest)) = input.split_first() else { return };
    let scheme = SCHEMES[usize::from(*choice) % SCHEMES.len()];
    let end = rest.windows(2).position(|two| two == b"\n\n").unwrap_or(rest.len());
    let body = rest.get(end + 2..).unwrap_or_default();
    let mut lines = rest[..end].split(|byte| *byte == b'\n');
    let (method, path) = split(lines.next().unwrap_or_default(), b" ");
    let items = lines.next().unwrap_or_default().split(|byte| *byte == b',');
    let items: Params = items.filter(|i| !i.is_empty()).map(|item| split(item, b"=")).collect();
    let headers: Params = lines.map(|line| split(line, b": ")).collect();
    let message = Message { method, path, headers: &headers, body };

    let pipeline = HeaderPipeline::new(scheme);
    let mut scratch = Scratch::new();
    let verdict = pipeline.verify(&message, SignType::Rsa2, &PUBLIC, &mut scratch);
    if let Err(error) = &verdict {
        assert!(error.to_string().len() < 5 * MAX_VALUE, "a bounded error: {error}");
        if matches!(error, HeaderError::Verify(VerifyError::Mismatch)) {
            let string = scratch.string_to_sign();
            assert!(string.windows(body.len().max(1)).any(|part| body.is_empty() || part == body));
        }
    }

    let quick = HeaderPipeline { stages: QUICK, ..pipeline };
    let edit = (usize::from(*choice), rest.len(), NonZeroU8::MIN);
    super::holds(law::signed_header_is_accepted(&quick, &message, &items, &SECRET));
    super::holds(law::header_edit_is_refused(&quick, &message, &items, &SECRET, edit));
    origin(&quick, &message, &items);
}

/// What names its key and time is accepted exactly with that key and in time.
fn origin(pipeline: &HeaderPipeline, message: &Message<'_>, items: &Params) {
    let Some(Origin { key_id, time }) = pipeline.scheme.origin else { return };
    let mut scratch = Scratch::new();
    let signed = pipeline.sign(message, items, SignType::Rsa2, &SECRET, &mut scratch);
    let Ok(signed) = signed else { return };
    let others = message.headers.iter();
    let others = others.filter(|(name, _)| !name.eq_ignore_ascii_case(signed.name.as_bytes()));
    let mut headers: Params = others.collect();
    headers.push(signed.name.as_bytes(), &signed.value);
    let message = Message { headers: &headers, ..*message };
    let keys = [(KEY_ID, SECRET.verifying_key())];
    let verdict = pipeline.verify_now(&message, SignType::Rsa2, &keys, NOW, &mut scratch);
    let is_ours = message.header(key_id) == Some(KEY_ID.as_bytes());
    let is_fresh = window(message.header(time).unwrap_or_default(), NOW).is_ok();
    let is_genuine = pipeline.verify(&message, SignType::Rsa2, &keys[0].1, &mut scratch).is_ok();
    let is_once = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key_id.as_bytes()));
    let expected = is_ours && is_fresh && is_genuine && is_once.count() == 1;
    assert_eq!(verdict.is_ok(), expected, "{verdict:?}");
}

fn split<'a>(line: &'a [u8], at: &[u8]) -> (&'a [u8], &'a [u8]) {
    match line.windows(at.len()).position(|part| part == at) {
        Some(place) => (&line[..place], &line[place + at.len()..]),
        None => (line, b""),
    }
}
