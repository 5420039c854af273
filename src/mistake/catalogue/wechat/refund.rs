//! The encrypted part of a refund notification of version 2.

use crate::content::RefundKey;
use crate::mistake::catalogue::shared::{from_hex, md5, trimmed};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::{Ask, KeyForm};
use crate::vector::input::Input;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "xml-refund-info-key",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "req_info is decrypted under the API key itself",
            zh: "直接用 API 密钥解密 req_info",
        },
        fix: Text {
            en: "use the MD5 of the API key, as 32 hex digits in small letters",
            zh: "使用 API 密钥 MD5 的 32 位小写十六进制文本",
        },
        sources: &[
            "https://github.com/yansongda/pay/pull/185",
            "https://github.com/wechatpy/wechatpy/issues/266",
            "https://github.com/zoujingli/WeChatDeveloper/issues/56",
            "https://github.com/befinal/node-tenpay/issues/19",
        ],
        twin: Twin::Around(|inner, ask| {
            opened(inner, ask, |secret, info| key(secret).decrypt(info).ok())
        }),
    },
    Mistake {
        id: "refund-key-upper-case",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "the MD5 is written in capitals, as a signature is",
            zh: "MD5 按签名的习惯写成大写",
        },
        fix: Text { en: "write its digits in small letters", zh: "写成小写" },
        sources: &["https://github.com/wechatpy/wechatpy/issues/266"],
        twin: Twin::Around(|inner, ask| {
            opened(inner, ask, |secret, info| {
                key(md5(secret).to_uppercase().as_bytes()).decrypt(info).ok()
            })
        }),
    },
    Mistake {
        id: "refund-key-raw-digest",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "the key is the sixteen bytes of the MD5, filled up with zeros",
            zh: "密钥用的是 MD5 的 16 个字节（补零）",
        },
        fix: Text { en: "use its 32 hex digits as text", zh: "使用其 32 位十六进制文本" },
        sources: &["https://github.com/wechatpy/wechatpy/issues/266"],
        twin: Twin::Around(|inner, ask| {
            opened(inner, ask, |secret, info| key(&from_hex(&md5(secret))?).decrypt(info).ok())
        }),
    },
    Mistake {
        id: "refund-key-leading-zeros",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "the MD5 loses its leading zeros, as a number does, and is no key then",
            zh: "MD5 当作数字转换，丢失前导零，密钥长度不对",
        },
        fix: Text { en: "keep all 32 digits", zh: "保留全部 32 位" },
        sources: &["derived from BigInteger.toString(16) of Java"],
        twin: Twin::Around(|inner, ask| {
            opened(inner, ask, |secret, info| {
                let digits = md5(secret);
                if digits.starts_with('0') {
                    None
                } else {
                    key(digits.as_bytes()).decrypt(info).ok()
                }
            })
        }),
    },
    Mistake {
        id: "refund-padding-kept",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "the padding stays at the end of the content", zh: "内容末尾留着填充"
        },
        fix: Text { en: "cut it off", zh: "去掉填充" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            opened(inner, ask, |secret, info| {
                right(secret).decrypt(info).ok()?;
                right(secret).decrypt_padded(info).ok()
            })
        }),
    },
    Mistake {
        id: "refund-padding-not-checked",
        area: Area::Content,
        severity: Severity::Forgery,
        what: Text {
            en: "as many bytes are cut off as the last one says, whatever the others are",
            zh: "按最后一个字节的值截断，不检查其他填充字节",
        },
        fix: Text { en: "check every byte of the padding", zh: "检查每个填充字节" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            opened(inner, ask, |secret, info| {
                let mut content = right(secret).decrypt_padded(info).ok()?;
                let length = content.last().copied().unwrap_or_default();
                content.truncate(content.len().saturating_sub(length.into()));
                Some(content)
            })
        }),
    },
    Mistake {
        id: "refund-content-trimmed",
        area: Area::Content,
        severity: Severity::Info,
        what: Text {
            en: "white space at the ends of the content is cut off",
            zh: "去掉了内容首尾的空白",
        },
        fix: Text { en: "leave the content as it is", zh: "内容保持原样" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            opened(inner, ask, |secret, info| {
                Some(trimmed(&right(secret).decrypt(info).ok()?).to_vec())
            })
        }),
    },
    Mistake {
        id: "xml-refund-info-unsigned",
        area: Area::Content,
        severity: Severity::Forgery,
        what: Text {
            en: "a refund is believed though req_info does not decrypt",
            zh: "req_info 解密失败也相信退款通知",
        },
        fix: Text {
            en: "refuse it: nothing else proves who sent it",
            zh: "应当拒绝：除此之外没有任何来源证明",
        },
        sources: &["https://github.com/binarywang/WxJava/pull/829"],
        twin: Twin::Around(|inner, ask| {
            opened(inner, ask, |secret, info| Some(right(secret).decrypt(info).unwrap_or_default()))
        }),
    },
];

/// Decrypts in this way, by the API key and the text of `req_info`.
fn opened(
    inner: &dyn Implementation,
    ask: &Ask,
    open: impl FnOnce(&[u8], &str) -> Option<Vec<u8>>,
) -> Answer {
    let secret = ask.key.as_ref().and_then(|key| key.form(KeyForm::Secret));
    let (Input::Ciphertext(info), Some(secret)) = (&ask.input, secret) else {
        return inner.perform(ask);
    };
    match open(secret.as_bytes(), &info.ciphertext) {
        Some(content) => Answer::value(Output { content: Some(content), ..Output::default() }),
        None => Answer::reject(Reason::DecryptFailed, "req_info does not decrypt"),
    }
}

/// A key of these bytes, cut or filled up with zeros as PHP does it.
fn key(bytes: &[u8]) -> RefundKey {
    let mut key = [0; 32];
    key.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
    RefundKey::from_bytes(key)
}

fn right(secret: &[u8]) -> RefundKey {
    key(md5(secret).as_bytes())
}
