//! The charsets of the wire, at the two edges of the pipeline.
//!
//! Between the edges everything is bytes. Text becomes bytes before `filter`, and bytes become text only for
//! the typed notification, so a callback is verified as it came and no bad byte is replaced on the way.
//!
//! # Where published tables differ
//!
//! The tables are those of the [WHATWG Encoding Standard](https://encoding.spec.whatwg.org/) by `encoding_rs`,
//! with one difference: a four-byte sequence is refused under [`Charset::Gbk`] and [`Charset::Gb2312`], as the
//! two-byte charset that the gateway names has none. Other implementations answer differently for a few
//! characters; vectors with these are tolerated ones.
//!
//! | character | here, GBK | elsewhere |
//! |---|---|---|
//! | € U+20AC | `80` both ways | no byte in strict GBK (Python), `A2 E3` in GB18030 |
//! | · U+00B7 | `A1 A4` | some tables read `A1 A4` as U+30FB |
//! | — U+2014 | `A1 AA` | GB2312 tables of some libraries read U+2015 |
//! | ～ U+FF5E | `A1 AB` | some tables read U+301C |
//! | ￥ U+FFE5 | `A3 A4` | ¥ U+00A5 has no bytes here; some encoders map it to the same two |
//! | private use | as WHATWG | each edition of GB18030 moved a few out of the private area |
//!
//! [`Charset::Gb2312`] has the table of GBK, which is what browsers and Windows mean by that label; libraries
//! with the table of the 1980 standard alone refuse the characters beyond it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use encoding_rs::{DecoderResult, EncoderResult, Encoding, GB18030, GBK, UTF_8};

/// A charset that `_input_charset` may name.
///
/// Source: `_input_charset` is one of utf-8, gbk, gb2312 in the signing pages of the product documents
/// (<https://docs.antom.com/ac/cny_taxrefund/sign>); gb18030 is the superset that some systems send instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Charset {
    /// `utf-8`
    Utf8,
    /// `gbk`
    Gbk,
    /// `gb2312`, with GBK's table
    Gb2312,
    /// `gb18030`
    Gb18030,
}

impl Charset {
    /// All charsets.
    pub const ALL: [Charset; 4] = [Self::Utf8, Self::Gbk, Self::Gb2312, Self::Gb18030];

    /// The label that `_input_charset` carries, in lower case.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gbk => "gbk",
            Self::Gb2312 => "gb2312",
            Self::Gb18030 => "gb18030",
        }
    }

    /// The charset of a label, in either case: official samples have both `gbk` and `GBK`.
    ///
    /// # Errors
    /// The label is none of the four.
    pub fn from_label(label: &str) -> Result<Self, UnknownCharset> {
        Self::ALL
            .into_iter()
            .find(|charset| charset.label().eq_ignore_ascii_case(label))
            .ok_or_else(|| UnknownCharset { label: label.into() })
    }

    /// Text as bytes.
    ///
    /// # Errors
    /// The first character that has no bytes in the charset; it is never replaced.
    ///
    /// ```
    /// use alipay_conformance::charset::Charset;
    ///
    /// assert_eq!(&*Charset::Gbk.encode("订单")?, b"\xB6\xA9\xB5\xA5");
    /// assert!(Charset::Gbk.encode("𠮷").is_err());
    /// # Ok::<(), alipay_conformance::charset::CharsetError>(())
    /// ```
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, CharsetError> {
        if self == Self::Utf8 || text.is_ascii() {
            return Ok(Cow::Borrowed(text.as_bytes()));
        }
        let mut encoder = self.encoding().new_encoder();
        let room = encoder.max_buffer_length_from_utf8_without_replacement(text.len());
        let mut bytes = Vec::with_capacity(room.unwrap_or(text.len()));
        match encoder.encode_from_utf8_to_vec_without_replacement(text, &mut bytes, true) {
            (EncoderResult::InputEmpty, _) => Ok(Cow::Owned(bytes)),
            (EncoderResult::Unmappable(character), read) => {
                let offset = read.saturating_sub(character.len_utf8());
                Err(CharsetError::unencodable(self, character, offset))
            }
            (EncoderResult::OutputFull, read) => {
                let character = text.get(read..).and_then(|rest| rest.chars().next());
                Err(CharsetError::unencodable(self, character.unwrap_or_default(), read))
            }
        }
    }

    /// Bytes as text. A byte order mark is text like any other.
    ///
    /// # Errors
    /// The offset of the first byte that begins no character of the charset.
    ///
    /// ```
    /// use alipay_conformance::charset::Charset;
    ///
    /// assert_eq!(Charset::Gbk.decode(b"\xB6\xA9\xB5\xA5")?, "订单");
    /// let error = Charset::Utf8.decode(b"ok\xB6\xA9").unwrap_err();
    /// assert_eq!(error.to_string(), "byte 0xB6 at offset 2 begins no character of utf-8");
    /// # Ok::<(), alipay_conformance::charset::CharsetError>(())
    /// ```
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, CharsetError> {
        if self == Self::Utf8 {
            return match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Cow::Borrowed(text)),
                Err(error) => Err(CharsetError::undecodable(self, bytes, error.valid_up_to())),
            };
        }
        if bytes.is_ascii()
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Ok(Cow::Borrowed(text));
        }
        if let (Self::Gbk | Self::Gb2312, Some(offset)) = (self, first_four_byte_sequence(bytes)) {
            self.decode(bytes.get(..offset).unwrap_or_default())?;
            return Err(CharsetError::undecodable(self, bytes, offset));
        }
        let mut decoder = self.encoding().new_decoder_without_bom_handling();
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
        let mut text = String::with_capacity(room.unwrap_or(bytes.len()));
        match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
            (DecoderResult::InputEmpty, _) => Ok(Cow::Owned(text)),
            (DecoderResult::Malformed(length, after), read) => {
                let offset = read.saturating_sub(usize::from(length) + usize::from(after));
                Err(CharsetError::undecodable(self, bytes, offset))
            }
            (DecoderResult::OutputFull, read) => Err(CharsetError::undecodable(self, bytes, read)),
        }
    }

    /// How many bytes the character has that stands at the beginning, by the form of its bytes: whether it is assigned
    /// is not asked. Of UTF-8, which needs no such walk, every byte is one.
    pub(crate) fn character_length(self, bytes: &[u8]) -> Option<usize> {
        match (self, bytes) {
            (Self::Utf8, [_, ..]) | (_, [0..=0x80, ..]) => Some(1),
            (Self::Gb18030, [0x81..=0xFE, b'0'..=b'9', 0x81..=0xFE, b'0'..=b'9', ..]) => Some(4),
            (_, [0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE, ..]) => Some(2),
            _ => None,
        }
    }

    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Gbk | Self::Gb2312 => GBK,
            Self::Gb18030 => GB18030,
        }
    }
}

/// The WHATWG decoder of GBK is that of GB18030: it takes the four-byte sequences that GBK does not have.
fn first_four_byte_sequence(bytes: &[u8]) -> Option<usize> {
    let mut offset = 0;
    while let Some(&lead) = bytes.get(offset) {
        if !(0x81..=0xFE).contains(&lead) {
            offset += 1;
            continue;
        }
        match bytes.get(offset + 1) {
            Some(b'0'..=b'9') => return Some(offset),
            _ => offset += 2,
        }
    }
    None
}

impl fmt::Display for Charset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.label())
    }
}

impl FromStr for Charset {
    type Err = UnknownCharset;

    fn from_str(label: &str) -> Result<Self, UnknownCharset> {
        Self::from_label(label)
    }
}

/// A label that names no charset of the protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown charset {label:?}: expected utf-8, gbk, gb2312 or gb18030")]
pub struct UnknownCharset {
    label: String,
}

/// Text without bytes in a charset, or bytes without text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CharsetError {
    charset: Charset,
    fault: Fault,
    offset: usize,
    parameter: Option<(Place, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Unencodable(char),
    Undecodable(u8),
}

/// Which half of a parameter an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The parameter's name.
    Name,
    /// The parameter's value.
    Value,
}

impl CharsetError {
    fn unencodable(charset: Charset, character: char, offset: usize) -> Self {
        Self { charset, fault: Fault::Unencodable(character), offset, parameter: None }
    }

    pub(crate) fn undecodable(charset: Charset, bytes: &[u8], offset: usize) -> Self {
        let byte = bytes.get(offset).copied().unwrap_or_default();
        Self { charset, fault: Fault::Undecodable(byte), offset, parameter: None }
    }

    pub(crate) fn within(mut self, place: Place, name: &str) -> Self {
        self.parameter = Some((place, name.into()));
        self
    }

    /// The offset, in bytes of what was to be converted, at which it cannot be.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The parameter it is about, where it is about one, and which half of it.
    #[must_use]
    pub fn parameter(&self) -> Option<(Place, &str)> {
        self.parameter.as_ref().map(|(place, name)| (*place, name.as_str()))
    }
}

impl fmt::Display for CharsetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.parameter {
            Some((Place::Name, name)) => write!(formatter, "name of parameter {name:?}: ")?,
            Some((Place::Value, name)) => write!(formatter, "value of parameter {name:?}: ")?,
            None => {}
        }
        let Self { charset, offset, .. } = self;
        match self.fault {
            Fault::Unencodable(character) => write!(
                formatter,
                "character {character:?} (U+{:04X}) at offset {offset} has no bytes in {charset}",
                u32::from(character)
            ),
            Fault::Undecodable(byte) => {
                write!(
                    formatter,
                    "byte 0x{byte:02X} at offset {offset} begins no character of {charset}"
                )
            }
        }
    }
}

impl std::error::Error for CharsetError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_go_both_ways_in_either_case() {
        for charset in Charset::ALL {
            assert_eq!(Charset::from_label(charset.label()), Ok(charset));
            assert_eq!(Charset::from_label(&charset.label().to_uppercase()), Ok(charset));
        }
        assert_eq!(
            Charset::from_label("utf8").unwrap_err().to_string(),
            "unknown charset \"utf8\": expected utf-8, gbk, gb2312 or gb18030"
        );
    }

    #[test]
    fn what_has_no_bytes_is_an_error_with_its_offset() {
        let error = Charset::Gbk.encode("金a𠮷b").unwrap_err();
        assert_eq!(error.offset(), 4);
        assert_eq!(error.to_string(), "character '𠮷' (U+20BB7) at offset 4 has no bytes in gbk");
        assert_eq!(&*Charset::Gb18030.encode("𠮷").unwrap(), b"\x95\x34\xB2\x35");
    }

    #[test]
    fn what_has_no_text_is_an_error_with_its_offset() {
        for (bytes, offset) in [(&b"a\xD6"[..], 1), (b"\xD6\xD0\xFF\xFF", 2), (b"ab\x81\x7F", 2)] {
            assert_eq!(Charset::Gbk.decode(bytes).unwrap_err().offset(), offset, "{bytes:02X?}");
        }
    }

    #[test]
    fn a_sequence_may_break_before_the_last_byte_that_was_looked_at() {
        assert_eq!(Charset::Gb18030.decode(b"a\x81\x30\x81a").unwrap_err().offset(), 1);
    }

    #[test]
    fn an_error_knows_the_half_of_its_parameter() {
        let error = CharsetError::unencodable(Charset::Gbk, '𠮷', 0);
        assert_eq!(error.parameter(), None);
        let error = error.within(Place::Value, "subject");
        assert_eq!(error.parameter(), Some((Place::Value, "subject")));
    }

    #[test]
    fn what_needs_no_conversion_is_not_copied() {
        for (charset, text) in [(Charset::Utf8, "订单"), (Charset::Gbk, "order")] {
            assert!(matches!(charset.encode(text), Ok(Cow::Borrowed(_))));
            assert!(matches!(charset.decode(text.as_bytes()), Ok(Cow::Borrowed(_))));
        }
    }

    #[test]
    fn gbk_has_no_four_byte_sequences() {
        let bytes = b"a\x95\x34\xB2\x35";
        assert_eq!(Charset::Gb18030.decode(bytes).unwrap(), "a𠮷");
        assert_eq!(Charset::Gbk.decode(bytes).unwrap_err().offset(), 1);
    }

    #[test]
    fn the_length_of_a_character_is_that_of_the_decoder() {
        let bytes = [b'0', b'9', b'A', 0x5C, 0x7B, 0x7F, 0x80, 0x81, 0xA1, 0xFE, 0xFF];
        for charset in [Charset::Gbk, Charset::Gb18030] {
            for (first, second) in bytes.iter().flat_map(|a| bytes.iter().map(move |b| (*a, *b))) {
                let pair = [first, second];
                let length = charset.character_length(&pair);
                match charset.decode(&pair) {
                    Ok(text) => assert_eq!(length, Some(3 - text.chars().count()), "{pair:02X?}"),
                    Err(error) if error.offset() == 1 => assert_eq!(length, Some(1), "{pair:02X?}"),
                    // A pair may have the form of a character and be none.
                    Err(_) => assert_ne!(length, Some(1), "{pair:02X?}"),
                }
            }
        }
        let four = b"\x95\x34\xB2\x35";
        assert_eq!(Charset::Gb18030.character_length(four), Some(4));
        assert_eq!(Charset::Gbk.character_length(four), None);
        assert_eq!(Charset::Utf8.character_length(four), Some(1));
        assert_eq!(Charset::Utf8.character_length(b""), None);
    }

    #[test]
    fn a_byte_order_mark_stays() {
        assert_eq!(Charset::Utf8.decode(b"\xEF\xBB\xBFa").unwrap(), "\u{FEFF}a");
        assert_eq!(Charset::Gb18030.decode(b"\x84\x31\x95\x33a").unwrap(), "\u{FEFF}a");
    }

    #[test]
    fn the_euro_sign() {
        assert_eq!(&*Charset::Gbk.encode("€").unwrap(), b"\x80");
        assert_eq!(Charset::Gbk.decode(b"\x80").unwrap(), "€");
        assert_eq!(&*Charset::Gb18030.encode("€").unwrap(), b"\xA2\xE3");
    }
}
