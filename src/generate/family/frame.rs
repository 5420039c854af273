//! Questions that are made of parts: an HTTP message, what is encrypted, what calls up the wallet.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use crate::charset::Charset;
use crate::form;
use crate::law::strategies;
use crate::protocol::headers::Scheme;
use crate::vector::input::TextPairs;

/// A kind of question that is no list of parameters.
#[derive(Clone, Copy, Debug)]
pub(in crate::generate) struct Frame {
    pub(in crate::generate) kind: FrameKind,
    pub(in crate::generate) parts: &'static [Part],
}

#[derive(Clone, Copy, Debug)]
pub(in crate::generate) enum FrameKind {
    /// A message that is to be signed in a header.
    Sent,
    /// A message that was signed in a header.
    Received(&'static Scheme),
    /// What calls up the wallet.
    Client,
    /// JSON that was signed in one of its members.
    Reply,
    /// Content that is to be encrypted.
    Plain,
    /// Content that was encrypted.
    Encrypted,
}

/// A part of a question. A recipe that says nothing of it has the usual one.
#[derive(Clone, Copy, Debug)]
pub(in crate::generate) struct Part {
    pub(in crate::generate) name: &'static str,
    pub(in crate::generate) place: Place,
    /// Nothing where it need not be there.
    pub(in crate::generate) usual: Option<&'static str>,
    pub(in crate::generate) values: Values,
}

impl Part {
    /// One that is always there.
    pub(super) const fn new(
        name: &'static str,
        place: Place,
        usual: &'static str,
        values: Values,
    ) -> Self {
        Self { name, place, usual: Some(usual), values }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::generate) enum Place {
    Method,
    Path,
    /// Beside the signature in its header, or a parameter of the wallet's.
    Item,
    Header,
    Body,
    /// Of the body's resource: what is sealed.
    Sealed,
    /// Of the body's resource: what is authenticated with it.
    AssociatedData,
    Client,
}

/// Of which values one is drawn. What is beyond them is contested, or nothing that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::generate) enum Values {
    /// The usual one.
    One,
    Of(&'static [&'static str]),
    /// Letters, digits and what else stands in identifiers.
    Word,
    Seconds,
    Milliseconds,
    /// Path and query as they are sent: no URL parser writes them otherwise.
    Path,
    /// An object as every library writes it, or nothing.
    Compact,
    /// An object in any spelling.
    Object,
}

impl Values {
    /// Whether a value is one of these.
    pub(in crate::generate) fn has(self, value: &str, usual: Option<&str>) -> bool {
        let digits = |count| value.len() == count && value.bytes().all(|one| one.is_ascii_digit());
        match self {
            _ if usual == Some(value) => true,
            Self::One => false,
            Self::Of(values) => values.contains(&value),
            Self::Word => !value.is_empty() && value.chars().all(is_word),
            Self::Seconds => digits(10) && value.starts_with('1'),
            Self::Milliseconds => digits(13) && value.starts_with('1'),
            Self::Path => is_path(value),
            Self::Compact => value.is_empty() || (object(value).is_some_and(|text| text == value)),
            Self::Object => object(value).is_some(),
        }
    }

    fn drawn(self) -> BoxedStrategy<String> {
        let word = || vec(select(WORD), 1..33).prop_map(String::from_iter);
        let digits = |count: usize| vec(select(b"0123456789".as_slice()), count);
        let number = move |count| {
            digits(count).prop_map(|digits| format!("1{}", String::from_utf8_lossy(&digits)))
        };
        match self {
            Self::One => Just(String::new()).boxed(),
            Self::Of(values) => select(values).prop_map(str::to_owned).boxed(),
            Self::Word => word().boxed(),
            Self::Seconds => number(9).boxed(),
            Self::Milliseconds => number(12).boxed(),
            Self::Path => path().boxed(),
            Self::Compact => prop_oneof![1 => Just(String::new()), 6 => written(false)].boxed(),
            Self::Object => written(true).boxed(),
        }
    }
}

impl Frame {
    /// Draws some of the parts.
    pub(in crate::generate) fn drawn(&self) -> BoxedStrategy<TextPairs> {
        let parts: Vec<&'static Part> =
            self.parts.iter().filter(|part| part.values != Values::One).collect();
        let all = 0..=parts.len();
        subsequence(parts, all)
            .prop_flat_map(|parts| {
                let values: Vec<_> = parts.iter().map(|part| part.values.drawn()).collect();
                let names: Vec<String> = parts.iter().map(|part| part.name.into()).collect();
                (Just(names), values)
                    .prop_map(|(names, values)| names.into_iter().zip(values).collect())
            })
            .boxed()
    }

    /// The parts of that place, with what was drawn for them or is usual.
    pub(in crate::generate) fn at<'a>(
        &'a self,
        place: Place,
        drawn: &'a TextPairs,
    ) -> impl Iterator<Item = (&'static str, &'a str)> + 'a {
        self.parts.iter().filter(move |part| part.place == place).filter_map(|part| {
            let value = drawn.iter().find(|(name, _)| name == part.name).map(|(_, value)| value);
            Some((part.name, value.map(String::as_str).or(part.usual)?))
        })
    }

    /// The same of a place that has one.
    pub(in crate::generate) fn one<'a>(&'a self, place: Place, drawn: &'a TextPairs) -> &'a str {
        self.at(place, drawn).next().map_or("", |(_, value)| value)
    }

    /// Of which values the part at a place is.
    pub(in crate::generate) fn values(&self, place: Place, name: Option<&str>) -> Option<Values> {
        let is_it = |part: &&Part| part.place == place && name.is_none_or(|name| name == part.name);
        self.parts.iter().find(is_it).map(|part| part.values)
    }

    /// Why it is not judged what is made of these parts.
    pub(in crate::generate) fn contested(&self, drawn: &TextPairs) -> Option<&'static str> {
        let is_known = |(name, value): &(String, String)| {
            let part = self.parts.iter().find(|part| part.name == name);
            part.is_some_and(|part| part.values.has(value, part.usual))
        };
        let has_body = !self.one(Place::Body, drawn).is_empty();
        if !drawn.iter().all(is_known) {
            Some("a part that is not sent so")
        } else if has_body && ["GET", "DELETE"].contains(&self.one(Place::Method, drawn)) {
            Some("a body where there is none")
        } else {
            None
        }
    }
}

const WORD: &[char] =
    &['a', 'b', 'Z', '0', '1', '2', '7', '9', 'A', 'e', 'F', '-', '_', '.', 'x', 'y'];

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-_.".contains(character)
}

fn is_path(text: &str) -> bool {
    let (path, query) = text.split_once('?').unwrap_or((text, "a"));
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let is_segment = |part: &&str| {
        !part.is_empty()
            && part.chars().all(|one| one.is_ascii_alphanumeric() || "-_".contains(one))
    };
    let is_kept = |one: char| one.is_ascii_alphanumeric() || "-_.&=%".contains(one);
    path.starts_with('/')
        && segments.iter().all(is_segment)
        && !query.is_empty()
        && query.chars().all(is_kept)
        && form::decode(query.as_bytes()).is_ok()
}

fn path() -> impl Strategy<Value = String> {
    let segment =
        || vec(select(&['a', 'b', '1', 'Z', '-', '_'][..]), 1..9).prop_map(String::from_iter);
    let piece = select(&["a", "1", "%2F", "%E4%B8%AD", "%20", ".", "Z", "%3D"][..]);
    let value = || vec(piece.clone(), 0..4).prop_map(|pieces| pieces.concat());
    let pair = (segment(), value()).prop_map(|(name, value)| format!("{name}={value}"));
    let query = prop_oneof![
        1 => Just(String::new()),
        2 => vec(pair, 1..4).prop_map(|pairs| format!("?{}", pairs.join("&"))),
    ];
    (vec(segment(), 1..5), query).prop_map(|(path, query)| format!("/{}{query}", path.join("/")))
}

/// The text of an object as `JSON.stringify` writes it, where it is one.
fn object(text: &str) -> Option<String> {
    let value: Value = serde_json::from_str(text).ok()?;
    value.is_object().then(|| value.to_string())
}

/// An object; where `freely`, with blanks and escapes that need not be there.
fn written(freely: bool) -> impl Strategy<Value = String> {
    let value = prop_oneof![
        3 => strategies::value(Charset::Utf8).prop_map(Value::from),
        1 => (0_u32..100_000).prop_map(Value::from),
        1 => Just(json!({ "b": "c" })),
        1 => Just(json!([])),
    ];
    (vec(value, 0..3), 0..4_u8).prop_map(move |(values, spelling)| {
        let names = ["a", "b", "c"].into_iter().map(str::to_owned);
        let value = Value::Object(names.zip(values).collect());
        match spelling {
            1 if freely => value.to_string().replace('/', "\\/"),
            2 if freely => value.to_string().replace(":", ": ").replace(": //", "://"),
            3 if freely => serde_json::to_string_pretty(&value).unwrap_or_default(),
            _ => value.to_string(),
        }
    })
}
