//! A body, and a URL.

use super::{LIMITS, Read, Remark, without_line_ending};
use crate::explain::escape;
use crate::form;
use crate::params::Params;

/// Any bytes are a body. What the rules refuse is kept as other decoders keep it.
pub(super) fn body(bytes: &[u8]) -> Read {
    decoded(without_line_ending(bytes))
}

pub(super) fn decoded(bytes: &[u8]) -> Read {
    let mut params = Params::new();
    match form::decode_into(bytes, LIMITS, &mut params) {
        Ok(()) => Read { params, ..Read::default() },
        Err(error) => {
            let segments = bytes.split(|byte| *byte == b'&').filter(|segment| !segment.is_empty());
            let params = segments
                .map(|segment| {
                    let equals = memchr::memchr(b'=', segment);
                    let (name, value) = segment
                        .split_at_checked(equals.unwrap_or(segment.len()))
                        .unwrap_or_default();
                    let value = value.strip_prefix(b"=").unwrap_or(value);
                    (escape::unescaped(name, true), escape::unescaped(value, true))
                })
                .collect();
            Read { params, remarks: vec![Remark::MalformedEscape(error)], ..Read::default() }
        }
    }
}

/// What stands between the first `?` of an address and its `#`.
pub(super) fn url(bytes: &[u8]) -> Option<Read> {
    let bytes = bytes.trim_ascii();
    let is_url = bytes.starts_with(b"?") || has_scheme(bytes) || is_path(bytes);
    query(bytes).filter(|_| is_url).map(decoded)
}

pub(super) fn query(address: &[u8]) -> Option<&[u8]> {
    let (_, query) = address.split_at_checked(memchr::memchr(b'?', address)? + 1)?;
    query.get(..memchr::memchr(b'#', query).unwrap_or(query.len()))
}

pub(super) fn has_scheme(bytes: &[u8]) -> bool {
    [&b"http://"[..], b"https://"].iter().any(|scheme| {
        bytes.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

/// `/return?…`
fn is_path(bytes: &[u8]) -> bool {
    let before_query = bytes.split(|byte| *byte == b'?').next().unwrap_or_default();
    bytes.starts_with(b"/") && !before_query.iter().any(|byte| b"=& \n".contains(byte))
}

/// The message of a request: its body if it has one, otherwise its query.
pub(super) fn beside(query: Option<&[u8]>, body: Option<&[u8]>) -> Read {
    let body = body.filter(|body| !body.is_empty()).map(decoded);
    let query = query.map(decoded);
    match (query, body) {
        (Some(query), Some(mut body))
            if body.params.get(b"sign").is_some() || !has_sign(&query) =>
        {
            let names: Vec<_> = query.params.iter().map(|(name, _)| name.to_vec()).collect();
            if !names.is_empty() {
                body.remarks.push(Remark::QueryBesideBody(names));
            }
            body
        }
        (Some(query), _) => query,
        (None, body) => body.unwrap_or_default(),
    }
}

pub(super) fn has_sign(read: &Read) -> bool {
    read.params.get(b"sign").is_some()
}
