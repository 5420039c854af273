//! Escaping of other kinds than the pipeline's, done and undone leniently: what is no escape stays as it is.

/// `%XX` to bytes, and where `plus` says so `+` to a space.
pub(super) fn unescaped(bytes: &[u8], plus: bool) -> Vec<u8> {
    rewritten(bytes, |rest| match rest {
        [b'%', high, low, ..] => Some((vec![hex(*high)? << 4 | hex(*low)?], 3)),
        [b'+', ..] if plus => Some((b" ".to_vec(), 1)),
        _ => None,
    })
}

/// Backslash escapes as C, logs, shells and most languages have them: `\n`, `\x22`, `\u4E2D`; before any other byte the
/// backslash goes.
pub(super) fn unbackslashed(bytes: &[u8]) -> Vec<u8> {
    rewritten(bytes, |rest| {
        let (byte, length) = match rest {
            [b'\\', b'x' | b'X', high, low, ..] => (hex(*high)? << 4 | hex(*low)?, 4),
            [b'\\', b'u', digits @ ..] => {
                let digits = std::str::from_utf8(digits.get(..4)?).ok()?;
                let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
                return Some((character.to_string().into_bytes(), 6));
            }
            [b'\\', b'n', ..] => (b'\n', 2),
            [b'\\', b'r', ..] => (b'\r', 2),
            [b'\\', b't', ..] => (b'\t', 2),
            [b'\\', other, ..] => (*other, 2),
            _ => return None,
        };
        Some((vec![byte], length))
    })
}

/// HTML's entities by name and by number.
pub(super) fn unentitied(bytes: &[u8]) -> Vec<u8> {
    rewritten(bytes, |rest| {
        let inside = rest.strip_prefix(b"&")?;
        let end = inside.iter().take(10).position(|byte| *byte == b';')?;
        let name = std::str::from_utf8(inside.get(..end)?).ok()?;
        let character = match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" => '\u{A0}',
            _ => {
                let number = name.strip_prefix('#')?;
                let number = match number.strip_prefix(['x', 'X']) {
                    Some(digits) => u32::from_str_radix(digits, 16),
                    None => number.parse(),
                };
                char::from_u32(number.ok()?)?
            }
        };
        Some((character.to_string().into_bytes(), end + 2))
    })
}

/// HTML's five special characters as entities; the apostrophe in the given way, if in any.
pub(super) fn entitied(bytes: &[u8], apostrophe: Option<&str>) -> Vec<u8> {
    rewritten(bytes, |rest| {
        let entity = match rest.first()? {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => apostrophe?,
            _ => return None,
        };
        Some((entity.into(), 1))
    })
}

/// Every occurrence of a text replaced.
pub(super) fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    rewritten(bytes, |rest| {
        (!from.is_empty() && rest.starts_with(from)).then(|| (to.to_vec(), from.len()))
    })
}

/// Without the bytes that are named.
pub(super) fn without(bytes: &[u8], left_out: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| !left_out.contains(byte)).collect()
}

/// Reads from left to right: what stands for the bytes in front, and how many they are, or nothing where the first byte
/// stands for itself.
pub(super) fn rewritten(
    bytes: &[u8],
    rewrite: impl Fn(&[u8]) -> Option<(Vec<u8>, usize)>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        match rewrite(rest) {
            Some((written, length)) => {
                out.extend(written);
                rest = rest.get(length.max(1)..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

/// The digit's value.
pub(super) fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_escape_stays() {
        assert_eq!(unescaped(b"%41%4+%", true), b"A%4 %");
        assert_eq!(unescaped(b"a+b", false), b"a+b");
        assert_eq!(unbackslashed(br#"\x22\"\xZ\u4e2d\"#), "\"\"\\xZ中\\".as_bytes());
        assert_eq!(unentitied(b"&amp;&#039;&#x4E2D;&nope;&"), "&'中&nope;&".as_bytes());
        assert_eq!(entitied(b"<'>", Some("&#039;")), b"&lt;&#039;&gt;");
        assert_eq!(replaced(b"a\\/b", b"\\/", b"/"), b"a/b");
    }
}
