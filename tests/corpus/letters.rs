//! Seeds of `explain` whose signature stands in a header.

use alipay_conformance::params::Params;
use alipay_conformance::protocol::headers::{
    ANTOM, HeaderPipeline, Message, OPENAPI_V3, Scheme, Scratch, WECHATPAY_V3,
};
use alipay_conformance::signature::{PrivateKey, SignType, SigningKey};
use alipay_conformance::vector::case::KeyForm;
use alipay_conformance::vector::load::VectorSet;

use crate::seeds::Files;

type Pairs<'a> = &'a [(&'a str, &'a str)];

/// Messages whose signature stands in a header, of each kind: as they are, with a body written anew, and with two
/// signatures.
pub(crate) fn all(set: &VectorSet) -> Files {
    let key = set.keys()["rsa-1024"].form(KeyForm::PrivatePkcs8Pem).unwrap();
    let key = SigningKey::from(PrivateKey::parse(key).unwrap());
    let wechat = [
        ("Wechatpay-Serial", "PUB_KEY_ID_1"),
        ("Wechatpay-Timestamp", "1722850421"),
        ("Wechatpay-Nonce", "d824f2e0"),
    ];
    let of_wechat =
        [("mchid", "1"), ("nonce_str", "n"), ("timestamp", "1722850421"), ("serial_no", "1D")];
    let of_alipay = [("app_id", "1"), ("nonce", "n"), ("timestamp", "1655869956477")];
    let of_antom = [("algorithm", "RSA256"), ("keyVersion", "1")];
    let reply = [("client-id", "C1"), ("response-time", "2019-05-28T12:12:14+08:00")];
    let v3_reply = [("alipay-timestamp", "1655869956477"), ("alipay-nonce", "n")];
    let kinds: [(&str, &str, Scheme, Pairs<'_>, Pairs<'_>); 5] = [
        ("wechat_notice", "POST /notify HTTP/1.1", WECHATPAY_V3.reply, &[], &wechat),
        ("wechat_request", "POST /v3/pay HTTP/1.1", WECHATPAY_V3.request, &of_wechat, &[]),
        ("v3_request", "POST /v3/pay HTTP/1.1", OPENAPI_V3.request, &of_alipay, &[]),
        ("v3_reply", "HTTP/1.1 200 OK", OPENAPI_V3.reply, &[], &v3_reply),
        ("antom_reply", "HTTP/1.1 200 OK", ANTOM.reply, &of_antom, &reply),
    ];
    let mut files = Files::new();
    for (name, first, scheme, items, headers) in kinds {
        let params: Params = headers.iter().copied().collect();
        let body = r#"{"a":"支/付"}"#;
        let (method, path) = (b"POST", b"/v3/pay");
        let message = Message { method, path, headers: &params, body: body.as_bytes() };
        let items: Params = items.iter().copied().collect();
        let pipeline = HeaderPipeline::new(scheme);
        let signed =
            pipeline.sign(&message, &items, SignType::Rsa2, &key, &mut Scratch::new()).unwrap();
        let value = String::from_utf8(signed.value).unwrap();
        let lines: String =
            headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let carrier = format!("{}: {value}\n", signed.name);
        // The public key, and the request of a reply.
        let seed = |text: String| [b"\x41", text.as_bytes()].concat();
        let head = format!("{first}\n{lines}{carrier}");
        files.insert(name.into(), seed(format!("{head}\n{body}")));
        let anew = r#"{"a": "\u652f\/\u4ed8"}"#;
        files.insert(format!("{name}_anew"), seed(format!("{head}\n{anew}\n")));
        files.insert(format!("{name}_twice"), seed(format!("{head}{carrier}\n{body}")));
    }
    files
}
