//! The mobile and the old WAP product: what the merchant's side of them signs. What they receive is encrypted, or stands
//! in a frame of its own, and has vectors only.

use super::{Asked, Config, Family, ONE, Parameters, is_plain, pairs};
use crate::charset::Charset;
use crate::generate::recipe::Test;
use crate::generate::setup::Setup;
use crate::law::Law;
use crate::protocol::mobile;
use crate::protocol::wap;
use crate::signature::SignType;
use crate::vector::input::TextPairs;
use crate::vector::operation::Operation;

pub(super) const WAP: Family = Family {
    id: wap::WAP.id,
    charsets: &[Charset::Utf8],
    configs: &[
        Config {
            sign_type: Some(SignType::Md5),
            key: "md5-a",
            other: "md5-b",
            often: 12,
            ..CONFIG
        },
        CONFIG,
    ],
    params: Some(Parameters {
        protocol: wap::WAP,
        gateway: wap::GATEWAY,
        names: &[
            "_input_charset",
            "call_back_url",
            "format",
            "notify_url",
            "partner",
            "req_data",
            "req_id",
            "sec_id",
            "service",
            "v",
        ],
        services: |operation| if operation == Operation::BuildRequest { TRADE } else { ONE },
        base,
        received: &[],
        fixed: |setup, name| match name {
            "_input_charset" => Some(setup.charset.label()),
            "sec_id" => Some(security(setup)),
            _ => None,
        },
        refused: |_| false,
        contested,
    }),
    frames: &[],
    rule: |asked| match asked {
        Asked { operation: Operation::BuildRequest, .. } => "wap/9-req-data",
        _ => "wap/9-request",
    },
};

pub(super) const MOBILE: Family = Family {
    id: mobile::MOBILE.id,
    configs: &[Config {
        operations: &[
            (Operation::StringToSign, 3),
            (Operation::Sign, 3),
            (Operation::BuildOrderString, 3),
        ],
        // The order of parameters is that of the merchant.
        laws: &[],
        ..CONFIG
    }],
    params: Some(ORDER),
    rule: |asked| match asked {
        Asked { has_empty: true, .. } => "mobile/10-empty",
        _ => "mobile/10-order-string",
    },
    ..WAP
};

pub(super) const MOBILE_V1: Family = Family {
    id: mobile::MOBILE_V1.id,
    params: Some(Parameters {
        protocol: mobile::MOBILE_V1,
        names: &["body", "notify_url", "out_trade_no", "partner", "seller", "subject", "total_fee"],
        ..ORDER
    }),
    ..MOBILE
};

const CONFIG: Config = Config {
    sign_type: Some(SignType::Rsa),
    key: "rsa-1024",
    other: "rsa-2048",
    keys: &[],
    often: 4,
    operations: &[(Operation::StringToSign, 3), (Operation::Sign, 3), (Operation::BuildRequest, 3)],
    laws: &[Law::OrderDoesNotMatter, Law::StringToSignAgreesWithTheNaiveModel],
};

const ORDER: Parameters = Parameters {
    protocol: mobile::MOBILE,
    gateway: "",
    names: &[
        "_input_charset",
        "app_id",
        "body",
        "it_b_pay",
        "notify_url",
        "out_trade_no",
        "partner",
        "payment_type",
        "return_url",
        "seller_id",
        "service",
        "subject",
        "total_fee",
    ],
    services: |_| ONE,
    base: |_, _| TextPairs::new(),
    received: &[],
    fixed: |setup, name| (name == "_input_charset").then(|| setup.charset.label()),
    refused: |_| false,
    contested: |test, name, value| match value {
        _ if value.contains('"') => Some("a quotation mark, which nothing escapes"),
        _ if value.contains("sign") && value.contains('=') => {
            Some("what looks like a reserved parameter")
        }
        _ => contested(test, name, value),
    },
};

const TRADE: &[Option<&str>] = &[Some("alipay.wap.trade.create.direct")];

fn base(service: &'static str, _: &Setup) -> TextPairs {
    pairs(&[
        ("service", service),
        ("format", "xml"),
        ("v", "2.0"),
        ("partner", "1000000000000000"),
        ("req_id", "1282889689836"),
    ])
}

/// What the old product calls the sign type.
fn security(setup: &Setup) -> &'static str {
    setup.config.sign_type.map_or("", |sign_type| wap::WAP.wire_name(sign_type))
}

fn contested(test: Test, name: &str, _: &str) -> Option<&'static str> {
    if !is_plain(name) {
        Some("a name that would have to be escaped")
    } else if name == "sec_id" && test == Test::Operation(Operation::BuildRequest) {
        Some("a request that brings its own sign type along")
    } else {
        None
    }
}
