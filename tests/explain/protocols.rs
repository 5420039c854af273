//! Messages of other protocols than the legacy gateway.

use alipay_conformance::explain::capture::capture;
use alipay_conformance::explain::{Budget, Finding, GivenKey, Question, Rules, explain};
use alipay_conformance::form;
use alipay_conformance::params::Params;
use alipay_conformance::protocol::pipeline::{Pipeline, Scratch};
use alipay_conformance::protocol::wechatpay::write;
use alipay_conformance::protocol::{OPENAPI_CHECK_V2, OPENAPI_V2, Protocol, WECHATPAY_V2};
use alipay_conformance::signature::{PrivateKey, Secret, SignType, SigningKey, sign};

use crate::scene::{ids, private, verifying};

/// What can happen to a signature of WeChat Pay alone.
pub(crate) const LOWER_CASED: &str = "sign-lower-cased";

const SECRET: &str = "192006250b4c09247ec02edce69f6a2d";

fn told(bytes: &[u8], key: impl Into<Vec<u8>>, protocol: Option<Protocol>) -> Finding {
    let message = capture(bytes, None).unwrap();
    let keys = [GivenKey::new("the key", key)];
    let mut question = Question::new(&message, &keys);
    question.protocol = protocol.map(Rules::Parameters);
    explain(&question, Budget::default(), &|| false)
}

/// A notify of the open platform, signed by the rule that leaves these names out.
fn open_notify(excluded: &'static [&'static str], own: &[(&str, &str)]) -> Params {
    let pairs = [
        ("app_id", "2014072300007148"),
        ("charset", "utf-8"),
        ("notify_type", "trade_status_sync"),
        ("notify_time", "2026-01-02 03:04:05"),
        ("notify_id", "ac05099524730693a8b330c5ecf72da978"),
        ("out_trade_no", "42"),
        ("total_amount", "0.10"),
        ("trade_status", "TRADE_SUCCESS"),
        ("sign_type", "RSA2"),
    ];
    let mut params = Params::from_iter(pairs);
    own.iter().for_each(|(name, value)| params.push(name.as_bytes(), value.as_bytes()));
    let key = SigningKey::from(PrivateKey::parse(private("rsa-2048")).unwrap());
    let mut pipeline = Pipeline::new(OPENAPI_V2);
    pipeline.protocol.excluded = excluded;
    let signature = pipeline.sign(&params, SignType::Rsa2, &key, &mut Scratch::new()).unwrap();
    params.push(b"sign", signature.as_str().as_bytes());
    params
}

fn body(params: &Params) -> Vec<u8> {
    form::encode(params).into_bytes()
}

#[test]
fn an_open_platform_notify_is_judged_by_its_own_rules() {
    let genuine = open_notify(&["sign", "sign_type"], &[]);
    let finding = told(&body(&genuine), verifying("rsa-2048"), None);
    assert_eq!((finding.protocol, finding.is_genuine()), (Rules::Parameters(OPENAPI_V2), true));

    let mut added = genuine.clone();
    added.push(b"m", b"pay");
    let finding = told(&body(&added), verifying("rsa-2048"), None);
    assert_eq!(ids(&finding), [["parameters-added"]]);
    assert_eq!(finding.explanations[0].steps[0].detail, [b"m".to_vec()]);

    // Nobody told which of the two rules holds.
    let other = open_notify(&["sign"], &[]);
    let finding = told(&body(&other), verifying("rsa-2048"), None);
    assert!(!finding.is_genuine());
    assert!(ids(&finding).iter().any(|set| set == &["filter-sign-type-signed"]), "{finding:?}");
    let finding = told(&body(&other), verifying("rsa-2048"), Some(OPENAPI_CHECK_V2));
    assert!(finding.is_genuine());
}

#[test]
fn a_request_of_the_open_platform_signs_its_sign_type() {
    let request =
        open_notify(&["sign"], &[("method", "alipay.trade.query"), ("biz_content", "{}")]);
    assert!(told(&body(&request), verifying("rsa-2048"), None).is_genuine());
}

/// The published sample.
fn sample() -> Params {
    Params::from_iter([
        ("appid", "wxd930ea5d5a258f4f"),
        ("mch_id", "10000100"),
        ("device_info", "1000"),
        ("body", "test"),
        ("nonce_str", "ibuaiVcKdpRxkhJA"),
    ])
}

fn with_sign(sign: &str) -> Vec<u8> {
    let mut params = sample();
    params.push(b"sign", sign.as_bytes());
    write::write(&params).unwrap().into_bytes()
}

#[test]
fn wechat_pay_is_recognised_by_its_xml() {
    let genuine = with_sign("9A0A8659F005D6984697E2CA0A9CF3B7");
    let finding = told(&genuine, SECRET, None);
    assert_eq!((finding.protocol.id(), finding.sign_type), (WECHATPAY_V2.id, SignType::WechatMd5));
    assert!(finding.is_genuine());

    let lower = with_sign("9a0a8659f005d6984697e2ca0a9cf3b7");
    assert_eq!(ids(&told(&lower, SECRET, None)), [[LOWER_CASED]]);
}

#[test]
fn a_key_without_its_name_before_it_is_found() {
    let key = Secret::new(SECRET).unwrap().into();
    let string = b"appid=wxd930ea5d5a258f4f&body=test&device_info=1000&mch_id=10000100&nonce_str=ibuaiVcKdpRxkhJA";
    let bare = sign(SignType::Md5, &key, string).unwrap();
    let finding = told(&with_sign(&bare.as_str().to_ascii_uppercase()), SECRET, None);
    assert_eq!(ids(&finding), [["join-wechat-key-bare"]]);
}
