//! Version 2 of WeChat Pay.

use super::headers::CLIENT;
use super::{Asked, Config, Family, ONE, Parameters, pairs};
use crate::charset::Charset;
use crate::generate::recipe::{Change, Test};
use crate::generate::setup::Setup;
use crate::law::Law;
use crate::protocol::WECHATPAY_V2;
use crate::signature::SignType;
use crate::vector::input::TextPairs;
use crate::vector::operation::Operation;
use crate::xml;

pub(super) const V2: Family = Family {
    id: WECHATPAY_V2.id,
    charsets: &[Charset::Utf8],
    configs: &[CONFIG, Config { sign_type: Some(SignType::HmacSha256), ..CONFIG }],
    params: Some(Parameters {
        protocol: WECHATPAY_V2,
        gateway: "",
        names: NAMES,
        services: |operation| if operation == Operation::BuildXml { ORDER } else { ONE },
        base,
        received: &[("return_code", "SUCCESS"), ("result_code", "SUCCESS")],
        fixed: |setup, name| match name {
            // What a failed call says is contested.
            "return_code" | "result_code" => Some("SUCCESS"),
            "sign_type" => Some(setup.sign_type()),
            _ => None,
        },
        refused: |_| false,
        contested,
    }),
    frames: &[(Operation::BuildClientParams, CLIENT)],
    rule,
};

const CONFIG: Config = Config {
    sign_type: Some(SignType::WechatMd5),
    key: "wechat-doc",
    other: "wechat-abc",
    keys: &[],
    often: 37,
    operations: &[
        (Operation::StringToSign, 3),
        (Operation::Sign, 3),
        (Operation::BuildXml, 3),
        (Operation::Decode, 4),
        (Operation::VerifyNotify, 6),
        (Operation::VerifyResponse, 3),
        (Operation::BuildClientParams, 2),
    ],
    laws: &[
        Law::OrderDoesNotMatter,
        Law::EmptyValuesDoNotMatter,
        Law::StringToSignAgreesWithTheNaiveModel,
        Law::OwnSignatureIsAccepted,
        Law::EditIsRefused,
        Law::SameAnswerTwice,
    ],
};

/// Names that requests and notifications have, without `sign`.
const NAMES: &[&str] = &[
    "appid",
    "attach",
    "bank_type",
    "body",
    "cash_fee",
    "coupon_count",
    "coupon_fee",
    "coupon_fee_0",
    "coupon_fee_1",
    "coupon_id_0",
    "detail",
    "device_info",
    "fee_type",
    "goods_tag",
    "is_subscribe",
    "limit_pay",
    "mch_id",
    "nonce_str",
    "notify_url",
    "openid",
    "out_refund_no",
    "out_trade_no",
    "product_id",
    "receipt",
    "refund_fee",
    "result_code",
    "return_code",
    "return_msg",
    "scene_info",
    "sign_type",
    "spbill_create_ip",
    "sub_mch_id",
    "time_end",
    "time_expire",
    "time_start",
    "total_fee",
    "trade_type",
    "transaction_id",
];

const ORDER: &[Option<&str>] = &[Some("unifiedorder")];

/// What libraries write themselves where it is missing.
fn base(_: &'static str, setup: &Setup) -> TextPairs {
    pairs(&[
        ("appid", "wxd930ea5d5a258f4f"),
        ("mch_id", "10000100"),
        ("nonce_str", "ibuaiVcKdpRxkhJA"),
        ("sign_type", setup.sign_type()),
    ])
}

/// Official code trims values, and the `&` behind the last; documents disagree on characters of four bytes; and XML has
/// not every name and character. Editions of XML differ in names beyond ASCII, and an amount is a number.
fn contested(test: Test, name: &str, value: &str) -> Option<&'static str> {
    let is_cut = |one: char| one.is_whitespace() || one <= ' ';
    let is_digits = !value.is_empty() && value.bytes().all(|one| one.is_ascii_digit());
    let is_number = (name.contains("fee") || name.contains("count")) && name != "fee_type";
    if !xml::is_name(name) || !name.is_ascii() {
        Some("a name that XML has not")
    } else if is_number && !is_digits {
        Some("an amount that is no number")
    } else if !value.chars().all(xml::is_character) {
        Some("a character that XML has not")
    } else if value.starts_with(is_cut) || value.ends_with(is_cut) {
        Some("blanks around a value")
    } else if value.ends_with('&') {
        Some("a value that ends with &")
    } else if value.chars().any(|one| one > '\u{FFFF}') {
        Some("a character of four bytes")
    } else if value.is_empty() && test == Test::Operation(Operation::BuildXml) {
        Some("an empty value, sent or not")
    } else {
        None
    }
}

fn rule(asked: &Asked<'_>) -> &'static str {
    match (asked.operation, asked.change) {
        (Operation::Decode, _) => "wechat/a4-text",
        (_, Change::NoSignature | Change::EmptySignature) => "wechat/a3-missing",
        (_, Change::None) if asked.has_empty => "wechat/a2-filter-empty",
        (Operation::VerifyNotify | Operation::VerifyResponse, Change::None) => "wechat/a3-signed",
        (Operation::VerifyNotify | Operation::VerifyResponse, _) => "wechat/a3-compare",
        (Operation::BuildXml, _) => "wechat/a4-write",
        (Operation::BuildClientParams, _) => "wechat/a7-jsapi",
        (Operation::Sign, _) => "wechat/a2-digest",
        _ => "wechat/a2-join",
    }
}
