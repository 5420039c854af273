//! The text of the signature, and the sign type.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Circumstance, Undone};
use crate::explain::escape::{hex, replaced, without};
use crate::explain::keys::Keys;
use crate::explain::parameters::Parameters;
use crate::explain::situation::Situation;
use crate::mistake::Text;
use crate::signature::SignType;

pub(super) const CIRCUMSTANCES: &[Circumstance<Parameters>] = &[
    Circumstance {
        id: "sign-type",
        what: Text {
            en: "the signature is of another sign type than the one that is configured or stands in the message",
            zh: "签名的实际类型与配置的或报文中写的不同",
        },
        fix: Text {
            en: "configure the sign type with which the account signs; MD5, RSA and RSA2 have a key each, and the name is upper case",
            zh: "配置账户实际使用的签名类型；MD5、RSA、RSA2 各有自己的密钥，名称为大写",
        },
        is_common: true,
        undo: other_sign_types,
    },
    Circumstance {
        id: "sign-upper-cased",
        what: Text {
            en: "the hex digits of the signature are in upper case",
            zh: "签名的十六进制字母是大写",
        },
        fix: Text {
            en: "write an MD5 signature in lower case", zh: "MD5 签名使用小写字母"
        },
        is_common: true,
        undo: |situation, _| match situation.sign_type {
            SignType::WechatMd5 | SignType::HmacSha256 => vec![],
            _ => hex_digits(situation, |text| text.to_ascii_lowercase()),
        },
    },
    Circumstance {
        id: "sign-lower-cased",
        what: Text {
            en: "the hex digits of the signature are in lower case",
            zh: "签名的十六进制字母是小写",
        },
        fix: Text {
            en: "write the signature of WeChat Pay in upper case",
            zh: "微信支付的签名使用大写字母",
        },
        is_common: true,
        undo: |situation, _| match situation.sign_type {
            SignType::WechatMd5 | SignType::HmacSha256 => {
                hex_digits(situation, |text| text.to_ascii_uppercase())
            }
            _ => vec![],
        },
    },
];

impl<S: Situation> Circumstance<S> {
    /// What can happen to the text of any signature.
    pub(super) const SIGNATURE_TEXT: &'static [Self] = &[
        Circumstance {
            id: "sign-whitespace",
            what: Text {
                en: "whitespace, line breaks or quotation marks stand in the signature",
                zh: "签名中夹有空白、换行或引号",
            },
            fix: Text {
                en: "write the base64 of a signature on one line (NO_WRAP), and take nothing else along with it",
                zh: "签名的 base64 写成一行（NO_WRAP），不要夹带其他字符",
            },
            is_common: true,
            undo: |situation, _| {
                let dense = |text: &[u8]| {
                    let text = replaced(&replaced(text, b"\\n", b""), b"\\r", b"");
                    let text = text.trim_ascii();
                    // A space within may be a + that was lost.
                    without(text, b"\r\n\t\"'")
                };
                sign(situation, dense).into_iter().collect()
            },
        },
        Circumstance {
            id: "sign-url-safe",
            what: Text {
                en: "the signature is in the URL-safe alphabet of base64 or without its padding",
                zh: "签名用了 URL 安全的 base64 字母表，或缺少填充的 =",
            },
            fix: Text {
                en: "write and read standard base64, with + and / and =, and URL-encode it on the wire",
                zh: "使用标准 base64（含 +、/、=），传输时再做 URL 编码",
            },
            is_common: false,
            undo: |situation, _| {
                let is_base64 = situation.sign().len() > 64;
                let standard = |text: &[u8]| {
                    let mut text = replaced(&replaced(text, b"-", b"+"), b"_", b"/");
                    while !text.len().is_multiple_of(4) {
                        text.push(b'=');
                    }
                    text
                };
                sign(situation, standard).filter(|_| is_base64).into_iter().collect()
            },
        },
        Circumstance {
            id: "sign-other-text-form",
            what: Text {
                en: "the signature is written in hex where base64 belongs, or in base64 where hex belongs",
                zh: "签名的文本形式不对：该用 base64 的写成了十六进制，或相反",
            },
            fix: Text {
                en: "write an MD5 signature as 32 lower-case hex digits, and an RSA signature in base64",
                zh: "MD5 签名写成 32 位小写十六进制，RSA 签名写成 base64",
            },
            is_common: false,
            undo: |situation, _| {
                let keyed = situation.sign_type().is_keyed();
                let other = |text: &[u8]| match (from_hex(text), STANDARD.decode(text)) {
                    (Some(bytes), _) if bytes.len() > 16 && !keyed => {
                        STANDARD.encode(bytes).into_bytes()
                    }
                    (_, Ok(bytes)) if bytes.len() == 16 => {
                        bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
                    }
                    // base64 of the hex digits
                    (_, Ok(bytes)) if bytes.len() == 32 => bytes,
                    _ => text.to_vec(),
                };
                sign(situation, other).into_iter().collect()
            },
        },
    ];
}

fn sign<S: Situation>(situation: &S, change: impl Fn(&[u8]) -> Vec<u8>) -> Option<Undone<S>> {
    let changed = situation.with_sign(&change(&situation.sign()));
    (changed != *situation).then(|| changed.into())
}

fn hex_digits(
    situation: &Parameters,
    change: impl Fn(&[u8]) -> Vec<u8>,
) -> Vec<Undone<Parameters>> {
    let is_hex = situation.sign().trim_ascii().iter().all(u8::is_ascii_hexdigit);
    sign(situation, change).filter(|_| is_hex).into_iter().collect()
}

fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    pairs.iter().map(|[high, low]| Some(hex(*high)? << 4 | hex(*low)?)).collect()
}

/// Each sign type that a key can do, in configuration and message alike.
fn other_sign_types(situation: &Parameters, keys: &Keys) -> Vec<Undone<Parameters>> {
    let protocol = situation.protocol;
    let name = protocol.sign_type.as_bytes();
    let given = situation.key;
    protocol
        .sign_types
        .iter()
        .copied()
        .filter_map(|sign_type| {
            let can_do =
                |key: usize| keys.get(key).is_some_and(|key| key.verifying(sign_type).is_some());
            let key = if can_do(given) { given } else { return None };
            let mut changed = Parameters { sign_type, key, ..situation.clone() };
            for pair in &mut changed.params {
                if pair.0 == name {
                    pair.1 = protocol.wire_name(sign_type).into();
                }
            }
            let detail = vec![sign_type.name().into()];
            (changed != *situation).then_some(Undone { situation: changed, detail })
        })
        .collect()
}
