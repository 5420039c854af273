//! The cryptographic primitives alone, in the library that the crate uses for the job.

use alipay_conformance::signature::SignType;
use md5::Md5;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

pub(crate) fn md5(bytes: &[u8]) -> [u8; 16] {
    use md5::Digest as _;
    Md5::digest(bytes).into()
}

pub(crate) enum Signer {
    Sha1(RsaPrivateKey),
    #[cfg(not(feature = "aws-lc-rs"))]
    Sha256(RsaPrivateKey),
    #[cfg(feature = "aws-lc-rs")]
    Sha256(aws_lc_rs::rsa::KeyPair),
}

impl Signer {
    pub(crate) fn new(sign_type: SignType, pkcs1_pem: &[u8]) -> Self {
        let key = private(pkcs1_pem);
        match sign_type {
            SignType::Rsa => Self::Sha1(key),
            #[cfg(not(feature = "aws-lc-rs"))]
            _ => Self::Sha256(key),
            #[cfg(feature = "aws-lc-rs")]
            _ => {
                use rsa::pkcs1::EncodeRsaPrivateKey as _;
                let der = key.to_pkcs1_der().unwrap();
                Self::Sha256(aws_lc_rs::rsa::KeyPair::from_der(der.as_bytes()).unwrap())
            }
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1(key) => {
                key.sign(Pkcs1v15Sign::new::<Sha1>(), &Sha1::digest(message)).unwrap()
            }
            #[cfg(not(feature = "aws-lc-rs"))]
            Self::Sha256(key) => {
                key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message)).unwrap()
            }
            #[cfg(feature = "aws-lc-rs")]
            Self::Sha256(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                let random = aws_lc_rs::rand::SystemRandom::new();
                let padding = &aws_lc_rs::signature::RSA_PKCS1_SHA256;
                key.sign(padding, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }
}

#[cfg(not(feature = "aws-lc-rs"))]
pub(crate) struct Verifier {
    key: RsaPublicKey,
    sign_type: SignType,
}

#[cfg(not(feature = "aws-lc-rs"))]
impl Verifier {
    pub(crate) fn new(sign_type: SignType, pkcs1_pem: &[u8]) -> Self {
        Self { key: private(pkcs1_pem).to_public_key(), sign_type }
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let Self { key, sign_type } = self;
        match sign_type {
            SignType::Rsa => {
                key.verify(Pkcs1v15Sign::new::<Sha1>(), &Sha1::digest(message), signature)
            }
            _ => key.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message), signature),
        }
        .is_ok()
    }
}

#[cfg(feature = "aws-lc-rs")]
pub(crate) struct Verifier(aws_lc_rs::signature::ParsedPublicKey);

#[cfg(feature = "aws-lc-rs")]
impl Verifier {
    pub(crate) fn new(sign_type: SignType, pkcs1_pem: &[u8]) -> Self {
        use aws_lc_rs::signature::{
            ParsedPublicKey, RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
            RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        };
        use rsa::pkcs1::EncodeRsaPublicKey as _;
        let der = private(pkcs1_pem).to_public_key().to_pkcs1_der().unwrap();
        let parameters = match sign_type {
            SignType::Rsa => &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
            _ => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        };
        Self(ParsedPublicKey::new(parameters, der.as_bytes()).unwrap())
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let Self(key) = self;
        key.verify_sig(message, signature).is_ok()
    }
}

fn private(pkcs1_pem: &[u8]) -> RsaPrivateKey {
    RsaPrivateKey::from_pkcs1_pem(std::str::from_utf8(pkcs1_pem).unwrap()).unwrap()
}
