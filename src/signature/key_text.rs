//! From the text of a key file to DER: PEM, bare base64, or DER already.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;
use zeroize::Zeroizing;

use super::error::{KeyError, KeyHalf};
use super::text::first_broken_byte;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
const BEGIN: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";

/// The DER in a key file; `needed` is for the errors that depend on it.
pub(super) fn to_der(input: &[u8], needed: KeyHalf) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let text = input.strip_prefix(BYTE_ORDER_MARK).unwrap_or(input);
    if text.trim_ascii().is_empty() {
        return Err(KeyError::Empty);
    }
    if is_der(text) {
        return Ok(Zeroizing::new(text.to_vec()));
    }
    if text.trim_ascii_start().starts_with(b"ssh-") {
        return Err(KeyError::OpenSsh);
    }
    let (body, offset) = match memmem::find(text, BEGIN) {
        Some(begin) => pem_body(input, input.len() - text.len() + begin, needed)?,
        None => (text, input.len() - text.len()),
    };
    decode(body)
        .map_err(|at| KeyError::Base64 { offset: offset + at })
        .and_then(|der| if der.is_empty() { Err(KeyError::Empty) } else { Ok(der) })
}

/// The tag of a DER sequence is the digit `0` in ASCII, with which no base64 of DER begins; a binary
/// length or value then tells DER from a text that is merely wrong.
fn is_der(text: &[u8]) -> bool {
    text.starts_with(b"0") && !text.iter().all(|b| b.is_ascii_graphic() || is_whitespace(*b))
}

/// The base64 of the PEM block whose BEGIN line stands at `begin`, and where it starts.
fn pem_body(input: &[u8], begin: usize, needed: KeyHalf) -> Result<(&[u8], usize), KeyError> {
    let unclosed = KeyError::PemEnd { offset: begin };
    let label_start = begin + BEGIN.len();
    let rest = input.get(label_start..).unwrap_or_default();
    let line_end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    let Some((label, _)) = rest.get(..line_end).and_then(|line| split_once(line, DASHES)) else {
        return Err(unclosed);
    };
    let start = label_start + label.len() + DASHES.len();
    let end_line = [b"-----END ", label, DASHES].concat();
    let Some((body, _)) = input.get(start..).and_then(|rest| split_once(rest, &end_line)) else {
        return Err(unclosed);
    };

    let has = |part: &[u8]| memmem::find(label, part).is_some();
    if has(b"CERTIFICATE") {
        Err(KeyError::Certificate { needed })
    } else if has(b"OPENSSH") {
        Err(KeyError::OpenSsh)
    } else if label.starts_with(b"EC ") {
        Err(KeyError::NotRsa { found: "an EC" })
    } else if label.starts_with(b"DSA ") {
        Err(KeyError::NotRsa { found: "a DSA" })
    } else if has(b"ENCRYPTED") || memmem::find(body, b"4,ENCRYPTED").is_some() {
        Err(encrypted(needed))
    } else {
        Ok((body, start))
    }
}

/// What is said of an encrypted private key: that it is private, where a public one is needed.
pub(super) fn encrypted(needed: KeyHalf) -> KeyError {
    match needed {
        KeyHalf::Private => KeyError::Encrypted,
        KeyHalf::Public => KeyError::WrongHalf { needed },
    }
}

/// Base64 among whitespace, or the offset where it breaks.
fn decode(body: &[u8]) -> Result<Zeroizing<Vec<u8>>, usize> {
    // Allocated once: growing would leave copies behind that nothing zeroes.
    let mut dense = Zeroizing::new(Vec::with_capacity(body.len()));
    dense.extend(body.iter().copied().filter(|b| !is_whitespace(*b)));
    STANDARD.decode(&*dense).map(Zeroizing::new).map_err(|error| {
        let at = first_broken_byte(&error, &dense);
        let mut symbols = body.iter().enumerate().filter(|(_, b)| !is_whitespace(**b));
        symbols.nth(at).map_or(body.trim_ascii_end().len(), |(offset, _)| offset)
    })
}

/// ASCII whitespace, the vertical tab included.
fn is_whitespace(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0B
}

fn split_once<'a>(text: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = memmem::find(text, at)?;
    Some((text.get(..start)?, text.get(start + at.len()..)?))
}
