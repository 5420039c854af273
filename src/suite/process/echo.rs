//! The self-tests that precede the cases: an adapter must carry bytes unchanged before it can be blamed for an
//! answer.

use std::fmt;

use crate::vector::bytes::to_base64;

/// The bytes of the self-tests.
pub(super) fn tests() -> [(&'static str, Vec<u8>); 4] {
    [
        ("every byte", (0..=255).collect()),
        ("line ends", b"\r\n\n\r".to_vec()),
        ("GBK text", b"\xD6\xD0\xCE\xC4".to_vec()),
        ("1 MiB of form text", b"+%2B &=".iter().copied().cycle().take(1 << 20).collect()),
    ]
}

/// An echo that is not what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EchoDifference {
    test: &'static str,
    offset: usize,
    sent: usize,
    got: usize,
    cause: Option<&'static str>,
}

impl EchoDifference {
    pub(super) fn between(test: &'static str, sent: &[u8], got: &[u8]) -> Option<Self> {
        let same = sent.iter().zip(got).take_while(|(sent, got)| sent == got).count();
        (sent != got).then(|| Self {
            test,
            offset: same,
            sent: sent.len(),
            got: got.len(),
            cause: cause(sent, got),
        })
    }

    /// The offset of the first byte that differs.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// What most likely happened to the bytes, where it shows.
    #[must_use]
    pub fn cause(&self) -> Option<&'static str> {
        self.cause
    }
}

impl fmt::Display for EchoDifference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { test, offset, sent, got, cause } = self;
        write!(formatter, "the echo of {test} differs at byte {offset}: ")?;
        write!(formatter, "expected {sent} bytes unchanged, got {got}")?;
        match cause {
            Some(cause) => write!(formatter, "; {cause}"),
            None => Ok(()),
        }
    }
}

type Damage = fn(&[u8]) -> Vec<u8>;

/// What is known to happen to bytes on their way through an adapter.
const DAMAGES: [(Damage, &str); 11] = [
    (to_crlf, "line ends were converted to CR LF: open the streams in binary mode"),
    (from_crlf, "CR LF was converted to LF: open the streams in binary mode"),
    (universal_newlines, "line ends were converted to LF: open the streams in binary mode"),
    (repaired, "bytes were decoded as UTF-8 and repaired: data_b64 is bytes, not text"),
    (
        without_invalid,
        "bytes were decoded as UTF-8, the invalid ones dropped: data_b64 is bytes, not text",
    ),
    (
        question_marks,
        "bytes beyond ASCII were replaced by question marks: data_b64 is bytes, not text",
    ),
    (
        from_latin1,
        "bytes were taken for Latin-1 text and written as UTF-8: data_b64 is bytes, not text",
    ),
    (form_decoded, "form decoding was applied: data_b64 is base64 and nothing else"),
    (percent_decoded, "percent decoding was applied: data_b64 is base64 and nothing else"),
    (|bytes| to_base64(bytes).into_bytes(), "base64 was applied twice"),
    (|bytes| bytes.trim_ascii().to_vec(), "white space at the ends was removed"),
];

fn cause(sent: &[u8], got: &[u8]) -> Option<&'static str> {
    let known = DAMAGES.iter().find(|(damage, _)| damage(sent) == got).map(|(_, cause)| *cause);
    known.or_else(|| {
        sent.starts_with(got).then_some("the end is missing: a buffer is smaller than the line")
    })
}

fn to_crlf(bytes: &[u8]) -> Vec<u8> {
    let line_end =
        |byte: &u8| if *byte == b'\n' { &b"\r\n"[..] } else { std::slice::from_ref(byte) }.to_vec();
    bytes.iter().flat_map(line_end).collect()
}

fn from_crlf(bytes: &[u8]) -> Vec<u8> {
    let next = bytes.iter().skip(1).map(Some).chain([None]);
    let kept = bytes.iter().zip(next).filter(|pair| *pair != (&b'\r', Some(&b'\n')));
    kept.map(|(byte, _)| *byte).collect()
}

fn universal_newlines(bytes: &[u8]) -> Vec<u8> {
    from_crlf(bytes).into_iter().map(|byte| if byte == b'\r' { b'\n' } else { byte }).collect()
}

fn repaired(bytes: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(bytes).into_owned().into_bytes()
}

fn without_invalid(bytes: &[u8]) -> Vec<u8> {
    bytes.utf8_chunks().flat_map(|chunk| chunk.valid().bytes()).collect()
}

fn question_marks(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| if byte.is_ascii() { *byte } else { b'?' }).collect()
}

fn from_latin1(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes()
}

fn form_decoded(bytes: &[u8]) -> Vec<u8> {
    let spaces: Vec<u8> =
        bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decoded(&spaces)
}

fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, ..] => digit(*high).zip(digit(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                decoded.push(high << 4 | low);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                decoded.push(*first);
                rest = after;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(test: usize, got: &[u8]) -> String {
        let (name, sent) = &tests()[test];
        EchoDifference::between(name, sent, got).unwrap().to_string()
    }

    #[test]
    fn an_echo_that_is_the_same_has_no_difference() {
        for (name, bytes) in tests() {
            assert_eq!(EchoDifference::between(name, &bytes, &bytes), None);
        }
    }

    #[test]
    fn the_cause_is_named() {
        assert_eq!(
            text(1, b"\r\r\n\r\n\r"),
            "the echo of line ends differs at byte 1: expected 4 bytes unchanged, got 6; line ends were \
             converted to CR LF: open the streams in binary mode"
        );
        let bytes = tests().map(|(_, bytes)| bytes);
        for (test, damaged, cause) in [
            (0, repaired(&bytes[0]), "repaired"),
            (0, question_marks(&bytes[0]), "question marks"),
            (2, from_latin1(&bytes[2]), "Latin-1"),
            (2, Vec::new(), "dropped"),
            (1, b"\n\n\n".to_vec(), "converted to LF"),
            (3, form_decoded(&bytes[3]), "form decoding"),
            (3, percent_decoded(&bytes[3]), "percent decoding"),
            (3, bytes[3][..65536].to_vec(), "buffer"),
            (0, to_base64(&bytes[0]).into_bytes(), "twice"),
        ] {
            let text = text(test, &damaged);
            assert!(text.contains(cause), "{text}: expected {cause}");
        }
        assert!(text(0, b"x").ends_with("got 1"));
    }
}
