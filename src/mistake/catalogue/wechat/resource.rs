//! Content sealed under the APIv3 key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::shared::trimmed;
use super::{content_of, holding};
use crate::content::ApiV3Key;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::wechatpay::resource::{Notice, Resource};
use crate::suite::answer::{Answer, Threw};
use crate::suite::implementation::Implementation;
use crate::vector::case::{Ask, Key, KeyForm};
use crate::vector::input::{Ciphertext, Input};
use crate::vector::reason::Reason;

const KEY: usize = 32;
const TAG: usize = 16;

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "resource-key-cut-to-length",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "an APIv3 key of another length is cut to 32 bytes, or filled up with zero bytes",
            zh: "长度不对的 APIv3 密钥被截断或用零字节补足到 32 字节",
        },
        fix: Text {
            en: "refuse a key that has not 32 bytes", zh: "不是 32 字节的密钥一律拒绝"
        },
        sources: &[
            "https://github.com/w7corp/easywechat (tests/fixtures/files/pay_demo.json: openssl_decrypt of PHP opens it under the key \"key\")",
        ],
        twin: Twin::Around(|inner, ask| {
            let cut = |text: &str| text.chars().chain(std::iter::repeat('\0')).take(KEY).collect();
            with_forms(inner, ask, |form, text| match form {
                KeyForm::ApiV3 => (form, cut(text)),
                _ => (form, text.to_owned()),
            })
        }),
    },
    Mistake {
        id: "key-wechat-v2-v3-secret-swapped",
        area: Area::Key,
        severity: Severity::Interop,
        what: Text {
            en: "of a merchant's two keys that of version 2 is used where that of version 3 belongs, or the reverse",
            zh: "商户的 APIv2 密钥与 APIv3 密钥用反",
        },
        fix: Text {
            en: "open content under the APIv3 key, and sign by version 2 with the other",
            zh: "解密用 APIv3 密钥，v2 签名用 APIv2 密钥",
        },
        sources: &[
            "https://developers.weixin.qq.com/community/pay/article/doc/0004a879f60928d89340b8b9f64c13",
            "https://github.com/minibear2021/wechatpayv3/issues/59",
            "https://github.com/wechatpay-apiv3/wechatpay-go/issues/185",
        ],
        twin: Twin::Around(|inner, ask| {
            let has = |form| ask.key.as_ref().is_some_and(|key| key.form(form).is_some());
            if !has(KeyForm::Secret) || !has(KeyForm::ApiV3) {
                return inner.perform(ask);
            }
            with_forms(inner, ask, |form, text| match form {
                KeyForm::Secret => (KeyForm::ApiV3, text.to_owned()),
                KeyForm::ApiV3 => (KeyForm::Secret, text.to_owned()),
                _ => (form, text.to_owned()),
            })
        }),
    },
    Mistake {
        id: "resource-data-required",
        area: Area::Content,
        severity: Severity::Loss,
        what: Text {
            en: "sealed content without associated data leads to an exception",
            zh: "加密内容没有附加数据时抛出异常",
        },
        fix: Text { en: "take it for empty", zh: "缺少时按空处理" },
        sources: &[
            "https://github.com/wechatpay-apiv3/wechatpay-java (NotificationParser.java)",
            "https://github.com/minibear2021/wechatpayv3 (the certificates' download)",
        ],
        twin: Twin::Around(|inner, ask| {
            let is_absent = match &ask.input {
                Input::Ciphertext(sealed) => {
                    sealed.nonce.is_some() && sealed.associated_data.is_none()
                }
                Input::Http(message) => {
                    let name = b"\"associated_data\"";
                    notice(ask).is_some()
                        && !message.body.0.windows(name.len()).any(|at| at == name)
                }
                _ => false,
            };
            match inner.perform(ask) {
                Answer::Accept(_) | Answer::Value(_) if is_absent => Answer::Threw(Threw {
                    kind: "NullPointerException".into(),
                    message: "associatedData".into(),
                }),
                answer => answer,
            }
        }),
    },
    Mistake {
        id: "resource-data-left-out",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "the cipher is not given the associated data",
            zh: "解密时没有传入附加数据",
        },
        fix: Text {
            en: "give it the bytes of associated_data", zh: "传入 associated_data 的字节"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match &ask.input {
            Input::Ciphertext(sealed) if sealed.nonce.is_some() => {
                let sealed = Ciphertext { associated_data: None, ..sealed.clone() };
                inner.perform(&Ask { input: Input::Ciphertext(sealed), ..ask.clone() })
            }
            _ => match (inner.perform(ask), notice(ask)) {
                (Answer::Accept(_), Some(Notice { resource, .. }))
                    if !resource.associated_data.is_empty() =>
                {
                    Answer::reject(Reason::DecryptFailed, "")
                }
                (answer, _) => answer,
            },
        }),
    },
    Mistake {
        id: "resource-tag-not-checked",
        area: Area::Content,
        severity: Severity::Forgery,
        what: Text {
            en: "the last 16 bytes are cut off, and the rest is decrypted in counter mode whatever they are",
            zh: "截去末尾 16 字节不看，其余按计数器模式解密",
        },
        fix: Text {
            en: "use GCM, which gives nothing where the tag is wrong",
            zh: "使用 GCM，标签不符时不给出任何内容",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            replaced(inner, ask, |resource, key| {
                let data = STANDARD.decode(&resource.ciphertext).ok()?;
                let sealed = data.get(..data.len().saturating_sub(TAG))?;
                // In counter mode encryption and decryption are one.
                let whole = key.seal(sealed, &resource.nonce, "").ok()?;
                let mut content = STANDARD.decode(whole).ok()?;
                content.truncate(sealed.len());
                Some(content)
            })
        }),
    },
    Mistake {
        id: "resource-tag-swallowed",
        area: Area::Content,
        severity: Severity::Forgery,
        what: Text {
            en: "where decryption fails nothing is given back, and no error",
            zh: "解密失败时返回空值，而不报错",
        },
        fix: Text { en: "let the error through", zh: "让错误抛出" },
        sources: &[
            "https://github.com/wechatpy/wechatpy (wechatpy/pay/v3)",
            "https://github.com/minibear2021/wechatpayv3 (wechatpayv3/utils.py)",
        ],
        twin: Twin::Around(|inner, ask| match (inner.perform(ask), &ask.input) {
            (Answer::Reject(rejection), Input::Ciphertext(Ciphertext { nonce: Some(_), .. }))
                if rejection.reason != Some(Reason::UnknownKey) =>
            {
                holding("")
            }
            (Answer::Reject(rejection), Input::Http(_))
                if rejection.reason == Some(Reason::DecryptFailed) && notice(ask).is_some() =>
            {
                Answer::accept(*rejection.output)
            }
            (answer, _) => answer,
        }),
    },
    Mistake {
        id: "resource-content-trimmed",
        area: Area::Content,
        severity: Severity::Info,
        what: Text { en: "opened content is trimmed", zh: "解密后的内容被 trim" },
        fix: Text { en: "give it back as it is", zh: "原样返回" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let trim = |content: Option<Vec<u8>>| content.map(|content| trimmed(&content).to_vec());
            match (inner.perform(ask), &ask.input) {
                (Answer::Value(output), Input::Ciphertext(Ciphertext { nonce: Some(_), .. })) => {
                    holding(trim(output.content).unwrap_or_default())
                }
                (answer, _) => answer,
            }
        }),
    },
];

/// Asks with another key, which is made of the forms of the right one.
fn with_forms(
    inner: &dyn Implementation,
    ask: &Ask,
    change: impl Fn(KeyForm, &str) -> (KeyForm, String),
) -> Answer {
    let forms = |key: &Key| key.forms().map(|(form, text)| change(form, text)).collect();
    inner.perform(&Ask { key: ask.key.as_ref().map(forms), ..ask.clone() })
}

/// What an ask has sealed, opened in another way where the right one fails.
fn replaced(
    inner: &dyn Implementation,
    ask: &Ask,
    open: impl Fn(&Resource, &ApiV3Key) -> Option<Vec<u8>>,
) -> Answer {
    let answer = inner.perform(ask);
    let Answer::Reject(rejection) = &answer else { return answer };
    let Some(key) = sealing_key(ask) else { return answer };
    if rejection.reason != Some(Reason::DecryptFailed) {
        return answer;
    }
    match &ask.input {
        Input::Ciphertext(Ciphertext { ciphertext, nonce: Some(nonce), .. }) => {
            let resource = Resource {
                original_type: None,
                algorithm: String::new(),
                ciphertext: ciphertext.clone(),
                associated_data: String::new(),
                nonce: nonce.clone(),
            };
            open(&resource, &key).map_or(answer, holding)
        }
        _ => match notice(ask).and_then(|notice| open(&notice.resource, &key)) {
            Some(content) if content.starts_with(b"{") => Answer::accept(content_of(content)),
            _ => answer,
        },
    }
}

/// The notification that is to be verified.
pub(super) fn notice(ask: &Ask) -> Option<Notice> {
    match &ask.input {
        Input::Http(message) if is_notify(ask) => Notice::read(&message.body.0).ok(),
        _ => None,
    }
}

pub(super) fn is_notify(ask: &Ask) -> bool {
    use crate::vector::operation::Operation;
    ask.protocol == "wechatpay.v3" && ask.operation == Operation::VerifyNotify
}

pub(super) fn sealing_key(ask: &Ask) -> Option<ApiV3Key> {
    ApiV3Key::new(ask.key.as_ref()?.form(KeyForm::ApiV3)?).ok()
}
