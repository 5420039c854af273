//! [`check_request`]: what an order must hold, before it is written.
//!
//! Sources: the product's table of parameters, quoted in
//! <https://github.com/shima-park/alipay/blob/fc768af0484722eadb818708ed6bb21ec3277a01/mobile_payment.go>; for orders in
//! another currency <https://docs.antom.com/ac/mapi/orderStr>.

use crate::protocol::mapi::service::{Format, Length, Parameter, Presence, Service};
use crate::protocol::mapi::{self, RequestError};

/// Checks the parameters of an order against the product's table, as
/// [`mapi::check_request`](crate::protocol::mapi::check_request) does for the legacy gateway.
///
/// Two tables differ about `notify_url`, so that it may be absent. The length of `seller_id` is not looked at: the table
/// gives 16, and an e-mail address as its example.
///
/// # Errors
/// The first rule that is broken, with the parameters it is about.
///
/// ```
/// use alipay_conformance::protocol::mobile::check_request;
///
/// let mut params = vec![
///     ("service", "mobile.securitypay.pay"),
///     ("partner", "1000000000000000"),
///     ("_input_charset", "utf-8"),
///     ("out_trade_no", "20240520-1"),
///     ("subject", "a book"),
///     ("payment_type", "1"),
///     ("seller_id", "1000000000000000"),
///     ("body", "a book"),
/// ];
/// let error = check_request(&params).unwrap_err();
/// assert_eq!(error.to_string(), "expected at least one of total_fee, rmb_fee, got none");
/// params.push(("total_fee", "0.01"));
/// check_request(&params)?;
/// # Ok::<(), alipay_conformance::protocol::mapi::RequestError>(())
/// ```
pub fn check_request<N: AsRef<str>, V: AsRef<str>>(params: &[(N, V)]) -> Result<(), RequestError> {
    mapi::check_by(&[ORDER], params)
}

const ORDER: Service = Service {
    name: "mobile.securitypay.pay",
    required: &[
        "service",
        "partner",
        "_input_charset",
        "out_trade_no",
        "subject",
        "payment_type",
        "seller_id",
        "body",
    ],
    presence: &[Presence::OneOf(&["total_fee", "rmb_fee"])],
    parameters: &[&[
        Parameter::new("_input_charset", Format::Values(&["utf-8", "UTF-8"])),
        Parameter::text("partner", 16),
        Parameter::text("notify_url", 200),
        Parameter::text("return_url", 200),
        Parameter::text("out_trade_no", 64),
        // At most 128 Chinese characters, of which each counts two.
        Parameter::limited("subject", 256, UNQUOTED),
        Parameter::limited("body", 1_024, UNQUOTED),
        Parameter::limited("payment_type", 4, Format::Values(&["1"])),
        Parameter::new("total_fee", Format::TotalFee),
        Parameter::new("goods_type", Format::Values(&["0", "1"])),
        Parameter::new("rn_check", Format::Values(&["T", "F"])),
        Parameter::new("it_b_pay", Format::Expiry),
        Parameter::text("extern_token", 32),
    ]],
    agreements: &[],
    length: Length::Gbk,
};

/// A quote would end the value.
const UNQUOTED: Format = Format::Without(&['"']);
