//! The services' tables.
//!
//! Sources: the request table of instant payment (<https://www.cnblogs.com/suanshun/p/7357463.html>,
//! <https://blog.csdn.net/q0126a/article/details/83724674>); for escrow and the dual interface the field lists of
//! chloerei/alipay and liuyug/django-alipay, as the official table was not found; for shipment
//! <https://www.cnblogs.com/blogzys/archive/2012/07/20/2598939.html>; for the batch refund public copies of its
//! document; for the query <https://docs.antom.com/ac/global/single_trade_query>.

use super::service::Agreement::{Distinct, Refund, Royalty};
use super::service::Presence::{Exclusive, OneOf, Together, With};
use super::service::{Format, Length, Parameter, Presence, Service};

pub(super) const ALL: &[Service] = &[
    Service {
        name: "create_direct_pay_by_user",
        required: TRADE_REQUIRED,
        presence: &[
            SELLER,
            Exclusive("total_fee", &["price", "quantity"]),
            OneOf(&["total_fee", "price"]),
            Together(&["price", "quantity"]),
            BANK,
            Together(&["royalty_type", "royalty_parameters"]),
        ],
        parameters: &[TRADE, DIRECT],
        agreements: &[Royalty],
        length: Length::Gbk,
    },
    Service { name: "trade_create_by_buyer", ..ESCROW_SERVICE },
    Service { name: "create_partner_trade_by_buyer", ..ESCROW_SERVICE },
    Service {
        name: "send_goods_confirm_by_platform",
        required: &["service", "partner", "trade_no", "logistics_name"],
        presence: &[OneOf(&["transport_type", "create_transport_type"])],
        parameters: &[CHARSET, TRADE_NO, SHIPMENT],
        agreements: &[],
        length: Length::Gbk,
    },
    Service {
        name: "refund_fastpay_by_platform_pwd",
        required: &["service", "partner", "refund_date", "batch_no", "batch_num", "detail_data"],
        presence: &[OneOf(&["seller_user_id", "seller_email"])],
        parameters: &[CHARSET, REFUND],
        agreements: &[Refund],
        length: Length::Gbk,
    },
    Service {
        name: "query_timestamp",
        required: &["service", "partner"],
        presence: &[],
        parameters: &[CHARSET],
        agreements: &[],
        length: Length::Gbk,
    },
    Service {
        name: "notify_verify",
        required: &["service", "partner", "notify_id"],
        presence: &[],
        parameters: &[CHARSET],
        agreements: &[],
        length: Length::Gbk,
    },
    Service {
        name: "single_trade_query",
        required: &["service", "partner", "_input_charset"],
        presence: &[OneOf(&["trade_no", "out_trade_no"])],
        parameters: &[CHARSET, TRADE_NO, &[OUT_TRADE_NO]],
        agreements: &[],
        length: Length::Gbk,
    },
];

/// `total_fee` beside price and quantity is let through: one library says that escrow does not take it, another sends
/// both.
const ESCROW_SERVICE: Service = Service {
    name: "",
    required: &[
        "service",
        "partner",
        "_input_charset",
        "out_trade_no",
        "subject",
        "payment_type",
        "price",
        "quantity",
        "logistics_type",
        "logistics_fee",
        "logistics_payment",
    ],
    presence: &[
        SELLER,
        BANK,
        Together(&["logistics_type_1", "logistics_fee_1", "logistics_payment_1"]),
        Together(&["logistics_type_2", "logistics_fee_2", "logistics_payment_2"]),
        Together(&["receive_name", "receive_address", "receive_zip"]),
    ],
    parameters: &[TRADE, ESCROW],
    agreements: &[Distinct(&["logistics_type", "logistics_type_1", "logistics_type_2"])],
    length: Length::Gbk,
};

const TRADE_REQUIRED: &[&str] =
    &["service", "partner", "_input_charset", "out_trade_no", "subject", "payment_type"];

const SELLER: Presence = OneOf(&["seller_id", "seller_account_name", "seller_email"]);

const BANK: Presence = With { parameter: "paymethod", value: "bankPay", other: "defaultbank" };

const CHARSET: &[Parameter] = &[INPUT_CHARSET];
const INPUT_CHARSET: Parameter = Parameter::new("_input_charset", Format::Charset);
const OUT_TRADE_NO: Parameter = Parameter::text("out_trade_no", 64);

/// What the three services that create a trade share.
const TRADE: &[Parameter] = &[
    INPUT_CHARSET,
    OUT_TRADE_NO,
    Parameter::limited("subject", 256, Format::Without(&['#', '%', '&', '+'])),
    Parameter::text("payment_type", 4),
    Parameter::new("price", Format::Amount),
    Parameter::new("quantity", Format::Count),
    Parameter::text("seller_id", 16),
    Parameter::text("seller_account_name", 100),
    Parameter::text("seller_email", 100),
    Parameter::text("buyer_id", 16),
    Parameter::text("buyer_account_name", 100),
    Parameter::text("buyer_email", 100),
    Parameter::limited("body", 1_000, Format::Without(&['#', '%', '&', '+'])),
    Parameter::limited("extra_common_param", 100, Format::Without(&['#', '%', '&', '+', '='])),
    Parameter::text("show_url", 400),
    Parameter::text("exter_invoke_ip", 15),
    Parameter::limited("notify_url", 190, Format::Url),
    Parameter::limited("return_url", 200, Format::Url),
];

const DIRECT: &[Parameter] = &[
    Parameter::new("total_fee", Format::TotalFee),
    Parameter::new("it_b_pay", Format::Timeout),
    Parameter::new("need_ctu_check", YES_NO),
    Parameter::new("default_login", YES_NO),
    Parameter::text("product_type", 50),
    Parameter::text("token", 40),
    Parameter::new("royalty_type", Format::Values(&["10"])),
];

const ESCROW: &[Parameter] = &[
    Parameter::new("total_fee", Format::Amount),
    Parameter::new("discount", Format::Discount),
    Parameter::new("logistics_type", LOGISTICS_TYPE),
    Parameter::new("logistics_fee", Format::Amount),
    Parameter::new("logistics_payment", LOGISTICS_PAYMENT),
    Parameter::new("logistics_type_1", LOGISTICS_TYPE),
    Parameter::new("logistics_fee_1", Format::Amount),
    Parameter::new("logistics_payment_1", LOGISTICS_PAYMENT),
    Parameter::new("logistics_type_2", LOGISTICS_TYPE),
    Parameter::new("logistics_fee_2", Format::Amount),
    Parameter::new("logistics_payment_2", LOGISTICS_PAYMENT),
    Parameter::text("receive_name", 128),
    Parameter::text("receive_address", 256),
    Parameter::text("receive_zip", 20),
    Parameter::text("receive_phone", 30),
];

const TRADE_NO: &[Parameter] = &[Parameter::text("trade_no", 64)];

const SHIPMENT: &[Parameter] = &[
    Parameter::text("logistics_name", 64),
    Parameter::text("invoice_no", 32),
    Parameter::new("transport_type", LOGISTICS_TYPE),
    Parameter::new("create_transport_type", LOGISTICS_TYPE),
    Parameter::text("seller_ip", 15),
];

/// The lists are looked at by [`Refund`].
const REFUND: &[Parameter] = &[
    Parameter::limited("notify_url", 200, Format::Url),
    Parameter::new("refund_date", Format::Time),
    Parameter::new("batch_num", Format::Count),
];

const YES_NO: Format = Format::Values(&["Y", "N"]);
const LOGISTICS_TYPE: Format = Format::Values(&["POST", "EXPRESS", "EMS", "DIRECT"]);
const LOGISTICS_PAYMENT: Format =
    Format::Values(&["SELLER_PAY", "BUYER_PAY", "BUYER_PAY_AFTER_RECEIVE"]);
