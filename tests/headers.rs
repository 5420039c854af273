//! Signatures in HTTP headers: what no vector shows.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use alipay_conformance::params::Params;
use alipay_conformance::protocol::headers::{
    ANTOM, HeaderError, HeaderPipeline, MAX_HEADERS, MAX_ITEMS, MAX_VALUE, Message, OPENAPI_V3,
    Scheme, Scratch,
};
use alipay_conformance::signature::{PrivateKey, SignError, SignType, SigningKey, VerifyError};

const TOKEN: &str = "202208BBtoken";

fn key() -> SigningKey {
    PrivateKey::parse(include_bytes!("keys/rsa-1024.pkcs8.pem")).unwrap().into()
}

fn items() -> Params {
    [("app_id", "2014"), ("nonce", "n1"), ("timestamp", "1667804301218")].into_iter().collect()
}

fn antom_headers() -> Params {
    [("client-id", "C1"), ("request-time", "1685599933871")].into_iter().collect()
}

fn get() -> Message<'static> {
    static HEADERS: LazyLock<Params> = LazyLock::new(Params::new);
    Message { method: b"GET", path: b"/v3/x", headers: &HEADERS, body: b"" }
}

fn antom() -> Message<'static> {
    static HEADERS: LazyLock<Params> = LazyLock::new(antom_headers);
    Message { method: b"POST", path: b"/pay", headers: &HEADERS, body: b"{}" }
}

fn sign(scheme: Scheme, message: &Message<'_>, items: &Params) -> Result<Vec<u8>, HeaderError> {
    let mut scratch = Scratch::new();
    let pipeline = HeaderPipeline::new(scheme);
    pipeline.sign(message, items, SignType::Rsa2, &key(), &mut scratch).map(|signed| signed.value)
}

fn verify(scheme: Scheme, message: &Message<'_>) -> Result<(), HeaderError> {
    let key = key().verifying_key();
    HeaderPipeline::new(scheme).verify(message, SignType::Rsa2, &key, &mut Scratch::new())
}

/// The verdict on a version 3 request with this header.
fn authorised(value: &[u8]) -> Result<(), HeaderError> {
    let headers: Params = [("authorization", value)].into_iter().collect();
    verify(OPENAPI_V3.request, &Message { headers: &headers, ..get() })
}

fn with(headers: &Params, name: &str, value: &[u8]) -> Params {
    let mut headers = headers.clone();
    headers.push(name.as_bytes(), value);
    headers
}

#[test]
fn a_body_of_ten_megabytes_is_signed_and_verified() {
    let body = vec![b'x'; 10 << 20];
    let headers = antom_headers();
    let message = Message { method: b"POST", path: b"/pay", headers: &headers, body: &body };
    let value = sign(ANTOM.request, &message, &Params::new()).unwrap();
    let headers = with(&headers, "Signature", &value);
    let message = Message { headers: &headers, ..message };
    assert_eq!(verify(ANTOM.request, &message), Ok(()));
    let shorter = Message { body: &body[1..], ..message };
    assert_eq!(verify(ANTOM.request, &shorter), Err(VerifyError::Mismatch.into()));
}

#[test]
fn a_hundred_thousand_headers_cost_nothing() {
    let many: Params = (0..100_000).map(|n| (format!("x-{n}"), "v")).collect();
    let start = Instant::now();
    let message = Message { headers: &many, ..get() };
    let refused = Err(HeaderError::TooMany { count: 100_000 });
    assert_eq!(sign(OPENAPI_V3.request, &message, &items()), refused.clone());
    assert_eq!(verify(OPENAPI_V3.reply, &message), refused.map(drop));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());

    let most: Params = (0..MAX_HEADERS).map(|n| (format!("x-{n}"), "v")).collect();
    assert!(sign(OPENAPI_V3.request, &Message { headers: &most, ..get() }, &items()).is_ok());
}

#[test]
fn long_values_and_many_items_are_refused() {
    let signed = |length| authorised(&[b"ALIPAY-SHA256withRSA ", &*vec![b'a'; length]].concat());
    let begins = "ALIPAY-SHA256withRSA ".len();
    let header = "Authorization";
    assert_eq!(
        signed(MAX_VALUE - begins + 1),
        Err(HeaderError::TooLong { name: header, bytes: MAX_VALUE + 1 })
    );
    assert_eq!(signed(MAX_VALUE - begins), Err(HeaderError::NoItem { header, offset: begins }));

    let many = |count: usize| (0..count).map(|n| (format!("x{n}"), "v")).collect::<Params>();
    let few = sign(ANTOM.request, &antom(), &many(MAX_ITEMS - 1)).unwrap();
    let headers = with(&antom_headers(), "signature", &few);
    assert_eq!(verify(ANTOM.request, &Message { headers: &headers, ..antom() }), Ok(()));
    let header = "signature";
    let refused = HeaderError::TooManyItems { header };
    assert_eq!(sign(ANTOM.request, &antom(), &many(MAX_ITEMS)), Err(refused.clone()));
    let headers = with(&antom_headers(), header, &[&few[..], b",one=more"].concat());
    assert_eq!(verify(ANTOM.request, &Message { headers: &headers, ..antom() }), Err(refused));

    let long: Params = [("x", "v".repeat(MAX_VALUE))].into_iter().collect();
    let error = sign(ANTOM.request, &antom(), &long).unwrap_err();
    assert_eq!(error, HeaderError::TooLong { name: header, bytes: MAX_VALUE + 2 });
}

#[test]
fn nothing_that_is_a_line_may_hold_a_line_feed() {
    let refused = |message: &Message<'_>, place, offset| {
        let expected = Err(HeaderError::ControlByte { place, offset });
        assert_eq!(sign(OPENAPI_V3.request, message, &items()), expected);
    };
    refused(&Message { path: b"/v3/x\n{}", ..get() }, "path", 5);
    refused(&Message { path: b"/\x7F", ..get() }, "path", 1);
    let token = [("alipay-app-auth-token", "a\r\nb")].into_iter().collect();
    refused(&Message { headers: &token, ..get() }, "alipay-app-auth-token", 1);

    let method = |method| sign(OPENAPI_V3.request, &Message { method, ..get() }, &items());
    assert_eq!(method(b"GET\n/"), Err(HeaderError::NoMethod));
    assert_eq!(method(b""), Err(HeaderError::Missing { name: "method" }));
    let path = |path| sign(OPENAPI_V3.request, &Message { path, ..get() }, &items());
    assert_eq!(path(b""), Err(HeaderError::Missing { name: "path" }));
    for wrong in [&b"v3/x"[..], b"https://openapi.alipay.com/v3/x", b"/a b", b" /a"] {
        assert_eq!(path(wrong), Err(HeaderError::NoPath), "{}", wrong.escape_ascii());
    }
}

#[test]
fn items_that_would_not_read_back_are_not_written() {
    let header = "Authorization";
    for (name, value) in
        [("", "v"), ("a=b", "v"), ("a,b", "v"), ("a b", "v"), ("a", "v,sign=x"), ("a", "v\n")]
    {
        let items = with(&items(), name, value.as_bytes());
        let refused = Err(HeaderError::Unwritable { header, index: 3 });
        assert_eq!(sign(OPENAPI_V3.request, &get(), &items), refused, "{name:?} {value:?}");
    }
    for name in ["sign", "nonce"] {
        let refused = Err(HeaderError::RepeatedItem { header });
        assert_eq!(sign(OPENAPI_V3.request, &get(), &with(&items(), name, b"x")), refused);
    }
    let alone = sign(OPENAPI_V3.reply, &get(), &items());
    assert_eq!(alone, Err(HeaderError::Missing { name: "alipay-timestamp" }));
}

#[test]
fn an_authorization_header_is_read_strictly() {
    let right = sign(OPENAPI_V3.request, &get(), &items()).unwrap();
    assert_eq!(authorised(&right), Ok(()));
    let text = String::from_utf8(right).unwrap();
    let changed = |from: &str, to: &str| authorised(text.replacen(from, to, 1).as_bytes());
    let (_, signature) = text.split_once(",sign=").unwrap();
    let header = "Authorization";
    let mismatch = Err(HeaderError::Verify(VerifyError::Mismatch));

    let begins = HeaderError::Begins { header, expected: "ALIPAY-SHA256withRSA " };
    assert_eq!(changed("ALIPAY-", "alipay-"), Err(begins.clone()));
    assert_eq!(changed("SHA256withRSA ", "SHA256withRSA"), Err(begins.clone()));
    assert_eq!(changed("SHA256", "SHA1"), Err(begins));
    assert_eq!(changed("app_id=2014", "app_id=2014="), mismatch, "a stray equals sign");
    assert_eq!(changed("app_id=2014,nonce=n1", "nonce=n1,app_id=2014"), mismatch);
    assert_eq!(changed(",nonce", ", nonce"), mismatch, "the text is what is signed");
    assert_eq!(changed("nonce=n1", "nonce_str=n1"), Err(HeaderError::Missing { name: "nonce" }));
    assert_eq!(changed("nonce=n1", "nonce="), Err(HeaderError::Missing { name: "nonce" }));
    assert_eq!(changed("nonce=n1", "nonce"), Err(HeaderError::NoItem { header, offset: 33 }));
    assert_eq!(changed("nonce=n1", "=n1"), Err(HeaderError::NoItem { header, offset: 33 }));
    assert_eq!(changed("nonce=n1", "nonce=n1,"), Err(HeaderError::NoItem { header, offset: 42 }));
    assert_eq!(changed("app_id=", "nonce="), Err(HeaderError::RepeatedItem { header }));
    assert_eq!(changed(",sign=", ",sing="), Err(HeaderError::NoSignature { header }));
    assert_eq!(changed(signature, ""), Err(HeaderError::NoSignature { header }));
    let last = HeaderError::SignatureNotLast { header };
    assert_eq!(authorised(format!("{text},x=y").as_bytes()), Err(last));
    assert_eq!(authorised(b""), Err(HeaderError::NoSignature { header }));
    let control = HeaderError::ControlByte { place: header, offset: text.len() };
    assert_eq!(authorised(format!("{text}\n").as_bytes()), Err(control));

    let headers: Params = [(header, &text), ("AUTHORIZATION", &text)].into_iter().collect();
    let twice = verify(OPENAPI_V3.request, &Message { headers: &headers, ..get() });
    assert_eq!(twice, Err(HeaderError::Repeated { name: header }));
}

#[test]
fn sign_type_and_key_are_the_callers() {
    let pipeline = HeaderPipeline::new(OPENAPI_V3.request);
    let mut scratch = Scratch::new();
    for sign_type in [SignType::Rsa, SignType::Md5] {
        let signed = pipeline.sign(&get(), &items(), sign_type, &key(), &mut scratch);
        assert_eq!(signed, Err(HeaderError::SignType(sign_type)));
        let verdict = pipeline.verify(&get(), sign_type, &key().verifying_key(), &mut scratch);
        assert_eq!(verdict, Err(HeaderError::SignType(sign_type)));
    }
    let secret = alipay_conformance::signature::Secret::new("s").unwrap().into();
    let signed = pipeline.sign(&get(), &items(), SignType::Rsa2, &secret, &mut scratch);
    let kind = SignError::KeyKind { sign_type: SignType::Rsa2 };
    assert_eq!(signed, Err(HeaderError::Sign(kind)));
}

#[test]
fn nothing_shows_a_token() {
    let headers: Params = [("alipay-app-auth-token", TOKEN), ("x", TOKEN)].into_iter().collect();
    let path = format!("/v3/x?auth_token={TOKEN}");
    let message =
        Message { path: path.as_bytes(), headers: &headers, body: TOKEN.as_bytes(), ..get() };
    let shown = format!("{message:?}");
    assert!(!shown.contains(TOKEN) && shown.contains("alipay-app-auth-token"), "{shown}");

    let twice = with(&headers, "Alipay-App-Auth-Token", TOKEN.as_bytes());
    let control = [("alipay-app-auth-token", format!("{TOKEN}\n"))].into_iter().collect();
    let long = [("alipay-app-auth-token", TOKEN.repeat(MAX_VALUE))].into_iter().collect();
    for headers in [twice, control, long] {
        let message = Message { headers: &headers, ..get() };
        let error = sign(OPENAPI_V3.request, &message, &items()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(TOKEN), "{error}");
    }
}

#[test]
fn errors_say_what_is_expected() {
    let header = "signature";
    for (error, text) in [
        (HeaderError::Missing { name: "client-id" }, "no client-id, or an empty one: it is needed"),
        (HeaderError::TooMany { count: 1001 }, "1001 headers: at most 1000 are accepted"),
        (
            HeaderError::TooLong { name: "signature", bytes: 9000 },
            "the header \"signature\" has 9000 bytes: at most 8192 are accepted",
        ),
        (HeaderError::TooManyItems { header }, "the header \"signature\" has more than 32 items"),
        (
            HeaderError::OtherAlgorithm { expected: "RSA256", got: b"ECC\xFF".to_vec() },
            "the message's algorithm is \"ECC\\xff\": expected RSA256",
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
}
