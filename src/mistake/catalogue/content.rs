//! Encryption of content.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::shared::trimmed;
use crate::content::ContentKey;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::suite::answer::{Answer, Threw};
use crate::suite::implementation::Implementation;
use crate::vector::bytes::Bytes;
use crate::vector::case::{Ask, KeyForm};
use crate::vector::input::{Ciphertext, Input};
use crate::vector::output::Output;
use crate::vector::reason::Reason;

const BLOCK: usize = 16;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "content-ecb",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "every block of the content is encrypted by itself (ECB)",
            zh: "各分组单独加密（ECB 模式）",
        },
        fix: Text { en: "use CBC", zh: "使用 CBC 模式" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let encrypt = |key: &ContentKey, content: &[u8]| {
                padded(content).chunks(BLOCK).flat_map(|block| blocks(key, block)).collect()
            };
            let decrypt = |key: &ContentKey, bytes: &[u8]| {
                let blocks = bytes.chunks(BLOCK).map(|block| opened(key, block));
                unpadded(blocks.collect::<Option<Vec<_>>>()?.concat())
            };
            replaced(inner, ask, encrypt, decrypt)
        }),
    },
    Mistake {
        id: "content-iv-from-key",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "the key serves as the initial vector too", zh: "把密钥同时用作初始向量"
        },
        fix: Text { en: "use sixteen zero bytes", zh: "使用 16 个零字节" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let Some(vector) = key_bytes(ask) else { return inner.perform(ask) };
            let mixed = |content: Vec<u8>| -> Vec<u8> {
                let vector = vector.iter().chain(std::iter::repeat(&0));
                content.iter().zip(vector).map(|(byte, vector)| byte ^ vector).collect()
            };
            let encrypt = |key: &ContentKey, content: &[u8]| blocks(key, &mixed(padded(content)));
            let decrypt = |key: &ContentKey, bytes: &[u8]| unpadded(mixed(opened(key, bytes)?));
            replaced(inner, ask, encrypt, decrypt)
        }),
    },
    Mistake {
        id: "content-iv-in-front",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "the initial vector stands before the ciphertext, as in the SDK's AES_V2",
            zh: "密文前带有初始向量（SDK 的 AES_V2 格式）",
        },
        fix: Text {
            en: "send and expect the ciphertext alone", zh: "只发送和接收密文本身"
        },
        sources: &["https://github.com/alipay/alipay-sdk-java-all (AesEncryptV2)"],
        twin: Twin::Around(|inner, ask| {
            let encrypt = |key: &ContentKey, content: &[u8]| {
                [[0; BLOCK].to_vec(), blocks(key, &padded(content))].concat()
            };
            let decrypt = |key: &ContentKey, bytes: &[u8]| {
                unpadded(opened(key, bytes)?.get(BLOCK..)?.to_vec())
            };
            replaced(inner, ask, encrypt, decrypt)
        }),
    },
    Mistake {
        id: "content-zero-padding",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "content is filled up with zero bytes, and zero bytes are cut off its end",
            zh: "用零字节填充，并去掉末尾的零字节",
        },
        fix: Text { en: "pad by PKCS#7", zh: "使用 PKCS#7 填充" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let encrypt = |key: &ContentKey, content: &[u8]| {
                let mut content = content.to_vec();
                content.resize(content.len().next_multiple_of(BLOCK), 0);
                blocks(key, &content)
            };
            let decrypt = |key: &ContentKey, bytes: &[u8]| {
                let mut content = opened(key, bytes)?;
                let kept = content.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
                content.truncate(kept);
                Some(content)
            };
            replaced(inner, ask, encrypt, decrypt)
        }),
    },
    Mistake {
        id: "content-full-block-not-padded",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "content that fills its last block gets no padding",
            zh: "内容恰好填满最后一个分组时不加填充",
        },
        fix: Text { en: "add a block of padding", zh: "再加一个填充分组" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let encrypt = |key: &ContentKey, content: &[u8]| match content.len() % BLOCK {
                0 => blocks(key, content),
                _ => blocks(key, &padded(content)),
            };
            let decrypt = |key: &ContentKey, bytes: &[u8]| unpadded(opened(key, bytes)?);
            replaced(inner, ask, encrypt, decrypt)
        }),
    },
    Mistake {
        id: "content-padding-by-characters",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "the padding is counted in characters, so that Chinese content does not fill its blocks",
            zh: "按字符数计算填充，中文内容填不满分组",
        },
        fix: Text { en: "count bytes", zh: "按字节计算" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match &ask.input {
            Input::Plaintext(plaintext) => {
                let characters = ask
                    .charset
                    .decode(&plaintext.0)
                    .map_or(plaintext.0.len(), |text| text.chars().count());
                if characters % BLOCK == plaintext.0.len() % BLOCK {
                    return inner.perform(ask);
                }
                let message = "the content is no whole number of blocks".into();
                Answer::Threw(Threw { kind: "ValueError".into(), message })
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "content-padding-not-checked",
        area: Area::Content,
        severity: Severity::Denial,
        what: Text {
            en: "as many bytes are cut off as the last one says, right or wrong, so that another key goes unnoticed",
            zh: "按最后一个字节的值直接截去，不检查填充，密钥不对也不会发现",
        },
        fix: Text {
            en: "refuse content whose padding is not 1 to 16 bytes of their own number",
            zh: "填充不是 1 至 16 个等值字节时拒绝",
        },
        sources: &[
            "https://github.com/alipay/alipay-sdk-python-all (alipay/aop/api/util/EncryptUtils.py)",
            "https://github.com/alipay/alipay-sdk-php-all (v2/aop/AopEncrypt.php)",
        ],
        twin: Twin::Around(|inner, ask| decrypted(inner, ask, cut)),
    },
    Mistake {
        id: "content-trimmed-before-unpadding",
        area: Area::Content,
        severity: Severity::Loss,
        what: Text {
            en: "decrypted content is trimmed before its padding is cut off, and padding of 9, 10, 11 or 13 bytes is \
                 taken for blanks",
            zh: "先 trim 再去填充，9、10、11、13 字节的填充会被当成空白去掉",
        },
        fix: Text {
            en: "cut the padding off first, and trim nothing",
            zh: "先去填充，且不要 trim",
        },
        sources: &["public copies of an older official PHP SDK (AopEncrypt.php)"],
        twin: Twin::Around(|inner, ask| {
            decrypted(inner, ask, |content| cut(trimmed(&content).to_vec()))
        }),
    },
    Mistake {
        id: "content-key-not-decoded",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "the text of the key is used as the key", zh: "把密钥的文本直接当作密钥"
        },
        fix: Text { en: "decode the key from base64", zh: "先对密钥做 base64 解码" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let Some(text) = key_text(ask) else { return inner.perform(ask) };
            let key = [(KeyForm::Aes, STANDARD.encode(text))].into_iter().collect();
            inner.perform(&Ask { key: Some(key), ..ask.clone() })
        }),
    },
    Mistake {
        id: "content-always-utf-8",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "content is encrypted in UTF-8, whatever the charset of the message",
            zh: "不管报文字符集，一律按 UTF-8 加密内容",
        },
        fix: Text {
            en: "encode it in the charset of the message first", zh: "先按报文字符集编码"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match &ask.input {
            Input::Plaintext(plaintext) => {
                let text = ask.charset.decode(&plaintext.0);
                let bytes =
                    text.map_or_else(|_| plaintext.0.clone(), |text| text.as_bytes().to_vec());
                inner.perform(&Ask { input: Input::Plaintext(Bytes(bytes)), ..ask.clone() })
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "content-in-hex",
        area: Area::Content,
        severity: Severity::Interop,
        what: Text {
            en: "the ciphertext is written in hex digits", zh: "密文写成十六进制"
        },
        fix: Text { en: "write it in base64", zh: "写成 base64" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match (inner.perform(ask), &ask.input) {
            (Answer::Value(output), Input::Plaintext(_)) => {
                let bytes = output.content.as_ref().and_then(|text| STANDARD.decode(text).ok());
                let digits = |byte: u8| format!("{byte:02x}").into_bytes();
                holding(bytes.unwrap_or_default().into_iter().flat_map(digits).collect())
            }
            (answer, _) => answer,
        }),
    },
];

/// Encryption and decryption in another way.
fn replaced(
    inner: &dyn Implementation,
    ask: &Ask,
    encrypt: impl Fn(&ContentKey, &[u8]) -> Vec<u8>,
    decrypt: impl Fn(&ContentKey, &[u8]) -> Option<Vec<u8>>,
) -> Answer {
    let Some(key) = key_text(ask).and_then(|text| ContentKey::from_base64(text).ok()) else {
        return inner.perform(ask);
    };
    match &ask.input {
        Input::Plaintext(plaintext) => {
            holding(STANDARD.encode(encrypt(&key, &plaintext.0)).into_bytes())
        }
        Input::Ciphertext(Ciphertext { ciphertext: text, .. }) => match STANDARD.decode(text) {
            Ok(bytes) => decrypt(&key, &bytes).map_or_else(refused, holding),
            Err(_) => inner.perform(ask),
        },
        _ => inner.perform(ask),
    }
}

/// Decryption with another way to take the padding off.
fn decrypted(inner: &dyn Implementation, ask: &Ask, unpad: fn(Vec<u8>) -> Vec<u8>) -> Answer {
    let key = key_text(ask).and_then(|text| ContentKey::from_base64(text).ok());
    match (key, &ask.input) {
        (Some(key), Input::Ciphertext(Ciphertext { ciphertext: text, .. })) => {
            match key.decrypt_padded(text) {
                Ok(content) => holding(unpad(content)),
                Err(_) => inner.perform(ask),
            }
        }
        _ => inner.perform(ask),
    }
}

/// As many bytes less as the last one says.
fn cut(mut content: Vec<u8>) -> Vec<u8> {
    let last = content.last().copied().unwrap_or_default();
    content.truncate(content.len().saturating_sub(last.into()));
    content
}

fn padded(content: &[u8]) -> Vec<u8> {
    let length = BLOCK - content.len() % BLOCK;
    let mut padded = content.to_vec();
    padded.resize(content.len() + length, length as u8);
    padded
}

fn unpadded(mut content: Vec<u8>) -> Option<Vec<u8>> {
    let length = usize::from(*content.last()?);
    let kept = content.len().checked_sub(length)?;
    let right = (1..=BLOCK).contains(&length)
        && content.iter().skip(kept).all(|byte| usize::from(*byte) == length);
    right.then(|| {
        content.truncate(kept);
        content
    })
}

/// Whole blocks by CBC: encryption adds one of padding, which is taken off.
fn blocks(key: &ContentKey, content: &[u8]) -> Vec<u8> {
    let mut bytes = STANDARD.decode(key.encrypt(content)).unwrap_or_default();
    bytes.truncate(content.len());
    bytes
}

fn opened(key: &ContentKey, bytes: &[u8]) -> Option<Vec<u8>> {
    key.decrypt_padded(&STANDARD.encode(bytes)).ok()
}

fn key_text(ask: &Ask) -> Option<&str> {
    ask.key.as_ref()?.form(KeyForm::Aes)
}

fn key_bytes(ask: &Ask) -> Option<Vec<u8>> {
    STANDARD.decode(key_text(ask)?).ok()
}

fn holding(content: Vec<u8>) -> Answer {
    Answer::value(Output { content: Some(content), ..Output::default() })
}

fn refused() -> Answer {
    Answer::reject(Reason::DecryptFailed, "")
}
