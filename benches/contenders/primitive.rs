//! The cryptographic primitives alone, hashing of the message included, in the library that the crate uses for them.

use alipay_conformance::signature::SignType;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha1::Sha1;
use sha2::Sha256;

pub(crate) type Signer = Box<dyn Fn(&[u8]) -> Vec<u8>>;
pub(crate) type Verifier = Box<dyn Fn(&[u8], &[u8]) -> bool>;

pub(crate) fn md5(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}

pub(crate) fn base64(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}

pub(crate) fn signer(sign_type: SignType, pkcs1_pem: &str) -> Signer {
    let key = RsaPrivateKey::from_pkcs1_pem(pkcs1_pem).unwrap();
    match sign_type {
        #[cfg(feature = "aws-lc-rs")]
        SignType::Rsa2 => aws::signer(&key),
        _ => Box::new(move |message| {
            let (padding, digest) = padded_digest(sign_type, message);
            key.sign(padding, &digest).unwrap()
        }),
    }
}

pub(crate) fn verifier(sign_type: SignType, pkcs1_pem: &str) -> Verifier {
    let key = RsaPrivateKey::from_pkcs1_pem(pkcs1_pem).unwrap().to_public_key();
    #[cfg(feature = "aws-lc-rs")]
    return aws::verifier(sign_type, &key);
    #[cfg(not(feature = "aws-lc-rs"))]
    Box::new(move |message, signature| {
        let (padding, digest) = padded_digest(sign_type, message);
        key.verify(padding, &digest, signature).is_ok()
    })
}

fn padded_digest(sign_type: SignType, message: &[u8]) -> (Pkcs1v15Sign, Vec<u8>) {
    use sha2::Digest as _;
    match sign_type {
        SignType::Rsa => (Pkcs1v15Sign::new::<Sha1>(), Sha1::digest(message).to_vec()),
        _ => (Pkcs1v15Sign::new::<Sha256>(), Sha256::digest(message).to_vec()),
    }
}

#[cfg(feature = "aws-lc-rs")]
mod aws {
    use super::{RsaPrivateKey, SignType, Signer, Verifier};
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::rsa::KeyPair;
    use aws_lc_rs::signature::{
        ParsedPublicKey, RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_SHA256,
    };
    use rsa::RsaPublicKey;
    use rsa::pkcs1::{EncodeRsaPrivateKey as _, EncodeRsaPublicKey as _};

    pub(crate) fn signer(key: &RsaPrivateKey) -> Signer {
        let key = KeyPair::from_der(key.to_pkcs1_der().unwrap().as_bytes()).unwrap();
        Box::new(move |message| {
            let mut signature = vec![0; key.public_modulus_len()];
            key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
            signature
        })
    }

    pub(crate) fn verifier(sign_type: SignType, key: &RsaPublicKey) -> Verifier {
        let parameters = match sign_type {
            SignType::Rsa => &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
            _ => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        };
        let key = ParsedPublicKey::new(parameters, key.to_pkcs1_der().unwrap().as_bytes()).unwrap();
        Box::new(move |message, signature| key.verify_sig(message, signature).is_ok())
    }
}
