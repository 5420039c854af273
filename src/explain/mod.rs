//! For whoever stares at 验签失败: why a message does not verify.
//!
//! A message that does not verify was changed on its way, is verified with the wrong key or sign type, or was signed by
//! an implementation that makes a mistake. [`explain`] undoes what can have happened, one thing at a time, then two and
//! three together, and asks the reference after each; and it asks the implementations of the catalogue of
//! [mistakes](crate::mistake) whether they would have signed so. The smallest set that verifies is the explanation;
//! equally small ones are all given. What it does not find it says, with where it looked.
//!
//! It is bounded by work, counted and therefore the same on every machine, and by the clock that the caller has.
//!
//! ```
//! use alipay_conformance::explain::capture::capture;
//! use alipay_conformance::explain::{Budget, GivenKey, Question, explain};
//!
//! // The framework's own parameter was taken for one of Alipay's.
//! let message = b"m=notify&notify_id=1234&sign_type=MD5&sign=22fc7e38e5acdfede396aa463870d111";
//! let message = capture(message, None)?;
//! let keys = [GivenKey::new("the key", "10000000000000000000000000000000")];
//! let finding = explain(&Question::new(&message, &keys), Budget::default(), &|| false);
//! let step = &finding.explanations[0].steps[0];
//! assert_eq!((step.id, &*step.detail[0]), ("parameters-added", &b"m"[..]));
//! # Ok::<(), alipay_conformance::explain::capture::CaptureError>(())
//! ```

pub mod capture;
mod circumstance;
mod escape;
mod facts;
mod finding;
mod forward;
mod keys;
mod known;
mod search;
mod situation;

use self::capture::{Captured, InputForm, Remark};
pub use self::finding::{Explanation, Fact, Finding, Searched, SignForm, Step, Stopped};
use self::keys::Keys;
pub use self::keys::{GivenKey, Oddity};
use self::search::{Node, Search};
use self::situation::Situation;
use crate::charset::Charset;
use crate::mistake::Text;
use crate::protocol::mapi::notify_id::diagnose;
use crate::protocol::{MAPI, OPENAPI_V2, Protocol, WECHATPAY_V2};
use crate::signature::SignType;

/// What is asked.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Question<'a> {
    /// The message.
    pub message: &'a Captured,
    /// The key that is configured, and others that may be meant.
    pub keys: &'a [GivenKey],
    /// The protocol; otherwise the one that the message looks like.
    pub protocol: Option<Protocol>,
    /// The configured sign type; otherwise the message's, or what the signature looks like.
    pub sign_type: Option<SignType>,
    /// The charset in which the message is read and shown; otherwise what it looks like.
    pub charset: Option<Charset>,
    /// The body of the gateway's answer to the notify_id check.
    pub notify_id_answer: Option<&'a [u8]>,
}

impl<'a> Question<'a> {
    /// With nothing but what the message says of itself.
    #[must_use]
    pub fn new(message: &'a Captured, keys: &'a [GivenKey]) -> Self {
        Self {
            message,
            keys,
            protocol: None,
            sign_type: None,
            charset: None,
            notify_id_answer: None,
        }
    }

    /// The protocol that was given, or the one that has such messages. A request of the open platform signs its sign
    /// type, a callback does not.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        let has = |name: &[u8]| self.message.params.get(name).is_some();
        let looks_like = || match self.message.form {
            InputForm::Xml => WECHATPAY_V2,
            _ if has(b"mch_id") || has(b"partnerid") => WECHATPAY_V2,
            _ if has(b"app_id") => OPENAPI_V2,
            _ => MAPI,
        };
        let protocol = self.protocol.unwrap_or_else(looks_like);
        match has(b"biz_content") {
            true => Protocol { callback_excluded: protocol.excluded, ..protocol },
            false => protocol,
        }
    }
}

/// How much a search may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// In units of about a millionth of a second, counted and not measured.
    pub work: u64,
}

impl Default for Budget {
    /// About a second and a half.
    fn default() -> Self {
        Self { work: 1_500_000 }
    }
}

/// The ids of all circumstances that are looked for. The mistakes are [those of the catalogue](crate::mistake::all).
pub fn circumstances() -> impl Iterator<Item = &'static str> {
    circumstance::all().map(|circumstance| circumstance.id)
}

/// Looks for the smallest sets of circumstances and mistakes under which a message verifies.
///
/// `time_is_up` is asked before each step; a search that it ends says so.
#[must_use]
pub fn explain(question: &Question<'_>, budget: Budget, time_is_up: &dyn Fn() -> bool) -> Finding {
    let keys = Keys::new(question.keys);
    let protocol = question.protocol();
    let sign_type = sign_type(question, &protocol, &keys);
    let base = Situation { params: params(question), protocol, sign_type, key: 0 };
    let malformed = question.message.remarks.iter().find_map(|remark| match remark {
        Remark::MalformedEscape(error) => Some(error.clone()),
        _ => None,
    });
    let verdict = match &malformed {
        // The rules refuse what was kept for the search.
        Some(error) => Err(error.clone().into()),
        None => base.verdict(&keys),
    };
    let built = base.string_to_sign();
    let charset = charset_of(&built, question.charset);
    let facts = facts::of(question.message, &base, &keys);
    let (explanations, searched) = if verdict.is_ok() {
        (vec![], Searched::default())
    } else {
        let steps = malformed.iter().map(|_| malformed_escape()).collect();
        Search::new(&keys, charset, budget, time_is_up).run(Node::new(base, steps))
    };
    let cause = question.notify_id_answer.map(|answer| diagnose(verdict.is_ok(), answer));
    Finding { verdict, protocol, sign_type, charset, facts, explanations, built, searched, cause }
}

/// The parameters in the bytes of the wire: a dump's text is written in the charset that is asked for.
fn params(question: &Question<'_>) -> Vec<situation::Pair> {
    let Question { message, charset, .. } = *question;
    let charset = charset.filter(|_| message.form.is_dump()).unwrap_or(Charset::Utf8);
    let written = |bytes: &[u8]| {
        let text = std::str::from_utf8(bytes).ok();
        let encoded =
            text.and_then(|text| charset.encode(text).ok().map(|bytes| bytes.into_owned()));
        encoded.unwrap_or_else(|| bytes.to_vec())
    };
    message.params.iter().map(|(name, value)| (written(name), written(value))).collect()
}

/// The configured one, the message's, or the one that the signature looks like under the key.
fn sign_type(question: &Question<'_>, protocol: &Protocol, keys: &Keys) -> SignType {
    let params = &question.message.params;
    let named = params.get(protocol.sign_type.as_bytes()).and_then(|name| {
        let mut known = protocol.sign_types.iter().copied();
        known.find(|known| protocol.wire_name(*known).as_bytes() == name)
    });
    let looks_like = || match facts::form(params.get(b"sign").unwrap_or_default()) {
        SignForm::Hmac if protocol.sign_types.contains(&SignType::HmacSha256) => {
            SignType::HmacSha256
        }
        _ if protocol.default_sign_type.is_some() => {
            protocol.default_sign_type.unwrap_or(SignType::WechatMd5)
        }
        SignForm::Md5 => SignType::Md5,
        SignForm::Rsa(2048..) => SignType::Rsa2,
        SignForm::Rsa(_) => SignType::Rsa,
        _ if keys.can_do(SignType::Md5) => SignType::Md5,
        _ => SignType::Rsa,
    };
    question.sign_type.or(named).unwrap_or_else(looks_like)
}

/// The one that is wished where the bytes are text in it; otherwise the first in which they are.
pub(crate) fn charset_of(bytes: &[u8], wished: Option<Charset>) -> Charset {
    let likely = [Charset::Utf8, Charset::Gbk, Charset::Gb18030];
    wished
        .into_iter()
        .chain(likely)
        .find(|charset| charset.decode(bytes).is_ok())
        .or(wished)
        .unwrap_or(Charset::Utf8)
}

fn malformed_escape() -> Step {
    Step {
        id: "malformed-escape",
        is_mistake: false,
        what: Text {
            en: "a % that begins no escape is kept as it is",
            zh: "不构成转义的 % 按原样保留",
        },
        fix: Text {
            en: "URL-encode each name and value of the message, % as %25",
            zh: "对报文的每个参数名和值做 URL 编码，% 写成 %25",
        },
        detail: vec![],
    }
}
