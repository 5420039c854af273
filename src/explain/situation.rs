//! What is put to the reference: parameters, sign type and key, as they are after some steps of the search.

use super::keys::Keys;
use crate::canonical::{self, Selection};
use crate::form;
use crate::params::Params;
use crate::protocol::pipeline::{MessageError, Pipeline, Scratch};
use crate::protocol::{Protocol, Wire};
use crate::signature::{SignType, VerifyError};

/// A parameter.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// What is verified, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Situation {
    /// All parameters, `sign` and `sign_type` among them.
    pub(super) params: Vec<Pair>,
    pub(super) protocol: Protocol,
    pub(super) sign_type: SignType,
    /// The position among the prepared keys.
    pub(super) key: usize,
}

impl Situation {
    pub(super) fn sign(&self) -> &[u8] {
        self.get(b"sign").unwrap_or_default()
    }

    pub(super) fn get(&self, name: &[u8]) -> Option<&[u8]> {
        self.params.iter().find(|pair| pair.0 == name).map(|pair| pair.1.as_slice())
    }

    /// The parameters, their signature replaced.
    pub(super) fn with_sign(&self, sign: Vec<u8>) -> Self {
        let mut changed = self.clone();
        for (name, value) in &mut changed.params {
            if name == b"sign" {
                value.clone_from(&sign);
            }
        }
        changed
    }

    pub(super) fn params(&self) -> Params {
        self.params.iter().map(|(name, value)| (name, value)).collect()
    }

    /// How many bytes the parameters take.
    pub(super) fn size(&self) -> usize {
        self.params.iter().map(|(name, value)| name.len() + value.len() + 2).sum()
    }

    /// The string to sign by the rules. A repeated name, which the rules refuse, stays twice.
    pub(super) fn string_to_sign(&self) -> Vec<u8> {
        let params = self.params();
        let mut selection = Selection::new();
        canonical::filter(&params, self.protocol.callback_excluded, &mut selection);
        canonical::sort(&params, &mut selection);
        let mut string = Vec::new();
        canonical::join(&params, &selection, &mut string);
        string
    }

    /// Whether the reference can be asked at all: it refuses repeated names, another sign type than the configured one
    /// and a missing signature before it verifies anything.
    pub(super) fn is_verifiable(&self, keys: &Keys) -> bool {
        let named = self.get(self.protocol.sign_type.as_bytes());
        let has_key = keys.get(self.key).is_some_and(|key| key.verifying(self.sign_type).is_some());
        let mut names: Vec<&[u8]> = self.params.iter().map(|pair| pair.0.as_slice()).collect();
        names.sort_unstable();
        has_key
            && !self.sign().is_empty()
            && named.is_none_or(|named| named == self.protocol.wire_name(self.sign_type).as_bytes())
            && names.windows(2).all(|pair| pair.first() != pair.last())
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
}
