//! [`Params`]: an ordered list of byte pairs, duplicates kept.
//!
//! Every message of the protocols is such a list, in the bytes and the order in which it was given or came
//! over the wire. Nothing is merged or sorted here: what a protocol makes of a duplicate is a rule of that
//! protocol.

use std::fmt;

use crate::charset::{Charset, CharsetError, Place};

/// An ordered list of `(name, value)` byte pairs, in the charset of the wire.
///
/// All pairs live in one buffer, each written as `name=value`, the form in which it is later signed. A list
/// that is cleared and filled again allocates nothing once the buffer has grown to the size of its messages.
///
/// ```
/// use alipay_conformance::params::Params;
///
/// let mut params = Params::new();
/// params.push(b"total_fee", b"0.01");
/// params.push(b"body", b"");
/// assert_eq!(params.get(b"total_fee"), Some(&b"0.01"[..]));
/// assert_eq!(params.len(), 2);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params {
    bytes: Vec<u8>,
    spans: Vec<Span>,
}

/// Where one pair stands in the buffer: `start..equals` is the name, `equals + 1..end` the value.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Span {
    start: usize,
    equals: usize,
    end: usize,
}

/// One pair of a [`Params`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Pair<'a> {
    written: &'a [u8],
    name_length: usize,
}

impl<'a> Pair<'a> {
    /// The name's bytes.
    #[must_use]
    pub fn name(self) -> &'a [u8] {
        self.written.get(..self.name_length).unwrap_or_default()
    }

    /// The value's bytes.
    #[must_use]
    pub fn value(self) -> &'a [u8] {
        self.written.get(self.name_length + 1..).unwrap_or_default()
    }

    /// The pair as it is signed: name, `=`, value, with nothing quoted or escaped.
    #[must_use]
    pub fn written(self) -> &'a [u8] {
        self.written
    }
}

impl Params {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a pair.
    pub fn push(&mut self, name: &[u8], value: &[u8]) {
        self.bytes.extend_from_slice(name);
        let equals = self.end_name();
        self.bytes.extend_from_slice(value);
        self.end_value(equals);
    }

    /// Removes all pairs and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.spans.clear();
    }

    /// How many pairs there are, duplicates counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is no pair.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The pair at a position, counted from 0.
    #[must_use]
    pub fn pair(&self, index: usize) -> Option<Pair<'_>> {
        self.spans.get(index).map(|span| self.at(*span))
    }

    /// The pairs in their order.
    pub fn pairs(&self) -> impl ExactSizeIterator<Item = Pair<'_>> {
        self.spans.iter().map(|span| self.at(*span))
    }

    /// The pairs in their order, as `(name, value)`.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&[u8], &[u8])> {
        self.pairs().map(|pair| (pair.name(), pair.value()))
    }

    /// The value of the first pair with exactly this name.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<&[u8]> {
        self.get_all(name).next()
    }

    /// The values of all pairs with exactly this name, in their order.
    pub fn get_all(&self, name: &[u8]) -> impl Iterator<Item = &[u8]> {
        self.pairs().filter(move |pair| pair.name() == name).map(Pair::value)
    }

    /// Text pairs as bytes of a charset.
    ///
    /// # Errors
    /// The first name or value that the charset cannot write, with the byte offset in the text.
    ///
    /// ```
    /// use alipay_conformance::{charset::Charset, params::Params};
    ///
    /// let params = Params::encode([("subject", "中文")], Charset::Gbk)?;
    /// assert_eq!(params.get(b"subject"), Some(&b"\xD6\xD0\xCE\xC4"[..]));
    /// # Ok::<(), alipay_conformance::charset::CharsetError>(())
    /// ```
    pub fn encode<N, V>(
        pairs: impl IntoIterator<Item = (N, V)>,
        charset: Charset,
    ) -> Result<Self, CharsetError>
    where
        N: AsRef<str>,
        V: AsRef<str>,
    {
        let mut params = Self::new();
        for (name, value) in pairs {
            let (name, value) = (name.as_ref(), value.as_ref());
            let name_bytes =
                charset.encode(name).map_err(|error| error.within(Place::Name, name))?;
            let value_bytes =
                charset.encode(value).map_err(|error| error.within(Place::Value, name))?;
            params.push(&name_bytes, &value_bytes);
        }
        Ok(params)
    }

    /// The pairs as text, decoded from a charset.
    ///
    /// # Errors
    /// The first name or value with bytes that are none of the charset's, with the byte offset in it.
    pub fn decode(&self, charset: Charset) -> Result<Vec<(String, String)>, CharsetError> {
        self.pairs()
            .map(|pair| {
                let shown = || String::from_utf8_lossy(pair.name()).into_owned();
                let name = charset
                    .decode(pair.name())
                    .map_err(|error| error.within(Place::Name, &shown()))?;
                let value = charset
                    .decode(pair.value())
                    .map_err(|error| error.within(Place::Value, &name))?;
                Ok((name.into_owned(), value.into_owned()))
            })
            .collect()
    }

    /// The unfinished pair's bytes, for decoders that write in place; [`end_name`](Self::end_name) and
    /// [`end_value`](Self::end_value) close its two halves.
    pub(crate) fn tail(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Returns where the `=` stands, for [`end_value`](Self::end_value).
    pub(crate) fn end_name(&mut self) -> usize {
        self.bytes.push(b'=');
        self.bytes.len() - 1
    }

    pub(crate) fn end_value(&mut self, equals: usize) {
        let start = self.spans.last().map_or(0, |span| span.end);
        self.spans.push(Span { start, equals, end: self.bytes.len() });
    }

    fn at(&self, span: Span) -> Pair<'_> {
        Pair {
            written: self.bytes.get(span.start..span.end).unwrap_or(b"="),
            name_length: span.equals - span.start,
        }
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.iter().map(|(name, value)| {
            (name.escape_ascii().to_string(), value.escape_ascii().to_string())
        });
        formatter.debug_list().entries(shown).finish()
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> FromIterator<(N, V)> for Params {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(pairs: T) -> Self {
        let mut params = Self::new();
        for (name, value) in pairs {
            params.push(name.as_ref(), value.as_ref());
        }
        params
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_duplicates() {
        let params: Params = [("b", "1"), ("a", "2"), ("b", "3")].into_iter().collect();
        let names: Vec<_> = params.iter().map(|(name, _)| name).collect();
        assert_eq!(names, [b"b", b"a", b"b"]);
        assert_eq!(params.get_all(b"b").collect::<Vec<_>>(), [b"1", b"3"]);
        assert_eq!((params.len(), params.is_empty(), Params::new().is_empty()), (3, false, true));
        assert_eq!(format!("{params:?}"), r#"[("b", "1"), ("a", "2"), ("b", "3")]"#);
    }

    #[test]
    fn a_value_may_hold_anything() {
        let mut params = Params::new();
        params.push(b"", b"=&\0\xFF");
        let pair = params.pair(0).unwrap();
        assert_eq!((pair.name(), pair.value()), (&b""[..], &b"=&\0\xFF"[..]));
        assert_eq!(pair.written(), b"==&\0\xFF");
    }

    #[test]
    fn cleared_memory_shows_nothing_of_the_last_message() {
        let mut params: Params = [("secret", "x")].into_iter().collect();
        params.clear();
        params.push(b"a", b"");
        assert_eq!(params.iter().collect::<Vec<_>>(), [(&b"a"[..], &b""[..])]);
    }
}
