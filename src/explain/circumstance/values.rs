//! Whitespace, line endings, byte order marks and other small changes of values.

use super::{Circumstance, Undone, everything};
use crate::explain::escape::{replaced, without};
use crate::explain::keys::Keys;
use crate::explain::known::{AMOUNTS, EMPTY_WORDS, is_free_text};
use crate::explain::parameters::{Parameters, is_signed};
use crate::explain::situation::Situation;
use crate::mistake::Text;

const AS_THEY_CAME: Text = Text {
    en: "verify the values as they came, byte for byte, before anything trims, parses or stores them",
    zh: "在去空格、解析或入库之前，用收到的值逐字节验签",
};

pub(super) const CIRCUMSTANCES: &[Circumstance<Parameters>] = &[
    Circumstance {
        id: "byte-order-mark",
        what: Text {
            en: "a byte order mark stands before the first name",
            zh: "第一个参数名前有 BOM（字节序标记）",
        },
        fix: Text {
            en: "save the file, or the script that writes the message, as UTF-8 without BOM",
            zh: "把文件或输出报文的脚本保存为无 BOM 的 UTF-8",
        },
        is_common: true,
        undo: |situation, _| {
            everything(situation, |bytes| {
                bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).to_vec()
            })
            .into_iter()
            .map(Undone::from)
            .collect()
        },
    },
    Circumstance {
        id: "whitespace-added",
        what: Text {
            en: "values have whitespace about them that was not signed",
            zh: "参数值前后多出了没有参与签名的空白",
        },
        fix: AS_THEY_CAME,
        is_common: true,
        undo: |situation, _| situation.each_text(|value| value.trim_ascii().to_vec()),
    },
    Circumstance {
        id: "whitespace-trimmed",
        what: Text {
            en: "a value was signed with whitespace about it that is gone",
            zh: "参数值前后的空白参与了签名，而这里已被去掉",
        },
        fix: AS_THEY_CAME,
        is_common: false,
        undo: trimmed,
    },
    Circumstance {
        id: "line-endings",
        what: Text {
            en: "line endings within values were converted between CR LF and LF",
            zh: "参数值中的换行在 CRLF 与 LF 之间被转换",
        },
        fix: AS_THEY_CAME,
        is_common: false,
        undo: |situation, _| {
            let lf = |value: &[u8]| replaced(&replaced(value, b"\r\n", b"\n"), b"\r", b"\n");
            let mut undone = situation.each_text(|value| replaced(&lf(value), b"\n", b"\r\n"));
            undone.extend(situation.each_text(lf));
            undone
        },
    },
    Circumstance {
        id: "line-breaks-added",
        what: Text {
            en: "line breaks stand in the message that do not belong to it",
            zh: "报文中夹入了不属于它的换行",
        },
        fix: Text {
            en: "capture the message as it came, and not as a terminal, a mail or a chat wraps it",
            zh: "按收到的原样保存报文，不要从会自动折行的终端、邮件或聊天中复制",
        },
        is_common: false,
        undo: |situation, _| {
            let in_values = situation.params.iter().any(|pair| {
                is_signed(&pair.0)
                    && (without(&pair.1, b"\r\n") != pair.1 || without(&pair.0, b"\r\n") != pair.0)
            });
            let joined = everything(situation, |bytes| without(bytes, b"\r\n"));
            joined.filter(|_| in_values).into_iter().map(Undone::from).collect()
        },
    },
    Circumstance {
        id: "word-for-empty",
        what: Text {
            en: "empty values were written as a word, such as null",
            zh: "空值被写成了 null 之类的文字",
        },
        fix: Text {
            en: "leave a parameter without a value out of the string to sign, whatever the language calls nothing",
            zh: "没有值的参数不参与签名，无论语言如何表示空值",
        },
        is_common: false,
        undo: |situation, _| {
            situation.each_text(
                |value| {
                    if EMPTY_WORDS.contains(&value) { vec![] } else { value.to_vec() }
                },
            )
        },
    },
    Circumstance {
        id: "amount-reformatted",
        what: Text {
            en: "an amount is written otherwise than it was signed, such as 0.1 for 0.10",
            zh: "金额的写法与签名时不同，例如 0.10 变成 0.1",
        },
        fix: Text {
            en: "keep every value as text until it is verified; a number has lost how it was written",
            zh: "验签之前所有参数值都保留为文本；转成数字就丢失了原来的写法",
        },
        is_common: false,
        undo: amounts,
    },
];

fn trimmed(situation: &Parameters, _: &Keys) -> Vec<Undone<Parameters>> {
    let mut undone = Vec::new();
    for (index, (name, value)) in situation.params.iter().enumerate() {
        if !is_free_text(name) || value.is_empty() {
            continue;
        }
        for (before, behind) in [("", " "), (" ", ""), ("", "\n"), ("", "\r\n"), (" ", " ")] {
            let mut changed = situation.clone();
            if let Some(pair) = changed.params.get_mut(index) {
                pair.1 = [before.as_bytes(), value, behind.as_bytes()].concat();
            }
            undone.push(Undone { situation: changed, detail: vec![name.clone()] });
        }
    }
    undone
}

fn amounts(situation: &Parameters, _: &Keys) -> Vec<Undone<Parameters>> {
    let ways: [fn(&str) -> Option<String>; 2] = [
        // 1 or 1.5 to two decimals
        |value| {
            let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
            Some(format!("{whole}.{decimals:0<2}"))
        },
        // 1.50 to 1.5, 1.00 to 1
        |value| {
            let shorter = value.contains('.').then(|| value.trim_end_matches('0'))?;
            Some(shorter.trim_end_matches('.').to_owned())
        },
    ];
    let mut undone = Vec::new();
    for way in ways {
        let mut all = situation.clone();
        let mut detail = Vec::new();
        for (index, (name, value)) in situation.params.iter().enumerate() {
            let is_amount = AMOUNTS.iter().any(|amount| amount.as_bytes() == name)
                && value.iter().all(|byte| byte.is_ascii_digit() || b"-.".contains(byte));
            let text = std::str::from_utf8(value).ok().filter(|text| is_amount && !text.is_empty());
            let Some(other) = text.and_then(way).filter(|other| other.as_bytes() != value) else {
                continue;
            };
            let mut single = situation.clone();
            for changed in [&mut all, &mut single] {
                if let Some(pair) = changed.params.get_mut(index) {
                    pair.1 = other.clone().into_bytes();
                }
            }
            detail.push(name.clone());
            undone.push(Undone { situation: single, detail: vec![name.clone()] });
        }
        if detail.len() > 1 {
            undone.push(Undone { situation: all, detail });
        }
    }
    undone
}
