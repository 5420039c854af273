//! Bytes that were read in one charset and written in another.

use super::{Circumstance, Undone, everything};
use crate::charset::Charset;
use crate::explain::situation::Situation;
use crate::mistake::Text;

const FIX: Text = Text {
    en: "verify the bytes as they came, before anything converts them; let page, server and _input_charset name one charset",
    zh: "在任何转码之前，用收到的原始字节验签；页面、服务器与 _input_charset 使用同一种编码",
};

impl<S: Situation> Circumstance<S> {
    pub(super) const CHARSETS: &'static [Self] = &[
        Circumstance {
            id: "charset-gbk-signed",
            what: Text {
                en: "the text is UTF-8 here, and its GBK bytes were signed",
                zh: "这里的文本是 UTF-8，而签名用的是 GBK 字节",
            },
            fix: FIX,
            is_common: true,
            undo: |situation, _| recoded(situation, Charset::Utf8, Charset::Gbk, false),
        },
        Circumstance {
            id: "charset-utf8-signed",
            what: Text {
                en: "the text is GBK here, and its UTF-8 bytes were signed",
                zh: "这里的文本是 GBK，而签名用的是 UTF-8 字节",
            },
            fix: FIX,
            is_common: true,
            undo: |situation, _| recoded(situation, Charset::Gb18030, Charset::Utf8, false),
        },
        Circumstance {
            id: "charset-read-as-gbk",
            what: Text {
                en: "UTF-8 bytes were read as GBK and written as UTF-8 again",
                zh: "UTF-8 字节被当作 GBK 读取，又按 UTF-8 写出（乱码）",
            },
            fix: FIX,
            is_common: false,
            undo: |situation, _| recoded(situation, Charset::Utf8, Charset::Gb18030, true),
        },
        Circumstance {
            id: "charset-read-as-latin1",
            what: Text {
                en: "the bytes were read as ISO-8859-1 and written as UTF-8",
                zh: "原始字节被当作 ISO-8859-1 读取，又按 UTF-8 写出（乱码）",
            },
            fix: Text {
                en: "tell the framework the charset of the request before it reads parameters, such as request.setCharacterEncoding",
                zh: "在读取参数之前告诉框架请求的编码，例如 request.setCharacterEncoding",
            },
            is_common: true,
            undo: |situation, _| {
                let latin1 = everything_as_text(situation, |character| {
                    u8::try_from(u32::from(character)).ok().map(|byte| vec![byte])
                });
                let windows = everything_as_text(situation, windows_1252);
                let mut undone: Vec<Undone<S>> = latin1.into_iter().map(Undone::from).collect();
                if let Some(windows) = windows
                    .filter(|other| undone.first().is_none_or(|first| first.situation != *other))
                {
                    undone.push(windows.into());
                }
                undone
            },
        },
    ];
}

/// The same text in another charset. What is UTF-8 afterwards too was read in the wrong charset, and not only written so.
fn recoded<S: Situation>(
    situation: &S,
    from: Charset,
    to: Charset,
    still_utf8: bool,
) -> Vec<Undone<S>> {
    if situation.texts().any(|text| from.decode(text).is_err()) {
        return vec![];
    }
    let recoded = everything(situation, |bytes| {
        let text = from.decode(bytes).ok();
        let recoded = text.and_then(|text| to.encode(&text).ok().map(|bytes| bytes.into_owned()));
        recoded.unwrap_or_else(|| bytes.to_vec())
    });
    let is_utf8 = |situation: &S| situation.texts().all(|text| std::str::from_utf8(text).is_ok());
    let wanted = |recoded: &S| to == Charset::Utf8 || is_utf8(recoded) == still_utf8;
    recoded.filter(wanted).into_iter().map(Undone::from).collect()
}

/// UTF-8 text whose characters each stand for a byte.
fn everything_as_text<S: Situation>(
    situation: &S,
    byte: impl Fn(char) -> Option<Vec<u8>>,
) -> Option<S> {
    let narrow = |bytes: &[u8]| -> Option<Vec<u8>> {
        let text = std::str::from_utf8(bytes).ok()?;
        text.chars().map(&byte).collect::<Option<Vec<_>>>().map(|bytes| bytes.concat())
    };
    let all = situation.texts().all(|text| narrow(text).is_some());
    everything(situation, |bytes| narrow(bytes).unwrap_or_else(|| bytes.to_vec())).filter(|_| all)
}

/// The byte of a character in windows-1252, which stands for ISO-8859-1 on the web.
fn windows_1252(character: char) -> Option<Vec<u8>> {
    let mut text = [0; 4];
    let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(character.encode_utf8(&mut text));
    (!unmappable).then(|| bytes.into_owned())
}
