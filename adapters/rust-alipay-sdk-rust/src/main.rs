//! Puts the crate `alipay_sdk_rust` under test.
//!
//! The library's own functions are called, and nothing about them is changed. What it does not offer is not declared;
//! see README.md.

use alipay_sdk_rust::pay::{PayClient, Payer};
use alipay_sdk_rust::request::{Request as Built, Requester};
use alipay_sdk_rust::{biz, cert, sign, util};
use serde_json::{json, Value};

use protocol::*;

#[path = "../../rust/protocol.rs"]
mod protocol;

/// The fields of the library's request, beside the keys.
const FIELDS: &str =
    "app_cert_sn alipay_root_cert_sn app_id app_auth_token method format charset sign_type sign \
    timestamp version notify_url return_url biz_content";

/// A request as the library sends it: `name=value` pairs and their signature. Its fields are filled as serde fills them.
fn payload(request: &Request) -> Result<String, No> {
    let mut fields = json!({"private_key": bare(request, "private_pkcs1_pem"), "public_key": ""});
    FIELDS.split(' ').for_each(|name| fields[name] = json!(""));
    for (name, value) in params(request) {
        if !FIELDS.split(' ').any(|field| field == name) {
            return Err(No::Unsupported(format!("a request of the library has no field {name}")));
        }
        fields[name] = json!(value);
    }
    fields["sign_type"] = request["sign_type"].clone();
    Ok(serde_json::from_value::<Built>(fields)?.encode_payload()?)
}

fn build_order_string(request: &Request) -> Answer {
    value(json!({"order_string": payload(request)?}))
}

fn build_request(request: &Request) -> Answer {
    value(json!({"wire": format!("{}?{}", text(request, "gateway"), payload(request)?)}))
}

/// The steps of the library's page payment, which itself takes the time of the clock.
fn build_form(request: &Request) -> Answer {
    let values = gostd::net::url::ParseQuery(&payload(request)?)?;
    let mut fields = values.into_iter().map(|(name, values)| (name, values[0].clone())).collect();
    let page = util::build_form(text(request, "gateway"), &mut fields)?;
    value(json!({"html_b64": util::base64_encode(page)}))
}

fn client(request: &Request, gateway: &str) -> Result<impl Payer, No> {
    // It wants a private key before it does anything, also where it only checks: one of the suite's will do.
    let keys: Value = serde_json::from_str(include_str!("../../../vectors/keys.json"))?;
    let private = bare(&json!({"key": keys["keys"]["rsa-2048"]}), "private_pkcs1_pem");
    let key = bare(request, "public_spki_pem");
    let mut builder = PayClient::builder();
    builder.api_url(gateway).app_id("2014072300007148").app_cert_sn("0").alipay_root_cert_sn("0");
    builder.private_key(&private).public_key(&key).alipay_public_key(&key);
    Ok(builder.build()?)
}

fn verify_notify(request: &Request) -> Answer {
    verdict(
        client(request, "https://gateway.example")?
            .async_verify_sign(&bytes(request, "body_b64"))?,
    )
}

/// Asks by the function for the method, such as `trade_query`, and has the network give the reply.
fn verify_response(request: &Request) -> Answer {
    let client = client(request, &gateway(bytes(request, "body_b64"))?)?;
    macro_rules! ask {
        ($($node:literal $function:ident $kind:ident)*) => {
            match request["node"].as_str().unwrap_or("alipay_trade_query_response") {
                $($node => client.$function(&biz::$kind::new()).map(|_| ()),)*
                other => return Err(No::Unsupported(format!("no function for {other}"))),
            }
        };
    }
    let result = ask! {
        "alipay_trade_create_response" trade_create TradeCreateBiz
        "alipay_trade_pay_response" trade_pay TradePayBiz
        "alipay_trade_precreate_response" trade_precreate TradePrecreateBiz
        "alipay_trade_query_response" trade_query TradeQueryBiz
        "alipay_trade_cancel_response" trade_cancel TradeCancelBiz
        "alipay_trade_refund_response" trade_refund TradeRefundBiz
        "alipay_trade_close_response" trade_close TradeCloseBiz
        "alipay_trade_fastpay_refund_query_response" trade_fastpay_refund_query TradeFastpayRefundQueryBiz
    };
    match result {
        // A refusal by the gateway is told after its signature has been checked.
        Err(error) if !error.to_string().starts_with("Alipay error: trade_") => Err(error.into()),
        _ => verdict(true),
    }
}

fn sign_request(request: &Request) -> Answer {
    let item = |name: &str| param(request, name);
    let body = String::from_utf8(bytes(request, "body_b64"));
    let body = body.map_err(|_| No::Unsupported("a body is text".into()))?;
    let headers = serde_json::from_value::<Vec<(String, String)>>(request["headers"].clone())?;
    let token =
        headers.iter().find(|header| header.0.eq_ignore_ascii_case("alipay-app-auth-token"));
    let (method, path, token) =
        (text(request, "method"), text(request, "path"), token.map_or("", |token| &token.1));
    let content = util::build_v3_sign_content(method, path, &body, token, item("timestamp"));
    let mut signer = signer();
    sign::Signer::set_private_key(&mut signer, &bare(request, "private_pkcs1_pem"))?;
    let signature = sign::Signer::sign(&signer, &content)?;
    let header =
        util::build_v3_authorization(item("app_id"), item("nonce"), item("timestamp"), &signature);
    value(
        json!({"signature": signature, "string_to_sign": content, "headers": [["Authorization", header]]}),
    )
}

fn signer() -> impl sign::Signer {
    sign::builder().build()
}

fn certificate_sn(request: &Request) -> Answer {
    value(json!({"sn": cert::cert_sn_from_utf8(text(request, "certificate"))?}))
}

fn root_certificate_sn(request: &Request) -> Answer {
    value(json!({"sn": cert::root_cert_sn_from_utf8(text(request, "certificate"))?}))
}

fn main() {
    let rsa2 = json!({"sign_types": ["RSA2"], "charsets": ["utf-8"]});
    let mapping = json!({"sign_types": ["RSA2"], "charsets": ["utf-8"], "duplicates": false});
    let offer = |protocol, op, bounds: &Value, answer| {
        let bounds = bounds.clone();
        Offer { op, protocol, bounds, answer }
    };
    let (v2, v3) = ("alipay.openapi.v2", "alipay.openapi.v3");
    let offers = [
        offer(v2, "build_request", &mapping, build_request as fn(&Request) -> Answer),
        offer(v2, "build_order_string", &mapping, build_order_string),
        offer(v2, "build_form", &mapping, build_form),
        offer(v2, "verify_notify", &rsa2, verify_notify),
        offer(v2, "verify_response", &rsa2, verify_response),
        offer(v2, "certificate_sn", &json!({}), certificate_sn),
        offer(v2, "root_certificate_sn", &json!({}), root_certificate_sn),
        offer(v3, "sign_request", &rsa2, sign_request),
    ];
    serve("rust-alipay-sdk-rust", "alipay_sdk_rust", "1.0.16", &offers);
}
