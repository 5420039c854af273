//! For whoever stares at 验签失败: why a message does not verify.
//!
//! A message that does not verify was changed on its way, is verified with the wrong key or sign type, or was signed by
//! an implementation that makes a mistake. [`explain`] undoes what can have happened, one thing at a time, then two and
//! three together, and asks the reference after each; and it asks the implementations of the catalogue of
//! [mistakes](crate::mistake) whether they would have signed so. The smallest set that verifies is the explanation;
//! equally small ones are all given. What it does not find it says, with where it looked.
//!
//! A message is either parameters, or an HTTP message whose signature stands in a header: a request, a reply or a
//! notification of the open platform's version 3, of Antom, or of WeChat Pay's version 3. The search is the same; what can
//! have happened is not. Of the second kind method, path, headers and body are needed as they were on the wire. Whether
//! such a message is fresh, and whether its key is the one that it names, is said beside it and not searched for.
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
//!
//! // Headers are missing that were signed.
//! let message = b"HTTP/1.1 200 OK\nWechatpay-Signature: eA==\n\n{}";
//! let message = capture(message, None)?;
//! let finding = explain(&Question::new(&message, &keys), Budget::default(), &|| false);
//! assert_eq!(finding.protocol.id(), "wechatpay.v3");
//! assert!(!finding.is_genuine());
//! # Ok::<(), alipay_conformance::explain::capture::CaptureError>(())
//! ```

mod arranged;
pub mod capture;
mod circumstance;
mod escape;
mod exchange;
mod facts;
mod finding;
mod forward;
mod keys;
mod known;
mod parameters;
mod search;
mod situation;

use self::capture::{Captured, Http, InputForm, Remark};
use self::exchange::Exchange;
pub use self::finding::{
    Explanation, Fact, Finding, Refusal, Rules, Searched, SignForm, Step, Stopped,
};
use self::keys::Keys;
pub use self::keys::{GivenKey, Oddity};
use self::parameters::{Pair, Parameters};
use self::search::{Node, Search};
use self::situation::Situation;
use crate::charset::Charset;
use crate::mistake::Text;
use crate::protocol::headers::{HeaderProtocol, Scheme};
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
    pub protocol: Option<Rules>,
    /// The configured sign type; otherwise the message's, or what the signature looks like.
    pub sign_type: Option<SignType>,
    /// The charset in which the message is read and shown; otherwise what it looks like.
    pub charset: Option<Charset>,
    /// A signature that somebody else computed, in place of the message's.
    pub sign: Option<&'a [u8]>,
    /// The method and path of the request; of a reply, of the one that it answers. Otherwise those of the message.
    pub request: Option<(&'a [u8], &'a [u8])>,
    /// The time at which the message came, in seconds since 1970. Without it no message is too old.
    pub now: Option<u64>,
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
            sign: None,
            request: None,
            now: None,
            notify_id_answer: None,
        }
    }

    /// The protocol that was given, or the one that has such messages. A request of the open platform signs its sign
    /// type, a callback does not.
    #[must_use]
    pub fn protocol(&self) -> Rules {
        match self.signed_in_header() {
            Some((_, protocol, _)) => Rules::Headers(protocol),
            None => Rules::Parameters(self.of_parameters()),
        }
    }

    fn of_parameters(&self) -> Protocol {
        let has = |name: &[u8]| self.message.params.get(name).is_some();
        let looks_like = || match self.message.form {
            InputForm::Xml => WECHATPAY_V2,
            _ if has(b"mch_id") || has(b"partnerid") => WECHATPAY_V2,
            _ if has(b"app_id") => OPENAPI_V2,
            _ => MAPI,
        };
        let protocol = match self.protocol {
            Some(Rules::Parameters(protocol)) => protocol,
            _ => looks_like(),
        };
        match has(b"biz_content") {
            true => Protocol { callback_excluded: protocol.excluded, ..protocol },
            false => protocol,
        }
    }

    /// The message, its protocol and its kind, where its signature stands in a header.
    fn signed_in_header(&self) -> Option<(&'a Http, &'static HeaderProtocol, Scheme)> {
        let http = self.message.http.as_ref()?;
        let protocol = match self.protocol {
            Some(Rules::Parameters(_)) => return None,
            Some(Rules::Headers(protocol)) => Some(protocol),
            // Any gateway may add headers of its own.
            None if self.message.params.get(b"sign").is_some() => return None,
            None => None,
        };
        let (protocol, scheme) = http.signed_as(protocol)?;
        Some((http, protocol, scheme))
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
    let of_parameters = || circumstance::of_parameters().map(|circumstance| circumstance.id);
    let of_headers = circumstance::of_headers().map(|circumstance| circumstance.id);
    of_parameters().chain(of_headers.filter(move |id| of_parameters().all(|other| other != *id)))
}

/// Looks for the smallest sets of circumstances and mistakes under which a message verifies.
///
/// `time_is_up` is asked before each step; a search that it ends says so.
#[must_use]
pub fn explain(question: &Question<'_>, budget: Budget, time_is_up: &dyn Fn() -> bool) -> Finding {
    let keys = Keys::new(question.keys);
    let asked = Asked { question, keys: &keys, budget, time_is_up };
    match question.signed_in_header() {
        Some((http, protocol, scheme)) => asked.in_headers(http, protocol, scheme),
        None => asked.in_parameters(question.of_parameters()),
    }
}

/// A question with what is needed to answer it.
struct Asked<'a> {
    question: &'a Question<'a>,
    keys: &'a Keys,
    budget: Budget,
    time_is_up: &'a dyn Fn() -> bool,
}

impl Asked<'_> {
    fn in_parameters(&self, protocol: Protocol) -> Finding {
        let Self { question, keys, .. } = *self;
        let sign_type = sign_type(question, &protocol, keys);
        let mut params = params(question);
        if let Some(sign) = question.sign {
            params.retain(|pair| pair.0 != b"sign");
            params.push((b"sign".to_vec(), sign.to_vec()));
        }
        let base = Parameters { params, protocol, sign_type, key: 0 };
        let malformed = question.message.remarks.iter().find_map(|remark| match remark {
            Remark::MalformedEscape(error) => Some(error.clone()),
            _ => None,
        });
        let verdict = match &malformed {
            // The rules refuse what was kept for the search.
            Some(error) => Err(error.clone().into()),
            None => base.verdict(keys),
        };
        let steps = malformed.iter().map(|_| malformed_escape()).collect();
        let facts = facts::of(question.message, &base, keys);
        let rules = Rules::Parameters(protocol);
        self.finding(base, steps, verdict.map_err(Refusal::from), (rules, None), facts)
    }

    fn in_headers(
        &self,
        http: &Http,
        protocol: &'static HeaderProtocol,
        scheme: Scheme,
    ) -> Finding {
        let Self { question, keys, .. } = *self;
        let mut base = Exchange::new(http, protocol, scheme);
        base.sign_type = question.sign_type.unwrap_or(base.sign_type);
        if let Some((method, path)) = question.request {
            base.method = method.to_vec();
            base.path = path.to_vec();
        }
        if let Some(sign) = question.sign {
            base = base.with_given_sign(sign);
        }
        let whole = [http.body.as_slice(), &http.line_ending].concat();
        let is_whole = http.announced().map(|length| length == whole.len() as u64);
        let whole = Exchange { body: whole, ..base.clone() };
        // The line end behind a body is the file's, unless it was announced or signed.
        let is_in_doubt = is_whole.is_none() && whole != base;
        if is_whole == Some(true) || is_in_doubt && whole.is_genuine(keys) {
            base = whole;
        }
        let verdict = base.verdict(keys).map_err(Refusal::from);
        let facts = facts::of_exchange(question, http, &base, keys);
        let rules = Rules::Headers(protocol);
        self.finding(base, vec![], verdict, (rules, Some(scheme)), facts)
    }

    fn finding<S: Situation>(
        &self,
        base: S,
        steps: Vec<Step>,
        verdict: Result<(), Refusal>,
        (protocol, scheme): (Rules, Option<Scheme>),
        facts: Vec<Fact>,
    ) -> Finding {
        let Self { question, keys, budget, time_is_up } = *self;
        let sign_type = base.sign_type();
        let built = base.string_to_sign();
        let charset = charset_of(&built, question.charset);
        let (explanations, searched) = if verdict.is_ok() {
            (vec![], Searched::default())
        } else {
            Search::new(keys, charset, budget, time_is_up).run(Node::new(base, steps))
        };
        let answer = question.notify_id_answer;
        let cause = answer.map(|answer| diagnose(verdict.is_ok(), answer));
        Finding {
            verdict,
            protocol,
            scheme,
            sign_type,
            charset,
            facts,
            explanations,
            built,
            searched,
            cause,
        }
    }
}

/// The parameters in the bytes of the wire: a dump's text is written in the charset that is asked for.
fn params(question: &Question<'_>) -> Vec<Pair> {
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
    let sign = question.sign.or_else(|| params.get(b"sign")).unwrap_or_default();
    let looks_like = || match facts::form(sign) {
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
