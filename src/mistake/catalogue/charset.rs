//! In which charset messages are read and verified.

use super::altered::{converted, decode_pairs, is_verifying, with_message};
use crate::charset::Charset;
use crate::form::{FormError, Limits};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "charset-transcoded-before-verify",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "a GBK message is converted to UTF-8 before it is verified",
            zh: "GBK 报文先转成 UTF-8 再验签",
        },
        fix: Text {
            en: "verify the bytes as they came and convert a copy afterwards",
            zh: "先按收到的字节验签，再转换副本的编码",
        },
        sources: &[
            "https://github.com/yansongda/pay/issues/14",
            "https://github.com/yansongda/pay/issues/58",
            "https://github.com/yansongda/pay/issues/59",
            "https://github.com/yansongda/pay/issues/61",
            "https://github.com/smartwalle/alipay/pull/257",
        ],
        twin: Twin::Around(transcoded),
    },
    Mistake {
        id: "charset-message-obeyed",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "the message's _input_charset is obeyed over the configured charset",
            zh: "采用了报文里的 _input_charset，而不是配置的字符集",
        },
        fix: Text {
            en: "take the charset from the configuration and verify bytes",
            zh: "字符集以配置为准，按字节验签",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(message_obeyed),
    },
    Mistake {
        id: "charset-read-as-utf-8",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "the message is read as UTF-8 and bytes that are none become U+FFFD",
            zh: "报文按 UTF-8 读取，不合法的字节变成 U+FFFD",
        },
        fix: Text {
            en: "verify the bytes as they came and convert a copy afterwards",
            zh: "先按收到的字节验签，再转换副本的编码",
        },
        sources: &["https://github.com/yansongda/pay/issues/14"],
        twin: Twin::Stages(|stages| stages.decode = as_utf_8),
    },
    Mistake {
        id: "charset-invalid-bytes-dropped",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "the message is read as UTF-8 and bytes that are none are dropped",
            zh: "报文按 UTF-8 读取，不合法的字节被丢掉",
        },
        fix: Text {
            en: "verify the bytes as they came and convert a copy afterwards",
            zh: "先按收到的字节验签，再转换副本的编码",
        },
        sources: &["https://www.php.net/manual/en/function.iconv.php (//IGNORE)"],
        twin: Twin::Stages(|stages| stages.decode = as_utf_8_without_the_rest),
    },
    Mistake {
        id: "charset-read-as-latin-1",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "the message is read as ISO-8859-1, the default of many servlet containers, and verified as UTF-8",
            zh: "报文按 ISO-8859-1（许多 Servlet 容器的默认值）读取，再以 UTF-8 验签",
        },
        fix: Text {
            en: "set the charset of the request before its parameters are read",
            zh: "在读取参数之前设置请求的字符集",
        },
        sources: &[
            "copies of the official Java demo: https://github.com/chankitm/alipay_direct_pay",
        ],
        twin: Twin::Stages(|stages| stages.decode = as_latin_1),
    },
    Mistake {
        id: "charset-iso8859-repair-applied-twice",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "text that is already right is repaired once more from ISO-8859-1 to UTF-8 and is destroyed",
            zh: "文本本已正确，却又做了一次 ISO-8859-1 到 UTF-8 的“修复”，内容被毁",
        },
        fix: Text {
            en: "remove the conversion where the container decodes rightly",
            zh: "容器已正确解码时去掉这个转换",
        },
        sources: &[
            "copies of the official Java demo, in a comment of its notify page: https://github.com/chankitm/alipay_direct_pay",
        ],
        twin: Twin::Around(repaired),
    },
];

fn transcoded(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if is_verifying(ask) && ask.charset != Charset::Utf8 {
        return inner
            .perform(&with_message(ask, |pairs| converted(pairs, ask.charset, Charset::Utf8)));
    }
    inner.perform(ask)
}

fn message_obeyed(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if !is_verifying(ask) {
        return inner.perform(ask);
    }
    inner.perform(&with_message(ask, |pairs| {
        let label = pairs.iter().find(|(name, _)| name == b"_input_charset");
        let label = label.and_then(|(_, label)| std::str::from_utf8(label).ok());
        match label.and_then(|label| Charset::from_label(label).ok()) {
            Some(charset) => converted(pairs, ask.charset, charset),
            None => pairs,
        }
    }))
}

fn as_utf_8(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    read(message, limits, params, |bytes| String::from_utf8_lossy(bytes).into_owned())
}

fn as_utf_8_without_the_rest(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
) -> Result<(), FormError> {
    read(message, limits, params, |bytes| bytes.utf8_chunks().map(|chunk| chunk.valid()).collect())
}

fn as_latin_1(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    read(message, limits, params, |bytes| bytes.iter().copied().map(char::from).collect())
}

fn read(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
    text: impl Fn(&[u8]) -> String,
) -> Result<(), FormError> {
    decode_pairs(message, limits, params, |pairs| {
        let text = |bytes: Vec<u8>| text(&bytes).into_bytes();
        pairs.into_iter().map(|(name, value)| (text(name), text(value))).collect()
    })
}

fn repaired(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if !is_verifying(ask) {
        return inner.perform(ask);
    }
    let repair = |value: Vec<u8>| {
        let Ok(text) = ask.charset.decode(&value) else { return value };
        let bytes: Vec<u8> =
            text.chars().map(|character| u8::try_from(character).unwrap_or(b'?')).collect();
        String::from_utf8_lossy(&bytes).into_owned().into_bytes()
    };
    inner.perform(&with_message(ask, |pairs| {
        pairs.into_iter().map(|(name, value)| (name, repair(value))).collect()
    }))
}
