//! The reference, as an [`Implementation`].

use crate::canonical::{self, Selection};
use crate::form::{FormError, Limits};
use crate::params::Params;
use crate::protocol::Protocol;
use crate::protocol::pipeline::{MessageError, Pipeline, REFERENCE, Scratch, SigningError, Stages};
use crate::signature::{
    PrivateKey, PublicKey, Secret, SignError, SignType, SigningKey, VerifyError, VerifyingKey,
};
use crate::suite::answer::{Answer, Rejection};
use crate::suite::implementation::{Implementation, Subject};
use crate::vector::case::{Ask, Key, KeyForm};
use crate::vector::operation::TextPairs;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

/// The crate's own implementation of the rules.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The stages of its pipeline.
    pub stages: Stages,
}

impl Default for Reference {
    fn default() -> Self {
        Self { stages: REFERENCE }
    }
}

/// Why an ask is answered with a refusal.
struct Refused {
    reason: Reason,
    detail: String,
}

impl Refused {
    fn new(reason: Reason, detail: impl ToString) -> Self {
        Self { reason, detail: detail.to_string() }
    }
}

impl From<Refused> for Answer {
    fn from(Refused { reason, detail }: Refused) -> Self {
        Answer::reject(reason, detail)
    }
}

fn answer(result: Result<Answer, Refused>) -> Answer {
    result.unwrap_or_else(Answer::from)
}

impl Reference {
    fn pipeline(&self, ask: &Ask) -> Result<Pipeline, Refused> {
        let unknown = || {
            let detail = format!("unknown protocol {:?}", ask.protocol);
            Refused::new(Reason::UnsupportedAlgorithm, detail)
        };
        let protocol = Protocol::from_id(&ask.protocol).ok_or_else(unknown)?;
        Ok(Pipeline { stages: self.stages, ..Pipeline::new(protocol) })
    }

    /// The stages up to the string to sign, for a report.
    fn stages_of(&self, pipeline: &Pipeline, params: &Params, output: &mut Output) {
        let selected = |selection: &Selection| {
            selection.pairs(params).map(|pair| (pair.name(), pair.value())).collect::<Params>()
        };
        let mut selection = Selection::new();
        (self.stages.filter)(params, pipeline.protocol.excluded, &mut selection);
        output.filtered = Some(selected(&selection));
        (self.stages.sort)(params, &mut selection);
        output.sorted = Some(selected(&selection));
        if canonical::repeated_name(params, &mut selection).is_none() {
            let mut string = Vec::new();
            (self.stages.join)(params, &selection, &mut string);
            output.string_to_sign = Some(string);
        }
    }

    fn canonicalise(&self, ask: &Ask, params: &TextPairs) -> Result<(Params, Output), Refused> {
        let pipeline = self.pipeline(ask)?;
        let params = encode(ask, params)?;
        pipeline
            .string_to_sign(&params, &mut Scratch::new())
            .map_err(|error| Refused::new(Reason::DuplicateField, error))?;
        let mut output = Output::default();
        self.stages_of(&pipeline, &params, &mut output);
        Ok((params, output))
    }

    fn signed(&self, ask: &Ask, params: &TextPairs) -> Result<(Params, Output), Refused> {
        let (params, mut output) = self.canonicalise(ask, params)?;
        let sign_type = sign_type(ask)?;
        let key = signing_key(ask, sign_type)?;
        let signature = self.pipeline(ask)?.sign(&params, sign_type, &key, &mut Scratch::new());
        let signature = signature.map_err(|error| match error {
            SigningError::Repeated(_) => Refused::new(Reason::DuplicateField, error),
            SigningError::Sign(SignError::KeyKind { .. }) => {
                Refused::new(Reason::UnknownKey, error)
            }
            _ => Refused::new(Reason::UnsupportedAlgorithm, error),
        })?;
        output.signature = Some(signature.as_str().into());
        Ok((params, output))
    }

    fn verify(&self, ask: &Ask, message: &[u8]) -> Answer {
        let prepared = || {
            let sign_type = sign_type(ask)?;
            Ok((self.pipeline(ask)?, sign_type, verifying_key(ask, sign_type)?))
        };
        let (pipeline, sign_type, key) = match prepared() {
            Ok(prepared) => prepared,
            Err(refused) => return Refused::into(refused),
        };
        let mut output = Output::default();
        let mut params = Params::new();
        if (self.stages.decode)(message, Limits::DEFAULT, &mut params).is_ok() {
            self.stages_of(&pipeline, &params, &mut output);
            output.decoded = Some(params);
        }
        match pipeline.verify(message, sign_type, &key, &mut Scratch::new()) {
            Ok(_) => Answer::accept(output),
            Err(error) => Answer::Reject(Rejection {
                reason: Some(message_reason(&error)),
                detail: Some(error.to_string()),
                code: None,
                output: Box::new(output),
            }),
        }
    }
}

impl Implementation for Reference {
    fn subject(&self) -> Subject {
        Subject {
            name: "reference".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            language: "Rust".into(),
            source: env!("CARGO_PKG_NAME").into(),
            adapter: String::new(),
        }
    }

    fn string_to_sign(&self, ask: &Ask, params: &TextPairs) -> Answer {
        answer(self.canonicalise(ask, params).map(|(_, output)| Answer::value(output)))
    }

    fn sign(&self, ask: &Ask, params: &TextPairs) -> Answer {
        answer(self.signed(ask, params).map(|(_, output)| Answer::value(output)))
    }

    fn decode(&self, ask: &Ask, body: &[u8]) -> Answer {
        let mut params = Params::new();
        answer(match (self.stages.decode)(body, Limits::DEFAULT, &mut params) {
            Err(error) => Err(Refused::new(form_reason(&error), error)),
            Ok(()) => {
                let _ = ask;
                Ok(Answer::value(Output { decoded: Some(params), ..Output::default() }))
            }
        })
    }

    fn verify_notify(&self, ask: &Ask, body: &[u8]) -> Answer {
        self.verify(ask, body)
    }

    fn verify_return(&self, ask: &Ask, query: &[u8]) -> Answer {
        self.verify(ask, query)
    }
}

fn encode(ask: &Ask, params: &TextPairs) -> Result<Params, Refused> {
    let pairs = params.iter().map(|(name, value)| (name, value));
    Params::encode(pairs, ask.charset).map_err(|error| Refused::new(Reason::CharsetError, error))
}

fn sign_type(ask: &Ask) -> Result<SignType, Refused> {
    SignType::from_name(ask.sign_type.as_deref().unwrap_or_default())
        .map_err(|error| Refused::new(Reason::UnsupportedAlgorithm, error))
}

fn signing_key(ask: &Ask, sign_type: SignType) -> Result<SigningKey, Refused> {
    let forms = match sign_type {
        SignType::Md5 => &[KeyForm::Secret][..],
        _ => &[KeyForm::PrivatePkcs8Pem, KeyForm::PrivatePkcs1Pem],
    };
    let text = key_text(ask.key.as_ref(), forms)?;
    match sign_type {
        SignType::Md5 => Secret::new(text).map(SigningKey::from),
        _ => PrivateKey::parse(text).map(SigningKey::from),
    }
    .map_err(|error| Refused::new(Reason::UnknownKey, error))
}

fn verifying_key(ask: &Ask, sign_type: SignType) -> Result<VerifyingKey, Refused> {
    let forms = match sign_type {
        SignType::Md5 => &[KeyForm::Secret][..],
        _ => &[KeyForm::PublicSpkiPem, KeyForm::PublicPkcs1Pem],
    };
    let text = key_text(ask.key.as_ref(), forms)?;
    match sign_type {
        SignType::Md5 => Secret::new(text).map(VerifyingKey::from),
        _ => PublicKey::parse(text).map(VerifyingKey::from),
    }
    .map_err(|error| Refused::new(Reason::UnknownKey, error))
}

fn key_text<'a>(key: Option<&'a Key>, forms: &[KeyForm]) -> Result<&'a str, Refused> {
    key.and_then(|key| forms.iter().find_map(|form| key.form(*form)))
        .ok_or_else(|| Refused::new(Reason::UnknownKey, "no key of the kind that is needed"))
}

fn form_reason(error: &FormError) -> Reason {
    match error {
        FormError::MalformedEscape { .. } => Reason::MalformedInput,
        FormError::TooLong { .. } | FormError::TooManyParameters { .. } => Reason::LimitExceeded,
    }
}

pub(crate) fn message_reason(error: &MessageError) -> Reason {
    match error {
        MessageError::Form(error) => form_reason(error),
        MessageError::Repeated(_) => Reason::DuplicateField,
        MessageError::NoSignature { .. } => Reason::MissingField,
        MessageError::OtherSignType { .. } => Reason::AlgorithmMismatch,
        MessageError::SignType(_) => Reason::UnsupportedAlgorithm,
        MessageError::Verify(error) => match error {
            VerifyError::BadEncoding(_) => Reason::BadSignatureEncoding,
            VerifyError::Mismatch => Reason::SignatureMismatch,
            _ => Reason::UnknownKey,
        },
    }
}
