//! Laws of the charsets.

use crate::charset::{Charset, CharsetError};
use crate::law::violation::{Law, Outcome, Side, Stop, check};

/// Whether a character reads back as another one: the 18 of the private use area that the edition of 2022 of GB18030
/// moved out of it. They are still written, as the two bytes that now mean the character in its new place.
///
/// ```
/// use alipay_conformance::{charset::Charset, law::text_with_another_reading};
///
/// let bytes = Charset::Gb18030.encode("\u{E78D}")?;
/// assert_eq!(Charset::Gb18030.decode(&bytes)?, "\u{FE10}");
/// assert!(text_with_another_reading(Charset::Gb18030, '\u{E78D}'));
/// # Ok::<(), alipay_conformance::charset::CharsetError>(())
/// ```
#[must_use]
pub fn text_with_another_reading(charset: Charset, character: char) -> bool {
    charset != Charset::Utf8
        && matches!(
            character,
            '\u{E78D}'
                ..='\u{E796}'
                    | '\u{E81E}'
                    | '\u{E826}'
                    | '\u{E82B}'
                    | '\u{E82C}'
                    | '\u{E832}'
                    | '\u{E843}'
                    | '\u{E854}'
                    | '\u{E864}'
        )
}

/// Whether bytes that a charset can read hold a character that is written otherwise.
///
/// | charset | bytes | character | written |
/// |---|---|---|---|
/// | gbk, gb2312 | `A2 E3` | € | `80` |
/// | gb18030 | `80` | € | `A2 E3` |
/// | all but utf-8 | `A3 A0` | ideographic space U+3000 | `A1 A1` |
/// | gb18030 | `82 35 90 37` to `82 35 91 34`, `84 31 82 36` to `84 31 83 35` | U+9FB4 to U+9FBB, U+FE10 to U+FE19 | two bytes |
///
/// ```
/// use alipay_conformance::{charset::Charset, law::bytes_with_another_spelling};
///
/// assert!(bytes_with_another_spelling(Charset::Gbk, b"total \xA3\xA0"));
/// assert!(!bytes_with_another_spelling(Charset::Gbk, b"\xD6\xA3\xA0\x80"));
/// ```
#[must_use]
pub fn bytes_with_another_spelling(charset: Charset, bytes: &[u8]) -> bool {
    let is_gb18030 = match charset {
        Charset::Utf8 => return false,
        Charset::Gbk | Charset::Gb2312 => false,
        Charset::Gb18030 => true,
    };
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return false,
            [0xA3, 0xA0, ..] => return true,
            [0xA2, 0xE3, ..] if !is_gb18030 => return true,
            [0x80, ..] if is_gb18030 => return true,
            [a @ 0x81..=0xFE, b @ b'0'..=b'9', c, d, rest @ ..] => {
                let moved = [[0x82, 0x35, 0x90, 0x37], [0x82, 0x35, 0x91, 0x34]];
                let vertical = [[0x84, 0x31, 0x82, 0x36], [0x84, 0x31, 0x83, 0x35]];
                let between =
                    |[first, last]: [[u8; 4]; 2]| (first..=last).contains(&[*a, *b, *c, *d]);
                if between(moved) || between(vertical) {
                    return true;
                }
                rest
            }
            [0x81..=0xFE, _, rest @ ..] | [_, rest @ ..] => rest,
        };
    }
}

/// [`Law::TextSurvives`], for text that the charset can write and without characters of
/// [another reading](text_with_another_reading).
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both texts.
pub fn text_survives(charset: Charset, text: &str) -> Outcome {
    check(|| {
        let bytes = charset.encode(text).map_err(words)?;
        if text.chars().any(|character| text_with_another_reading(charset, character)) {
            return Err(Stop::not_applicable("a character of another reading"));
        }
        let back = charset.decode(&bytes);
        let back = back.map_or_else(|error| error.to_string(), |text| text.into_owned());
        Law::TextSurvives.same(Side::new("the text", text), Side::new("read back", back))
    })
}

/// [`Law::BytesSurvive`], for bytes that the charset can read and without those of
/// [another spelling](bytes_with_another_spelling).
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both byte strings.
pub fn bytes_survive(charset: Charset, bytes: &[u8]) -> Outcome {
    check(|| {
        let text = charset.decode(bytes).map_err(words)?;
        if bytes_with_another_spelling(charset, bytes) {
            return Err(Stop::not_applicable("bytes of another spelling"));
        }
        let back = charset.encode(&text);
        let back =
            back.map_or_else(|error| error.to_string().into_bytes(), |back| back.into_owned());
        Law::BytesSurvive.same(Side::new("the bytes", bytes), Side::new("written back", back))
    })
}

/// [`Law::CharsetErrorsPointAtTheFault`], for any bytes, taken as bytes and, where they are UTF-8, as text.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with the offset.
pub fn charset_errors_point_at_the_fault(charset: Charset, bytes: &[u8]) -> Outcome {
    check(|| {
        if let Err(error) = charset.decode(bytes) {
            let before = bytes.get(..error.offset()).map(|before| charset.decode(before).is_ok());
            fault("decoding", &error, before, error.offset() < bytes.len())?;
        }
        if let Ok(text) = std::str::from_utf8(bytes)
            && let Err(error) = charset.encode(text)
        {
            let before = text.get(..error.offset()).map(|before| charset.encode(before).is_ok());
            let at = text.get(error.offset()..).and_then(|rest| rest.chars().next());
            let at =
                at.map(|character| charset.encode(character.encode_utf8(&mut [0; 4])).is_err());
            fault("encoding", &error, before, at == Some(true))?;
        }
        Ok(())
    })
}

fn fault(
    conversion: &str,
    error: &CharsetError,
    before: Option<bool>,
    at: bool,
) -> Result<(), Stop> {
    if before == Some(true) && at {
        return Ok(());
    }
    Err(Law::CharsetErrorsPointAtTheFault.violated(
        Side::new("the law", "all before the offset converts, and what stands there does not"),
        Side::new(conversion, error.to_string()),
    ))
}

fn words(error: CharsetError) -> Stop {
    Stop::not_applicable(error.to_string())
}
