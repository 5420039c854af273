//! The header with the signature: written, and read.

use std::borrow::Cow;

use super::error::HeaderError;
use super::message::{MAX_ITEMS, MAX_VALUE, Message};
use crate::form;
use crate::params::Params;

/// The header with the signature: the signature alone, or items with commas between them, of which it is one.
///
/// ```
/// use alipay_conformance::params::Params;
/// use alipay_conformance::protocol::headers::{ANTOM, Message};
///
/// let carrier = ANTOM.reply.carrier;
/// let headers = [("Signature", "algorithm=RSA256, keyVersion=1, signature=a%2Bb%3D")];
/// let headers: Params = headers.into_iter().collect();
/// let message = Message { method: b"POST", path: b"/pay", headers: &headers, body: b"" };
/// let received = carrier.read(&message)?;
/// assert_eq!(*received.items, *b"algorithm=RSA256, keyVersion=1");
/// assert_eq!(*carrier.read_signature(received.signature)?, *b"a+b=");
///
/// let items: Params = [("algorithm", "RSA256"), ("keyVersion", "1")].into_iter().collect();
/// let written = carrier.write(&carrier.write_items(&items)?, &carrier.write_signature("a+b="));
/// assert_eq!(written, b"algorithm=RSA256,keyVersion=1,signature=a%2Bb%3D");
///
/// let headers: Params = [("signature", "algorithm=HMAC,signature=x")].into_iter().collect();
/// let error = carrier.read(&Message { headers: &headers, ..message }).unwrap_err();
/// assert_eq!(error.to_string(), r#"the message's algorithm is "HMAC": expected RSA256"#);
/// # Ok::<(), alipay_conformance::protocol::headers::HeaderError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Carrier {
    /// The header's name.
    pub header: &'static str,
    /// What its value begins with.
    pub begins: &'static str,
    /// The item that holds the signature; nothing where the value is the signature.
    pub signature: Option<&'static str>,
    /// The items that must be there beside it.
    pub required: &'static [&'static str],
    /// The item that names the algorithm, where there is one, and the name it must have, in any case.
    pub algorithm: Option<(&'static str, &'static str)>,
    /// Whether the signature is escaped as in a form: its base64 may hold `+`, `/` and `=`.
    pub escaped: bool,
    /// Whether each item's value stands in quotation marks.
    pub quoted: bool,
    /// Whether the signature may stand anywhere among the items; otherwise it is the last.
    pub any_order: bool,
}

/// What the header with the signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received<'a> {
    /// What stands beside the signature, without its comma.
    pub items: Cow<'a, [u8]>,
    /// The signature, as it stands there.
    pub signature: &'a [u8],
}

impl Carrier {
    /// A header that holds the signature alone.
    pub(super) const fn alone(header: &'static str) -> Self {
        Self {
            header,
            begins: "",
            signature: None,
            required: &[],
            algorithm: None,
            escaped: false,
            quoted: false,
            any_order: false,
        }
    }

    /// Reads the header of a message.
    ///
    /// Blanks may follow a comma, as in the documents of Antom. Items of any other name may stand there.
    ///
    /// # Errors
    /// The header is not there once, or has not the form it must have.
    pub fn read<'a>(&self, message: &Message<'a>) -> Result<Received<'a>, HeaderError> {
        let header = self.header;
        let missing = HeaderError::NoSignature { header };
        let value = message.decisive(header)?.ok_or(missing.clone())?;
        let begins = self.begins.as_bytes();
        let Some(rest) = value.strip_prefix(begins) else {
            return Err(HeaderError::Begins { header, expected: self.begins });
        };
        let Some(signature_name) = self.signature else {
            return Ok(Received { items: Cow::Borrowed(b""), signature: rest });
        };

        // So few that looking through them for each costs nothing.
        if rest.iter().filter(|byte| **byte == b',').count() >= MAX_ITEMS {
            return Err(HeaderError::TooManyItems { header });
        }
        let mut names: Vec<&[u8]> = Vec::new();
        let mut received = None;
        let mut offset = 0;
        for segment in rest.split(|byte| *byte == b',') {
            if received.is_some() && !self.any_order {
                return Err(HeaderError::SignatureNotLast { header });
            }
            let no_item = HeaderError::NoItem { header, offset: begins.len() + offset };
            let (name, item_value) = self.split_item(segment).ok_or(no_item)?;
            if names.contains(&name) {
                return Err(HeaderError::RepeatedItem { header });
            }
            names.push(name);
            if name == signature_name.as_bytes() {
                let items = without(rest, offset, segment.len());
                received = Some(Received { items, signature: item_value });
            } else {
                self.check_item(name, item_value)?;
            }
            offset += segment.len() + 1;
        }
        let required = |name: &&&str| !names.contains(&name.as_bytes());
        if let Some(name) = self.required.iter().find(required) {
            return Err(HeaderError::Missing { name });
        }
        received.filter(|received| !received.signature.is_empty()).ok_or(missing)
    }

    /// The value of an item among those that stand beside the signature.
    #[must_use]
    pub fn item<'a>(&self, items: &'a [u8], name: &str) -> Option<&'a [u8]> {
        let mut items = items.split(|byte| *byte == b',').filter_map(|item| self.split_item(item));
        items.find(|(other, _)| *other == name.as_bytes()).map(|(_, value)| value)
    }

    /// Name and value of what stands between two commas.
    fn split_item<'a>(&self, segment: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let item = without_blanks_before(segment);
        let equals = item.iter().position(|byte| *byte == b'=').filter(|at| *at > 0)?;
        let (name, value) = (item.get(..equals)?, item.get(equals + 1..)?);
        if !self.quoted {
            return Some((name, value));
        }
        let value = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        (!value.contains(&b'"')).then_some((name, value))
    }

    fn check_item(&self, name: &[u8], value: &[u8]) -> Result<(), HeaderError> {
        if let Some(required) = self.required.iter().find(|required| required.as_bytes() == name)
            && value.is_empty()
        {
            return Err(HeaderError::Missing { name: required });
        }
        match self.algorithm {
            Some((item, expected))
                if item.as_bytes() == name && !value.eq_ignore_ascii_case(expected.as_bytes()) =>
            {
                Err(HeaderError::OtherAlgorithm { expected, got: value.to_vec() })
            }
            _ => Ok(()),
        }
    }

    /// The items as they are written, signed and sent.
    ///
    /// # Errors
    /// An item is not there, stands twice, or cannot be written.
    pub fn write_items(&self, items: &Params) -> Result<Vec<u8>, HeaderError> {
        let header = self.header;
        if self.signature.is_none() && !items.is_empty() {
            return Err(HeaderError::Unwritable { header, index: 0 });
        }
        if items.len() >= MAX_ITEMS {
            return Err(HeaderError::TooManyItems { header });
        }
        let mut text = Vec::new();
        for (index, pair) in items.pairs().enumerate() {
            let is_name = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b',' | b'=');
            let ends = |byte: u8| byte == b',' || (self.quoted && byte == b'"');
            let is_value = |byte: &u8| !byte.is_ascii_control() && !ends(*byte);
            let name = pair.name();
            let is_writable = !name.is_empty() && name.iter().all(is_name);
            if !is_writable || !pair.value().iter().all(is_value) {
                return Err(HeaderError::Unwritable { header, index });
            }
            let is_signature = self.signature.is_some_and(|other| other.as_bytes() == name);
            if is_signature || items.get_all(name).nth(1).is_some() {
                return Err(HeaderError::RepeatedItem { header });
            }
            self.check_item(name, pair.value())?;
            if index > 0 {
                text.push(b',');
            }
            self.write_item(name, pair.value(), &mut text);
            if text.len() > MAX_VALUE {
                return Err(HeaderError::TooLong { name: header, bytes: text.len() });
            }
        }
        let missing = |name: &&&str| items.get(name.as_bytes()).is_none();
        match self.required.iter().find(missing) {
            Some(name) => Err(HeaderError::Missing { name }),
            None => Ok(text),
        }
    }

    /// The signature as it stands in the header.
    #[must_use]
    pub fn write_signature(&self, base64: &str) -> String {
        if self.escaped { form::escape_text(base64.as_bytes()) } else { base64.to_owned() }
    }

    /// The header's value.
    #[must_use]
    pub fn write(&self, items: &[u8], signature: &str) -> Vec<u8> {
        let mut value = [self.begins.as_bytes(), items].concat();
        if let Some(name) = self.signature {
            if !items.is_empty() {
                value.push(b',');
            }
            self.write_item(name.as_bytes(), signature.as_bytes(), &mut value);
        } else {
            value.extend_from_slice(signature.as_bytes());
        }
        value
    }

    fn write_item(&self, name: &[u8], value: &[u8], out: &mut Vec<u8>) {
        let quote: &[u8] = if self.quoted { b"\"" } else { b"" };
        for part in [name, b"=", quote, value, quote] {
            out.extend_from_slice(part);
        }
    }

    /// The base64 of a signature as it stands in the header.
    ///
    /// # Errors
    /// Its escapes are broken.
    pub fn read_signature<'a>(&self, written: &'a [u8]) -> Result<Cow<'a, [u8]>, HeaderError> {
        if !self.escaped {
            return Ok(Cow::Borrowed(written));
        }
        form::unescape_text(written).map(Cow::Owned).map_err(HeaderError::Escape)
    }
}

/// The items but for the one of that length at that place, and one comma fewer.
fn without(items: &[u8], at: usize, length: usize) -> Cow<'_, [u8]> {
    let before = items.get(..at.saturating_sub(1)).unwrap_or_default();
    let after = items.get(at + length + 1..).unwrap_or_default();
    match (before, after) {
        (before, []) => Cow::Borrowed(before),
        ([], after) => Cow::Borrowed(after),
        _ => Cow::Owned([before, after].join(&b',')),
    }
}

fn without_blanks_before(segment: &[u8]) -> &[u8] {
    let blanks = segment.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    segment.get(blanks..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn an_item_goes_with_one_comma() {
        for (items, at, length, rest) in [
            ("s=1,a=2,b=3", 0, 3, "a=2,b=3"),
            ("a=2,s=1,b=3", 4, 3, "a=2,b=3"),
            ("a=2,b=3,s=1", 8, 3, "a=2,b=3"),
            ("s=1", 0, 3, ""),
        ] {
            assert_eq!(*without(items.as_bytes(), at, length), *rest.as_bytes(), "{items}");
        }
    }
}
