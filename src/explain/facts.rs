//! What can be seen without a search.

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::capture::Captured;
use super::escape::{replaced, without};
use super::finding::{Fact, SignForm};
use super::keys::Keys;
use super::known::{USUAL, is_known};
use super::situation::Situation;
use crate::charset::Charset;
use crate::protocol::Wire;
use crate::signature::{SignType, recover};

pub(super) fn of(message: &Captured, base: &Situation, keys: &Keys) -> Vec<Fact> {
    let mut facts: Vec<Fact> = message.remarks.iter().cloned().map(Fact::Capture).collect();
    signature(base, keys, &mut facts);
    parameters(base, &mut facts);
    let name = |index: usize| keys.names.get(index).cloned().unwrap_or_default();
    for (index, oddity) in &keys.oddities {
        facts.push(Fact::Key(name(*index), oddity.clone()));
    }
    for (given, key) in keys.rsa_keys() {
        let sign = normal(base.sign());
        match (form(&sign), recover(key, &sign)) {
            (_, Some(made)) => facts.push(Fact::KeyMadeIt(name(given), made.sign_type)),
            (SignForm::Rsa(bits), None) if bits == key.bits().next_multiple_of(8) => {
                facts.push(Fact::KeyDidNotMakeIt(name(given)));
            }
            _ => {}
        }
    }
    if let Some((public, private)) = keys.own_public {
        facts.push(Fact::OwnPublicKey(name(public), name(private)));
    }
    facts
}

fn signature(base: &Situation, keys: &Keys, facts: &mut Vec<Fact>) {
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
    if !keys.can_do(base.sign_type) {
        facts.push(Fact::NoKeyFor(base.sign_type));
    }
    if base.sign().is_empty() {
        facts.push(Fact::NoSign);
        return;
    }
    let form = form(base.sign());
    let key_bits = keys.get(base.key).and_then(|key| key.bits);
    match (form, base.sign_type, key_bits) {
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

fn parameters(base: &Situation, facts: &mut Vec<Fact>) {
    let names_of = |is_so: &dyn Fn(&[u8], &[u8]) -> bool| {
        let odd = base.params.iter().filter(|(name, value)| is_so(name, value));
        let mut names: Vec<Vec<u8>> = odd.map(|pair| pair.0.clone()).collect();
        names.dedup();
        names
    };
    let is_text = |charset: Charset, bytes: &[u8]| charset.decode(bytes).is_ok();
    let no_text =
        names_of(&|_, value| !is_text(Charset::Utf8, value) && !is_text(Charset::Gb18030, value));
    let replaced = names_of(&|_, value| {
        memchr::memmem::find(value, "\u{FFFD}".as_bytes()).is_some()
            || memchr::memmem::find(value, "锟斤拷".as_bytes()).is_some()
    });
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
