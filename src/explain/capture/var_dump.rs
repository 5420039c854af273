//! PHP's `var_dump`, which states how long each text is.

use super::{Read, Remark, without_mark};

pub(super) fn read(bytes: &[u8]) -> Option<Read> {
    let mut rest = without_mark(bytes);
    rest = after(rest, b"array(")?;
    rest = after(rest, b"{")?;
    let mut read = Read::default();
    let mut other_length = Vec::new();
    let mut typed = Vec::new();
    while let Some(name_and_on) = after(rest, b"[\"") {
        let end = memchr::memmem::find(name_and_on, b"\"]=>")?;
        let name = name_and_on.get(..end)?;
        let value = name_and_on.get(end + b"\"]=>".len()..)?.trim_ascii_start();
        match value.strip_prefix(b"string(") {
            Some(string) => {
                let (text, agrees, behind) = string_of(string)?;
                if !agrees {
                    other_length.push(name.to_vec());
                }
                read.params.push(name, text);
                rest = behind;
            }
            None => {
                // `int(1)`, `float(0.1)`, `bool(true)`, `NULL`
                let end = memchr::memchr(b'\n', value).unwrap_or(value.len());
                let line = value.get(..end)?.trim_ascii();
                if let Some(open) = memchr::memchr(b'(', line) {
                    let inside = line.get(open + 1..)?;
                    read.params.push(name, inside.strip_suffix(b")").unwrap_or(inside));
                }
                typed.push(name.to_vec());
                rest = value.get(end..)?;
            }
        }
    }
    for (names, remark) in
        [(other_length, Remark::OtherLength as fn(_) -> _), (typed, Remark::Typed as fn(_) -> _)]
    {
        if !names.is_empty() {
            read.remarks.push(remark(names));
        }
    }
    (!read.params.is_empty()).then_some(read)
}

/// The text of `4) "text"`, whether it is as long as stated, and what stands behind it.
fn string_of(string: &[u8]) -> Option<(&[u8], bool, &[u8])> {
    let close = memchr::memchr(b')', string)?;
    let length: usize = std::str::from_utf8(string.get(..close)?).ok()?.parse().ok()?;
    let text = string.get(close + 1..)?.trim_ascii_start().strip_prefix(b"\"")?;
    if let (Some(exact), Some([b'"', behind @ ..])) =
        (text.get(..length), text.get(length..).filter(|rest| is_end(rest)))
    {
        return Some((exact, true, behind));
    }
    let end = (0..text.len()).find(|at| text.get(*at..).is_some_and(is_end))?;
    Some((text.get(..end)?, false, text.get(end + 1..)?))
}

/// A quotation mark, and then the next entry or the end.
fn is_end(rest: &[u8]) -> bool {
    rest.strip_prefix(b"\"").is_some_and(|behind| {
        let next = behind.trim_ascii_start();
        next.is_empty() || next.starts_with(b"[\"") || next.starts_with(b"}")
    })
}

fn after<'a>(bytes: &'a [u8], part: &[u8]) -> Option<&'a [u8]> {
    bytes.get(memchr::memmem::find(bytes, part)? + part.len()..)
}
