//! RSA PKCS#1 v1.5 behind one seam: [`Private::sign_with`] and [`Public::verify_with`]. Each backend
//! answers `None` where it cannot do the job with this key, and then the next one is asked.

#[cfg(feature = "aws-lc-rs")]
mod aws;
mod pure;

use std::sync::Arc;

use ::rsa::pkcs1;

use super::error::{KeyError, SignError, VerifyError};

/// The digest under an RSA signature.
#[derive(Clone, Copy, Debug)]
pub(in crate::signature) enum Digest {
    Sha1,
    Sha256,
}

/// How data is made a block to be encrypted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BlockPadding {
    Pkcs1v15,
    /// With SHA-1 for the label, which is empty, and for MGF1.
    OaepSha1,
    /// With SHA-256 for both.
    OaepSha256,
}

/// Which library computes. For tests that hold the libraries against each other.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Backend {
    #[cfg(feature = "aws-lc-rs")]
    AwsLc,
    Pure,
}

impl Backend {
    /// All that are compiled in, in the order in which they are asked. The last can do everything.
    pub const ALL: &'static [Backend] = &[
        #[cfg(feature = "aws-lc-rs")]
        Backend::AwsLc,
        Backend::Pure,
    ];
}

pub(super) struct Private {
    public: Arc<Public>,
    pure: pure::Private,
    #[cfg(feature = "aws-lc-rs")]
    aws: Option<aws::Private>,
}

impl Private {
    /// `der` is the encoding of `key`.
    #[cfg_attr(not(feature = "aws-lc-rs"), allow(unused_variables))]
    pub(super) fn new(key: &pkcs1::RsaPrivateKey<'_>, der: &[u8]) -> Result<Private, KeyError> {
        Ok(Private {
            public: Arc::new(Public::new(&key.public_key())?),
            pure: pure::Private::new(key).ok_or(KeyError::Inconsistent)?,
            #[cfg(feature = "aws-lc-rs")]
            aws: aws::Private::new(der),
        })
    }

    pub(super) fn public(&self) -> &Arc<Public> {
        &self.public
    }

    /// The data of one PKCS#1 v1.5 block. The one backend that opens keys of every length.
    pub(super) fn decrypt(&self, block: &[u8]) -> Option<Vec<u8>> {
        self.open_block(BlockPadding::Pkcs1v15, block)
    }

    pub(super) fn open_block(&self, padding: BlockPadding, block: &[u8]) -> Option<Vec<u8>> {
        self.pure.open_block(padding, block)
    }

    pub(super) fn sign(&self, digest: Digest, message: &[u8]) -> Result<Vec<u8>, SignError> {
        Backend::ALL
            .iter()
            .find_map(|backend| self.sign_with(*backend, digest, message))
            .ok_or(SignError::Failed)
    }

    pub(super) fn sign_with(
        &self,
        backend: Backend,
        digest: Digest,
        message: &[u8],
    ) -> Option<Vec<u8>> {
        match backend {
            #[cfg(feature = "aws-lc-rs")]
            Backend::AwsLc => self.aws.as_ref()?.sign(digest, message),
            Backend::Pure => self.pure.sign(digest, message),
        }
    }
}

pub(super) struct Public {
    bits: usize,
    pure: pure::Public,
    #[cfg(feature = "aws-lc-rs")]
    aws: Option<aws::Public>,
}

impl Public {
    pub(super) fn new(key: &pkcs1::RsaPublicKey<'_>) -> Result<Public, KeyError> {
        let bits = match key.modulus.as_bytes() {
            [] => 0,
            // Without leading zero bytes.
            bytes @ [first, ..] => bytes.len() * 8 - first.leading_zeros() as usize,
        };
        match bits {
            ..512 => Err(KeyError::TooShort { bits }),
            512..=8192 => Ok(Public {
                bits,
                pure: pure::Public::new(key).ok_or(KeyError::Inconsistent)?,
                #[cfg(feature = "aws-lc-rs")]
                aws: aws::Public::new(key, bits),
            }),
            _ => Err(KeyError::TooLong { bits }),
        }
    }

    /// The number that the signature is of, without its leading zeros.
    pub(super) fn open(&self, signature: &[u8]) -> Option<Vec<u8>> {
        self.pure.open(signature)
    }

    pub(super) fn seal_block(
        &self,
        padding: BlockPadding,
        data: &[u8],
        seed: &[u8; 20],
    ) -> Option<Vec<u8>> {
        self.pure.seal_block(padding, data, seed)
    }

    pub(super) fn to_pem(&self) -> String {
        self.pure.to_pem()
    }

    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    pub(super) fn verify(
        &self,
        digest: Digest,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let verdict = Backend::ALL
            .iter()
            .find_map(|backend| self.verify_with(*backend, digest, message, signature));
        if verdict == Some(true) { Ok(()) } else { Err(VerifyError::Mismatch) }
    }

    pub(super) fn verify_with(
        &self,
        backend: Backend,
        digest: Digest,
        message: &[u8],
        signature: &[u8],
    ) -> Option<bool> {
        match backend {
            #[cfg(feature = "aws-lc-rs")]
            Backend::AwsLc => Some(self.aws.as_ref()?.verify(digest, message, signature)),
            Backend::Pure => Some(self.pure.verify(digest, message, signature)),
        }
    }
}
