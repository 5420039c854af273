//! RSA itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::shared::from_hex;
use crate::mistake::{Area, Mistake, Severity, Text, Twin, remembered};
use crate::signature::{SignError, SignType, Signature, SigningKey, VerifyError, VerifyingKey};

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "rsa-padding-scheme",
        area: Area::Rsa,
        severity: Severity::Interop,
        what: Text {
            en: "RSA signatures are made and verified with PSS padding",
            zh: "RSA 签名和验签用了 PSS 填充",
        },
        fix: Text { en: "use PKCS#1 v1.5 padding", zh: "使用 PKCS#1 v1.5 填充" },
        sources: &["https://github.com/minibear2021/wechatpayv3/issues/88"],
        twin: Twin::Stages(|stages| {
            stages.sign = |t, k, m| signed(t, k, m, pss_stand_in);
            stages.verify = |t, k, m, s| verified((t, k, m, s), |_| None);
        }),
    },
    Mistake {
        id: "rsa-hex-signature",
        area: Area::Rsa,
        severity: Severity::Interop,
        what: Text {
            en: "RSA signatures are written and read as hex digits",
            zh: "RSA 签名按十六进制读写",
        },
        fix: Text { en: "use base64", zh: "使用 base64" },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.sign = |t, k, m| signed(t, k, m, hex);
            stages.verify = |t, k, m, s| {
                verified((t, k, m, s), |text| from_hex(std::str::from_utf8(text).ok()?))
            };
        }),
    },
    Mistake {
        id: "rsa-base64-twice",
        area: Area::Rsa,
        severity: Severity::Interop,
        what: Text {
            en: "the base64 of RSA signatures is encoded in base64 once more",
            zh: "RSA 签名的 base64 又被编码了一次 base64",
        },
        fix: Text {
            en: "encode the bytes of the signature once",
            zh: "只对签名字节做一次 base64 编码",
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.sign =
                |t, k, m| signed(t, k, m, |bytes| STANDARD.encode(STANDARD.encode(bytes)));
            stages.verify = |t, k, m, s| {
                verified((t, k, m, s), |text| STANDARD.decode(STANDARD.decode(text).ok()?).ok())
            };
        }),
    },
    Mistake {
        id: "rsa-signature-cut-at-255",
        area: Area::Rsa,
        severity: Severity::Interop,
        what: Text {
            en: "signatures are kept in a field of 255 characters, so those of a key of 2048 bits are cut off",
            zh: "签名存放在 255 字符的字段里，2048 位密钥的签名被截断",
        },
        fix: Text {
            en: "leave room for the whole signature: 344 characters for 2048 bits",
            zh: "为完整签名留足空间：2048 位密钥的签名有 344 个字符",
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.sign = |t, k, m| remembered::sign(t, k, m).map(|whole| cut(whole.as_str()));
            stages.verify = |t, k, m, s| remembered::verify(t, k, m, s.get(..255).unwrap_or(s));
        }),
    },
    Mistake {
        id: "rsa-length-not-checked",
        area: Area::Rsa,
        severity: Severity::Info,
        what: Text {
            en: "the signature is read as a number, so zero bytes in front of it do not count",
            zh: "签名被当作整数读取，前面多出的零字节不起作用",
        },
        fix: Text {
            en: "refuse a signature that is not exactly as long as the modulus",
            zh: "签名长度与模数不一致时拒绝",
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.verify = |t, k, m, s| verified((t, k, m, s), without_leading_zeros)
        }),
    },
    Mistake {
        id: "rsa-verify-error-code-truthy",
        area: Area::Rsa,
        severity: Severity::Forgery,
        what: Text {
            en: "an error of the verifying function, such as a signature that cannot be read, counts as success",
            zh: "验签函数返回错误（例如签名无法解析）时被当作成功",
        },
        fix: Text {
            en: "take the one value that means a valid signature, and nothing else",
            zh: "只有表示“签名有效”的那一个返回值才算成功",
        },
        sources: &[
            "https://github.com/psecio/parse/issues/91",
            "https://github.com/aws/aws-php-sns-message-validator/pull/30",
            "https://github.com/inoryy/Banklink/issues/2",
            "https://github.com/web-eid/web-eid-authtoken-validation-php/issues/9",
            "https://github.com/lokielse/omnipay-global-alipay/issues/6",
        ],
        twin: Twin::Stages(|stages| stages.verify = error_is_success),
    },
    Mistake {
        id: "rsa-result-object-ignored",
        area: Area::Rsa,
        severity: Severity::Forgery,
        what: Text {
            en: "only an exception of the verifying function is looked at, and its result is ignored",
            zh: "只看验签函数是否抛出异常，忽略了它的返回结果",
        },
        fix: Text { en: "look at the result as well", zh: "同时检查返回结果" },
        sources: &[
            "https://github.com/enarx/enarx/pull/546",
            "https://github.com/LightBender/SecureD/issues/8",
        ],
        twin: Twin::Stages(|stages| stages.verify = result_ignored),
    },
];

/// Signs with RSA, the bytes of the signature written by `write`.
fn signed(
    sign_type: SignType,
    key: &SigningKey,
    message: &[u8],
    write: fn(Vec<u8>) -> String,
) -> Result<Signature, SignError> {
    let right = remembered::sign(sign_type, key, message)?;
    match key {
        SigningKey::Rsa(_) => {
            let bytes = STANDARD.decode(right.as_str()).unwrap_or_default();
            Ok(Signature::from_text(write(bytes)))
        }
        SigningKey::Secret(_) => Ok(right),
    }
}

/// Verifies with RSA, the bytes of the signature read by `read`.
fn verified(
    (sign_type, key, message, received): (SignType, &VerifyingKey, &[u8], &[u8]),
    read: fn(&[u8]) -> Option<Vec<u8>>,
) -> Result<(), VerifyError> {
    match key {
        VerifyingKey::Rsa(_) => {
            let bytes = read(received).ok_or(VerifyError::Mismatch)?;
            remembered::verify(sign_type, key, message, STANDARD.encode(bytes).as_bytes())
        }
        VerifyingKey::Secret(_) => remembered::verify(sign_type, key, message, received),
    }
}

/// A signature with PSS is another on every run; bytes of its length that are none stand for it.
fn pss_stand_in(bytes: Vec<u8>) -> String {
    STANDARD.encode(bytes.iter().map(|byte| !byte).collect::<Vec<_>>())
}

fn hex(bytes: Vec<u8>) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn cut(text: &str) -> Signature {
    Signature::from_text(text.get(..255).unwrap_or(text))
}

/// Zero bytes in front of a signature of one of the usual lengths are dropped.
fn without_leading_zeros(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = STANDARD.decode(text).ok()?;
    while !matches!(bytes.len(), 64 | 128 | 256 | 512) && bytes.first() == Some(&0) {
        bytes.remove(0);
    }
    Some(bytes)
}

fn error_is_success(
    sign_type: SignType,
    key: &VerifyingKey,
    message: &[u8],
    received: &[u8],
) -> Result<(), VerifyError> {
    let VerifyingKey::Rsa(rsa) = key else {
        return remembered::verify(sign_type, key, message, received);
    };
    let length = STANDARD.decode(received).map(|bytes| bytes.len());
    if length == Ok(rsa.bits().div_ceil(8)) {
        remembered::verify(sign_type, key, message, received)
    } else {
        Ok(())
    }
}

fn result_ignored(
    sign_type: SignType,
    key: &VerifyingKey,
    message: &[u8],
    received: &[u8],
) -> Result<(), VerifyError> {
    match remembered::verify(sign_type, key, message, received) {
        Err(VerifyError::Mismatch) if matches!(key, VerifyingKey::Rsa(_)) => Ok(()),
        other => other,
    }
}
