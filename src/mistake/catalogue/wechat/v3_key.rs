//! Which of WeChat's keys a message is verified with.

use super::v3_answer::{header, received};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::{Ask, Key};
use crate::vector::input::{HttpMessage, Input};

const SERIAL: &str = "Wechatpay-Serial";
const PUBLIC_KEY: &str = "PUB_KEY_ID_";
const BY_ID: Text = Text {
    en: "take the key that Wechatpay-Serial names, of those that are held, and refuse where there is none",
    zh: "在持有的密钥中取 Wechatpay-Serial 指明的那个，没有则拒绝",
};
const BOTH: Text = Text {
    en: "hold certificates and public keys beside each other, by their ids",
    zh: "证书与公钥按各自的 ID 同时持有",
};

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "key-merchant-certificate-instead-of-platform",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: messages are verified with the merchant's own certificate",
            zh: "微信 v3：用商户自己的证书验签",
        },
        fix: Text {
            en: "verify with WeChat's platform certificate or public key",
            zh: "用微信支付平台证书或微信支付公钥验签",
        },
        sources: &[
            "https://pay.weixin.qq.com/wiki/doc/apiv3/wechatpay/wechatpay4_1.shtml",
            "https://github.com/wechatpay-apiv3/wechatpay-guzzle-middleware/issues/5",
            "https://github.com/wechatpay-apiv3/wechatpay-go/issues/17",
            "https://github.com/wechatpay-apiv3/wechatpay-apache-httpclient/issues/140",
            "https://github.com/binarywang/WxJava/issues/2879",
        ],
        twin: Twin::Around(|inner, ask| {
            let own = ask.key.clone();
            let own =
                move |id: &str, key: &Key| (id.to_owned(), own.as_ref().unwrap_or(key).clone());
            holding(inner, ask, |keys| keys.iter().map(|(id, key)| own(id, key)).collect())
        }),
    },
    Mistake {
        id: "key-wechat-serial-ignored",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: the first key is used, whatever the message names",
            zh: "微信 v3：无论消息指明哪个密钥都用第一个",
        },
        fix: BY_ID,
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match ask.keys.first() {
            Some((id, _)) => named(inner, ask, id),
            None => inner.perform(ask),
        }),
    },
    Mistake {
        id: "key-wechat-any-key",
        area: Area::Headers,
        severity: Severity::Info,
        what: Text {
            en: "WeChat v3: a message is accepted if any key that is held has signed it, whatever it names",
            zh: "微信 v3：任一持有的密钥能验签即接受，不看消息指明的是哪个",
        },
        fix: BY_ID,
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let mut answers = ask.keys.iter().map(|(id, _)| named(inner, ask, id));
            let accepted = answers.find(|answer| matches!(answer, Answer::Accept(_)));
            accepted.unwrap_or_else(|| inner.perform(ask))
        }),
    },
    Mistake {
        id: "compare-wechat-serial-optional",
        area: Area::Headers,
        severity: Severity::Info,
        what: Text {
            en: "WeChat v3: a message that names no key is verified with the first",
            zh: "微信 v3：消息未指明密钥时用第一个验签",
        },
        fix: BY_ID,
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match (received(ask), ask.keys.first()) {
            (Some(message), Some((id, _))) if header(message, SERIAL).is_empty() => {
                named(inner, ask, id)
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "cert-rotation",
        area: Area::Headers,
        severity: Severity::Loss,
        what: Text {
            en: "WeChat v3: only the newest certificate is held, while two are in use",
            zh: "微信 v3：两张平台证书同时在用时只保留最新一张",
        },
        fix: Text {
            en: "hold every certificate until it expires", zh: "每张证书保留到过期"
        },
        sources: &[
            "https://github.com/wechatpay-apiv3/wechatpay-apache-httpclient/issues/50",
            "https://github.com/go-pay/gopay/issues/384",
            "https://github.com/objcoding/wxpay/issues/24",
        ],
        twin: Twin::Around(|inner, ask| {
            holding(inner, ask, |keys| keys.iter().last().cloned().into_iter().collect())
        }),
    },
    Mistake {
        id: "cert-public-key-mode",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: keys whose ids begin with PUB_KEY_ID_ are not known",
            zh: "微信 v3：不认识以 PUB_KEY_ID_ 开头的公钥",
        },
        fix: BOTH,
        sources: &[
            "https://github.com/klover2/wechatpay-node-v3-ts/issues/73",
            "https://github.com/go-pay/gopay/issues/478",
            "https://github.com/binarywang/WxJava/issues/3454",
            "https://github.com/binarywang/WxJava/issues/3622",
            "https://github.com/binarywang/WxJava/issues/3520",
            "https://github.com/dounine/wechat-pay-rust-sdk/issues/17",
            "https://github.com/dujiao-next/dujiao-next/pull/274",
        ],
        twin: Twin::Around(|inner, ask| {
            let is_certificate = |(id, _): &&(String, Key)| !id.starts_with(PUBLIC_KEY);
            holding(inner, ask, |keys| keys.iter().filter(is_certificate).cloned().collect())
        }),
    },
    Mistake {
        id: "cert-public-key-alone",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: certificates are no longer known since the public key is there",
            zh: "微信 v3：有了公钥就不再认识平台证书",
        },
        fix: BOTH,
        sources: &["https://github.com/binarywang/WxJava/issues/3622"],
        twin: Twin::Around(|inner, ask| {
            let is_public_key = |(id, _): &&(String, Key)| id.starts_with(PUBLIC_KEY);
            holding(inner, ask, |keys| keys.iter().filter(is_public_key).cloned().collect())
        }),
    },
    Mistake {
        id: "cert-public-key-prefix",
        area: Area::Headers,
        severity: Severity::Info,
        what: Text {
            en: "WeChat v3: the prefix PUB_KEY_ID_ is taken off before ids are compared",
            zh: "微信 v3：比较公钥 ID 前去掉了前缀 PUB_KEY_ID_",
        },
        fix: BY_ID,
        sources: &["https://github.com/binarywang/WxJava/pull/3451"],
        twin: Twin::Around(|inner, ask| {
            let serial = received(ask).map_or("", |message| header(message, SERIAL));
            let bare = |id: &str| id.strip_prefix(PUBLIC_KEY).unwrap_or(id).to_owned();
            match ask.keys.iter().find(|(id, _)| bare(id) == bare(serial)) {
                Some((id, _)) => named(inner, ask, id),
                None => inner.perform(ask),
            }
        }),
    },
    Mistake {
        id: "cert-public-key-any-id",
        area: Area::Headers,
        severity: Severity::Info,
        what: Text {
            en: "WeChat v3: the public key that is held is used for every id that begins with PUB_KEY_ID_",
            zh: "微信 v3：凡以 PUB_KEY_ID_ 开头的 ID 都用持有的那个公钥",
        },
        fix: BY_ID,
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let names_one =
                received(ask).is_some_and(|m| header(m, SERIAL).starts_with(PUBLIC_KEY));
            let held = ask.keys.iter().find(|(id, _)| names_one && id.starts_with(PUBLIC_KEY));
            held.map_or_else(|| inner.perform(ask), |(id, _)| named(inner, ask, id))
        }),
    },
    Mistake {
        id: "cert-serial-form-v3",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: serial numbers are kept as a big number prints them, without leading zeros, and do not match the header",
            zh: "微信 v3：序列号按大整数打印保存，缺少前导零，与头中的不符",
        },
        fix: Text {
            en: "keep the text that WeChat gives: upper-case hexadecimal digits, zeros included",
            zh: "保留微信给出的文本：大写十六进制，含前导零",
        },
        sources: &[
            "https://github.com/wechatpay-apiv3/wechatpay-apache-httpclient/issues/44",
            "https://github.com/wechatpay-apiv3/wechatpay-apache-httpclient/issues/140",
            "https://github.com/wechatpay-apiv3/wechatpay-guzzle-middleware/issues/1",
        ],
        twin: Twin::Around(|inner, ask| {
            let printed =
                |(id, key): &(String, Key)| (id.trim_start_matches('0').to_owned(), key.clone());
            holding(inner, ask, |keys| keys.iter().map(printed).collect())
        }),
    },
];

/// Asks with other keys of WeChat.
fn holding(
    inner: &dyn Implementation,
    ask: &Ask,
    change: impl FnOnce(&[(String, Key)]) -> Vec<(String, Key)>,
) -> Answer {
    match received(ask) {
        Some(_) => inner.perform(&Ask { keys: change(&ask.keys), ..ask.clone() }),
        None => inner.perform(ask),
    }
}

/// Asks as if the message named that key, once.
fn named(inner: &dyn Implementation, ask: &Ask, id: &str) -> Answer {
    let Some(message) = received(ask) else { return inner.perform(ask) };
    let mut message: HttpMessage = message.clone();
    message.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(SERIAL));
    message.headers.push((SERIAL.into(), id.into()));
    inner.perform(&Ask { input: Input::Http(message), ..ask.clone() })
}
