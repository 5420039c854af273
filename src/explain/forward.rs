//! The mistakes of the catalogue, forward: would an implementation that makes them accept the message, for the reason
//! that this is what such an implementation signs?

use super::keys::Keys;
use super::situation::Situation;
use crate::charset::Charset;
use crate::form;
use crate::mistake::{self, Area, Mistake, Mistaken};
use crate::params::Params;
use crate::protocol::Wire;
use crate::protocol::wechatpay::write;
use crate::signature::SignType;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::bytes::Bytes;
use crate::vector::case::{Ask, KeyForm, Stage};
use crate::vector::input::Input;
use crate::vector::operation::Operation;

/// The mistakes that make another string to sign, key or digest. Those of comparing accept what nobody signed.
pub(super) fn all() -> impl Iterator<Item = &'static Mistake> {
    mistake::all().filter(|mistake| {
        matches!(
            mistake.area,
            Area::Parse
                | Area::Encode
                | Area::Charset
                | Area::Filter
                | Area::Sort
                | Area::Join
                | Area::Key
                | Area::Digest
        )
    })
}

/// The situation as a question to an implementation.
pub(super) fn ask(situation: &Situation, keys: &Keys, charset: Charset) -> Option<Ask> {
    let key = keys.get(situation.key)?;
    key.verifying(situation.sign_type)?;
    let form = match situation.sign_type.is_keyed() {
        true => KeyForm::Secret,
        false => KeyForm::PublicSpkiPem,
    };
    Some(Ask {
        case: String::new(),
        operation: Operation::VerifyNotify,
        protocol: situation.protocol.id.into(),
        sign_type: Some(situation.sign_type.name().into()),
        charset,
        key: Some([(form, key.text.to_string())].into_iter().collect()),
        keys: Vec::new(),
        input: message(situation)?,
        stage: Stage::Verify,
    })
}

/// What an answer shows of the stages.
#[derive(PartialEq)]
pub(super) struct Shown {
    decoded: Option<Params>,
    string: Option<Vec<u8>>,
}

impl Shown {
    pub(super) fn of(answer: &Answer) -> Self {
        let output = answer.output();
        Self {
            decoded: output.and_then(|output| output.decoded.clone()),
            string: output.and_then(|output| output.string_to_sign.clone()),
        }
    }
}

/// Whether the mistake is made where no stage shows it: with the key or the digest. Under RSA the circumstances of key
/// and sign type say the same.
pub(super) fn is_behind_the_stages(mistake: &Mistake, sign_type: SignType) -> bool {
    sign_type.is_keyed() && matches!(mistake.area, Area::Key | Area::Digest | Area::Join)
}

/// The string to sign that these mistakes make, where they accept the message, and neither another signature nor every
/// other message.
pub(super) fn explained(
    mistakes: &[&'static Mistake],
    ask: &Ask,
    situation: &Situation,
) -> Option<Vec<u8>> {
    let mistaken = Mistaken::new(mistakes.iter().copied()).as_its_signer();
    let Answer::Accept(output) = mistaken.perform(ask) else { return None };
    let accepts = |changed: &Situation| {
        let input = message(changed);
        let ask = input.map(|input| Ask { input, ..ask.clone() });
        ask.is_some_and(|ask| matches!(mistaken.perform(&ask), Answer::Accept(_)))
    };
    let mut other_sign = situation.sign().to_vec();
    if let Some(first) = other_sign.first_mut() {
        *first = if *first == b'a' { b'b' } else { b'a' };
    }
    if accepts(&situation.with_sign(other_sign)) {
        return None;
    }
    let mut signed =
        situation.params.iter().filter(|pair| !matches!(&*pair.0, b"sign" | b"sign_type"));
    let matters = signed.by_ref().take(8).any(|pair| {
        let mut changed = situation.clone();
        for other in &mut changed.params {
            if other.0 == pair.0 {
                other.1.push(b'0');
            }
        }
        !accepts(&changed)
    });
    matters.then(|| output.string_to_sign.unwrap_or_else(|| situation.string_to_sign()))
}

/// As it would come over the wire; `None` where it could not.
fn message(situation: &Situation) -> Option<Input> {
    let params = situation.params();
    let text = match situation.protocol.wire {
        Wire::Form => form::encode(&params),
        Wire::Xml => write::write(&params).ok()?,
    };
    Some(Input::Message(Bytes(text.into_bytes())))
}
