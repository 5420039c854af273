//! Laws of what is not genuine any more.

use std::num::NonZeroU8;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::law::setting::{Setting, SignedMessage, answer, side, written};
use crate::law::verdict::verdict;
use crate::law::violation::{Law, Outcome, Side, Stop, check};
use crate::params::Params;
use crate::signature::SignType;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::operation::Operation;

/// One edit of a signed message. Positions count round: 7 of five is the third, counted from 0 the one at 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A byte of a signed parameter.
    Change {
        /// Which of the signed parameters.
        parameter: usize,
        /// In which half.
        half: Half,
        /// Which byte of it.
        offset: usize,
        /// The bits that change.
        bits: NonZeroU8,
    },
    /// A byte of the signature.
    ChangeSignature {
        /// Which.
        offset: usize,
        /// The bits that change.
        bits: NonZeroU8,
    },
    /// A signed parameter is taken out.
    Remove {
        /// Which of the signed parameters.
        parameter: usize,
    },
    /// A parameter is put in, at the front.
    Add {
        /// Its name.
        name: Vec<u8>,
        /// Its value.
        value: Vec<u8>,
    },
}

/// A half of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The name.
    Name,
    /// The value.
    Value,
}

impl Edit {
    /// Changes bits of one byte.
    pub(crate) fn change(
        bytes: &mut [u8],
        offset: usize,
        bits: NonZeroU8,
    ) -> Result<(), &'static str> {
        let length = bytes.len().max(1);
        let byte = bytes.get_mut(offset % length).ok_or("nothing there to change")?;
        *byte ^= bits.get();
        Ok(())
    }

    /// The parameters of the edited message; or, where there is nothing that the edit could be made to, or its result
    /// is signed over the same string, why not.
    ///
    /// # Errors
    /// Why the edit is none.
    pub fn apply(
        &self,
        setting: &Setting,
        message: &SignedMessage,
    ) -> Result<Params, &'static str> {
        let protocol = setting.protocol;
        let excluded =
            |name: &[u8]| protocol.callback_excluded.iter().any(|own| own.as_bytes() == name);
        let mut pairs: Vec<(Vec<u8>, Vec<u8>)> =
            message.params.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect();
        let signed: Vec<usize> = (0..pairs.len())
            .filter(|index| {
                pairs.get(*index).is_some_and(|(name, value)| !excluded(name) && !value.is_empty())
            })
            .collect();
        let signed = |position| round(&signed, position).copied().ok_or("no signed parameter");
        match self {
            Self::Change { parameter, half, offset, bits } => {
                let pair = pairs.get_mut(signed(*parameter)?);
                let (name, value) = pair.ok_or("no such parameter")?;
                let half = match half {
                    Half::Name => name,
                    Half::Value => value,
                };
                Self::change(half, *offset, *bits)?;
            }
            Self::ChangeSignature { offset, bits } => {
                let name = protocol.signature.as_bytes();
                let sign = pairs.iter_mut().find(|(other, _)| other == name);
                let (_, sign) = sign.ok_or("no signature")?;
                let genuine = sign.clone();
                Self::change(sign, *offset, *bits)?;
                if !is_another_signature(setting.sign_type, &genuine, sign) {
                    return Err("the same signature, or none, in another text");
                }
            }
            Self::Remove { parameter } => {
                pairs.remove(signed(*parameter)?);
            }
            Self::Add { name, value } if value.is_empty() || excluded(name) => {
                let _ = (name, value);
                return Err("a parameter that is not signed");
            }
            Self::Add { name, value } => pairs.insert(0, (name.clone(), value.clone())),
        }
        Ok(pairs.into_iter().collect())
    }
}

/// [`Law::EditIsRefused`]: signs a message of the parameters (bytes in the charset of the setting), edits it, and has
/// it verified. The message without the edit must be accepted, or a refusal would show nothing.
///
/// A byte of an MD5 signature that changes its case alone, and a base64 text that strict decoders refuse, are left out:
/// implementations disagree about them. See [`signature_has_one_text`].
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with the edited message.
pub fn edit_is_refused(
    implementation: &dyn Implementation,
    setting: &Setting,
    params: &Params,
    edit: &Edit,
) -> Outcome {
    check(|| {
        let message = genuine(implementation, setting, params)?;
        let edited = edit.apply(setting, &message).map_err(Stop::not_applicable)?;
        refused(Law::EditIsRefused, implementation, setting, &edited)
    })
}

/// [`Law::SignatureHasOneText`]: puts a text in the place of the signature. It is refused, unless it is the signature.
///
/// The reference keeps this law. Official implementations take some other texts too: upper-case digits, line breaks.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with the message.
pub fn signature_has_one_text(
    implementation: &dyn Implementation,
    setting: &Setting,
    params: &Params,
    text: &[u8],
) -> Outcome {
    check(|| {
        let message = genuine(implementation, setting, params)?;
        let name = setting.protocol.signature.as_bytes();
        if message.params.get(name) == Some(text) {
            return Err(Stop::not_applicable("the signature itself"));
        }
        let pairs = message.params.iter();
        let edited = pairs.map(|(other, value)| (other, if other == name { text } else { value }));
        refused(Law::SignatureHasOneText, implementation, setting, &edited.collect())
    })
}

fn genuine(
    implementation: &dyn Implementation,
    setting: &Setting,
    params: &Params,
) -> Result<SignedMessage, Stop> {
    let message = SignedMessage::new(setting, params)
        .ok_or_else(|| Stop::not_applicable("the parameters cannot be signed"))?;
    let ask = setting.ask_message(Operation::VerifyNotify, &message.body());
    match answer(implementation, &ask)? {
        Answer::Accept(_) => Ok(message),
        _ => Err(Stop::not_applicable("the message without the edit is not accepted")),
    }
}

fn refused(
    law: Law,
    implementation: &dyn Implementation,
    setting: &Setting,
    edited: &Params,
) -> Result<(), Stop> {
    let body = written(setting.protocol.wire, edited);
    let body = body.ok_or_else(|| Stop::not_applicable("an edit that cannot be written"))?;
    let ask = setting.ask_message(Operation::VerifyNotify, &body);
    let answer = answer(implementation, &ask)?;
    if verdict(&answer) == "refused" {
        return Ok(());
    }
    Err(law.violated(
        Side::new("the law", "refused"),
        side(&format!("verifying \"{}\"", body.escape_ascii()), &answer),
    ))
}

/// Whether every reader of signatures takes the texts for two.
pub(crate) fn is_another_signature(sign_type: SignType, genuine: &[u8], edited: &[u8]) -> bool {
    match sign_type.is_keyed() {
        true => !edited.eq_ignore_ascii_case(genuine),
        false => STANDARD.decode(edited).is_ok_and(|bytes| STANDARD.decode(genuine) != Ok(bytes)),
    }
}

fn round<T>(list: &[T], position: usize) -> Option<&T> {
    list.get(position % list.len().max(1))
}
