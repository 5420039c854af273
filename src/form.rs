//! `application/x-www-form-urlencoded` on the level of bytes: the body of a notify, the query of a return.
//!
//! Decoding is done exactly once and knows no charset. What the [WHATWG parser][parser] does, this one does,
//! with two differences: a malformed escape is an error, because what a signer meant by it is anybody's guess,
//! and count and size are bounded.
//!
//! | input | result |
//! |---|---|
//! | `a=1&&b=2`, `&a=1` | an empty segment is skipped |
//! | `a` | the value is empty |
//! | `=v` | the name is empty |
//! | `a=1=2` | only the first `=` separates: `1=2` |
//! | `a=1;b=2` | `;` separates nothing: `1;b=2` |
//! | `+`, `%20`, `%2B` | space, space, `+` |
//! | `%252F` | `%2F` |
//! | `%`, `%4`, `%G1` | [`FormError::MalformedEscape`] |
//! | `%00`, raw bytes of any charset | kept |
//!
//! [parser]: https://url.spec.whatwg.org/#urlencoded-parsing

use crate::params::Params;

/// Bounds of a message, so that nobody can make a verifier work without end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes, encoded.
    pub bytes: usize,
    /// The most parameters.
    pub parameters: usize,
}

impl Limits {
    /// 1 MiB and 1,000 parameters: a hundred times what the gateway sends.
    pub const DEFAULT: Self = Self { bytes: 1 << 20, parameters: 1_000 };
    /// No bounds, for input one has made oneself.
    pub const NONE: Self = Self { bytes: usize::MAX, parameters: usize::MAX };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A body or query that cannot be decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// A `%` without two hexadecimal digits behind it.
    #[error(
        "malformed escape \"{}\" at byte {offset}: expected % and two hexadecimal digits",
        found.escape_ascii()
    )]
    MalformedEscape {
        /// Where the `%` stands in the encoded input.
        offset: usize,
        /// The `%` and up to two bytes behind it.
        found: Vec<u8>,
    },
    /// More bytes than [`Limits::bytes`].
    #[error("message of {bytes} bytes: expected at most {limit}")]
    TooLong {
        /// How many there are.
        bytes: usize,
        /// How many may be.
        limit: usize,
    },
    /// More parameters than [`Limits::parameters`].
    #[error("more than {limit} parameters: the next begins at byte {offset}")]
    TooManyParameters {
        /// Where the first parameter too many begins.
        offset: usize,
        /// How many may be.
        limit: usize,
    },
}

/// Decodes a body or query within [`Limits::DEFAULT`].
///
/// # Errors
/// A malformed escape, or a message beyond the limits.
///
/// ```
/// use alipay_conformance::form;
///
/// let params = form::decode(b"subject=%D6%D0+%CE%C4&notify_id=a%252Fb")?;
/// assert_eq!(params.get(b"subject"), Some(&b"\xD6\xD0 \xCE\xC4"[..]));
/// assert_eq!(params.get(b"notify_id"), Some(&b"a%2Fb"[..]));
/// # Ok::<(), form::FormError>(())
/// ```
pub fn decode(input: &[u8]) -> Result<Params, FormError> {
    let mut params = Params::new();
    decode_into(input, Limits::DEFAULT, &mut params)?;
    Ok(params)
}

/// Decodes a body or query into `params`, whose memory is used again and whose former pairs are gone.
///
/// # Errors
/// As [`decode`]; `params` then holds the pairs before the fault and perhaps half of one.
pub fn decode_into(input: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    params.clear();
    if input.len() > limits.bytes {
        return Err(FormError::TooLong { bytes: input.len(), limit: limits.bytes });
    }
    // Nothing grows but a last parameter without `=`, by that byte.
    params.tail().reserve(input.len() + 1);
    let mut rest = input;
    while let [first, after @ ..] = rest {
        if *first == b'&' {
            rest = after;
            continue;
        }
        if params.len() == limits.parameters {
            let offset = input.len() - rest.len();
            return Err(FormError::TooManyParameters { offset, limit: limits.parameters });
        }
        rest = unescape(input, rest, Half::Name, params.tail())?;
        let equals = params.end_name();
        if let [b'=', value @ ..] = rest {
            rest = unescape(input, value, Half::Value, params.tail())?;
        }
        params.end_value(equals);
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Half {
    Name,
    Value,
}

impl Half {
    fn ends_at(self, byte: u8) -> bool {
        byte == b'&' || byte == b'=' && matches!(self, Self::Name)
    }
}

/// Decodes the half that begins at `rest`, the remainder of `input`, and returns the remainder behind it.
#[inline(always)]
fn unescape<'a>(
    input: &[u8],
    mut rest: &'a [u8],
    half: Half,
    out: &mut Vec<u8>,
) -> Result<&'a [u8], FormError> {
    loop {
        let (run, special) = rest.split_at(plain(rest));
        out.extend_from_slice(run);
        rest = special;
        // Escapes come in rows: a Chinese character is two or three.
        loop {
            let (byte, after) = match rest {
                [b'%', high, low, after @ ..] => match hex_pair(*high, *low) {
                    Some(byte) => (byte, after),
                    None => return Err(malformed_escape(input, rest, half)),
                },
                [b'%', ..] => return Err(malformed_escape(input, rest, half)),
                [b'+', after @ ..] => (b' ', after),
                [byte, ..] if half.ends_at(*byte) => return Ok(rest),
                [byte @ (..b',' | b'='), after @ ..] => (*byte, after),
                [_, ..] => break,
                [] => return Ok(rest),
            };
            out.push(byte);
            rest = after;
        }
    }
}

/// How many bytes from the front are neither `=` nor below `,`, as all are that do not stand for themselves. Eight at
/// a time: most bytes do.
fn plain(bytes: &[u8]) -> usize {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    // The highest bit of a byte comes on where it is below `limit`. Behind such a byte a borrow may set more.
    let below =
        |word: u64, limit: u8| word.wrapping_sub(EACH * u64::from(limit)) & !word & (EACH * 0x80);

    let (words, last) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = below(word, b',') | below(word ^ (EACH * u64::from(b'=')), 1);
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let found = last.iter().position(|byte| *byte < b',' || *byte == b'=');
    bytes.len() - last.len() + found.unwrap_or(last.len())
}

fn hex_pair(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| HEX_DIGITS.get(usize::from(byte)).copied().unwrap_or(NO_DIGIT);
    let (high, low) = (digit(high), digit(low));
    (high | low < NO_DIGIT).then(|| (high << 4) + low)
}

const NO_DIGIT: u8 = 16;

/// What each byte is worth as a hexadecimal digit of either case. Takes half the time of `char::to_digit`.
#[expect(clippy::indexing_slicing, reason = "computed by the compiler")]
const HEX_DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < NO_DIGIT {
        digits[b"0123456789abcdef"[value as usize] as usize] = value;
        digits[b"0123456789ABCDEF"[value as usize] as usize] = value;
        value += 1;
    }
    digits
};

#[cold]
fn malformed_escape(input: &[u8], rest: &[u8], half: Half) -> FormError {
    FormError::MalformedEscape {
        offset: input.len() - rest.len(),
        found: rest.iter().copied().take(3).take_while(|byte| !half.ends_at(*byte)).collect(),
    }
}

/// Encodes pairs as the [WHATWG serialiser](https://url.spec.whatwg.org/#urlencoded-serializing) does: space as
/// `+`, letters, digits and `*-._` as they are, any other byte as `%` and two upper-case hexadecimal digits.
///
/// ```
/// use alipay_conformance::{charset::Charset, form, params::Params};
///
/// let params = Params::encode([("subject", "中 文"), ("sign", "a+b/c=")], Charset::Gbk)?;
/// assert_eq!(form::encode(&params), "subject=%D6%D0+%CE%C4&sign=a%2Bb%2Fc%3D");
/// # Ok::<(), alipay_conformance::charset::CharsetError>(())
/// ```
#[must_use]
pub fn encode(params: &Params) -> String {
    let mut text = String::new();
    for (index, (name, value)) in params.iter().enumerate() {
        if index > 0 {
            text.push('&');
        }
        text.extend(form_urlencoded::byte_serialize(name));
        text.push('=');
        text.extend(form_urlencoded::byte_serialize(value));
    }
    text
}

/// Text escaped as a name or value of [`encode`] is.
///
/// ```
/// use alipay_conformance::form;
///
/// assert_eq!(form::escape_text(b"a+b/c="), "a%2Bb%2Fc%3D");
/// ```
#[must_use]
pub fn escape_text(bytes: &[u8]) -> String {
    form_urlencoded::byte_serialize(bytes).collect()
}

/// Undoes [`escape_text`] once. No byte separates anything here.
///
/// # Errors
/// An escape without two hexadecimal digits.
///
/// ```
/// use alipay_conformance::form;
///
/// assert_eq!(form::unescape_text(b"a%2bb%2Fc%3D")?, b"a+b/c=");
/// assert_eq!(form::unescape_text(b"a+b&c")?, b"a b&c");
/// # Ok::<(), form::FormError>(())
/// ```
pub fn unescape_text(input: &[u8]) -> Result<Vec<u8>, FormError> {
    let mut out = Vec::with_capacity(input.len());
    let mut rest = input;
    loop {
        rest = unescape(input, rest, Half::Value, &mut out)?;
        let [ampersand, after @ ..] = rest else { return Ok(out) };
        out.push(*ampersand);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(input: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
        let params = decode(input).unwrap();
        params.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect()
    }

    #[track_caller]
    fn assert_pairs(input: &str, expected: &[(&str, &str)]) {
        let expected: Vec<_> =
            expected.iter().map(|(n, v)| (n.as_bytes().to_vec(), v.as_bytes().to_vec())).collect();
        assert_eq!(decoded(input.as_bytes()), expected, "{input}");
    }

    #[test]
    fn odd_but_well_formed() {
        assert_pairs("", &[]);
        assert_pairs("&&", &[]);
        assert_pairs("&a=1&&b=2&", &[("a", "1"), ("b", "2")]);
        assert_pairs("a", &[("a", "")]);
        assert_pairs("=", &[("", "")]);
        assert_pairs("=v", &[("", "v")]);
        assert_pairs("a=1=2", &[("a", "1=2")]);
        assert_pairs("a=1;b=2", &[("a", "1;b=2")]);
        assert_pairs("a=x+y%20z%2B", &[("a", "x y z+")]);
        assert_pairs("%61%3D=%26%00", &[("a=", "&\0")]);
        assert_pairs("a=%252F", &[("a", "%2F")]);
        assert_pairs("a=1&a=2", &[("a", "1"), ("a", "2")]);
    }

    #[test]
    fn every_byte_at_every_place_of_a_word() {
        for byte in 0..=255 {
            for place in 0..20 {
                let mut value = [b'x'; 20];
                value[place] = byte;
                let expected = if byte < b',' || byte == b'=' { place } else { 20 };
                assert_eq!(plain(&value), expected, "{byte} at {place}");

                let input = [b"a=", &value[..]].concat();
                match byte {
                    b'&' if place == 19 => assert_eq!(decoded(&input).len(), 1),
                    b'&' => assert_eq!(decoded(&input).len(), 2),
                    b'%' => assert!(decode(&input).is_err()),
                    b'+' => {
                        value[place] = b' ';
                        assert_eq!(decoded(&input), [(b"a".to_vec(), value.to_vec())]);
                    }
                    _ => assert_eq!(decoded(&input), [(b"a".to_vec(), value.to_vec())]),
                }
            }
        }
        assert_eq!(plain(b"\xFFabcdef,+%&\0"), 8);
    }

    #[test]
    fn every_escape() {
        for byte in 0..=255_u8 {
            for escape in [format!("%{byte:02x}"), format!("%{byte:02X}")] {
                let expected = [(vec![byte], vec![byte])];
                assert_eq!(decoded(format!("{escape}={escape}").as_bytes()), expected);
            }
            let escape = [b'%', b'0', byte];
            assert_eq!(decode(&escape).is_ok(), byte.is_ascii_hexdigit(), "{byte}");
        }
    }

    #[test]
    fn raw_bytes_of_any_charset_stay() {
        assert_eq!(decoded(b"\xFF=\xD6\xD0\0"), [(b"\xFF".to_vec(), b"\xD6\xD0\0".to_vec())]);
    }

    #[test]
    fn malformed_escapes_say_where() {
        for (input, offset, found) in [
            ("a=%", 2, "%"),
            ("a=%4", 2, "%4"),
            ("ab=1&c=%G1x", 7, "%G1"),
            ("ab=1&c=%fG", 7, "%fG"),
            ("%+1=", 0, "%+1"),
            ("a%4=b", 1, "%4"),
            ("a=%=&b", 2, "%="),
            ("a=1&b=%&c=2", 6, "%"),
        ] {
            let error = decode(input.as_bytes()).unwrap_err();
            let expected = FormError::MalformedEscape { offset, found: found.into() };
            assert_eq!(error, expected, "{input}");
        }
        assert_eq!(
            decode(b"a=%4").unwrap_err().to_string(),
            "malformed escape \"%4\" at byte 2: expected % and two hexadecimal digits"
        );
    }

    #[test]
    fn limits_hold_at_their_edge() {
        let limits = Limits { bytes: 7, parameters: 2 };
        let mut params = Params::new();
        assert_eq!(decode_into(b"a=1&b=2", limits, &mut params), Ok(()));
        assert_eq!(
            decode_into(b"a=1&b=22", limits, &mut params),
            Err(FormError::TooLong { bytes: 8, limit: 7 })
        );
        assert_eq!(
            decode_into(b"a&b&&c", limits, &mut params),
            Err(FormError::TooManyParameters { offset: 5, limit: 2 })
        );
    }
}
