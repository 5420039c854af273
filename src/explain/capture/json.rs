//! JSON: an object of parameters, or an array of pairs, with duplicates kept and numbers as they are written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Read, Remark, without_mark};

pub(super) fn read(bytes: &[u8]) -> Option<Read> {
    let text = std::str::from_utf8(without_mark(bytes)).ok()?;
    // A framework's log has its own words in front; a body has names.
    let starts = [text.find(['{', '[']), text.find('{')];
    let Object(pairs) = starts.into_iter().flatten().find_map(|start| {
        let is_body = text.get(..start)?.contains(['=', '&']);
        from_start(text.get(start..)?).filter(|_| !is_body)
    })?;
    let mut read = Read::default();
    let mut typed = Vec::new();
    for (name, value) in pairs {
        let value = value.get();
        match scalar(value) {
            Some(text) => read.params.push(name.as_bytes(), text.as_bytes()),
            None if value == "null" => typed.push(name.into_bytes()),
            None => {
                // A list of one value is what some frameworks make of each parameter.
                let inside = value.strip_prefix('[').and_then(|inside| inside.strip_suffix(']'));
                let text = inside.and_then(|inside| scalar(inside.trim()));
                let text = text.unwrap_or_else(|| value.to_owned());
                read.params.push(name.as_bytes(), text.as_bytes());
                typed.push(name.into_bytes());
            }
        }
    }
    if !typed.is_empty() {
        read.remarks.push(Remark::Typed(typed));
    }
    Some(read)
}

fn scalar(value: &str) -> Option<String> {
    serde_json::from_str(value).ok()
}

fn from_start(text: &str) -> Option<Object> {
    let object = serde_json::Deserializer::from_str(text).into_iter::<Object>().next()?.ok()?;
    (!object.0.is_empty()).then_some(object)
}

struct Object(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Pairs)
    }
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Object;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object or an array of pairs")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Object(pairs))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Object, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = seq.next_element()? {
            pairs.push(pair);
        }
        Ok(Object(pairs))
    }
}
