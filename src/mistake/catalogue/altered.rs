//! Changed stages, questions and answers, from which the wrong implementations are made.

use crate::canonical::Selection;
use crate::charset::Charset;
use crate::form::{self, FormError, Limits};
use crate::params::{Pair, Params};
use crate::protocol::{Protocol, wire};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::suite::page;
use crate::vector::bytes::Bytes;
use crate::vector::case::Ask;
use crate::vector::input::{Input, TextPairs};
use crate::vector::operation::Operation;
use crate::vector::output::Output;

/// Names and values, as bytes.
pub(super) type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

pub(super) fn is_signing(ask: &Ask) -> bool {
    use Operation::{BuildForm, BuildOrderString, BuildRequest, Sign, StringToSign};
    matches!(ask.operation, StringToSign | Sign | BuildRequest | BuildForm | BuildOrderString)
}

pub(super) fn is_verifying(ask: &Ask) -> bool {
    matches!(ask.operation, Operation::VerifyNotify | Operation::VerifyReturn)
}

/// Whether a parameter is signed by the rules.
pub(super) fn is_signed(pair: Pair<'_>, excluded: &[&str]) -> bool {
    !pair.value().is_empty() && !is_excluded(pair, excluded)
}

pub(super) fn is_excluded(pair: Pair<'_>, excluded: &[&str]) -> bool {
    excluded.iter().any(|other| other.as_bytes() == pair.name())
}

pub(super) fn owned(params: &Params) -> Pairs {
    params.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect()
}

/// Decodes by the rules, then changes the pairs.
pub(super) fn decode_pairs(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
    alter: impl FnOnce(Pairs) -> Pairs,
) -> Result<(), FormError> {
    form::decode_into(message, limits, params)?;
    let altered = alter(owned(params));
    *params = altered.into_iter().collect();
    Ok(())
}

/// Decodes by the rules, then changes each value.
pub(super) fn decode_values(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
    alter: impl Fn(&[u8]) -> Vec<u8>,
) -> Result<(), FormError> {
    decode_pairs(message, limits, params, |pairs| {
        pairs.into_iter().map(|(name, value)| (name, alter(&value))).collect()
    })
}

/// Splits at `&` and at the first `=` by the rules, then reads names and values in another way.
pub(super) fn decode_text(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
    read: impl Fn(&[u8]) -> Vec<u8>,
) -> Result<(), FormError> {
    form::decode_into(message, limits, params)?;
    *params = segments(message, b'&').map(|(name, value)| (read(name), read(value))).collect();
    Ok(())
}

/// The segments of a message, each split at its first `=`.
pub(super) fn segments(message: &[u8], separator: u8) -> impl Iterator<Item = (&[u8], &[u8])> {
    let segments = message.split(move |byte| *byte == separator);
    segments.filter(|segment| !segment.is_empty()).map(|segment| {
        let mut halves = segment.splitn(2, |byte| *byte == b'=');
        (halves.next().unwrap_or_default(), halves.next().unwrap_or_default())
    })
}

/// Joins as the rules have it, each value changed.
pub(super) fn join_values(
    params: &Params,
    selection: &Selection,
    string: &mut Vec<u8>,
    alter: impl Fn(&[u8]) -> Vec<u8>,
) {
    join_pairs(params, selection, string, |pair| {
        [pair.name(), b"=", &alter(pair.value())].concat()
    });
}

/// Joins as the rules have it, each pair written in another way.
pub(super) fn join_pairs(
    params: &Params,
    selection: &Selection,
    string: &mut Vec<u8>,
    write: impl Fn(Pair<'_>) -> Vec<u8>,
) {
    let written: Vec<_> = selection.pairs(params).map(write).collect();
    *string = written.join(&b'&');
}

/// The question with other parameters to be signed.
pub(super) fn with_params(ask: &Ask, alter: impl FnOnce(&mut TextPairs)) -> Ask {
    let mut ask = ask.clone();
    if let Input::Params(params) | Input::Request { params, .. } = &mut ask.input {
        alter(params);
    }
    ask
}

/// The question with another message to be verified. One that cannot be decoded stays as it is.
pub(super) fn with_message(ask: &Ask, alter: impl FnOnce(Pairs) -> Pairs) -> Ask {
    let mut ask = ask.clone();
    if let Input::Message(Bytes(message)) = &mut ask.input
        && let Ok(params) = form::decode(message)
    {
        let altered: Params = alter(owned(&params)).into_iter().collect();
        *message = form::encode(&altered).into_bytes();
    }
    ask
}

/// The question under another charset.
pub(super) fn with_charset(ask: &Ask, charset: Charset) -> Ask {
    Ask { charset, ..ask.clone() }
}

/// The same request, its address written in another way.
pub(super) fn with_wire(mut answer: Answer, alter: impl FnOnce(&str) -> String) -> Answer {
    if let Answer::Value(output) = &mut answer
        && let Some(wire) = &mut output.wire
    {
        *wire = alter(wire);
    }
    answer
}

/// The same request, its page written in another way. What is not ASCII in it stays as it is.
pub(super) fn with_page(mut answer: Answer, alter: impl FnOnce(&[u8]) -> Vec<u8>) -> Answer {
    if let Answer::Value(output) = &mut answer
        && let Some(html) = &mut output.html
    {
        *html = alter(html);
    }
    answer
}

/// The same request, other parameters sent in address, form or order string than were signed.
pub(super) fn with_sent(ask: &Ask, mut answer: Answer, alter: impl FnOnce(&mut Pairs)) -> Answer {
    let gateway = match &ask.input {
        Input::Request { gateway, .. } => gateway.as_str(),
        _ => "",
    };
    if let Answer::Value(output) = &mut answer
        && let Some(sent) = sent(output, ask.charset)
    {
        let mut sent = owned(&sent);
        alter(&mut sent);
        let sent: Params = sent.into_iter().collect();
        if let Some(wire) = &mut output.wire {
            *wire = wire::url(gateway, &sent);
        }
        if let Some(order_string) = &mut output.order_string {
            *order_string = wire::order_string(&sent);
        }
        if let Some(html) = &mut output.html
            && let Some(protocol) = Protocol::from_id(&ask.protocol)
            && let Ok(page) = wire::html_form(&protocol, gateway, &sent, ask.charset)
        {
            *html = page;
        }
    }
    answer
}

fn sent(output: &Output, charset: Charset) -> Option<Params> {
    if let Some(wire) = &output.wire {
        let (_, query) = wire.split_once('?')?;
        return form::decode(query.as_bytes()).ok();
    }
    if let Some(order_string) = &output.order_string {
        return form::decode(order_string.as_bytes()).ok();
    }
    let html = charset.decode(output.html.as_ref()?).ok()?;
    let (_, form) = page::submitted(&html)?;
    Params::encode(form.fields, charset).ok()
}

/// What is signed by one question and sent by another.
pub(super) fn signed_and_sent(inner: &dyn Implementation, signed: &Ask, ask: &Ask) -> Answer {
    let other = inner.perform(signed);
    let Answer::Value(output) = &other else { return other };
    let signature = output.signature.clone().unwrap_or_default();
    let (string, sorted) = (output.string_to_sign.clone(), output.sorted.clone());
    let filtered = output.filtered.clone();
    if matches!(ask.operation, Operation::StringToSign | Operation::Sign) {
        return other;
    }
    let sent = with_sent(ask, inner.perform(ask), |sent| {
        for (name, value) in sent {
            if name == b"sign" {
                *value = signature.clone().into_bytes();
            }
        }
    });
    match sent {
        Answer::Value(output) => Answer::value(Output {
            filtered,
            sorted,
            string_to_sign: string,
            signature: Some(signature),
            ..*output
        }),
        other => other,
    }
}

/// The values converted; one that cannot be stays.
pub(super) fn converted(pairs: Pairs, from: Charset, to: Charset) -> Pairs {
    let convert = |value: Vec<u8>| {
        let text = from.decode(&value).ok()?.into_owned();
        Some(to.encode(&text).ok()?.into_owned())
    };
    pairs.into_iter().map(|(name, value)| (name, convert(value.clone()).unwrap_or(value))).collect()
}

/// Percent-decodes; a malformed escape stays.
pub(super) fn percent_decoded(text: &[u8], plus: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        let (byte, after) = match rest {
            [b'%', high, low, behind @ ..] => match hex(*high, *low) {
                Some(byte) => (byte, behind),
                None => (b'%', after),
            },
            [b'+', ..] => (plus, after),
            _ => (*first, after),
        };
        out.push(byte);
        rest = after;
    }
    out
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

/// Percent-encodes all but ASCII letters, digits and what `keep` says.
pub(super) fn percent_encoded(text: &[u8], keep: &[u8], lower: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 3);
    for byte in text {
        if byte.is_ascii_alphanumeric() || keep.contains(byte) {
            out.push(*byte);
        } else if lower {
            out.extend(format!("%{byte:02x}").into_bytes());
        } else {
            out.extend(format!("%{byte:02X}").into_bytes());
        }
    }
    out
}

/// As PHP's `urlencode`, Java's `URLEncoder` and browsers' forms have it.
pub(super) fn url_encoded(text: &[u8]) -> Vec<u8> {
    form_urlencoded::byte_serialize(text).collect::<String>().into_bytes()
}

/// Every `from` replaced, one after the other in this order.
pub(super) fn replaced(text: &[u8], replacements: &[(&str, &str)]) -> Vec<u8> {
    let mut text = text.to_vec();
    for (from, to) in replacements {
        text = replaced_once(&text, from.as_bytes(), to.as_bytes());
    }
    text
}

fn replaced_once(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest, from) {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before);
        out.extend_from_slice(to);
        rest = after.get(from.len()..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_escape_stays() {
        assert_eq!(percent_decoded(b"%41+%%4%G1%e4%", b' '), b"A %%4%G1\xE4%");
        assert_eq!(percent_decoded(b"a+b", b'+'), b"a+b");
    }

    #[test]
    fn only_what_is_kept_is_not_encoded() {
        assert_eq!(percent_encoded(b"a-/\xE4", b"-", true), b"a-%2f%e4");
        assert_eq!(percent_encoded(b"a-/\xE4", b"/", false), b"a%2D/%E4");
    }

    #[test]
    fn replacements_follow_each_other() {
        assert_eq!(replaced(b"a&b<", &[("&", "&amp;"), ("<", "&lt;")]), b"a&amp;b&lt;");
        assert_eq!(replaced(b"aaa", &[("aa", "b"), ("b", "c")]), b"ca");
    }
}
