//! The synchronous reply: a JSON object whose signed part is the value of one member, as it stands in the body.
//!
//! ```text
//! {"alipay_trade_query_response":{"code":"10000",…},"alipay_cert_sn":"…","sign":"…"}
//!                                └──── signed ────┘
//! ```
//!
//! Key order, blanks, `\/`, `\u` escapes and the spelling of numbers are signed with it; the name of the member, and
//! whatever stands beside it, is not. An encrypted reply has a string there, and its two quotes are signed. A failure
//! may stand in `error_response` instead, and is signed in the same way. Sources: the rule is
//! <https://opendocs.alipay.com/common/02mse7>; the quotes, <https://opendocs.alipay.com/common/02mse3>; the second
//! name, the official SDKs for Java, .NET and PHP.
//!
//! The bytes are in the charset of the request. The reply cannot say which, so the caller does.

use std::borrow::Cow;

use crate::charset::Charset;
use crate::json::{JsonError, Member, Members};
use crate::protocol::pipeline::Pipeline;
use crate::signature::{SignType, VerifyError, VerifyingKey};

/// The member that holds a failure where the one of the method is missing.
pub const ERROR_RESPONSE: &str = "error_response";
/// The member that holds the signature.
pub const SIGN: &str = "sign";
/// The member that, in certificate mode, names the certificate of Alipay that the signature is made with.
pub const CERTIFICATE_SN: &str = "alipay_cert_sn";

/// A reply, taken apart and nothing more: whether it is genuine is for [`Pipeline::verify_reply`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    /// What is signed: the value of the node as it stands in the body.
    pub signed: Cow<'a, [u8]>,
    /// Whether that is the value of [`ERROR_RESPONSE`] instead of the node that was asked for.
    pub is_error: bool,
    /// The signature, as text.
    pub sign: Cow<'a, [u8]>,
    /// The serial number of Alipay's certificate, where there is one. It is not signed.
    pub certificate_sn: Option<Cow<'a, [u8]>>,
}

/// A reply that is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplyError {
    /// It is no JSON object.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A member that decides stands twice: the one that is verified need not be the one that is used.
    #[error("member {name:?} stands more than once: expected once")]
    Repeated {
        /// Its name.
        name: String,
    },
    /// Neither the node nor `error_response` is there.
    #[error("no member {node:?}, and no {ERROR_RESPONSE:?} in its place")]
    NoNode {
        /// The node that was asked for.
        node: String,
    },
    /// The node is neither an object nor, encrypted, a string.
    #[error("the node at byte {offset} is neither an object nor a string")]
    NodeKind {
        /// Where its value begins.
        offset: usize,
    },
    /// There is no signature beside the node, or an empty one.
    #[error("no member {SIGN:?} with a value beside the node: expected the signature there")]
    NoSignature,
    /// A member that holds text has a value of another kind.
    #[error("member {name:?} at byte {offset} is no string")]
    NoString {
        /// Its name.
        name: &'static str,
        /// Where its value begins.
        offset: usize,
    },
    /// The configured sign type is none of the protocol's.
    #[error("sign type {0} is none of the protocol's")]
    SignType(SignType),
    /// The signature is not one of this node.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}

/// Finds the parts of a reply, in a body of this charset. `node` is the name of the method with `_` for `.` and
/// `_response` behind it.
///
/// # Errors
/// The body is no JSON object, a part is missing or of the wrong kind, or one stands twice.
///
/// ```
/// use alipay_conformance::{charset::Charset, protocol::openapi::response};
///
/// let body = br#"{"alipay_trade_query_response" : {"code": "10000"}, "sign": "QUJD\u003d"}"#;
/// let reply = response::read(body, "alipay_trade_query_response", Charset::Utf8)?;
/// assert_eq!(&*reply.signed, br#"{"code": "10000"}"#);
/// assert_eq!(&*reply.sign, b"QUJD=");
///
/// let twice = br#"{"a_response":{},"a_\u0072esponse":{"code":"10000"},"sign":"QUJD"}"#;
/// let error = response::read(twice, "a_response", Charset::Utf8).unwrap_err();
/// assert_eq!(error.to_string(), "member \"a_response\" stands more than once: expected once");
/// # Ok::<(), response::ReplyError>(())
/// ```
pub fn read<'a>(body: &'a [u8], node: &str, charset: Charset) -> Result<Reply<'a>, ReplyError> {
    let names = [node, ERROR_RESPONSE, SIGN, CERTIFICATE_SN];
    let mut found = [None; 4];
    for member in Members::new(body, charset)? {
        let member = member?;
        let mut places = found.iter_mut().zip(names);
        if let Some((place, name)) = places.find(|(_, name)| member.name.is(name))
            && place.replace(member).is_some()
        {
            return Err(ReplyError::Repeated { name: name.into() });
        }
    }
    let [named, error, sign, certificate_sn] = found;
    let signed = named.or(error).ok_or_else(|| ReplyError::NoNode { node: node.into() })?;
    if !matches!(signed.value.first(), Some(b'{' | b'"')) {
        return Err(ReplyError::NodeKind { offset: signed.offset });
    }
    let sign = text(SIGN, sign)?.filter(|sign| !sign.is_empty());
    Ok(Reply {
        signed: Cow::Borrowed(signed.value),
        is_error: named.is_none(),
        sign: sign.ok_or(ReplyError::NoSignature)?,
        certificate_sn: text(CERTIFICATE_SN, certificate_sn)?,
    })
}

fn text<'a>(
    name: &'static str,
    member: Option<Member<'a>>,
) -> Result<Option<Cow<'a, [u8]>>, ReplyError> {
    let Some(member) = member else { return Ok(None) };
    let string = member.string().ok_or(ReplyError::NoString { name, offset: member.offset })?;
    Ok(Some(string.decoded()))
}

impl Pipeline {
    /// Verifies a reply from its bytes.
    ///
    /// Sign type, key and charset are the caller's, from configuration; in certificate mode the caller finds the key by
    /// [`Reply::certificate_sn`] among the certificates it trusts. Only [`Reply::signed`] is genuine afterwards.
    ///
    /// # Errors
    /// Why the reply is not accepted. Whatever is not `Ok` is not genuine.
    ///
    /// ```
    /// use alipay_conformance::charset::Charset;
    /// use alipay_conformance::protocol::{OPENAPI_V2, pipeline::Pipeline};
    /// use alipay_conformance::signature::{PrivateKey, SignType, SigningKey, sign};
    ///
    /// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-2048.pkcs8.pem"));
    /// let key = SigningKey::from(PrivateKey::parse(pem)?); // plays Alipay
    /// let node = r#"{"code":"10000","qr_code":"https:\/\/qr.alipay.com\/1"}"#;
    /// let signature = sign(SignType::Rsa2, &key, node.as_bytes())?;
    /// let name = "alipay_trade_precreate_response";
    /// let body = format!(r#"{{"{name}":{node},"sign":"{signature}"}}"#);
    ///
    /// let pipeline = Pipeline::new(OPENAPI_V2);
    /// let verify = |body: &str| {
    ///     let (body, key) = (body.as_bytes(), &key.verifying_key());
    ///     pipeline.verify_reply(body, name, Charset::Utf8, SignType::Rsa2, key).map(|_| ())
    /// };
    /// assert_eq!(verify(&body), Ok(()));
    /// assert!(verify(&body.replace("\\/", "/")).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify_reply<'a>(
        &self,
        body: &'a [u8],
        node: &str,
        charset: Charset,
        sign_type: SignType,
        key: &VerifyingKey,
    ) -> Result<Reply<'a>, ReplyError> {
        if !self.protocol.sign_types.contains(&sign_type) {
            return Err(ReplyError::SignType(sign_type));
        }
        let reply = (self.stages.reply)(body, node, charset)?;
        (self.stages.verify)(sign_type, key, &reply.signed, &reply.sign)?;
        Ok(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(body: &str) -> String {
        read(body.as_bytes(), "x_response", Charset::Utf8).unwrap_err().to_string()
    }

    #[test]
    fn the_node_is_preferred_to_the_error() {
        let body = br#"{"error_response":{"code":"1"},"x_response":{},"sign":"A"}"#;
        let reply = read(body, "x_response", Charset::Utf8).unwrap();
        assert_eq!((&*reply.signed, reply.is_error), (&b"{}"[..], false));
        let reply = read(body, "y_response", Charset::Utf8).unwrap();
        assert_eq!((&*reply.signed, reply.is_error), (&br#"{"code":"1"}"#[..], true));
        let reply = read(body, ERROR_RESPONSE, Charset::Utf8).unwrap();
        assert_eq!((&*reply.signed, reply.is_error), (&br#"{"code":"1"}"#[..], false));
    }

    #[test]
    fn a_string_keeps_its_quotes_and_its_escapes() {
        let body = br#"{"x_response":"A\/B=","alipay_cert_sn":"7a","sign":"A\/B\u002B\u003d"}"#;
        let reply = read(body, "x_response", Charset::Utf8).unwrap();
        assert_eq!(&*reply.signed, br#""A\/B=""#);
        assert_eq!(&*reply.sign, b"A/B+=");
        assert_eq!(reply.certificate_sn.as_deref(), Some(&b"7a"[..]));
    }

    #[test]
    fn an_error_says_what_is_missing_or_wrong() {
        for (body, message) in [
            ("", "JSON breaks at byte 0: expected an object, found the end"),
            (
                "{\"sign\":\"A\"}",
                "no member \"x_response\", and no \"error_response\" in its place",
            ),
            (
                "{\"x_response\":[],\"sign\":\"A\"}",
                "the node at byte 14 is neither an object nor a string",
            ),
            (
                "{\"x_response\":{\"sign\":\"A\"}}",
                "no member \"sign\" with a value beside the node: expected the signature there",
            ),
            (
                "{\"x_response\":{},\"sign\":\"\"}",
                "no member \"sign\" with a value beside the node: expected the signature there",
            ),
            ("{\"x_response\":{},\"sign\":null}", "member \"sign\" at byte 24 is no string"),
            (
                "{\"x_response\":{},\"alipay_cert_sn\":1,\"sign\":\"A\"}",
                "member \"alipay_cert_sn\" at byte 34 is no string",
            ),
            (
                "{\"sign\":\"A\",\"x_response\":{},\"sign\":\"A\"}",
                "member \"sign\" stands more than once: expected once",
            ),
            (
                "{\"error_response\":{},\"error_response\":{}}",
                "member \"error_response\" stands more than once: expected once",
            ),
        ] {
            assert_eq!(error(body), message, "{body}");
        }
    }

    #[test]
    fn what_decides_nothing_may_stand_twice() {
        let body = br#"{"a":1,"a":2,"x_response":{"b":1,"b":2},"sign":"A"}"#;
        assert!(read(body, "x_response", Charset::Utf8).is_ok());
    }
}
