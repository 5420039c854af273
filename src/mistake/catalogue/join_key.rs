//! How the MD5 key is attached.

use crate::mistake::{Area, Mistake, Severity, Text, Twin, remembered};
use crate::signature::{
    Secret, SignError, SignType, Signature, SigningKey, VerifyError, VerifyingKey,
};

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "join-mapi-key-with-ampersand",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the MD5 key is appended as &key=…, as WeChat Pay has it",
            zh: "MD5 密钥以 &key=… 的形式追加（微信支付的规则）",
        },
        fix: Text {
            en: "append the bare key to the string", zh: "密钥直接接在字符串后面"
        },
        sources: &["derived from ports of WeChat Pay code"],
        twin: Twin::Stages(|stages| {
            stages.sign = signed_with_key_name;
            stages.verify = verified_with_key_name;
        }),
    },
    Mistake {
        id: "join-key-in-front",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the MD5 key stands in front of the string",
            zh: "MD5 密钥放在了字符串前面",
        },
        fix: Text {
            en: "append the bare key to the string", zh: "密钥直接接在字符串后面"
        },
        sources: &["derived from gateways whose key stands in front"],
        twin: Twin::Stages(|stages| {
            stages.sign = signed_with_key_in_front;
            stages.verify = verified_with_key_in_front;
        }),
    },
    Mistake {
        id: "join-key-at-both-ends",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the MD5 key stands in front of the string and behind it, as Taobao's gateway has it",
            zh: "MD5 密钥在字符串首尾各放一次（淘宝开放平台的规则）",
        },
        fix: Text {
            en: "append the bare key to the string", zh: "密钥直接接在字符串后面"
        },
        sources: &["derived from ports of code for Taobao's gateway"],
        twin: Twin::Stages(|stages| {
            stages.sign = signed_with_key_at_both_ends;
            stages.verify = verified_with_key_at_both_ends;
        }),
    },
];

type Signed = Result<Signature, SignError>;
type Verified = Result<(), VerifyError>;

/// The string, changed where the sign type is MD5.
fn for_md5(sign_type: SignType, string: &[u8], alter: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    if sign_type == SignType::Md5 { alter() } else { string.to_vec() }
}

fn with_key_name(sign_type: SignType, string: &[u8]) -> Vec<u8> {
    for_md5(sign_type, string, || [string, b"&key="].concat())
}

fn signed_with_key_name(sign_type: SignType, key: &SigningKey, string: &[u8]) -> Signed {
    remembered::sign(sign_type, key, &with_key_name(sign_type, string))
}

fn verified_with_key_name(
    sign_type: SignType,
    key: &VerifyingKey,
    string: &[u8],
    sign: &[u8],
) -> Verified {
    remembered::verify(sign_type, key, &with_key_name(sign_type, string), sign)
}

// MD5 takes the key last. With the two exchanged, the string is what it takes for the key.
fn signed_with_key_in_front(sign_type: SignType, key: &SigningKey, string: &[u8]) -> Signed {
    match (key, Secret::new(string)) {
        (SigningKey::Secret(secret), Ok(string)) => {
            remembered::sign(sign_type, &string.into(), secret.expose())
        }
        _ => remembered::sign(sign_type, key, string),
    }
}

fn verified_with_key_in_front(
    sign_type: SignType,
    key: &VerifyingKey,
    string: &[u8],
    sign: &[u8],
) -> Verified {
    match (key, Secret::new(string)) {
        (VerifyingKey::Secret(secret), Ok(string)) => {
            remembered::verify(sign_type, &string.into(), secret.expose(), sign)
        }
        _ => remembered::verify(sign_type, key, string, sign),
    }
}

fn signed_with_key_at_both_ends(sign_type: SignType, key: &SigningKey, string: &[u8]) -> Signed {
    match key {
        SigningKey::Secret(secret) => {
            remembered::sign(sign_type, key, &[secret.expose(), string].concat())
        }
        SigningKey::Rsa(_) => remembered::sign(sign_type, key, string),
    }
}

fn verified_with_key_at_both_ends(
    sign_type: SignType,
    key: &VerifyingKey,
    string: &[u8],
    sign: &[u8],
) -> Verified {
    match key {
        VerifyingKey::Secret(secret) => {
            remembered::verify(sign_type, key, &[secret.expose(), string].concat(), sign)
        }
        VerifyingKey::Rsa(_) => remembered::verify(sign_type, key, string, sign),
    }
}
