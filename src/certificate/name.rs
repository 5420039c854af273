//! A distinguished name as text.

use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::{Encode as _, Tag, Tagged as _};
use x509_cert::name::Name;

use super::CertificateError;

/// The types that RFC 2253, section 2.3, gives a keyword; any other is written as its numbers.
const KEYWORDS: [(&str, &str); 9] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
];

/// The last part first, as RFC 2253 wants it.
pub(super) fn text(name: &Name) -> Result<String, CertificateError> {
    let mut parts = Vec::with_capacity(name.0.len());
    for part in name.0.iter().rev() {
        let attributes = part.0.iter().map(attribute).collect::<Result<Vec<_>, _>>()?;
        parts.push(attributes.join("+"));
    }
    Ok(parts.join(","))
}

fn attribute(attribute: &AttributeTypeAndValue) -> Result<String, CertificateError> {
    let oid = attribute.oid.to_string();
    let unreadable = || CertificateError::Name { attribute: oid.clone() };
    let Some((_, keyword)) = KEYWORDS.iter().find(|(number, _)| *number == oid) else {
        // Without a keyword nobody knows how to write the value: its DER stands for it, in hex.
        let der = attribute.value.to_der().map_err(|_| unreadable())?;
        let digits: String = der.iter().map(|byte| format!("{byte:02x}")).collect();
        return Ok(format!("{oid}=#{digits}"));
    };
    match attribute.value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::TeletexString => {
            let value = std::str::from_utf8(attribute.value.value()).map_err(|_| unreadable())?;
            Ok(format!("{keyword}={}", escaped(value)))
        }
        _ => Err(unreadable()),
    }
}

/// RFC 2253 asks for `=` to stay and for `#` to be escaped in front only; Java escapes both everywhere, and the serial
/// numbers are made with Java.
fn escaped(value: &str) -> String {
    let is_blank = |character: char| matches!(character, ' ' | '\r');
    let start = value.len() - value.trim_start_matches(is_blank).len();
    let end = value.trim_end_matches(is_blank).len();
    let mut text = String::with_capacity(value.len());
    for (at, character) in value.char_indices() {
        match character {
            '\0' => text.push_str("\\00"),
            ',' | '=' | '+' | '<' | '>' | '#' | ';' | '"' | '\\' => text.extend(['\\', character]),
            _ if at < start || at >= end => text.extend(['\\', character]),
            _ => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn characters_are_escaped_as_java_escapes_them() {
        for (value, text) in [
            ("a\0b", "a\\00b"),
            (" \r a b \r", "\\ \\\r\\ a b\\ \\\r"),
            ("  ", "\\ \\ "),
            ("#a=1", "\\#a\\=1"),
            ("支付宝", "支付宝"),
        ] {
            assert_eq!(escaped(value), text, "{value:?}");
        }
    }
}
