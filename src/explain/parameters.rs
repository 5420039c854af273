//! Messages that are parameters.

use std::borrow::Cow;

use super::circumstance::{self, Circumstance, Undone};
use super::keys::Keys;
use super::situation::Situation;
use crate::canonical::{self, Selection};
use crate::charset::Charset;
use crate::form;
use crate::mistake::{Area, Mistake, Mistaken};
use crate::params::Params;
use crate::protocol::pipeline::{MessageError, Pipeline, Scratch};
use crate::protocol::wechatpay::write;
use crate::protocol::{Protocol, Wire};
use crate::signature::{SignType, VerifyError};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::bytes::Bytes;
use crate::vector::case::{Ask, KeyForm, Stage};
use crate::vector::input::Input;
use crate::vector::operation::Operation;

/// More parameters than this are not looked at one by one.
const MOST_SINGLES: usize = 12;

/// A parameter.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// What is verified, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Parameters {
    /// All parameters, `sign` and `sign_type` among them.
    pub(super) params: Vec<Pair>,
    pub(super) protocol: Protocol,
    pub(super) sign_type: SignType,
    /// The position among the prepared keys.
    pub(super) key: usize,
}

impl Parameters {
    pub(super) fn get(&self, name: &[u8]) -> Option<&[u8]> {
        self.params.iter().find(|pair| pair.0 == name).map(|pair| pair.1.as_slice())
    }

    pub(super) fn params(&self) -> Params {
        self.params.iter().map(|(name, value)| (name, value)).collect()
    }

    /// The reference's own verdict.
    pub(super) fn verdict(&self, keys: &Keys) -> Result<(), MessageError> {
        let key = keys.get(self.key).and_then(|key| key.verifying(self.sign_type));
        let Some(key) = key else {
            return Err(VerifyError::KeyKind { sign_type: self.sign_type }.into());
        };
        let message = form::encode(&self.params());
        let mut scratch = Scratch::new();
        // The parameters are judged; how they came was read before.
        Pipeline::new(Protocol { wire: Wire::Form, ..self.protocol })
            .verify(message.as_bytes(), self.sign_type, key, &mut scratch)
            .map(|_| ())
    }

    /// Every signed value changed, if that changes any.
    pub(super) fn with_values(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Option<Self> {
        let mut changed = self.clone();
        for (name, value) in &mut changed.params {
            if is_signed(name) {
                *value = change(value);
            }
        }
        (changed != *self).then_some(changed)
    }

    /// As it would come over the wire; `None` where it could not.
    fn message(&self) -> Option<Input> {
        let params = self.params();
        let text = match self.protocol.wire {
            Wire::Form => form::encode(&params),
            Wire::Xml => write::write(&params).ok()?,
        };
        Some(Input::Message(Bytes(text.into_bytes())))
    }
}

/// Whether a value may have been changed: not the signature, nor what says how it was made.
pub(super) fn is_signed(name: &[u8]) -> bool {
    !matches!(name, b"sign" | b"sign_type")
}

impl Situation for Parameters {
    fn circumstances() -> impl Iterator<Item = &'static Circumstance<Self>> {
        circumstance::of_parameters()
    }

    /// Those that make another string to sign, key or digest. Those of comparing accept what nobody signed.
    fn can_be_made(mistake: &Mistake) -> bool {
        use Area::{Charset, Digest, Encode, Filter, Join, Key, Parse, Sort};
        matches!(mistake.area, Parse | Encode | Charset | Filter | Sort | Join | Key | Digest)
    }

    fn sign(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self.get(b"sign").unwrap_or_default())
    }

    fn with_sign(&self, sign: &[u8]) -> Self {
        let mut changed = self.clone();
        for (_, value) in changed.params.iter_mut().filter(|pair| pair.0 == b"sign") {
            *value = sign.to_vec();
        }
        changed
    }

    fn sign_type(&self) -> SignType {
        self.sign_type
    }

    fn key(&self) -> usize {
        self.key
    }

    fn with_key(&self, key: usize) -> Self {
        Self { key, ..self.clone() }
    }

    fn size(&self) -> usize {
        self.params.iter().map(|(name, value)| name.len() + value.len() + 2).sum()
    }

    fn texts(&self) -> impl Iterator<Item = &[u8]> {
        self.params.iter().map(|pair| pair.1.as_slice())
    }

    /// Names too, and those of the signature.
    fn with_texts(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        let mut changed = self.clone();
        for (name, value) in &mut changed.params {
            *name = change(name);
            *value = change(value);
        }
        changed
    }

    fn each_text(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Undone<Self>> {
        let Some(all) = self.with_values(&change) else { return vec![] };
        let pairs = self.params.iter().zip(&all.params).enumerate();
        let changed: Vec<usize> =
            pairs.filter(|(_, (before, after))| before != after).map(|(index, _)| index).collect();
        let name = |index: usize| self.params.get(index).map(|pair| pair.0.clone());
        let single = |index: usize| {
            let mut single = self.clone();
            let value = &mut single.params.get_mut(index)?.1;
            *value = change(value);
            Some(Undone { situation: single, detail: name(index).into_iter().collect() })
        };
        let detail = changed.iter().filter_map(|index| name(*index)).take(MOST_SINGLES).collect();
        let singles = 2..=MOST_SINGLES;
        let mut undone = vec![Undone { situation: all, detail }];
        if singles.contains(&changed.len()) {
            undone.extend(changed.into_iter().filter_map(single));
        }
        undone
    }

    fn altered(&self) -> impl Iterator<Item = Self> {
        let signed = self.params.iter().map(|pair| &pair.0).filter(|name| is_signed(name));
        signed.take(8).map(|name| {
            let mut altered = self.clone();
            for (_, value) in altered.params.iter_mut().filter(|pair| pair.0 == *name) {
                value.push(b'0');
            }
            altered
        })
    }

    /// A repeated name, which the rules refuse, stays twice.
    fn string_to_sign(&self) -> Vec<u8> {
        let params = self.params();
        let mut selection = Selection::new();
        canonical::filter(&params, self.protocol.callback_excluded, &mut selection);
        canonical::sort(&params, &mut selection);
        let mut string = Vec::new();
        canonical::join(&params, &selection, &mut string);
        string
    }

    /// The reference refuses repeated names, another sign type than the configured one and a missing signature before it
    /// verifies anything.
    fn is_verifiable(&self, keys: &Keys) -> bool {
        let named = self.get(self.protocol.sign_type.as_bytes());
        let has_key = keys.get(self.key).is_some_and(|key| key.verifying(self.sign_type).is_some());
        let mut names: Vec<&[u8]> = self.params.iter().map(|pair| pair.0.as_slice()).collect();
        names.sort_unstable();
        has_key
            && !self.sign().is_empty()
            && named.is_none_or(|named| named == self.protocol.wire_name(self.sign_type).as_bytes())
            && names.windows(2).all(|pair| pair.first() != pair.last())
    }

    fn is_genuine(&self, keys: &Keys) -> bool {
        self.verdict(keys).is_ok()
    }

    fn put_to(&self, mistaken: &Mistaken, keys: &Keys, charset: Charset) -> Option<Answer> {
        let key = keys.get(self.key)?;
        key.verifying(self.sign_type)?;
        let form = match self.sign_type.is_keyed() {
            true => KeyForm::Secret,
            false => KeyForm::PublicSpkiPem,
        };
        Some(mistaken.perform(&Ask {
            case: String::new(),
            operation: Operation::VerifyNotify,
            protocol: self.protocol.id.into(),
            sign_type: Some(self.sign_type.name().into()),
            charset,
            key: Some([(form, key.text.to_string())].into_iter().collect()),
            keys: Vec::new(),
            input: self.message()?,
            stage: Stage::Verify,
        }))
    }
}
