//! An HTTP message with its first line, headers and body.

use super::wire::{beside, has_scheme, has_sign, query};
use super::{Read, without_line_ending};
use crate::params::Params;
use crate::protocol::headers::{self, HeaderProtocol, Piece, Scheme};

/// More header lines than any message has are not looked for.
const MOST_HEADERS: usize = 256;

/// An HTTP message as it was captured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Http {
    /// The method. Empty where it was not captured, as with a reply.
    pub method: Vec<u8>,
    /// What stands behind the method, likewise.
    pub path: Vec<u8>,
    /// Whether the message says which of the two it is: a reply, or a request.
    pub is_reply: Option<bool>,
    /// The headers.
    pub headers: Params,
    /// The body, without one line ending at its end.
    pub body: Vec<u8>,
    /// That line ending, which may be the body's or that of the file.
    pub line_ending: Vec<u8>,
}

impl Http {
    /// The protocol and the kind of message whose headers these are, where its signature stands in a header.
    ///
    /// ```
    /// use alipay_conformance::explain::capture::capture;
    /// use alipay_conformance::protocol::headers::WECHATPAY_V3;
    ///
    /// let message = capture(b"HTTP/1.1 200 OK\nWechatpay-Signature: eA==\n\n{}", None)?.http.unwrap();
    /// assert_eq!(message.signed_as(None), Some((&WECHATPAY_V3, WECHATPAY_V3.reply)));
    /// # Ok::<(), alipay_conformance::explain::capture::CaptureError>(())
    /// ```
    #[must_use]
    pub fn signed_as(
        &self,
        protocol: Option<&HeaderProtocol>,
    ) -> Option<(&'static HeaderProtocol, Scheme)> {
        let protocols = headers::ALL.iter();
        let kinds = protocols.filter(|other| protocol.is_none_or(|it| it.id == other.id)).flat_map(
            |protocol| {
                let notify = protocol.notify.map(|scheme| (protocol, scheme, false));
                let both = [(protocol, protocol.request, false), (protocol, protocol.reply, true)];
                both.into_iter().chain(notify)
            },
        );
        let judged = kinds.map(|(protocol, scheme, is_reply)| {
            let is_so = self.is_reply.is_none_or(|it| it == is_reply);
            let (carries, there) = self.marks(&scheme);
            ((carries, is_so, there), protocol, scheme)
        });
        // Of equals the first.
        let best = judged.rev().max_by_key(|(marks, ..)| *marks)?;
        let ((carries, _, there), kind, scheme) = best;
        (carries || there > 0 || protocol.is_some()).then_some((kind, scheme))
    }

    /// What speaks for a scheme: the header with the signature, and how many others that are signed. Without the first
    /// these count only if they are all there.
    fn marks(&self, scheme: &Scheme) -> (bool, usize) {
        let carrier = scheme.carrier;
        let first_word = |text: &'static str| text.split('-').next().unwrap_or_default();
        let begins = first_word(carrier.begins).as_bytes();
        let item = carrier.signature.filter(|_| begins.is_empty());
        let carries = self.all(carrier.header).any(|value| {
            let has = |name: &str| memchr::memmem::find(value, name.as_bytes()).is_some();
            let start = value.get(..begins.len());
            let is_begun = start.is_some_and(|start| start.eq_ignore_ascii_case(begins));
            // The name of the scheme may be what is missing.
            let is_whole = !begins.is_empty() && carrier.required.iter().all(|name| has(name));
            (is_begun || is_whole) && item.is_none_or(has)
        });
        let signed = || {
            scheme.pieces().filter_map(|piece| match piece {
                Piece::Header(name) => Some(name),
                _ => None,
            })
        };
        let there = signed().filter(|name| self.all(name).next().is_some()).count();
        let counts = carries || there == signed().count();
        (carries, if counts { there } else { 0 })
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let is_it = move |pair: &(&[u8], &[u8])| pair.0.eq_ignore_ascii_case(name.as_bytes());
        self.headers.iter().filter(is_it).map(|(_, value)| value)
    }

    /// The value of the first header of this name.
    pub(in crate::explain) fn header(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// How many bytes the body has by its header.
    pub(in crate::explain) fn announced(&self) -> Option<u64> {
        std::str::from_utf8(self.header("content-length")?).ok()?.parse().ok()
    }

    pub(super) fn add(&mut self, line: &[u8]) -> bool {
        let Some(colon) = memchr::memchr(b':', line).filter(|at| *at > 0) else { return false };
        let (name, value) = line.split_at_checked(colon).unwrap_or_default();
        let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        let is_header = name.iter().all(is_token) && self.headers.len() < MOST_HEADERS;
        if is_header {
            self.headers.push(name, value);
        }
        is_header
    }
}

/// The method and address of a request's first line.
pub(super) fn request_line(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut words = line.split(|byte| *byte == b' ');
    let (method, address, version) = (words.next()?, words.next()?, words.next()?);
    let is_method = !method.is_empty() && method.iter().all(u8::is_ascii_uppercase);
    (is_method && version.starts_with(b"HTTP/")).then_some((method, address))
}

/// A request, a reply, or the headers of one of them that are signed.
pub(super) fn read(bytes: &[u8]) -> Option<Read> {
    let mut rest = bytes.trim_ascii_start();
    let first = line(&mut rest);
    let mut http = Http::default();
    if let Some((method, address)) = request_line(first) {
        http.method = method.to_vec();
        http.path = address.to_vec();
        http.is_reply = Some(false);
    } else if first.starts_with(b"HTTP/") {
        http.is_reply = Some(true);
    } else if !http.add(first) {
        return None;
    }
    while !rest.is_empty() {
        let line = line(&mut rest);
        if line.is_empty() {
            break;
        }
        http.add(line);
    }
    let body = without_line_ending(rest);
    http.body = body.to_vec();
    http.line_ending = rest.get(body.len()..).unwrap_or_default().to_vec();
    let signed = http.signed_as(None).is_some();
    match http.is_reply {
        // Headers alone are a message where they are signed ones.
        None if !signed => None,
        _ => Some(http.into_read(signed)),
    }
}

impl Http {
    /// What is signed in a header has no parameters; what has a parameter `sign` is not, whatever its headers.
    pub(super) fn into_read(self, is_signed: bool) -> Read {
        let read = beside(query(&self.path), Some(&self.body));
        let read = if is_signed && !has_sign(&read) { Read::default() } else { read };
        Read { http: Some(self), ..read }
    }
}

/// The next line, without its end.
fn line<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let line = rest.get(..end).unwrap_or_default();
    *rest = rest.get(end + 1..).unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Path and query of an address, as they are sent.
pub(in crate::explain) fn path_of(address: &[u8]) -> &[u8] {
    let end = memchr::memchr(b'#', address).unwrap_or(address.len());
    let address = address.get(..end).unwrap_or_default();
    if !has_scheme(address) {
        return address;
    }
    let host = memchr::memmem::find(address, b"://").map_or(0, |at| at + 3);
    let rest = address.get(host..).unwrap_or_default();
    match rest.iter().position(|byte| b"/?".contains(byte)) {
        Some(at) => rest.get(at..).unwrap_or_default(),
        None => b"/",
    }
}
