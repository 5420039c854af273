//! The old WAP product: a token first, then the page that pays with it.
//!
//! | to | use |
//! |---|---|
//! | sign a request | [`WAP`] in a [`Pipeline`]; `sec_id` is one of the signed parameters |
//! | verify the reply with the token | [`verify_reply`] |
//! | verify the call-back | [`RETURN`] in a [`Pipeline`] |
//! | verify a notify | [`verify_notify`] |
//! | read the XML of a reply or notify, after it is verified | [`xml::fields`](crate::xml::fields) |
//!
//! `sec_id` is `MD5` or `0001`, which is RSA. Under `0001` the data of a reply or notify is encrypted to the merchant,
//! and signed as it was before; Alipay's key is another for each merchant.
//!
//! Sources of the rules: <https://github.com/chloerei/alipay> (`lib/alipay/wap`), the official demos in public copies,
//! and real messages, verified under the key that was recovered from them.

use super::mobile::repeated_name;
use super::pipeline::{MessageError, Pipeline, RepeatedParameter, Scratch, Stages, Verified};
use super::{MAPI, Protocol};
use crate::canonical::Selection;
use crate::charset::Charset;
use crate::params::Params;
use crate::signature::{self, DecryptError, PrivateKey, SignType, VerifyingKey};

/// Requests and the reply: all but `sign` is signed.
pub const WAP: Protocol = Protocol {
    id: "alipay.wap",
    sign_type: "sec_id",
    excluded: &["sign"],
    callback_excluded: &["sign"],
    sign_types: &[SignType::Md5, SignType::Rsa],
    rsa: "0001",
    default_charset: Charset::Utf8,
    ..MAPI
};

/// The call-back, which has a `sign_type` as the legacy gateway's messages do.
pub const RETURN: Protocol =
    Protocol { sign_type: "sign_type", callback_excluded: &["sign", "sign_type"], ..WAP };

/// The parameters of a notify that are signed, in the order in which they are signed.
pub const NOTIFY_ORDER: [&str; 4] = ["service", "v", "sec_id", "notify_data"];

/// The gateway of the product.
pub const GATEWAY: &str = "https://wappaygw.alipay.com/service/rest.htm";

/// The steps that are the product's own. A wrong implementation is this with a step replaced.
#[derive(Clone, Copy, Debug)]
pub struct Steps {
    /// What a value is before it is encrypted to the merchant.
    pub decrypt: fn(&PrivateKey, &[u8]) -> Result<Vec<u8>, DecryptError>,
    /// Which parameters of a notify are signed.
    pub filter_notify: fn(&Params, &[&str], &mut Selection),
    /// In which order.
    pub sort_notify: fn(&Params, &mut Selection),
}

/// The steps as the rules have them.
pub const REFERENCE: Steps = Steps {
    decrypt: signature::decrypt_blocks,
    filter_notify: only_notify,
    sort_notify: by_notify_order,
};

/// Configuration of a verifier.
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'a> {
    /// `MD5`, or `RSA`, which is `0001` here.
    pub sign_type: SignType,
    /// Alipay's key, or the secret.
    pub key: &'a VerifyingKey,
    /// The merchant's own key, for what is encrypted to it. Under `MD5` there is nothing to decrypt.
    pub decryption: Option<&'a PrivateKey>,
}

/// Verifies the reply to the request for a token: an encoded query, with `res_data` or `res_error`.
///
/// # Errors
/// Why the reply is not accepted. A refusal (`res_error`) that is signed is genuine and accepted; one that is not, as
/// the document prints it, is not.
///
/// ```
/// use alipay_conformance::protocol::pipeline::Scratch;
/// use alipay_conformance::protocol::wap::{self, Verifier};
/// use alipay_conformance::signature::{Secret, SignType, VerifyingKey};
///
/// let reply = b"res_data=%3Ca%3E1%3C%2Fa%3E&sec_id=MD5&v=2.0&sign=824808067a4441c8dd86221e0ff56414";
/// let key = VerifyingKey::from(Secret::new("10000000000000000000000000000000")?);
/// let verifier = Verifier { sign_type: SignType::Md5, key: &key, decryption: None };
/// let mut scratch = Scratch::new();
/// let verified = wap::verify_reply(reply, &verifier, &mut scratch)?;
/// assert_eq!(verified.string_to_sign, b"res_data=<a>1</a>&sec_id=MD5&v=2.0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_reply<'a>(
    reply: &[u8],
    verifier: &Verifier<'_>,
    scratch: &'a mut Scratch,
) -> Result<Verified<'a>, MessageError> {
    let opened = |params: &mut Params| open(params, "res_data", verifier, &REFERENCE);
    Pipeline::new(WAP).verify_opened(reply, verifier.sign_type, verifier.key, opened, scratch)
}

/// Verifies a notify: `service`, `v`, `sec_id` and `notify_data` in this order, whatever else comes along.
///
/// # Errors
/// Why the notify is not accepted.
///
/// ```
/// use alipay_conformance::protocol::pipeline::Scratch;
/// use alipay_conformance::protocol::wap::{self, Verifier};
/// use alipay_conformance::signature::{Secret, SignType, VerifyingKey};
///
/// let body = b"v=1.0&sec_id=MD5&service=test&notify_data=notify_data&sign=d6ba38f47329b7f44c28a6c6c3b53174";
/// let key = VerifyingKey::from(Secret::new("10000000000000000000000000000000")?);
/// let verifier = Verifier { sign_type: SignType::Md5, key: &key, decryption: None };
/// let mut scratch = Scratch::new();
/// let verified = wap::verify_notify(body, &verifier, &mut scratch)?;
/// assert_eq!(verified.string_to_sign, b"service=test&v=1.0&sec_id=MD5&notify_data=notify_data");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_notify<'a>(
    body: &[u8],
    verifier: &Verifier<'_>,
    scratch: &'a mut Scratch,
) -> Result<Verified<'a>, MessageError> {
    let opened = |params: &mut Params| open_notify(params, verifier, &REFERENCE);
    let pipeline = notify_pipeline(Stages::default(), &REFERENCE);
    pipeline.verify_opened(body, verifier.sign_type, verifier.key, opened, scratch)
}

/// The pipeline of a notify, without what [`open_notify`] does to its parameters.
#[must_use]
pub fn notify_pipeline(stages: Stages, steps: &Steps) -> Pipeline {
    let stages = Stages { filter: steps.filter_notify, sort: steps.sort_notify, ..stages };
    Pipeline { stages, ..Pipeline::new(WAP) }
}

/// What stands between decoding a notify and its string to sign: each name once, the four there, the data decrypted.
///
/// # Errors
/// A name that stands twice, one of the four that is missing, or data that does not decrypt.
pub fn open_notify(
    params: &mut Params,
    verifier: &Verifier<'_>,
    steps: &Steps,
) -> Result<(), MessageError> {
    for name in NOTIFY_ORDER {
        if params.get(name.as_bytes()).is_none_or(<[u8]>::is_empty) {
            return Err(MessageError::Missing { name });
        }
    }
    open(params, "notify_data", verifier, steps)
}

/// Decrypts one parameter under `0001`.
///
/// # Errors
/// A name that stands twice, or data that does not decrypt.
pub fn open(
    params: &mut Params,
    name: &'static str,
    verifier: &Verifier<'_>,
    steps: &Steps,
) -> Result<(), MessageError> {
    if let Some(name) = repeated_name(params, &mut Selection::new()) {
        return Err(RepeatedParameter { name }.into());
    }
    let told = |name: &str| params.get(name.as_bytes()).filter(|value| !value.is_empty());
    // What is refused next is not worth a decryption, which costs much.
    let is_refused = told("sign").is_none() || told("sec_id").is_none_or(|id| id != b"0001");
    let value = told(name).filter(|_| verifier.sign_type == SignType::Rsa && !is_refused);
    let Some(value) = value else { return Ok(()) };
    let opened = match verifier.decryption {
        Some(key) => (steps.decrypt)(key, value),
        None => Err(DecryptError::Failed),
    };
    let opened = opened.map_err(|source| MessageError::Decrypt { name, source })?;
    *params = params
        .iter()
        .map(|(other, value)| (other, if other == name.as_bytes() { &opened } else { value }))
        .collect();
    Ok(())
}

fn only_notify(params: &Params, _: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| rank(pair.name()) < NOTIFY_ORDER.len());
}

fn by_notify_order(params: &Params, selection: &mut Selection) {
    selection.sort_by(params, |a, b| rank(a.name()).cmp(&rank(b.name())));
}

fn rank(name: &[u8]) -> usize {
    let found = NOTIFY_ORDER.iter().position(|other| other.as_bytes() == name);
    found.unwrap_or(NOTIFY_ORDER.len())
}
