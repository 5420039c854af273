//! A genuine message, as the vectors' keys sign it, that can be damaged before it is explained.

use std::sync::LazyLock;

use alipay_conformance::charset::Charset;
use alipay_conformance::explain::capture::{Captured, InputForm};
use alipay_conformance::explain::{Budget, Finding, GivenKey, Question, explain};
use alipay_conformance::params::Params;
use alipay_conformance::protocol::MAPI;
use alipay_conformance::protocol::pipeline::{Pipeline, Scratch};
use alipay_conformance::signature::{PrivateKey, Secret, SignType, SigningKey, sign};
use alipay_conformance::vector::case::{Key, KeyForm};
use alipay_conformance::vector::load::VectorSet;

pub(crate) type Pair = (Vec<u8>, Vec<u8>);

pub(crate) static SET: LazyLock<VectorSet> = LazyLock::new(|| VectorSet::embedded().unwrap());

/// Key, sign type and charset.
pub(crate) type Kind = (&'static str, SignType, Charset);
pub(crate) const MD5: Kind = ("md5-a", SignType::Md5, Charset::Utf8);
pub(crate) const MD5_GBK: Kind = ("md5-a", SignType::Md5, Charset::Gbk);
pub(crate) const RSA: Kind = ("rsa-1024", SignType::Rsa, Charset::Utf8);
pub(crate) const RSA2: Kind = ("rsa-2048", SignType::Rsa2, Charset::Utf8);

/// What is the same in all messages.
const PLAIN: &[(&str, &str)] = &[
    ("discount", "0.00"),
    ("payment_type", "1"),
    ("subject", "中文"),
    ("trade_no", "2008102203208746"),
    ("gmt_create", "2008-10-22 20:49:31"),
    ("notify_type", "trade_status_sync"),
    ("out_trade_no", "3618810634349901"),
    ("notify_time", "2008-10-22 20:49:32"),
    ("body", ""),
    ("trade_status", "TRADE_FINISHED"),
    ("total_fee", "10.00"),
    ("seller_id", "2088002007018916"),
    ("notify_id", "70fec0c2730b27528665af4517c27b95"),
];

pub(crate) struct Scene {
    pub(crate) params: Vec<Pair>,
    pub(crate) keys: Vec<(&'static str, Vec<u8>)>,
    pub(crate) sign_type: Option<SignType>,
    pub(crate) charset: Option<Charset>,
}

pub(crate) fn key(name: &str) -> &'static Key {
    &SET.keys()[name]
}

/// The text with which this key verifies.
pub(crate) fn verifying(name: &str) -> Vec<u8> {
    let key = key(name);
    let text = key.form(KeyForm::Secret).or_else(|| key.form(KeyForm::PublicSpkiPem));
    text.unwrap().into()
}

pub(crate) fn private(name: &str) -> Vec<u8> {
    key(name).form(KeyForm::PrivatePkcs8Pem).unwrap().into()
}

/// The usual parameters, these of the message's own first, all signed.
pub(crate) fn genuine((name, sign_type, charset): Kind, own: &[(&str, &str)]) -> Scene {
    let others = PLAIN.iter().filter(|(name, _)| own.iter().all(|(other, _)| other != name));
    let text: Vec<_> = own.iter().chain(others).copied().collect();
    let mut params = Params::encode(text, charset).unwrap();
    let key = match sign_type {
        SignType::Md5 => SigningKey::from(Secret::new(verifying(name)).unwrap()),
        _ => SigningKey::from(PrivateKey::parse(private(name)).unwrap()),
    };
    let signature =
        Pipeline::new(MAPI).sign(&params, sign_type, &key, &mut Scratch::new()).unwrap();
    params.push(b"sign_type", sign_type.name().as_bytes());
    params.push(b"sign", signature.as_str().as_bytes());
    Scene {
        params: params.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect(),
        keys: vec![("the key", verifying(name))],
        sign_type: None,
        charset: None,
    }
}

impl Scene {
    pub(crate) fn value(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.params.iter_mut().find(|pair| pair.0 == name.as_bytes()).unwrap().1
    }

    pub(crate) fn remove(&mut self, name: &str) -> Pair {
        let at = self.params.iter().position(|pair| pair.0 == name.as_bytes()).unwrap();
        self.params.remove(at)
    }

    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.params.push((name.into(), value.into()));
    }

    /// Changes every value but those of the signature.
    pub(crate) fn values(&mut self, change: impl Fn(&[u8]) -> Vec<u8>) {
        for (name, value) in &mut self.params {
            if name != b"sign" && name != b"sign_type" {
                *value = change(value);
            }
        }
    }

    /// Changes every value as text.
    pub(crate) fn texts(&mut self, change: impl Fn(&str) -> String) {
        self.values(|value| change(std::str::from_utf8(value).unwrap()).into_bytes());
    }

    /// Signs again with another MD5 key than the one given.
    pub(crate) fn sign_with(&mut self, secret: &[u8]) {
        let secret = Secret::new(secret).unwrap().into();
        let string = self.within(Budget { work: 0 }).built;
        let signature = sign(SignType::Md5, &secret, &string).unwrap();
        *self.value("sign") = signature.as_str().into();
    }

    pub(crate) fn key(&mut self, change: impl Fn(&str) -> String) {
        let text = String::from_utf8(self.keys[0].1.clone()).unwrap();
        self.keys[0].1 = change(&text).into_bytes();
    }

    pub(crate) fn captured(&self) -> Captured {
        Captured {
            form: InputForm::Body,
            params: self.params.iter().map(|(name, value)| (name, value)).collect(),
            remarks: vec![],
            http: None,
        }
    }

    pub(crate) fn given(&self) -> Vec<GivenKey> {
        self.keys.iter().map(|(name, text)| GivenKey::new(*name, text.clone())).collect()
    }

    pub(crate) fn finding(&self) -> Finding {
        self.within(Budget::default())
    }

    pub(crate) fn within(&self, budget: Budget) -> Finding {
        let (message, keys) = (self.captured(), self.given());
        let mut question = Question::new(&message, &keys);
        question.sign_type = self.sign_type;
        question.charset = self.charset;
        explain(&question, budget, &|| false)
    }

    /// The ids of each explanation, sorted.
    pub(crate) fn explained(&self) -> Vec<Vec<&'static str>> {
        ids(&self.finding())
    }
}

pub(crate) fn ids(finding: &Finding) -> Vec<Vec<&'static str>> {
    let ids = |steps: &[alipay_conformance::explain::Step]| {
        let mut ids: Vec<_> = steps.iter().map(|step| step.id).collect();
        ids.sort_unstable();
        ids
    };
    finding.explanations.iter().map(|explanation| ids(&explanation.steps)).collect()
}
