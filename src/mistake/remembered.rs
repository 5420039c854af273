//! RSA, each computation once: nearly every mistake signs and verifies what the reference does, and of all that a
//! mistake costs three quarters are these.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::content::{self, FieldError};
use crate::signature::{
    self, DecryptError, PrivateKey, SignError, SignType, Signature, SigningKey, VerifyError,
    VerifyingKey,
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

/// Public key and text.
static BLOCKS: Memory<(String, Vec<u8>), Result<Vec<u8>, DecryptError>> =
    LazyLock::new(Mutex::default);
static FIELDS: Memory<(String, String), Result<Vec<u8>, FieldError>> =
    LazyLock::new(Mutex::default);

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

/// [`signature::decrypt_blocks`], likewise.
pub(super) fn decrypt_blocks(key: &PrivateKey, text: &[u8]) -> Result<Vec<u8>, DecryptError> {
    let decrypt = || signature::decrypt_blocks(key, text);
    match text.len() <= LONGEST {
        true => once(&BLOCKS, (key.public_key().to_pem(), text.to_vec()), decrypt),
        false => decrypt(),
    }
}

/// [`content::decrypt_field`], likewise.
pub(super) fn decrypt_field(key: &PrivateKey, text: &str) -> Result<Vec<u8>, FieldError> {
    let decrypt = || content::decrypt_field(key, text);
    match text.len() <= LONGEST {
        true => once(&FIELDS, (key.public_key().to_pem(), text.to_owned()), decrypt),
        false => decrypt(),
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
