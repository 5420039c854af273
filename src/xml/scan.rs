//! The parts of XML as quick-xml finds them, and the rules of XML that it leaves to its caller:
//! <https://www.w3.org/TR/xml/>.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::attributes::{AttrError, Attribute, Attributes};
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::error::{Flaw, XmlError};
use super::text::{foreign_character, is_character, is_name};
use super::{Shape, short};

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// A place in a text, which only moves forward.
pub(super) struct Scanner<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    shape: Shape<'a>,
    /// Where the part begins that was read last.
    start: usize,
}

/// The tag that begins an element.
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    /// Whether it ends the element too.
    pub(super) is_closed: bool,
}

/// A part of the text.
enum Part<'a> {
    Tag(Tag<'a>),
    Text(Cow<'a, str>),
    /// A section of CDATA.
    Section(Cow<'a, str>),
    /// What a reference stands for.
    Character(char),
    /// A comment, an instruction or the declaration.
    Remark,
    EndTag,
    End,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, shape: Shape<'a>) -> Result<Self, XmlError> {
        let scanner = Self { text, reader: Reader::from_str(text), shape, start: 0 };
        match foreign_character(text) {
            None => Ok(scanner),
            Some((at, character)) => Err(scanner.malformed(Flaw::Character { character }, at)),
        }
    }

    /// What stands outside of any element: a tag, or the end of the text.
    pub(super) fn outside(&mut self, what: &'static str) -> Result<Option<Tag<'a>>, XmlError> {
        loop {
            match self.next()? {
                Part::Remark => {}
                Part::Text(text) if text.trim_ascii().is_empty() => {}
                Part::Tag(tag) => return Ok(Some(tag)),
                Part::End => return Ok(None),
                _ => return Err(self.expected(what)),
            }
        }
    }

    /// The next field, unless the root ends.
    pub(super) fn field(&mut self) -> Result<Option<Tag<'a>>, XmlError> {
        loop {
            match self.next()? {
                Part::Tag(tag) => return Ok(Some(tag)),
                Part::EndTag => return Ok(None),
                Part::Text(text) | Part::Section(text) if text.trim_ascii().is_empty() => {}
                Part::Character(character) if is_blank(character) => {}
                Part::Remark if self.shape.has_remarks => {}
                Part::End => return Err(self.expected("the end of the element")),
                _ => return Err(XmlError::Structure { offset: self.start }),
            }
        }
    }

    /// The text of a field whose tag was just read, up to and with the tag that ends it.
    pub(super) fn value(&mut self) -> Result<Cow<'a, str>, XmlError> {
        let (offset, mut value) = (self.start, Cow::Borrowed(""));
        loop {
            match self.next()? {
                Part::Text(text) | Part::Section(text) => value += text,
                Part::Character(character) => value.to_mut().push(character),
                Part::EndTag => return Ok(value),
                Part::End => return Err(self.expected("the end of the element")),
                _ => return Err(XmlError::Structure { offset }),
            }
        }
    }

    fn next(&mut self) -> Result<Part<'a>, XmlError> {
        self.start = self.offset(self.reader.buffer_position());
        let event = self.reader.read_event().map_err(|error| self.refused(&error))?;
        Ok(match event {
            Event::Start(tag) => Part::Tag(self.tag(&tag, false)?),
            Event::Empty(tag) => Part::Tag(self.tag(&tag, true)?),
            Event::End(_) => Part::EndTag,
            Event::Text(text) => match text.find("]]>") {
                None => Part::Text(text.xml10_content()),
                Some(at) => return Err(self.malformed(Flaw::SectionEnd, self.start + at)),
            },
            Event::CData(text) => Part::Section(text.xml10_content()),
            Event::GeneralRef(name) => Part::Character(self.character(name, self.start)?),
            Event::Decl(declaration) => {
                self.declaration(self.part(&declaration))?;
                Part::Remark
            }
            Event::PI(instruction) => match instruction.target() {
                target if target.eq_ignore_ascii_case("xml") => {
                    return Err(self.expected("the declaration at the begin"));
                }
                target if is_name(target) => Part::Remark,
                _ => return Err(self.expected("the name of an instruction")),
            },
            Event::Comment(text) => {
                match text.find("--").or(text.strip_suffix('-').map(str::len)) {
                    None => Part::Remark,
                    Some(at) => {
                        let place = self.place(&text) + at + "--".len();
                        return Err(self.expected_at("> behind -- in a comment", place));
                    }
                }
            }
            Event::DocType(_) => return Err(self.malformed(Flaw::DocumentType, self.start)),
            Event::Eof => Part::End,
        })
    }

    fn tag(&self, tag: &BytesStart<'_>, is_closed: bool) -> Result<Tag<'a>, XmlError> {
        let (name, attributes) = (self.part(tag.name().0), self.part(tag.attributes_raw()));
        // A colon too: it would call for a namespace, which an attribute declares.
        if !self.shape.has_attributes && (!attributes.trim_ascii().is_empty() || name.contains(':'))
        {
            return Err(XmlError::Structure { offset: self.start });
        }
        if !is_name(name) {
            return Err(self.expected("the name of an element"));
        }
        self.attributes(attributes, usize::MAX)?;
        Ok(Tag { name, is_closed })
    }

    /// What is declared at the begin.
    fn declaration(&self, content: &'a str) -> Result<(), XmlError> {
        if self.start != self.offset(0) {
            return Err(self.expected("the declaration at the begin"));
        }
        let content = content.strip_prefix("xml").unwrap_or_default();
        // One more than there can be: the library looks for repeated names by hashes that can be foreseen.
        let attributes = self.attributes(content, 4)?;
        let is_first = |version: &str| {
            version.strip_prefix("1.").is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()))
        };
        let rest = match attributes.as_slice() {
            [("version", version), rest @ ..] if is_first(version) => rest,
            _ => return Err(self.expected("version 1")),
        };
        let rest = match rest {
            [(place @ "encoding", name), rest @ ..] => {
                if self.shape.is_encoded && !name.eq_ignore_ascii_case("utf-8") {
                    return Err(XmlError::Encoding { offset: self.place(place) });
                }
                rest
            }
            _ => rest,
        };
        match rest {
            [] => Ok(()),
            [("standalone", answer)] if answer == "yes" || answer == "no" => Ok(()),
            _ => Err(self.expected("the end of the declaration")),
        }
    }

    /// The attributes of a tag or of the declaration, and no more than `most`. Their values are checked.
    fn attributes(
        &self,
        content: &'a str,
        most: usize,
    ) -> Result<Vec<(&'a str, Cow<'a, str>)>, XmlError> {
        let attribute = |found: Result<Attribute<'a>, AttrError>| {
            let attribute = found.map_err(|error| match error {
                AttrError::Duplicated(at, _) => {
                    self.malformed(Flaw::Attribute, self.place(content) + at)
                }
                _ => self.expected("attributes, each with a value in quotes"),
            })?;
            let (name, value) = (attribute.key.0, attribute.value);
            let place = self.place(name);
            let is_apart = self.text.get(..place).is_some_and(|before| before.ends_with(is_blank));
            if !is_apart || !is_name(name) {
                return Err(self.expected_at("the name of an attribute", place));
            }
            if let Some(at) = value.find('<') {
                return Err(self.expected_at("the end of an attribute", self.place(&value) + at));
            }
            for piece in value.split('&').skip(1) {
                let at = self.place(piece) - 1;
                let (name, _) =
                    piece.split_once(';').ok_or_else(|| self.malformed(Flaw::Reference, at))?;
                self.character(BytesRef::new(name), at)?;
            }
            Ok((name, value))
        };
        Attributes::new(content, 0).take(most).map(attribute).collect()
    }

    /// What a reference stands for.
    fn character(&self, reference: BytesRef<'_>, place: usize) -> Result<char, XmlError> {
        if let Ok(Some(character)) = reference.resolve_char_ref()
            && is_character(character)
        {
            return Ok(character);
        }
        let name = &*reference;
        let entity = resolve_xml_entity(name).and_then(|text| text.chars().next());
        entity.ok_or_else(|| {
            let name = short(name);
            let flaw = if is_name(&name) { Flaw::UnknownEntity { name } } else { Flaw::Reference };
            self.malformed(flaw, place)
        })
    }

    /// A part that an event holds, for as long as the text lives.
    fn part(&self, part: &str) -> &'a str {
        let start = self.place(part);
        self.text.get(start..start + part.len()).unwrap_or_default()
    }

    /// Where a part of the text stands in it.
    fn place(&self, part: &str) -> usize {
        part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr())
    }

    /// The library does not count the byte order mark.
    fn offset(&self, position: u64) -> usize {
        let mark = if self.text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        usize::try_from(position).unwrap_or(usize::MAX).saturating_add(mark)
    }

    fn refused(&self, error: &Error) -> XmlError {
        let what = match error {
            Error::IllFormed(IllFormedError::UnclosedReference) => {
                return self.malformed(Flaw::Reference, self.start);
            }
            Error::Syntax(SyntaxError::UnclosedDoctype)
            | Error::IllFormed(IllFormedError::MissingDoctypeName) => {
                return self.malformed(Flaw::DocumentType, self.start);
            }
            Error::Syntax(SyntaxError::UnclosedComment) => "the end of a comment",
            Error::Syntax(SyntaxError::UnclosedCData) => {
                let place = self.start + "<![CDATA[".len();
                return self.expected_at("the end of a section of CDATA", place);
            }
            Error::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => {
                "the end of an instruction"
            }
            Error::Syntax(SyntaxError::InvalidBangMarkup) => "an element",
            Error::Syntax(_) => "the end of a tag",
            _ => "the end of the element",
        };
        self.expected(what)
    }

    pub(super) fn expected(&self, what: &'static str) -> XmlError {
        self.expected_at(what, self.start)
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
