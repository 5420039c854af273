use std::fmt;

use super::sign_type::SignType;

/// Why signing did not come about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The key is not of the kind that the sign type needs.
    #[error("{}", KeyKindMessage(*sign_type))]
    KeyKind {
        /// The sign type asked for.
        sign_type: SignType,
    },
    /// The private key passed every check on its numbers, and still does not work: its factors are
    /// not prime.
    #[error("the RSA private key does not work: its numbers are not those of an RSA key")]
    Failed,
}

/// Why a signature was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The text form of the signature is not that of the sign type.
    #[error(transparent)]
    BadEncoding(#[from] BadEncoding),
    /// The signature is well formed, and is not one of this message under this key.
    #[error("the signature does not match the string to sign under this key")]
    Mismatch,
    /// The key is not of the kind that the sign type needs.
    #[error("{}", KeyKindMessage(*sign_type))]
    KeyKind {
        /// The sign type asked for.
        sign_type: SignType,
    },
}

/// What is wrong with the text form of a received signature. Offsets count its bytes from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadEncoding {
    /// Hex digits of another number than the form has.
    #[error("{form}, but {length} bytes came")]
    HexLength {
        /// What is expected.
        form: HexForm,
        /// The length that came, in bytes.
        length: usize,
    },
    /// As many bytes as the form has, and one of them is none of its digits.
    #[error("{form}, but byte {offset} is '{}'", byte.escape_ascii())]
    HexDigit {
        /// What is expected.
        form: HexForm,
        /// The first wrong byte.
        offset: usize,
        /// What stands there.
        byte: u8,
    },
    /// An RSA signature that is not standard base64 with its padding, on one line.
    #[error(
        "an RSA signature is padded base64 on one line, but what came breaks at byte {offset} of {length}"
    )]
    Base64 {
        /// The first wrong byte; equal to the length when the text ends too soon.
        offset: usize,
        /// The length that came, in bytes.
        length: usize,
    },
}

/// The text form of a signature under a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HexForm {
    /// Of [`SignType::Md5`].
    Md5,
    /// Of [`SignType::WechatMd5`].
    WechatMd5,
    /// Of [`SignType::HmacSha256`].
    HmacSha256,
}

impl HexForm {
    /// How many digits it has.
    pub(super) fn length(self) -> usize {
        match self {
            HexForm::Md5 | HexForm::WechatMd5 => 32,
            HexForm::HmacSha256 => 64,
        }
    }
}

impl fmt::Display for HexForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HexForm::Md5 => "an MD5 signature is 32 lower-case hex digits",
            HexForm::WechatMd5 => "an MD5 signature is 32 upper-case hex digits",
            HexForm::HmacSha256 => "an HMAC-SHA256 signature is 64 upper-case hex digits",
        })
    }
}

/// One half of an RSA key pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHalf {
    /// The half that signs.
    Private,
    /// The half that verifies.
    Public,
}

impl fmt::Display for KeyHalf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyHalf::Private => "private",
            KeyHalf::Public => "public",
        })
    }
}

/// Why bytes are not the key that is needed. Never holds any part of the key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Nothing there, or nothing but whitespace.
    #[error("the key is empty")]
    Empty,
    /// The file of an MD5 key begins with a byte order mark, which would become part of the key.
    #[error("the file of the MD5 key begins with a byte order mark: save it without one")]
    ByteOrderMark,
    /// The file of an MD5 key has whitespace about the key, which would become part of it.
    #[error("the file of the MD5 key has whitespace at byte {offset}, before or behind the key")]
    Whitespace {
        /// The first byte of that whitespace.
        offset: usize,
    },
    /// One half of a key pair where the other is needed.
    #[error("this is a {} key where a {needed} one is needed", needed.other())]
    WrongHalf {
        /// The half that is needed.
        needed: KeyHalf,
    },
    /// A certificate, or a request for one.
    #[error("this is a certificate (X.509) where a {needed} key is needed")]
    Certificate {
        /// The half that is needed.
        needed: KeyHalf,
    },
    /// A private key under a passphrase.
    #[error("this private key is encrypted: an unencrypted one is needed")]
    Encrypted,
    /// A key of another algorithm.
    #[error("this is {found} key where an RSA one is needed")]
    NotRsa {
        /// The algorithm, with its article: `an EC`.
        found: &'static str,
    },
    /// A key in the format of OpenSSH.
    #[error(
        "this is an OpenSSH key: PEM or base64 of PKCS#1, PKCS#8 or SubjectPublicKeyInfo is needed"
    )]
    OpenSsh,
    /// A PEM block is not closed.
    #[error("the PEM block that begins at byte {offset} has no END line to match")]
    PemEnd {
        /// Where its BEGIN line stands in the input.
        offset: usize,
    },
    /// The base64 of the key is damaged.
    #[error("base64 broken at byte {offset}")]
    Base64 {
        /// The first wrong byte of the input as given, counting a byte order mark, header lines and
        /// line endings; the place where it stops, when it stops too soon.
        offset: usize,
    },
    /// What the base64 holds is not DER, as when the text is cut off.
    #[error("the DER of this key is broken")]
    Der,
    /// DER, but of nothing that is a key.
    #[error("no key in this DER: PKCS#1, PKCS#8 or SubjectPublicKeyInfo is needed")]
    Structure,
    /// An RSA key with a modulus of fewer than 512 bits.
    #[error("an RSA key of {bits} bits is too short: 512 to 8192 are accepted")]
    TooShort {
        /// The length of its modulus.
        bits: usize,
    },
    /// An RSA key with a modulus of more than 8192 bits.
    #[error("an RSA key of {bits} bits is too long: 512 to 8192 are accepted")]
    TooLong {
        /// The length of its modulus.
        bits: usize,
    },
    /// The numbers do not make an RSA key, for instance because the modulus is not the product of the
    /// factors.
    #[error("the numbers in this RSA key do not fit together")]
    Inconsistent,
}

impl KeyHalf {
    fn other(self) -> KeyHalf {
        match self {
            KeyHalf::Private => KeyHalf::Public,
            KeyHalf::Public => KeyHalf::Private,
        }
    }
}

/// The message of a key of the wrong kind, which signing and verifying share.
struct KeyKindMessage(SignType);

impl fmt::Display for KeyKindMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.digest() {
            None => write!(f, "sign type {} needs a secret, but an RSA key was given", self.0),
            Some(_) => write!(f, "sign type {} needs an RSA key, but a secret was given", self.0),
        }
    }
}
