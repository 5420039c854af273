//! The pipeline from parameters to a signature, and from a message to a verdict.

use crate::canonical::{self, Selection};
use crate::charset::Charset;
use crate::content::{self, FieldError};
use crate::form::{self, FormError, Limits};
use crate::params::Params;
use crate::protocol::headers::{self, Message, Scheme};
use crate::protocol::openapi::response::{self, Reply, ReplyError};
use crate::protocol::wechatpay::window::{self, WindowError};
use crate::protocol::{Protocol, Wire};
use crate::signature::{
    self, DecryptError, PrivateKey, SignError, SignType, Signature, SigningKey, VerifyError,
    VerifyingKey,
};
use crate::xml::{self, XmlError};

/// The pipeline of a protocol.
///
/// ```
/// use alipay_conformance::charset::Charset;
/// use alipay_conformance::params::Params;
/// use alipay_conformance::protocol::{MAPI, pipeline::{Pipeline, Scratch}};
/// use alipay_conformance::signature::{Secret, SignType, SigningKey};
///
/// let pipeline = Pipeline::new(MAPI);
/// let mut scratch = Scratch::new();
/// let key = SigningKey::from(Secret::new("10000000000000000000000000000000")?);
///
/// let params = Params::encode([("notify_id", "1234"), ("body", "")], Charset::Utf8)?;
/// let signature = pipeline.sign(&params, SignType::Md5, &key, &mut scratch)?;
/// assert_eq!(signature.as_str(), "22fc7e38e5acdfede396aa463870d111");
///
/// let body = b"notify_id=1234&sign_type=MD5&sign=22fc7e38e5acdfede396aa463870d111";
/// let verified = pipeline.verify(body, SignType::Md5, &key.verifying_key(), &mut scratch)?;
/// assert_eq!(verified.params.get(b"notify_id"), Some(&b"1234"[..]));
/// assert_eq!(verified.string_to_sign, b"notify_id=1234");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Pipeline {
    /// The protocol's declaration.
    pub protocol: Protocol,
    /// The stages.
    pub stages: Stages,
    /// The bounds of a message.
    pub limits: Limits,
}

/// The stages of the pipeline. A wrong implementation is this one with a stage replaced.
#[derive(Clone, Copy, Debug)]
pub struct Stages {
    /// Wire to parameters.
    pub decode: fn(&[u8], Limits, &mut Params) -> Result<(), FormError>,
    /// XML on the wire to parameters.
    pub xml: fn(&[u8], Limits, &mut Params) -> Result<(), XmlError>,
    /// Wire to the parts of a reply.
    pub reply: ReplyStage,
    /// Which parameters are signed.
    pub filter: fn(&Params, &[&str], &mut Selection),
    /// In which order.
    pub sort: fn(&Params, &mut Selection),
    /// How they are written.
    pub join: fn(&Params, &Selection, &mut Vec<u8>),
    /// How a message is written whose signature stands in a header.
    pub lines: LinesStage,
    /// String to sign to signature.
    pub sign: fn(SignType, &SigningKey, &[u8]) -> Result<Signature, SignError>,
    /// Whether a signature is one of a string to sign.
    pub verify: VerifyStage,
    /// Whether a message is fresh.
    pub window: WindowStage,
    /// Opens what was encrypted to the merchant in blocks.
    pub blocks: BlocksStage,
    /// Opens a field that was encrypted to the merchant.
    pub field: FieldStage,
}

/// Takes the body, the name of the node and the charset.
pub type ReplyStage = for<'a> fn(&'a [u8], &str, Charset) -> Result<Reply<'a>, ReplyError>;
/// Takes the scheme, the message, what its header holds beside the signature, and where to write.
pub type LinesStage = fn(&Scheme, &Message<'_>, &[u8], &mut Vec<u8>);

/// Takes sign type, key, string to sign and received signature.
pub type VerifyStage = fn(SignType, &VerifyingKey, &[u8], &[u8]) -> Result<(), VerifyError>;

/// Takes the time of the signature as it stands in the message, and now in seconds since 1970.
pub type WindowStage = fn(&[u8], u64) -> Result<(), WindowError>;

/// Takes the merchant's key and the text of the blocks.
pub type BlocksStage = fn(&PrivateKey, &[u8]) -> Result<Vec<u8>, DecryptError>;

/// Takes the merchant's key and the text of the field.
pub type FieldStage = fn(&PrivateKey, &str) -> Result<Vec<u8>, FieldError>;

/// The stages as the rules have them.
pub const REFERENCE: Stages = Stages {
    decode: form::decode_into,
    xml: xml::decode_into,
    reply: response::read,
    filter: canonical::filter,
    sort: canonical::sort,
    join: canonical::join,
    lines: headers::lines,
    sign: signature::sign,
    verify: signature::verify,
    window: window::window,
    blocks: signature::decrypt_blocks,
    field: content::decrypt_field,
};

impl Default for Stages {
    fn default() -> Self {
        REFERENCE
    }
}

/// Memory of the pipeline, used again from message to message: once it has grown to their size, nothing is allocated.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    params: Params,
    selection: Selection,
    string: Vec<u8>,
}

impl Scratch {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// Parameters that cannot be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SigningError {
    /// A name stands twice.
    #[error(transparent)]
    Repeated(#[from] RepeatedParameter),
    /// The sign type is none of the protocol's.
    #[error("sign type {0} is none of the protocol's")]
    SignType(SignType),
    /// The key cannot sign.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// A message that is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageError {
    /// It cannot be decoded.
    #[error(transparent)]
    Form(#[from] FormError),
    /// It is no XML, or not of the form that it must have.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// A name stands twice.
    #[error(transparent)]
    Repeated(#[from] RepeatedParameter),
    /// A parameter that must be there is not, or is empty.
    #[error("no parameter {name:?} with a value")]
    Missing {
        /// Its name.
        name: &'static str,
    },
    /// An encrypted value cannot be decrypted.
    #[error("parameter {name:?}: {source}")]
    Decrypt {
        /// The parameter that holds it.
        name: &'static str,
        /// As much as is told.
        source: DecryptError,
    },
    /// There is no signature, or an empty one.
    #[error("no parameter {name:?} with a value: expected the signature there")]
    NoSignature {
        /// The parameter that holds it.
        name: &'static str,
    },
    /// The message's sign type is another than the configured one. The message never chooses.
    #[error("parameter {name:?} is \"{}\": expected the configured {expected}", got.escape_ascii())]
    OtherSignType {
        /// The parameter that holds it.
        name: &'static str,
        /// The configured one.
        expected: &'static str,
        /// The message's.
        got: Vec<u8>,
    },
    /// The configured sign type is none of the protocol's.
    #[error("sign type {0} is none of the protocol's")]
    SignType(SignType),
    /// The signature is not one of this message.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}

/// A name that stands in more than one parameter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parameter \"{}\" stands more than once: expected once", name.escape_ascii())]
pub struct RepeatedParameter {
    /// The name.
    pub name: Vec<u8>,
}

/// A message that is accepted. It borrows from the [`Scratch`].
#[derive(Clone, Copy, Debug)]
pub struct Verified<'a> {
    /// The parameters, those that are not signed included.
    pub params: &'a Params,
    /// The string to sign.
    pub string_to_sign: &'a [u8],
}

impl Pipeline {
    /// The pipeline of a protocol, by the rules and within [`Limits::DEFAULT`].
    #[must_use]
    pub fn new(protocol: Protocol) -> Self {
        Self { protocol, stages: REFERENCE, limits: Limits::DEFAULT }
    }

    /// Filters, sorts and joins the parameters of a request.
    ///
    /// # Errors
    /// A name stands twice.
    pub fn string_to_sign<'a>(
        &self,
        params: &Params,
        scratch: &'a mut Scratch,
    ) -> Result<&'a [u8], RepeatedParameter> {
        let Scratch { selection, string, .. } = scratch;
        self.canonicalise(params, self.protocol.excluded, selection, string)?;
        Ok(&scratch.string)
    }

    /// Filters, sorts and joins the parameters of a notify or return.
    ///
    /// # Errors
    /// A name stands twice.
    pub fn callback_string_to_sign<'a>(
        &self,
        params: &Params,
        scratch: &'a mut Scratch,
    ) -> Result<&'a [u8], RepeatedParameter> {
        let Scratch { selection, string, .. } = scratch;
        self.canonicalise(params, self.protocol.callback_excluded, selection, string)?;
        Ok(&scratch.string)
    }

    /// Signs the parameters of a request. Those that are not signed may be among them.
    ///
    /// # Errors
    /// A name stands twice, or the key or sign type does not fit.
    pub fn sign(
        &self,
        params: &Params,
        sign_type: SignType,
        key: &SigningKey,
        scratch: &mut Scratch,
    ) -> Result<Signature, SigningError> {
        if !self.protocol.sign_types.contains(&sign_type) {
            return Err(SigningError::SignType(sign_type));
        }
        let string = self.string_to_sign(params, scratch)?;
        Ok((self.stages.sign)(sign_type, key, string)?)
    }

    /// Verifies a message from its bytes: the body of a notify, or the query of a return.
    ///
    /// Sign type and key are the caller's, from configuration. The charset does not matter: what was signed are the
    /// bytes that came.
    ///
    /// # Errors
    /// Why the message is not accepted. Whatever is not `Ok` is not genuine.
    pub fn verify<'a>(
        &self,
        message: &[u8],
        sign_type: SignType,
        key: &VerifyingKey,
        scratch: &'a mut Scratch,
    ) -> Result<Verified<'a>, MessageError> {
        self.verify_opened(message, sign_type, key, |_| Ok(()), scratch)
    }

    /// Verifies a message whose parameters are not signed as they come: `open` stands between decoding and the other
    /// stages, as where a value is encrypted.
    ///
    /// # Errors
    /// As [`verify`](Self::verify), and those of `open`.
    pub fn verify_opened<'a>(
        &self,
        message: &[u8],
        sign_type: SignType,
        key: &VerifyingKey,
        open: impl FnOnce(&mut Params) -> Result<(), MessageError>,
        scratch: &'a mut Scratch,
    ) -> Result<Verified<'a>, MessageError> {
        let Protocol {
            signature, sign_type: sign_type_name, sign_types, callback_excluded, ..
        } = self.protocol;
        if !sign_types.contains(&sign_type) {
            return Err(MessageError::SignType(sign_type));
        }
        let Scratch { params, selection, string } = scratch;
        self.decode(message, params)?;
        open(params)?;
        self.canonicalise(params, callback_excluded, selection, string)?;
        let sign = params.get(signature.as_bytes()).filter(|sign| !sign.is_empty());
        let sign = sign.ok_or(MessageError::NoSignature { name: signature })?;
        if let Some(got) = params.get(sign_type_name.as_bytes())
            && got != self.protocol.wire_name(sign_type).as_bytes()
        {
            return Err(MessageError::OtherSignType {
                name: sign_type_name,
                expected: self.protocol.wire_name(sign_type),
                got: got.to_vec(),
            });
        }
        (self.stages.verify)(sign_type, key, string, sign)?;
        Ok(Verified { params, string_to_sign: string })
    }

    /// Decodes a message from its bytes.
    ///
    /// # Errors
    /// It has not the form that the protocol's messages have.
    pub fn decode(&self, message: &[u8], params: &mut Params) -> Result<(), MessageError> {
        match self.protocol.wire {
            Wire::Form => Ok((self.stages.decode)(message, self.limits, params)?),
            Wire::Xml => Ok((self.stages.xml)(message, self.limits, params)?),
        }
    }

    fn canonicalise(
        &self,
        params: &Params,
        excluded: &[&str],
        selection: &mut Selection,
        string: &mut Vec<u8>,
    ) -> Result<(), RepeatedParameter> {
        (self.stages.filter)(params, excluded, selection);
        (self.stages.sort)(params, selection);
        if let Some(name) = canonical::repeated_name(params, selection) {
            return Err(RepeatedParameter { name: name.to_vec() });
        }
        (self.stages.join)(params, selection, string);
        Ok(())
    }
}
