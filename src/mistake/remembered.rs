//! RSA, each computation once: nearly every mistake signs and verifies what the reference does, and of all that a
//! mistake costs three quarters are these.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::signature::{
    self, SignError, SignType, Signature, SigningKey, VerifyError, VerifyingKey,
};

/// Answers beyond these are not remembered, nor are those about longer strings.
const MOST: usize = 1 << 14;
const LONGEST: usize = 1 << 12;

type Memory<Q, A> = LazyLock<Mutex<HashMap<Q, A>>>;

/// Sign type, public key and string to sign.
type Signed = (SignType, String, Vec<u8>);

static SIGNATURES: Memory<Signed, Result<Signature, SignError>> = LazyLock::new(Mutex::default);
/// With the received signature.
static VERDICTS: Memory<(Signed, Vec<u8>), Result<(), VerifyError>> = LazyLock::new(Mutex::default);

/// [`signature::sign`], which is a function of what it is given.
pub(super) fn sign(
    sign_type: SignType,
    key: &SigningKey,
    string: &[u8],
) -> Result<Signature, SignError> {
    let sign = || signature::sign(sign_type, key, string);
    match key.verifying_key() {
        VerifyingKey::Rsa(public) if string.len() <= LONGEST => {
            once(&SIGNATURES, (sign_type, public.to_pem(), string.to_vec()), sign)
        }
        _ => sign(),
    }
}

/// [`signature::verify`], likewise.
pub(super) fn verify(
    sign_type: SignType,
    key: &VerifyingKey,
    string: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    let verify = || signature::verify(sign_type, key, string, signature);
    match key {
        VerifyingKey::Rsa(public) if string.len() + signature.len() <= LONGEST => {
            let signed = (sign_type, public.to_pem(), string.to_vec());
            once(&VERDICTS, (signed, signature.to_vec()), verify)
        }
        _ => verify(),
    }
}

fn once<Q: Eq + Hash, A: Clone>(memory: &Memory<Q, A>, question: Q, answer: impl Fn() -> A) -> A {
    let lock = || memory.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lock().get(&question) {
        return known.clone();
    }
    let answer = answer();
    let mut memory = lock();
    if memory.len() < MOST {
        memory.insert(question, answer.clone());
    }
    answer
}
