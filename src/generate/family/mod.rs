//! What generation must know of each protocol: a declaration, and no code of its own.

pub(super) mod frame;
mod headers;
mod mapi;
mod openapi;
mod products;
mod wechatpay;

use self::frame::Frame;
use crate::charset::Charset;
use crate::generate::recipe::{Change, Test};
use crate::generate::setup::Setup;
use crate::law::Law;
use crate::protocol::{Protocol, Wire};
use crate::signature::SignType;
use crate::vector::input::TextPairs;
use crate::vector::operation::Operation;

/// All protocols of which cases are generated.
pub(super) const ALL: &[&Family] = &[
    &mapi::MAPI,
    &openapi::V2,
    &openapi::CHECK_V2,
    &wechatpay::V2,
    &headers::WECHATPAY_V3,
    &headers::ANTOM,
    &headers::OPENAPI_V3,
    &products::MOBILE,
    &products::MOBILE_V1,
    &products::WAP,
];

/// The ids of the protocols of which cases are generated.
pub fn protocols() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|family| family.id)
}

/// A protocol, as generated cases have it.
#[derive(Debug)]
pub(super) struct Family {
    /// Of vectors and adapter messages.
    pub(super) id: &'static str,
    pub(super) charsets: &'static [Charset],
    /// What may be configured, the simplest first.
    pub(super) configs: &'static [Config],
    /// Its messages that are parameters.
    pub(super) params: Option<Parameters>,
    /// Its other questions.
    pub(super) frames: &'static [(Operation, Frame)],
    /// The rule that decides a case.
    pub(super) rule: fn(&Asked<'_>) -> &'static str,
}

/// A configuration, and what is asked under it.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) sign_type: Option<SignType>,
    /// The name of its key, among those of the embedded vectors.
    pub(super) key: &'static str,
    /// Another key of the kind, of which no message here is genuine.
    pub(super) other: &'static str,
    /// The names of the other side's keys, by their ids.
    pub(super) keys: &'static [(&'static str, &'static str)],
    /// How often it is drawn: RSA takes its time.
    pub(super) often: u32,
    /// The operations, and how often each is drawn.
    pub(super) operations: &'static [(Operation, u32)],
    pub(super) laws: &'static [Law],
}

/// Messages and requests that are parameters.
#[derive(Debug)]
pub(super) struct Parameters {
    pub(super) protocol: Protocol,
    pub(super) gateway: &'static str,
    /// Names that its messages have, without the signature.
    pub(super) names: &'static [&'static str],
    /// The services of which an operation makes requests, where there are some.
    pub(super) services: fn(Operation) -> &'static [Option<&'static str>],
    /// What a request of a service must have, for other parameters to be added.
    pub(super) base: fn(&'static str, &Setup) -> TextPairs,
    /// What a message that is received must have.
    pub(super) received: &'static [(&'static str, &'static str)],
    /// The only value that a parameter may have.
    pub(super) fixed: fn(&Setup, &str) -> Option<&'static str>,
    /// Whether the service refuses a request, which then is none to sign.
    pub(super) refused: fn(&TextPairs) -> bool,
    /// Why it is contested what a parameter means, beyond what is so of every protocol.
    pub(super) contested: fn(Test, &str, &str) -> Option<&'static str>,
}

/// What a case is about, for its rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) operation: Operation,
    pub(super) sign_type: Option<SignType>,
    pub(super) change: &'a Change,
    /// Whether a value is empty.
    pub(super) has_empty: bool,
}

impl Family {
    /// What a question is made of, where that is not parameters.
    pub(super) fn frame(&self, test: Test) -> Option<&'static Frame> {
        let Test::Operation(wanted) = test else { return None };
        self.frames.iter().find(|(operation, _)| *operation == wanted).map(|(_, frame)| frame)
    }

    pub(super) fn is_xml(&self) -> bool {
        self.params.as_ref().is_some_and(|params| params.protocol.wire == Wire::Xml)
    }

    /// Whether a message holds its own signature or sign type under the name.
    pub(super) fn names_signature(&self, name: &str) -> bool {
        let protocol = self.params.as_ref().map(|params| params.protocol);
        protocol.is_some_and(|protocol| [protocol.signature, protocol.sign_type].contains(&name))
    }

    /// Whether the name is one of a parameter that is not signed in some message.
    pub(super) fn excludes(&self, name: &str) -> bool {
        self.params.as_ref().is_some_and(|Parameters { protocol, .. }| {
            protocol.excluded.contains(&name) || protocol.callback_excluded.contains(&name)
        })
    }
}

/// Whether it is a name as all parameters have that exist.
fn is_plain(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|one| matches!(one, 'a'..='z' | '0'..='9'))
    };
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.split('_').all(is_part)
}

/// One request, or none that names a service.
const ONE: &[Option<&str>] = &[None];

fn pairs(pairs: &[(&str, &str)]) -> TextPairs {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
