//! The report on generated cases for programs: JSON lines, described in `docs/report.md`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::generate::{Ended, Finding, Search, Shown, Sort, Test};
use crate::law::Violation;
use crate::report::generated::Again;
use crate::report::json::{
    BrokenFields, CaseFields, FORMAT, FailureFields, SubjectFields, Suite, line, name_of,
};
use crate::suite::outcome::Outcome;
use crate::vector::bytes::to_base64;

/// Writes a header, one line a finding and a footer. A report without its footer was cut off.
///
/// # Errors
/// Those of `out`.
pub fn write(
    out: &mut impl Write,
    search: &Search,
    again: &dyn Again,
    min_cases: usize,
) -> io::Result<()> {
    let Search { seed, first, wanted, subject, .. } = search;
    let (suite, subject) = (Suite::this(), SubjectFields::of(subject));
    let (seed, first, wanted) = (*seed, *first, *wanted);
    line(out, &Header { t: "generate", format: FORMAT, suite, seed, first, wanted, subject })?;
    for finding in &search.findings {
        line(out, &FindingLine::of(finding, again))?;
    }
    line(out, &Footer::of(search, min_cases))
}

#[derive(Serialize)]
struct Header<'a> {
    t: &'static str,
    format: u32,
    suite: Suite,
    seed: u64,
    first: u64,
    wanted: usize,
    subject: SubjectFields<'a>,
}

#[derive(Serialize)]
struct FindingLine<'a> {
    t: &'static str,
    test: &'static str,
    protocol: &'static str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'a str>,
    cases: usize,
    index: u64,
    tried: usize,
    charset: &'static str,
    sign_type: &'static str,
    input_b64: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<CaseFields<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureFields<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    law: Option<LawFields<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<BrokenFields<'a>>,
    replay: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

#[derive(Serialize)]
struct LawFields<'a> {
    statement: &'static str,
    expected_of: &'a str,
    expected_b64: String,
    got_of: &'a str,
    got_b64: String,
}

impl<'a> FindingLine<'a> {
    fn of(finding: &'a Finding, again: &dyn Again) -> Self {
        let (charset, sign_type) = finding.setting;
        let (mut failure, mut law, mut broken) = (None, None, None);
        match &finding.shown {
            Shown::Case { outcome: Outcome::Fail(difference), .. } => {
                failure = Some(FailureFields::of(difference));
            }
            Shown::Case { outcome: Outcome::Broken(breakage), .. } | Shown::Broken(breakage) => {
                broken = Some(BrokenFields::of(breakage));
            }
            Shown::Law(Violation { law: violated, expected, got }) => {
                law = Some(LawFields {
                    statement: violated.statement(),
                    expected_of: &expected.of,
                    expected_b64: to_base64(&expected.value),
                    got_of: &got.of,
                    got_b64: to_base64(&got.value),
                });
            }
            _ => {}
        }
        Self {
            t: "finding",
            test: finding.kind.test.name(),
            protocol: finding.kind.protocol,
            kind: finding.kind.sort.name(),
            stage: finding.kind.stage,
            exception: match &finding.kind.sort {
                Sort::Threw(exception) => Some(exception),
                _ => None,
            },
            cases: finding.cases,
            index: finding.index,
            tried: finding.tried,
            charset: charset.label(),
            sign_type,
            input_b64: to_base64(&finding.input),
            case: finding.case().map(CaseFields::of),
            failure,
            law,
            broken,
            replay: again.replay(finding),
            file: again.file(finding),
        }
    }
}

#[derive(Serialize)]
struct Footer<'a> {
    t: &'static str,
    counts: Counts,
    tests: BTreeMap<&'static str, usize>,
    skipped: &'a BTreeMap<String, usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    warnings: &'a [String],
    conclusion: &'static str,
    exit_code: u8,
    elapsed_ms: u64,
    complete: bool,
}

#[derive(Serialize)]
struct Counts {
    ran: usize,
    different: usize,
    findings: usize,
    skipped: usize,
}

impl<'a> Footer<'a> {
    fn of(search: &'a Search, min_cases: usize) -> Self {
        let conclusion = search.conclusion(min_cases);
        let (ended, why) = match &search.ended {
            None => (None, None),
            Some(Ended::NothingOffered) => (Some("nothing_offered"), None),
            Some(Ended::FewAsked) => (Some("few_asked"), None),
            Some(Ended::Findings(_)) => (Some("findings"), None),
            Some(Ended::Broken(_)) => (Some("broken"), None),
            Some(Ended::NotRun(why)) => (Some("not_run"), Some(why.as_str())),
        };
        let named = |(test, count): (&Test, &usize)| (test.name(), *count);
        Self {
            t: "end",
            counts: Counts {
                ran: search.ran(),
                different: search.different(),
                findings: search.findings.len(),
                skipped: search.skipped.values().sum(),
            },
            tests: search.tests.iter().map(named).collect(),
            skipped: &search.skipped,
            ended,
            why,
            warnings: &search.warnings,
            conclusion: name_of(conclusion),
            exit_code: conclusion.exit_code(),
            elapsed_ms: u64::try_from(search.elapsed.as_millis()).unwrap_or(u64::MAX),
            complete: true,
        }
    }
}
