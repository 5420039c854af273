//! Any bytes as the body of a notification of WeChat Pay's version 3, as what its resource is sealed from, and as the
//! sealed content itself.

use std::sync::LazyLock;

use alipay_conformance::content::{ApiV3Key, SealError};
use alipay_conformance::json::MAX_DEPTH;
use alipay_conformance::protocol::wechatpay::resource::{Notice, ResourceError, open};
use alipay_conformance::vector::bytes::to_base64;
use serde_json::value::RawValue;

/// The one of the vectors, so that their resources open.
const KEY: &str = "0123456789abcdef0123456789abcdef";
const NONCE: &str = "fdasflkja484";

static SEALING: LazyLock<ApiV3Key> = LazyLock::new(|| ApiV3Key::new(KEY).expect("32 bytes"));

/// Opens it; what is sealed as the rules say opens to what it was, if that is an object; and nothing else opens.
pub fn run(input: &[u8]) {
    match open(input, KEY.as_bytes()) {
        Ok(content) => {
            assert!(is_object(content.as_bytes()));
            let resource = Notice::read(input).expect("it was opened").resource;
            assert_eq!(resource.open(&SEALING), Ok(content));
        }
        Err(error) => assert!(error.to_string().len() < 256, "a bounded error: {error}"),
    }

    let sealed = SEALING.seal(input, NONCE, "data").expect("a nonce of 12 bytes");
    assert_eq!(SEALING.open(&sealed, NONCE, "data").as_deref(), Ok(input));
    match open(body(&sealed).as_bytes(), KEY.as_bytes()) {
        Ok(content) => assert!(content.as_bytes() == input && is_object(input)),
        Err(ResourceError::Content) => {
            let opened = input.iter().filter(|byte| b"{[".contains(byte)).count();
            assert!(!is_object(input) || opened > MAX_DEPTH);
        }
        Err(error) => panic!("well sealed: {error}"),
    }

    let error = open(body(&to_base64(input)).as_bytes(), KEY.as_bytes());
    let expected = match input.len() {
        length @ ..16 => SealError::TooShort { length },
        _ => SealError::Failed,
    };
    assert_eq!(error, Err(ResourceError::Seal(expected)));
}

fn body(ciphertext: &str) -> String {
    format!(
        r#"{{"id":"1","event_type":"","resource":{{"algorithm":"AEAD_AES_256_GCM","nonce":"{NONCE}",
            "ciphertext":"{ciphertext}","associated_data":"data"}}}}"#
    )
}

fn is_object(text: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(text).is_ok_and(|value| value.get().starts_with('{'))
}
