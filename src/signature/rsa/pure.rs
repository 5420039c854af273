//! The `rsa` crate: every key size, both digests, both directions.

use std::iter::Cycle;
use std::slice::Iter;

use ::rsa::pkcs8::{EncodePublicKey as _, LineEnding};
use ::rsa::rand_core::{self, CryptoRng, RngCore};
use ::rsa::traits::PublicKeyParts as _;
use ::rsa::{BigUint, Oaep, Pkcs1v15Encrypt, Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey, pkcs1};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::{BlockPadding, Digest};

pub(super) struct Private(RsaPrivateKey);

impl Private {
    /// `None` when the numbers do not fit together. The length of the modulus is checked before.
    pub(super) fn new(key: &pkcs1::RsaPrivateKey<'_>) -> Option<Private> {
        let [d, p, q] = [&key.private_exponent, &key.prime1, &key.prime2];
        // Bounds the work that a made-up key can cause.
        if [d, p, q].iter().any(|number| number.len() > key.modulus.len()) {
            return None;
        }
        let number = |bytes: &pkcs1::UintRef<'_>| BigUint::from_bytes_be(bytes.as_bytes());
        let mut factors = vec![number(p), number(q)];
        // Signing adds the first factor until a difference of the order of the second is positive:
        // with a small one in front that would never end.
        factors.sort_by(|a, b| b.cmp(a));
        let [n, e] = [&key.modulus, &key.public_exponent].map(number);
        RsaPrivateKey::from_components(n, e, number(d), factors).ok().map(Private)
    }

    /// `None` when the factors are not prime.
    pub(super) fn sign(&self, digest: Digest, message: &[u8]) -> Option<Vec<u8>> {
        let Private(key) = self;
        match digest {
            Digest::Sha1 => key.sign(Pkcs1v15Sign::new::<Sha1>(), &Sha1::digest(message)),
            Digest::Sha256 => key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message)),
        }
        .ok()
    }

    /// `None` where the block is not one that was encrypted to this key.
    pub(super) fn open_block(&self, padding: BlockPadding, block: &[u8]) -> Option<Vec<u8>> {
        let Private(key) = self;
        match padding {
            BlockPadding::Pkcs1v15 => key.decrypt(Pkcs1v15Encrypt, block),
            BlockPadding::OaepSha1 => key.decrypt(Oaep::new::<Sha1>(), block),
            BlockPadding::OaepSha256 => key.decrypt(Oaep::new::<Sha256>(), block),
        }
        .ok()
    }
}

pub(super) struct Public(RsaPublicKey);

impl Public {
    /// `None` when the numbers cannot be an RSA key. The length of the modulus is checked before.
    pub(super) fn new(key: &pkcs1::RsaPublicKey<'_>) -> Option<Public> {
        let [n, e] =
            [key.modulus, key.public_exponent].map(|n| BigUint::from_bytes_be(n.as_bytes()));
        RsaPublicKey::new_with_max_size(n, e, 8192).ok().map(Public)
    }

    /// `None` where the signature is not as long as the key, or no smaller.
    pub(super) fn open(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let Public(key) = self;
        let number = BigUint::from_bytes_be(signature);
        let fits = signature.len() == key.size() && number < *key.n();
        fits.then(|| number.modpow(key.e(), key.n()).to_bytes_be())
    }

    /// `None` where the data is more than a block takes.
    pub(super) fn seal_block(
        &self,
        padding: BlockPadding,
        data: &[u8],
        seed: &[u8; 20],
    ) -> Option<Vec<u8>> {
        let Public(key) = self;
        let mut seed = Seed(seed.iter().cycle());
        match padding {
            BlockPadding::Pkcs1v15 => key.encrypt(&mut seed, Pkcs1v15Encrypt, data),
            BlockPadding::OaepSha1 => key.encrypt(&mut seed, Oaep::new::<Sha1>(), data),
            BlockPadding::OaepSha256 => key.encrypt(&mut seed, Oaep::new::<Sha256>(), data),
        }
        .ok()
    }

    /// SubjectPublicKeyInfo in PEM.
    pub(super) fn to_pem(&self) -> String {
        // Encoding fails only where memory ends.
        self.0.to_public_key_pem(LineEnding::LF).unwrap_or_default()
    }

    pub(super) fn verify(&self, digest: Digest, message: &[u8], signature: &[u8]) -> bool {
        let Public(key) = self;
        match digest {
            Digest::Sha1 => {
                key.verify(Pkcs1v15Sign::new::<Sha1>(), &Sha1::digest(message), signature)
            }
            Digest::Sha256 => {
                key.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message), signature)
            }
        }
        .is_ok()
    }
}

/// The caller's random bytes in the form in which the crate asks for them.
struct Seed<'a>(Cycle<Iter<'a, u8>>);

impl RngCore for Seed<'_> {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for (byte, seed) in bytes.iter_mut().zip(&mut self.0) {
            *byte = *seed;
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Seed<'_> {}
