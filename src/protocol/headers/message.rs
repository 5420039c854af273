//! An HTTP message, as far as its signature is concerned.

use std::fmt;

use super::error::HeaderError;
use crate::params::Params;

/// More headers than this are refused: servers take far fewer.
pub const MAX_HEADERS: usize = 1000;

/// A longer value of a header that matters is refused, in bytes: servers take no longer ones.
pub const MAX_VALUE: usize = 8192;

/// More items than this in the header with the signature are refused, the signature counted.
pub const MAX_ITEMS: usize = 32;

/// An HTTP message. It borrows everything.
///
/// Header names are compared in any case. Values are as an HTTP library hands them over, without the blanks around
/// them.
///
/// ```
/// use alipay_conformance::params::Params;
/// use alipay_conformance::protocol::headers::Message;
///
/// let headers: Params = [("Alipay-Nonce", "n1")].into_iter().collect();
/// let message = Message { method: b"GET", path: b"/v3/x?y=1", headers: &headers, body: b"" };
/// assert_eq!(message.header("alipay-nonce"), Some(&b"n1"[..]));
/// assert_eq!(format!("{message:?}"), r#"GET "/v3/x?…", headers ["Alipay-Nonce"], 0 bytes of body"#);
/// ```
#[derive(Clone, Copy)]
pub struct Message<'a> {
    /// The method; of a reply, that of its request.
    pub method: &'a [u8],
    /// Path and query; of a reply, those of its request.
    pub path: &'a [u8],
    /// The headers, in any order; those that do not matter may be among them.
    pub headers: &'a Params,
    /// The body.
    pub body: &'a [u8],
}

impl<'a> Message<'a> {
    /// The value of the first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let named = move |pair: &(&[u8], &[u8])| pair.0.eq_ignore_ascii_case(name.as_bytes());
        self.headers.iter().filter(named).map(|(_, value)| value)
    }

    /// The value of a header that decides something: there once at most, of a decent length, and no line of its own.
    /// An empty one counts as none.
    pub(super) fn decisive(&self, name: &'static str) -> Result<Option<&'a [u8]>, HeaderError> {
        let mut values = self.all(name);
        let value = values.next();
        if values.next().is_some() {
            return Err(HeaderError::Repeated { name });
        }
        let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(None) };
        if value.len() > MAX_VALUE {
            return Err(HeaderError::TooLong { name, bytes: value.len() });
        }
        no_control_byte(name, value)?;
        Ok(Some(value))
    }
}

/// Headers and queries hold tokens of access, and bodies are long.
impl fmt::Debug for Message<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> =
            self.headers.iter().map(|(name, _)| name.escape_ascii().to_string()).collect();
        let mut parts = self.path.splitn(2, |byte| *byte == b'?');
        let (path, query) = (parts.next().unwrap_or_default(), parts.next().map_or("", |_| "?…"));
        let (method, path) = (self.method.escape_ascii(), path.escape_ascii());
        let body = self.body.len();
        write!(formatter, "{method} \"{path}{query}\", headers {names:?}, {body} bytes of body")
    }
}

/// A line feed within a line would make two messages with one string to sign.
pub(super) fn no_control_byte(place: &'static str, bytes: &[u8]) -> Result<(), HeaderError> {
    match bytes.iter().position(u8::is_ascii_control) {
        Some(offset) => Err(HeaderError::ControlByte { place, offset }),
        None => Ok(()),
    }
}
