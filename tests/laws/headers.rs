//! The laws of signatures that stand in a header. A digest takes the place of RSA, which takes its time.

use std::num::NonZeroU8;

use alipay_conformance::law::{self, Law};
use alipay_conformance::params::Params;
use alipay_conformance::protocol::headers::{
    ANTOM, HeaderPipeline, Message, OPENAPI_V3, Scheme, WECHATPAY_V3, lines,
};
use alipay_conformance::protocol::pipeline::{REFERENCE, Stages};
use alipay_conformance::signature::{self, Secret, SignType, SigningKey, VerifyError};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{holds, mistakes::breaks};

const QUICK: Stages = Stages {
    sign: |_, key, message| signature::sign(SignType::Md5, key, message),
    verify: |_, key, message, signature| signature::verify(SignType::Md5, key, message, signature),
    ..REFERENCE
};

fn key() -> SigningKey {
    Secret::new("0123456789abcdef").unwrap().into()
}

#[derive(Clone, Debug)]
struct Case {
    scheme: Scheme,
    method: String,
    path: String,
    headers: Params,
    items: Params,
    body: Vec<u8>,
}

impl Case {
    fn message(&self) -> Message<'_> {
        let (method, path) = (self.method.as_bytes(), self.path.as_bytes());
        Message { method, path, headers: &self.headers, body: &self.body }
    }

    fn pipeline(&self, stages: Stages) -> HeaderPipeline {
        HeaderPipeline { stages, ..HeaderPipeline::new(self.scheme) }
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let schemes =
        [OPENAPI_V3, ANTOM, WECHATPAY_V3].map(|protocol| [protocol.request, protocol.reply]);
    let schemes = schemes.concat();
    let value = || "[ -~]{1,12}";
    let headers = [
        "alipay-timestamp",
        "Alipay-Nonce",
        "client-id",
        "Request-Time",
        "response-time",
        "wechatpay-timestamp",
        "Wechatpay-Nonce",
    ];
    let headers = vec(value(), headers.len())
        .prop_map(move |values| headers.into_iter().zip(values).collect::<Vec<_>>());
    let token = prop_oneof![Just(None), "[!-~]{0,8}".prop_map(Some)];
    let item = || "[!#-+.-~][ !#-+.-~]{0,8}";
    let items = (item(), item(), item(), vec(("x[a-z]{1,4}", item()), 0..3));
    let body = prop_oneof![
        vec(any::<u8>(), 0..24),
        select(vec!["", "{}", " \n", "a\r\n"]).prop_map(|text| text.as_bytes().to_vec()),
    ];
    let message = ("[A-Z]{3,6}", "/[!-~é中]{0,16}", headers, token, items, body);
    (select(schemes), message).prop_map(|(scheme, (method, path, headers, token, items, body))| {
        let mut headers: Params = headers.into_iter().collect();
        if let Some(token) = token {
            headers.push(b"Alipay-App-Auth-Token", token.as_bytes());
        }
        let (app_id, nonce, timestamp, more) = items;
        let named = [
            ("app_id", app_id.clone()),
            ("nonce", nonce.clone()),
            ("timestamp", timestamp),
            ("nonce_str", nonce),
            ("mchid", app_id),
            ("serial_no", "5157F09E".into()),
        ];
        let more = more.iter().map(|(name, value)| (name.as_str(), value.clone()));
        let has_items = scheme.carrier.signature.is_some();
        let items = named.into_iter().chain(more).filter(|_| has_items).collect();
        Case { scheme, method, path, headers, items, body }
    })
}

fn edits() -> impl Strategy<Value = (usize, usize, NonZeroU8)> {
    (any::<usize>(), any::<usize>(), any::<NonZeroU8>())
}

#[test]
fn signed_header_is_accepted() {
    holds(1024, cases(), |case| {
        let pipeline = case.pipeline(QUICK);
        law::signed_header_is_accepted(&pipeline, &case.message(), &case.items, &key())
    });
}

#[test]
fn header_edit_is_refused() {
    holds(2048, (cases(), edits()), |(case, edit)| {
        let pipeline = case.pipeline(QUICK);
        law::header_edit_is_refused(&pipeline, &case.message(), &case.items, &key(), edit)
    });
}

#[test]
fn accepts_nothing() {
    breaks(Law::SignedHeaderIsAccepted, cases(), |case| {
        let nothing = Stages { verify: |_, _, _, _| Err(VerifyError::Mismatch), ..QUICK };
        let pipeline = case.pipeline(nothing);
        law::signed_header_is_accepted(&pipeline, &case.message(), &case.items, &key())
    });
}

#[test]
fn leaves_the_query_out() {
    breaks(Law::HeaderEditIsRefused, (cases(), edits()), |(case, edit)| {
        let stages = Stages {
            lines: |scheme, message, items, out| {
                let path = message.path.split(|byte| *byte == b'?').next().unwrap_or_default();
                lines(scheme, &Message { path, ..*message }, items, out);
            },
            ..QUICK
        };
        let pipeline = case.pipeline(stages);
        law::header_edit_is_refused(&pipeline, &case.message(), &case.items, &key(), edit)
    });
}
