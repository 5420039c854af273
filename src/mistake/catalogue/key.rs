//! Reading and choosing the key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::shared::{
    field, from_hex, md5, message, sign_md5, signs, verifies, verify_md5, with_md5, with_secret,
};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::signature::{SignError, SignType, Signature, SigningKey};
use crate::suite::answer::{Answer, Threw};
use crate::suite::implementation::Implementation;
use crate::vector::case::{Ask, Key, KeyForm};
use crate::vector::input::Input;
use crate::vector::operation::Operation;
use crate::vector::reason::Reason;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "key-lower-cased",
        area: Area::Key,
        severity: Severity::Interop,
        what: Text {
            en: "the MD5 key is lower-cased before it is used",
            zh: "MD5 密钥在使用前被转成小写",
        },
        fix: Text { en: "use the bytes of the key as they are", zh: "原样使用密钥的字节" },
        sources: &["public copies of the official C# demo"],
        twin: Twin::Around(|inner, ask| inner.perform(&with_secret(ask, str::to_lowercase))),
    },
    Mistake {
        id: "key-trailing-whitespace",
        area: Area::Key,
        severity: Severity::Interop,
        what: Text {
            en: "the MD5 key carries a line break from the file or form that it was read from",
            zh: "MD5 密钥末尾带着来自文件或表单的换行符",
        },
        fix: Text {
            en: "cut the line break off when the key is read, and refuse a key with blanks around it",
            zh: "读取密钥时去掉末尾换行，拒绝前后带空白的密钥",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            inner.perform(&with_secret(ask, |secret| format!("{secret}\n")))
        }),
    },
    Mistake {
        id: "key-byte-order-mark",
        area: Area::Key,
        severity: Severity::Interop,
        what: Text {
            en: "the MD5 key begins with the byte order mark of the text file that it was read from",
            zh: "MD5 密钥开头带着文本文件的 BOM",
        },
        fix: Text {
            en: "save the file without a byte order mark, or cut it off",
            zh: "将文件保存为无 BOM 格式，或读取时去掉 BOM",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            inner.perform(&with_secret(ask, |secret| format!("\u{FEFF}{secret}")))
        }),
    },
    Mistake {
        id: "key-quotes-kept",
        area: Area::Key,
        severity: Severity::Interop,
        what: Text {
            en: "the quotes that stand around the MD5 key in the configuration file are part of the key",
            zh: "配置文件中密钥两侧的引号被当成了密钥的一部分",
        },
        fix: Text {
            en: "read the configuration by the rules of its format, without the quotes",
            zh: "按配置文件格式读取，不含引号",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            inner.perform(&with_secret(ask, |secret| format!("\"{secret}\"")))
        }),
    },
    Mistake {
        id: "key-hex-decoded",
        area: Area::Key,
        severity: Severity::Interop,
        what: Text {
            en: "an MD5 key that looks like hex digits is decoded from them",
            zh: "看起来像十六进制的 MD5 密钥被先解码",
        },
        fix: Text {
            en: "append the text of the key itself: it is not encoded",
            zh: "直接拼接密钥文本，它没有经过任何编码",
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.sign = hex_decoded;
            stages.verify = |t, k, m, s| verify_md5(hex_decoded, |a, b| a == b, (t, k, m, s));
        }),
    },
    Mistake {
        id: "key-base64-decoded",
        area: Area::Key,
        severity: Severity::Interop,
        what: Text {
            en: "the MD5 key is decoded from base64, as the keys of other platforms are",
            zh: "MD5 密钥像其他平台的密钥一样被先做 base64 解码",
        },
        fix: Text {
            en: "append the text of the key itself: it is not encoded",
            zh: "直接拼接密钥文本，它没有经过任何编码",
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.sign = base64_decoded;
            stages.verify = |t, k, m, s| verify_md5(base64_decoded, |a, b| a == b, (t, k, m, s));
        }),
    },
    Mistake {
        id: "key-empty-secret-accepted",
        area: Area::Key,
        severity: Severity::Forgery,
        what: Text {
            en: "an MD5 key that is not configured is used as an empty one, so anybody can sign",
            zh: "未配置的 MD5 密钥被当作空密钥使用，任何人都能签名",
        },
        fix: Text {
            en: "refuse to sign or to verify without a key",
            zh: "没有密钥时拒绝签名和验签",
        },
        sources: &["https://github.com/QuantumNous/new-api/issues/4353"],
        twin: Twin::Around(empty_secret_accepted),
    },
    Mistake {
        id: "key-taken-from-request",
        area: Area::Key,
        severity: Severity::Forgery,
        what: Text {
            en: "a parameter named key takes the place of the configured key",
            zh: "名为 key 的参数取代了配置的密钥",
        },
        fix: Text {
            en: "take the key from the configuration alone", zh: "只使用配置中的密钥"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(taken_from_request),
    },
    Mistake {
        id: "key-app-public-instead-of-platform",
        area: Area::Key,
        severity: Severity::Interop,
        what: Text {
            en: "messages are verified with the merchant's own public key instead of Alipay's",
            zh: "用商户自己的公钥（而不是支付宝公钥）验签",
        },
        fix: Text {
            en: "configure Alipay's public key for verifying; the merchant's own key only signs",
            zh: "验签要配置支付宝公钥；商户自己的密钥只用于签名",
        },
        sources: &[
            "https://github.com/yansongda/pay/issues/63",
            "https://github.com/yansongda/pay/issues/12",
            "https://github.com/yansongda/pay/issues/47",
            "https://github.com/smartwalle/alipay/issues/102",
            "https://github.com/fym201/alipay-node-sdk/issues/18",
        ],
        twin: Twin::Around(own_public_key),
    },
    Mistake {
        id: "key-public-key-as-secret",
        area: Area::Key,
        severity: Severity::Forgery,
        what: Text {
            en: "where the message says MD5, the text of the RSA public key serves as the MD5 key",
            zh: "报文写明 MD5 时，把 RSA 公钥文本当作 MD5 密钥",
        },
        fix: Text {
            en: "verify with the configured sign type, and never use a key of one type for another",
            zh: "只按配置的签名类型验签，绝不把一种密钥用于另一种算法",
        },
        sources: &["CVE-2015-9235 (the same confusion in JSON Web Tokens)"],
        twin: Twin::Around(|inner, ask| public_key_as_secret(inner, ask, str::to_owned)),
    },
    Mistake {
        id: "key-public-key-body-as-secret",
        area: Area::Key,
        severity: Severity::Forgery,
        what: Text {
            en: "where the message says MD5, the RSA public key, configured as bare base64, serves as the MD5 key",
            zh: "报文写明 MD5 时，把以裸 base64 配置的 RSA 公钥当作 MD5 密钥",
        },
        fix: Text {
            en: "verify with the configured sign type, and never use a key of one type for another",
            zh: "只按配置的签名类型验签，绝不把一种密钥用于另一种算法",
        },
        sources: &["CVE-2015-9235 (the same confusion in JSON Web Tokens)"],
        twin: Twin::Around(|inner, ask| public_key_as_secret(inner, ask, bare)),
    },
    Mistake {
        id: "key-pkcs1-pkcs8-mixup",
        area: Area::Key,
        severity: Severity::Interop,
        what: Text {
            en: "the RSA private key is read as the other of PKCS#1 and PKCS#8, so nothing can be signed",
            zh: "RSA 私钥的 PKCS#1 与 PKCS#8 格式被读混，无法签名",
        },
        fix: Text {
            en: "read both forms, or say which one is expected",
            zh: "两种格式都能读取，或者明确提示需要哪一种",
        },
        sources: &[
            "https://github.com/smartwalle/alipay/issues/188",
            "https://github.com/smartwalle/alipay/pull/33",
            "https://github.com/smartwalle/alipay/issues/32",
            "https://github.com/alipay/alipay-sdk-nodejs-all/issues/60",
            "https://github.com/chinabugotech/hutool/issues/3155",
        ],
        twin: Twin::Around(wrong_container),
    },
    Mistake {
        id: "key-pem-armour-or-wrapping",
        area: Area::Key,
        severity: Severity::Interop,
        what: Text {
            en: "RSA keys are put between wrong PEM lines, or not wrapped, so that neither signing nor verifying can begin",
            zh: "RSA 密钥的 PEM 头尾有误或没有换行，签名和验签都无法进行",
        },
        fix: Text {
            en: "read bare base64, one line and wrapped PEM alike",
            zh: "裸 base64、单行 PEM 与换行 PEM 都应能读取",
        },
        sources: &[
            "https://github.com/fzlee/alipay/issues/134",
            "https://github.com/fzlee/alipay/issues/166",
            "https://github.com/fzlee/alipay/issues/113",
            "https://github.com/helei112g/payment/issues/161",
            "https://github.com/helei112g/payment/issues/201",
        ],
        twin: Twin::Around(broken_armour),
    },
];

fn hex_decoded(t: SignType, k: &SigningKey, m: &[u8]) -> Result<Signature, SignError> {
    sign_md5((t, k, m), |message, secret| {
        let key = std::str::from_utf8(secret).ok().and_then(from_hex);
        md5(&[message, key.as_deref().unwrap_or(secret)].concat())
    })
}

fn base64_decoded(t: SignType, k: &SigningKey, m: &[u8]) -> Result<Signature, SignError> {
    sign_md5((t, k, m), |message, secret| {
        let key = STANDARD.decode(secret).ok();
        md5(&[message, key.as_deref().unwrap_or(secret)].concat())
    })
}

fn empty_secret_accepted(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let secret = ask.key.as_ref().and_then(|key| key.form(KeyForm::Secret)).unwrap_or_default();
    let is_md5 = ask.sign_type.as_deref() == Some(SignType::Md5.name());
    if !is_md5 || !secret.is_empty() || !(signs(ask) || verifies(ask)) {
        return inner.perform(ask);
    }
    // Whatever the key, the stages before it are the same.
    let answer = inner.perform(&with_md5(ask, "any"));
    let Some(output) = answer.output().cloned() else { return answer };
    let Some(string) = &output.string_to_sign else { return answer };
    let unkeyed = md5(string);
    match message(ask) {
        Some(message) if field(&message, "sign") == Some(unkeyed) => Answer::accept(output),
        Some(_) => Answer::reject(Reason::SignatureMismatch, "not the MD5 of the string"),
        None if ask.operation == Operation::Sign => {
            let mut output = output;
            output.signature = Some(md5(output.string_to_sign.as_deref().unwrap_or_default()));
            Answer::value(output)
        }
        None => answer,
    }
}

fn taken_from_request(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let received = match &ask.input {
        Input::Params(params) | Input::Request { params, .. } if signs(ask) => {
            params.iter().find(|(name, _)| name == "key").map(|(_, value)| value.clone())
        }
        _ => message(ask).and_then(|message| field(&message, "key")),
    };
    match received.filter(|key| !key.is_empty()) {
        Some(key) => inner.perform(&with_secret(ask, |_| key.clone())),
        None => inner.perform(ask),
    }
}

/// The public half of a merchant's own key, made for this purpose.
const OWN: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCz8CwGirqDv30xFLUkVvyoRIdc
2NaGPMhW1Ob4SrRCbo0DE5Xvgh5/b6rrzTkDFugTY21E6vSpe51KjDmeWNE0oxCo
VuhJpA+WEkQew9peb9CGIaLB+j31OixbR+RPOV6Bfnyc6ZaCUyXM0ft8+Hu+3a32
qm3ruD8+R+m4+S49SQIDAQAB
-----END PUBLIC KEY-----
";

fn own_public_key(inner: &dyn Implementation, ask: &Ask) -> Answer {
    // Where a message names its key, none is configured to be taken for another.
    if !verifies(ask) || !is_rsa(ask) || !ask.keys.is_empty() {
        return inner.perform(ask);
    }
    let key = Key::from_iter([(KeyForm::PublicSpkiPem, OWN.to_owned())]);
    inner.perform(&Ask { key: Some(key), ..ask.clone() })
}

fn public_key_as_secret(
    inner: &dyn Implementation,
    ask: &Ask,
    configured: fn(&str) -> String,
) -> Answer {
    let says_md5 = message(ask)
        .is_some_and(|message| message.get(b"sign_type") == Some(SignType::Md5.name().as_bytes()));
    let public = ask.key.as_ref().and_then(|key| key.form(KeyForm::PublicSpkiPem));
    match public {
        Some(pem) if says_md5 && is_rsa(ask) => inner.perform(&with_md5(ask, &configured(pem))),
        _ => inner.perform(ask),
    }
}

/// The base64 between the lines of a PEM text.
fn bare(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

fn is_rsa(ask: &Ask) -> bool {
    matches!(ask.sign_type.as_deref(), Some("RSA" | "RSA2"))
}

fn wrong_container(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if signs(ask) && is_rsa(ask) {
        return threw("InvalidKeySpecException", "the private key is of another container");
    }
    inner.perform(ask)
}

fn broken_armour(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if (signs(ask) || verifies(ask)) && is_rsa(ask) {
        return threw("ValueError", "could not deserialize key data");
    }
    inner.perform(ask)
}

fn threw(kind: &str, message: &str) -> Answer {
    Answer::Threw(Threw { kind: kind.into(), message: message.into() })
}
