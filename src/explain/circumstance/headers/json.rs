//! A body that was read as JSON and written anew.

use std::collections::HashSet;

use serde_json::value::RawValue;

use crate::charset::Charset;
use crate::explain::capture;
use crate::explain::circumstance::{Circumstance, Undone};
use crate::explain::escape::{replaced, rewritten};
use crate::explain::exchange::Exchange;
use crate::json::Members;
use crate::mistake::Text;

pub(super) const CIRCUMSTANCES: &[Circumstance<Exchange>] = &[Circumstance {
    id: "body-written-anew",
    what: Text {
        en: "the body was read as JSON and written anew; it was signed in another form",
        zh: "报文体被解析成 JSON 后重新序列化，与签名时的写法不同",
    },
    fix: Text {
        en: "sign the very bytes that are sent, and verify the very bytes that came, before anything parses them",
        zh: "签名实际发送的字节，按收到的原始字节验签，验签之前不要解析",
    },
    is_common: true,
    undo: |situation, _| written_anew(situation),
}];

/// A longer body than this is not written: indented, what is nested deeply grows beyond measure.
const LONGEST: usize = 2 * capture::LONGEST;

/// JSON as it stands, numbers and strings in their own words.
#[derive(Clone, PartialEq)]
enum Json {
    Atom(Vec<u8>),
    Array(Vec<Json>),
    Object(Vec<(Vec<u8>, Json)>),
}

/// How much whitespace: behind a comma and a colon, and of each level, where levels have lines of their own.
struct Spacing {
    name: &'static str,
    comma: &'static str,
    colon: &'static str,
    indent: Option<usize>,
}

const SPACINGS: &[Spacing] = &[
    Spacing { name: "compact", comma: ",", colon: ":", indent: None },
    Spacing { name: "blanks behind , and :", comma: ", ", colon: ": ", indent: None },
    Spacing { name: "indented by 2", comma: ",", colon: ": ", indent: Some(2) },
    Spacing { name: "indented by 4", comma: ",", colon: ": ", indent: Some(4) },
];

/// How a string is written.
type Rewrite = fn(&[u8]) -> Vec<u8>;

const STRINGS: &[(&str, Rewrite)] = &[
    ("", <[u8]>::to_vec),
    ("\\/ as /", |text| replaced(text, b"\\/", b"/")),
    ("/ as \\/", |text| slashes_escaped(text)),
    ("\\u4e2d as 中", |text| raw(text)),
    ("\\u4e2d as 中, \\/ as /", |text| replaced(&raw(text), b"\\/", b"/")),
    ("中 as \\u4e2d", |text| in_ascii(text)),
    ("中 as \\u4e2d, / as \\/", |text| slashes_escaped(&in_ascii(text))),
    ("& as \\u0026", |text| html_escaped(text)),
    ("\\u0026 as &", |text| html_raw(text)),
];

/// The members of a notification of WeChat Pay, in the order of its documentation.
const DOCUMENTED: &[&str] = &[
    "id",
    "create_time",
    "resource_type",
    "event_type",
    "summary",
    "resource",
    "original_type",
    "algorithm",
    "ciphertext",
    "associated_data",
    "nonce",
];

fn written_anew(situation: &Exchange) -> Vec<Undone<Exchange>> {
    let Some(json) = read(situation.body.trim_ascii()) else { return vec![] };
    if matches!(json, Json::Atom(_)) {
        return vec![];
    }
    let by_name = json.clone().sorted(&|name| (0, name.to_vec()));
    let by_documents = json.clone().sorted(&documented);
    let mut orders = vec![("", json)];
    for (name, other) in [("members by name", by_name), ("members as documented", by_documents)] {
        if orders.iter().all(|(_, json)| *json != other) {
            orders.push((name, other));
        }
    }
    // What changes nothing of the whole changes no string of it.
    let changes = |write: &Rewrite| write(&situation.body) != situation.body;
    let strings = STRINGS.iter().filter(|(name, write)| name.is_empty() || changes(write));
    let strings: Vec<_> = strings.collect();
    // What stands at its ends is another circumstance.
    let mut seen = HashSet::from([situation.body.clone(), situation.body.trim_ascii().to_vec()]);
    let mut undone = Vec::new();
    for (order, json) in &orders {
        for spacing in SPACINGS {
            for (strings, write) in &strings {
                let mut body = Vec::new();
                json.write(spacing, *write, 0, &mut body);
                if body.len() < LONGEST && seen.insert(body.clone()) {
                    let words = [*order, spacing.name, strings];
                    let words = words.iter().filter(|word| !word.is_empty());
                    let detail = words.map(|word| word.as_bytes().to_vec()).collect();
                    let situation = Exchange { body, ..situation.clone() };
                    undone.push(Undone { situation, detail });
                }
            }
        }
    }
    undone
}

/// Those of the documentation first.
fn documented(name: &[u8]) -> (usize, Vec<u8>) {
    let place = DOCUMENTED.iter().position(|known| {
        name.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) == Some(known.as_bytes())
    });
    (place.unwrap_or(DOCUMENTED.len()), vec![])
}

/// As deep as the readers of objects and arrays go.
fn read(text: &[u8]) -> Option<Json> {
    match text.first()? {
        b'{' => {
            let members = Members::new(text, Charset::Utf8).ok()?.map(|member| {
                let member = member.ok()?;
                let name = String::from_utf8(member.name.decoded().into_owned()).ok()?;
                Some((serde_json::to_vec(&name).ok()?, read(member.value)?))
            });
            Some(Json::Object(members.collect::<Option<_>>()?))
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_slice(text).ok()?;
            let items = items.iter().map(|item| read(item.get().as_bytes()));
            Some(Json::Array(items.collect::<Option<_>>()?))
        }
        _ => Some(Json::Atom(text.to_vec())),
    }
}

impl Json {
    fn sorted<K: Ord>(self, by: &impl Fn(&[u8]) -> K) -> Self {
        match self {
            Self::Atom(_) => self,
            Self::Array(items) => {
                Self::Array(items.into_iter().map(|item| item.sorted(by)).collect())
            }
            Self::Object(members) => {
                let members = members.into_iter().map(|(name, value)| (name, value.sorted(by)));
                let mut members: Vec<_> = members.collect();
                members.sort_by_key(|(name, _)| by(name));
                Self::Object(members)
            }
        }
    }

    fn write(&self, spacing: &Spacing, string: Rewrite, level: usize, out: &mut Vec<u8>) {
        let (open, close, length) = match self {
            Self::Atom(text) if text.starts_with(b"\"") => return out.extend(string(text)),
            Self::Atom(text) => return out.extend(text),
            Self::Array(items) => (b'[', b']', items.len()),
            Self::Object(members) => (b'{', b'}', members.len()),
        };
        let line = |level: usize, out: &mut Vec<u8>| {
            if let Some(width) = spacing.indent.filter(|_| length > 0) {
                out.push(b'\n');
                out.resize(out.len() + width * level, b' ');
            }
        };
        out.push(open);
        for index in 0..length {
            if out.len() >= LONGEST {
                return;
            }
            if index > 0 {
                out.extend(spacing.comma.as_bytes());
            }
            line(level + 1, out);
            let value = match self {
                Self::Object(members) => members.get(index).map(|(name, value)| {
                    out.extend(string(name));
                    out.extend(spacing.colon.as_bytes());
                    value
                }),
                Self::Array(items) => items.get(index),
                Self::Atom(_) => None,
            };
            if let Some(value) = value {
                value.write(spacing, string, level + 1, out);
            }
        }
        line(level, out);
        out.push(close);
    }
}

fn slashes_escaped(text: &[u8]) -> Vec<u8> {
    replaced(&replaced(text, b"\\/", b"/"), b"/", b"\\/")
}

/// Escapes of other characters than ASCII's undone.
fn raw(text: &[u8]) -> Vec<u8> {
    rewritten(text, |rest| match rest {
        [b'\\', b'u', ..] => {
            let unit = |at: usize| {
                let digits = rest.get(at..at + 6)?.strip_prefix(b"\\u")?;
                u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
            };
            let units: Vec<u16> = [unit(0), unit(6)].into_iter().map_while(|unit| unit).collect();
            let character = char::decode_utf16(units).next()?.ok().filter(|c| !c.is_ascii())?;
            Some((character.to_string().into_bytes(), 6 * character.len_utf16()))
        }
        // A backslash that is escaped escapes nothing.
        [b'\\', other, ..] => Some((vec![b'\\', *other], 2)),
        _ => None,
    })
}

fn in_ascii(text: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(text) else { return text.to_vec() };
    let escaped = |character: char| match character.is_ascii() {
        true => character.to_string(),
        false => {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units).iter();
            units.map(|unit| format!("\\u{unit:04x}")).collect()
        }
    };
    text.chars().map(escaped).collect::<String>().into_bytes()
}

/// As Go writes JSON by default.
fn html_escaped(text: &[u8]) -> Vec<u8> {
    rewritten(text, |rest| match rest.first()? {
        byte @ (b'&' | b'<' | b'>') => Some((format!("\\u{byte:04x}").into_bytes(), 1)),
        _ => None,
    })
}

fn html_raw(text: &[u8]) -> Vec<u8> {
    let text = replaced(&replaced(text, b"\\u0026", b"&"), b"\\u003c", b"<");
    replaced(&text, b"\\u003e", b">")
}
