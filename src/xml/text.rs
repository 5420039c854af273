//! The characters of XML: what a name is made of, and what text may hold.

/// Whether it is a name of XML without a colon, which would call for a namespace.
///
/// ```
/// use alipay_conformance::xml::is_name;
///
/// assert!(is_name("coupon_fee_0") && is_name("名称"));
/// assert!(!is_name("0") && !is_name("a b") && !is_name("a:b") && !is_name(""));
/// ```
#[must_use]
pub fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(begins_name) && characters.all(continues_name)
}

/// Whether XML has the character. It has no control characters but tab, line feed and carriage return.
///
/// ```
/// use alipay_conformance::xml::is_character;
///
/// assert!(is_character('\r') && is_character('😀'));
/// assert!(!is_character('\0') && !is_character('\u{FFFE}'));
/// ```
#[must_use]
pub fn is_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

fn begins_name(character: char) -> bool {
    matches!(character,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn continues_name(character: char) -> bool {
    begins_name(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Where the first character stands that XML has not.
pub(super) fn foreign_character(text: &str) -> Option<(usize, char)> {
    // All but a few texts are settled by their bytes: EF begins what is no character, and much else.
    let is_plain = |byte: u8| byte >= b' ' && byte != 0xEF || matches!(byte, b'\t' | b'\n' | b'\r');
    if text.bytes().all(is_plain) {
        return None;
    }
    text.char_indices().find(|(_, character)| !is_character(*character))
}
