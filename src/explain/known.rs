//! The names that callbacks and requests have by their documents.

/// Names of callbacks, and of the requests that a developer may hold against somebody's signature. Sorted.
const NAMES: &[&str] = &[
    "_input_charset",
    "agent_user_id",
    "anti_phishing_key",
    "app_pay",
    "bank_seq_no",
    "batch_no",
    "batch_num",
    "body",
    "business_scene",
    "buyer_actions",
    "buyer_email",
    "buyer_id",
    "charset",
    "coupon_discount",
    "currency",
    "defaultbank",
    "default_bank",
    "detail_data",
    "discount",
    "enable_paymethod",
    "error_code",
    "exter_invoke_ip",
    "exterface",
    "extend_param",
    "extra_common_param",
    "fail_details",
    "gmt_close",
    "gmt_create",
    "gmt_logistics_modify",
    "gmt_payment",
    "gmt_refund",
    "gmt_send_goods",
    "goods_type",
    "is_success",
    "is_total_fee_adjust",
    "it_b_pay",
    "logistics_fee",
    "logistics_payment",
    "logistics_type",
    "need_ctu_check",
    "notify_action_type",
    "notify_id",
    "notify_time",
    "notify_type",
    "notify_url",
    "out_trade_no",
    "partner",
    "pay_user_id",
    "payment_type",
    "paymethod",
    "price",
    "product_code",
    "quantity",
    "qr_pay_mode",
    "receive_address",
    "receive_mobile",
    "receive_name",
    "receive_phone",
    "receive_zip",
    "refund_date",
    "refund_status",
    "result_details",
    "return_url",
    "rmb_fee",
    "royalty_parameters",
    "royalty_type",
    "seller_account_name",
    "seller_actions",
    "seller_email",
    "seller_id",
    "seller_user_id",
    "service",
    "show_url",
    "sign",
    "sign_type",
    "subject",
    "success_details",
    "success_num",
    "token",
    "total_fee",
    "trade_no",
    "trade_status",
    "transport_type",
    "use_coupon",
];

/// What Alipay sends in every notify.
pub(super) const USUAL: &[&str] = &["notify_id", "notify_time", "notify_type"];

/// What a value often is, for a parameter that was lost on the way.
pub(super) const USUAL_VALUES: &[(&str, &str)] = &[
    ("notify_type", "trade_status_sync"),
    ("payment_type", "1"),
    ("is_success", "T"),
    ("exterface", "create_direct_pay_by_user"),
    ("discount", "0.00"),
    ("quantity", "1"),
    ("is_total_fee_adjust", "N"),
    ("is_total_fee_adjust", "Y"),
    ("use_coupon", "N"),
    ("use_coupon", "Y"),
    ("_input_charset", "utf-8"),
    ("_input_charset", "UTF-8"),
    ("_input_charset", "gbk"),
    ("_input_charset", "GBK"),
    ("_input_charset", "gb2312"),
    ("service", "create_direct_pay_by_user"),
    ("trade_status", "TRADE_SUCCESS"),
    ("trade_status", "TRADE_FINISHED"),
    ("business_scene", "qrpay"),
    ("logistics_type", "EXPRESS"),
    ("logistics_fee", "0.00"),
    ("logistics_payment", "SELLER_PAY"),
    ("logistics_payment", "BUYER_PAY"),
    ("seller_actions", "SEND_GOODS"),
];

/// Parameters that often have the value of another one.
pub(super) const USUAL_COPIES: &[(&str, &str)] = &[
    ("price", "total_fee"),
    ("total_fee", "price"),
    ("seller_id", "partner"),
    ("partner", "seller_id"),
    ("notify_time", "gmt_payment"),
    ("notify_time", "gmt_create"),
    ("gmt_payment", "notify_time"),
    ("gmt_payment", "gmt_create"),
    ("gmt_create", "gmt_payment"),
];

/// Amounts, which have two decimals.
pub(super) const AMOUNTS: &[&str] = &[
    "total_fee",
    "price",
    "discount",
    "logistics_fee",
    "rmb_fee",
    "coupon_discount",
    "refund_fee",
];

/// What languages call an empty value, and the empty value itself.
pub(super) const EMPTY_WORDS: &[&[u8]] =
    &[b"", b"null", b"NULL", b"None", b"nil", b"undefined", b"[]", b"\"\""];

/// Whether people write its value: the others hold numbers, dates and constants.
pub(super) fn is_free_text(name: &[u8]) -> bool {
    const NAMES: &[&[u8]] =
        &[b"subject", b"body", b"extra_common_param", b"receive_name", b"receive_address"];
    NAMES.contains(&name) || !is_known(name)
}

/// Whether a document names it. Logistics come in numbered rows.
pub(super) fn is_known(name: &[u8]) -> bool {
    let name = match name {
        [name @ .., b'_', digit] if digit.is_ascii_digit() => name,
        name => name,
    };
    NAMES.iter().any(|known| known.as_bytes() == name)
}
