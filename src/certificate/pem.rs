//! From the text of a file to the DER of its certificates.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;

use super::CertificateError;
use crate::signature::first_broken_byte;

/// The longest text that is read, in bytes. The bundle of Alipay's roots has five thousand.
pub const MAX_TEXT: usize = 256 * 1024;

/// The most certificates that are read of one text. The bundle of Alipay's roots has four.
pub const MAX_CERTIFICATES: usize = 16;

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const END: &[u8] = b"-----END CERTIFICATE-----";

/// The DER of every block. Text around the blocks is passed over, a byte order mark with it.
pub(super) fn blocks(text: &[u8]) -> Result<Vec<Vec<u8>>, CertificateError> {
    if text.len() > MAX_TEXT {
        return Err(CertificateError::TooLong { length: text.len() });
    }
    let mut blocks = Vec::new();
    let mut rest = 0;
    while let Some(found) = text.get(rest..).and_then(|text| memmem::find(text, BEGIN)) {
        if blocks.len() == MAX_CERTIFICATES {
            return Err(CertificateError::TooMany);
        }
        let begin = rest + found;
        let start = begin + BEGIN.len();
        let body = text.get(start..).unwrap_or_default();
        let unclosed = CertificateError::PemEnd { offset: begin };
        let length = memmem::find(body, END).ok_or(unclosed)?;
        let body = body.get(..length).unwrap_or_default();
        blocks.push(decode(body).map_err(|at| CertificateError::Base64 { offset: start + at })?);
        rest = start + length;
    }
    if blocks.is_empty() { Err(CertificateError::NotPem) } else { Ok(blocks) }
}

/// Base64 among whitespace, or the offset where it breaks.
fn decode(body: &[u8]) -> Result<Vec<u8>, usize> {
    let symbols = || body.iter().enumerate().filter(|(_, byte)| !byte.is_ascii_whitespace());
    let dense: Vec<u8> = symbols().map(|(_, byte)| *byte).collect();
    STANDARD.decode(&dense).map_err(|error| {
        let at = first_broken_byte(&error, &dense);
        symbols().nth(at).map_or(body.len(), |(offset, _)| offset)
    })
}
