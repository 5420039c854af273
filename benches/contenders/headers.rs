//! Signatures in HTTP headers, beside the RSA primitive over the same string.

use std::hint::black_box;

use alipay_conformance::params::Params;
use alipay_conformance::protocol::headers::{
    ANTOM, HeaderPipeline, Message, OPENAPI_V3, Scheme, Scratch,
};
use alipay_conformance::signature::{SignType, SigningKey};

use super::{Group, contender, primitive};

const BODY: &[u8] =
    br#"{"out_trade_no":"20150320010101001","total_amount":"88.88","subject":"Iphone6 16G"}"#;
const PATH: &[u8] = b"/v3/alipay/trade/pay?id=1";

/// What the message has beside the header with its signature.
fn headers() -> Params {
    [
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("client-id", "SANDBOX_5X00000000000000"),
        ("request-time", "1685599933871"),
        ("alipay-app-auth-token", "202208BB5d0d5c3c5b3a4a0ea0a5d4e7a1bcdX35"),
    ]
    .into_iter()
    .collect()
}

fn items() -> Params {
    [("app_id", "2014060600164699"), ("nonce", "5f9fba93b3e131"), ("timestamp", "1667804301218")]
        .into_iter()
        .collect()
}

pub(super) fn groups(key: &SigningKey, pem: &str) -> Vec<Group> {
    let schemes = [("openapi v3", OPENAPI_V3.request), ("antom", ANTOM.request)];
    let groups = schemes
        .map(|(name, scheme)| [sign(name, scheme, key, pem), verify(name, scheme, key, pem)]);
    groups.into_iter().flatten().collect()
}

fn sign(name: &str, scheme: Scheme, key: &SigningKey, pem: &str) -> Group {
    let (key, headers, items) = (key.clone(), headers(), items());
    let (pipeline, mut scratch) = (HeaderPipeline::new(scheme), Scratch::new());
    let message = Message { method: b"POST", path: PATH, headers: &headers, body: BODY };
    pipeline.sign(&message, &items, SignType::Rsa2, &key, &mut scratch).unwrap();
    let string = scratch.string_to_sign().to_vec();
    let primitive = primitive::signer(SignType::Rsa2, pem);
    Group {
        name: format!("sign/header {name}"),
        contenders: vec![
            contender("limit", move || primitive(black_box(&string))),
            contender("here", move || {
                let message =
                    Message { method: b"POST", path: PATH, headers: &headers, body: BODY };
                let message = black_box(&message);
                pipeline.sign(message, &items, SignType::Rsa2, &key, &mut scratch).unwrap()
            }),
        ],
    }
}

fn verify(name: &str, scheme: Scheme, key: &SigningKey, pem: &str) -> Group {
    let (pipeline, mut scratch) = (HeaderPipeline::new(scheme), Scratch::new());
    let mut headers = headers();
    let message = Message { method: b"POST", path: PATH, headers: &headers, body: BODY };
    let signed = pipeline.sign(&message, &items(), SignType::Rsa2, key, &mut scratch).unwrap();
    headers.push(signed.name.as_bytes(), &signed.value);
    let string = scratch.string_to_sign().to_vec();
    let signature = primitive::signer(SignType::Rsa2, pem)(&string);
    let primitive = primitive::verifier(SignType::Rsa2, pem);
    let key = key.verifying_key();
    Group {
        name: format!("verify/header {name}"),
        contenders: vec![
            contender("limit", move || assert!(primitive(black_box(&string), &signature))),
            contender("here", move || {
                let message =
                    Message { method: b"POST", path: PATH, headers: &headers, body: BODY };
                let message = black_box(&message);
                let verdict = pipeline.verify(message, SignType::Rsa2, &key, &mut scratch);
                assert!(verdict.is_ok());
            }),
        ],
    }
}
