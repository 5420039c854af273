//! The open platform, as far as no vector shows it: pages written in the ways of the official libraries, typed
//! notifications, and what the pipeline refuses before it looks at a signature.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use alipay_conformance::charset::Charset;
use alipay_conformance::form;
use alipay_conformance::notification::{
    Facts, NotificationError, OpenNotification, Order, Product, TradeStatus, Why, decide,
};
use alipay_conformance::params::Params;
use alipay_conformance::protocol::mapi::Amount;
use alipay_conformance::protocol::pipeline::{MessageError, Pipeline, Scratch, SigningError};
use alipay_conformance::protocol::{OPENAPI_CHECK_V2, OPENAPI_V2, wire};
use alipay_conformance::signature::{Secret, SignType, SigningKey};
use alipay_conformance::suite::answer::Answer;
use alipay_conformance::suite::implementation::{Implementation, Subject};
use alipay_conformance::suite::outcome::Outcome;
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::suite::run::run_case;
use alipay_conformance::vector::case::Ask;
use alipay_conformance::vector::load::VectorSet;
use alipay_conformance::vector::output::{Form, Output};
use proptest::prelude::*;

/// The reference, whose forms are laid out anew.
struct LaidOut(fn(&mut Form));

impl Implementation for LaidOut {
    fn subject(&self) -> Subject {
        Reference::default().subject()
    }

    fn perform(&self, ask: &Ask) -> Answer {
        let Answer::Value(mut output) = Reference::default().perform(ask) else {
            return Answer::NotOffered;
        };
        let signature = output.signature.clone().unwrap();
        let mut fields = output.filtered.as_ref().unwrap().decode(ask.charset).unwrap();
        fields.push(("sign".into(), signature.clone()));
        let action = "https://openapi.alipay.com/gateway.do?charset=utf-8".into();
        let mut form = Form { action, fields };
        (self.0)(&mut form);
        *output = Output { form: Some(form), html: None, ..*output };
        Answer::Value(output)
    }
}

#[track_caller]
fn passes(layout: fn(&mut Form)) -> bool {
    let set = VectorSet::embedded().unwrap();
    let case = set.case("openapi-0080").unwrap();
    matches!(run_case(&LaidOut(layout), &set, case), Outcome::Pass { .. })
}

fn to_address(form: &mut Form, of: impl Fn(&str) -> bool) {
    let moved: Params = form.fields.iter().filter(|(name, _)| of(name)).cloned().collect();
    form.fields.retain(|(name, _)| !of(name));
    form.action = wire::url("https://openapi.alipay.com/gateway.do", &moved);
}

#[test]
fn parameters_stand_in_the_address_or_in_the_fields() {
    // The official PHP library.
    assert!(passes(|_| {}));
    // The official Java, Node.js and Python libraries.
    assert!(passes(|form| to_address(form, |name| name != "biz_content")));
    assert!(passes(|form| to_address(form, |_| true)));
    assert!(passes(|form| form.fields.retain(|(name, _)| name != "charset")));
}

#[test]
fn what_is_submitted_is_what_is_signed() {
    assert!(!passes(|form| to_address(form, |name| name == "app_id")), "no charset in the address");
    assert!(!passes(|form| form.action = form.action.replace("utf-8", "UTF-8")));
    assert!(!passes(|form| form.action.push_str("&app_id=1")), "another value in both");
    assert!(!passes(|form| form.action.push_str("&shop=1")));
    assert!(!passes(|form| form.action = form.action.replace("openapi.", "mapi.")));
    assert!(!passes(|form| form.fields.retain(|(name, _)| name != "biz_content")));
    assert!(
        !passes(|form| form.fields.push(("app_id".into(), "2014072300007148".into()))),
        "twice"
    );
    assert!(!passes(|form| form.action.push_str("&a=%")), "no address");
}

#[test]
fn there_is_no_md5() {
    let key = SigningKey::from(Secret::new("10000000000000000000000000000000").unwrap());
    for protocol in [OPENAPI_V2, OPENAPI_CHECK_V2] {
        let pipeline = Pipeline::new(protocol);
        let mut scratch = Scratch::new();
        let signed = pipeline.sign(&Params::new(), SignType::Md5, &key, &mut scratch);
        assert_eq!(signed.unwrap_err(), SigningError::SignType(SignType::Md5));
        let verified =
            pipeline.verify(b"sign=x", SignType::Md5, &key.verifying_key(), &mut scratch);
        assert_eq!(verified.unwrap_err(), MessageError::SignType(SignType::Md5));
    }
}

const BODY: &[u8] = b"notify_type=trade_status_sync&out_trade_no=42&total_amount=88.88&refund_fee=8.8&app_id=1\
    &trade_status=TRADE_SUCCESS&subject=%B6%A9%B5%A5&gmt_payment=2024-05-13+17%3A49%3A30&new=1&seller_email=";

#[test]
fn a_typed_notification() {
    let params = form::decode(BODY).unwrap();
    let read = OpenNotification::from_params(&params, Charset::Gbk).unwrap();
    assert_eq!(read.subject.as_deref(), Some("订单"));
    assert_eq!(read.total_amount.as_ref().unwrap().value().unwrap().fen(), 8888);
    assert_eq!(read.refund_fee.as_ref().unwrap().value().unwrap().fen(), 880);
    assert!(read.gmt_payment.as_ref().unwrap().value().is_some());
    assert_eq!(read.other["new"], "1");
    assert_eq!(
        Facts::from(&read),
        Facts::from_open_pairs(&params.decode(Charset::Gbk).unwrap()),
        "an empty value is absent in both"
    );
    assert!(matches!(
        OpenNotification::from_params(&params, Charset::Utf8),
        Err(NotificationError::Charset(_))
    ));
    assert!(matches!(
        OpenNotification::from_pairs(&[("app_id", "1"), ("app_id", "1")]),
        Err(NotificationError::Duplicate { name }) if name == "app_id"
    ));
}

#[test]
fn a_refund_after_the_payment() {
    let params = form::decode(BODY).unwrap();
    let read = OpenNotification::from_params(&params, Charset::Gbk).unwrap();
    let mut order = Order::new("42", "88.88".parse().unwrap(), Product::Wap);
    assert_eq!(decide(&read, Some(&order)).why, Why::Paid);
    order.trade_status = Some(TradeStatus::TradeSuccess);
    assert_eq!(decide(&read, Some(&order)).why, Why::RefundChanged);
    order.refund_fee = Some("8.80".parse().unwrap());
    assert_eq!(decide(&read, Some(&order)).why, Why::AlreadyHandled);
    order.refund_fee = Some("9".parse().unwrap());
    assert_eq!(decide(&read, Some(&order)).why, Why::OutOfOrder);
}

proptest! {
    /// In whatever order and however often the notifications of refunds come, each sum is booked at most once, and the
    /// greatest stays.
    #[test]
    fn refunds_only_grow(sums in prop::collection::vec(1_u64..9, 1..12)) {
        let mut order = Order::new("42", "88.88".parse().unwrap(), Product::Page);
        order.trade_status = Some(TradeStatus::TradeSuccess);
        let mut booked = BTreeSet::new();
        for sum in &sums {
            let sum = Amount::from_fen(*sum).unwrap();
            let text = sum.to_string();
            let pairs = [
                ("notify_type", "trade_status_sync"),
                ("out_trade_no", "42"),
                ("total_amount", "88.88"),
                ("trade_status", "TRADE_SUCCESS"),
                ("refund_fee", &text),
            ];
            let decision = decide(Facts::from_open_pairs(&pairs), Some(&order));
            prop_assert!(decision.answer_success);
            if decision.act {
                prop_assert_eq!(decision.why, Why::RefundChanged);
                prop_assert!(booked.insert(sum));
                order.refund_fee = Some(sum);
            }
            prop_assert!(!decide(Facts::from_open_pairs(&pairs), Some(&order)).act);
        }
        prop_assert_eq!(order.refund_fee.map(Amount::fen), sums.iter().max().copied());
    }
}

/// A status counts whether or not the product announces it by default.
#[test]
fn every_product_has_every_status() {
    for product in Product::ALL.into_iter().filter(|product| product.is_open_platform()) {
        let mut announced = 0;
        for status in TradeStatus::ALL {
            let known = product.rank(*status).is_some();
            assert_eq!(
                known,
                product.announces(*status).is_some() || product == Product::Wap && known
            );
            announced += usize::from(product.announces(*status) == Some(true));
        }
        assert!((1..=3).contains(&announced), "{product:?}");
    }
    assert!(Product::ALL.iter().filter(|product| !product.is_open_platform()).all(|product| {
        TradeStatus::ALL.iter().all(|status| product.announces(*status).is_none())
    }));
}
