//! Laws of signatures that stand in a header.

use std::num::NonZeroU8;

use crate::law::violation::{Law, Outcome, Side, Stop, check};
use crate::params::Params;
use crate::protocol::headers::{
    Carrier, HeaderError, HeaderPipeline, MAX_HEADERS, Message, Piece, Scratch,
};
use crate::signature::{SignType, SigningKey};

/// [`Law::SignedHeaderIsAccepted`]: signs, puts the header to the others, and verifies.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with what came instead of acceptance, or with both strings.
pub fn signed_header_is_accepted(
    pipeline: &HeaderPipeline,
    message: &Message<'_>,
    items: &Params,
    key: &SigningKey,
) -> Outcome {
    const LAW: Law = Law::SignedHeaderIsAccepted;
    check(|| {
        let mut scratch = Scratch::new();
        let headers = signed(pipeline, message, items, key, &mut scratch)?;
        let expected = Side::new("signing", scratch.string_to_sign());
        match verified(pipeline, &Message { headers: &headers, ..*message }, key, &mut scratch) {
            Ok(()) => LAW.same(expected, Side::new("verifying", scratch.string_to_sign())),
            Err(error) => Err(LAW.violated(
                Side::new("the law", "acceptance"),
                Side::new("verifying", error.to_string()),
            )),
        }
    })
}

/// [`Law::HeaderEditIsRefused`]: of the part of that number, of those that are signed, one byte is changed.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with the string to sign that was accepted.
pub fn header_edit_is_refused(
    pipeline: &HeaderPipeline,
    message: &Message<'_>,
    items: &Params,
    key: &SigningKey,
    (part, at, change): (usize, usize, NonZeroU8),
) -> Outcome {
    const LAW: Law = Law::HeaderEditIsRefused;
    check(|| {
        let mut scratch = Scratch::new();
        let headers = signed(pipeline, message, items, key, &mut scratch)?;
        let string = Side::new("signing", scratch.string_to_sign());
        let carrier = pipeline.scheme.carrier;
        let parts = pipeline.scheme.pieces().filter(|piece| match piece {
            Piece::Text(_) => false,
            Piece::OptionalHeader(name) => message.header(name).is_some(),
            _ => true,
        });
        let parts: Vec<Piece> = parts.collect();
        let part = parts.get(part % parts.len().max(1)).copied();

        let edited = |bytes: &[u8]| edited(bytes, at, change);
        let header = |wanted: &str, edited: &dyn Fn(&[u8]) -> Vec<u8>| -> Params {
            headers.iter().fold(Params::new(), |mut headers, (name, value)| {
                let is_wanted = name.eq_ignore_ascii_case(wanted.as_bytes());
                headers.push(name, &if is_wanted { edited(value) } else { value.to_vec() });
                headers
            })
        };
        let (mut method, mut path) = (message.method.to_vec(), message.path.to_vec());
        let (mut body, mut headers) = (message.body.to_vec(), headers.clone());
        match part {
            Some(Piece::Method) => method = edited(&method),
            Some(Piece::Path) => path = edited(&path),
            Some(Piece::Body) => body = edited(&body),
            Some(Piece::Items) => headers = header(carrier.header, &edited),
            Some(Piece::Item(name)) => {
                headers = header(carrier.header, &|value| with_item(&carrier, value, name, edited));
            }
            Some(Piece::Header(name) | Piece::OptionalHeader(name)) => {
                headers = header(name, &edited);
            }
            Some(Piece::Text(_)) | None => {
                return Err(Stop::not_applicable("nothing is signed"));
            }
        }
        let message = Message { method: &method, path: &path, headers: &headers, body: &body };
        match verified(pipeline, &message, key, &mut scratch) {
            Err(_) => Ok(()),
            Ok(()) => Err(LAW.violated(string, Side::new("accepting", scratch.string_to_sign()))),
        }
    })
}

/// One byte changed; added, where there is none.
fn edited(bytes: &[u8], at: usize, change: NonZeroU8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let length = bytes.len().max(1);
    match bytes.get_mut(at % length) {
        Some(byte) => *byte ^= change.get(),
        None => bytes.push(change.get()),
    }
    bytes
}

/// The header with one of its items changed, as it was written: without blanks.
fn with_item(
    carrier: &Carrier,
    value: &[u8],
    name: &str,
    edited: impl Fn(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let (begins, name) = (carrier.begins.as_bytes(), [name.as_bytes(), b"="].concat());
    let items = value.strip_prefix(begins).unwrap_or(value).split(|byte| *byte == b',');
    let items = items.map(|item| match item.strip_prefix(&*name) {
        Some(value) => [name.as_slice(), &edited(value)].concat(),
        None => item.to_vec(),
    });
    [begins, &items.collect::<Vec<_>>().join(&b',')].concat()
}

/// The headers of the message, with the one that signs it.
fn signed(
    pipeline: &HeaderPipeline,
    message: &Message<'_>,
    items: &Params,
    key: &SigningKey,
    scratch: &mut Scratch,
) -> Result<Params, Stop> {
    if message.headers.len() >= MAX_HEADERS {
        return Err(Stop::not_applicable("no room for one more header"));
    }
    let signed = pipeline.sign(message, items, sign_type(pipeline), key, scratch);
    let signed = signed.map_err(|error| Stop::not_applicable(error.to_string()))?;
    let others = message.headers.iter();
    let others = others.filter(|(name, _)| !name.eq_ignore_ascii_case(signed.name.as_bytes()));
    let mut headers: Params = others.collect();
    headers.push(signed.name.as_bytes(), &signed.value);
    Ok(headers)
}

fn verified(
    pipeline: &HeaderPipeline,
    message: &Message<'_>,
    key: &SigningKey,
    scratch: &mut Scratch,
) -> Result<(), HeaderError> {
    pipeline.verify(message, sign_type(pipeline), &key.verifying_key(), scratch)
}

fn sign_type(pipeline: &HeaderPipeline) -> SignType {
    pipeline.scheme.sign_types.first().copied().unwrap_or(SignType::Rsa2)
}
