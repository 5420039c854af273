//! Strings: what their escapes stand for.

use std::borrow::Cow;

use crate::charset::Charset;

/// A string of a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonString<'a> {
    /// What stands between the quotes, escapes included.
    written: &'a [u8],
    charset: Charset,
}

impl<'a> JsonString<'a> {
    pub(super) fn new(written: &'a [u8], charset: Charset) -> Self {
        Self { written, charset }
    }

    /// Whether this is a text, however it is escaped.
    #[must_use]
    pub fn is(self, text: &str) -> bool {
        // The longest escape is six bytes for one: a longer string need not be copied.
        let lengths = text.len()..=6 * text.len();
        lengths.contains(&self.written.len()) && *self.decoded() == *text.as_bytes()
    }

    /// The string without its escapes.
    ///
    /// An escape that is not ASCII becomes UTF-8 whatever the charset, and half a surrogate pair its three bytes: the
    /// strings that are read from a reply are ASCII, and such a one is not equal to any.
    #[must_use]
    pub fn decoded(self) -> Cow<'a, [u8]> {
        if !self.written.contains(&b'\\') {
            return Cow::Borrowed(self.written);
        }
        let mut decoded = Vec::with_capacity(self.written.len());
        let mut rest = self.written;
        while let Some(&first) = rest.first() {
            let length = match (first, rest.get(1)) {
                (b'\\', Some(b'u')) => {
                    let (code, length) = code_point(rest);
                    push_code_point(code, &mut decoded);
                    length
                }
                (b'\\', Some(&escaped)) => {
                    decoded.push(unescaped(escaped));
                    2
                }
                _ => {
                    let length = self.charset.character_length(rest).unwrap_or(1);
                    decoded.extend(rest.iter().take(length));
                    length
                }
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        Cow::Owned(decoded)
    }
}

fn unescaped(escaped: u8) -> u8 {
    match escaped {
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        other => other,
    }
}

/// The code point of the `\u` at the beginning, and how much of the text it takes: a surrogate pair takes two.
fn code_point(text: &[u8]) -> (u32, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
        let digits = digits.iter().map(|digit| char::from(*digit).to_digit(16));
        digits.reduce(|unit, digit| Some(unit? << 4 | digit?)).flatten()
    };
    match (unit(0).unwrap_or_default(), unit(6)) {
        (high @ 0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
            (0x1_0000 + ((high - 0xD800) << 10 | (low - 0xDC00)), 12)
        }
        (unit, _) => (unit, 6),
    }
}

fn push_code_point(code: u32, bytes: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(character) => bytes.extend(character.encode_utf8(&mut [0; 4]).bytes()),
        None => bytes.extend([
            0xE0 | (code >> 12) as u8,
            0x80 | (code >> 6 & 0x3F) as u8,
            0x80 | (code & 0x3F) as u8,
        ]),
    }
}
