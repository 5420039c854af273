//! Puts the crate `wechat-pay-rust-sdk` under test.
//!
//! The library's own functions are called, and nothing about them is changed. What it does not offer is not declared;
//! see README.md.

use base64::{engine::general_purpose::STANDARD, Engine};
use serde_json::{json, Value};
use wechat_pay_rust_sdk::model::WechatPayNotify;
use wechat_pay_rust_sdk::pay::{PayNotifyTrait, WechatPay, WechatPayTrait};

use protocol::{bytes, header, param, serve, text, value, verdict, Answer, No, Offer, Request};

#[path = "../../rust/protocol.rs"]
mod protocol;

/// The library's client, of which only what the case is about is set.
fn client(request: &Request) -> WechatPay {
    let key = &request["key"];
    let (app, private) = (param(request, "appid"), text(key, "private_pkcs8_pem"));
    WechatPay::new(app, "", private, "", text(key, "api_v3"), "")
}

/// The same with the time and the nonce of the case, for which the library asks its trait.
struct Timed<'a> {
    pay: WechatPay,
    request: &'a Request,
}

macro_rules! the_same {
    ($($function:ident)*) => { $(fn $function(&self) -> String { self.pay.$function() })* };
}

impl WechatPayTrait for Timed<'_> {
    the_same! { appid mch_id private_key serial_no v3_key notify_url base_url }

    fn rsa_sign(&self, content: impl AsRef<str>) -> String {
        self.pay.rsa_sign(content)
    }

    fn now_timestamp(&self) -> String {
        param(self.request, "timestamp").into()
    }

    fn nonce_str(&self) -> String {
        param(self.request, "nonce_str").into()
    }
}

/// What `jsapi_pay` makes of the answer to an order. For an app, its parameters are put together by the caller.
fn build_client_params(request: &Request) -> Answer {
    if text(request, "client") != "jsapi" {
        return Err(No::Unsupported("not all parameters of an app".into()));
    }
    let client = Timed { pay: client(request), request };
    if client.now_timestamp().is_empty()
        || client.nonce_str().is_empty()
        || client.nonce_str().contains('\n')
    {
        return Err(No::Unsupported("it writes the nonce and the time itself".into()));
    }
    let data = client.mut_sign_data("prepay_id=", param(request, "prepay_id"));
    value(
        json!({"signature": data.pay_sign, "client_params": [["appId", data.app_id], ["timeStamp", data.timestamp],
        ["nonceStr", data.nonce_str], ["package", data.package], ["signType", data.sign_type],
        ["paySign", data.pay_sign]]}),
    )
}

/// What the library is given: by the caller, who reads the headers and looks for the key that they name.
fn given<'a>(found: Option<&'a str>, what: &str) -> Result<&'a str, No> {
    found.ok_or_else(|| No::Unsupported(format!("the caller finds {what}")))
}

fn verify_notify(request: &Request) -> Answer {
    let body = String::from_utf8(bytes(request, "body_b64"))
        .map_err(|_| No::Unsupported("a body is text".into()))?;
    let head = |name| given(header(request, name), name);
    let serial = head("Wechatpay-Serial")?;
    let named = |key: &&Value| text(key, "id") == serial;
    let key = request["keys"].as_array().into_iter().flatten().find(named);
    let key = given(key.map(|key| text(key, "public_spki_pem")), "the key")?;
    let client = client(request);
    let (timestamp, nonce) = (head("Wechatpay-Timestamp")?, head("Wechatpay-Nonce")?);
    client.verify_signature(key, timestamp, nonce, head("Wechatpay-Signature")?, &body)?;
    let resource = serde_json::from_str::<WechatPayNotify>(&body)?.resource;
    let data = resource.associated_data.unwrap_or_default();
    let plain = client.decrypt_bytes(resource.ciphertext, resource.nonce, data)?;
    match serde_json::from_slice::<Value>(&plain) {
        Ok(Value::Object(_)) => verdict(true),
        _ => Err(No::Unsupported("the caller reads the content".into())),
    }
}

fn decrypt(request: &Request) -> Answer {
    let nonce =
        request["nonce"].as_str().ok_or(No::Unsupported("no function for a field".into()))?;
    let data = text(request, "associated_data");
    let plain = client(request).decrypt_bytes(text(request, "ciphertext"), nonce, data)?;
    value(json!({"content_b64": STANDARD.encode(plain)}))
}

fn main() {
    let bounds = json!({"sign_types": ["RSA2"], "charsets": ["utf-8"], "duplicates": false});
    let offer = |op, answer| Offer { op, protocol: "wechatpay.v3", bounds: bounds.clone(), answer };
    let offers = [
        offer("build_client_params", build_client_params as fn(&Request) -> Answer),
        offer("verify_notify", verify_notify),
        offer("decrypt", decrypt),
    ];
    serve("rust-wechat-pay-rust-sdk", "wechat-pay-rust-sdk", "0.2.21", &offers);
}
