//! What was found, as one JSON object.

use serde::Serialize;

use super::{facts, parts_at};
use crate::explain::capture::Captured;
use crate::explain::{Explanation, Finding, Refusal, Step, Stopped};
use crate::mistake::Text;
use crate::report::Lang;
use crate::report::show::visible;
use crate::suite::reference::{header_reason, message_reason};
use crate::vector::bytes::to_base64;
use crate::vector::case::Bilingual;

#[derive(Serialize)]
pub(crate) struct FindingFields {
    genuine: bool,
    reason: Option<&'static str>,
    detail: Option<String>,
    input_form: &'static str,
    protocol: &'static str,
    signed_in: Option<&'static str>,
    sign_type: &'static str,
    charset: &'static str,
    string_to_sign_b64: String,
    explanations: Vec<ExplanationFields>,
    facts: Vec<FactFields>,
    cause: Option<CauseFields>,
    searched: SearchedFields,
}

#[derive(Serialize)]
struct ExplanationFields {
    steps: Vec<StepFields>,
    sign_type: &'static str,
    key: String,
    charset: &'static str,
    signed: String,
    signed_b64: String,
    parts_at: Option<usize>,
}

#[derive(Serialize)]
struct StepFields {
    id: &'static str,
    kind: &'static str,
    what: Bilingual,
    fix: Bilingual,
    detail: Vec<String>,
}

#[derive(Serialize)]
struct FactFields {
    id: &'static str,
    text: Bilingual,
}

#[derive(Serialize)]
struct CauseFields {
    id: &'static str,
    advice: Bilingual,
}

#[derive(Serialize)]
struct SearchedFields {
    steps: usize,
    sets: usize,
    attempts: usize,
    complete: usize,
    stopped: Option<&'static str>,
}

impl FindingFields {
    pub(crate) fn of(finding: &Finding, message: &Captured) -> Self {
        let error = finding.verdict.as_ref().err();
        let fact = |fact| {
            let [en, zh] = [Lang::En, Lang::Zh].map(|lang| facts::sentence(fact, lang));
            FactFields { id: facts::id(fact), text: Bilingual { en, zh } }
        };
        let searched = finding.searched;
        Self {
            genuine: finding.is_genuine(),
            reason: error.map(|error| {
                let reason = match error {
                    Refusal::Message(error) => message_reason(error),
                    Refusal::Header(error) => header_reason(error),
                };
                reason.name()
            }),
            detail: error.map(ToString::to_string),
            input_form: message.form.name(),
            protocol: finding.protocol.id(),
            signed_in: finding.scheme.map(|scheme| scheme.carrier.header),
            sign_type: finding.sign_type.name(),
            charset: finding.charset.label(),
            string_to_sign_b64: to_base64(&finding.built),
            explanations: finding
                .explanations
                .iter()
                .map(|explanation| ExplanationFields::of(explanation, &finding.built))
                .collect(),
            facts: finding.facts.iter().map(fact).collect(),
            cause: finding.cause.map(|cause| CauseFields {
                id: cause.as_str(),
                advice: Bilingual { en: cause.advice().into(), zh: cause.advice_zh().into() },
            }),
            searched: SearchedFields {
                steps: searched.steps,
                sets: searched.sets,
                attempts: searched.attempts,
                complete: searched.complete,
                stopped: searched.stopped.map(|stopped| match stopped {
                    Stopped::Work => "work",
                    Stopped::Time => "time",
                }),
            },
        }
    }
}

impl ExplanationFields {
    fn of(explanation: &Explanation, built: &[u8]) -> Self {
        let Explanation { steps, signed, charset, sign_type, key, .. } = explanation;
        Self {
            steps: steps.iter().map(StepFields::of).collect(),
            sign_type: sign_type.name(),
            key: key.clone(),
            charset: charset.label(),
            signed: visible(signed, *charset),
            signed_b64: to_base64(signed),
            parts_at: parts_at(built, signed),
        }
    }
}

impl StepFields {
    fn of(step: &Step) -> Self {
        let both = |text: Text| Bilingual { en: text.en.into(), zh: text.zh.into() };
        Self {
            id: step.id,
            kind: if step.is_mistake { "mistake" } else { "circumstance" },
            what: both(step.what),
            fix: both(step.fix),
            detail: step.detail.iter().map(|name| super::name_of(name)).collect(),
        }
    }
}
