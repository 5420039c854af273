//! aws-lc-rs: signing with SHA-256 from 2048 bits, verifying from 1024.

use ::rsa::pkcs1;
use ::rsa::pkcs1::der::Encode as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{
    ParsedPublicKey, RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_SHA256,
};

use super::Digest;

pub(super) struct Private(KeyPair);

impl Private {
    /// `None` for a key that the library does not take: one below 2048 bits, or one with wrong values
    /// where the Chinese remainder theorem is prepared, which signing can do without.
    pub(super) fn new(pkcs1_der: &[u8]) -> Option<Private> {
        KeyPair::from_der(pkcs1_der).ok().map(Private)
    }

    /// `None` for SHA-1, with which the library does not sign.
    pub(super) fn sign(&self, digest: Digest, message: &[u8]) -> Option<Vec<u8>> {
        match digest {
            Digest::Sha1 => None,
            Digest::Sha256 => {
                let Private(key) = self;
                let mut signature = vec![0; key.public_modulus_len()];
                // PKCS#1 v1.5 draws no random numbers; the parameter is there for other paddings.
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).ok()?;
                Some(signature)
            }
        }
    }
}

/// The key, parsed once for each digest: parsing costs about as much as verifying.
pub(super) struct Public {
    sha1: ParsedPublicKey,
    sha256: ParsedPublicKey,
}

impl Public {
    /// `None` for a key that the library does not take.
    pub(super) fn new(key: &pkcs1::RsaPublicKey<'_>, bits: usize) -> Option<Public> {
        // The library itself says so only when it verifies.
        if bits < 1024 {
            return None;
        }
        let der = key.to_der().ok()?;
        Some(Public {
            sha1: ParsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, &der).ok()?,
            sha256: ParsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, &der)
                .ok()?,
        })
    }

    pub(super) fn verify(&self, digest: Digest, message: &[u8], signature: &[u8]) -> bool {
        let key = match digest {
            Digest::Sha1 => &self.sha1,
            Digest::Sha256 => &self.sha256,
        };
        key.verify_sig(message, signature).is_ok()
    }
}
