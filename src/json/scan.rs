//! The grammar, byte by byte, and character by character where text is not UTF-8.

use super::string::JsonString;
use super::{JsonError, MAX_DEPTH};
use crate::charset::{Charset, CharsetError};

/// A place in a text, which only moves forward.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'a> {
    text: &'a [u8],
    offset: usize,
    charset: Charset,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
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
    pub(super) fn new(text: &'a [u8], charset: Charset) -> Self {
        Self { text, offset: 0, charset }
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn charset(&self) -> Charset {
        self.charset
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.offset..).unwrap_or_default()
    }

    pub(super) fn since(&self, offset: usize) -> &'a [u8] {
        self.text.get(offset..self.offset).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.offset).copied()
    }

    pub(super) fn unexpected(&self, expected: &'static str) -> JsonError {
        JsonError::Syntax { offset: self.offset, expected, found: self.peek() }
    }

    pub(super) fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.offset += usize::from(is_there);
        is_there
    }

    pub(super) fn require(&mut self, byte: u8, expected: &'static str) -> Result<(), JsonError> {
        if self.take(byte) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    pub(super) fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            step();
            self.offset += 1;
        }
    }

    /// Takes the bytes up to the first of another kind, and says how many.
    fn run(&mut self, is_of_kind: impl Fn(u8) -> bool) -> usize {
        let is_of_kind = |byte: &&u8| is_of_kind(**byte);
        let length = self.rest().iter().inspect(|_| step()).take_while(is_of_kind).count();
        self.offset += length;
        length
    }

    /// What follows a value in a container: its end, or a comma and the blanks behind it.
    pub(super) fn closes(&mut self, container: Container) -> Result<bool, JsonError> {
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
    pub(super) fn name(&mut self) -> Result<JsonString<'a>, JsonError> {
        self.require(b'"', "a name in quotes")?;
        let begin = self.offset;
        self.string()?;
        let written = self.since(begin).strip_suffix(b"\"").unwrap_or_default();
        self.blanks();
        self.require(b':', "':'")?;
        self.blanks();
        Ok(JsonString::new(written, self.charset))
    }

    /// A value, without recursion: what is open is remembered in [`Nesting`].
    pub(super) fn value(&mut self) -> Result<(), JsonError> {
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
        let mut length = 0;
        for chunk in self.rest().as_chunks::<8>().0 {
            step();
            let word = u64::from_le_bytes(*chunk);
            let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
            let stops = is(b'"') | is(b'\\') | below(word, 0x20) | word & not_ascii;
            if stops != 0 {
                length += (stops.trailing_zeros() / 8) as usize;
                break;
            }
            length += 8;
        }
        self.offset += length;
    }
}

/// One turn of a loop. The tests count them.
fn step() {
    #[cfg(test)]
    super::tests::STEPS.set(super::tests::STEPS.get() + 1);
}
