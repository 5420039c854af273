//! A command line as a shell splits it into words.

use crate::explain::escape::unbackslashed;

/// The words of the first command. Nothing is expanded.
pub(super) fn words(command: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut rest = command;
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            // The line goes on; Windows has a caret there.
            (b'\\' | b'^', [b'\n', after @ ..] | [b'\r', b'\n', after @ ..]) => rest = after,
            (b'\n' | b';' | b'|', _) => {
                words.extend(word.take());
                if !words.is_empty() {
                    break;
                }
            }
            (byte, _) if byte.is_ascii_whitespace() => words.extend(word.take()),
            (b'\'', _) => rest = until(after, b'\'', |_| false, word.get_or_insert_default()),
            (b'"', _) => {
                let mut quoted = Vec::new();
                rest = until(after, b'"', |byte| b"\"\\$`\n".contains(&byte), &mut quoted);
                word.get_or_insert_default().extend(quoted);
            }
            (b'$', [b'\'', after @ ..]) => {
                let mut raw = Vec::new();
                let end = end_of_quoted(after);
                raw.extend_from_slice(after.get(..end).unwrap_or_default());
                word.get_or_insert_default().extend(unbackslashed(&raw));
                rest = after.get(end + 1..).unwrap_or_default();
            }
            (b'\\', [escaped, after @ ..]) => {
                word.get_or_insert_default().push(*escaped);
                rest = after;
            }
            (byte, _) => word.get_or_insert_default().push(*byte),
        }
    }
    words.extend(word);
    words
}

/// Takes what stands before the closing quote; a backslash goes before the bytes that it escapes.
fn until<'a>(
    mut rest: &'a [u8],
    quote: u8,
    is_escaped: impl Fn(u8) -> bool,
    word: &mut Vec<u8>,
) -> &'a [u8] {
    while let [first, after @ ..] = rest {
        rest = after;
        match after {
            _ if *first == quote => break,
            [next, after @ ..] if *first == b'\\' && is_escaped(*next) => {
                word.push(*next);
                rest = after;
            }
            _ => word.push(*first),
        }
    }
    rest
}

/// Where the apostrophe stands that no backslash precedes.
fn end_of_quoted(bytes: &[u8]) -> usize {
    let mut escaped = false;
    bytes
        .iter()
        .position(|byte| {
            let is_end = *byte == b'\'' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            is_end
        })
        .unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_of_every_kind() {
        let words = words(b"curl 'a b'\"c\\\"\\d\" $'x\\'\\x41\\n' \\\n e\\ f\nnext");
        let words: Vec<_> = words.iter().map(|word| String::from_utf8_lossy(word)).collect();
        assert_eq!(words, ["curl", "a bc\"\\d", "x'A\n", "e f"]);
    }
}
