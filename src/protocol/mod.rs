//! Protocols, each a declaration on the one pipeline.
//!
//! A [`Protocol`] says which names are left out, how the sign type is told and which there are. The
//! [`Pipeline`](pipeline::Pipeline) does the rest, the same for all.

pub mod mapi;
pub mod pipeline;

use crate::charset::Charset;
use crate::signature::SignType;

/// What a protocol does its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Protocol {
    /// The id in vectors and adapter messages.
    pub id: &'static str,
    /// The parameter that holds the signature.
    pub signature: &'static str,
    /// The parameter that holds the sign type.
    pub sign_type: &'static str,
    /// The parameters that are not signed.
    pub excluded: &'static [&'static str],
    /// The sign types that may be configured.
    pub sign_types: &'static [SignType],
    /// The charset where none is named.
    pub default_charset: Charset,
}

/// The legacy gateway: `https://mapi.alipay.com/gateway.do`.
///
/// Everything but `sign` and `sign_type` is signed; the charset is GBK where `_input_charset` names none (inferred:
/// the official sample without it is percent-encoded in GBK). Source of the rule:
/// <https://www.kancloud.cn/s2981295/qing/932556>.
pub const MAPI: Protocol = Protocol {
    id: "alipay.mapi",
    signature: "sign",
    sign_type: "sign_type",
    excluded: &["sign", "sign_type"],
    sign_types: &[SignType::Md5, SignType::Rsa, SignType::Rsa2],
    default_charset: Charset::Gbk,
};

/// All protocols.
pub const ALL: &[Protocol] = &[MAPI];

impl Protocol {
    /// The protocol of an id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        ALL.iter().copied().find(|protocol| protocol.id == id)
    }
}
