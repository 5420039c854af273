//! The mobile product, `mobile.securitypay.pay`: text with values in quotes, signed as it stands.
//!
//! | to | use |
//! |---|---|
//! | check, write and sign an order | [`check_request`], [`order_text`], [`order_string`] |
//! | verify what the wallet hands back | [`verify_result`] |
//! | verify a notify of the first generation | [`notify_pipeline`] |
//!
//! An ordinary notify of the product is one of the legacy gateway: [`MAPI`].
//!
//! Sources of the rules: <https://docs.antom.com/ac/mapi/orderStr>,
//! <https://docs.antom.com/ac/global/mobile_securitypay_pay_cn>, and real messages, verified under the public key of
//! the official demos.

mod request;
mod result;

pub use self::request::check_request;
pub use self::result::{
    REFERENCE, ResultError, Signed, Steps, judge, open, read, verify_result, verify_with,
};
use super::pipeline::{Pipeline, RepeatedParameter, Stages};
use super::{MAPI, Protocol};
use crate::canonical::{self, Selection};
use crate::charset::Charset;
use crate::form;
use crate::params::{Pair, Params};
use crate::signature::{SignType, Signature};

/// The mobile product. RSA alone, and UTF-8 alone.
pub const MOBILE: Protocol = Protocol {
    id: "alipay.mobile",
    sign_types: &[SignType::Rsa],
    default_charset: Charset::Utf8,
    ..MAPI
};

/// Its first generation: `seller` instead of `seller_id`, Alipay's key per merchant, and a notify of its own.
pub const MOBILE_V1: Protocol = Protocol { id: "alipay.mobile.v1", ..MOBILE };

/// Parameters of which no order can be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// A name stands twice.
    #[error(transparent)]
    Repeated(#[from] RepeatedParameter),
    /// A double quote in a value, which has no escape.
    #[error(
        "a double quote at byte {offset} of parameter \"{}\": it would end the value",
        name.escape_ascii()
    )]
    Quote {
        /// The name.
        name: Vec<u8>,
        /// Where the quote stands in the value.
        offset: usize,
    },
    /// A name that is empty, or holds `=`, `&` or a double quote.
    #[error("\"{}\" is no name of a parameter", name.escape_ascii())]
    Name {
        /// The name.
        name: Vec<u8>,
    },
}

/// Writes an order: `name="value"` joined by `&`, in the order of the list. The text is what is signed.
///
/// Parameters without a value, `sign` and `sign_type` are left out. `stages` says which; its other stages do not count
/// here.
///
/// # Errors
/// A name that stands twice, a name that is none, or a double quote in a value.
///
/// ```
/// use alipay_conformance::canonical::Selection;
/// use alipay_conformance::params::Params;
/// use alipay_conformance::protocol::{mobile, pipeline};
///
/// let params = Params::from_iter([("partner", "1"), ("body", "2 & 3"), ("return_url", "")]);
/// let mut selection = Selection::new();
/// let mut text = Vec::new();
/// mobile::order_text(&params, &pipeline::REFERENCE, &mut selection, &mut text)?;
/// assert_eq!(text, br#"partner="1"&body="2 & 3""#);
///
/// let quote = Params::from_iter([("subject", "19\" monitor")]);
/// let refused = mobile::order_text(&quote, &pipeline::REFERENCE, &mut selection, &mut text);
/// assert_eq!(
///     refused.unwrap_err().to_string(),
///     "a double quote at byte 2 of parameter \"subject\": it would end the value"
/// );
/// # Ok::<(), mobile::OrderError>(())
/// ```
pub fn order_text(
    params: &Params,
    stages: &Stages,
    selection: &mut Selection,
    text: &mut Vec<u8>,
) -> Result<(), OrderError> {
    if let Some(name) = repeated_name(params, selection) {
        return Err(RepeatedParameter { name }.into());
    }
    (stages.filter)(params, MOBILE.excluded, selection);
    for pair in selection.pairs(params) {
        let (name, value) = (pair.name(), pair.value());
        if name.is_empty() || name.iter().any(|byte| b"=&\"".contains(byte)) {
            return Err(OrderError::Name { name: name.to_vec() });
        }
        if let Some(offset) = value.iter().position(|byte| *byte == b'"') {
            return Err(OrderError::Quote { name: name.to_vec(), offset });
        }
    }
    join(params, selection, text);
    Ok(())
}

/// Writes the selected pairs as `name="value"`, with `&` between them.
pub fn join(params: &Params, selection: &Selection, text: &mut Vec<u8>) {
    text.clear();
    for (position, pair) in selection.pairs(params).enumerate() {
        if position > 0 {
            text.push(b'&');
        }
        quote(pair, text);
    }
}

fn quote(pair: Pair<'_>, text: &mut Vec<u8>) {
    text.extend_from_slice(pair.name());
    text.extend_from_slice(b"=\"");
    text.extend_from_slice(pair.value());
    text.push(b'"');
}

/// The order string: the signed text, `sign` with the base64 URL-encoded, and `sign_type`.
///
/// ```
/// use alipay_conformance::protocol::mobile;
/// use alipay_conformance::signature::Signature;
///
/// let signature = Signature::from_text("a+b/c=");
/// assert_eq!(
///     mobile::order_string(br#"partner="1""#, &signature),
///     br#"partner="1"&sign="a%2Bb%2Fc%3D"&sign_type="RSA""#
/// );
/// ```
#[must_use]
pub fn order_string(text: &[u8], signature: &Signature) -> Vec<u8> {
    let escaped = form::encode(&Params::from_iter([("sign", signature.as_str())]));
    let escaped = escaped.strip_prefix("sign=").unwrap_or_default();
    [text, b"&sign=\"", escaped.as_bytes(), b"\"&sign_type=\"RSA\""].concat()
}

/// The pipeline of the first generation's notify: `notify_data=` and the text decoded once are signed, whatever else
/// comes along, and whether or not the text is well-formed XML. [`xml::fields`](crate::xml::fields) reads it
/// afterwards.
///
/// Source of the rule: real messages, in public copies, verified under the key that was recovered from them.
///
/// ```
/// use alipay_conformance::protocol::mobile;
/// use alipay_conformance::protocol::pipeline::Scratch;
/// use alipay_conformance::signature::{PrivateKey, SignType, SigningKey, sign};
///
/// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-1024.pkcs8.pem"));
/// let key = SigningKey::from(PrivateKey::parse(pem)?);
/// let signature = sign(SignType::Rsa, &key, b"notify_data=<notify/>")?;
/// let signature = signature.as_str().replace('+', "%2B");
/// let body = format!("sign={signature}&sign_type=RSA&notify_data=%3Cnotify%2F%3E");
/// let mut scratch = Scratch::new();
/// mobile::notify_pipeline(Default::default())
///     .verify(body.as_bytes(), SignType::Rsa, &key.verifying_key(), &mut scratch)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn notify_pipeline(stages: Stages) -> Pipeline {
    Pipeline { stages: Stages { filter: only_notify_data, ..stages }, ..Pipeline::new(MOBILE_V1) }
}

fn only_notify_data(params: &Params, _: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| pair.name() == b"notify_data" && !pair.value().is_empty());
}

/// A name that stands twice, whatever is signed and in whichever order.
pub(super) fn repeated_name(params: &Params, selection: &mut Selection) -> Option<Vec<u8>> {
    canonical::filter(params, &[], selection);
    canonical::sort(params, selection);
    canonical::repeated_name(params, selection).map(<[u8]>::to_vec)
}
