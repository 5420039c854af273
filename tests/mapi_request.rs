//! Requests against the services' tables: every rule of every service, once kept and once broken.

#![allow(clippy::unwrap_used)]

use alipay_conformance::protocol::mapi::service::{Presence, Service};
use alipay_conformance::protocol::mapi::{RequestError, check_request};
use proptest::prelude::*;

type Base = &'static [(&'static str, &'static str)];
type Edits<'a> = &'a [(&'static str, &'a str)];

const DIRECT: Base = &[
    ("service", "create_direct_pay_by_user"),
    ("partner", "1000000000000000"),
    ("_input_charset", "utf-8"),
    ("out_trade_no", "1"),
    ("subject", "test"),
    ("payment_type", "1"),
    ("seller_id", "1000000000000000"),
    ("total_fee", "0.01"),
];

const ESCROW: Base = &[
    ("service", "create_partner_trade_by_buyer"),
    ("partner", "1000000000000000"),
    ("_input_charset", "utf-8"),
    ("out_trade_no", "1"),
    ("subject", "test"),
    ("payment_type", "1"),
    ("seller_email", "seller@example.com"),
    ("price", "0.01"),
    ("quantity", "1"),
    ("logistics_type", "POST"),
    ("logistics_fee", "0"),
    ("logistics_payment", "SELLER_PAY"),
];

const SHIPMENT: Base = &[
    ("service", "send_goods_confirm_by_platform"),
    ("partner", "1000000000000000"),
    ("trade_no", "2013071958435860"),
    ("logistics_name", "顺丰"),
    ("transport_type", "EXPRESS"),
];

const REFUND: Base = &[
    ("service", "refund_fastpay_by_platform_pwd"),
    ("partner", "1000000000000000"),
    ("_input_charset", "utf-8"),
    ("seller_user_id", "1000000000000000"),
    ("refund_date", "2015-01-01 00:00:00"),
    ("batch_no", "20150101001"),
    ("batch_num", "1"),
    ("detail_data", "1^0.01^test"),
];

const TIMESTAMP: Base = &[("service", "query_timestamp"), ("partner", "1")];

const NOTIFY: Base = &[("service", "notify_verify"), ("partner", "1"), ("notify_id", "1234")];

const QUERY: Base = &[
    ("service", "single_trade_query"),
    ("partner", "1"),
    ("_input_charset", "utf-8"),
    ("out_trade_no", "1"),
];

const GOOD: &[Base] = &[DIRECT, ESCROW, SHIPMENT, REFUND, TIMESTAMP, NOTIFY, QUERY];

/// A request with some parameters set; an empty value takes one away.
fn with(base: Base, edits: Edits<'_>) -> Result<(), RequestError> {
    let mut pairs: Vec<(&str, &str)> = base.to_vec();
    for (name, value) in edits {
        pairs.retain(|(given, _)| given != name);
        pairs.push((name, value));
    }
    check_request(&pairs)
}

#[track_caller]
fn refused(base: Base, edits: Edits<'_>, message: &str) {
    let refusal = with(base, edits).map_err(|error| error.to_string());
    assert_eq!(refusal, Err(message.into()));
}

#[track_caller]
fn taken(base: Base, edits: Edits<'_>) {
    assert_eq!(with(base, edits), Ok(()), "{edits:?}");
}

#[test]
fn the_good_ones_are_taken() {
    for base in GOOD {
        taken(base, &[]);
        taken(base, &[("a_name_of_tomorrow", "1"), ("sign_type", "MD5"), ("sign", "x")]);
    }
    taken(ESCROW, &[("service", "trade_create_by_buyer")]);
}

#[test]
fn each_required_parameter_is_missed() {
    for base in GOOD {
        let service = Service::named(base[0].1).unwrap();
        for name in service.required {
            refused(base, &[(name, "")], &format!("parameter {name} is missing or empty"));
        }
    }
    refused(&[], &[], "parameter service is missing or empty");
}

#[test]
fn each_choice_is_missed() {
    for base in GOOD {
        for presence in Service::named(base[0].1).unwrap().presence {
            let Presence::OneOf(names) = presence else { continue };
            let none: Vec<_> = names.iter().map(|name| (*name, "")).collect();
            let message = format!("expected at least one of {}, got none", names.join(", "));
            refused(base, &none, &message);
        }
    }
}

#[test]
fn unknown_services() {
    refused(QUERY, &[("service", "close_trade")], "unknown service \"close_trade\"");
    refused(QUERY, &[("service", "Single_Trade_Query")], "unknown service \"Single_Trade_Query\"");
}

#[test]
fn a_name_stands_once() {
    let mut pairs = DIRECT.to_vec();
    pairs.push(("body", ""));
    assert_eq!(check_request(&pairs), Ok(()));
    pairs.push(("body", ""));
    let error = check_request(&pairs).unwrap_err();
    assert_eq!(error.to_string(), "parameter \"body\" is given twice");
}

#[test]
fn charsets() {
    for charset in ["GBK", "gbk", "gb2312", "UTF-8"] {
        taken(DIRECT, &[("_input_charset", charset)]);
        taken(TIMESTAMP, &[("_input_charset", charset)]);
    }
    for charset in ["utf8", "gb18030", "big5"] {
        let message =
            format!("parameter _input_charset: expected utf-8, gbk or gb2312, got {charset:?}");
        for base in GOOD {
            refused(base, &[("_input_charset", charset)], &message);
        }
    }
}

#[test]
fn total_fee_or_price_and_quantity() {
    taken(DIRECT, &[("total_fee", ""), ("price", "0.01"), ("quantity", "1")]);
    for (edits, message) in [
        (
            &[("price", "0.01"), ("quantity", "1")][..],
            "parameters total_fee and price exclude each other, got both",
        ),
        (&[("quantity", "1")], "parameters total_fee and quantity exclude each other, got both"),
        (
            &[("total_fee", ""), ("price", "0.01")],
            "parameter quantity is missing or empty: it goes together with price",
        ),
        (
            &[("total_fee", ""), ("quantity", "1")],
            "expected at least one of total_fee, price, got none",
        ),
    ] {
        refused(DIRECT, edits, message);
    }
    taken(ESCROW, &[("total_fee", "0.01")]);
}

#[test]
fn amounts() {
    for fee in ["0.01", "100000000", "100000000.00", "327.0", "1.37", "100"] {
        taken(DIRECT, &[("total_fee", fee)]);
    }
    for fee in ["0", "0.00", "100000000.01", "0.001", "-1", "1,000", "1e2", ".5", "1.", " 1"] {
        let message = format!(
            "parameter total_fee: expected an amount in yuan from 0.01 to 100000000.00, at most two decimals, \
             got {fee:?}"
        );
        refused(DIRECT, &[("total_fee", fee)], &message);
    }
    taken(ESCROW, &[("discount", "-0.01")]);
    taken(ESCROW, &[("logistics_fee", "0.00")]);
    refused(
        ESCROW,
        &[("logistics_fee", "-1")],
        "parameter logistics_fee: expected an amount in yuan of at most nine digits and two decimals, got \"-1\"",
    );
    refused(
        ESCROW,
        &[("discount", "--1")],
        "parameter discount: expected an amount in yuan of at most nine digits and two decimals, perhaps negative, \
         got \"--1\"",
    );
    for quantity in ["0", "01", "1.5", "-1", "a"] {
        let message = format!(
            "parameter quantity: expected a whole number from 1 without leading zeros, got {quantity:?}"
        );
        refused(ESCROW, &[("quantity", quantity)], &message);
    }
}

#[test]
fn lengths_count_bytes_of_gbk() {
    for (base, name, limit) in [
        (DIRECT, "out_trade_no", 64),
        (DIRECT, "subject", 256),
        (DIRECT, "payment_type", 4),
        (DIRECT, "body", 1_000),
        (DIRECT, "extra_common_param", 100),
        (DIRECT, "exter_invoke_ip", 15),
        (DIRECT, "show_url", 400),
        (ESCROW, "exter_invoke_ip", 15),
        (ESCROW, "receive_phone", 30),
        (SHIPMENT, "trade_no", 64),
        (SHIPMENT, "logistics_name", 64),
        (SHIPMENT, "invoice_no", 32),
    ] {
        taken(base, &[(name, &"a".repeat(limit))]);
        taken(base, &[(name, &"中".repeat(limit / 2))]);
        let longer = "中".repeat(limit / 2 + 1);
        for (value, length) in [("a".repeat(limit + 1), limit + 1), (longer, limit / 2 * 2 + 2)] {
            let message = format!(
                "parameter {name}: expected at most {limit} bytes, a Chinese character counting two, got {length}"
            );
            refused(base, &[(name, &value)], &message);
        }
    }
}

#[test]
fn characters_that_the_gateway_refuses() {
    for character in ['#', '%', '&', '+'] {
        for name in ["subject", "body", "extra_common_param"] {
            for base in [DIRECT, ESCROW] {
                let error = with(base, &[(name, &format!("a{character}b"))]).unwrap_err();
                let start = format!("parameter {name}: expected text without any of #%&+");
                assert!(error.to_string().starts_with(&start), "{error}");
            }
        }
    }
    taken(DIRECT, &[("body", "a=b"), ("subject", "<\"'>")]);
    refused(
        DIRECT,
        &[("extra_common_param", "a=b")],
        "parameter extra_common_param: expected text without any of #%&+=, got \"a=b\"",
    );
}

#[test]
fn addresses() {
    let long = format!("http://a/{}", "b".repeat(181));
    taken(DIRECT, &[("notify_url", &long), ("return_url", "https://example.com")]);
    for url in [
        "/some_url",
        "example.com/a",
        "ftp://example.com/",
        "http://",
        "http:///a",
        "http://a/?id=1",
        "//a",
        "HTTP://a/",
        "http://a b/",
    ] {
        for (base, name) in [(DIRECT, "notify_url"), (ESCROW, "return_url"), (REFUND, "notify_url")]
        {
            let message = format!(
                "parameter {name}: expected an absolute http or https address without a query, got {url:?}"
            );
            refused(base, &[(name, url)], &message);
        }
    }
    refused(
        DIRECT,
        &[("notify_url", &format!("{long}b"))],
        "parameter notify_url: expected at most 190 bytes, a Chinese character counting two, got 191",
    );
    taken(DIRECT, &[("return_url", &format!("{long}{}", "b".repeat(10)))]);
    taken(DIRECT, &[("show_url", "http://example.com/?id=1")]);
}

#[test]
fn time_to_pay() {
    for time in ["1m", "21600m", "1h", "360h", "1d", "15d", "1c"] {
        taken(DIRECT, &[("it_b_pay", time)]);
    }
    for time in [
        "0m",
        "21601m",
        "361h",
        "16d",
        "2c",
        "1.5d",
        "01d",
        "d",
        "1",
        "1D",
        "1dd",
        "1md",
        "c",
        "11c",
        "99999999999999999999m",
    ] {
        let message = format!(
            "parameter it_b_pay: expected 1m to 15d in whole minutes (m), hours (h) or days (d), or 1c, got {time:?}"
        );
        refused(DIRECT, &[("it_b_pay", time)], &message);
    }
}

#[test]
fn bank_payment() {
    taken(DIRECT, &[("paymethod", "bankPay"), ("defaultbank", "ICBCB2C")]);
    taken(DIRECT, &[("paymethod", "directPay")]);
    refused(
        DIRECT,
        &[("paymethod", "bankPay")],
        "parameter defaultbank is missing or empty: it goes together with paymethod",
    );
    refused(
        DIRECT,
        &[("defaultbank", "ICBCB2C")],
        "parameter paymethod: expected bankPay, as defaultbank is given, got \"\"",
    );
    refused(
        DIRECT,
        &[("paymethod", "directPay"), ("defaultbank", "ICBCB2C")],
        "parameter paymethod: expected bankPay, as defaultbank is given, got \"directPay\"",
    );
}

#[test]
fn royalty() {
    let one = ("royalty_type", "10");
    taken(DIRECT, &[one, ("royalty_parameters", "a@b.c^0.01^x")]);
    taken(
        DIRECT,
        &[one, ("total_fee", "10"), ("royalty_parameters", "a@b.c^6^x|a@b.c^uid2088^4.00^y")],
    );
    for (edits, message) in [
        (
            &[one][..],
            "parameter royalty_parameters is missing or empty: it goes together with royalty_type",
        ),
        (
            &[("royalty_parameters", "a@b.c^0.01^x")],
            "parameter royalty_type is missing or empty: it goes together with royalty_parameters",
        ),
        (
            &[("royalty_type", "9"), ("royalty_parameters", "a@b.c^0.01^x")],
            "parameter royalty_type: expected one of 10, got \"9\"",
        ),
        (
            &[one, ("royalty_parameters", "a@b.c^0.01^x|b")],
            "parameter royalty_parameters: item 2: expected payee^amount^memo or payer^payee^amount^memo, got \"b\"",
        ),
        (
            &[one, ("royalty_parameters", "a^0.01^x|b^0.01^y")],
            "parameter royalty_parameters: expected shares of at most 0.01 in sum, got \"a^0.01^x|b^0.01^y\"",
        ),
        (
            &[
                one,
                ("total_fee", ""),
                ("price", "1"),
                ("quantity", "2"),
                ("royalty_parameters", "a^2.01^"),
            ],
            "parameter royalty_parameters: expected shares of at most 2.00 in sum, got \"a^2.01^\"",
        ),
    ] {
        refused(DIRECT, edits, message);
    }
}

#[test]
fn logistics() {
    let second = [
        ("logistics_type_1", "EMS"),
        ("logistics_fee_1", "1.00"),
        ("logistics_payment_1", "BUYER_PAY_AFTER_RECEIVE"),
    ];
    taken(ESCROW, &second);
    refused(
        ESCROW,
        &second[..2],
        "parameter logistics_payment_1 is missing or empty: it goes together with logistics_type_1",
    );
    let mut same = second;
    same[0].1 = "POST";
    refused(
        ESCROW,
        &same,
        "parameter logistics_type_1: expected another value than those before it of logistics_type, \
         logistics_type_1, logistics_type_2, got \"POST\"",
    );
    refused(
        ESCROW,
        &[("logistics_type", "post")],
        "parameter logistics_type: expected one of POST, EXPRESS, EMS, DIRECT, got \"post\"",
    );
    refused(
        ESCROW,
        &[("logistics_payment", "FREE")],
        "parameter logistics_payment: expected one of SELLER_PAY, BUYER_PAY, BUYER_PAY_AFTER_RECEIVE, got \"FREE\"",
    );
    refused(
        SHIPMENT,
        &[("create_transport_type", "SHIP")],
        "parameter create_transport_type: expected one of POST, EXPRESS, EMS, DIRECT, got \"SHIP\"",
    );
}

#[test]
fn the_recipient_is_whole_or_absent() {
    taken(
        ESCROW,
        &[("receive_name", "张三"), ("receive_address", "西湖区"), ("receive_zip", "310000")],
    );
    taken(ESCROW, &[("receive_mobile", "13800000000")]);
    refused(
        ESCROW,
        &[("receive_name", "张三"), ("receive_zip", "310000")],
        "parameter receive_address is missing or empty: it goes together with receive_name",
    );
}

#[test]
fn refunds() {
    taken(REFUND, &[("batch_num", "2"), ("detail_data", "1^0.01^a#2^0.02^b")]);
    for (edits, message) in [
        (
            &[("refund_date", "2015-01-01")][..],
            "parameter refund_date: expected a time as yyyy-MM-dd HH:mm:ss, got \"2015-01-01\"",
        ),
        (
            &[("batch_no", "123456789")],
            "parameter batch_no: expected 20150101 and 3 to 24 letters or digits other than 000, got \"123456789\"",
        ),
        (
            &[("batch_num", "2")],
            "parameter batch_num: expected 1, the number of items in detail_data, got \"2\"",
        ),
        (
            &[("batch_num", "01")],
            "parameter batch_num: expected a whole number from 1 without leading zeros, got \"01\"",
        ),
        (
            &[("detail_data", "1^0.01^a$b")],
            "parameter detail_data: item 1: expected a reason without ^, |, $ and #, got \"a$b\"",
        ),
    ] {
        refused(REFUND, edits, message);
    }
    let most = vec!["1^0.01^a"; 1_000].join("#");
    taken(REFUND, &[("batch_num", "1000"), ("detail_data", &most)]);
    refused(
        REFUND,
        &[("batch_num", "1001"), ("detail_data", &format!("{most}#1^0.01^a"))],
        "parameter detail_data: 1001 items: expected at most 1000",
    );
}

#[test]
fn a_message_stays_short_whatever_came() {
    let error = with(DIRECT, &[("it_b_pay", &"中".repeat(100_000))]).unwrap_err();
    assert!(error.to_string().len() < 400);
}

proptest! {
    #[test]
    fn never_panics(
        service in prop::sample::select(Service::ALL),
        values in prop::collection::vec((0..100usize, "\\PC{0,8}|[0-9.^#|mhdc-]{0,8}"), 0..30),
    ) {
        let mut names: Vec<_> =
            service.parameters.concat().iter().map(|parameter| parameter.name).collect();
        names.extend(service.required);
        let mut pairs = vec![("service", service.name.to_owned())];
        pairs.extend(values.into_iter().map(|(index, value)| (names[index % names.len()], value)));
        pairs.dedup_by_key(|(name, _)| *name);
        let _ = check_request(&pairs);
    }
}
