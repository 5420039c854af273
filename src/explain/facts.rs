//! What can be seen without a search.

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Question;
use super::capture::{Captured, Http, Remark};
use super::escape::{replaced, without};
use super::exchange::{Exchange, PROBE};
use super::finding::{Fact, SignForm};
use super::keys::Keys;
use super::known::{USUAL, is_known};
use super::parameters::Parameters;
use super::situation::Situation;
use crate::charset::Charset;
use crate::protocol::Wire;
use crate::protocol::headers::{OPENAPI_V3, Origin, Piece, WECHATPAY_V3};
use crate::protocol::wechatpay::window::window;
use crate::signature::{SignType, recover};

/// How many digits the time of a request has: seconds or milliseconds, by the documents of
/// [WeChat Pay](https://pay.weixin.qq.com/doc/v3/merchant/4012365334) and of
/// [Alipay](https://opendocs.alipay.com/open-v3/054q58).
const TIMES: &[(&str, usize)] = &[(WECHATPAY_V3.id, 10), (OPENAPI_V3.id, 13)];

pub(super) fn of(message: &Captured, base: &Parameters, keys: &Keys) -> Vec<Fact> {
    let mut facts: Vec<Fact> = message.remarks.iter().cloned().map(Fact::Capture).collect();
    if message.http.as_ref().is_some_and(is_unsigned_json) {
        facts.push(Fact::JsonBody);
    } else {
        sign_type(base, &mut facts);
        signature(base, keys, &mut facts);
        parameters(base, &mut facts);
    }
    of_keys(base, keys, &mut facts);
    facts
}

/// Whether the body is JSON, and signed neither in a header nor in a member of its own.
fn is_unsigned_json(http: &Http) -> bool {
    let body = http.body.trim_ascii_start();
    body.starts_with(b"{") && memchr::memmem::find(body, b"\"sign\"").is_none()
}

/// Of a message whose signature stands in a header.
pub(super) fn of_exchange(
    question: &Question<'_>,
    http: &Http,
    base: &Exchange,
    keys: &Keys,
) -> Vec<Fact> {
    let of_headers = question.message.remarks.iter().filter(|r| **r == Remark::DataFromFile);
    let mut facts: Vec<Fact> = of_headers.cloned().map(Fact::Capture).collect();
    let needs_request = base.scheme.pieces().any(|piece| piece == Piece::Path);
    if needs_request && base.path.is_empty() {
        facts.push(Fact::NoRequest);
    }
    let announced = http.announced();
    if let Some(announced) = announced.filter(|length| *length > 0 && base.body.is_empty()) {
        facts.push(Fact::EmptyBody(announced));
    }
    if announced.is_none() && !http.line_ending.is_empty() && base.body == http.body {
        facts.push(Fact::LineEndLeftOut);
    }
    if is_replaced(&base.body) {
        facts.push(Fact::Replaced(vec![b"body".to_vec()]));
    }
    if base.sign().starts_with(PROBE) {
        facts.push(Fact::Probe);
    }
    let time = base.item("timestamp").filter(|time| time.iter().all(u8::is_ascii_digit));
    let digits = TIMES.iter().find(|(id, _)| *id == base.protocol.id);
    if let (Some(time), Some((_, digits))) = (time, digits)
        && time.len() != *digits
    {
        facts.push(Fact::TimeDigits(time.len(), *digits));
    }
    signature(base, keys, &mut facts);
    if let Some(Origin { key_id, time }) = base.scheme.origin {
        if let Some(id) = base.header(key_id) {
            facts.push(Fact::KeyId(key_id, id.to_vec()));
            let named = String::from_utf8_lossy(id).to_ascii_uppercase();
            let is_other =
                |serial: &str| serial.trim_start_matches('0') != named.trim_start_matches('0');
            let other = |(given, serial): &&(usize, String)| *given == 0 && is_other(serial);
            if let Some((given, serial)) = keys.serials.iter().find(other) {
                facts.push(Fact::OtherCertificate(keys.name(*given), serial.clone()));
            }
        }
        match (base.header(time), question.now) {
            (Some(time), Some(now)) => facts.extend(window(time, now).err().map(Fact::Stale)),
            (Some(time), None) => facts.push(Fact::Time(time.to_vec())),
            (None, _) => {}
        }
    }
    of_keys(base, keys, &mut facts);
    facts
}

fn of_keys(base: &impl Situation, keys: &Keys, facts: &mut Vec<Fact>) {
    for (index, oddity) in &keys.oddities {
        facts.push(Fact::Key(keys.name(*index), oddity.clone()));
    }
    for (given, key) in keys.rsa_keys() {
        let sign = normal(&base.sign());
        match (form(&sign), recover(key, &sign)) {
            (_, Some(made)) => facts.push(Fact::KeyMadeIt(keys.name(given), made.sign_type)),
            (SignForm::Rsa(bits), None) if bits == key.bits().next_multiple_of(8) => {
                facts.push(Fact::KeyDidNotMakeIt(keys.name(given)));
            }
            _ => {}
        }
    }
    if let Some((public, private)) = keys.own_public {
        facts.push(Fact::OwnPublicKey(keys.name(public), keys.name(private)));
    }
}

fn sign_type(base: &Parameters, facts: &mut Vec<Fact>) {
    match base.get(b"sign_type") {
        None | Some(b"") if base.protocol.default_sign_type.is_some() => {}
        None | Some(b"") => facts.push(Fact::NoSignType),
        Some(named) if named == base.protocol.wire_name(base.sign_type).as_bytes() => {}
        Some(named) => {
            let mut known = base.protocol.sign_types.iter();
            let is_known = known.any(|known| base.protocol.wire_name(*known).as_bytes() == named);
            let fact = if is_known { Fact::OtherSignType } else { Fact::UnknownSignType };
            facts.push(fact(named.to_vec()));
        }
    }
}

fn signature(base: &impl Situation, keys: &Keys, facts: &mut Vec<Fact>) {
    if !keys.can_do(base.sign_type()) {
        facts.push(Fact::NoKeyFor(base.sign_type()));
    }
    if base.sign().is_empty() {
        facts.push(Fact::NoSign);
        return;
    }
    let form = form(&base.sign());
    let key_bits = keys.get(base.key()).and_then(|key| key.bits);
    match (form, base.sign_type(), key_bits) {
        (SignForm::Md5, SignType::Md5 | SignType::WechatMd5, _)
        | (SignForm::Hmac, SignType::HmacSha256, _) => {}
        (SignForm::Rsa(sign), SignType::Rsa | SignType::Rsa2, Some(key)) => {
            if sign != key.next_multiple_of(8) {
                facts.push(Fact::OtherKeyLength { sign, key });
            }
        }
        (SignForm::Rsa(_), SignType::Rsa | SignType::Rsa2, None) => {}
        _ => facts.push(Fact::SignForm(form)),
    }
}

/// Whether characters were replaced by U+FFFD, or what that becomes in GBK.
fn is_replaced(text: &[u8]) -> bool {
    ["\u{FFFD}", "锟斤拷"].iter().any(|mark| memchr::memmem::find(text, mark.as_bytes()).is_some())
}

/// The signature in standard base64, as far as that can be told.
fn normal(sign: &[u8]) -> Vec<u8> {
    let sign = super::escape::unescaped(sign, false);
    let dense = without(sign.trim_ascii(), b"\r\n\t\"'");
    let mut text = replaced(&replaced(&replaced(&dense, b" ", b"+"), b"-", b"+"), b"_", b"/");
    while !text.len().is_multiple_of(4) {
        text.push(b'=');
    }
    text
}

/// What a signature looks like, whatever was done to its `+`, its padding and its line breaks.
pub(super) fn form(sign: &[u8]) -> SignForm {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &ALPHABET,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let trimmed = sign.trim_ascii();
    match trimmed.len() {
        32 if trimmed.iter().all(u8::is_ascii_hexdigit) => return SignForm::Md5,
        64 if trimmed.iter().all(u8::is_ascii_hexdigit) => return SignForm::Hmac,
        _ => {}
    }
    let base64 = normal(sign);
    match LENIENT.decode(base64) {
        Ok(bytes) if bytes.len() >= 64 => SignForm::Rsa(bytes.len() * 8),
        _ => SignForm::Other(sign.len()),
    }
}

fn parameters(base: &Parameters, facts: &mut Vec<Fact>) {
    let names_of = |is_so: &dyn Fn(&[u8], &[u8]) -> bool| {
        let odd = base.params.iter().filter(|(name, value)| is_so(name, value));
        let mut names: Vec<Vec<u8>> = odd.map(|pair| pair.0.clone()).collect();
        names.dedup();
        names
    };
    let is_text = |charset: Charset, bytes: &[u8]| charset.decode(bytes).is_ok();
    let no_text =
        names_of(&|_, value| !is_text(Charset::Utf8, value) && !is_text(Charset::Gb18030, value));
    let replaced = names_of(&|_, value| is_replaced(value));
    let mut repeated =
        names_of(&|name, _| base.params.iter().filter(|pair| pair.0 == name).count() > 1);
    repeated.sort_unstable();
    repeated.dedup();
    let unknown = names_of(&|name, value| !value.is_empty() && !is_known(base.protocol, name));
    let is_notify = base.protocol.wire == Wire::Form
        && (base.get(b"notify_type").is_some() || base.get(b"gmt_create").is_some());
    let missing: Vec<&str> = USUAL
        .iter()
        .copied()
        .filter(|name| is_notify && base.get(name.as_bytes()).unwrap_or_default().is_empty())
        .collect();
    for (names, fact) in [
        (no_text, Fact::NoText as fn(_) -> _),
        (replaced, Fact::Replaced),
        (repeated, Fact::Repeated),
        (unknown, Fact::Unknown),
    ] {
        if !names.is_empty() {
            facts.push(fact(names));
        }
    }
    if !missing.is_empty() {
        facts.push(Fact::Missing(missing));
    }
}
