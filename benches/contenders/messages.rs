//! The messages that are measured, in the order in which they are usually written and sent: not sorted.

use alipay_conformance::charset::Charset;
use alipay_conformance::form;
use alipay_conformance::params::Params;
use alipay_conformance::protocol::MAPI;
use alipay_conformance::protocol::pipeline::{Pipeline, Scratch};
use alipay_conformance::signature::{SignType, SigningKey};

/// 20 parameters, 703 bytes in UTF-8.
pub(crate) const REQUEST: [(&str, &str); 20] = [
    ("service", "create_direct_pay_by_user"),
    ("partner", "1000000000000000"),
    ("_input_charset", "utf-8"),
    ("notify_url", "https://shop.example.com/payments/alipay/notify"),
    ("return_url", "https://shop.example.com/payments/alipay/return"),
    ("error_notify_url", "https://shop.example.com/payments/alipay/error"),
    ("out_trade_no", "20240601123456789012"),
    ("subject", "夏季新款纯棉短袖衬衫"),
    ("payment_type", "1"),
    ("total_fee", "129.00"),
    ("seller_id", "1000000000000000"),
    ("seller_email", "seller@shop.example.com"),
    ("body", "纯棉短袖衬衫，白色，加大号，两件；请在工作日送货"),
    ("show_url", "https://shop.example.com/item/10086"),
    ("anti_phishing_key", "KP3FUWNBC2J4MBZRUG"),
    ("exter_invoke_ip", "203.0.113.10"),
    ("extra_common_param", "渠道：手机网页"),
    ("it_b_pay", "1d"),
    ("qr_pay_mode", "1"),
    ("paymethod", "directPay"),
];

/// 20 parameters that are signed, with the texts of the request.
const NOTIFY: [(&str, &str); 20] = [
    ("payment_type", "1"),
    ("subject", "夏季新款纯棉短袖衬衫"),
    ("trade_no", "2024060121001004880000000001"),
    ("buyer_email", "buyer@example.com"),
    ("gmt_create", "2024-06-01 12:34:57"),
    ("notify_type", "trade_status_sync"),
    ("quantity", "1"),
    ("out_trade_no", "20240601123456789012"),
    ("seller_id", "1000000000000000"),
    ("notify_time", "2024-06-01 12:35:21"),
    ("body", "纯棉短袖衬衫，白色，加大号，两件；请在工作日送货"),
    ("trade_status", "TRADE_SUCCESS"),
    ("is_total_fee_adjust", "N"),
    ("total_fee", "129.00"),
    ("gmt_payment", "2024-06-01 12:35:20"),
    ("seller_email", "seller@shop.example.com"),
    ("price", "129.00"),
    ("buyer_id", "1000000000000001"),
    ("notify_id", "RqPnCoPT3K9%2Fvwbh3I%2BODmZS9o4qChHwPWbaS7UMBJpUnBJlzg42y9A8gQlzU6m3fOhG"),
    ("extra_common_param", "渠道：手机网页"),
];

pub(crate) fn request() -> Params {
    Params::encode(REQUEST, Charset::Utf8).unwrap()
}

/// The body of a notify, signed.
pub(crate) fn notify(charset: Charset, sign_type: SignType, key: &SigningKey) -> Vec<u8> {
    signed(Params::encode(NOTIFY, charset).unwrap(), sign_type, key)
}

/// As many parameters, shuffled, whose names begin alike: the eight bytes that are compared first decide nothing.
pub(crate) fn many(parameters: usize) -> Params {
    // The odd multiplier runs through all numbers below a power of two, each once.
    let shuffled = (0..parameters).map(|n| n.wrapping_mul(0x9E37_79B1) & 0xFFFF_FFFF);
    shuffled.map(|n| (format!("logistics_{n:08x}"), "EXPRESS")).collect()
}

pub(crate) fn signed(mut params: Params, sign_type: SignType, key: &SigningKey) -> Vec<u8> {
    let signature = Pipeline::new(MAPI).sign(&params, sign_type, key, &mut Scratch::new()).unwrap();
    params.push(b"sign_type", sign_type.name().as_bytes());
    params.push(b"sign", signature.as_str().as_bytes());
    form::encode(&params).into_bytes()
}

/// The member of a reply that is signed.
pub(crate) const REPLY: &str = "alipay_trade_query_response";

/// A reply with the texts of the notify, as many times over as it has items. Its signature is none.
pub(crate) fn reply(charset: Charset, items: usize) -> Vec<u8> {
    let members =
        NOTIFY.map(|(name, value)| format!("\"{name}\":\"{}\"", value.replace('/', "\\/")));
    let item = format!("{{{}}}", members.join(","));
    let list = vec![item; items].join(",");
    let node = format!("{{\"code\":\"10000\",\"msg\":\"Success\",\"list\":[{list}]}}");
    let body = format!("{{\"{REPLY}\":{node},\"sign\":\"{}\"}}", "QUJD".repeat(86));
    charset.encode(&body).unwrap().into_owned()
}
