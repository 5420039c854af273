//! A line of an access log: the request in quotation marks, and where it is logged the body in others.

use super::Read;
use super::http::request_line;
use super::wire::{beside, query};
use crate::explain::escape::unbackslashed;

/// Looks for the first line with a request that carries a signature, or with any request.
pub(super) fn read(bytes: &[u8]) -> Option<Read> {
    let lines = || bytes.split(|byte| *byte == b'\n').filter_map(line);
    let has_sign = |read: &Read| read.params.get(b"sign").is_some();
    lines().find(has_sign).or_else(|| lines().next())
}

fn line(line: &[u8]) -> Option<Read> {
    let quoted = quoted(line);
    let (position, request) = quoted
        .iter()
        .enumerate()
        .find(|(_, text)| request_line(text).is_some())
        .map(|(position, text)| (position, unbackslashed(text)))?;
    let (_, address) = request_line(&request)?;
    // The body stands anywhere behind the request: log formats differ.
    let body = quoted.get(position + 1..)?.iter().find(|text| {
        let is_address = text.starts_with(b"http://") || text.starts_with(b"https://");
        !is_address && has(text, b"sign=") && has(text, b"&")
    });
    let body = body.map(|text| unbackslashed(text));
    Some(beside(query(address), body.as_deref()))
}

fn has(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

/// What stands between quotation marks that no backslash precedes.
fn quoted(line: &[u8]) -> Vec<&[u8]> {
    let mut marks = Vec::new();
    let mut escaped = false;
    for (index, byte) in line.iter().enumerate() {
        if *byte == b'"' && !escaped {
            marks.push(index);
        }
        escaped = *byte == b'\\' && !escaped;
    }
    marks.as_chunks::<2>().0.iter().filter_map(|[start, end]| line.get(start + 1..*end)).collect()
}
