//! Any bytes as the JSON of a reply.

use std::fmt;

use alipay_conformance::charset::Charset;
use alipay_conformance::json::{JsonError, MAX_DEPTH, Member, Members};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Reads the members as `serde_json` does: the same verdict, the same names, the same bytes of each value; and the
/// same again with the text in the charsets of GBK.
pub fn run(input: &[u8]) {
    for charset in [Charset::Gbk, Charset::Gb18030] {
        if let Ok(members) = members(input, charset) {
            assert!(members.iter().all(|member| input[member.offset..].starts_with(member.value)));
        }
    }
    let members = match members(input, Charset::Utf8) {
        Err(JsonError::TooDeep { offset }) => {
            let opened = input[..=offset].iter().filter(|byte| b"{[".contains(byte)).count();
            assert!(opened > MAX_DEPTH);
            return;
        }
        members => members,
    };
    let expected = serde_members(input);
    let members =
        match (members, expected) {
            (Err(_), None) => return,
            (Ok(members), Some(expected)) => {
                let spans =
                    members.iter().map(|member| (member.name.decoded().into_owned(), member.value));
                assert!(spans.eq(
                    expected.iter().map(|(name, value)| (name.clone(), value.get().as_bytes()))
                ));
                for (member, (_, value)) in members.iter().zip(expected) {
                    assert_eq!(member.value.as_ptr(), value.get().as_ptr());
                }
                members
            }
            (members, expected) => panic!("here {members:?}, serde_json {expected:?}"),
        };
    let text = std::str::from_utf8(input).expect("checked");
    for charset in [Charset::Gbk, Charset::Gb2312, Charset::Gb18030] {
        let Ok(encoded) = charset.encode(text) else { continue };
        let encoded = self::members(&encoded, charset).expect("the same text").into_iter();
        let values =
            encoded.map(|member| charset.decode(member.value).expect("encoded").into_owned());
        assert!(values.eq(members.iter().map(|member| String::from_utf8_lossy(member.value))));
    }
}

fn members(text: &[u8], charset: Charset) -> Result<Vec<Member<'_>>, JsonError> {
    Members::new(text, charset)?.collect()
}

/// Nothing where the text is no JSON, or no object.
fn serde_members(text: &[u8]) -> Option<Vec<(Vec<u8>, &RawValue)>> {
    // Names with half a surrogate pair are no strings to serde_json, and are within the grammar: so are raw values.
    serde_json::from_slice::<&RawValue>(text).ok()?;
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let members = deserializer.deserialize_map(Object).ok()?;
    deserializer.end().ok()?;
    Some(members)
}

struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Vec<(Vec<u8>, &'de RawValue)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key_seed(Name)? {
            members.push((name, map.next_value()?));
        }
        Ok(members)
    }
}

struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Vec<u8>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Vec<u8>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<Vec<u8>, E> {
        Ok(name.to_vec())
    }
}
