//! A loaded [`Case`], ready to be put to an implementation.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::charset::Charset;
use crate::vector::input::Input;
use crate::vector::operation::Operation;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

/// A text in both languages of the suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// English
    pub en: String,
    /// Chinese
    pub zh: String,
}

/// One vector: a question, and what may be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The id, which never changes its meaning.
    pub id: String,
    /// The theme: the name of the file that the case stands in.
    pub theme: String,
    /// What is special about it.
    pub title: Bilingual,
    /// The stage under test.
    pub stage: Stage,
    /// The id of the rule that it tests.
    pub rule: String,
    /// The rule itself.
    pub rule_text: Rule,
    /// Where the case comes from.
    pub source: Source,
    /// What a wrong answer points at.
    pub flags: Vec<String>,
    /// What the flags mean, in their order.
    pub flag_texts: Vec<Bilingual>,
    /// The ids of the known mistakes that it is there to catch.
    pub mistakes: Vec<String>,
    /// What it is there for, where it catches none of the known mistakes and is no other case's twin.
    pub purpose: Option<Bilingual>,
    /// The question.
    pub ask: Ask,
    /// What may be answered.
    pub verdict: Verdict,
}

impl Case {
    /// The id of the valid twin of an invalid case.
    #[must_use]
    pub fn twin_id(&self) -> Option<&str> {
        match &self.verdict {
            Verdict::Invalid { twin, .. } => Some(&twin.id),
            _ => None,
        }
    }
}

/// A question to an implementation. It says nothing of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The id of the case.
    pub case: String,
    /// What is to be done.
    pub operation: Operation,
    /// The protocol's id, such as `alipay.mapi`.
    pub protocol: String,
    /// The configured sign type, by its name in the protocol.
    pub sign_type: Option<String>,
    /// The configured charset.
    pub charset: Charset,
    /// The key.
    pub key: Option<Key>,
    /// Keys of the other side by their ids, where the message names one.
    pub keys: Vec<(String, Key)>,
    /// What it is to be done with.
    pub input: Input,
    /// The stage under test, for declining what an implementation leaves to others. An adapter never sees it.
    pub stage: Stage,
}

/// What may be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The operation succeeds, with this output.
    Valid(Box<Output>),
    /// The operation is refused.
    Invalid {
        /// The classes of reasons that count.
        reasons: Vec<Reason>,
        /// The case that differs by one edit and is valid.
        twin: Twin,
    },
    /// Implementations that people rely on disagree; these are their answers.
    Tolerated(Vec<KnownAnswer>),
}

impl Verdict {
    /// `valid`, `invalid` or `tolerated`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Valid(_) => "valid",
            Self::Invalid { .. } => "invalid",
            Self::Tolerated(_) => "tolerated",
        }
    }
}

/// An answer that a known implementation gives to a contested question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAnswer {
    /// The answer.
    pub answer: ExpectedAnswer,
    /// Who gives it.
    pub given_by: String,
}

/// One of the answers to a contested question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedAnswer {
    /// A value, or acceptance with these stages.
    Output(Box<Output>),
    /// Acceptance.
    Accept,
    /// Rejection.
    Reject,
}

/// The valid case beside an invalid one, and the edit that makes the one into the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Twin {
    /// The valid case.
    pub id: String,
    /// The one edit.
    pub edit: Edit,
}

/// One edit of a case: what is removed and inserted, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// A JSON pointer into the case.
    pub at: String,
    /// Where in the string (in bytes) or array (in elements) it begins; without it the whole value changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<usize>,
    /// What the twin has.
    pub remove: serde_json::Value,
    /// What this case has.
    pub insert: serde_json::Value,
}

/// The stages of the pipeline that a case can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Form decoding.
    Decode,
    /// Which pairs are signed.
    Filter,
    /// Their order.
    Sort,
    /// How they are written.
    Join,
    /// Text and bytes.
    Charset,
    /// The signature.
    Sign,
    /// URL and form.
    Wire,
    /// Verification.
    Verify,
    /// The notify_id check.
    NotifyId,
    /// Encryption of content.
    Content,
    /// Certificates and their serial numbers.
    Certificate,
    /// What is decided about a genuine message, or about a request's parameters.
    Business,
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Decode => "decode",
            Self::Filter => "filter",
            Self::Sort => "sort",
            Self::Join => "join",
            Self::Charset => "charset",
            Self::Sign => "sign",
            Self::Wire => "wire",
            Self::Verify => "verify",
            Self::NotifyId => "notify-id",
            Self::Content => "content",
            Self::Certificate => "certificate",
            Self::Business => "business",
        })
    }
}

/// Where a case comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// How sure it is.
    pub status: SourceStatus,
    /// The source itself.
    pub from: String,
}

/// How sure a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceStatus {
    /// A document states it.
    Documented,
    /// A message of the gateway, or a published test, shows it.
    Observed,
    /// It follows from a rule, and was confirmed by an independent oracle.
    Derived,
    /// Sources contradict each other.
    Contested,
}

/// A rule of a protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The rule in English.
    pub en: String,
    /// The rule in Chinese.
    pub zh: String,
    /// Who says so.
    pub source: String,
}

/// A test key, in the forms in which libraries take keys.
///
/// The keys of the suite are published: they come from documentation or were made for it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(BTreeMap<KeyForm, String>);

/// A form of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyForm {
    /// The MD5 key.
    Secret,
    /// `-----BEGIN PRIVATE KEY-----`
    PrivatePkcs8Pem,
    /// `-----BEGIN RSA PRIVATE KEY-----`
    PrivatePkcs1Pem,
    /// `-----BEGIN PUBLIC KEY-----`
    PublicSpkiPem,
    /// `-----BEGIN RSA PUBLIC KEY-----`
    PublicPkcs1Pem,
    /// The private key that opens what is encrypted to the merchant, beside Alipay's public key.
    DecryptionPkcs8Pem,
    /// The key of content encryption, in base64.
    Aes,
    /// The key of content encryption of WeChat Pay's version 3, as text.
    ApiV3,
}

impl FromIterator<(KeyForm, String)> for Key {
    fn from_iter<T: IntoIterator<Item = (KeyForm, String)>>(forms: T) -> Self {
        Self(forms.into_iter().collect())
    }
}

impl Key {
    /// The forms in which it is there.
    pub fn forms(&self) -> impl Iterator<Item = (KeyForm, &str)> {
        self.0.iter().map(|(form, text)| (*form, text.as_str()))
    }

    /// The key in one of its forms.
    #[must_use]
    pub fn form(&self, form: KeyForm) -> Option<&str> {
        self.0.get(&form).map(String::as_str)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Key").field(&self.0.keys()).finish()
    }
}
