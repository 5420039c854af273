//! Sensitive fields.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::holding;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::signature::{BlockPadding, PrivateKey, PublicKey};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::{Ask, KeyForm};
use crate::vector::input::{Ciphertext, Input};
use crate::vector::reason::Reason;

/// As good as any: nothing here is a secret.
const SEED: &[u8; 20] = b"no secret, no random";

const OAEP: Text = Text {
    en: "use RSAES-OAEP with SHA-1 and MGF1 with SHA-1",
    zh: "使用 RSAES-OAEP，SHA-1，MGF1 用 SHA-1",
};

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "field-oaep-sha-256",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "sensitive fields are encrypted and decrypted by OAEP with SHA-256",
            zh: "敏感字段按 SHA-256 的 OAEP 加解密",
        },
        fix: OAEP,
        sources: &["derived from the rule: the default of several libraries"],
        twin: Twin::Around(|inner, ask| padded(inner, ask, BlockPadding::OaepSha256)),
    },
    Mistake {
        id: "field-pkcs1",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "sensitive fields are encrypted and decrypted by PKCS#1 v1.5",
            zh: "敏感字段按 PKCS#1 v1.5 加解密",
        },
        fix: OAEP,
        sources: &[
            "https://github.com/wechatpay-apiv3/wechatpay-go (utils/rsa_crypto.go offers it, for a few interfaces)",
        ],
        twin: Twin::Around(|inner, ask| padded(inner, ask, BlockPadding::Pkcs1v15)),
    },
    Mistake {
        id: "field-in-blocks",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "a field that is too long for one block is encrypted in several, which are joined, and so decrypted",
            zh: "过长的字段分成多个分组加密后相连，解密也如此",
        },
        fix: Text {
            en: "refuse a field that one block does not take",
            zh: "一个分组放不下的字段应拒绝",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match &ask.input {
            Input::Plaintext(field) if is_field(ask) => {
                let blocks = public_key(ask).and_then(|key| {
                    let most = key.bits() / 8 - 42;
                    let seal = |part| key.seal_block(BlockPadding::OaepSha1, part, SEED);
                    field.0.chunks(most).map(seal).collect::<Option<Vec<_>>>()
                });
                match blocks {
                    Some(blocks) if blocks.len() > 1 => holding(STANDARD.encode(blocks.concat())),
                    _ => inner.perform(ask),
                }
            }
            Input::Ciphertext(Ciphertext { ciphertext, .. }) if is_field(ask) => {
                let data = STANDARD.decode(ciphertext).unwrap_or_default();
                let opened = private_key(ask).and_then(|key| {
                    let open = |block| key.open_block(BlockPadding::OaepSha1, block);
                    data.chunks(key.bits() / 8).map(open).collect::<Option<Vec<_>>>()
                });
                match opened {
                    Some(opened) if opened.len() > 1 => holding(opened.concat()),
                    _ => inner.perform(ask),
                }
            }
            _ => inner.perform(ask),
        }),
    },
];

/// Fields in another padding.
fn padded(inner: &dyn Implementation, ask: &Ask, padding: BlockPadding) -> Answer {
    match &ask.input {
        Input::Plaintext(field) if is_field(ask) => match public_key(ask) {
            Some(key) => match key.seal_block(padding, &field.0, SEED) {
                Some(block) => holding(STANDARD.encode(block)),
                None => Answer::reject(Reason::LimitExceeded, ""),
            },
            None => inner.perform(ask),
        },
        Input::Ciphertext(Ciphertext { ciphertext, .. }) if is_field(ask) => {
            match (private_key(ask), STANDARD.decode(ciphertext)) {
                (Some(key), Ok(block)) => key
                    .open_block(padding, &block)
                    .map_or_else(|| Answer::reject(Reason::DecryptFailed, ""), holding),
                _ => inner.perform(ask),
            }
        }
        _ => inner.perform(ask),
    }
}

fn is_field(ask: &Ask) -> bool {
    let has_nonce = matches!(&ask.input, Input::Ciphertext(sealed) if sealed.nonce.is_some());
    ask.protocol == "wechatpay.v3" && !has_nonce
}

fn public_key(ask: &Ask) -> Option<PublicKey> {
    PublicKey::parse(ask.key.as_ref()?.form(KeyForm::PublicSpkiPem)?).ok()
}

fn private_key(ask: &Ask) -> Option<PrivateKey> {
    PrivateKey::parse(ask.key.as_ref()?.form(KeyForm::PrivatePkcs8Pem)?).ok()
}
