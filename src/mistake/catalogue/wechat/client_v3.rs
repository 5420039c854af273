//! What calls up the wallet in version 3.

use super::super::shared::trimmed;
use crate::form;
use crate::mistake::{Area, Mistake, Severity, Text, Twin, remembered};
use crate::signature::{PrivateKey, SignType, SigningKey};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::{Ask, KeyForm};
use crate::vector::input::{Client, Input, TextPairs};
use crate::vector::output::Output;

const JSAPI: Text = Text {
    en: "sign prepay_id= and the number, the value of package",
    zh: "签 package 的值：prepay_id= 加编号",
};
const APP: Text = Text { en: "sign the bare prepay_id", zh: "签不带前缀的 prepay_id" };
const AS_THEY_ARE: Text =
    Text { en: "sign the values as they are sent", zh: "按发送的原值签名" };
const FOUR: Text =
    Text { en: "sign four lines, each with its line feed", zh: "签四行，每行都带换行" };

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "paysign-v3-jsapi-lines",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "JSAPI and mini programs sign the bare prepay_id, as apps do",
            zh: "JSAPI 与小程序签了不带前缀的 prepay_id（APP 的写法）",
        },
        fix: JSAPI,
        sources: &["https://github.com/wechatpay-apiv3/wechatpay-skills (common errors)"],
        twin: Twin::Around(|inner, ask| {
            signed_otherwise(inner, ask, |client, call| match client {
                Client::Jsapi => call.lines(call.prepay_id),
                Client::App => call.right(client),
            })
        }),
    },
    Mistake {
        id: "paysign-v3-app-lines",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "apps sign prepay_id= and the number, as JSAPI does",
            zh: "APP 签了带 prepay_id= 前缀的值（JSAPI 的写法）",
        },
        fix: APP,
        sources: &[
            "https://github.com/klover2/wechatpay-node-v3-ts/pull/11",
            "https://github.com/wechatpay-apiv3/wechatpay-skills (common errors)",
        ],
        twin: Twin::Around(|inner, ask| {
            signed_otherwise(inner, ask, |_, call| call.right(Client::Jsapi))
        }),
    },
    Mistake {
        id: "paysign-v3-app-package-signed",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "apps sign Sign=WXPay, the value of package",
            zh: "APP 签了 package 的值 Sign=WXPay",
        },
        fix: APP,
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            signed_otherwise(inner, ask, |client, call| match client {
                Client::App => call.lines("Sign=WXPay"),
                Client::Jsapi => call.right(client),
            })
        }),
    },
    Mistake {
        id: "paysign-v3-last-newline",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the last line of what calls up the wallet is signed without its line feed",
            zh: "调起支付的签名串末行缺少换行",
        },
        fix: FOUR,
        sources: &["https://github.com/wechatpay-apiv3/wechatpay-skills (common errors)"],
        twin: Twin::Around(|inner, ask| {
            signed_otherwise(inner, ask, |client, call| call.right(client).trim_end().to_owned())
        }),
    },
    Mistake {
        id: "paysign-v3-sign-type-line",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "signType is signed as a fifth line",
            zh: "把 signType 作为第五行一起签名",
        },
        fix: FOUR,
        sources: &["derived from the rule: in v2 it is signed"],
        twin: Twin::Around(|inner, ask| {
            signed_otherwise(inner, ask, |client, call| call.right(client) + "RSA\n")
        }),
    },
    Mistake {
        id: "paysign-v3-sign-type-name",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "JSAPI is sent the signType of v2, MD5, beside a signature of v3",
            zh: "JSAPI 的签名是 v3 的，signType 却仍是 v2 的 MD5",
        },
        fix: Text { en: "send signType RSA", zh: "signType 应为 RSA" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match inner.perform(ask) {
            Answer::Value(mut output) if ask.protocol == "wechatpay.v3" => {
                for (name, value) in output.client_params.iter_mut().flatten() {
                    if name == "signType" {
                        *value = "MD5".into();
                    }
                }
                Answer::Value(output)
            }
            answer => answer,
        }),
    },
    Mistake {
        id: "paysign-v3-escaped",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "what calls up the wallet is signed with its values percent-encoded",
            zh: "调起支付的值先做百分号转义再签名",
        },
        fix: AS_THEY_ARE,
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            signed_otherwise(inner, ask, |client, call| {
                let [app_id, prepay_id, nonce, timestamp] = call.values().map(escaped);
                Call {
                    app_id: &app_id,
                    prepay_id: &prepay_id,
                    nonce: &nonce,
                    timestamp: &timestamp,
                }
                .right(client)
            })
        }),
    },
    Mistake {
        id: "paysign-v3-trimmed",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "what calls up the wallet is signed with its values trimmed, and sent with them as they are",
            zh: "调起支付的值 trim 后签名，发送的却是原值",
        },
        fix: AS_THEY_ARE,
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            signed_otherwise(inner, ask, |client, call| {
                let trim =
                    |text: &str| String::from_utf8_lossy(trimmed(text.as_bytes())).into_owned();
                let [app_id, prepay_id, nonce, timestamp] = call.values().map(trim);
                Call {
                    app_id: &app_id,
                    prepay_id: &prepay_id,
                    nonce: &nonce,
                    timestamp: &timestamp,
                }
                .right(client)
            })
        }),
    },
    Mistake {
        id: "paysign-v3-fields-not-checked",
        area: Area::Join,
        severity: Severity::Loss,
        what: Text {
            en: "what calls up the wallet is built whatever is missing, empty, double or of several lines",
            zh: "缺少、为空、重复或含换行的项不检查，照样生成调起参数",
        },
        fix: Text {
            en: "build nothing without an order that was placed, and all that it needs",
            zh: "下单未成功或缺项时不要生成",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match (inner.perform(ask), &ask.input) {
            (Answer::Reject(_), Input::ClientParams { client, params })
                if ask.sign_type.as_deref() == Some(SignType::Rsa2.name())
                    && ask.protocol == "wechatpay.v3" =>
            {
                let call = Call::read(params);
                let (string, package) =
                    (call.right(*client), format!("prepay_id={}", call.prepay_id));
                let Some(signature) = signature(ask, &string) else { return inner.perform(ask) };
                let sent = match client {
                    Client::Jsapi => vec![
                        ("appId", call.app_id),
                        ("timeStamp", call.timestamp),
                        ("nonceStr", call.nonce),
                        ("package", &package),
                        ("signType", "RSA"),
                        ("paySign", &signature),
                    ],
                    Client::App => vec![
                        ("appid", call.app_id),
                        ("partnerid", last(params, "partnerid")),
                        ("prepayid", call.prepay_id),
                        ("package", "Sign=WXPay"),
                        ("noncestr", call.nonce),
                        ("timestamp", call.timestamp),
                        ("sign", &signature),
                    ],
                };
                let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
                Answer::value(Output {
                    client_params: Some(sent.into_iter().map(owned).collect()),
                    signature: Some(signature.clone()),
                    string_to_sign: Some(string.into_bytes()),
                    ..Output::default()
                })
            }
            (answer, _) => answer,
        }),
    },
];

/// What is signed, whatever it is.
struct Call<'a> {
    app_id: &'a str,
    prepay_id: &'a str,
    nonce: &'a str,
    timestamp: &'a str,
}

impl<'a> Call<'a> {
    fn read(params: &'a TextPairs) -> Self {
        Call {
            app_id: last(params, "appid"),
            prepay_id: last(params, "prepay_id"),
            nonce: last(params, "nonce_str"),
            timestamp: last(params, "timestamp"),
        }
    }

    fn values(&self) -> [&'a str; 4] {
        [self.app_id, self.prepay_id, self.nonce, self.timestamp]
    }

    fn right(&self, client: Client) -> String {
        match client {
            Client::Jsapi => self.lines(&format!("prepay_id={}", self.prepay_id)),
            Client::App => self.lines(self.prepay_id),
        }
    }

    fn lines(&self, last: &str) -> String {
        let Self { app_id, timestamp, nonce, .. } = self;
        format!("{app_id}\n{timestamp}\n{nonce}\n{last}\n")
    }
}

fn last<'a>(params: &'a TextPairs, name: &str) -> &'a str {
    params.iter().rev().find(|(other, _)| other == name).map_or("", |(_, value)| value)
}

fn escaped(text: &str) -> String {
    form::encode(&[("", text)].into_iter().collect()).trim_start_matches('=').to_owned()
}

/// What is sent stays as it is, and another string is signed.
fn signed_otherwise(
    inner: &dyn Implementation,
    ask: &Ask,
    string: impl Fn(Client, &Call<'_>) -> String,
) -> Answer {
    match (inner.perform(ask), &ask.input) {
        (Answer::Value(mut output), Input::ClientParams { client, params })
            if ask.protocol == "wechatpay.v3" =>
        {
            let string = string(*client, &Call::read(params));
            let signed = signature(ask, &string).unwrap_or_default();
            for (name, value) in output.client_params.iter_mut().flatten() {
                if matches!(name.as_str(), "paySign" | "sign") {
                    value.clone_from(&signed);
                }
            }
            output.signature = Some(signed);
            output.string_to_sign = Some(string.into_bytes());
            Answer::Value(output)
        }
        (answer, _) => answer,
    }
}

fn signature(ask: &Ask, string: &str) -> Option<String> {
    let key = ask.key.as_ref()?;
    let pem = key.form(KeyForm::PrivatePkcs8Pem).or(key.form(KeyForm::PrivatePkcs1Pem))?;
    let key = SigningKey::from(PrivateKey::parse(pem).ok()?);
    let signature = remembered::sign(SignType::Rsa2, &key, string.as_bytes()).ok()?;
    Some(signature.as_str().to_owned())
}
