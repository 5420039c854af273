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

use std::borrow::Cow;

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

/// A string of a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonString<'a> {
    /// What stands between the quotes, escapes included.
    written: &'a [u8],
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
        let mut scanner = Scanner { text, offset: 0, charset };
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
        let offset = scanner.offset;
        scanner.value()?;
        self.place = Place::BehindMember;
        let charset = scanner.charset;
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
        Some(JsonString { written, charset: self.charset })
    }
}

impl<'a> JsonString<'a> {
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

/// A place in a text, which only moves forward.
#[derive(Clone, Debug)]
struct Scanner<'a> {
    text: &'a [u8],
    offset: usize,
    charset: Charset,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    Array,
    Object,
}

/// The containers that are open: one bit each, the innermost lowest.
#[derive(Default)]
struct Nesting {
    objects: u128,
    depth: usize,
}

impl Nesting {
    /// Whether there was room for one more. The outermost object is not counted here.
    fn open(&mut self, container: Container) -> bool {
        self.objects = self.objects << 1 | u128::from(container == Container::Object);
        self.depth += 1;
        self.depth < MAX_DEPTH
    }

    fn close(&mut self) {
        self.objects >>= 1;
        self.depth -= 1;
    }

    fn innermost(&self) -> Option<Container> {
        let innermost = if self.objects & 1 == 1 { Container::Object } else { Container::Array };
        (self.depth > 0).then_some(innermost)
    }
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a [u8] {
        self.text.get(self.offset..).unwrap_or_default()
    }

    fn since(&self, offset: usize) -> &'a [u8] {
        self.text.get(offset..self.offset).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.offset).copied()
    }

    fn unexpected(&self, expected: &'static str) -> JsonError {
        JsonError::Syntax { offset: self.offset, expected, found: self.peek() }
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.offset += usize::from(is_there);
        is_there
    }

    fn require(&mut self, byte: u8, expected: &'static str) -> Result<(), JsonError> {
        if self.take(byte) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    fn blanks(&mut self) {
        self.run(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Takes the bytes up to the first of another kind, and says how many.
    fn run(&mut self, is_of_kind: impl Fn(u8) -> bool) -> usize {
        let is_of_kind = |byte: &&u8| is_of_kind(**byte);
        let length = self.rest().iter().inspect(|_| step()).take_while(is_of_kind).count();
        self.offset += length;
        length
    }

    /// What follows a value in a container: its end, or a comma and the blanks behind it.
    fn closes(&mut self, container: Container) -> Result<bool, JsonError> {
        if self.take(b',') {
            self.blanks();
            return Ok(false);
        }
        match container {
            Container::Array => self.require(b']', "',' or ']'")?,
            Container::Object => self.require(b'}', "',' or '}'")?,
        }
        Ok(true)
    }

    /// A name, its colon, and the blanks about the colon.
    fn name(&mut self) -> Result<JsonString<'a>, JsonError> {
        self.require(b'"', "a name in quotes")?;
        let begin = self.offset;
        self.string()?;
        let written = self.since(begin).strip_suffix(b"\"").unwrap_or_default();
        self.blanks();
        self.require(b':', "':'")?;
        self.blanks();
        Ok(JsonString { written, charset: self.charset })
    }

    /// A value, without recursion: what is open is remembered in [`Nesting`].
    fn value(&mut self) -> Result<(), JsonError> {
        let mut nesting = Nesting::default();
        loop {
            if let Some(container) = self.begin_value()? {
                if !nesting.open(container) {
                    return Err(JsonError::TooDeep { offset: self.offset - 1 });
                }
                self.blanks();
                let end = if container == Container::Object { b'}' } else { b']' };
                if self.take(end) {
                    nesting.close();
                } else {
                    if container == Container::Object {
                        self.name()?;
                    }
                    continue;
                }
            }
            loop {
                let Some(container) = nesting.innermost() else { return Ok(()) };
                self.blanks();
                if self.closes(container)? {
                    nesting.close();
                    continue;
                }
                if container == Container::Object {
                    self.name()?;
                }
                break;
            }
        }
    }

    /// A whole value, or the first byte of a container.
    fn begin_value(&mut self) -> Result<Option<Container>, JsonError> {
        step();
        match self.peek() {
            Some(b'{') => {
                self.offset += 1;
                return Ok(Some(Container::Object));
            }
            Some(b'[') => {
                self.offset += 1;
                return Ok(Some(Container::Array));
            }
            Some(b'"') => {
                self.offset += 1;
                self.string()?;
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.literal("true")?,
            Some(b'f') => self.literal("false")?,
            Some(b'n') => self.literal("null")?,
            _ => return Err(self.unexpected("a value")),
        }
        Ok(None)
    }

    fn literal(&mut self, literal: &'static str) -> Result<(), JsonError> {
        literal.bytes().try_for_each(|byte| self.require(byte, literal))
    }

    fn number(&mut self) -> Result<(), JsonError> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        match self.run(|byte| byte.is_ascii_digit()) {
            0 => Err(self.unexpected("a digit")),
            _ => Ok(()),
        }
    }

    /// The rest of a string, its closing quote included.
    fn string(&mut self) -> Result<(), JsonError> {
        loop {
            step();
            self.plain();
            match self.peek() {
                Some(b'"') => {
                    self.offset += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                None | Some(..0x20) => return Err(self.unexpected("a character or '\"'")),
                Some(_) => {
                    self.offset += self.charset.character_length(self.rest()).ok_or_else(|| {
                        CharsetError::undecodable(self.charset, self.text, self.offset)
                    })?;
                }
            }
        }
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        self.offset += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.offset += 1;
                Ok(())
            }
            Some(b'u') => {
                self.offset += 1;
                (0..4).try_for_each(|_| match self.peek() {
                    Some(digit) if digit.is_ascii_hexdigit() => {
                        self.offset += 1;
                        Ok(())
                    }
                    _ => Err(self.unexpected("a hex digit")),
                })
            }
            _ => Err(self.unexpected("an escape")),
        }
    }

    /// Takes what a string may hold as it is, eight bytes at a time, up to a quote, a backslash, a control character,
    /// the end, or, where characters are not UTF-8, one that is not ASCII. It may stop sooner.
    fn plain(&mut self) {
        const ONES: u64 = u64::MAX / 0xFF;
        const HIGH: u64 = ONES << 7;
        let not_ascii = if self.charset == Charset::Utf8 { 0 } else { HIGH };
        // The lowest bit of `stops` is right; those above it may be carried over from there.
        let below = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word & HIGH;
        for chunk in self.rest().as_chunks::<8>().0 {
            step();
            let word = u64::from_le_bytes(*chunk);
            let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
            let stops = is(b'"') | is(b'\\') | below(word, 0x20) | word & not_ascii;
            if stops != 0 {
                self.offset += (stops.trailing_zeros() / 8) as usize;
                return;
            }
            self.offset += 8;
        }
    }
}

/// One turn of a loop. The tests count them.
fn step() {
    #[cfg(test)]
    tests::STEPS.set(tests::STEPS.get() + 1);
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        pub(super) static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    fn members(text: &[u8], charset: Charset) -> Result<Vec<Member<'_>>, JsonError> {
        Members::new(text, charset)?.collect()
    }

    fn error(text: &[u8]) -> String {
        members(text, Charset::Utf8).unwrap_err().to_string()
    }

    #[test]
    fn every_kind_of_value_stands_as_it_was() {
        let text = br#"{"a":{},"b":[],"c":"","d":-0.50E+07,"e":true,"f":false,"g":null,"h":[[{"i":[1,{}]},2],"]}"]}"#;
        let members = members(text, Charset::Utf8).unwrap();
        let values: Vec<_> =
            members.iter().map(|member| member.value.escape_ascii().to_string()).collect();
        let expected = [
            "{}",
            "[]",
            r#"\"\""#,
            "-0.50E+07",
            "true",
            "false",
            "null",
            r#"[[{\"i\":[1,{}]},2],\"]}\"]"#,
        ];
        assert_eq!(values, expected);
        for member in &members {
            assert!(text[member.offset..].starts_with(member.value));
        }
    }

    #[test]
    fn blanks_belong_to_no_value() {
        let text = b"\r\n\t {\n\"a\"\t:\r { \"b\" : [ 1 , 2 ] } , \"c\" : 3 }\n\n";
        let members = members(text, Charset::Utf8).unwrap();
        assert_eq!(members[0].value, b"{ \"b\" : [ 1 , 2 ] }");
        assert_eq!(members[1].value, b"3");
        assert_eq!(members[1].string(), None);
    }

    #[test]
    fn what_is_no_object_is_refused_at_its_first_wrong_byte() {
        for (text, message) in [
            ("", "JSON breaks at byte 0: expected an object, found the end"),
            ("[]", "JSON breaks at byte 0: expected an object, found '['"),
            ("\u{FEFF}{}", "JSON breaks at byte 0: expected an object, found '\\xef'"),
            ("{} x", "JSON breaks at byte 3: expected the end, found 'x'"),
            ("{}{}", "JSON breaks at byte 2: expected the end, found '{'"),
            ("{\"a\":1,}", "JSON breaks at byte 7: expected a name in quotes, found '}'"),
            ("{,\"a\":1}", "JSON breaks at byte 1: expected a name in quotes, found ','"),
            ("{'a':1}", "JSON breaks at byte 1: expected a name in quotes, found '\\''"),
            ("{\"a\" 1}", "JSON breaks at byte 5: expected ':', found '1'"),
            ("{\"a\":}", "JSON breaks at byte 5: expected a value, found '}'"),
            ("{\"a\":1 2}", "JSON breaks at byte 7: expected ',' or '}', found '2'"),
            ("{\"a\":[1,]}", "JSON breaks at byte 8: expected a value, found ']'"),
            ("{\"a\":[1}", "JSON breaks at byte 7: expected ',' or ']', found '}'"),
            ("{\"a\":{\"b\":1]}", "JSON breaks at byte 11: expected ',' or '}', found ']'"),
            ("{\"a\":01}", "JSON breaks at byte 6: expected ',' or '}', found '1'"),
            ("{\"a\":1.}", "JSON breaks at byte 7: expected a digit, found '}'"),
            ("{\"a\":-}", "JSON breaks at byte 6: expected a digit, found '}'"),
            ("{\"a\":1e+}", "JSON breaks at byte 8: expected a digit, found '}'"),
            ("{\"a\":+1}", "JSON breaks at byte 5: expected a value, found '+'"),
            ("{\"a\":nul}", "JSON breaks at byte 8: expected null, found '}'"),
            ("{\"a\":NaN}", "JSON breaks at byte 5: expected a value, found 'N'"),
            (
                "{\"a\":\"b\nc\"}",
                "JSON breaks at byte 7: expected a character or '\"', found '\\n'",
            ),
            ("{\"a\":\"b", "JSON breaks at byte 7: expected a character or '\"', found the end"),
            ("{\"a\":\"\\x\"}", "JSON breaks at byte 7: expected an escape, found 'x'"),
            ("{\"a\":\"\\u12g4\"}", "JSON breaks at byte 10: expected a hex digit, found 'g'"),
            ("{\"a\":1", "JSON breaks at byte 6: expected ',' or '}', found the end"),
            ("{\"a\":/**/1}", "JSON breaks at byte 5: expected a value, found '/'"),
        ] {
            assert_eq!(error(text.as_bytes()), message, "{text}");
        }
        assert_eq!(
            error(b"{\"a\":\"\xD6\xD0\"}"),
            "byte 0xD6 at offset 6 begins no character of utf-8"
        );
    }

    #[test]
    fn there_is_nothing_behind_an_error() {
        let mut members = Members::new(b"{\"a\":1,x\"b\":2}", Charset::Utf8).unwrap();
        assert!(members.next().unwrap().is_ok());
        assert!(members.next().unwrap().is_err());
        assert!(members.next().is_none());
    }

    #[test]
    fn every_byte_of_a_string_is_looked_at() {
        for length in 0..40 {
            for stop in [b'"', b'\\', 0x1F, 0x00] {
                let text = [b"{\"a\":\"", "x".repeat(length).as_bytes(), &[stop], b"!!!!!!!!!!\"}"]
                    .concat();
                let offset = 6 + length + usize::from(matches!(stop, b'"' | b'\\'));
                let Err(JsonError::Syntax { offset: found, .. }) = members(&text, Charset::Utf8)
                else {
                    panic!("{stop} behind {length} is taken");
                };
                assert_eq!(found, offset, "{stop} behind {length}");
            }
            let long = "x".repeat(length) + "\u{7F}中\u{FFFD}" + &"x".repeat(length);
            let text = format!("{{\"a\":\"{long}\"}}");
            assert!(
                members(text.as_bytes(), Charset::Utf8).unwrap()[0].string().unwrap().is(&long)
            );
        }
    }

    #[test]
    fn the_second_byte_of_a_character_is_no_syntax() {
        // The first is a lead byte and a backslash, in all of them two bytes of one character.
        for pair in [b"\xD5\x5C", b"\x81\x7B", b"\x81\x7D", b"\x81\x5B", b"\x81\x5D"] {
            for before in 0..9 {
                let text =
                    [b"{\"a\":\"", "x".repeat(before).as_bytes(), pair, b"\",\"b\":1}"].concat();
                for charset in [Charset::Gbk, Charset::Gb2312, Charset::Gb18030] {
                    let members = members(&text, charset).unwrap();
                    assert_eq!(members.len(), 2, "{pair:02X?} behind {before}");
                    let string = members[0].string().unwrap().decoded();
                    assert_eq!(&string[before..], pair);
                }
            }
        }
        let half = members(b"{\"a\":\"\xD5\"}", Charset::Gbk).unwrap_err();
        assert_eq!(half.to_string(), "byte 0xD5 at offset 6 begins no character of gbk");
        assert!(members(b"{\xD6\xD0:1}", Charset::Gbk).is_err());
    }

    #[test]
    fn escapes_are_decoded() {
        let text = br#"{"a":"\"\\\/\b\f\n\r\t\u0041\u00e9\u4e2D\ud83d\ude00\ud83dx\ude00"}"#;
        let decoded =
            members(text, Charset::Utf8).unwrap()[0].string().unwrap().decoded().into_owned();
        let expected = ["\"\\/\u{8}\u{C}\n\r\tAé中😀".as_bytes(), b"\xED\xA0\xBDx\xED\xB8\x80"];
        assert_eq!(decoded, expected.concat());
    }

    #[test]
    fn a_name_is_what_its_escapes_stand_for() {
        let text = br#"{"sign":1,"s\u0069gn":2,"\u0073\u0069\u0067\u006e":3,"sign\u0000":4,"Sign":5,"":6}"#;
        let names: Vec<_> = members(text, Charset::Utf8)
            .unwrap()
            .iter()
            .map(|member| member.name.is("sign"))
            .collect();
        assert_eq!(names, [true, true, true, false, false, false]);
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize, open: &str, close: &str| {
            format!("{{\"a\":{}1{}}}", open.repeat(depth - 1), close.repeat(depth - 1)).into_bytes()
        };
        for (open, close) in [("[", "]"), ("{\"b\":", "}")] {
            assert!(members(&nested(MAX_DEPTH, open, close), Charset::Utf8).is_ok());
            let offset = 5 + (MAX_DEPTH - 1) * open.len();
            let too_deep = nested(MAX_DEPTH + 1, open, close);
            assert_eq!(members(&too_deep, Charset::Utf8), Err(JsonError::TooDeep { offset }));
            let too_deep = nested(100_000, open, close);
            assert_eq!(members(&too_deep, Charset::Utf8), Err(JsonError::TooDeep { offset }));
        }
        assert_eq!(error(&nested(200, "[", "]")), "JSON nests deeper than 128 at byte 132");
    }

    #[test]
    fn the_work_grows_with_the_length_and_no_faster() {
        let texts: [(&str, fn(usize) -> String); 7] = [
            ("one string", |n| format!("{{\"a\":\"{}\"}}", "x".repeat(n))),
            ("escapes", |n| format!("{{\"a\":\"{}\"}}", "\\\"".repeat(n / 2))),
            ("short strings", |n| format!("{{\"a\":[{}0]}}", "\"\",".repeat(n / 3))),
            ("members", |n| format!("{{{}\"a\":0}}", "\"a\":0,".repeat(n / 6))),
            ("blanks", |n| format!("{{{}}}", " ".repeat(n))),
            ("digits", |n| format!("{{\"a\":{}}}", "1".repeat(n))),
            ("pairs", |n| format!("{{\"a\":[{}0]}}", "[{}],".repeat(n / 5))),
        ];
        for (what, text) in texts {
            for n in [1_000, 1_000_000] {
                let text = text(n);
                STEPS.set(0);
                assert!(members(text.as_bytes(), Charset::Gbk).is_ok(), "{what}");
                assert!(STEPS.get() <= 2 * text.len(), "{what}: {} turns", STEPS.get());
            }
        }
    }
}
