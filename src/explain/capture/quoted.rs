//! Pairs in quotation marks: PHP's `var_export` and array literals, Python's and Ruby's dictionaries.

use super::{Read, Remark, without_mark};
use crate::explain::escape::{replaced, unbackslashed};

pub(super) fn read(bytes: &[u8]) -> Option<Read> {
    let bytes = without_mark(bytes).trim_ascii();
    let mut rest = opened(bytes)?;
    let mut read = Read::default();
    let mut typed = Vec::new();
    loop {
        rest = rest.trim_ascii_start();
        rest = rest.strip_prefix(b",").unwrap_or(rest).trim_ascii_start();
        let Some((name, behind)) = text(rest) else { break };
        let behind = behind.trim_ascii_start();
        let value = behind.strip_prefix(b"=>").or_else(|| behind.strip_prefix(b":"))?;
        let value = value.trim_ascii_start();
        // A list of one value is what Python's parse_qs makes of each parameter.
        let (list, value) = match value.strip_prefix(b"[") {
            Some(inside) => (true, inside.trim_ascii_start()),
            None => (false, value),
        };
        match text(value) {
            Some((value, behind)) => {
                read.params.push(&name, &value);
                rest = behind;
            }
            None => {
                let end = value.iter().position(|byte| b",)]}\n".contains(byte))?;
                let bare = value.get(..end)?.trim_ascii();
                if !matches!(bare.to_ascii_lowercase().as_slice(), b"null" | b"none" | b"nil") {
                    read.params.push(&name, bare);
                }
                typed.push(name.clone());
                rest = value.get(end..)?;
            }
        }
        if list {
            typed.push(name);
            rest = rest.trim_ascii_start().strip_prefix(b"]")?;
        }
    }
    if !typed.is_empty() {
        read.remarks.push(Remark::Typed(typed));
    }
    (!read.params.is_empty()).then_some(read)
}

/// What follows the opening bracket.
fn opened(bytes: &[u8]) -> Option<&[u8]> {
    // `$_POST = `, which no body begins with.
    let bytes = match memchr::memmem::find(bytes, b" = ") {
        Some(at) if bytes.starts_with(b"$") => bytes.get(at + 3..)?.trim_ascii_start(),
        _ => bytes,
    };
    let bytes = match memchr::memmem::find(bytes, b"array") {
        Some(at) if !bytes.get(..at)?.contains(&b'=') => {
            bytes.get(at + b"array".len()..)?.trim_ascii_start()
        }
        _ => bytes,
    };
    [b"(", b"[", b"{"].iter().find_map(|open| bytes.strip_prefix(*open))
}

/// A quoted text and what stands behind it.
fn text(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let (quote, inside) = match bytes {
        [b'u' | b'b', quote @ (b'\'' | b'"'), inside @ ..] => (quote, inside),
        [quote @ (b'\'' | b'"'), inside @ ..] => (quote, inside),
        _ => return None,
    };
    let mut escaped = false;
    let end = inside.iter().position(|byte| {
        let is_end = byte == quote && !escaped;
        escaped = *byte == b'\\' && !escaped;
        is_end
    })?;
    let raw = inside.get(..end)?;
    // In PHP's single quotes only the quote and the backslash are escaped.
    let text = match quote {
        b'\'' => replaced(&replaced(&replaced(raw, b"\\\\", b"\0"), b"\\'", b"'"), b"\0", b"\\"),
        _ => unbackslashed(raw),
    };
    Some((text, inside.get(end + 1..)?))
}
