//! The grammar of XML, as far as messages need it: <https://www.w3.org/TR/xml/>.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::error::{Flaw, XmlError};
use super::short;
use super::text::{foreign_character, is_character, name_length};

/// A place in a text, which only moves forward.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    offset: usize,
}

/// The tag that begins an element.
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    /// Whether it ends the element too.
    pub(super) is_closed: bool,
}

const SECTION: &str = "<![CDATA[";
const SECTION_END: &str = "]]>";

impl<'a> Scanner<'a> {
    /// At the begin of a text, behind its byte order mark.
    pub(super) fn new(text: &'a str) -> Self {
        let mut scanner = Self { text, offset: 0 };
        scanner.take("\u{FEFF}");
        scanner
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// The declaration, if there is one.
    pub(super) fn declaration(&mut self, is_encoded: bool) -> Result<(), XmlError> {
        // Not `<?xml-stylesheet`.
        if !self.rest().strip_prefix("<?xml").is_some_and(|rest| rest.starts_with(is_blank)) {
            return Ok(());
        }
        self.skip("<?xml".len());
        self.blanks();
        let version = self.pseudo_attribute("version")?.and_then(|text| text.strip_prefix("1."));
        if !version.is_some_and(|minor| minor.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(self.expected("version 1"));
        }
        let is_apart = self.blanks();
        let start = self.offset;
        let encoding = if is_apart { self.pseudo_attribute("encoding")? } else { None };
        if encoding.is_some_and(|name| is_encoded && !name.eq_ignore_ascii_case("utf-8")) {
            return Err(XmlError::Encoding { offset: start });
        }
        let is_apart = self.blanks() || is_apart && encoding.is_none();
        if is_apart && let Some(answer) = self.pseudo_attribute("standalone")? {
            if answer != "yes" && answer != "no" {
                return Err(self.expected("yes or no"));
            }
            self.blanks();
        }
        self.need("?>", "the end of the declaration")
    }

    fn pseudo_attribute(&mut self, name: &str) -> Result<Option<&'a str>, XmlError> {
        if !self.take(name) {
            return Ok(None);
        }
        self.blanks();
        self.need("=", "=")?;
        self.blanks();
        self.quoted().map(Some)
    }

    /// White space, comments and instructions.
    pub(super) fn remarks(&mut self) -> Result<(), XmlError> {
        self.blanks();
        while self.remark()? {
            self.blanks();
        }
        Ok(())
    }

    /// One comment or instruction, if there is one.
    fn remark(&mut self) -> Result<bool, XmlError> {
        if self.take("<!--") {
            self.until("--", "the end of a comment")?;
            self.need(">", "> behind -- in a comment")?;
            return Ok(true);
        }
        if !self.rest().starts_with("<?") {
            return Ok(false);
        }
        let start = self.offset;
        self.skip("<?".len());
        if self.name("the name of an instruction")?.eq_ignore_ascii_case("xml") {
            return Err(self.expected_at("the declaration at the begin", start));
        }
        if !self.rest().starts_with("?>") && !self.blanks() {
            return Err(self.expected("white space"));
        }
        self.until("?>", "the end of an instruction")?;
        Ok(true)
    }

    pub(super) fn start_tag(&mut self, has_attributes: bool) -> Result<Tag<'a>, XmlError> {
        let start = self.offset;
        if self.rest().starts_with("<!DOCTYPE") {
            return Err(self.malformed(Flaw::DocumentType, start));
        }
        self.need("<", "an element")?;
        let name = self.name("the name of an element")?;
        let mut attributes = BTreeSet::new();
        loop {
            let is_apart = self.blanks();
            if self.take("/>") {
                return Ok(Tag { name, is_closed: true });
            }
            if self.take(">") {
                return Ok(Tag { name, is_closed: false });
            }
            // A colon too: it would call for a namespace, which an attribute declares.
            if !has_attributes
                && (is_apart && !self.rest().is_empty() || self.rest().starts_with(':'))
            {
                return Err(XmlError::Structure { offset: start });
            }
            if !is_apart {
                return Err(self.expected("the end of a tag"));
            }
            let place = self.offset;
            if !attributes.insert(self.attribute()?) {
                return Err(self.malformed(Flaw::Attribute, place));
            }
        }
    }

    /// One attribute: its name. The value is checked, and means nothing.
    fn attribute(&mut self) -> Result<&'a str, XmlError> {
        let name = self.name("the name of an attribute")?;
        self.blanks();
        self.need("=", "= behind the name of an attribute")?;
        self.blanks();
        let start = self.offset + 1;
        let value = self.quoted()?;
        if let Some(at) = value.find('<') {
            return Err(self.expected_at("the end of an attribute", start + at));
        }
        self.resolved(value, start)?;
        Ok(name)
    }

    /// What stands in quotes of either kind.
    fn quoted(&mut self) -> Result<&'a str, XmlError> {
        if self.take("\"") {
            return self.until("\"", "the closing quote");
        }
        self.need("'", "a quote")?;
        self.until("'", "the closing quote")
    }

    /// What may stand between the fields. Says whether the root ends here.
    pub(super) fn between(&mut self, root: &Tag<'_>, has_remarks: bool) -> Result<bool, XmlError> {
        loop {
            let start = self.offset;
            let is_blank = match self.run()? {
                Some(text) => text.trim_ascii().is_empty(),
                None if self.rest().starts_with("</") => {
                    self.end_tag(root)?;
                    return Ok(true);
                }
                None => match self.remark()? {
                    true => has_remarks,
                    false => return Ok(false),
                },
            };
            if !is_blank {
                return Err(XmlError::Structure { offset: start });
            }
        }
    }

    /// The text of a field whose tag began at `start`, up to and with the tag that ends it.
    pub(super) fn value(
        &mut self,
        field: &Tag<'_>,
        start: usize,
    ) -> Result<Cow<'a, str>, XmlError> {
        let mut value = Cow::Borrowed("");
        while let Some(text) = self.run()? {
            // The first run is taken as it stands.
            if value.is_empty() { value = text } else { value.to_mut().push_str(&text) }
        }
        if !self.rest().starts_with("</") && !self.rest().is_empty() {
            return Err(XmlError::Structure { offset: start });
        }
        self.end_tag(field)?;
        Ok(value)
    }

    fn end_tag(&mut self, of: &Tag<'_>) -> Result<(), XmlError> {
        let start = self.offset;
        if !self.take("</") || self.name("the name of an element")? != of.name {
            return Err(self.expected_at("the end of the element", start));
        }
        self.blanks();
        self.need(">", "the end of a tag")
    }

    /// One run of text, or one section of CDATA, if there is one.
    fn run(&mut self) -> Result<Option<Cow<'a, str>>, XmlError> {
        let start = self.offset;
        if self.take(SECTION) {
            let text = self.until(SECTION_END, "the end of a section of CDATA")?;
            return Ok(Some(with_line_feeds(text)));
        }
        let length = memchr::memchr(b'<', self.rest().as_bytes()).unwrap_or(self.rest().len());
        let text = self.rest().get(..length).unwrap_or_default();
        if text.is_empty() {
            return Ok(None);
        }
        self.skip(length);
        if let Some(at) = text.find(SECTION_END) {
            return Err(self.malformed(Flaw::SectionEnd, start + at));
        }
        self.resolved(text, start).map(Some)
    }

    /// Text that stands at `start`, its references resolved.
    fn resolved(&self, text: &'a str, start: usize) -> Result<Cow<'a, str>, XmlError> {
        self.check(text, start)?;
        let mut pieces = text.split('&');
        let mut resolved = with_line_feeds(pieces.next().unwrap_or_default());
        let mut offset = start + text.find('&').unwrap_or(text.len());
        for piece in pieces {
            let Some((name, after)) = piece.split_once(';') else {
                return Err(self.malformed(Flaw::Reference, offset));
            };
            let character = character(name).map_err(|flaw| self.malformed(flaw, offset))?;
            resolved.to_mut().push(character);
            resolved.to_mut().push_str(&with_line_feeds(after));
            offset += 1 + piece.len();
        }
        Ok(resolved)
    }

    pub(super) fn end(&self) -> Result<(), XmlError> {
        match self.rest().is_empty() {
            true => Ok(()),
            false => Err(self.expected("the end behind the root")),
        }
    }

    fn name(&mut self, what: &'static str) -> Result<&'a str, XmlError> {
        let length = name_length(self.rest());
        let name = self.rest().get(..length).unwrap_or_default();
        self.skip(length);
        if name.is_empty() { Err(self.expected(what)) } else { Ok(name) }
    }

    /// Whether there was white space.
    fn blanks(&mut self) -> bool {
        let length = self.rest().len() - self.rest().trim_start_matches(is_blank).len();
        self.skip(length);
        length > 0
    }

    /// What stands before `end`, which is passed too.
    fn until(&mut self, end: &str, what: &'static str) -> Result<&'a str, XmlError> {
        let (text, _) = self.rest().split_once(end).ok_or_else(|| self.expected(what))?;
        self.check(text, self.offset)?;
        self.skip(text.len() + end.len());
        Ok(text)
    }

    fn take(&mut self, text: &str) -> bool {
        let is_there = self.rest().starts_with(text);
        if is_there {
            self.skip(text.len());
        }
        is_there
    }

    fn need(&mut self, text: &str, what: &'static str) -> Result<(), XmlError> {
        if self.take(text) { Ok(()) } else { Err(self.expected(what)) }
    }

    fn skip(&mut self, length: usize) {
        self.offset += length;
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    /// Whether a part that stands at `start` has characters of XML alone.
    fn check(&self, part: &str, start: usize) -> Result<(), XmlError> {
        match foreign_character(part) {
            None => Ok(()),
            Some((at, character)) => Err(self.malformed(Flaw::Character { character }, start + at)),
        }
    }

    fn expected(&self, what: &'static str) -> XmlError {
        self.expected_at(what, self.offset)
    }

    fn expected_at(&self, what: &'static str, offset: usize) -> XmlError {
        self.malformed(Flaw::Expected { what }, offset)
    }

    fn malformed(&self, flaw: Flaw, offset: usize) -> XmlError {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        XmlError::Malformed {
            flaw,
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// What a reference stands for.
fn character(name: &str) -> Result<char, Flaw> {
    let number = match name.strip_prefix('#') {
        None => {
            return match name {
                "amp" => Ok('&'),
                "lt" => Ok('<'),
                "gt" => Ok('>'),
                "quot" => Ok('"'),
                "apos" => Ok('\''),
                _ if super::is_name(name) => Err(Flaw::UnknownEntity { name: short(name) }),
                _ => Err(Flaw::Reference),
            };
        }
        Some(digits) => match digits.strip_prefix('x') {
            Some(digits) => number(digits, 16),
            None => number(digits, 10),
        },
    };
    number.and_then(char::from_u32).filter(|found| is_character(*found)).ok_or(Flaw::Reference)
}

fn number(digits: &str, radix: u32) -> Option<u32> {
    // A sign would be taken too.
    if !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok()
}

/// Line ends of every kind are one line feed each.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    match memchr::memchr(b'\r', text.as_bytes()) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
    }
}
