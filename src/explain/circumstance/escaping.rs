//! URL encoding, HTML entities and backslashes, once too often or too seldom.

use super::{Circumstance, Undone, everything};
use crate::explain::escape::{entitied, replaced, rewritten, unentitied, unescaped};
use crate::explain::parameters::{Pair, Parameters, is_signed};
use crate::explain::situation::Situation;
use crate::mistake::Text;

pub(super) const CIRCUMSTANCES: &[Circumstance<Parameters>] = &[
    Circumstance {
        id: "plus-lost",
        what: Text { en: "a + was turned into a space", zh: "+ 变成了空格" },
        fix: Text {
            en: "decode the message once and no more; a + in a value that was never encoded must stay",
            zh: "报文只解码一次；没有编码过的值中的 + 必须保留",
        },
        is_common: true,
        undo: plus_lost,
    },
    Circumstance {
        id: "not-decoded",
        what: Text {
            en: "values still have their URL encoding", zh: "参数值没有做 URL 解码"
        },
        fix: Text {
            en: "decode each name and value once before signing or verifying",
            zh: "验签之前对每个参数名和值解码一次",
        },
        is_common: true,
        undo: not_decoded,
    },
    Circumstance {
        id: "decoded-twice",
        what: Text {
            en: "values were decoded once more than they were encoded",
            zh: "参数值多解码了一次",
        },
        fix: Text {
            en: "take the parameters as the framework gives them, and do not call urldecode on them again",
            zh: "直接使用框架给出的参数，不要再次调用 urldecode",
        },
        is_common: true,
        undo: decoded_twice,
    },
    Circumstance {
        id: "html-entities-resolved",
        what: Text {
            en: "HTML entities that belong to the values were resolved",
            zh: "参数值中原有的 HTML 实体被还原了",
        },
        fix: Text {
            en: "verify the values as they came, without html_entity_decode",
            zh: "用收到的原值验签，不要做 html_entity_decode",
        },
        is_common: false,
        undo: |situation, _| {
            [Some("&#039;"), Some("&#39;"), None]
                .into_iter()
                .flat_map(|apostrophe| situation.each_text(|value| entitied(value, apostrophe)))
                .collect()
        },
    },
    Circumstance {
        id: "html-separators",
        what: Text {
            en: "the parameters are separated by &amp; instead of &",
            zh: "参数之间的分隔符是 &amp; 而不是 &",
        },
        fix: Text {
            en: "take the address from the request, and not from the source of an HTML page",
            zh: "从请求中取地址，不要从 HTML 源码中复制",
        },
        is_common: true,
        undo: |situation, _| {
            let mut changed = situation.clone();
            for (name, _) in &mut changed.params {
                if let Some(rest) = name.strip_prefix(b"amp;") {
                    *name = rest.to_vec();
                }
            }
            if changed == *situation { vec![] } else { vec![changed.into()] }
        },
    },
    Circumstance {
        id: "html-symbol",
        what: Text {
            en: "the start of a parameter's name became a symbol, as &notify_id becomes ¬ify_id in HTML",
            zh: "参数名的开头变成了符号：在 HTML 中 &notify_id 会变成 ¬ify_id",
        },
        fix: Text {
            en: "write & as &amp; in HTML, and take the message from the request",
            zh: "在 HTML 中把 & 写成 &amp;，并从请求中取报文",
        },
        is_common: true,
        undo: |situation, _| html_symbol(situation).map(Undone::from).into_iter().collect(),
    },
    Circumstance {
        id: "slashes-added",
        what: Text {
            en: "backslashes were added before quotation marks, backslashes or slashes",
            zh: "引号、反斜杠或斜杠前被加上了反斜杠",
        },
        fix: Text {
            en: "switch off magic quotes and addslashes for callbacks, or verify before them",
            zh: "对通知关闭 magic_quotes 和 addslashes，或在它们之前验签",
        },
        is_common: true,
        undo: |situation, _| {
            let stripped = |value: &[u8]| {
                rewritten(value, |rest| match rest {
                    [b'\\', next @ (b'\'' | b'"' | b'\\' | b'/'), ..] => Some((vec![*next], 2)),
                    _ => None,
                })
            };
            situation.each_text(stripped)
        },
    },
    Circumstance {
        id: "slashes-stripped",
        what: Text {
            en: "backslashes that belong to the values were taken out",
            zh: "参数值中原有的反斜杠被去掉了",
        },
        fix: Text {
            en: "verify the values as they came, without stripslashes",
            zh: "用收到的原值验签，不要做 stripslashes",
        },
        is_common: false,
        undo: |situation, _| {
            let slashed = |special: &'static [u8]| {
                situation.each_text(move |value| {
                    rewritten(value, |rest| {
                        let byte = rest.first()?;
                        special.contains(byte).then(|| (vec![b'\\', *byte], 1))
                    })
                })
            };
            [&b"'\"\\"[..], b"\"", b"'", b"/", b"n"].into_iter().flat_map(slashed).collect()
        },
    },
];

impl<S: Situation> Circumstance<S> {
    /// What a filter against XSS does to any text.
    pub(super) const ENTITIES: &'static [Self] = &[Circumstance {
        id: "html-entities",
        what: Text {
            en: "characters were replaced by HTML entities, such as & by &amp;",
            zh: "字符被转成 HTML 实体，例如 & 变成 &amp;",
        },
        fix: Text {
            en: "verify before any filter against XSS: escape where text is shown, and not where it comes in",
            zh: "在 XSS 过滤之前验签：转义应在输出时做，而不是在输入时做",
        },
        is_common: true,
        undo: |situation, _| situation.each_text(unentitied),
    }];
}

fn plus(bytes: &[u8]) -> Vec<u8> {
    replaced(bytes, b" ", b"+")
}

fn plus_lost(situation: &Parameters, _: &crate::explain::keys::Keys) -> Vec<Undone<Parameters>> {
    let sign = situation.with_sign(&plus(&situation.sign()));
    let in_sign = sign != *situation;
    let mut undone = Vec::new();
    if in_sign {
        undone.push(Undone { situation: sign.clone(), detail: vec![b"sign".to_vec()] });
        if let Some(both) = sign.with_values(plus) {
            undone.push(both.into());
        }
    }
    undone.extend(situation.each_text(plus));
    undone
}

fn not_decoded(situation: &Parameters, _: &crate::explain::keys::Keys) -> Vec<Undone<Parameters>> {
    let percent = |bytes: &[u8]| unescaped(bytes, false);
    let sign = situation.with_sign(&percent(&situation.sign()));
    let mut undone: Vec<Undone<Parameters>> = Vec::new();
    undone.extend(everything(situation, percent).map(Undone::from));
    // A signature that is decoded already has a + of its own.
    undone.extend(sign.with_values(|value| unescaped(value, true)).map(Undone::from));
    if sign != *situation {
        undone.push(Undone { situation: sign, detail: vec![b"sign".to_vec()] });
    }
    undone.extend(situation.with_values(percent).map(Undone::from));
    undone.extend(situation.with_values(|value| unescaped(value, true)).map(Undone::from));
    undone
}

fn decoded_twice(
    situation: &Parameters,
    _: &crate::explain::keys::Keys,
) -> Vec<Undone<Parameters>> {
    // What is + again in the signature was so before the second decoding.
    let base = situation.with_sign(&plus(&situation.sign()));
    // Where only a + is lost, that is said.
    let upper = |value: &[u8]| {
        let encoded = form_urlencoded::byte_serialize(value).collect::<String>().into_bytes();
        if encoded.contains(&b'%') { encoded } else { value.to_vec() }
    };
    let lower = |value: &[u8]| {
        let mut text = upper(value);
        for index in 0..text.len() {
            if text.get(index) == Some(&b'%')
                && let Some(digits) = text.get_mut(index + 1..index + 3)
            {
                digits.make_ascii_lowercase();
            }
        }
        text
    };
    let mut undone = base.each_text(upper);
    undone.extend(base.each_text(lower));
    undone
}

/// The names of HTML that need no semicolon and with which parameters' names begin, and their characters.
const SYMBOLS: &[(&str, &str)] = &[
    ("¬", "not"),
    ("©", "copy"),
    ("®", "reg"),
    ("¶", "para"),
    ("×", "times"),
    ("¤", "curren"),
    ("§", "sect"),
    ("°", "deg"),
    ("µ", "micro"),
    ("¢", "cent"),
    ("£", "pound"),
    ("¥", "yen"),
    ("÷", "divide"),
    ("<", "lt"),
    (">", "gt"),
    ("\"", "quot"),
];

/// Looks for a symbol that the rest of a name and `=` follow, and takes the parameters apart there.
fn html_symbol(situation: &Parameters) -> Option<Parameters> {
    let mut changed = situation.clone();
    let mut params: Vec<Pair> = Vec::new();
    for (name, value) in &situation.params {
        let written = if value.is_empty() && memchr::memchr(b'=', name).is_none() && is_signed(name)
        {
            name.clone()
        } else {
            [name.as_slice(), b"=", value].concat()
        };
        let apart = rewritten(&written, symbol);
        if apart == written {
            params.push((name.clone(), value.clone()));
            continue;
        }
        for part in apart.split(|byte| *byte == 0).filter(|part| !part.is_empty()) {
            let at = memchr::memchr(b'=', part).unwrap_or(part.len());
            let (name, value) = part.split_at_checked(at)?;
            params.push((name.to_vec(), value.strip_prefix(b"=").unwrap_or(value).to_vec()));
        }
    }
    changed.params = params;
    (changed != *situation).then_some(changed)
}

/// A symbol in UTF-8, GBK or ISO-8859-1; what it stands for, behind a NUL where it parts two parameters.
fn symbol(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    SYMBOLS.iter().find_map(|(symbol, name)| {
        let gbk = crate::charset::Charset::Gbk.encode(symbol).ok();
        let latin1 = symbol.chars().next().and_then(|c| u8::try_from(u32::from(c)).ok());
        let bytes =
            [Some(symbol.as_bytes().to_vec()), gbk.map(Into::into), latin1.map(|byte| vec![byte])];
        let length = bytes
            .iter()
            .flatten()
            .find(|bytes| rest.starts_with(bytes))
            .map(|bytes| bytes.len())?;
        let behind = rest.get(length..)?;
        let end = memchr::memchr(b'=', behind)?;
        let is_name =
            |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_' || byte.is_ascii_digit();
        let is_name = end > 0 && behind.get(..end)?.iter().all(is_name);
        is_name.then(|| ([b"\0", name.as_bytes()].concat(), length))
    })
}
