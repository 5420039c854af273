//! Signatures in HTTP headers, beside the RSA primitive over the same string.

use std::hint::black_box;

use alipay_conformance::params::Params;
use alipay_conformance::protocol::headers::{
    ANTOM, HeaderPipeline, Message, OPENAPI_V3, Scheme, Scratch, WECHATPAY_V3,
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

fn items(scheme: Scheme) -> Params {
    let alipay = [
        ("app_id", "2014060600164699"),
        ("nonce", "5f9fba93b3e131"),
        ("timestamp", "1667804301218"),
    ];
    let wechat = [
        ("mchid", "1900007291"),
        ("nonce_str", "593BEC0C930BF1AFEB40B4A08C8FB242"),
        ("timestamp", "1554208460"),
        ("serial_no", "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB"),
    ];
    if scheme == WECHATPAY_V3.request {
        Params::from_iter(wechat)
    } else {
        Params::from_iter(alipay)
    }
}

pub(super) fn groups(key: &SigningKey, pem: &str) -> Vec<Group> {
    let schemes = [
        ("openapi v3", OPENAPI_V3.request),
        ("antom", ANTOM.request),
        ("wechatpay v3", WECHATPAY_V3.request),
    ];
    let groups = schemes
        .map(|(name, scheme)| [sign(name, scheme, key, pem), verify(name, scheme, key, pem)]);
    groups.into_iter().flatten().chain([answer(key, pem)]).collect()
}

fn sign(name: &str, scheme: Scheme, key: &SigningKey, pem: &str) -> Group {
    let (key, headers, items) = (key.clone(), headers(), items(scheme));
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
    let signed =
        pipeline.sign(&message, &items(scheme), SignType::Rsa2, key, &mut scratch).unwrap();
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

/// An answer of WeChat Pay, whose key and time are looked at too.
fn answer(key: &SigningKey, pem: &str) -> Group {
    const NOW: u64 = 1_722_850_421;
    let (pipeline, mut scratch) = (HeaderPipeline::new(WECHATPAY_V3.reply), Scratch::new());
    let mut headers = headers();
    for (name, value) in [
        ("Wechatpay-Serial", "PUB_KEY_ID_0000000000000024101100397200000006"),
        ("Wechatpay-Timestamp", "1722850421"),
        ("Wechatpay-Nonce", "d824f2e086d3c1df967785d13fcd22ef"),
    ] {
        headers.push(name.as_bytes(), value.as_bytes());
    }
    let message = Message { method: b"", path: b"", headers: &headers, body: BODY };
    let signed =
        pipeline.sign(&message, &Params::new(), SignType::Rsa2, key, &mut scratch).unwrap();
    headers.push(signed.name.as_bytes(), &signed.value);
    let string = scratch.string_to_sign().to_vec();
    let signature = primitive::signer(SignType::Rsa2, pem)(&string);
    let primitive = primitive::verifier(SignType::Rsa2, pem);
    let keys = [("PUB_KEY_ID_0000000000000024101100397200000006", key.verifying_key())];
    Group {
        name: "verify/header wechatpay v3 answer".into(),
        contenders: vec![
            contender("limit", move || assert!(primitive(black_box(&string), &signature))),
            contender("here", move || {
                let message = Message { method: b"", path: b"", headers: &headers, body: BODY };
                let message = black_box(&message);
                let verdict =
                    pipeline.verify_now(message, SignType::Rsa2, &keys, NOW, &mut scratch);
                assert!(verdict.is_ok());
            }),
        ],
    }
}
