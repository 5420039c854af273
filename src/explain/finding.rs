//! What came of a search.

use super::capture::Remark;
use super::keys::Oddity;
use crate::charset::Charset;
use crate::mistake::Text;
use crate::protocol::Protocol;
use crate::protocol::mapi::notify_id::Cause;
use crate::protocol::pipeline::MessageError;
use crate::signature::SignType;

/// What came of a search.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The reference's verdict on the message as it stands.
    pub verdict: Result<(), MessageError>,
    /// The protocol by whose rules it was judged.
    pub protocol: Protocol,
    /// The sign type with which it was judged.
    pub sign_type: SignType,
    /// The charset in which the strings are shown.
    pub charset: Charset,
    /// What can be seen without a search.
    pub facts: Vec<Fact>,
    /// The smallest sets under which it verifies, all equally small. None where it is genuine.
    pub explanations: Vec<Explanation>,
    /// The string to sign of the message as it stands.
    pub built: Vec<u8>,
    /// Where was looked.
    pub searched: Searched,
    /// What the signature and the gateway's answer to the notify_id check say together, where the answer was given.
    pub cause: Option<Cause>,
}

impl Finding {
    /// Whether the message is genuine as it stands.
    #[must_use]
    pub fn is_genuine(&self) -> bool {
        self.verdict.is_ok()
    }
}

/// A set of circumstances and mistakes under which the message verifies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// In the order in which they are undone; the signer's mistakes last.
    pub steps: Vec<Step>,
    /// The string that was signed.
    pub signed: Vec<u8>,
    /// The charset in which it is shown.
    pub charset: Charset,
    /// The sign type that it verifies with.
    pub sign_type: SignType,
    /// The name of the key that it verifies with.
    pub key: String,
}

/// One circumstance or mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// Its name, for ever.
    pub id: &'static str,
    /// Whether it is the signer's mistake, and not what happened to the message on its way.
    pub is_mistake: bool,
    /// What happened.
    pub what: Text,
    /// What to do.
    pub fix: Text,
    /// The names, or other words, that say where it happened.
    pub detail: Vec<Vec<u8>>,
}

/// Where a search looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Searched {
    /// How many circumstances and mistakes were known.
    pub steps: usize,
    /// How many sets of them were tried.
    pub sets: usize,
    /// How many different strings, signatures, sign types and keys were put to the test.
    pub attempts: usize,
    /// Up to how many steps at once everything was tried.
    pub complete: usize,
    /// Why it ended before its end.
    pub stopped: Option<Stopped>,
}

/// Why a search ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stopped {
    /// The work that it may do was done.
    Work,
    /// Its time was up.
    Time,
}

/// Something that can be seen without a search.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fact {
    /// There is no `sign`, or an empty one.
    NoSign,
    /// There is no `sign_type`.
    NoSignType,
    /// The message names a sign type that is none.
    UnknownSignType(Vec<u8>),
    /// The message names another sign type than the configured one.
    OtherSignType(Vec<u8>),
    /// The signature has the form of this sign type, and of this length in bits where it is RSA's.
    SignForm(SignForm),
    /// The signature is of another length than the key's, in bits.
    OtherKeyLength {
        /// The signature's.
        sign: usize,
        /// The key's.
        key: usize,
    },
    /// The signature was made with the private half of the key of this name, as this sign type: whatever is wrong, the
    /// key is not.
    KeyMadeIt(String, SignType),
    /// The key of this name did not make the signature, whatever the string to sign.
    KeyDidNotMakeIt(String),
    /// None of the keys can do the sign type.
    NoKeyFor(SignType),
    /// Values that are text neither in UTF-8 nor in GBK.
    NoText(Vec<Vec<u8>>),
    /// Values in which characters were replaced for good, by U+FFFD.
    Replaced(Vec<Vec<u8>>),
    /// Names that stand more than once.
    Repeated(Vec<Vec<u8>>),
    /// Names that no document has.
    Unknown(Vec<Vec<u8>>),
    /// Names that every notify has.
    Missing(Vec<&'static str>),
    /// The key of this name is strange.
    Key(String, Oddity),
    /// The public key of the first name belongs to the private key of the second.
    OwnPublicKey(String, String),
    /// About the capture.
    Capture(Remark),
}

/// What the text of a signature looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignForm {
    /// 32 hex digits.
    Md5,
    /// 64 hex digits.
    Hmac,
    /// Base64 of as many bits as an RSA key has.
    Rsa(usize),
    /// Neither; so many bytes.
    Other(usize),
}
