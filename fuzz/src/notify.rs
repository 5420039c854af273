//! Any bytes as the body of a notify: decoded, verified, and read as a typed notification.

use std::sync::LazyLock;

use alipay_conformance::charset::Charset;
use alipay_conformance::form;
use alipay_conformance::law::{self, Setting};
use alipay_conformance::notification::{Notification, OpenNotification, RefundNotification};
use alipay_conformance::protocol;
use alipay_conformance::protocol::pipeline::{Pipeline, Scratch};
use alipay_conformance::signature::{PublicKey, Secret, SignType, VerifyingKey};
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::vector::case::KeyForm;
use alipay_conformance::vector::load::VectorSet;

/// Every key of the vectors, with the sign types that it is of.
static KEYS: LazyLock<Vec<(SignType, VerifyingKey)>> = LazyLock::new(|| {
    let set = VectorSet::embedded().expect("the embedded vectors");
    let mut keys = Vec::new();
    for key in set.keys().values() {
        if let Some(secret) = key.form(KeyForm::Secret) {
            // One of them is the empty one, which is no key.
            keys.extend(Secret::new(secret).map(|secret| (SignType::Md5, secret.into())));
        } else if let Some(text) = key.form(KeyForm::PublicSpkiPem) {
            let key = VerifyingKey::from(PublicKey::parse(text).expect("a public key"));
            keys.extend([(SignType::Rsa, key.clone()), (SignType::Rsa2, key)]);
        }
    }
    keys
});

static SETTINGS: LazyLock<[Setting; 3]> = LazyLock::new(|| {
    SignType::ALL
        .map(|sign_type| Setting::embedded(sign_type, Charset::Gbk).expect("the embedded keys"))
});

/// Verifies under every key, checks the laws of any message, and reads the fields in every charset. The length of the
/// message chooses the protocol, so that the seeds are messages and nothing more.
pub fn run(input: &[u8]) {
    let protocol = protocol::ALL[input.len() % protocol::ALL.len()];
    let pipeline = Pipeline::new(protocol);
    let mut scratch = Scratch::new();
    for (sign_type, key) in KEYS.iter() {
        let _ = pipeline.verify(input, *sign_type, key, &mut scratch);
    }

    let decoded = form::decode(input);
    // Keys are read anew for each question, and RSA's are slow to read.
    let named = decoded.as_ref().ok().and_then(|params| params.get(b"sign_type"));
    let named = |setting: &&Setting| named == Some(setting.sign_type.name().as_bytes());
    let reference = Reference::default();
    for setting in SETTINGS.iter().filter(|s| s.sign_type == SignType::Md5 || named(s)) {
        let setting = Setting { protocol, ..setting.clone() };
        super::holds(law::verifying_always_answers(&reference, &setting, input));
        super::holds(law::notify_and_return_agree(&reference, &setting, input));
        super::holds(law::verdict_agrees_with_the_naive_model(&reference, &setting, input));
    }

    let Ok(params) = decoded else { return };
    for charset in Charset::ALL {
        let text = params.decode(charset);
        let notification = Notification::from_params(&params, charset);
        let open = OpenNotification::from_params(&params, charset);
        assert!(text.is_ok() || (notification.is_err() && open.is_err()), "read what is no text");
        if let Ok(refund) = RefundNotification::from_params(&params, charset) {
            let _ = refund.results();
        }
    }
}
