//! Wrong ways to write an order of the mobile product.

use std::borrow::Cow;

use crate::mistake::remembered;
use crate::params::Params;
use crate::protocol::mobile;
use crate::signature::{PrivateKey, SignType, Signature, SigningKey};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::suite::reference::mobile::is_own;
use crate::vector::case::{Ask, KeyForm};
use crate::vector::input::Input;
use crate::vector::operation::Operation;
use crate::vector::output::Output;

/// Whether a text of this product is to be signed.
fn writes(ask: &Ask) -> bool {
    use Operation::{BuildOrderString, Sign, StringToSign};
    is_own(ask) && matches!(ask.operation, BuildOrderString | Sign | StringToSign)
}

/// What is signed, and what is sent, made anew from the parameters that are signed.
pub(super) fn order(
    inner: &dyn Implementation,
    ask: &Ask,
    write: impl Fn(&Params) -> (Vec<u8>, Vec<u8>),
) -> Answer {
    let mut answer = inner.perform(ask);
    if let Answer::Value(output) = &mut answer
        && let Some(params) = output.filtered.clone()
        && writes(ask)
    {
        let (signed, sent) = write(&params);
        put(ask, output, signed, &sent);
    }
    answer
}

fn put(ask: &Ask, output: &mut Output, signed: Vec<u8>, sent: &[u8]) {
    if let Some(signature) = sign(ask, &signed) {
        let order = mobile::order_string(sent, &signature);
        output.order_string = output.order_string.take().and_then(|_| text(ask, &order));
        output.signature = output.signature.take().map(|_| signature.as_str().into());
    }
    output.string_to_sign = Some(signed);
}

fn text(ask: &Ask, order: &[u8]) -> Option<String> {
    ask.charset.decode(order).ok().map(Cow::into_owned)
}

fn sign(ask: &Ask, text: &[u8]) -> Option<Signature> {
    let key = PrivateKey::parse(ask.key.as_ref()?.form(KeyForm::PrivatePkcs8Pem)?).ok()?;
    remembered::sign(SignType::Rsa, &SigningKey::from(key), text).ok()
}

/// Asks with other marks in place of the quotes, and puts the quotes back.
pub(super) fn quote_in_value(inner: &dyn Implementation, ask: &Ask) -> Answer {
    const MARK: &str = "\u{1}";
    let Input::Params(params) = &ask.input else { return inner.perform(ask) };
    if !writes(ask) || !params.iter().any(|(_, value)| value.contains('"')) {
        return inner.perform(ask);
    }
    let marked = params.iter().map(|(name, value)| (name.clone(), value.replace('"', MARK)));
    let marked = Ask { input: Input::Params(marked.collect()), ..ask.clone() };
    order(inner, &marked, |params| {
        let text: Vec<u8> =
            quoted(params).into_iter().map(|byte| if byte == 1 { b'"' } else { byte }).collect();
        (text.clone(), text)
    })
}

pub(super) fn sign_not_escaped(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let mut answer = inner.perform(ask);
    if let Answer::Value(output) = &mut answer
        && let (Some(order), Some(signature)) = (&mut output.order_string, &output.signature)
        && is_own(ask)
        && let Some((text, _)) = order.rsplit_once("&sign=\"")
    {
        *order = format!("{text}&sign=\"{signature}\"&sign_type=\"RSA\"");
    }
    answer
}

pub(super) fn sorted(params: &Params) -> Params {
    let mut pairs: Vec<_> = params.iter().collect();
    pairs.sort();
    pairs.into_iter().collect()
}

pub(super) fn quoted(params: &Params) -> Vec<u8> {
    let pairs = params.iter().map(|(name, value)| [name, b"=\"", value, b"\""].concat());
    pairs.collect::<Vec<_>>().join(&b'&')
}

pub(super) fn bare(params: &Params) -> Vec<u8> {
    params.pairs().map(|pair| pair.written().to_vec()).collect::<Vec<_>>().join(&b'&')
}
