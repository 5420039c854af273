//! The typed notification: documented messages, all charsets, and a form reader as the oracle for UTF-8.

#![allow(clippy::unwrap_used)]

use alipay_conformance::charset::Charset;
use alipay_conformance::form;
use alipay_conformance::notification::{
    Field, Notification, NotificationError, RefundNotification, RefundStatus, TradeStatus, YesNo,
};
use alipay_conformance::params::Params;
use proptest::prelude::*;

/// The sample of the instant payment document.
const DOCUMENTED: &[(&str, &str)] = &[
    ("discount", "-5"),
    ("payment_type", "1"),
    ("subject", "iphone手机"),
    ("trade_no", "2008102203208746"),
    ("gmt_create", "2008-10-22 20:49:31"),
    ("notify_type", "trade_status_sync"),
    ("quantity", "1"),
    ("out_trade_no", "3618810634349901"),
    ("seller_id", "2088002007018916"),
    ("notify_time", "2009-08-12 11:08:32"),
    ("body", "Hello"),
    ("trade_status", "TRADE_FINISHED"),
    ("is_total_fee_adjust", "N"),
    ("total_fee", "10.00"),
    ("refund_status", "REFUND_SUCCESS"),
    ("price", "10.00"),
    ("notify_id", "70fec0c2730b27528665af4517c27b95"),
    ("use_coupon", "N"),
    ("extra_common_param", "你好，这是测试商户的广告。"),
    ("_input_charset", "gbk"),
    ("m", "alipay"),
];

fn value<T: Clone>(field: &Option<Field<T>>) -> Option<T> {
    field.as_ref()?.value().cloned()
}

#[test]
fn the_documented_sample_in_each_charset() {
    for charset in Charset::ALL {
        let params = Params::encode(DOCUMENTED.iter().copied(), charset).unwrap();
        let message = Notification::from_params(&params, charset).unwrap();
        assert_eq!(message.subject.as_deref(), Some("iphone手机"));
        assert_eq!(value(&message.discount).unwrap().fen(), -500);
        assert_eq!(value(&message.total_fee).unwrap().fen(), 1_000);
        assert_eq!(value(&message.quantity), Some(1));
        assert_eq!(value(&message.use_coupon), Some(YesNo::No));
        assert_eq!(value(&message.trade_status), Some(TradeStatus::TradeFinished));
        assert_eq!(value(&message.refund_status), Some(RefundStatus::RefundSuccess));
        assert!(value(&message.notify_time) > value(&message.gmt_create));
        assert_eq!(message.input_charset.as_deref(), Some("gbk"));
        assert_eq!(message.other.into_iter().collect::<Vec<_>>(), [("m".into(), "alipay".into())]);
        assert_eq!((message.gmt_close, message.is_success), (None, None));
    }
}

#[test]
fn nothing_verified_is_lost() {
    let message = Notification::from_pairs(&[
        ("total_fee", "1.234"),
        ("trade_status", "TRADE_PARKED"),
        ("refund_status", ""),
        ("", "nameless"),
        ("+&=%", "a+b%20c"),
    ])
    .unwrap();
    assert_eq!(value(&message.total_fee), None);
    assert_eq!(message.total_fee.as_ref().map(Field::text), Some("1.234"));
    assert_eq!(message.trade_status.as_ref().map(Field::text), Some("TRADE_PARKED"));
    assert_eq!(message.refund_status.as_ref().map(Field::text), Some(""));
    assert_eq!(message.other[""], "nameless");
    assert_eq!(message.other["+&=%"], "a+b%20c");
}

#[test]
fn what_makes_no_notification() {
    for name in ["total_fee", "x"] {
        let error = Notification::from_pairs(&[(name, "1"), (name, "1")]).unwrap_err();
        assert_eq!(error, NotificationError::Duplicate { name: name.into() });
    }
    let params: Params = [(&b"subject"[..], &b"\xD6"[..])].into_iter().collect();
    let error = Notification::from_params(&params, Charset::Gbk).unwrap_err();
    assert_eq!(
        error.to_string(),
        "value of parameter \"subject\": byte 0xD6 at offset 0 begins no character of gbk"
    );
}

#[test]
fn refund_notifications() {
    let message = RefundNotification::from_pairs(&[
        ("notify_type", "batch_refund_notify"),
        ("notify_time", "2017-05-16 15:12:17"),
        ("batch_no", "201705162773"),
        ("success_num", "0"),
        ("result_details", "2017051221001004460213417006^0.01^TRADE_HAS_CLOSED"),
        ("unknown", "1"),
    ])
    .unwrap();
    assert_eq!(value(&message.success_num), Some(0));
    let results = message.results().unwrap();
    assert_eq!((results[0].result, results[0].succeeded()), ("TRADE_HAS_CLOSED", false));
    assert_eq!(message.other["unknown"], "1");
    assert_eq!(
        RefundNotification::default().results().unwrap_err().to_string(),
        "no items: expected at least one"
    );
    assert!(RefundNotification::from_pairs(&[("a", ""), ("a", "")]).is_err());
    let params = Params::encode([("batch_no", "1")], Charset::Gbk).unwrap();
    let message = RefundNotification::from_params(&params, Charset::Gbk).unwrap();
    assert_eq!(message.batch_no.as_deref(), Some("1"));
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![
        prop::sample::select(DOCUMENTED).prop_map(|(name, _)| name.to_owned()),
        "\\PC{0,6}",
    ];
    prop::collection::btree_map(name, "\\PC{0,12}", 0..12)
        .prop_map(|pairs| pairs.into_iter().collect())
}

proptest! {
    #[test]
    fn agrees_with_a_form_reader_on_utf8(pairs in pairs()) {
        let text = pairs.iter().map(|(name, value)| (name, value));
        let params = Params::encode(text, Charset::Utf8).unwrap();
        let body = form::encode(&params);
        let received = form::decode(body.as_bytes()).unwrap();
        let ours = Notification::from_params(&received, Charset::Utf8).unwrap();
        prop_assert_eq!(&ours, &serde_urlencoded::from_str::<Notification>(&body).unwrap());
        prop_assert_eq!(&ours, &Notification::from_pairs(&pairs).unwrap());
    }

    #[test]
    fn never_panics(body in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(params) = form::decode(&body) {
            for charset in Charset::ALL {
                let _ = Notification::from_params(&params, charset);
                let _ = RefundNotification::from_params(&params, charset);
            }
        }
    }
}
