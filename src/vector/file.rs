//! The JSON of a vector file, field by field; see `vectors/README.md` for the format.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::charset::Charset;
use crate::vector::case::{
    Ask, Bilingual, Case, ExpectedAnswer, Key, KnownAnswer, Rule, Source, Stage, Twin, Verdict,
};
use crate::vector::input::Input;
use crate::vector::operation::Operation;
use crate::vector::output::OutputFields;
use crate::vector::reason::Reason;

/// The version of the format that this crate reads.
pub(crate) const FORMAT: u64 = 1;

/// A vector file: definitions, cases, or both.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(rename = "format")]
    _format: u64,
    #[serde(rename = "about")]
    _about: Bilingual,
    #[serde(default)]
    pub(crate) rules: BTreeMap<String, Rule>,
    #[serde(default)]
    pub(crate) flags: BTreeMap<String, Bilingual>,
    #[serde(default)]
    pub(crate) keys: BTreeMap<String, Key>,
    /// Each is read on its own, so that an error names its case.
    #[serde(default)]
    pub(crate) cases: Vec<Value>,
}

/// Reads the version alone: a file of another version may have any other field.
#[derive(Deserialize)]
pub(crate) struct Version {
    pub(crate) format: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseFields {
    pub(crate) id: String,
    title: Bilingual,
    protocol: String,
    operation: Operation,
    stage: Stage,
    pub(crate) rule: String,
    source: Source,
    pub(crate) flags: Vec<String>,
    #[serde(default)]
    mistakes: Vec<String>,
    purpose: Option<Bilingual>,
    charset: String,
    sign_type: Option<String>,
    pub(crate) key: Option<String>,
    #[serde(default)]
    pub(crate) keys: Vec<(String, String)>,
    input: Value,
    result: ResultName,
    expect: Option<OutputFields>,
    reject: Option<Vec<Reason>>,
    pub(crate) twin: Option<Twin>,
    answers: Option<Vec<KnownAnswerFields>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ResultName {
    Valid,
    Invalid,
    Tolerated,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownAnswerFields {
    answer: Value,
    given_by: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum OutcomeName {
    Value,
    Accept,
    Reject,
}

impl CaseFields {
    /// The case, its rule, flags and key looked up.
    pub(crate) fn into_case(
        self,
        theme: &str,
        rule: &Rule,
        flag_texts: Vec<Bilingual>,
        key: Option<&Key>,
        keys: Vec<(String, Key)>,
    ) -> Result<Case, String> {
        let charset = Charset::from_label(&self.charset).map_err(|error| error.to_string())?;
        if self.flags.is_empty() {
            return Err("flags: expected at least one".into());
        }
        let input = Input::from_json(self.operation, charset, self.input)
            .map_err(|error| format!("input of {}: {error}", self.operation))?;
        let verdict = verdict(
            self.result,
            charset,
            VerdictFields {
                expect: self.expect,
                reject: self.reject,
                twin: self.twin,
                answers: self.answers,
            },
        )?;
        Ok(Case {
            theme: theme.into(),
            title: self.title,
            stage: self.stage,
            rule: self.rule,
            rule_text: rule.clone(),
            source: self.source,
            flags: self.flags,
            flag_texts,
            mistakes: self.mistakes,
            purpose: self.purpose,
            ask: Ask {
                case: self.id.clone(),
                operation: self.operation,
                protocol: self.protocol,
                sign_type: self.sign_type,
                charset,
                key: key.cloned(),
                keys,
                input,
                stage: self.stage,
            },
            id: self.id,
            verdict,
        })
    }
}

struct VerdictFields {
    expect: Option<OutputFields>,
    reject: Option<Vec<Reason>>,
    twin: Option<Twin>,
    answers: Option<Vec<KnownAnswerFields>>,
}

fn verdict(result: ResultName, charset: Charset, fields: VerdictFields) -> Result<Verdict, String> {
    let VerdictFields { expect, reject, twin, answers } = fields;
    match (result, expect, reject, twin, answers) {
        (ResultName::Valid, Some(expect), None, None, None) => {
            Ok(Verdict::Valid(Box::new(expect.into_output(charset)?)))
        }
        (ResultName::Invalid, None, Some(reasons), Some(twin), None) if !reasons.is_empty() => {
            Ok(Verdict::Invalid { reasons, twin })
        }
        (ResultName::Tolerated, _, None, None, Some(answers)) if answers.len() > 1 => {
            let known = answers.into_iter().map(|known| known_answer(known, charset));
            Ok(Verdict::Tolerated(known.collect::<Result<_, _>>()?))
        }
        (ResultName::Valid, ..) => {
            Err("a valid case has expect, and none of reject, twin, answers".into())
        }
        (ResultName::Invalid, ..) => {
            Err("an invalid case has reject and twin, and neither expect nor answers".into())
        }
        (ResultName::Tolerated, ..) => {
            Err("a tolerated case has two answers or more, and neither reject nor twin".into())
        }
    }
}

fn known_answer(fields: KnownAnswerFields, charset: Charset) -> Result<KnownAnswer, String> {
    let text = |error: serde_json::Error| format!("answer: {error}");
    let Value::Object(mut answer) = fields.answer else {
        return Err("answer: expected an object".into());
    };
    let outcome = answer.remove("outcome").unwrap_or_default();
    let outcome: OutcomeName = serde_json::from_value(outcome).map_err(text)?;
    let shows_nothing = answer.is_empty();
    let output: OutputFields = serde_json::from_value(Value::Object(answer)).map_err(text)?;
    let answer = match outcome {
        OutcomeName::Value if shows_nothing => return Err("answer: a value without a field".into()),
        OutcomeName::Value => ExpectedAnswer::Output(Box::new(output.into_output(charset)?)),
        OutcomeName::Accept if shows_nothing => ExpectedAnswer::Accept,
        OutcomeName::Reject if shows_nothing => ExpectedAnswer::Reject,
        OutcomeName::Accept | OutcomeName::Reject => {
            return Err("answer: accept and reject have no other field".into());
        }
    };
    Ok(KnownAnswer { answer, given_by: fields.given_by })
}
