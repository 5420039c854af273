//! Verifying a synchronous reply: which part of it is taken for the node, and which for the signature.

use std::borrow::Cow;

use memchr::memmem;

use crate::charset::Charset;
use crate::json::{JsonError, Member, Members};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::openapi::response::{
    self, CERTIFICATE_SN, ERROR_RESPONSE, Reply, ReplyError, SIGN,
};

const BY_GRAMMAR: Text = Text {
    en: "find the members of the outermost object by the grammar of JSON, strings and escapes included",
    zh: "按 JSON 语法（包括字符串与转义）查找最外层对象的成员",
};
const REFUSED_TWICE: Text = Text {
    en: "refuse a reply in which the node or the signature stands twice, however the name is escaped",
    zh: "节点或签名重复出现的响应一律拒绝，无论名称如何转义",
};

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "json-duplicate-keys",
        area: Area::Json,
        severity: Severity::Forgery,
        what: Text {
            en: "of a node that stands twice the first is verified, and a parser that keeps the last one is used",
            zh: "节点重复出现时验签用第一个，而解析器取最后一个",
        },
        fix: REFUSED_TWICE,
        sources: &["https://github.com/fzlee/alipay/issues/69"],
        twin: Twin::Verifying(|stages| stages.reply = first_of_two),
    },
    Mistake {
        id: "json-duplicate-last",
        area: Area::Json,
        severity: Severity::Forgery,
        what: Text {
            en: "of a node that stands twice the last is verified, and a parser that keeps the first one is used",
            zh: "节点重复出现时验签用最后一个，而解析器取第一个",
        },
        fix: REFUSED_TWICE,
        sources: &["derived from parsers that keep the last member of a name, which most do"],
        twin: Twin::Verifying(|stages| stages.reply = last_of_two),
    },
    Mistake {
        id: "json-duplicate-escaped",
        area: Area::Json,
        severity: Severity::Forgery,
        what: Text {
            en: "a second node is looked for as text, so that one with an escape in its name passes",
            zh: "按文本查找重复节点，名称中带转义的重复节点被放过",
        },
        fix: REFUSED_TWICE,
        sources: &[
            "https://github.com/alipay/alipay-sdk-java-all (v2, internal/parser/json/JsonConverter.java)",
        ],
        twin: Twin::Verifying(|stages| stages.reply = names_as_text),
    },
    Mistake {
        id: "json-brace-counting-ignores-strings",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "the end of the node is found by counting braces, those within strings included",
            zh: "靠数花括号确定节点结尾，字符串里的括号也被计入",
        },
        fix: BY_GRAMMAR,
        sources: &["https://github.com/fzlee/alipay (alipay/__init__.py)"],
        twin: Twin::Verifying(|stages| stages.reply = braces_counted),
    },
    Mistake {
        id: "json-gbk-scanned-by-bytes",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "a GBK reply is scanned byte by byte, and the second byte of a character is taken for a backslash",
            zh: "逐字节扫描 GBK 响应，把汉字的第二个字节当成反斜杠",
        },
        fix: Text {
            en: "step over GBK text character by character",
            zh: "扫描 GBK 文本时按字符前进",
        },
        sources: &["derived from scanners written for UTF-8"],
        twin: Twin::Verifying(|stages| stages.reply = scanned_by_bytes),
    },
    Mistake {
        id: "json-node-name-found-inside-value",
        area: Area::Json,
        severity: Severity::Forgery,
        what: Text {
            en: "the node is where its name stands first in the text, be it inside a value or of another member",
            zh: "以节点名在文本中首次出现之处为节点，哪怕它在某个值里或只是别的成员名的一部分",
        },
        fix: BY_GRAMMAR,
        sources: &[
            "https://github.com/alipay/alipay-sdk-java-all (v2, internal/parser/json/JsonConverter.java)",
        ],
        twin: Twin::Verifying(|stages| stages.reply = name_as_text),
    },
    Mistake {
        id: "json-fixed-offset",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "the value of the node is taken to begin two bytes behind its name, without blanks between",
            zh: "认定节点的值就在名称之后第二个字节开始，中间不允许有空白",
        },
        fix: BY_GRAMMAR,
        sources: &["https://github.com/alipay/alipay-sdk-php-all (v2/aop/AopClient.php)"],
        twin: Twin::Verifying(|stages| stages.reply = two_bytes_behind),
    },
    Mistake {
        id: "json-first-response-node",
        area: Area::Json,
        severity: Severity::Forgery,
        what: Text {
            en: "the first member whose name ends in _response is verified, whichever was asked for",
            zh: "验签的是第一个名称以 _response 结尾的成员，而不管请求的是哪个",
        },
        fix: Text {
            en: "verify the node of the method that was called, and use that one alone",
            zh: "只对所调用接口对应的节点验签，也只使用该节点",
        },
        sources: &[
            "https://github.com/go-pay/gopay (alipay/sign.go)",
            "https://github.com/alipay/alipay-sdk-python-all (alipay/aop/api)",
        ],
        twin: Twin::Verifying(|stages| stages.reply = any_response),
    },
    Mistake {
        id: "json-cut-at-last-sign",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "the node is taken to end before the last \"sign\" of the text",
            zh: "认定节点在文本中最后一个 \"sign\" 之前结束",
        },
        fix: BY_GRAMMAR,
        sources: &[
            "https://github.com/alipay/alipay-sdk-php-all (v2/aop/AopClient.php)",
            "https://github.com/alipay/alipay-sdk-nodejs-all (src/alipay.ts)",
        ],
        twin: Twin::Verifying(|stages| stages.reply = up_to_last_sign),
    },
    Mistake {
        id: "json-encrypted-response",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "the end of an encrypted node is looked for as that of an object, and too much is taken",
            zh: "按对象的方式寻找加密节点的结尾，截取过多",
        },
        fix: BY_GRAMMAR,
        sources: &["https://github.com/alipay/alipay-sdk-nodejs-all/issues/82"],
        twin: Twin::Verifying(|stages| stages.reply = string_up_to_brace),
    },
    Mistake {
        id: "json-sign-found-inside-node",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "the signature is the first \"sign\" of the text, be it inside the node",
            zh: "以文本中第一个 \"sign\" 为签名，哪怕它在节点里面",
        },
        fix: BY_GRAMMAR,
        sources: &["https://github.com/alipay/alipay-sdk-nodejs-all (test/alipay.test.ts)"],
        twin: Twin::Verifying(|stages| stages.reply = first_sign),
    },
];

type Read<'a> = Result<Reply<'a>, ReplyError>;

/// A reply from its parts, as bytes.
fn reply<'a>(signed: &'a [u8], is_error: bool, sign: Cow<'a, [u8]>) -> Reply<'a> {
    Reply { signed: Cow::Borrowed(signed), is_error, sign, certificate_sn: None }
}

fn members(body: &[u8], charset: Charset) -> Result<Vec<Member<'_>>, JsonError> {
    Members::new(body, charset)?.collect()
}

/// Reads by the rules, but for how a member is chosen by its name.
fn chosen<'a>(
    body: &'a [u8],
    node: &str,
    charset: Charset,
    choose: impl Fn(&[Member<'a>], &str) -> Option<Member<'a>>,
) -> Read<'a> {
    let members = members(body, charset)?;
    let named = choose(&members, node);
    let signed = named.or_else(|| choose(&members, ERROR_RESPONSE));
    let signed = signed.ok_or_else(|| ReplyError::NoNode { node: node.into() })?;
    let sign = choose(&members, SIGN).and_then(Member::string).map(|sign| sign.decoded());
    let sign = sign.filter(|sign| !sign.is_empty()).ok_or(ReplyError::NoSignature)?;
    Ok(reply(signed.value, named.is_none(), sign))
}

fn first_of_two<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    chosen(body, node, charset, |members, name| {
        members.iter().find(|member| member.name.is(name)).copied()
    })
}

fn last_of_two<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    chosen(body, node, charset, |members, name| {
        members.iter().rfind(|member| member.name.is(name)).copied()
    })
}

fn names_as_text<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    for name in [node, ERROR_RESPONSE, SIGN, CERTIFICATE_SN] {
        let is_it = |member: &&Member<'_>| member.name.is(name) && is_written(member, body, name);
        if members(body, charset)?.iter().filter(is_it).count() > 1 {
            return Err(ReplyError::Repeated { name: name.into() });
        }
    }
    chosen(body, node, charset, |members, name| {
        members
            .iter()
            .find(|member| member.name.is(name) && is_written(member, body, name))
            .copied()
    })
}

/// Whether a member's name stands there without escapes: right before the colon.
fn is_written(member: &Member<'_>, body: &[u8], name: &str) -> bool {
    let before = body.get(..member.offset).unwrap_or_default().trim_ascii_end();
    let before = before.strip_suffix(b":").unwrap_or_default().trim_ascii_end();
    before.ends_with(format!("\"{name}\"").as_bytes())
}

fn any_response<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    chosen(body, node, charset, |members, name| {
        let is_it = |member: &&Member<'_>| match name {
            SIGN => member.name.is(SIGN),
            _ => member.name.decoded().ends_with(b"_response"),
        };
        members.iter().find(is_it).copied()
    })
}

/// Reads by the rules, then takes another part of the body for the node. Where a part cannot be found, nothing is.
fn cut<'a>(
    body: &'a [u8],
    node: &str,
    charset: Charset,
    cut: impl FnOnce(usize, &Reply<'a>) -> Option<&'a [u8]>,
) -> Read<'a> {
    let mut read = response::read(body, node, charset)?;
    let node = if read.is_error { ERROR_RESPONSE } else { node };
    let found = members(body, charset)?.into_iter().find(|member| member.name.is(node));
    let offset = found.map_or(0, |member| member.offset);
    read.signed = Cow::Borrowed(cut(offset, &read).unwrap_or_default());
    Ok(read)
}

fn braces_counted<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    cut(body, node, charset, |offset, read| {
        if read.signed.first() != Some(&b'{') {
            return body.get(offset..offset + read.signed.len());
        }
        let mut open = 0;
        let length = body.get(offset..)?.iter().position(|byte| {
            open += i32::from(*byte == b'{') - i32::from(*byte == b'}');
            open == 0
        })?;
        body.get(offset..=offset + length)
    })
}

fn up_to_last_sign<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    cut(body, node, charset, |offset, _| {
        let sign = memmem::rfind(body, b"\"sign\"")?;
        let before = body.get(offset..sign)?.trim_ascii_end();
        Some(before.strip_suffix(b",").unwrap_or(before).trim_ascii_end())
    })
}

fn string_up_to_brace<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    cut(body, node, charset, |offset, read| {
        let end = match read.signed.first() {
            Some(b'"') => memchr::memrchr(b'}', body)?,
            _ => offset + read.signed.len(),
        };
        body.get(offset..end)
    })
}

fn two_bytes_behind<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    cut(body, node, charset, |offset, read| {
        let name = if read.is_error { ERROR_RESPONSE } else { node };
        let begin = memmem::find(body, name.as_bytes())? + name.len() + 2;
        body.get(begin..offset + read.signed.len())
    })
}

fn name_as_text<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    cut(body, node, charset, |_, _| {
        let name = [node, ERROR_RESPONSE].into_iter();
        let (at, name) =
            name.filter_map(|name| Some((memmem::find(body, name.as_bytes())?, name))).next()?;
        let is_before =
            |byte: &u8| matches!(byte, b'"' | b'\\' | b':' | b' ' | b'\t' | b'\r' | b'\n');
        let behind = body.get(at + name.len()..)?;
        let begin = behind.iter().take_while(|byte| is_before(byte)).count();
        // An encrypted node begins with the quote that was taken for one of the name's.
        let quoted = behind.get(begin - 1) == Some(&b'"') && begin > 2;
        value(behind.get(begin - usize::from(quoted)..)?)
    })
}

/// The object or string at the beginning, by its quotes and braces.
fn value(text: &[u8]) -> Option<&[u8]> {
    let (mut open, mut within, mut escaped) = (0, false, false);
    let end = text.iter().position(|byte| {
        match byte {
            b'"' if !escaped => within = !within,
            b'{' if !within => open += 1,
            b'}' if !within => open -= 1,
            _ => {}
        }
        escaped = *byte == b'\\' && !escaped;
        open == 0 && !within
    })?;
    text.get(..=end)
}

fn scanned_by_bytes<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    if charset == Charset::Utf8 {
        return response::read(body, node, charset);
    }
    let ascii: Vec<u8> =
        body.iter().map(|byte| if byte.is_ascii() { *byte } else { b'x' }).collect();
    let read = response::read(&ascii, node, Charset::Utf8)?;
    let node = if read.is_error { ERROR_RESPONSE } else { node };
    let found = members(&ascii, Charset::Utf8)?.into_iter().find(|member| member.name.is(node));
    let span = found.map_or(0..0, |member| member.offset..member.offset + member.value.len());
    let sign = Cow::Owned(read.sign.into_owned());
    Ok(reply(body.get(span).unwrap_or_default(), read.is_error, sign))
}

fn first_sign<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    let mut read = response::read(body, node, charset)?;
    let sign =
        memmem::find(body, b"\"sign\"").and_then(|at| body.get(at + 6..)).unwrap_or_default();
    let sign = sign.splitn(3, |byte| *byte == b'"').nth(1).unwrap_or_default();
    if !sign.contains(&b'\\') {
        read.sign = Cow::Borrowed(sign);
    }
    Ok(read)
}
