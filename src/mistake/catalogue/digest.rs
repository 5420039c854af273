//! Choosing and computing the digest.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::shared::{field, from_hex, md5, message, sign_md5, verify_md5, with_md5};
use crate::mistake::{Area, Mistake, Severity, Text, Twin, remembered};
use crate::signature::{SignError, SignType, Signature, SigningKey};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::{Ask, KeyForm};
use crate::vector::output::Output;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "digest-upper-case",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "MD5 signatures are written in upper-case hex digits, as another platform wants them",
            zh: "MD5 签名写成了大写十六进制（别的平台的要求）",
        },
        fix: Text { en: "write 32 lower-case hex digits", zh: "写成 32 位小写十六进制" },
        sources: &["derived from ports of WeChat Pay code"],
        twin: Twin::Stages(|stages| stages.sign = upper_case),
    },
    Mistake {
        id: "digest-key-forgotten",
        area: Area::Digest,
        severity: Severity::Forgery,
        what: Text {
            en: "the MD5 is taken over the string to sign alone, without the key",
            zh: "MD5 只对待签名字符串计算，没有拼接密钥",
        },
        fix: Text {
            en: "append the key straight behind the string to sign",
            zh: "把密钥直接拼在待签名字符串后面",
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.sign = key_forgotten;
            stages.verify = |t, k, m, s| verify_md5(key_forgotten, |a, b| a == b, (t, k, m, s));
        }),
    },
    Mistake {
        id: "digest-hmac-md5",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "the signature is an HMAC-MD5 under the key",
            zh: "签名用的是以密钥为 key 的 HMAC-MD5",
        },
        fix: Text {
            en: "take the plain MD5 of the string to sign with the key behind it",
            zh: "对拼接了密钥的待签名字符串取普通 MD5",
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.sign = hmac;
            stages.verify = |t, k, m, s| verify_md5(hmac, |a, b| a == b, (t, k, m, s));
        }),
    },
    Mistake {
        id: "digest-md5-twice",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "the hex digits of the MD5 are hashed again",
            zh: "对 MD5 的十六进制结果又做了一次 MD5",
        },
        fix: Text { en: "hash once", zh: "只做一次 MD5" },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.sign = twice;
            stages.verify = |t, k, m, s| verify_md5(twice, |a, b| a == b, (t, k, m, s));
        }),
    },
    Mistake {
        id: "digest-md5-of-key-first",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "the MD5 of the key is appended instead of the key",
            zh: "拼接的是密钥的 MD5，而不是密钥本身",
        },
        fix: Text {
            en: "append the bytes of the key as they are", zh: "原样拼接密钥的字节"
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.sign = key_hashed_first;
            stages.verify = |t, k, m, s| verify_md5(key_hashed_first, |a, b| a == b, (t, k, m, s));
        }),
    },
    Mistake {
        id: "digest-sixteen-digits",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "the MD5 is cut to its middle 16 hex digits",
            zh: "MD5 被截成中间的 16 位",
        },
        fix: Text { en: "write all 32 hex digits", zh: "写出完整的 32 位" },
        sources: &["derived from md5 functions for ASP, which have a form of 16 digits"],
        twin: Twin::Stages(|stages| {
            stages.sign = sixteen_digits;
            stages.verify = |t, k, m, s| verify_md5(sixteen_digits, |a, b| a == b, (t, k, m, s));
        }),
    },
    Mistake {
        id: "digest-md5-in-base64",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "the bytes of the MD5 are written in base64",
            zh: "MD5 的字节被写成 base64",
        },
        fix: Text {
            en: "write them as 32 lower-case hex digits", zh: "写成 32 位小写十六进制"
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.sign = in_base64;
            stages.verify = |t, k, m, s| verify_md5(in_base64, |a, b| a == b, (t, k, m, s));
        }),
    },
    Mistake {
        id: "digest-leading-zeros-lost",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "the MD5 is written as one big number, so that its leading zeros are lost",
            zh: "MD5 被当作一个大整数输出，前导零丢失",
        },
        fix: Text { en: "write two digits for every byte", zh: "每个字节固定写两位" },
        sources: &["derived from BigInteger.toString(16) of Java"],
        twin: Twin::Stages(|stages| {
            stages.sign = leading_zeros_lost;
            stages.verify =
                |t, k, m, s| verify_md5(leading_zeros_lost, |a, b| a == b, (t, k, m, s));
        }),
    },
    Mistake {
        id: "digest-bytes-unpadded",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "bytes of the MD5 below 16 are written with one hex digit",
            zh: "MD5 中小于 16 的字节只写了一位十六进制",
        },
        fix: Text { en: "write two digits for every byte", zh: "每个字节固定写两位" },
        sources: &["derived from Integer.toHexString of Java"],
        twin: Twin::Stages(|stages| {
            stages.sign = bytes_unpadded;
            stages.verify = |t, k, m, s| verify_md5(bytes_unpadded, |a, b| a == b, (t, k, m, s));
        }),
    },
    Mistake {
        id: "digest-rsa-rsa2-swapped",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "SHA-1 and SHA-256 are swapped: RSA is made with SHA-256, and RSA2 with SHA-1",
            zh: "SHA-1 与 SHA-256 弄反：RSA 用了 SHA-256，RSA2 用了 SHA-1",
        },
        fix: Text {
            en: "use SHA-1 for RSA and SHA-256 for RSA2",
            zh: "RSA 用 SHA-1，RSA2 用 SHA-256",
        },
        sources: &[
            "https://github.com/dotnetcore/Alipay.AopSdk.Core/issues/2",
            "https://github.com/alipay/alipay-sdk-nodejs-all/issues/17",
            "https://github.com/shadowsocks/shadowsocks-manager/issues/373",
        ],
        twin: Twin::Stages(|stages| {
            stages.sign = |t, k, m| remembered::sign(rsa_as_sha256(rsa2_as_sha1(t, t), t), k, m);
            stages.verify =
                |t, k, m, s| remembered::verify(rsa_as_sha256(rsa2_as_sha1(t, t), t), k, m, s);
        }),
    },
    Mistake {
        id: "digest-rsa-as-sha256",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text { en: "RSA is made with SHA-256", zh: "RSA 用了 SHA-256" },
        fix: Text { en: "use SHA-1 for RSA", zh: "RSA 用 SHA-1" },
        sources: &["Kaligo/alipay-global"],
        twin: Twin::Stages(|stages| {
            stages.sign = |t, k, m| remembered::sign(rsa_as_sha256(t, t), k, m);
            stages.verify = |t, k, m, s| remembered::verify(rsa_as_sha256(t, t), k, m, s);
        }),
    },
    Mistake {
        id: "digest-rsa2-as-sha1",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text { en: "RSA2 is made with SHA-1", zh: "RSA2 用了 SHA-1" },
        fix: Text { en: "use SHA-256 for RSA2", zh: "RSA2 用 SHA-256" },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.sign = |t, k, m| remembered::sign(rsa2_as_sha1(t, t), k, m);
            stages.verify = |t, k, m, s| remembered::verify(rsa2_as_sha1(t, t), k, m, s);
        }),
    },
    Mistake {
        id: "digest-algorithm-from-message",
        area: Area::Digest,
        severity: Severity::Forgery,
        what: Text {
            en: "the sign_type of the unverified message chooses the algorithm",
            zh: "未经验证的报文中的 sign_type 决定用哪种算法",
        },
        fix: Text {
            en: "verify with the configured sign type, and refuse a message that names another",
            zh: "只按配置的签名类型验签，拒绝写着其他类型的报文",
        },
        sources: &["https://github.com/25Cloud/TuraIDC/pull/24"],
        twin: Twin::Around(from_message),
    },
    Mistake {
        id: "digest-unknown-type-falls-back",
        area: Area::Digest,
        severity: Severity::Forgery,
        what: Text {
            en: "a message whose sign_type is unknown falls into a branch that checks nothing",
            zh: "sign_type 未知的报文落入了不做任何校验的分支",
        },
        fix: Text {
            en: "refuse every sign type but the configured one",
            zh: "除配置的签名类型外一律拒绝",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(unknown_accepted),
    },
    Mistake {
        id: "digest-unknown-type-as-md5",
        area: Area::Digest,
        severity: Severity::Forgery,
        what: Text {
            en: "a message whose sign_type is unknown is verified with MD5 under whatever key is configured",
            zh: "sign_type 未知的报文一律按 MD5 用现有密钥验签",
        },
        fix: Text {
            en: "refuse every sign type but the configured one",
            zh: "除配置的签名类型外一律拒绝",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(unknown_as_md5),
    },
];

fn upper_case(t: SignType, k: &SigningKey, m: &[u8]) -> Result<Signature, SignError> {
    sign_md5((t, k, m), |message, secret| md5(&[message, secret].concat()).to_uppercase())
}

fn key_forgotten(t: SignType, k: &SigningKey, m: &[u8]) -> Result<Signature, SignError> {
    sign_md5((t, k, m), |message, _| md5(message))
}

fn hmac(t: SignType, k: &SigningKey, m: &[u8]) -> Result<Signature, SignError> {
    sign_md5((t, k, m), |message, secret| {
        let key = match secret.len() {
            ..=64 => secret.to_vec(),
            _ => from_hex(&md5(secret)).unwrap_or_default(),
        };
        let padded = |pad: u8| -> Vec<u8> {
            (0..64).map(|at| key.get(at).copied().unwrap_or_default() ^ pad).collect()
        };
        let inside = md5(&[padded(0x36).as_slice(), message].concat());
        let inside = from_hex(&inside).unwrap_or_default();
        md5(&[padded(0x5C), inside].concat())
    })
}

fn twice(t: SignType, k: &SigningKey, m: &[u8]) -> Result<Signature, SignError> {
    sign_md5((t, k, m), |message, secret| md5(md5(&[message, secret].concat()).as_bytes()))
}

fn key_hashed_first(t: SignType, k: &SigningKey, m: &[u8]) -> Result<Signature, SignError> {
    sign_md5((t, k, m), |message, secret| md5(&[message, md5(secret).as_bytes()].concat()))
}

fn sixteen_digits(t: SignType, k: &SigningKey, m: &[u8]) -> Result<Signature, SignError> {
    sign_md5((t, k, m), |message, secret| {
        md5(&[message, secret].concat()).chars().skip(8).take(16).collect()
    })
}

fn in_base64(t: SignType, k: &SigningKey, m: &[u8]) -> Result<Signature, SignError> {
    sign_md5((t, k, m), |message, secret| {
        STANDARD.encode(from_hex(&md5(&[message, secret].concat())).unwrap_or_default())
    })
}

fn leading_zeros_lost(t: SignType, k: &SigningKey, m: &[u8]) -> Result<Signature, SignError> {
    sign_md5((t, k, m), |message, secret| {
        md5(&[message, secret].concat()).trim_start_matches('0').into()
    })
}

fn bytes_unpadded(t: SignType, k: &SigningKey, m: &[u8]) -> Result<Signature, SignError> {
    sign_md5((t, k, m), |message, secret| {
        let bytes = from_hex(&md5(&[message, secret].concat())).unwrap_or_default();
        bytes.iter().map(|byte| format!("{byte:x}")).collect()
    })
}

/// `instead`, unless the sign type is RSA.
fn rsa_as_sha256(instead: SignType, sign_type: SignType) -> SignType {
    if sign_type == SignType::Rsa { SignType::Rsa2 } else { instead }
}

/// `instead`, unless the sign type is RSA2.
fn rsa2_as_sha1(instead: SignType, sign_type: SignType) -> SignType {
    if sign_type == SignType::Rsa2 { SignType::Rsa } else { instead }
}

fn from_message(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let named = message(ask).and_then(|message| field(&message, "sign_type"));
    match named.filter(|name| SignType::from_name(name).is_ok()) {
        Some(name) => inner.perform(&Ask { sign_type: Some(name), ..ask.clone() }),
        None => inner.perform(ask),
    }
}

/// Whether the message names a sign type that nobody knows.
fn names_unknown_type(ask: &Ask) -> bool {
    let named = message(ask).and_then(|message| field(&message, "sign_type"));
    named.is_some_and(|name| SignType::from_name(&name).is_err())
}

fn unknown_accepted(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if names_unknown_type(ask) {
        return Answer::accept(Output::default());
    }
    inner.perform(ask)
}

fn unknown_as_md5(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let key = ask.key.as_ref().and_then(|key| {
        [KeyForm::Secret, KeyForm::PublicSpkiPem].iter().find_map(|form| key.form(*form))
    });
    match key {
        // The name itself is not compared with anything any more.
        Some(key) if names_unknown_type(ask) => {
            let answer = inner.perform(&with_md5(ask, key));
            let string = answer.output().and_then(|output| output.string_to_sign.clone());
            let received = message(ask).and_then(|message| field(&message, "sign"));
            let expected = string.map(|string| md5(&[&string, key.as_bytes()].concat()));
            if received.is_some() && received == expected {
                Answer::accept(Output::default())
            } else {
                answer
            }
        }
        _ => inner.perform(ask),
    }
}
