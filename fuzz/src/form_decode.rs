//! Any bytes as a form.

use alipay_conformance::charset::Charset;
use alipay_conformance::form::{self, FormError, Limits};
use alipay_conformance::law;
use alipay_conformance::params::Params;
use alipay_conformance::signature::SignType;
use alipay_conformance::suite::reference::Reference;

use std::sync::LazyLock;

static SETTING: LazyLock<law::Setting> =
    LazyLock::new(|| law::Setting::embedded(SignType::Md5, Charset::Utf8).expect("embedded keys"));

/// Decodes, and holds the result against other decoders, encoders and bounds.
pub fn run(input: &[u8]) {
    super::holds(law::decode_agrees_with_form_urlencoded(input));
    bounds(input);
    let Ok(params) = form::decode(input) else { return };

    let mut used: Params = [("left over", "from before")].into_iter().collect();
    form::decode_into(input, Limits::DEFAULT, &mut used).expect("decodes as into a fresh list");
    assert_eq!(used, params);

    let reference = Reference::default();
    super::holds(law::form_survives(&reference, &SETTING, &params));
    // Every byte may become nine.
    if input.len() < 512 {
        super::holds(law::decodes_once(&reference, &SETTING, &params));
    }
    if let Ok(text) = params.decode(Charset::Utf8) {
        super::holds(law::encode_agrees_with_serde_urlencoded(&text));
    }
}

fn bounds(input: &[u8]) {
    let limits = Limits { bytes: 512, parameters: 3 };
    let mut params = Params::new();
    match form::decode_into(input, limits, &mut params) {
        Ok(()) => assert!(input.len() <= limits.bytes && params.len() <= limits.parameters),
        Err(FormError::TooLong { bytes, .. }) => assert_eq!(bytes, input.len()),
        Err(FormError::TooManyParameters { offset, .. }) => {
            assert!(offset < input.len());
            form::decode_into(&input[..offset], limits, &mut params).expect("as many as may be");
            assert_eq!(params.len(), limits.parameters);
        }
        Err(FormError::MalformedEscape { offset, found }) => {
            assert!(input[offset..].starts_with(&found));
        }
        Err(other) => panic!("unknown error {other}"),
    }
}
