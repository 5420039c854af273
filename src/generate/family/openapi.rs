//! Version 2 of the open platform, with its notifications under both rules.

use super::frame::{Frame, FrameKind, Part, Place, Values};
use super::{Asked, Config, Family, ONE, Parameters, is_plain, pairs};
use crate::charset::Charset;
use crate::generate::recipe::{Change, Test};
use crate::generate::setup::Setup;
use crate::law::Law;
use crate::protocol::{OPENAPI_CHECK_V2, OPENAPI_V2};
use crate::signature::SignType;
use crate::vector::input::TextPairs;
use crate::vector::operation::Operation;

pub(super) const V2: Family = Family {
    id: OPENAPI_V2.id,
    charsets: &Charset::ALL,
    configs: &[
        Config { sign_type: Some(SignType::Rsa), key: "rsa-1024", other: "rsa-2048", ..CONFIG },
        CONFIG,
        CONTENT,
    ],
    params: Some(PARAMETERS),
    frames: &[
        (Operation::VerifyResponse, REPLY),
        (Operation::Encrypt, Frame { kind: FrameKind::Plain, parts: TEXT }),
        (Operation::Decrypt, Frame { kind: FrameKind::Encrypted, parts: TEXT }),
    ],
    rule,
};

const PARAMETERS: Parameters = Parameters {
    protocol: OPENAPI_V2,
    gateway: "https://openapi.alipay.com/gateway.do",
    names: NAMES,
    services: |operation| match operation {
        Operation::BuildRequest | Operation::BuildForm => PAGE,
        Operation::BuildOrderString => APP,
        _ => ONE,
    },
    base,
    received: &[("notify_id", "1")],
    fixed: |setup, name| match name {
        "charset" => Some(setup.charset.label()),
        "sign_type" => Some(setup.sign_type()),
        _ => None,
    },
    refused: |_| false,
    contested,
};

pub(super) const CHECK_V2: Family = Family {
    id: OPENAPI_CHECK_V2.id,
    configs: &[
        Config {
            sign_type: Some(SignType::Rsa),
            key: "rsa-1024",
            other: "rsa-2048",
            ..CHECK_CONFIG
        },
        CHECK_CONFIG,
    ],
    params: Some(Parameters {
        protocol: OPENAPI_CHECK_V2,
        names: &[
            "app_id",
            "charset",
            "service",
            "biz_content",
            "notify_id",
            "msg_method",
            "version",
        ],
        ..PARAMETERS
    }),
    ..V2
};

const CONTENT: Config = Config {
    sign_type: None,
    key: "aes-easysdk",
    other: "aes-java",
    operations: &[(Operation::Encrypt, 4), (Operation::Decrypt, 4)],
    laws: &[],
    ..CONFIG
};

/// Whether blanks at its ends belong to it is contested.
const TEXT: &[Part] = &[Part::new("content", Place::Body, "{}", Values::Object)];

const REPLY: Frame = Frame {
    kind: FrameKind::Reply,
    parts: &[Part::new("node", Place::Body, "{\"code\":\"10000\"}", Values::Object)],
};

const CONFIG: Config = Config {
    sign_type: Some(SignType::Rsa2),
    key: "rsa-2048",
    other: "rsa-1024",
    keys: &[],
    often: 8,
    operations: &[
        (Operation::StringToSign, 3),
        (Operation::Sign, 3),
        (Operation::BuildRequest, 3),
        (Operation::BuildForm, 2),
        (Operation::BuildOrderString, 3),
        (Operation::VerifyNotify, 6),
        (Operation::VerifyReturn, 3),
        (Operation::VerifyResponse, 4),
    ],
    laws: &[
        Law::OrderDoesNotMatter,
        Law::StringToSignAgreesWithTheNaiveModel,
        Law::OwnSignatureIsAccepted,
        Law::EditIsRefused,
        Law::SameAnswerTwice,
        Law::NotifyAndReturnAgree,
        Law::VerdictAgreesWithTheNaiveModel,
    ],
};

const CHECK_CONFIG: Config = Config {
    operations: &[(Operation::VerifyNotify, 6)],
    laws: &[Law::EditIsRefused, Law::SameAnswerTwice, Law::VerdictAgreesWithTheNaiveModel],
    ..CONFIG
};

/// Names that requests and notifications have, without `sign`. `alipay_cert_sn` is left out: libraries disagree on what
/// it means in a notification; so is `encrypt_type`, which libraries write themselves.
const NAMES: &[&str] = &[
    "app_auth_token",
    "app_cert_sn",
    "app_id",
    "auth_app_id",
    "biz_content",
    "body",
    "buyer_id",
    "buyer_pay_amount",
    "charset",
    "format",
    "fund_bill_list",
    "gmt_create",
    "gmt_payment",
    "gmt_refund",
    "invoice_amount",
    "method",
    "notify_id",
    "notify_time",
    "notify_type",
    "notify_url",
    "out_biz_no",
    "out_trade_no",
    "passback_params",
    "point_amount",
    "receipt_amount",
    "refund_fee",
    "return_url",
    "seller_id",
    "sign_type",
    "subject",
    "timestamp",
    "total_amount",
    "trade_no",
    "trade_status",
    "version",
    "voucher_detail_list",
];

const PAGE: &[Option<&str>] = &[Some("alipay.trade.page.pay")];
const APP: &[Option<&str>] = &[Some("alipay.trade.app.pay")];

fn base(service: &'static str, setup: &Setup) -> TextPairs {
    pairs(&[
        ("app_id", "2014072300007148"),
        ("method", service),
        ("format", "JSON"),
        ("charset", setup.charset.label()),
        ("timestamp", "2014-07-24 03:07:50"),
        ("version", "1.0"),
        ("biz_content", "{\"out_trade_no\":\"1\"}"),
    ])
}

/// Official libraries leave out or keep what is empty or looks so, and take `@` for the begin of a file's name. Which of
/// two sign types counts, that of the configuration or of the request, differs as well. In what is sent the document has
/// values escaped, and official libraries leave names as they are.
fn contested(test: Test, name: &str, value: &str) -> Option<&'static str> {
    let is_built = matches!(
        test,
        Test::Operation(
            Operation::BuildRequest | Operation::BuildForm | Operation::BuildOrderString
        )
    );
    if value.is_empty() {
        Some("an empty value")
    } else if value.chars().all(|one| one.is_whitespace() || one <= ' ') {
        Some("a value of blanks alone")
    } else if value == "0" {
        Some("the value 0")
    } else if value.starts_with('@') {
        Some("a value that begins with @")
    } else if name.is_empty() {
        Some("an empty name")
    } else if is_built && !is_plain(name) {
        Some("a name that would have to be escaped")
    } else if value.contains(['\r', '\n']) && test == Test::Operation(Operation::BuildForm) {
        Some("a line break in a form")
    } else if name == "sign_type" && is_built {
        Some("a request that brings its own sign_type along")
    } else if name == "alipay_cert_sn" {
        Some("a message of certificate mode")
    } else {
        None
    }
}

fn rule(asked: &Asked<'_>) -> &'static str {
    match (asked.operation, asked.change) {
        (Operation::VerifyResponse, Change::NoSignature | Change::EmptySignature) => {
            "openapi/4-unsigned"
        }
        (Operation::VerifyResponse, _) => "openapi/4-node",
        (Operation::Encrypt | Operation::Decrypt, _) => "openapi/8-aes",
        (_, Change::NoSignature | Change::EmptySignature) => "openapi/5-sign-missing",
        (Operation::VerifyNotify | Operation::VerifyReturn, Change::None) => "openapi/5-all",
        (Operation::VerifyNotify | Operation::VerifyReturn, _) => "openapi/5-tamper",
        (Operation::BuildRequest, _) => "openapi/1-transport",
        (Operation::BuildForm, _) => "openapi/7-form",
        (Operation::BuildOrderString, _) => "openapi/7-order-string",
        (Operation::Sign, _) => "openapi/1-sign",
        _ => "openapi/1-join",
    }
}
