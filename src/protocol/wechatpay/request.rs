//! What the interfaces of version 2 require of a request.
//!
//! Sources: the tables of the interfaces (<https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_1>,
//! <https://pay.weixin.qq.com/doc/v2/partner/4011939979>, <https://www.cnblogs.com/rockchen/p/4479029.html>), and what the
//! official PHP SDK checks before it sends. Where editions differ, what one of them allows is allowed here: `@` in
//! numbers, an `out_refund_no` of 64 characters, a `body` of 128, a refund without `op_user_id`.

use crate::protocol::mapi::RequestError;
use crate::protocol::mapi::request::check;
use crate::protocol::mapi::service::Agreement::Later;
use crate::protocol::mapi::service::Presence::{OneOf, When};
use crate::protocol::mapi::service::{Format, Length, Parameter, Service};

/// Checks the parameters of a request against the table of the interface at an address.
///
/// As [`mapi::check_request`](crate::protocol::mapi::check_request): an empty value counts as absent, a name that stands
/// twice is refused, and names that the table does not know are allowed.
///
/// # Errors
/// The first rule that is broken, with the parameters it is about; an address of no interface that is known is an
/// [`UnknownService`](RequestError::UnknownService).
///
/// ```
/// use alipay_conformance::protocol::wechatpay::request::check_request;
///
/// let mut params = vec![
///     ("appid", "wx2421b1c4370ec43b"),
///     ("mch_id", "10000100"),
///     ("nonce_str", "ec2316275641faa3aacf3cc599e8730f"),
/// ];
/// let address = "https://api.mch.weixin.qq.com/pay/orderquery";
/// assert_eq!(
///     check_request(address, &params).unwrap_err().to_string(),
///     "expected at least one of transaction_id, out_trade_no, got none"
/// );
/// params.push(("out_trade_no", "1415659990"));
/// check_request(address, &params)?;
/// # Ok::<(), alipay_conformance::protocol::mapi::RequestError>(())
/// ```
pub fn check_request<N: AsRef<str>, V: AsRef<str>>(
    address: &str,
    params: &[(N, V)],
) -> Result<(), RequestError> {
    check(params, |_| {
        let path = address.strip_prefix(HOST).unwrap_or_default();
        let interface = INTERFACES.iter().find(|interface| interface.name == path);
        interface.ok_or_else(|| RequestError::UnknownService { got: address.to_owned() })
    })
}

/// Where the interfaces are.
pub const HOST: &str = "https://api.mch.weixin.qq.com";

/// The interfaces, each with its path for a name.
///
/// ```
/// use alipay_conformance::protocol::wechatpay::request::INTERFACES;
///
/// assert_eq!(INTERFACES[0].name, "/pay/unifiedorder");
/// ```
pub const INTERFACES: &[Service] = &[
    Service {
        name: "/pay/unifiedorder",
        required: &[
            "appid",
            "mch_id",
            "nonce_str",
            "body",
            "out_trade_no",
            "total_fee",
            "spbill_create_ip",
            "notify_url",
            "trade_type",
        ],
        presence: &[
            When { parameter: "trade_type", value: "JSAPI", other: "openid" },
            When { parameter: "trade_type", value: "NATIVE", other: "product_id" },
        ],
        agreements: &[Later("time_start", "time_expire")],
        ..INTERFACE
    },
    Service {
        name: "/pay/orderquery",
        presence: &[OneOf(&["transaction_id", "out_trade_no"])],
        ..INTERFACE
    },
    Service {
        name: "/secapi/pay/refund",
        required: &["appid", "mch_id", "nonce_str", "out_refund_no", "total_fee", "refund_fee"],
        presence: &[OneOf(&["transaction_id", "out_trade_no"])],
        ..INTERFACE
    },
    Service {
        name: "/pay/refundquery",
        presence: &[OneOf(&["refund_id", "out_refund_no", "transaction_id", "out_trade_no"])],
        ..INTERFACE
    },
];

/// What all of them share. A name means the same in each.
const INTERFACE: Service = Service {
    name: "",
    required: &["appid", "mch_id", "nonce_str"],
    presence: &[],
    parameters: &[PARAMETERS],
    agreements: &[],
    length: Length::Utf8,
};

const NUMBER: Format = Format::Word(&['_', '-', '|', '*', '@']);

const PARAMETERS: &[Parameter] = &[
    Parameter::text("appid", 32),
    Parameter::text("mch_id", 32),
    Parameter::text("device_info", 32),
    Parameter::text("nonce_str", 32),
    Parameter::new("sign_type", Format::Values(&["MD5", "HMAC-SHA256"])),
    Parameter::text("body", 128),
    Parameter::text("detail", 6_000),
    Parameter::text("attach", 127),
    Parameter::limited("out_trade_no", 32, NUMBER),
    Parameter::text("fee_type", 16),
    Parameter::new("total_fee", Format::Fen),
    Parameter::limited("spbill_create_ip", 64, Format::Ip),
    Parameter::new("time_start", Format::CompactTime),
    Parameter::new("time_expire", Format::CompactTime),
    Parameter::text("goods_tag", 32),
    Parameter::limited("notify_url", 256, Format::Url),
    Parameter::new("trade_type", Format::Values(&["JSAPI", "NATIVE", "APP", "MWEB"])),
    Parameter::text("product_id", 32),
    Parameter::new("limit_pay", Format::Values(&["no_credit"])),
    Parameter::text("openid", 128),
    Parameter::text("receipt", 8),
    Parameter::text("scene_info", 256),
    Parameter::text("transaction_id", 32),
    Parameter::text("refund_id", 32),
    Parameter::limited("out_refund_no", 64, NUMBER),
    Parameter::new("refund_fee", Format::Fen),
    Parameter::text("refund_fee_type", 16),
    Parameter::text("refund_desc", 80),
    Parameter::new(
        "refund_account",
        Format::Values(&["REFUND_SOURCE_UNSETTLED_FUNDS", "REFUND_SOURCE_RECHARGE_FUNDS"]),
    ),
    Parameter::text("op_user_id", 32),
];

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: [(&str, &str); 10] = [
        ("appid", "wx2421b1c4370ec43b"),
        ("mch_id", "10000100"),
        ("nonce_str", "1add1a30ac87aa2db72f57a2375d8fec"),
        ("body", "JSAPI"),
        ("out_trade_no", "1415659990"),
        ("total_fee", "1"),
        ("spbill_create_ip", "14.23.150.211"),
        ("notify_url", "https://wxpay.wxutil.com/pub_v2/pay/notify.v2.php"),
        ("trade_type", "JSAPI"),
        ("openid", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"),
    ];

    fn error(name: &'static str, value: &'static str) -> String {
        let changed = ORDER.map(|pair| if pair.0 == name { (name, value) } else { pair });
        check_request(&format!("{HOST}/pay/unifiedorder"), &changed).unwrap_err().to_string()
    }

    #[test]
    fn an_error_says_which_parameter_what_was_expected_and_what_came() {
        check_request(&format!("{HOST}/pay/unifiedorder"), &ORDER).unwrap();
        assert_eq!(
            error("openid", ""),
            "parameter openid is missing or empty: it goes together with trade_type"
        );
        assert_eq!(
            error("total_fee", "0.01"),
            "parameter total_fee: expected a whole number of fen from 1 without leading zeros, got \"0.01\""
        );
        assert_eq!(
            error("out_trade_no", "订单#1"),
            "parameter out_trade_no: expected ASCII letters, digits and _-|*@, got \"订单#1\""
        );
        assert_eq!(
            error("nonce_str", "汉汉汉汉汉汉汉汉汉汉汉"),
            "parameter nonce_str: expected at most 32 bytes of UTF-8, got 33"
        );
    }

    #[test]
    fn an_address_names_one_interface() {
        for address in ["", "/pay/orderquery", "http://api.mch.weixin.qq.com/pay/orderquery", HOST]
        {
            let error = check_request(address, &ORDER).unwrap_err();
            assert!(matches!(error, RequestError::UnknownService { .. }), "{address}");
        }
    }
}
