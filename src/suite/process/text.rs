//! What an adapter wrote, made fit for one line of a message.

use std::fmt::Write;

const SHOWN: usize = 160;

/// Quotes the beginning of some bytes: control characters and what is not UTF-8 are escaped.
pub(super) fn quote(bytes: &[u8]) -> String {
    let shown = bytes.get(..SHOWN).unwrap_or(bytes);
    let mut text = String::from('"');
    for chunk in shown.utf8_chunks() {
        text.extend(chunk.valid().chars().flat_map(|character| match character {
            '\'' => "'".chars().collect::<Vec<_>>(),
            other => other.escape_debug().collect(),
        }));
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    text.push('"');
    if shown.len() < bytes.len() {
        let _ = write!(text, "… ({} bytes)", bytes.len());
    }
    text
}

/// The known name that a mistyped one most likely means.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known.into_iter().min_by_key(|known| distance(name, known))
}

/// Levenshtein's distance, in characters, of the first 64.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, character) in one.chars().take(64).enumerate() {
        let mut next = vec![line + 1];
        for (column, (wanted, steps)) in other.iter().zip(row.windows(2)).enumerate() {
            let (&[diagonal, above], Some(&left)) = (steps, next.get(column)) else { break };
            let same = diagonal + usize::from(*wanted != character);
            next.push(same.min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_one_short_readable_line() {
        assert_eq!(quote(b"it's \"a\"\r\n\t\xFF\xE4\xB8\xAD"), r#""it's \"a\"\r\n\t\xFF中""#);
        let long = quote(&[b'x'; 1000]);
        assert!(long.ends_with("x\"… (1000 bytes)"), "{long}");
    }

    #[test]
    fn the_nearest_name() {
        let known = ["reason", "outcome", "signature", "stages"];
        for (name, meant) in [
            ("reasn", "reason"),
            ("signatur", "signature"),
            ("stage", "stages"),
            ("Outcome", "outcome"),
        ] {
            assert_eq!(nearest(name, known), Some(meant));
        }
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
    }
}
