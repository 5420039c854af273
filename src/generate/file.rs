//! A finding as a vector file, laid out as the files of the embedded set are.

use serde_json::{Map, Value, json};

use crate::generate::search::Shown;
use crate::generate::trial::PREFIX;
use crate::suite::outcome::Outcome;
use crate::vector::case::Ask;
use crate::vector::load::VectorSet;

/// A list or object without others in it stands on one line up to this width.
const WIDTH: usize = 100;

/// The fields of a file and of a case, in their order.
const ORDER: [&str; 21] = [
    "format",
    "about",
    "cases",
    "id",
    "title",
    "protocol",
    "operation",
    "stage",
    "rule",
    "source",
    "flags",
    "charset",
    "sign_type",
    "key",
    "keys",
    "input",
    "result",
    "expect",
    "reject",
    "twin",
    "answers",
];

/// The set under ids of its own, and its file. The ids come from the question: one question has one file.
pub(super) fn kept(set: Box<VectorSet>, outcome: Outcome, embedded: &VectorSet) -> Shown {
    let id = set.cases().first().map_or_else(|| PREFIX.into(), |case| id(&case.ask));
    let documents: Vec<Value> = set
        .cases()
        .iter()
        .filter_map(|case| set.document(&case.id).cloned())
        .map(|document| renamed(document, &id))
        .collect();
    let about = json!({
        "en": "Found by generated cases, and made as small as it gets.",
        "zh": "由自动生成的用例发现，并已缩减到最小。",
    });
    let file = written(&json!({ "format": 1, "about": about, "cases": documents }), 0) + "\n";
    let set = match VectorSet::from_documents(&id, documents, embedded) {
        Ok(renamed) => Box::new(renamed),
        Err(_) => set,
    };
    Shown::Case { set, outcome, file }
}

/// `gen` and eight digits that depend on all that is asked.
fn id(ask: &Ask) -> String {
    let Ask { operation, protocol, sign_type, charset, input, .. } = ask;
    let asked = format!("{operation} {protocol} {sign_type:?} {charset} {input:?}");
    // FNV-1a
    let hash = asked
        .bytes()
        .fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("gen{hash:08x}")
}

fn renamed(mut document: Value, id: &str) -> Value {
    let rename = |value: &mut Value| {
        if let Some(number) = value.as_str().and_then(|old| old.strip_prefix(PREFIX)) {
            *value = format!("{id}{number}").into();
        }
    };
    document.get_mut("id").map(rename);
    document.pointer_mut("/twin/id").map(rename);
    document
}

/// The layout of `vectors/oracle/files.py`.
fn written(value: &Value, depth: usize) -> String {
    let parts: Vec<(Option<&String>, &Value)> = match value {
        Value::Array(elements) => elements.iter().map(|element| (None, element)).collect(),
        Value::Object(fields) => in_order(fields),
        _ => Vec::new(),
    };
    let holds_others = |value: &Value| match value {
        Value::Array(elements) => !elements.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => false,
    };
    let line = on_a_line(value);
    let is_flat = !parts.iter().any(|(_, part)| holds_others(part));
    let fits = line.chars().count() + 2 * depth <= WIDTH || (value.is_array() && parts.len() <= 2);
    if parts.is_empty() || (is_flat && fits) {
        return line;
    }
    let pad = "  ".repeat(depth + 1);
    let rows: Vec<String> = parts
        .iter()
        .map(|(name, part)| match name {
            Some(name) => format!("{pad}{}: {}", text(name), written(part, depth + 1)),
            None => format!("{pad}{}", written(part, depth + 1)),
        })
        .collect();
    let (open, close) = if value.is_array() { ('[', ']') } else { ('{', '}') };
    format!("{open}\n{}\n{}{close}", rows.join(",\n"), "  ".repeat(depth))
}

fn on_a_line(value: &Value) -> String {
    let join = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Array(elements) => format!("[{}]", join(elements.iter().map(on_a_line).collect())),
        Value::Object(fields) => {
            let field = |(name, value): (Option<&String>, &Value)| {
                format!("{}: {}", text(name.map_or("", String::as_str)), on_a_line(value))
            };
            format!("{{{}}}", join(in_order(fields).into_iter().map(field).collect()))
        }
        Value::String(string) => text(string),
        other => other.to_string(),
    }
}

fn in_order(fields: &Map<String, Value>) -> Vec<(Option<&String>, &Value)> {
    let mut fields: Vec<_> = fields.iter().map(|(name, value)| (Some(name), value)).collect();
    let place = |name: Option<&String>| {
        ORDER.iter().position(|known| name.is_some_and(|name| name == known))
    };
    fields.sort_by_key(|(name, _)| place(*name).unwrap_or(ORDER.len()));
    fields
}

/// JSON text; what cannot be seen is escaped.
fn text(text: &str) -> String {
    use unicode_width::UnicodeWidthChar;
    let quoted = Value::from(text).to_string();
    let mut out = String::with_capacity(quoted.len());
    for character in quoted.chars() {
        let is_seen = character == ' '
            || (character.width().unwrap_or(0) > 0
                && !character.is_whitespace()
                && !('\u{E000}'..='\u{F8FF}').contains(&character)
                && character < '\u{E0000}');
        if is_seen {
            out.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}
