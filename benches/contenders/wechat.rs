//! WeChat Pay's version 2: a request signed, and a notification from its XML to the verdict.

use std::collections::BTreeMap;
use std::hint::black_box;

use alipay_conformance::form::Limits;
use alipay_conformance::params::Params;
use alipay_conformance::protocol::WECHATPAY_V2;
use alipay_conformance::protocol::pipeline::{Pipeline, Scratch};
use alipay_conformance::protocol::wechatpay::write::write;
use alipay_conformance::signature::{Secret, SignType, SigningKey};
use alipay_conformance::xml;
use hmac::{Hmac, Mac as _};
use roxmltree::{Document, Node};
use sha2::Sha256;

use super::{Group, SECRET, contender, messages, naive, primitive};

/// The members of the sample notification, in its order.
const NOTIFY: [(&str, &str); 20] = [
    ("appid", "wx2421b1c4370ec43b"),
    ("attach", "支付测试"),
    ("bank_type", "CFT"),
    ("fee_type", "CNY"),
    ("is_subscribe", "Y"),
    ("mch_id", "10000100"),
    ("nonce_str", "5d2b6c2a8db53831f7eda20af46e531c"),
    ("openid", "oUpF8uMEb4qRXf22hE3X68TekukE"),
    ("out_trade_no", "1409811653"),
    ("result_code", "SUCCESS"),
    ("return_code", "SUCCESS"),
    ("time_end", "20140903131540"),
    ("total_fee", "1"),
    ("coupon_fee", "10"),
    ("coupon_count", "1"),
    ("coupon_type", "CASH"),
    ("coupon_id", "10000"),
    ("trade_type", "JSAPI"),
    ("transaction_id", "1004400740201409030005092168"),
    ("device_info", "WEB"),
];

pub(super) fn groups() -> Vec<Group> {
    vec![
        sign("sign/wechat md5", SignType::WechatMd5),
        sign("sign/wechat hmac", SignType::HmacSha256),
        verify("verify/wechat md5", SignType::WechatMd5),
        verify("verify/wechat hmac", SignType::HmacSha256),
        read("xml/read, 1 MB"),
    ]
}

/// The digest alone, over a string with the key behind it.
fn primitive(sign_type: SignType, string: &[u8]) -> Box<dyn FnMut()> {
    let bytes = [string, b"&key=", SECRET.as_bytes()].concat();
    match sign_type {
        SignType::HmacSha256 => {
            let keyed = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
            Box::new(move || {
                let mac = keyed.clone().chain_update(black_box(&bytes));
                black_box(mac.finalize().into_bytes());
            })
        }
        _ => Box::new(move || {
            black_box(primitive::md5(black_box(&bytes)));
        }),
    }
}

fn sign(name: &str, sign_type: SignType) -> Group {
    let params = messages::request();
    let key = SigningKey::from(Secret::new(SECRET).unwrap());
    let (pipeline, mut scratch) = (Pipeline::new(WECHATPAY_V2), Scratch::new());
    let limit = primitive(sign_type, pipeline.string_to_sign(&params, &mut scratch).unwrap());
    Group {
        name: name.into(),
        contenders: vec![
            contender("limit", limit),
            contender("here", move || {
                pipeline.sign(black_box(&params), sign_type, &key, &mut scratch).unwrap()
            }),
        ],
    }
}

fn verify(name: &str, sign_type: SignType) -> Group {
    let mut params = Params::from_iter(NOTIFY);
    let key = SigningKey::from(Secret::new(SECRET).unwrap());
    let (pipeline, mut scratch) = (Pipeline::new(WECHATPAY_V2), Scratch::new());
    let sign = pipeline.sign(&params, sign_type, &key, &mut scratch).unwrap();
    params.push(b"sign", sign.as_str().as_bytes());
    let body = write(&params).unwrap().into_bytes();

    let key = key.verifying_key();
    let verified = pipeline.verify(&body, sign_type, &key, &mut scratch).unwrap();
    let mut contenders = vec![contender("limit", primitive(sign_type, verified.string_to_sign))];
    if sign_type == SignType::WechatMd5 {
        let body = body.clone();
        contenders.push(contender("naive", move || {
            let fields = tree(black_box(&body));
            let sign = naive::sign(&signed(&fields), &format!("&key={SECRET}")).to_uppercase();
            assert_eq!(sign, fields["sign"]);
        }));
    }
    contenders.push(contender("here", move || {
        let verdict = pipeline.verify(black_box(&body), sign_type, &key, &mut scratch);
        assert!(verdict.is_ok());
    }));
    Group { name: name.into(), contenders }
}

/// The greatest message that is read at all. What no implementation can do without is to see that it is UTF-8.
fn read(name: &str) -> Group {
    let value = "支付 & 测试".repeat(72);
    let members = (0..900).map(|n| (format!("coupon_id_{n}"), value.as_str()));
    let body = write(&members.collect()).unwrap().into_bytes();
    assert!((1_000_000..1 << 20).contains(&body.len()), "{}", body.len());
    let mut params = Params::new();
    xml::decode_into(&body, Limits::DEFAULT, &mut params).unwrap();
    assert_eq!(params.len(), tree(&body).len());
    let [text, parsed] = [body.clone(), body.clone()];
    Group {
        name: name.into(),
        contenders: vec![
            contender("limit", move || std::str::from_utf8(black_box(&text)).is_ok()),
            contender("naive", move || tree(black_box(&parsed)).len()),
            contender("here", move || {
                xml::decode_into(black_box(&body), Limits::DEFAULT, &mut params).unwrap();
            }),
        ],
    }
}

/// What a general parser and a map make of a message.
fn tree(body: &[u8]) -> BTreeMap<String, String> {
    let document = Document::parse(std::str::from_utf8(body).unwrap()).unwrap();
    let elements = document.root_element().children().filter(Node::is_element);
    let field = |node: Node<'_, '_>| {
        (node.tag_name().name().to_owned(), node.text().unwrap_or_default().to_owned())
    };
    elements.map(field).collect()
}

fn signed(fields: &BTreeMap<String, String>) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}
