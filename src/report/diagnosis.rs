//! Which known mistakes an implementation behaves as if it made: for people and for programs.

use serde::Serialize;

use crate::mistake::Mistake;
use crate::mistake::diagnosis::{Diagnosis, Finding};
use crate::report::Lang;
use crate::report::case::push;
use crate::report::mistakes::{both, text};
use crate::report::paint::{Colour, paint};
use crate::report::show::safe;
use crate::report::words::fill;
use crate::vector::case::{Bilingual, Case};

/// The lines that a report begins with; empty where nothing failed.
#[must_use]
pub fn paragraphs(diagnosis: &Diagnosis<'_>, lang: Lang) -> String {
    let mut out = String::new();
    write_diagnosis(&mut out, diagnosis, lang, false);
    out
}

pub(crate) fn write_diagnosis(
    out: &mut String,
    diagnosis: &Diagnosis<'_>,
    lang: Lang,
    colour: bool,
) {
    let words = lang.words();
    let Diagnosis { failures, considered, findings, other_pairs, unexplained } = diagnosis;
    if *failures == 0 {
        return;
    }
    if findings.is_empty() {
        push(out, format_args!("{}\n\n", fill(words.like_none, &[considered])));
        return;
    }
    for finding in findings {
        write_finding(out, finding, *failures, lang, colour);
    }
    let row = |out: &mut String, line: String| push(out, format_args!("{line}\n"));
    if !other_pairs.is_empty() {
        let pairs = other_pairs.iter().map(|pair| pair.map(quoted).join(" + "));
        let pairs: Vec<_> = pairs.collect();
        row(out, fill(words.like_other_pairs, &[&pairs.join(words.comma)]));
    }
    if findings.len() > 1 {
        row(out, fill(words.like_together, &[&diagnosis.explained(), failures]));
    }
    if !unexplained.is_empty() {
        let ids: Vec<_> = unexplained.iter().map(|case| safe(&case.id)).collect();
        row(out, fill(words.like_unexplained, &[&ids.len(), &ids.join(" ")]));
    }
    out.push('\n');
}

fn write_finding(
    out: &mut String,
    finding: &Finding<'_>,
    failures: usize,
    lang: Lang,
    colour: bool,
) {
    let words = lang.words();
    let Finding { mistake, alternatives, explains, changes } = finding;
    let heading = fill(words.like, &[&quoted(mistake)]);
    let heading = paint(&heading, Colour::Bold, colour);
    push(out, format_args!("{heading}{}{}\n", words.colon, text(lang, mistake.what)));
    let explained = fill(words.like_explains, &[&explains.len(), &failures]);
    let support = match changes {
        1 => words.like_one_case.to_owned(),
        changes => fill(words.like_changes, &[changes]),
    };
    push(out, format_args!("  {explained}{support}\n"));
    let fix = paint(words.mistake_fix, Colour::Good, colour);
    push(out, format_args!("  {fix}{}{}\n", words.colon, text(lang, mistake.fix)));
    if !alternatives.is_empty() {
        let alternatives: Vec<_> = alternatives.iter().copied().map(quoted).collect();
        let line = fill(words.like_or, &[&alternatives.join(words.comma)]);
        push(out, format_args!("  {line}\n"));
    }
}

fn quoted(mistake: &Mistake) -> String {
    format!("`{}`", mistake.id)
}

/// A diagnosis as JSON.
#[derive(Serialize)]
pub(crate) struct DiagnosisLine<'a> {
    t: &'static str,
    failures: usize,
    explained: usize,
    considered: usize,
    findings: Vec<FindingFields<'a>>,
    other_pairs: Vec<[&'static str; 2]>,
    unexplained: Vec<&'a str>,
}

#[derive(Serialize)]
struct FindingFields<'a> {
    mistake: &'static str,
    what: Bilingual,
    fix: Bilingual,
    alternatives: Vec<&'static str>,
    explains: Vec<&'a str>,
    changes: usize,
}

impl<'a> DiagnosisLine<'a> {
    pub(crate) fn of(diagnosis: &Diagnosis<'a>) -> Self {
        Self {
            t: "diagnosis",
            failures: diagnosis.failures,
            explained: diagnosis.explained(),
            considered: diagnosis.considered,
            findings: diagnosis.findings.iter().map(FindingFields::of).collect(),
            other_pairs: diagnosis.other_pairs.iter().map(|pair| pair.map(|m| m.id)).collect(),
            unexplained: ids(&diagnosis.unexplained),
        }
    }
}

impl<'a> FindingFields<'a> {
    fn of(finding: &Finding<'a>) -> Self {
        Self {
            mistake: finding.mistake.id,
            what: both(finding.mistake.what),
            fix: both(finding.mistake.fix),
            alternatives: finding.alternatives.iter().map(|mistake| mistake.id).collect(),
            explains: ids(&finding.explains),
            changes: finding.changes,
        }
    }
}

fn ids<'a>(cases: &[&'a Case]) -> Vec<&'a str> {
    cases.iter().map(|case| case.id.as_str()).collect()
}
