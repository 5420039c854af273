//! When the resource of a notification is opened, and what is looked at.

use serde_json::Value;

use super::content_of;
use super::resource::{is_notify, notice, sealing_key};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::wechatpay::resource::{self, ALGORITHM, ResourceError};
use crate::suite::answer::Answer;
use crate::suite::reference::resource_reason;
use crate::vector::case::{Ask, KeyForm};
use crate::vector::input::Input;
use crate::vector::reason::Reason;

const VERIFY_FIRST: Text = Text {
    en: "verify the signature first, and open what is genuine",
    zh: "先验签，通过后再解密",
};

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "notify-decrypted-not-verified",
        area: Area::Content,
        severity: Severity::Forgery,
        what: Text {
            en: "a notification whose resource opens is accepted, whoever signed it and whenever",
            zh: "resource 能解密就接受通知，不看签名与时间",
        },
        fix: VERIFY_FIRST,
        sources: &[
            "https://github.com/wechatpy/wechatpy (parse_message)",
            "https://github.com/w7corp/easywechat (Pay/Server.php)",
        ],
        twin: Twin::Around(|inner, ask| match (inner.perform(ask), opened(ask)) {
            (Answer::Reject(_), Some(Ok(content))) => Answer::accept(content_of(content)),
            (answer, _) => answer,
        }),
    },
    Mistake {
        id: "notify-decrypted-first",
        area: Area::Content,
        severity: Severity::Denial,
        what: Text {
            en: "the resource is opened before the signature is verified, so that whoever sends anything learns whether \
                 it opens",
            zh: "先解密后验签，任何人都能借此试探内容能否解密",
        },
        fix: VERIFY_FIRST,
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match opened(ask) {
            Some(Err(error)) => Answer::reject(resource_reason(&error), error),
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "notify-resource-not-opened",
        area: Area::Content,
        severity: Severity::Loss,
        what: Text {
            en: "a notification is accepted by its signature, and its resource is not opened",
            zh: "只凭签名接受通知，不解密 resource",
        },
        fix: Text {
            en: "accept it when its content was opened and read",
            zh: "解密并读出内容后才接受",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match (inner.perform(ask), opened(ask)) {
            (Answer::Reject(rejection), Some(Err(error)))
                if rejection.reason == Some(resource_reason(&error)) =>
            {
                Answer::accept(*rejection.output)
            }
            (answer, _) => answer,
        }),
    },
    Mistake {
        id: "resource-algorithm-not-checked",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "a resource is opened by AES-256-GCM whatever algorithm it names",
            zh: "不看 algorithm，一律按 AES-256-GCM 解密",
        },
        fix: Text {
            en: "refuse any algorithm but AEAD_AES_256_GCM",
            zh: "算法不是 AEAD_AES_256_GCM 时拒绝",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let answer = inner.perform(ask);
            let wrong = [Some(Reason::UnsupportedAlgorithm), Some(Reason::MissingField)];
            match &answer {
                Answer::Reject(rejection) if wrong.contains(&rejection.reason) => {
                    let content = renamed(ask).map(|content| Answer::accept(content_of(content)));
                    content.unwrap_or(answer)
                }
                _ => answer,
            }
        }),
    },
    Mistake {
        id: "resource-content-not-parsed",
        area: Area::Content,
        severity: Severity::Loss,
        what: Text {
            en: "what a resource opens to is not looked at: text that is no JSON is accepted",
            zh: "不检查解密结果，不是 JSON 也接受",
        },
        fix: Text {
            en: "accept a notification when its content was read",
            zh: "读出内容后才接受通知",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let answer = inner.perform(ask);
            match (&answer, opened(ask)) {
                (Answer::Reject(rejection), Some(Err(ResourceError::Content)))
                    if rejection.reason == Some(Reason::MalformedInput) =>
                {
                    raw(ask).map_or(answer, |content| Answer::accept(content_of(content)))
                }
                _ => answer,
            }
        }),
    },
];

/// What the notification that is to be verified opens to.
fn opened(ask: &Ask) -> Option<Result<String, ResourceError>> {
    match &ask.input {
        Input::Http(message) if is_notify(ask) => {
            let key = ask.key.as_ref()?.form(KeyForm::ApiV3)?;
            Some(resource::open(&message.body.0, key.as_bytes()))
        }
        _ => None,
    }
}

/// The same, whatever it is.
fn raw(ask: &Ask) -> Option<Vec<u8>> {
    let resource = notice(ask)?.resource;
    sealing_key(ask)?.open(&resource.ciphertext, &resource.nonce, &resource.associated_data).ok()
}

/// The same, with the name of the right algorithm in it, where another or none stands there.
fn renamed(ask: &Ask) -> Option<String> {
    let Input::Http(message) = &ask.input else { return None };
    let mut body: Value = serde_json::from_slice(&message.body.0).ok()?;
    let algorithm = body.get_mut("resource")?.as_object_mut()?;
    let named = algorithm.insert("algorithm".into(), ALGORITHM.into());
    let key = ask.key.as_ref()?.form(KeyForm::ApiV3)?;
    let is_other = is_notify(ask) && named.is_none_or(|named| named != ALGORITHM);
    is_other.then(|| resource::open(body.to_string().as_bytes(), key.as_bytes()).ok()).flatten()
}
