//! Compares two outputs stage by stage.

use crate::charset::Charset;
use crate::content::decrypt_field;
use crate::form::{self, Limits};
use crate::params::Params;
use crate::protocol::WECHATPAY_V2;
use crate::protocol::headers::{HeaderProtocol, Piece, Scheme};
use crate::protocol::wechatpay::reply::{Meaning, Reply, meaning_v2, meaning_v3};
use crate::signature::PrivateKey;
use crate::suite::answer::Answer;
use crate::suite::outcome::Difference;
use crate::suite::page;
use crate::vector::case::{Ask, KeyForm};
use crate::vector::input::{Input, TextPairs};
use crate::vector::operation::Operation;
use crate::vector::output::{HttpReply, Output};
use crate::xml;

/// The stage whose value is the operation's own; the others lead to it.
pub(crate) fn own_stage(operation: Operation) -> Option<&'static str> {
    Some(match operation {
        Operation::StringToSign => "string_to_sign",
        Operation::Sign => "signature",
        Operation::BuildRequest | Operation::NotifyIdUrl => "wire",
        Operation::BuildForm => "form",
        Operation::BuildOrderString => "order_string",
        Operation::SignRequest => "signature",
        Operation::BuildXml => "xml",
        Operation::BuildClientParams => "client_params",
        Operation::BuildReply => "reply",
        Operation::Decode => "decoded",
        Operation::Diagnose => "cause",
        Operation::Decide => "decision",
        Operation::ParseRefundResults => "items",
        Operation::Encrypt | Operation::Decrypt => "content",
        Operation::CertificateSn | Operation::RootCertificateSn => "sn",
        Operation::CheckRequest
        | Operation::VerifyNotify
        | Operation::VerifyReturn
        | Operation::VerifyResponse
        | Operation::VerifyCertificate
        | Operation::NotifyIdAnswer => return None,
    })
}

/// Whether a stage that is shown decides: the operation's own value, and the header that carries the signature of a
/// request, in which a right signature can be written so that nobody finds it.
pub(crate) fn decides(operation: Operation, stage: &str) -> bool {
    own_stage(operation) == Some(stage) || (operation, stage) == (Operation::SignRequest, "headers")
}

/// Whether two answers say the same, as far as an answer is judged: the operation's own value, or else acceptance or
/// refusal, for whatever reason. Where one of them says nothing, they do not.
pub(crate) fn say_the_same(ask: &Ask, one: &Answer, other: &Answer) -> bool {
    if is_refusal(one) || is_refusal(other) {
        return is_refusal(one) && is_refusal(other);
    }
    match (own_stage(ask.operation), one, other) {
        (Some(own), Answer::Value(one), Answer::Value(other)) => same_value(own, one, other, ask),
        (None, Answer::Accept(_) | Answer::Value(_), Answer::Accept(_) | Answer::Value(_)) => true,
        _ => false,
    }
}

/// An exception is one.
pub(crate) fn is_refusal(answer: &Answer) -> bool {
    matches!(answer, Answer::Reject(_) | Answer::Threw(_))
}

fn same_value(own: &str, one: &Output, other: &Output, ask: &Ask) -> bool {
    if own == "form" {
        return match (page::posted(one, ask.charset), page::posted(other, ask.charset)) {
            (Some(one), Some(other)) => page::compare(&one, &other, ask).is_none(),
            // Pages that no browser would post.
            (None, None) => one.html.is_some() && one.html == other.html,
            _ => false,
        };
    }
    let stages = stages(one, other, ask);
    let mut deciding = stages.iter().filter(|compared| decides(ask.operation, compared.stage));
    let is_shown = |compared: &Compared| compared.stage == own && compared.difference.is_some();
    stages.iter().any(is_shown)
        && deciding.all(|compared| compared.difference.iter().all(Option::is_none))
}

/// What the comparison of one stage gave.
pub(crate) struct Compared {
    pub(crate) stage: &'static str,
    /// `None` where one of the two does not show the stage.
    pub(crate) difference: Option<Option<Difference>>,
}

/// Every stage, in the order of the pipeline.
pub(crate) fn stages(expected: &Output, got: &Output, ask: &Ask) -> Vec<Compared> {
    let charset = ask.charset;
    let mut compared = Vec::new();
    let mut add = |stage, difference| compared.push(Compared { stage, difference });
    add("decoded", both(&expected.decoded, &got.decoded, |a, b| decoded("decoded", a, b, charset)));
    add("filtered", both(&expected.filtered, &got.filtered, |a, b| params("filtered", a, b)));
    add("sorted", both(&expected.sorted, &got.sorted, |a, b| params("sorted", a, b)));
    add(
        "string_to_sign",
        both(&expected.string_to_sign, &got.string_to_sign, |a, b| {
            Difference::between("string_to_sign", a, b)
        }),
    );
    add("signature", both(&expected.signature, &got.signature, |a, b| text("signature", a, b)));
    add("wire", both(&expected.wire, &got.wire, |a, b| url("wire", a, b)));
    let form = expected.form.as_ref().and_then(|expected| match (&got.form, &got.html) {
        (Some(got), _) => Some(page::compare(expected, got, ask)),
        (None, Some(html)) => Some(page::compare_html(expected, html, ask)),
        (None, None) => None,
    });
    add("form", form);
    add(
        "order_string",
        both(&expected.order_string, &got.order_string, |a, b| order_string("order_string", a, b)),
    );
    add("xml", both(&expected.xml, &got.xml, |a, b| xml("xml", a, b)));
    let client_params = both(&expected.client_params, &got.client_params, |a, b| {
        params("client_params", &sorted(a), &sorted(b))
    });
    add("client_params", client_params);
    add("reply", both(&expected.reply, &got.reply, |a, b| reply(a, b, ask)));
    add("headers", both(&expected.headers, &got.headers, |a, b| headers("headers", a, b, ask)));
    add("cause", both(&expected.cause, &got.cause, |a, b| text("cause", a, b)));
    add("decision", both(&expected.decision, &got.decision, |a, b| json("decision", a, b)));
    add("items", both(&expected.items, &got.items, |a, b| json("items", a, b)));
    add("content", both(&expected.content, &got.content, |a, b| content(a, b, ask)));
    add("sn", both(&expected.sn, &got.sn, |a, b| text("sn", a, b)));
    compared
}

/// The first stage that both show and that differs.
pub(crate) fn first_difference(expected: &Output, got: &Output, ask: &Ask) -> Option<Difference> {
    stages(expected, got, ask).into_iter().find_map(|compared| compared.difference.flatten())
}

fn both<T>(
    expected: &Option<T>,
    got: &Option<T>,
    compare: impl Fn(&T, &T) -> Option<Difference>,
) -> Option<Option<Difference>> {
    Some(compare(expected.as_ref()?, got.as_ref()?))
}

pub(crate) fn text(stage: &'static str, expected: &str, got: &str) -> Option<Difference> {
    Difference::between(stage, expected.as_bytes(), got.as_bytes())
}

fn json<T: serde::Serialize>(stage: &'static str, expected: &T, got: &T) -> Option<Difference> {
    let json = |value: &T| serde_json::to_string(value).unwrap_or_default();
    text(stage, &json(expected), &json(got))
}

/// The header that carries the signature, as its reader takes it apart. What else is sent is the sender's own.
fn headers(
    stage: &'static str,
    expected: &TextPairs,
    got: &TextPairs,
    ask: &Ask,
) -> Option<Difference> {
    let Some(protocol) = HeaderProtocol::from_id(&ask.protocol) else {
        return json(stage, expected, got);
    };
    let Scheme { carrier, .. } = protocol.request;
    let is_signed_as_written = protocol.request.pieces().any(|piece| piece == Piece::Items);
    let items = |value: &str| -> Option<Vec<String>> {
        let items = value.strip_prefix(carrier.begins)?.split(',');
        let without_blanks =
            |item: &str| if is_signed_as_written { item } else { item.trim_start() }.to_owned();
        let mut items: Vec<_> = items.map(without_blanks).collect();
        if carrier.any_order {
            items.sort_unstable();
        }
        Some(items)
    };
    let carried = |headers: &TextPairs| -> Vec<String> {
        let named = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(carrier.header));
        named.map(|(_, value)| value.clone()).collect()
    };
    let (expected, got) = (carried(expected), carried(got));
    let read =
        |values: &[String]| -> Option<Vec<_>> { values.iter().map(|value| items(value)).collect() };
    match (read(&expected), read(&got)) {
        (Some(one), Some(other)) if one == other => None,
        _ => text(stage, &expected.join("\n"), &got.join("\n")),
    }
}

/// Lists of pairs, in order. The difference is in the first pair that is not the same.
pub(crate) fn params(stage: &'static str, expected: &Params, got: &Params) -> Option<Difference> {
    let longest = expected.len().max(got.len());
    (0..longest).find_map(|index| {
        let (expected, got) = (expected.pair(index), got.pair(index));
        let written = |pair: Option<crate::params::Pair<'_>>| {
            pair.map(|pair| pair.written().to_vec()).unwrap_or_default()
        };
        if expected == got {
            return None;
        }
        let difference = Difference::between(stage, &written(expected), &written(got))?;
        Some(difference.of_parameter(expected.or(got).map_or(&b""[..], |pair| pair.name())))
    })
}

/// Two replies say the same when both mean success, or both failure.
fn reply(expected: &HttpReply, got: &HttpReply, ask: &Ask) -> Option<Difference> {
    let meaning = |reply: &HttpReply| {
        let reply = Reply { status: reply.status, body: reply.body.clone() };
        match ask.protocol == WECHATPAY_V2.id {
            true => meaning_v2(&reply),
            false => meaning_v3(&reply),
        }
    };
    match (meaning(expected), meaning(got)) {
        (one, other) if one == other && one != Meaning::Contradiction => None,
        _ => json("reply", expected, got),
    }
}

/// Two URLs say the same when their addresses are equal and their queries decode to the same pairs, in any order.
pub(crate) fn url(stage: &'static str, expected: &str, got: &str) -> Option<Difference> {
    let (expected_address, expected_query) = expected.split_once('?').unwrap_or((expected, ""));
    let (got_address, got_query) = got.split_once('?').unwrap_or((got, ""));
    text(stage, expected_address, got_address).or_else(|| {
        match (query_of(expected_query), query_of(got_query)) {
            (Some(expected), Some(got)) => {
                params(stage, &in_any_order(&expected), &in_any_order(&got))
            }
            _ => text(stage, expected, got),
        }
    })
}

/// Two order strings say the same when they decode to the same pairs, in any order; but where values stand in quotes,
/// the text itself is what is signed.
fn order_string(stage: &'static str, expected: &str, got: &str) -> Option<Difference> {
    match (query_of(expected), query_of(got)) {
        // An encoded quote belongs to its value.
        (Some(pairs), Some(got)) if !expected.contains("=\"") => {
            params(stage, &in_any_order(&pairs), &in_any_order(&got))
        }
        _ => text(stage, expected, got),
    }
}

/// Decoded parameters as text, where both are: a character may have two ways to be written in bytes, and whoever
/// answers in text has decided for none.
fn decoded(
    stage: &'static str,
    expected: &Params,
    got: &Params,
    charset: Charset,
) -> Option<Difference> {
    match (expected.decode(charset), got.decode(charset)) {
        (Ok(expected), Ok(got)) if expected == got => None,
        _ => params(stage, expected, got),
    }
}

/// Two messages in XML say the same when they read as the same fields, in any order.
fn xml(stage: &'static str, expected: &str, got: &str) -> Option<Difference> {
    let fields = |text: &str| {
        let mut fields = Params::new();
        xml::decode_into(text.as_bytes(), Limits::NONE, &mut fields).ok().map(|()| fields)
    };
    match (fields(expected), fields(got)) {
        (Some(expected), Some(got)) => params(stage, &in_any_order(&expected), &in_any_order(&got)),
        _ => text(stage, expected, got),
    }
}

pub(crate) fn query_of(query: &str) -> Option<Params> {
    let mut params = Params::new();
    form::decode_into(query.as_bytes(), Limits::NONE, &mut params).ok().map(|()| params)
}

/// Content as it is; but what is encrypted with a seed, so that it is another text every time, is right when the key's
/// owner opens it to what was asked for.
fn content(expected: &[u8], got: &[u8], ask: &Ask) -> Option<Difference> {
    let difference = Difference::between("content", expected, got)?;
    let form = ask.key.as_ref().and_then(|key| key.form(KeyForm::DecryptionPkcs8Pem));
    let (Input::Plaintext(_), Some(pem)) = (&ask.input, form) else {
        return Some(difference);
    };
    let opened = |content: &[u8]| {
        let text = std::str::from_utf8(content).ok()?;
        PrivateKey::parse(pem).ok().and_then(|key| decrypt_field(&key, text).ok())
    };
    match (opened(expected), opened(got)) {
        (Some(expected), Some(got)) => Difference::between("content", &expected, &got),
        _ => Some(difference),
    }
}

fn sorted(pairs: &TextPairs) -> Params {
    in_any_order(&pairs.iter().cloned().collect())
}

/// The pairs in one order for lists that differ in nothing else.
pub(crate) fn in_any_order(params: &Params) -> Params {
    let mut pairs: Vec<_> = params.iter().collect();
    pairs.sort_unstable();
    pairs.into_iter().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::first_difference;
    use crate::vector::load::VectorSet;
    use crate::vector::output::Output;

    fn differs(case: &str, one: &[(&str, &str)], other: &[(&str, &str)]) -> bool {
        let set = VectorSet::embedded().unwrap();
        let shows = |headers: &[(&str, &str)]| {
            let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
            Output { headers: Some(headers.collect()), ..Output::default() }
        };
        let ask = set.case(case).unwrap().ask.clone();
        first_difference(&shows(one), &shows(other), &ask).is_some()
    }

    /// Go and Java write mchid, nonce_str, timestamp, serial_no, signature; PHP and Node.js another order.
    #[test]
    fn items_of_an_authorization_header_stand_in_any_order() {
        const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";
        let differs = |case, one: &str, other: &str| {
            differs(case, &[("Authorization", one)], &[("Authorization", other)])
        };
        let one = format!(r#"{SCHEME} mchid="1",nonce_str="2",signature="3",serial_no="5""#);
        let other = format!(r#"{SCHEME} mchid="1", serial_no="5", nonce_str="2", signature="3""#);
        assert!(!differs("wechat-0600", &one, &other));
        assert!(differs("wechat-0600", &one, &other.replace("\"5\"", "\"4\"")));
        assert!(differs("wechat-0600", &one, &other.replace("RSA2048", "RSA")));
        assert!(differs("wechat-0600", &one, &other.replace('"', "")));
        assert!(differs("openapi-0700", &one, &other), "where they are signed, as they stand");
        let blanks = "ALIPAY-SHA256withRSA app_id=1, sign=2";
        assert!(differs("openapi-0700", blanks, &blanks.replace(' ', "")));
    }

    /// The documents of Antom write them with a blank behind the comma and without.
    #[test]
    fn what_else_is_sent_beside_the_header_with_the_signature_is_free() {
        let one = [("signature", "algorithm=RSA256,keyVersion=1,signature=a")];
        let value = "algorithm=RSA256, keyVersion=1, signature=a";
        assert!(!differs(
            "antom-0001",
            &one,
            &[("Content-Type", "text/json"), ("Signature", value)]
        ));
        assert!(differs("antom-0001", &one, &[("signature", "algorithm=RSA256, signature=a")]));
        assert!(differs("antom-0001", &one, &[("Content-Type", "text/json")]));
        assert!(differs("antom-0001", &one, &[("signature", value), ("signature", value)]));
    }

    #[test]
    fn the_order_of_an_order_string_counts_in_quotes_only() {
        let differs = |one, other| super::order_string("order_string", one, other).is_some();
        assert!(!differs("a=%22x&b=1", "b=1&a=%22x"));
        assert!(differs("a=%22x&b=1", "b=2&a=%22x"));
        assert!(differs(r#"a="x"&b="1""#, r#"b="1"&a="x""#));
    }
}
