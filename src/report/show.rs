//! Bytes and foreign text made readable: nothing invisible stays so, and nothing reaches the terminal as a command.
//!
//! - What decodes in the charset is shown as text; a byte that does not, as `\xD6`.
//! - Controls are shown as `\0`, `\t`, `\r`, `\n`, `\x1B`; other characters that cannot be seen, or have no
//!   agreed glyph, as `\u{A0}`: no-break and ideographic spaces, zero-width and bidirectional controls, byte order
//!   marks, combining marks, private use. A backslash is `\\`.
//! - A space is `␠` where it would be overlooked: at either end, beside another one, and where two values part.

use std::collections::VecDeque;
use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::charset::Charset;

/// How many columns of a value are shown on each side of a difference.
const CONTEXT: usize = 30;
/// How much of a foreign text is shown, in characters.
const LONGEST_TEXT: usize = 600;

/// Bytes of a charset, all of them, on one line.
///
/// ```
/// use alipay_conformance::charset::Charset;
/// use alipay_conformance::report::show::visible;
///
/// assert_eq!(visible(b"a=\xD6\xD0\x1B[2J\xFF ", Charset::Gbk), r"a=中\x1B[2J\xFF␠");
/// ```
#[must_use]
pub fn visible(bytes: &[u8], charset: Charset) -> String {
    let glyphs: Vec<Glyph<'_>> = Glyphs { rest: bytes, charset }.collect();
    spelled(&glyphs, Edges { start: true, end: true }, None)
}

/// Foreign words, such as an exception's message, on one line and cut where they are long. Unlike [`visible`], it is
/// for reading and not for comparing: backslashes and spaces stay as they are.
///
/// ```
/// use alipay_conformance::report::show::safe;
///
/// assert_eq!(safe("no \\ key\n\u{1B}[31m"), r"no \ key\n\x1B[31m");
/// ```
#[must_use]
pub fn safe(text: &str) -> String {
    let mut out = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == LONGEST_TEXT {
            out.push('…');
            break;
        }
        match character {
            '\\' => out.push('\\'),
            other => spell(Some(other), &[], &mut out),
        }
    }
    out
}

/// Two values about the place where they part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    /// A part of the expected value.
    pub expected: String,
    /// The same part of what came.
    pub got: String,
    /// How many columns stand before the first character that differs, the same in both.
    pub caret: usize,
}

/// The part of two values of a charset that lies about the first character in which they differ, `…` standing for
/// what is left out.
///
/// ```
/// use alipay_conformance::charset::Charset;
/// use alipay_conformance::report::show::sides;
///
/// let sides = sides("标题=a&b=1".as_bytes(), "标题=a&amp;b=1".as_bytes(), Charset::Utf8);
/// assert_eq!((&*sides.expected, &*sides.got), ("标题=a&b=1", "标题=a&amp;b=1"));
/// assert_eq!(sides.caret, 7);
/// ```
#[must_use]
pub fn sides(expected: &[u8], got: &[u8], charset: Charset) -> Sides {
    let mut expected = Glyphs { rest: expected, charset };
    let mut got = Glyphs { rest: got, charset };
    let mut before: VecDeque<Glyph<'_>> = VecDeque::new();
    let mut is_cut = false;
    let (expected_next, got_next) = loop {
        match (expected.next(), got.next()) {
            (Some(one), Some(other)) if one.bytes == other.bytes => before.push_back(one),
            parted => break parted,
        }
        if before.len() > 2 * CONTEXT {
            before.pop_front();
            is_cut = true;
        }
    };
    // The mark of the cut takes a column: it never stands for one character alone.
    let mut columns: usize = before.iter().map(Glyph::width).sum();
    while columns > CONTEXT && (is_cut || columns > CONTEXT + 1) {
        columns -= before.pop_front().map_or(columns, |glyph| glyph.width());
        is_cut = true;
    }
    let before = Vec::from(before);
    let side = |next: Option<Glyph<'_>>, rest: Glyphs<'_>| {
        let mut glyphs = before.clone();
        let mut columns = 0;
        let mut cut_at = None;
        for glyph in next.into_iter().chain(rest) {
            columns += glyph.width();
            if columns > CONTEXT && cut_at.is_none() {
                cut_at = Some(glyphs.len());
            }
            if columns > 2 * CONTEXT {
                break;
            }
            glyphs.push(glyph);
        }
        // Again: no mark for what is no wider than the mark.
        let cut_at = cut_at.filter(|_| columns > CONTEXT + 1);
        let shown = glyphs.get(..cut_at.unwrap_or(glyphs.len())).unwrap_or_default();
        let edges = Edges { start: !is_cut, end: cut_at.is_none() };
        let text = spelled(shown, edges, Some(before.len()));
        let mark = |is_cut: bool| if is_cut { "…" } else { "" };
        format!("{}{text}{}", mark(is_cut), mark(cut_at.is_some()))
    };
    let lead = spelled(&before, Edges { start: !is_cut, end: false }, None);
    Sides {
        expected: side(expected_next, expected),
        got: side(got_next, got),
        caret: usize::from(is_cut) + lead.width(),
    }
}

/// A character, or a byte that begins none.
#[derive(Clone, Copy)]
struct Glyph<'a> {
    bytes: &'a [u8],
    character: Option<char>,
}

impl Glyph<'_> {
    fn width(&self) -> usize {
        let mut text = String::new();
        spell(self.character, self.bytes, &mut text);
        text.width()
    }

    fn is_space(&self) -> bool {
        self.character == Some(' ')
    }
}

struct Glyphs<'a> {
    rest: &'a [u8],
    charset: Charset,
}

impl<'a> Iterator for Glyphs<'a> {
    type Item = Glyph<'a>;

    fn next(&mut self) -> Option<Glyph<'a>> {
        let first = *self.rest.first()?;
        let (length, character) = match first.is_ascii() {
            true => (1, Some(char::from(first))),
            false => self.one_character().unwrap_or((1, None)),
        };
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(Glyph { bytes, character })
    }
}

impl Glyphs<'_> {
    /// The character at the start: no charset has one that is the start of a longer one.
    fn one_character(&self) -> Option<(usize, Option<char>)> {
        (1..=4).find_map(|length| {
            let text = self.charset.decode(self.rest.get(..length)?).ok()?;
            Some((length, text.chars().next()))
        })
    }
}

/// Whether a list of glyphs has the ends of its value.
struct Edges {
    start: bool,
    end: bool,
}

fn spelled(glyphs: &[Glyph<'_>], edges: Edges, marked: Option<usize>) -> String {
    let mut out = String::new();
    let is_space =
        |index: Option<usize>| index.and_then(|i| glyphs.get(i)).is_some_and(Glyph::is_space);
    for (index, glyph) in glyphs.iter().enumerate() {
        let overlooked = glyph.is_space()
            && (is_space(index.checked_sub(1))
                || is_space(Some(index + 1))
                || marked == Some(index)
                || (edges.start && index == 0)
                || (edges.end && index + 1 == glyphs.len()));
        if overlooked {
            out.push('␠');
        } else {
            spell(glyph.character, glyph.bytes, &mut out);
        }
    }
    out
}

fn spell(character: Option<char>, bytes: &[u8], out: &mut String) {
    let written = match character {
        Some('\0') => write!(out, "\\0"),
        Some('\t') => write!(out, "\\t"),
        Some('\r') => write!(out, "\\r"),
        Some('\n') => write!(out, "\\n"),
        Some('\\') => write!(out, "\\\\"),
        Some(c) if c.is_ascii_control() => write!(out, "\\x{:02X}", u32::from(c)),
        Some(c) if cannot_be_seen(c) => write!(out, "\\u{{{:X}}}", u32::from(c)),
        Some(c) => write!(out, "{c}"),
        None => bytes.iter().try_for_each(|byte| write!(out, "\\x{byte:02X}")),
    };
    debug_assert!(written.is_ok(), "a String takes all");
}

fn cannot_be_seen(character: char) -> bool {
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || character.width().unwrap_or(0) == 0
        || matches!(character,
            // A soft hyphen, fillers, invisible operators, the marks that stand for spaces here.
            '\u{AD}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{2400}'..='\u{2426}' | '\u{2800}' | '\u{3164}'
            | '\u{FFA0}'
            // Bidirectional and other format controls.
            | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}'
            // Private use and noncharacters.
            | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}' | '\u{FFFF}'
            | '\u{E0000}'..='\u{10FFFF}')
}
