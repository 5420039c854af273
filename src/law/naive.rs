//! The rules once more, written the way one would explain them: slow, and sharing no stage with the reference.

use std::collections::BTreeMap;

use md5::{Digest, Md5};

use crate::form::Limits;
use crate::law::Setting;
use crate::params::Params;
use crate::protocol::Protocol;
use crate::signature::{self, SignType, VerifyError, VerifyingKey};

/// What the model says of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted,
    Refused,
    /// Official implementations disagree about it.
    Contested(&'static str),
}

/// The pairs of a list as a map; `None` where a name stands twice.
pub(super) fn by_name(params: &Params) -> Option<BTreeMap<Vec<u8>, Vec<u8>>> {
    let map: BTreeMap<_, _> =
        params.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect();
    (map.len() == params.len()).then_some(map)
}

/// The string to sign, without these names.
pub(super) fn string_to_sign(excluded: &[&str], map: &BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<u8> {
    let excluded = |name: &[u8]| excluded.iter().any(|other| other.as_bytes() == name);
    let signed = map.iter().filter(|(name, value)| !excluded(name) && !value.is_empty());
    let written: Vec<Vec<u8>> =
        signed.map(|(name, value)| [name, value].map(Vec::as_slice).join(&b'=')).collect();
    written.join(&b'&')
}

/// The verdict on a message, from its bytes.
pub(super) fn verdict(setting: &Setting, message: &[u8]) -> Verdict {
    let Protocol { signature: sign_name, sign_type: sign_type_name, .. } = setting.protocol;
    if !setting.protocol.sign_types.contains(&setting.sign_type) {
        return Verdict::Refused;
    }
    if message.len() > Limits::DEFAULT.bytes {
        return Verdict::Contested("a message beyond the limits");
    }
    let Some(params) = decode(message) else {
        return Verdict::Contested("a malformed escape");
    };
    if params.len() > Limits::DEFAULT.parameters {
        return Verdict::Contested("a message beyond the limits");
    }
    if params.get_all(sign_name.as_bytes()).count() > 1 {
        return Verdict::Refused;
    }
    let Some(map) = by_name(&params) else {
        return Verdict::Contested("a name that stands twice");
    };
    let another_case = |name: &Vec<u8>| {
        [sign_name, sign_type_name]
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own.as_bytes()) && name != own.as_bytes())
    };
    if map.keys().any(another_case) {
        return Verdict::Contested("an excluded name in another case");
    }
    let Some(sign) = map.get(sign_name.as_bytes()).filter(|sign| !sign.is_empty()) else {
        return Verdict::Refused;
    };
    let sign_type = map.get(sign_type_name.as_bytes());
    if sign_type.is_some_and(|got| got != setting.sign_type.name().as_bytes()) {
        return Verdict::Refused;
    }
    let Some(key) = setting.verifying_key() else {
        return Verdict::Refused;
    };
    let string = string_to_sign(setting.protocol.callback_excluded, &map);
    signed_by(setting.sign_type, &key, &string, sign)
}

fn signed_by(sign_type: SignType, key: &VerifyingKey, string: &[u8], sign: &[u8]) -> Verdict {
    if let (SignType::Md5, VerifyingKey::Secret(secret)) = (sign_type, key) {
        let digest = Md5::digest([string, secret.expose()].concat());
        let expected: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        return if sign == expected.as_bytes() {
            Verdict::Accepted
        } else if sign.trim_ascii().eq_ignore_ascii_case(expected.as_bytes()) {
            Verdict::Contested("a signature in another text")
        } else {
            Verdict::Refused
        };
    }
    match signature::verify(sign_type, key, string, sign) {
        Ok(()) => Verdict::Accepted,
        // Decoders differ in what they pass over: whitespace, padding, signs that are none of the alphabet.
        Err(VerifyError::BadEncoding(_)) => Verdict::Contested("a signature in another text"),
        Err(_) => Verdict::Refused,
    }
}

/// `None` where an escape is malformed.
fn decode(message: &[u8]) -> Option<Params> {
    let mut params = Params::new();
    for segment in message.split(|byte| *byte == b'&').filter(|segment| !segment.is_empty()) {
        let mut halves = segment.splitn(2, |byte| *byte == b'=');
        let name = unescape(halves.next().unwrap_or_default())?;
        let value = unescape(halves.next().unwrap_or_default())?;
        params.push(&name, &value);
    }
    Some(params)
}

fn unescape(encoded: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = encoded.iter();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [*bytes.next()?, *bytes.next()?];
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => *other,
        });
    }
    Some(decoded)
}
