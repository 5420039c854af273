//! What came of a search.

use super::capture::Remark;
use super::keys::Oddity;
use crate::charset::Charset;
use crate::mistake::Text;
use crate::protocol::Protocol;
use crate::protocol::headers::{HeaderError, HeaderProtocol, Scheme};
use crate::protocol::mapi::notify_id::Cause;
use crate::protocol::pipeline::MessageError;
use crate::protocol::wechatpay::window::WindowError;
use crate::signature::SignType;

/// What came of a search.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The reference's verdict on the message as it stands.
    pub verdict: Result<(), Refusal>,
    /// The protocol by whose rules it was judged.
    pub protocol: Rules,
    /// The kind of message, where its signature stands in a header.
    pub scheme: Option<Scheme>,
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

/// A protocol by whose rules a message can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rules {
    /// Its messages are parameters.
    Parameters(Protocol),
    /// Its signatures stand in HTTP headers.
    Headers(&'static HeaderProtocol),
}

impl Rules {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let parameters = crate::protocol::ALL.iter().copied().map(Self::Parameters);
        parameters.chain(crate::protocol::headers::ALL.iter().map(Self::Headers))
    }

    /// The protocol's id.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Parameters(protocol) => protocol.id,
            Self::Headers(protocol) => protocol.id,
        }
    }

    /// The sign types that may be configured.
    #[must_use]
    pub fn sign_types(&self) -> &'static [SignType] {
        match self {
            Self::Parameters(protocol) => protocol.sign_types,
            Self::Headers(protocol) => protocol.request.sign_types,
        }
    }

    /// The protocol of an id.
    ///
    /// ```
    /// use alipay_conformance::explain::Rules;
    /// use alipay_conformance::protocol::headers::ANTOM;
    ///
    /// assert_eq!(Rules::from_id("antom"), Some(Rules::Headers(&ANTOM)));
    /// ```
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::all().find(|rules| rules.id() == id)
    }
}

/// Why the rules refuse a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Its parameters are wrong.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// Its headers, or what they sign.
    #[error(transparent)]
    Header(#[from] HeaderError),
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
    /// How many circumstances there are of such messages, and mistakes that make something else of this one.
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
    /// The signature has the mark with which WeChat Pay tests whether signatures are verified.
    Probe,
    /// The message names its key by this id, in the header of this name.
    KeyId(&'static str, Vec<u8>),
    /// The key of this name is a certificate with this serial number, and the message names another key.
    OtherCertificate(String, String),
    /// The message was signed at this time, and nobody said what time it is.
    Time(Vec<u8>),
    /// The message was signed too far from now, genuine or not.
    Stale(WindowError),
    /// The time of a request has so many digits, and by its protocol the second number of them.
    TimeDigits(usize, usize),
    /// The body is empty, and was not where it came from.
    EmptyBody(u64),
    /// What is signed of the request is not here: its method and path.
    NoRequest,
    /// The line end behind the body was taken for the file's.
    LineEndLeftOut,
    /// The body is JSON and no parameters, and no header is here in which it would be signed.
    JsonBody,
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
