//! PHP's `print_r`: a line a parameter, with nothing quoted, so that a value may go on in the next line.

use super::{Read, without_mark};

pub(super) fn print_r(bytes: &[u8]) -> Option<Read> {
    let bytes = without_mark(bytes);
    let start = memchr::memmem::find(bytes, b"Array")?;
    let before = bytes.get(..start)?;
    let rest = bytes.get(start + b"Array".len()..)?.trim_ascii_start().strip_prefix(b"(")?;
    if before.contains(&b'=') {
        return None;
    }
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for line in rest.split(|byte| *byte == b'\n') {
        match entry(line) {
            Some((name, value)) => pairs.push((name.to_vec(), value.to_vec())),
            None if line.trim_ascii() == b")" => break,
            None => {
                if let Some((_, value)) = pairs.last_mut() {
                    value.push(b'\n');
                    value.extend_from_slice(line);
                }
            }
        }
    }
    // Copied with the line endings of Windows, it has them everywhere.
    if pairs.iter().all(|(_, value)| value.ends_with(b"\r")) {
        for (_, value) in &mut pairs {
            value.pop();
        }
    }
    (!pairs.is_empty()).then(|| Read { params: pairs.into_iter().collect(), ..Read::default() })
}

/// `[name] => value`
fn entry(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.trim_ascii_start().strip_prefix(b"[")?;
    let end = memchr::memmem::find(line, b"] =>")?;
    let value = line.get(end + b"] =>".len()..)?;
    Some((line.get(..end)?, value.strip_prefix(b" ").unwrap_or(value)))
}
