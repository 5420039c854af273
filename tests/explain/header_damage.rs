//! Every circumstance of messages whose signature stands in a header, by itself.

use alipay_conformance::explain::capture::capture;
use alipay_conformance::explain::{Budget, Finding, GivenKey, Question, explain};
use alipay_conformance::params::Params;
use alipay_conformance::protocol::headers::{
    ANTOM, Message, OPENAPI_V3, Scheme, WECHATPAY_V3, lines,
};
use alipay_conformance::signature::{PrivateKey, SignType, sign};

use crate::scene::{ids, private, verifying};

const NOTICE: &str = r#"{"id":"EV-1","create_time":"2026-01-02T03:04:05+08:00","resource_type":"encrypt-resource","event_type":"TRANSACTION.SUCCESS","summary":"支付成功","resource":{"original_type":"transaction","algorithm":"AEAD_AES_256_GCM","ciphertext":"a/b+c=","associated_data":"transaction","nonce":"n"}}"#;

/// A message before and behind its signing.
pub(crate) struct Letter {
    scheme: Scheme,
    items: &'static str,
    method: String,
    path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    sign_type: SignType,
    pub(crate) keys: Vec<(&'static str, Vec<u8>)>,
    is_reply: bool,
}

/// What WeChat Pay sends.
pub(crate) fn notice() -> Letter {
    letter(
        WECHATPAY_V3.reply,
        "",
        &[
            ("Wechatpay-Serial", "PUB_KEY_ID_1"),
            ("Wechatpay-Timestamp", "1722850421"),
            ("Wechatpay-Nonce", "d824f2e086d3c1df967785d13fcd22ef"),
        ],
    )
}

fn request() -> Letter {
    let items = r#"mchid="1900009191",nonce_str="n1",timestamp="1722850421",serial_no="1DDE""#;
    letter(WECHATPAY_V3.request, items, &[("Host", "pay.example")])
}

fn alipay_request() -> Letter {
    letter(OPENAPI_V3.request, "app_id=2014060600164699,nonce=n1,timestamp=1655869956477", &[])
}

pub(crate) fn antom_reply() -> Letter {
    let headers = [("client-id", "C1"), ("response-time", "2019-05-28T12:12:14+08:00")];
    let letter = letter(ANTOM.reply, "algorithm=RSA256,keyVersion=1", &headers);
    Letter { is_reply: true, ..letter }
}

fn letter(scheme: Scheme, items: &'static str, headers: &[(&str, &str)]) -> Letter {
    let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    Letter {
        scheme,
        items,
        method: "POST".into(),
        path: "/v3/pay/notify?a=1".into(),
        headers: headers.collect(),
        body: NOTICE.into(),
        sign_type: SignType::Rsa2,
        keys: vec![("the key", verifying("rsa-2048"))],
        is_reply: false,
    }
}

impl Letter {
    pub(crate) fn sign(&mut self) {
        let headers: Params = self.headers.iter().map(|(name, value)| (name, value)).collect();
        let (method, path) = (self.method.as_bytes(), self.path.as_bytes());
        let message = Message { method, path, headers: &headers, body: &self.body };
        let mut string = Vec::new();
        lines(&self.scheme, &message, self.items.as_bytes(), &mut string);
        let key = PrivateKey::parse(private("rsa-2048")).unwrap().into();
        let signature = sign(self.sign_type, &key, &string).unwrap();
        let carrier = self.scheme.carrier;
        let written = carrier.write_signature(signature.as_str());
        let value = carrier.write(self.items.as_bytes(), &written);
        self.headers.push((carrier.header.into(), String::from_utf8(value).unwrap()));
    }

    pub(crate) fn header(&mut self, name: &str) -> &mut String {
        &mut self.headers.iter_mut().find(|header| header.0 == name).unwrap().1
    }

    pub(crate) fn carrier(&mut self) -> &mut String {
        self.header(self.scheme.carrier.header)
    }

    pub(crate) fn text(&mut self, change: impl Fn(&str) -> String) {
        self.body = change(std::str::from_utf8(&self.body).unwrap()).into_bytes();
    }

    pub(crate) fn captured(&self) -> Vec<u8> {
        let first = match self.is_reply {
            true => "HTTP/1.1 200 OK".to_owned(),
            false => format!("{} {} HTTP/1.1", self.method, self.path),
        };
        let lines = self.headers.iter().map(|(name, value)| format!("{name}: {value}"));
        let length = format!("Content-Length: {}", self.body.len());
        let head: Vec<String> = [first].into_iter().chain(lines).chain([length]).collect();
        [head.join("\r\n").as_bytes(), b"\r\n\r\n", &self.body].concat()
    }

    pub(crate) fn given(&self) -> Vec<GivenKey> {
        self.keys.iter().map(|(name, text)| GivenKey::new(*name, text.clone())).collect()
    }

    pub(crate) fn finding(&self) -> Finding {
        self.asked(|_| {}, Budget::default())
    }

    /// Asked otherwise than usual.
    pub(crate) fn asked(&self, change: impl Fn(&mut Question<'_>), budget: Budget) -> Finding {
        let captured = capture(&self.captured(), None).unwrap();
        let keys = self.given();
        let mut question = Question::new(&captured, &keys);
        let request = (self.method.as_bytes(), self.path.as_bytes());
        question.request = self.is_reply.then_some(request);
        change(&mut question);
        explain(&question, budget, &|| false)
    }
}

/// A circumstance: what is different when the message is signed, and what happens to it afterwards.
struct Damage {
    id: &'static str,
    of: fn() -> Letter,
    before: fn(&mut Letter),
    done: fn(&mut Letter),
}

const NOTHING: fn(&mut Letter) = |_| {};

macro_rules! damages {
    ($($id:literal, $of:expr, $before:expr, $done:expr;)*) => {
        &[$(Damage { id: $id, of: $of, before: $before, done: $done },)*]
    };
}

const DAMAGES: &[Damage] = damages! {
    "body-ends-added", notice, NOTHING, |letter| letter.body.extend(b"\r\n");
    "body-ends-added", antom_reply, NOTHING, |letter| letter.text(|body| format!(" {body} "));
    "body-end-lost", notice, |letter| letter.body.push(b'\n'), |letter| { letter.body.pop(); };
    "body-line-ends", request,
        |letter| letter.text(|body| body.replace(',', ",\n")),
        |letter| letter.text(|body| body.replace('\n', "\r\n"));
    "body-line-ends", notice,
        |letter| letter.text(|body| body.replace(',', ",\r\n")),
        |letter| letter.text(|body| body.replace("\r\n", "\n"));
    "body-mark-added", notice, NOTHING, |letter| letter.text(|body| format!("\u{FEFF}{body}"));
    "body-mark-lost", notice,
        |letter| letter.text(|body| format!("\u{FEFF}{body}")),
        |letter| letter.text(|body| body.trim_start_matches('\u{FEFF}').into());
    "body-empty-signed", notice, |letter| letter.body.clear(), |letter| letter.body = NOTICE.into();
    "body-as-logged", notice, NOTHING,
        |letter| letter.text(|body| format!("\"{}\"", body.replace('"', "\\\"")));
    "body-of-upload", request, NOTHING, |letter| letter.text(|body| format!(
        "--b\r\nContent-Disposition: form-data; name=\"meta\";\r\nContent-Type: application/json\r\n\r\n{body}\r\n--b\r\n\r\npng\r\n--b--\r\n"
    ));
    // As Python, PHP, Go and Java write JSON, and with its members by name.
    "body-written-anew", notice, NOTHING,
        |letter| letter.text(|body| body.replace("\":", "\": ").replace(",\"", ", \""));
    "body-written-anew", notice, NOTHING, |letter| letter.text(|body| {
        body.replace('/', "\\/").replace("支付成功", "\\u652f\\u4ed8\\u6210\\u529f")
    });
    "body-written-anew", notice, NOTHING,
        |letter| letter.text(|body| serde_json::from_str::<serde_json::Value>(body).unwrap().to_string());
    "body-written-anew", notice,
        |letter| letter.text(|_| r#"{"a":"\u0026 \u4e2d"}"#.into()),
        |letter| letter.text(|_| r#"{"a":"\u0026 中"}"#.into());
    "body-written-anew", antom_reply,
        |letter| letter.text(|_| "{\n  \"a\": [\n    1.50,\n    {}\n  ]\n}".into()),
        |letter| letter.text(|_| r#"{"a":[1.50,{}]}"#.into());
    "charset-gbk-signed", notice,
        |letter| letter.body = alipay_conformance::charset::Charset::Gbk.encode(NOTICE).unwrap().into_owned(),
        |letter| letter.body = NOTICE.into();
    "html-entities", notice, NOTHING, |letter| letter.text(|body| body.replace('"', "&quot;"));
    "header-repeated", notice, NOTHING,
        |letter| letter.headers.push(("wechatpay-nonce".into(), "another".into()));
    "header-time-unit", notice, NOTHING, |letter| letter.header("Wechatpay-Timestamp").push_str("000");
    "header-time-unit", request, NOTHING,
        |letter| *letter.carrier() = letter.carrier().replace("1722850421", "1722850421000");
    "header-time-number", notice, NOTHING,
        |letter| letter.header("Wechatpay-Timestamp").insert(0, '0');
    "header-letters", notice, NOTHING, |letter| letter.header("Wechatpay-Nonce").make_ascii_uppercase();
    "header-quoted", notice, NOTHING,
        |letter| *letter.header("Wechatpay-Nonce") = "\"d824f2e086d3c1df967785d13fcd22ef\"".into();
    "header-escaped", antom_reply, NOTHING,
        |letter| *letter.header("response-time") = "2019-05-28T12%3A12%3A14%2B08%3A00".into();
    "header-items-spaced", alipay_request, NOTHING,
        |letter| *letter.carrier() = letter.carrier().replace(",nonce", ", nonce");
    "header-scheme-name", alipay_request, NOTHING,
        |letter| *letter.carrier() = letter.carrier().replace("ALIPAY-SHA256withRSA", "alipay-sha256WithRSA");
    "header-scheme-name", request, NOTHING,
        |letter| *letter.carrier() = letter.carrier().replace("WECHATPAY2-SHA256-RSA2048 ", "");
    "header-items-unquoted", request, NOTHING,
        |letter| *letter.carrier() = letter.carrier().replace('"', "");
    "header-signature-alone", antom_reply, NOTHING,
        |letter| *letter.carrier() = letter.carrier().split("signature=").last().unwrap().into();
    "header-of-reply", request, NOTHING,
        |letter| letter.headers.last_mut().unwrap().0 = "Wechatpay-Signature".into();
    "header-algorithm", antom_reply, NOTHING,
        |letter| *letter.carrier() = letter.carrier().replace("RSA256", "RSA512");
    "header-algorithm", notice, NOTHING,
        |letter| letter.headers.push(("Wechatpay-Signature-Type".into(), "WECHATPAY2-SM2-WITH-SM3".into()));
    "other-kind", antom_reply, NOTHING, |letter| {
        // Signed as a request, and sent as a reply with both times.
        letter.headers = vec![("client-id".into(), "C1".into()), ("request-time".into(), "1".into())];
        letter.scheme = ANTOM.request;
        letter.sign();
        letter.headers.push(("response-time".into(), "2".into()));
    };
    "path-whole-address", request, NOTHING,
        |letter| letter.path.insert_str(0, "https://pay.example");
    "path-address-signed", request,
        |letter| letter.path.insert_str(0, "https://pay.example"),
        |letter| letter.path = letter.path.replace("https://pay.example", "");
    "path-decoded", request,
        |letter| letter.path = "/v3/%E4%B8%AD".into(), |letter| letter.path = "/v3/中".into();
    "path-prefixed", request, NOTHING, |letter| letter.path.insert_str(0, "/gateway/pay");
    "path-last-slash", request, NOTHING, |letter| letter.path = letter.path.replace("?", "/?");
    "method-other", alipay_request, |letter| letter.method = "GET".into(), |letter| letter.method = "PUT".into();
    "lines-otherwise", alipay_request,
        |letter| letter.scheme.lines = &OPENAPI_V3.request.lines[1..4],
        |letter| letter.scheme = OPENAPI_V3.request;
    "sign-plus-lost", notice, NOTHING, |letter| *letter.carrier() = letter.carrier().replace('+', " ");
    "sign-plus-lost", antom_reply, NOTHING, |letter| *letter.carrier() = letter.carrier().replace("%2B", "+");
    "sign-escaped", notice, NOTHING,
        |letter| *letter.carrier() = letter.carrier().replace('+', "%2B").replace('=', "%3D");
    "sign-escaped", antom_reply, NOTHING, |letter| *letter.carrier() = letter.carrier().replace('%', "%25");
    "sign-of-probe", notice, NOTHING,
        |letter| letter.carrier().insert_str(0, "WECHATPAY/SIGNTEST/");
    "sign-url-safe", notice, NOTHING,
        |letter| *letter.carrier() = letter.carrier().replace('+', "-").replace('/', "_").replace('=', "");
    "digest-sha1", alipay_request, |letter| letter.sign_type = SignType::Rsa, NOTHING;
    "key-other", notice, NOTHING,
        |letter| letter.keys.insert(0, ("another key", verifying("rsa-1024")));
    "key-own-private", notice, NOTHING, |letter| letter.keys[0].1 = private("rsa-2048");
};

/// The names of those that are tested here.
pub(crate) fn tested() -> impl Iterator<Item = &'static str> {
    DAMAGES.iter().map(|damage| damage.id)
}

/// Each is found, alone, and nothing else is said to be as likely.
#[test]
fn every_circumstance_is_explained_exactly() {
    let mut wrong = Vec::new();
    for (index, Damage { id, of, before, done }) in DAMAGES.iter().enumerate() {
        let mut letter = of();
        letter.sign();
        assert!(letter.finding().is_genuine(), "{index} {id}: {:?}", letter.finding().verdict);
        let mut letter = of();
        before(&mut letter);
        letter.sign();
        done(&mut letter);
        let finding = letter.finding();
        assert!(!finding.is_genuine(), "{index} {id}: the damage does none");
        if ids(&finding) != [[*id]] {
            let found = ids(&finding);
            wrong.push(format!(
                "{index} {id}: {found:?} {:?} {:?}",
                finding.verdict, finding.searched
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Two at once, of different sorts.
#[test]
fn every_circumstance_is_found_beside_another() {
    let mut wrong = Vec::new();
    for Damage { id, of, before, done } in DAMAGES.iter().filter(|damage| damage.id != "key-other")
    {
        let mut letter = of();
        before(&mut letter);
        letter.sign();
        done(&mut letter);
        letter.keys.insert(0, ("another key", verifying("rsa-1024")));
        let found = ids(&letter.finding());
        let mut both = vec![*id, "key-other"];
        both.sort_unstable();
        if !found.contains(&both) {
            wrong.push(format!("{both:?}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
