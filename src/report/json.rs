//! The report for programs: JSON lines, described in `docs/report.md`.

use std::io::{self, Write};

use serde::Serialize;

use crate::mistake::diagnosis::Diagnosis;
use crate::report::diagnosis::DiagnosisLine;
use crate::suite::answer::Breakage;
use crate::suite::implementation::Subject;
use crate::suite::outcome::{Difference, Failure, Outcome};
use crate::suite::run::{CaseResult, Conclusion, Counts, Run};
use crate::vector::bytes::to_base64;
use crate::vector::case::{Bilingual, Case, Stage};
use crate::vector::reason::Reason;

/// The version of the fields.
pub const FORMAT: u32 = 1;

/// Writes a header, one line a result, a line that explains the failures where there are some, and a footer. A report without its footer was cut off.
///
/// `vectors` says which set it was: `embedded`, or a path.
///
/// # Errors
/// Those of `out`.
pub fn write(
    out: &mut impl Write,
    run: &Run<'_>,
    vectors: &str,
    min_cases: usize,
) -> io::Result<()> {
    line(out, &Header::of(run, vectors))?;
    for result in &run.results {
        line(out, &ResultLine::of(result))?;
    }
    let diagnosis = Diagnosis::of(run);
    if diagnosis.failures > 0 {
        line(out, &DiagnosisLine::of(&diagnosis))?;
    }
    line(out, &Footer::of(run, min_cases))
}

/// One object, on one line.
///
/// # Errors
/// Those of `out`.
pub(crate) fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Header<'a> {
    t: &'static str,
    format: u32,
    suite: Suite,
    vectors: Vectors<'a>,
    subject: SubjectFields<'a>,
}

#[derive(Serialize)]
pub(crate) struct Suite {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Vectors<'a> {
    set: &'a str,
    cases: usize,
    selected: usize,
}

#[derive(Serialize)]
pub(crate) struct SubjectFields<'a> {
    name: &'a str,
    version: &'a str,
    language: &'a str,
    source: &'a str,
    adapter: &'a str,
}

impl<'a> Header<'a> {
    fn of(run: &'a Run<'_>, set: &'a str) -> Self {
        let selected = run.results.len();
        Self {
            t: "run",
            format: FORMAT,
            suite: Suite::this(),
            vectors: Vectors { set, cases: selected + run.not_selected, selected },
            subject: SubjectFields::of(&run.subject),
        }
    }
}

impl Suite {
    pub(crate) fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

impl<'a> SubjectFields<'a> {
    pub(crate) fn of(subject: &'a Subject) -> Self {
        let Subject { name, version, language, source, adapter } = subject;
        Self { name, version, language, source, adapter }
    }
}

impl<'a> BrokenFields<'a> {
    pub(crate) fn of(breakage: &'a Breakage) -> Self {
        let Breakage { kind, detail, stderr } = breakage;
        Self { kind: kind.name(), detail, stderr }
    }
}

/// What is said of a case wherever cases are listed.
#[derive(Serialize)]
pub(crate) struct CaseFields<'a> {
    id: &'a str,
    title: &'a Bilingual,
    protocol: &'a str,
    operation: &'static str,
    stage: Stage,
    rule: &'a str,
    flags: &'a [String],
    charset: &'static str,
    sign_type: Option<&'a str>,
    result: &'static str,
}

impl<'a> CaseFields<'a> {
    pub(crate) fn of(case: &'a Case) -> Self {
        Self {
            id: &case.id,
            title: &case.title,
            protocol: &case.ask.protocol,
            operation: case.ask.operation.name(),
            stage: case.stage,
            rule: &case.rule,
            flags: &case.flags,
            charset: case.ask.charset.label(),
            sign_type: case.ask.sign_type.as_deref(),
            result: case.verdict.name(),
        }
    }
}

#[derive(Serialize)]
struct ResultLine<'a> {
    t: &'static str,
    #[serde(flatten)]
    case: CaseFields<'a>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureFields<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<BrokenFields<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
}

impl<'a> ResultLine<'a> {
    fn of(CaseResult { case, outcome, .. }: &'a CaseResult<'_>) -> Self {
        let mut line = Self {
            t: "result",
            case: CaseFields::of(case),
            outcome: outcome.name(),
            failure: None,
            broken: None,
            given_by: None,
            note: None,
            why: None,
        };
        match outcome {
            Outcome::Pass { note } => line.note = note.as_deref(),
            Outcome::Fail(failure) => line.failure = Some(FailureFields::of(failure)),
            Outcome::Tolerated { given_by } => line.given_by = Some(given_by),
            Outcome::NotApplicable { why } | Outcome::NotRun { why } => line.why = Some(why),
            Outcome::Broken(breakage) => {
                line.broken = Some(BrokenFields::of(breakage));
            }
        }
        line
    }
}

#[derive(Serialize)]
pub(crate) struct BrokenFields<'a> {
    kind: &'static str,
    detail: &'a str,
    stderr: &'a str,
}

#[derive(Default, Serialize)]
pub(crate) struct FailureFields<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_b64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    got_b64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_reasons: Option<&'a [Reason]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    twin: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    got: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

impl<'a> FailureFields<'a> {
    pub(crate) fn of(failure: &'a Failure) -> Self {
        let kind = |kind| Self { kind, ..Self::default() };
        match failure {
            Failure::Differs(difference) => kind("differs").with(difference),
            Failure::NoValue { stage } => Self { stage: Some(stage), ..kind("no_value") },
            Failure::Accepted { expected } => {
                Self { expected_reasons: Some(expected), ..kind("accepted") }
            }
            Failure::Rejected { reason, detail, difference } => {
                let fields =
                    Self { reason: *reason, detail: detail.as_deref(), ..kind("rejected") };
                match difference {
                    Some(difference) => fields.with(difference),
                    None => fields,
                }
            }
            Failure::WrongReason { expected, got } => Self {
                expected_reasons: Some(expected),
                reason: Some(*got),
                ..kind("wrong_reason")
            },
            Failure::TwinNotAccepted { twin } => {
                Self { twin: Some(twin), ..kind("twin_not_accepted") }
            }
            Failure::Threw(threw) => {
                Self { got: Some(&threw.kind), detail: Some(&threw.message), ..kind("threw") }
            }
            Failure::UnknownAnswer { known, got } => {
                Self { known: Some(known), got: Some(got), ..kind("unknown_answer") }
            }
            Failure::Unsupported { why } => Self { detail: Some(why), ..kind("unsupported") },
            Failure::WrongKind { expected, got } => {
                Self { expected: Some(expected), got: Some(got), ..kind("wrong_kind") }
            }
        }
    }

    fn with(self, difference: &'a Difference) -> Self {
        let Difference { stage, parameter, offset, expected, got } = difference;
        Self {
            stage: Some(stage),
            parameter: parameter.as_deref(),
            offset: Some(*offset),
            expected_b64: Some(to_base64(expected)),
            got_b64: Some(to_base64(got)),
            ..self
        }
    }
}

#[derive(Serialize)]
struct Footer<'a> {
    t: &'static str,
    counts: CountFields,
    warnings: &'a [String],
    conclusion: &'static str,
    exit_code: u8,
    elapsed_ms: u64,
    complete: bool,
}

#[derive(Serialize)]
struct CountFields {
    ran: usize,
    passed: usize,
    failed: usize,
    tolerated: usize,
    broken: usize,
    not_applicable: usize,
    not_run: usize,
}

impl<'a> Footer<'a> {
    fn of(run: &'a Run<'_>, min_cases: usize) -> Self {
        let counts = run.counts();
        let Counts { passed, failed, tolerated, broken, not_applicable, not_run } = counts;
        let ran = counts.ran();
        let conclusion = run.conclusion(min_cases);
        Self {
            t: "end",
            counts: CountFields { ran, passed, failed, tolerated, broken, not_applicable, not_run },
            warnings: &run.warnings,
            conclusion: name_of(conclusion),
            exit_code: conclusion.exit_code(),
            elapsed_ms: u64::try_from(run.elapsed.as_millis()).unwrap_or(u64::MAX),
            complete: true,
        }
    }
}

pub(crate) fn name_of(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Conforms => "conforms",
        Conclusion::Deviates => "deviates",
        Conclusion::CouldNotTest => "could_not_test",
        Conclusion::TooFew => "too_few",
        Conclusion::Interrupted => "interrupted",
    }
}
