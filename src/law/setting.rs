//! The configuration under which a law is checked, and the messages that are genuine under it.

use std::panic::{self, AssertUnwindSafe};

use crate::charset::Charset;
use crate::form;
use crate::law::violation::{Side, Stop};
use crate::params::Params;
use crate::protocol::pipeline::{Pipeline, Scratch};
use crate::protocol::wechatpay::write::write;
use crate::protocol::{MAPI, Protocol, Wire};
use crate::signature::{
    PrivateKey, PublicKey, Secret, SignType, Signature, SigningKey, VerifyingKey,
};
use crate::suite::answer::{Answer, Threw};
use crate::suite::implementation::Implementation;
use crate::vector::bytes::Bytes;
use crate::vector::case::{Ask, Key, KeyForm, Stage};
use crate::vector::embedded;
use crate::vector::input::Input;
use crate::vector::load::{LoadError, VectorSet};
use crate::vector::operation::Operation;

/// What a merchant has configured: protocol, sign type, charset and key.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The protocol.
    pub protocol: Protocol,
    /// The sign type.
    pub sign_type: SignType,
    /// The charset.
    pub charset: Charset,
    /// The key, with every half that signing and verifying need.
    pub key: Key,
}

impl Setting {
    /// A setting of the legacy gateway with a published key of the embedded vectors: `md5-a` for `MD5`, `rsa-1024` for
    /// `RSA`, `rsa-2048` for `RSA2`.
    ///
    /// # Errors
    /// None in a released crate: a test loads the keys.
    pub fn embedded(sign_type: SignType, charset: Charset) -> Result<Self, LoadError> {
        let name = Self::key_name(sign_type);
        let file = "keys.json";
        let texts = embedded::FILES.iter().copied().filter(|(name, _)| *name == file);
        let set = VectorSet::from_texts(texts, None)?;
        let key = set.keys().get(name).cloned().ok_or_else(|| LoadError::Undefined {
            file: file.into(),
            case: String::new(),
            kind: "key",
            name: name.into(),
        })?;
        Ok(Self { protocol: MAPI, sign_type, charset, key })
    }

    /// The name of the key of [`embedded`](Self::embedded) settings among the keys of the embedded vectors.
    fn key_name(sign_type: SignType) -> &'static str {
        match sign_type {
            SignType::Md5 => "md5-a",
            SignType::Rsa => "rsa-1024",
            SignType::Rsa2 => "rsa-2048",
            SignType::WechatMd5 | SignType::HmacSha256 => "wechat-doc",
        }
    }

    /// The question for an operation on an input under this setting.
    #[must_use]
    pub fn ask(&self, operation: Operation, input: Input) -> Ask {
        Ask {
            case: String::new(),
            stage: stage(operation),
            operation,
            protocol: self.protocol.id.into(),
            sign_type: Some(self.sign_type.name().into()),
            charset: self.charset,
            key: Some(self.key.clone()),
            keys: Vec::new(),
            input,
        }
    }

    /// The question whether a message is genuine: `operation` is that of a notify or of a return.
    #[must_use]
    pub fn ask_message(&self, operation: Operation, message: &[u8]) -> Ask {
        self.ask(operation, Input::Message(Bytes(message.to_vec())))
    }

    /// What messages call the sign type.
    pub(crate) fn wire_name(&self) -> &'static str {
        self.protocol.wire_name(self.sign_type)
    }

    /// Whether the sign type that a notify names is signed in it.
    pub(super) fn signs_its_type(&self) -> bool {
        !self.protocol.callback_excluded.contains(&self.protocol.sign_type)
    }

    /// The key that signs, where it is of the kind that the sign type needs.
    #[must_use]
    pub fn signing_key(&self) -> Option<SigningKey> {
        let form = |form| self.key.form(form);
        match self.sign_type.is_keyed() {
            true => Secret::new(form(KeyForm::Secret)?).ok().map(SigningKey::from),
            false => {
                let text = form(KeyForm::PrivatePkcs8Pem).or(form(KeyForm::PrivatePkcs1Pem))?;
                PrivateKey::parse(text).ok().map(SigningKey::from)
            }
        }
    }

    /// The key that verifies, where it is of the kind that the sign type needs.
    #[must_use]
    pub fn verifying_key(&self) -> Option<VerifyingKey> {
        let form = |form| self.key.form(form);
        match self.sign_type.is_keyed() {
            true => Secret::new(form(KeyForm::Secret)?).ok().map(VerifyingKey::from),
            false => {
                let text = form(KeyForm::PublicSpkiPem).or(form(KeyForm::PublicPkcs1Pem))?;
                PublicKey::parse(text).ok().map(VerifyingKey::from)
            }
        }
    }
}

/// A genuine message: parameters in the charset of the wire, `sign_type` and `sign` behind them.
///
/// ```
/// use alipay_conformance::charset::Charset;
/// use alipay_conformance::law::{Setting, SignedMessage};
/// use alipay_conformance::params::Params;
/// use alipay_conformance::signature::SignType;
///
/// let setting = Setting::embedded(SignType::Md5, Charset::Utf8)?;
/// let params: Params = [("total_fee", "0.01")].into_iter().collect();
/// let message = SignedMessage::new(&setting, &params).unwrap();
/// assert!(message.body().starts_with(b"total_fee=0.01&sign_type=MD5&sign="));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SignedMessage {
    /// All parameters.
    pub params: Params,
    wire: Wire,
}

impl SignedMessage {
    /// The message of some parameters, signed by the reference as notifies and returns are. `None` where a name stands
    /// twice, is that of the signature or the sign type, the setting's key cannot sign, or the wire cannot carry them.
    #[must_use]
    pub fn new(setting: &Setting, params: &Params) -> Option<Self> {
        let Protocol { sign_type, signature, callback_excluded, .. } = setting.protocol;
        if [sign_type, signature].iter().any(|name| params.get(name.as_bytes()).is_some()) {
            return None;
        }
        // A request by the rule of callbacks.
        let protocol = Protocol { excluded: callback_excluded, ..setting.protocol };
        let mut named = params.clone();
        named.push(sign_type.as_bytes(), setting.wire_name().as_bytes());
        let pipeline = Pipeline::new(protocol);
        let key = setting.signing_key()?;
        let signed = pipeline.sign(&named, setting.sign_type, &key, &mut Scratch::new());
        let message = Self::with_signature(setting, params, &signed.ok()?);
        written(message.wire, &message.params).is_some().then_some(message)
    }

    fn with_signature(setting: &Setting, params: &Params, signature: &Signature) -> Self {
        Self::with_signature_text(setting, params, signature.as_str())
    }

    pub(super) fn with_signature_text(setting: &Setting, params: &Params, signature: &str) -> Self {
        let Protocol { sign_type, signature: sign, .. } = setting.protocol;
        let mut params = params.clone();
        params.push(sign_type.as_bytes(), setting.wire_name().as_bytes());
        params.push(sign.as_bytes(), signature.as_bytes());
        Self { params, wire: setting.protocol.wire }
    }

    /// The body of the notify; of a form it is the query of the return too.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        written(self.wire, &self.params).unwrap_or_default()
    }
}

/// Parameters on the wire; `None` where it cannot carry them.
pub(crate) fn written(wire: Wire, params: &Params) -> Option<Vec<u8>> {
    match wire {
        Wire::Form => Some(form::encode(params).into_bytes()),
        Wire::Xml => write(params).ok().map(String::into_bytes),
    }
}

/// The stage that an operation ends in, as the stage under test.
pub(crate) fn stage(operation: Operation) -> Stage {
    match operation {
        Operation::StringToSign => Stage::Join,
        Operation::Sign | Operation::SignRequest => Stage::Sign,
        Operation::BuildRequest
        | Operation::BuildForm
        | Operation::BuildOrderString
        | Operation::BuildXml
        | Operation::BuildClientParams => Stage::Wire,
        Operation::Decode => Stage::Decode,
        Operation::VerifyNotify | Operation::VerifyReturn | Operation::VerifyResponse => {
            Stage::Verify
        }
        Operation::Encrypt | Operation::Decrypt => Stage::Content,
        Operation::CertificateSn | Operation::RootCertificateSn | Operation::VerifyCertificate => {
            Stage::Certificate
        }
        Operation::NotifyIdUrl | Operation::NotifyIdAnswer | Operation::Diagnose => Stage::NotifyId,
        Operation::CheckRequest
        | Operation::Decide
        | Operation::BuildReply
        | Operation::ParseRefundResults => Stage::Business,
    }
}

/// Asks, and ends the law where there is no answer to judge.
pub(super) fn answer(implementation: &dyn Implementation, ask: &Ask) -> Result<Answer, Stop> {
    if let Some(why) = implementation.declines(ask) {
        return Err(Stop::NotApplicable(why));
    }
    match panic::catch_unwind(AssertUnwindSafe(|| implementation.perform(ask))) {
        Ok(Answer::NotOffered) => {
            Err(Stop::NotApplicable(format!("{} is not offered", ask.operation)))
        }
        Ok(Answer::Unsupported { why } | Answer::NotRun { why }) => Err(Stop::NotApplicable(why)),
        Ok(answer) => Ok(answer),
        Err(panic) => {
            let message = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
            let message = message.unwrap_or_default();
            Ok(Answer::Threw(Threw { kind: "panic".into(), message }))
        }
    }
}

/// What an answer comes to, for telling two apart: wording and codes left out.
pub(super) fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Value(output) => match &output.signature {
            Some(signature) => format!("signature {signature}"),
            None => match &output.string_to_sign {
                Some(string) => format!("string to sign {}", string.escape_ascii()),
                None => "a value".into(),
            },
        },
        Answer::Accept(_) => "accepted".into(),
        Answer::Reject(_) => "refused".into(),
        Answer::Threw(threw) => format!("{}: {}", threw.kind, threw.message),
        Answer::Broken(breakage) => format!("{}: {}", breakage.kind.name(), breakage.detail),
        Answer::Unsupported { .. } => "not supported".into(),
        Answer::NotOffered => "not offered".into(),
        Answer::NotRun { .. } => "not asked".into(),
    }
}

/// A side with an answer for its value.
pub(super) fn side(of: &str, answer: &Answer) -> Side {
    Side::new(of, shown(answer))
}
