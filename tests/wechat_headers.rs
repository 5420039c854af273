//! WeChat Pay v3 in HTTP headers: what no vector shows.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use alipay_conformance::params::Params;
use alipay_conformance::protocol::headers::{
    HeaderError, HeaderPipeline, Message, OPENAPI_V3, Scratch, WECHATPAY_V3,
};
use alipay_conformance::protocol::pipeline::{REFERENCE, Stages};
use alipay_conformance::protocol::wechatpay::window::{WindowError, window};
use alipay_conformance::signature::{PrivateKey, SignType, SigningKey, VerifyError, VerifyingKey};

const TIME: u64 = 1_730_000_000;

fn key() -> SigningKey {
    PrivateKey::parse(include_bytes!("keys/rsa-1024.pkcs8.pem")).unwrap().into()
}

fn items() -> Params {
    [("mchid", "1900007291"), ("nonce_str", "n1"), ("timestamp", "1554208460"), ("serial_no", "A1")]
        .into_iter()
        .collect()
}

fn no_headers() -> Params {
    Params::new()
}

/// The verdict on a request with this header.
fn authorised(value: &str) -> Result<(), HeaderError> {
    let headers: Params = [("authorization", value)].into_iter().collect();
    let message = Message { method: b"GET", path: b"/v3/x?y=1", headers: &headers, body: b"" };
    let key = key().verifying_key();
    let pipeline = HeaderPipeline::new(WECHATPAY_V3.request);
    pipeline.verify(&message, SignType::Rsa2, &key, &mut Scratch::new())
}

fn signed(items: &Params) -> Result<String, HeaderError> {
    let headers = no_headers();
    let message = Message { method: b"GET", path: b"/v3/x?y=1", headers: &headers, body: b"" };
    let pipeline = HeaderPipeline::new(WECHATPAY_V3.request);
    let signed = pipeline.sign(&message, items, SignType::Rsa2, &key(), &mut Scratch::new())?;
    Ok(String::from_utf8(signed.value).unwrap())
}

#[test]
fn an_authorization_header_has_items_in_quotes_in_any_order() {
    let text = signed(&items()).unwrap();
    let (scheme, right) = text.split_once(' ').unwrap();
    assert_eq!(scheme, "WECHATPAY2-SHA256-RSA2048");
    assert!(right.starts_with(
        r#"mchid="1900007291",nonce_str="n1",timestamp="1554208460",serial_no="A1","#
    ));
    assert_eq!(authorised(&text), Ok(()));

    let mut order: Vec<_> = right.split(',').collect();
    for _ in 0..order.len() {
        order.rotate_left(1);
        assert_eq!(authorised(&format!("{scheme} {}", order.join(","))), Ok(()), "{order:?}");
        assert_eq!(authorised(&format!("{scheme} {}", order.join(", "))), Ok(()), "with blanks");
    }

    let header = "Authorization";
    let changed = |from: &str, to: &str| authorised(&text.replacen(from, to, 1));
    let begins = HeaderError::Begins { header, expected: "WECHATPAY2-SHA256-RSA2048 " };
    assert_eq!(changed("WECHATPAY2", "WECHATPAY3"), Err(begins));
    assert_eq!(changed("mchid=\"1900007291\"", "mchid=\"1\""), Ok(()), "it is not signed");
    let mismatch = Err(HeaderError::Verify(VerifyError::Mismatch));
    assert_eq!(changed("nonce_str=\"n1\"", "nonce_str=\"n2\""), mismatch);
    assert_eq!(changed("timestamp=\"1", "timestamp=\"01"), mismatch);
    let no_item = |offset| Err(HeaderError::NoItem { header, offset });
    assert_eq!(changed("\"n1\"", "n1"), no_item(45), "no quotation marks");
    assert_eq!(changed("\"n1\"", "\"n1"), no_item(45));
    assert_eq!(changed("\"n1\"", "\"n\"1\""), no_item(45), "one within");
    assert_eq!(changed("\"n1\"", "\""), no_item(45), "one for both");
    assert_eq!(
        changed("nonce_str=\"n1\"", "nonce_str=\"\""),
        Err(HeaderError::Missing { name: "nonce_str" })
    );
    assert_eq!(changed(",nonce_str=\"n1\"", ""), Err(HeaderError::Missing { name: "nonce_str" }));
    let twice = Err(HeaderError::RepeatedItem { header });
    assert_eq!(changed("mchid", "nonce_str"), twice);
    assert_eq!(authorised(&format!("{text},signature=\"x\"")), twice);
    assert_eq!(changed("signature=", "signatur="), Err(HeaderError::NoSignature { header }));
}

#[test]
fn an_item_that_would_not_read_back_is_not_written() {
    for value in ["a\"b", "a,b", "a\nb"] {
        let mut items = items();
        items.push(b"x", value.as_bytes());
        let refused = HeaderError::Unwritable { header: "Authorization", index: 4 };
        assert_eq!(signed(&items), Err(refused), "{value:?}");
    }
}

fn answer(time: &str) -> Params {
    let mut headers: Params =
        [("wechatpay-serial", "S2"), ("Wechatpay-Timestamp", time), ("Wechatpay-Nonce", "n")]
            .into_iter()
            .collect();
    let message = Message { method: b"", path: b"", headers: &headers, body: b"{}" };
    let pipeline = HeaderPipeline::new(WECHATPAY_V3.reply);
    let signed =
        pipeline.sign(&message, &Params::new(), SignType::Rsa2, &key(), &mut Scratch::new());
    let signed = signed.unwrap();
    headers.push(signed.name.as_bytes(), &signed.value);
    headers
}

fn verdict(headers: &Params, keys: &[(&str, VerifyingKey)], now: u64) -> Result<(), HeaderError> {
    let message = Message { method: b"", path: b"", headers, body: b"{}" };
    let pipeline = HeaderPipeline::new(WECHATPAY_V3.notify.unwrap());
    pipeline.verify_now(&message, SignType::Rsa2, keys, now, &mut Scratch::new())
}

#[test]
fn the_key_is_the_one_that_is_named() {
    let stranger = PrivateKey::parse(include_bytes!("keys/rsa-2048.pkcs8.pem")).unwrap();
    let stranger = SigningKey::from(stranger).verifying_key();
    let right = key().verifying_key();
    let headers = answer("1730000000");
    let both = [("S1", stranger.clone()), ("S2", right.clone())];
    assert_eq!(verdict(&headers, &both, TIME), Ok(()));
    let swapped = [("S1", right.clone()), ("S2", stranger)];
    assert_eq!(verdict(&headers, &swapped, TIME), Err(VerifyError::Mismatch.into()));
    let unknown = Err(HeaderError::UnknownKey { header: "Wechatpay-Serial" });
    assert_eq!(verdict(&headers, &[("S1", right.clone())], TIME), unknown);
    assert_eq!(verdict(&headers, &[("s2", right.clone())], TIME), unknown, "text, not a number");
    assert_eq!(verdict(&headers, &[], TIME), unknown);

    let none: Params = headers.iter().filter(|(name, _)| *name != b"wechatpay-serial").collect();
    let missing = Err(HeaderError::Missing { name: "Wechatpay-Serial" });
    assert_eq!(verdict(&none, &[("S2", right.clone())], TIME), missing);

    let message = Message { method: b"GET", path: b"/", headers: &headers, body: b"" };
    let request = HeaderPipeline::new(OPENAPI_V3.reply);
    let keys = [("S2", right)];
    let error = request.verify_now(&message, SignType::Rsa2, &keys, TIME, &mut Scratch::new());
    assert_eq!(error, Err(HeaderError::NoOrigin));
}

#[test]
fn the_window_is_of_five_minutes_to_either_side() {
    let keys = [("S2", key().verifying_key())];
    let headers = answer("1730000000");
    for now in [TIME - 300, TIME, TIME + 300] {
        assert_eq!(verdict(&headers, &keys, now), Ok(()), "{now}");
    }
    let stale = |seconds| Err(HeaderError::Window(WindowError::Outside { seconds }));
    assert_eq!(verdict(&headers, &keys, TIME + 301), stale(301));
    assert_eq!(verdict(&headers, &keys, TIME - 301), stale(301));
    assert_eq!(verdict(&headers, &keys, 0), stale(TIME));
    assert_eq!(verdict(&headers, &keys, u64::MAX), stale(u64::MAX - TIME));

    // Stale is said of what is genuine alone.
    let mut forged = answer("1730000000");
    forged = forged.iter().filter(|(name, _)| *name != b"Wechatpay-Nonce").collect();
    forged.push(b"Wechatpay-Nonce", b"m");
    assert_eq!(verdict(&forged, &keys, 0), Err(VerifyError::Mismatch.into()));
}

#[test]
fn a_time_is_digits_alone() {
    for time in ["", "+1", "-1", " 1", "1 ", "1.0", "1e9", "0x1", "１"] {
        assert_eq!(window(time.as_bytes(), 1), Err(WindowError::NotSeconds), "{time:?}");
    }
    assert_eq!(window(b"0000000001", 1), Ok(()));
    let far = "9".repeat(8000);
    assert_eq!(window(far.as_bytes(), 0), Err(WindowError::Outside { seconds: u64::MAX }));
    assert_eq!(window(far.as_bytes(), u64::MAX), Ok(()), "the largest time there is");
}

#[test]
fn the_window_is_a_stage() {
    let stages = Stages { window: |_, _| Ok(()), ..REFERENCE };
    let pipeline = HeaderPipeline { stages, ..HeaderPipeline::new(WECHATPAY_V3.reply) };
    let headers = answer("1730000000");
    let message = Message { method: b"", path: b"", headers: &headers, body: b"{}" };
    let keys = [("S2", key().verifying_key())];
    let ever = pipeline.verify_now(&message, SignType::Rsa2, &keys, 0, &mut Scratch::new());
    assert_eq!(ever, Ok(()));
}

#[test]
fn another_scheme_is_refused() {
    let keys = [("S2", key().verifying_key())];
    let mut headers = answer("1730000000");
    headers.push(b"Wechatpay-Signature-Type", b"WECHATPAY2-SM2-WITH-SM3");
    let error = verdict(&headers, &keys, TIME).unwrap_err().to_string();
    assert_eq!(
        error,
        "the message's algorithm is \"WECHATPAY2-SM2-WITH-SM3\": expected WECHATPAY2-SHA256-RSA2048"
    );
}
