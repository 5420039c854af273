//! JSON read for where its parts stand: the members of the outermost object, each with the bytes of its value.
//!
//! Alipay signs a part of a JSON text as that text stands, so a parser that gives values is of no use, and searching
//! for a name finds it inside values as well. This is the grammar of [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)
//! and nothing more: no value is built, nothing is allocated, no byte is looked at twice, and no nesting goes deeper
//! than [`MAX_DEPTH`].
//!
//! Texts in the charsets of GBK are read as well, character by character: the second byte of a character may be that
//! of `\`, `{` or `}`. A UTF-8 text is checked to be one. In the others only the form of the bytes is checked, not
//! whether each character is assigned: that moves no boundary.

mod scan;
mod string;

use self::scan::{Container, Scanner};
pub use self::string::JsonString;
use crate::charset::{Charset, CharsetError};

/// How deep objects and arrays may nest, the outermost object counted.
///
/// RFC 8259 §9 lets every reader set a limit; this is the one of `serde_json`.
pub const MAX_DEPTH: usize = 128;

/// What is no JSON object, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// It breaks the grammar.
    #[error("JSON breaks at byte {offset}: expected {expected}, found {}", Found(*found))]
    Syntax {
        /// The first byte that cannot stand there; the length, when the text ends too soon.
        offset: usize,
        /// What could stand there.
        expected: &'static str,
        /// What stands there; nothing at the end.
        found: Option<u8>,
    },
    /// It nests too deep.
    #[error("JSON nests deeper than {MAX_DEPTH} at byte {offset}")]
    TooDeep {
        /// Where the object or array begins that is one too many.
        offset: usize,
    },
    /// Bytes that are no text of the charset.
    #[error(transparent)]
    Charset(#[from] CharsetError),
}

struct Found(Option<u8>);

impl std::fmt::Display for Found {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(byte) => write!(formatter, "'{}'", byte.escape_ascii()),
            None => formatter.write_str("the end"),
        }
    }
}

/// The members of the object that a text is, in their order, duplicates kept.
///
/// The text is checked on the way. After an error there are no more members, and those that came before it are those
/// of a text that is no JSON.
///
/// ```
/// use alipay_conformance::{charset::Charset, json::Members};
///
/// let text = br#" {"a": {"b" : "}"}, "\u0061": 9.00} "#;
/// let members: Vec<_> = Members::new(text, Charset::Utf8)?.collect::<Result<_, _>>()?;
/// assert_eq!(members[0].value, br#"{"b" : "}"}"#);
/// assert_eq!(members[1].value, b"9.00");
/// assert!(members.iter().all(|member| member.name.is("a")));
///
/// let cut = Members::new(br#"{"a":[1,2}"#, Charset::Utf8)?.next();
/// let message = "JSON breaks at byte 9: expected ',' or ']', found '}'";
/// assert_eq!(cut.unwrap().unwrap_err().to_string(), message);
/// # Ok::<(), alipay_conformance::json::JsonError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Members<'a> {
    scanner: Scanner<'a>,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Opened,
    BehindMember,
    Ended,
}

/// A member of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its name.
    pub name: JsonString<'a>,
    /// Its value as it stands, from its first to its last byte.
    pub value: &'a [u8],
    /// Where the value begins in the text.
    pub offset: usize,
    charset: Charset,
}

impl<'a> Members<'a> {
    /// The members of the object that `text` is.
    ///
    /// # Errors
    /// It begins with no object, or is to be UTF-8 and is not. A byte order mark begins no object.
    pub fn new(text: &'a [u8], charset: Charset) -> Result<Self, JsonError> {
        if charset == Charset::Utf8 {
            charset.decode(text)?;
        }
        let mut scanner = Scanner::new(text, charset);
        scanner.blanks();
        scanner.require(b'{', "an object")?;
        Ok(Self { scanner, place: Place::Opened })
    }

    fn advance(&mut self) -> Result<Option<Member<'a>>, JsonError> {
        let scanner = &mut self.scanner;
        scanner.blanks();
        let is_closed = match self.place {
            Place::Opened => scanner.take(b'}'),
            Place::BehindMember => scanner.closes(Container::Object)?,
            Place::Ended => return Ok(None),
        };
        if is_closed {
            self.place = Place::Ended;
            scanner.blanks();
            return match scanner.peek() {
                None => Ok(None),
                Some(_) => Err(scanner.unexpected("the end")),
            };
        }
        let name = scanner.name()?;
        let offset = scanner.offset();
        scanner.value()?;
        self.place = Place::BehindMember;
        let charset = scanner.charset();
        Ok(Some(Member { name, value: scanner.since(offset), offset, charset }))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<Member<'a>, JsonError>;

    fn next(&mut self) -> Option<Self::Item> {
        let advanced = self.advance();
        if advanced.is_err() {
            self.place = Place::Ended;
        }
        advanced.transpose()
    }
}

impl std::iter::FusedIterator for Members<'_> {}

impl<'a> Member<'a> {
    /// The value, where it is a string.
    #[must_use]
    pub fn string(self) -> Option<JsonString<'a>> {
        let written = self.value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        Some(JsonString::new(written, self.charset))
    }
}

#[cfg(test)]
mod tests;
