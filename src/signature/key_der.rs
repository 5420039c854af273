//! From DER to an RSA key, or to what the DER holds instead.

use ::rsa::pkcs1::{self, ObjectIdentifier};
use ::rsa::pkcs8::AlgorithmIdentifierRef;
use ::rsa::pkcs8::der::asn1::{AnyRef, BitStringRef};
use ::rsa::pkcs8::der::{self, Decode as _, Reader as _, Tag, Tagged};

use super::error::{KeyError, KeyHalf};
use super::key_text::encrypted;
use super::rsa;

/// What DER holds, told by the tags of its outermost sequence.
enum Found<'a> {
    /// PKCS#1.
    Private(&'a [u8]),
    /// PKCS#1.
    Public(&'a [u8]),
    Encrypted,
    Certificate,
    NotRsa(&'static str),
}

pub(super) fn private(der: &[u8]) -> Result<rsa::Private, KeyError> {
    match find(der)? {
        Found::Private(der) => {
            rsa::Private::new(&pkcs1::RsaPrivateKey::from_der(der).map_err(broken)?, der)
        }
        other => Err(refuse(&other, KeyHalf::Private)),
    }
}

pub(super) fn public(der: &[u8]) -> Result<rsa::Public, KeyError> {
    match find(der)? {
        Found::Public(der) => {
            rsa::Public::new(&pkcs1::RsaPublicKey::from_der(der).map_err(broken)?)
        }
        other => Err(refuse(&other, KeyHalf::Public)),
    }
}

fn refuse(found: &Found<'_>, needed: KeyHalf) -> KeyError {
    match found {
        Found::Private(_) | Found::Public(_) => KeyError::WrongHalf { needed },
        Found::Encrypted => encrypted(needed),
        Found::Certificate => KeyError::Certificate { needed },
        Found::NotRsa(found) => KeyError::NotRsa { found },
    }
}

fn find(der: &[u8]) -> Result<Found<'_>, KeyError> {
    use Tag::{BitString, Integer, OctetString, Sequence};

    let items = items(der).map_err(broken)?;
    let tags: Vec<Tag> = items.iter().map(Tagged::tag).collect();
    match (tags.as_slice(), items.as_slice()) {
        ([Integer, Integer], _) => Ok(Found::Public(der)),
        ([Integer, Integer, Integer, Integer, Integer, Integer], _) => Ok(Found::NotRsa("a DSA")),
        ([Integer, Integer, Integer, Integer, ..], _) => Ok(Found::Private(der)),
        ([Integer, OctetString, ..], _) => Ok(Found::NotRsa("an EC")),
        // PKCS#8
        ([Integer, Sequence, OctetString, ..], [_, algorithm, key, ..]) => {
            Ok(not_rsa(algorithm)?.unwrap_or(Found::Private(key.value())))
        }
        // SubjectPublicKeyInfo
        ([Sequence, BitString], [algorithm, key]) => {
            if let Some(found) = not_rsa(algorithm)? {
                return Ok(found);
            }
            let bits: BitStringRef<'_> = key.decode_as().map_err(broken)?;
            bits.as_bytes().map(Found::Public).ok_or(KeyError::Der)
        }
        ([Sequence, OctetString], _) => Ok(Found::Encrypted),
        ([Sequence, Sequence, BitString], _) => Ok(Found::Certificate),
        _ => Err(KeyError::Structure),
    }
}

/// The members of the one sequence that is all of `der`.
fn items(der: &[u8]) -> der::Result<Vec<AnyRef<'_>>> {
    AnyRef::from_der(der)?.sequence(|reader| {
        let mut items = Vec::new();
        while !reader.is_finished() {
            items.push(reader.decode()?);
        }
        Ok(items)
    })
}

/// The algorithm of a key that is not RSA.
fn not_rsa<'a>(algorithm: &AnyRef<'_>) -> Result<Option<Found<'a>>, KeyError> {
    const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
    const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
    const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
    const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");

    let algorithm: AlgorithmIdentifierRef<'_> = algorithm.decode_as().map_err(broken)?;
    Ok(match algorithm.oid {
        pkcs1::ALGORITHM_OID => None,
        DSA => Some(Found::NotRsa("a DSA")),
        EC => Some(Found::NotRsa("an EC")),
        ED25519 => Some(Found::NotRsa("an Ed25519")),
        RSA_PSS => Some(Found::NotRsa("an RSA-PSS")),
        _ => Some(Found::NotRsa("another kind of")),
    })
}

/// The library's offsets count from the start of some inner part, so they are left out.
fn broken(_: der::Error) -> KeyError {
    KeyError::Der
}
