//! The header with the signature.

use super::ways;
use crate::explain::circumstance::Circumstance;
use crate::explain::escape::replaced;
use crate::explain::exchange::Exchange;
use crate::mistake::Text;

const AS_DOCUMENTED: Text = Text {
    en: "write the header as the documents have it: the scheme where there is one, then each item as name=value",
    zh: "按文档书写该头：有认证类型的先写认证类型，之后每个条目为 name=value",
};

pub(super) const CIRCUMSTANCES: &[Circumstance<Exchange>] = &[
    Circumstance {
        id: "header-items-spaced",
        what: Text {
            en: "blanks stand behind the commas of the header with the signature that were not signed",
            zh: "签名头各条目的逗号之后多出了没有参与签名的空格",
        },
        fix: Text {
            en: "write the header in the very text that is signed",
            zh: "请求头中的条目与签名的文本必须完全相同",
        },
        is_common: false,
        undo: |situation, _| {
            let name = situation.scheme.carrier.header;
            let dense = situation.header(name).map(|value| replaced(value, b", ", b","));
            ways(situation, dense.map(|value| situation.with_header(name, value)))
        },
    },
    Circumstance {
        id: "header-scheme-name",
        what: Text {
            en: "the header with the signature begins otherwise than it must",
            zh: "签名头开头的认证类型写法不对",
        },
        fix: Text {
            en: "write the name of the scheme as the documents do, in capitals, with one blank behind it",
            zh: "按文档书写认证类型：大写，其后一个空格",
        },
        is_common: false,
        undo: |situation, _| ways(situation, begun(situation)),
    },
    Circumstance {
        id: "header-algorithm",
        what: Text {
            en: "the message names another algorithm than the one it is signed with",
            zh: "报文中写明的算法与实际签名的算法不同",
        },
        fix: Text {
            en: "name the algorithm that the protocol has, in the letters of its documents",
            zh: "按文档写明该协议的算法名称",
        },
        is_common: false,
        undo: |situation, _| ways(situation, algorithm(situation)),
    },
    Circumstance {
        id: "header-items-unquoted",
        what: Text {
            en: "the values in the header with the signature stand without their quotation marks",
            zh: "签名头中的值没有加双引号",
        },
        fix: AS_DOCUMENTED,
        is_common: false,
        undo: |situation, _| ways(situation, quoted(situation)),
    },
    Circumstance {
        id: "header-signature-alone",
        what: Text {
            en: "the signature stands alone where it is one of several items",
            zh: "签名头中只有签名，而它应是若干条目之一",
        },
        fix: AS_DOCUMENTED,
        is_common: false,
        undo: |situation, _| {
            let carrier = situation.scheme.carrier;
            let named = situation.sign_alone().and_then(|sign| {
                let sign = std::str::from_utf8(sign).ok()?;
                Some(situation.with_header(carrier.header, carrier.write(b"", sign)))
            });
            ways(situation, named)
        },
    },
    Circumstance {
        id: "header-of-reply",
        what: Text {
            en: "the signature of a request stands in the header that replies have",
            zh: "请求的签名放进了响应所用的头",
        },
        fix: Text {
            en: "send a request's signature in the header of requests",
            zh: "请求的签名放在请求所用的头中",
        },
        is_common: false,
        undo: |situation, _| ways(situation, of_reply(situation)),
    },
];

/// With the beginning that the header must have.
fn begun(situation: &Exchange) -> Option<Exchange> {
    let carrier = situation.scheme.carrier;
    let value = situation.header(carrier.header)?;
    if carrier.begins.is_empty() || value.starts_with(carrier.begins.as_bytes()) {
        return None;
    }
    let end = memchr::memchr2(b' ', b'=', value)?;
    let rest = if value.get(end) == Some(&b' ') { value.get(end..)? } else { value };
    let value = [carrier.begins.as_bytes(), rest.trim_ascii_start()].concat();
    Some(situation.with_header(carrier.header, value))
}

/// With the algorithm that must be named, where another is.
fn algorithm(situation: &Exchange) -> Option<Exchange> {
    if let Some((name, expected)) = situation.scheme.algorithm {
        situation.header(name)?;
        return Some(situation.with_header(name, expected.into()));
    }
    let carrier = situation.scheme.carrier;
    let (item, expected) = carrier.algorithm?;
    let value = situation.header(carrier.header)?;
    let start = memchr::memmem::find(value, item.as_bytes())? + item.len() + 1;
    let (before, rest) = value.split_at_checked(start)?;
    let end = memchr::memchr(b',', rest).unwrap_or(rest.len());
    if rest.get(..end)?.eq_ignore_ascii_case(expected.as_bytes()) {
        return None;
    }
    let value = [before, expected.as_bytes(), rest.get(end..)?].concat();
    Some(situation.with_header(carrier.header, value))
}

/// With quotation marks about the values that have none.
fn quoted(situation: &Exchange) -> Option<Exchange> {
    let carrier = situation.scheme.carrier;
    let value = situation.header(carrier.header).filter(|_| carrier.quoted)?;
    let items = value.strip_prefix(carrier.begins.as_bytes())?;
    let quoted = items.split(|byte| *byte == b',').map(|item| {
        let at = memchr::memchr(b'=', item).map_or(item.len(), |at| at + 1);
        let (name, value) = item.split_at_checked(at).unwrap_or_default();
        match value.starts_with(b"\"") {
            true => item.to_vec(),
            false => [name, b"\"", value, b"\""].concat(),
        }
    });
    let quoted: Vec<_> = quoted.collect();
    let value = [carrier.begins.as_bytes(), &quoted.join(&b',')].concat();
    Some(situation.with_header(carrier.header, value))
}

/// As a request, where the header of a reply begins as that of a request does.
fn of_reply(situation: &Exchange) -> Option<Exchange> {
    let (request, reply) = (situation.protocol.request, situation.protocol.reply);
    let begins = Some(request.carrier.begins).filter(|begins| !begins.is_empty())?;
    let value = situation.header(reply.carrier.header)?;
    let value = value.starts_with(begins.as_bytes()).then(|| value.to_vec())?;
    let mut changed = Exchange { scheme: request, ..situation.clone() };
    changed.headers.push((request.carrier.header.into(), value));
    Some(changed)
}
