//! Which known mistakes an implementation behaves as if it made.

mod evidence;
mod search;

use std::collections::BTreeSet;

use self::evidence::{Effect, Evidence};
use self::search::{Found, Part, Search};
use super::{Mistake, Mistaken, all};
use crate::suite::outcome::Outcome;
use crate::suite::run::Run;
use crate::vector::case::Case;

/// What explains the failures of a run.
///
/// Known mistakes *explain* a failure if an implementation with them gives the very answer that was given. They are
/// only named if they *contradict* nothing: wherever they change an answer, it was given as they change it. What counts
/// of an answer is what is judged: the operation's own value, or else acceptance or refusal; an exception is a refusal.
///
/// ```
/// use std::sync::atomic::AtomicBool;
/// use alipay_conformance::mistake::{self, Mistaken, diagnosis::Diagnosis};
/// use alipay_conformance::suite::run::{Options, run};
/// use alipay_conformance::vector::load::VectorSet;
///
/// let set = VectorSet::embedded()?;
/// let unsorted = Mistaken::new(mistake::find("sort-none"));
/// let options = Options { jobs: 1, interrupted: &AtomicBool::new(false) };
/// let run = run(&unsorted, &set, |case| case.theme == "sort", options);
/// let diagnosis = Diagnosis::of(&run);
/// assert_eq!(diagnosis.findings[0].mistake.id, "sort-none");
/// assert!(diagnosis.unexplained.is_empty());
/// # Ok::<(), alipay_conformance::vector::load::LoadError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Diagnosis<'a> {
    /// How many cases failed.
    pub failures: usize,
    /// How many mistakes were considered.
    pub considered: usize,
    /// The mistakes that explain failures. They were tried together: where there are several, one and the same
    /// implementation makes them all.
    pub findings: Vec<Finding<'a>>,
    /// Where the last two findings are a pair: other pairs that explain as much.
    pub other_pairs: Vec<[&'static Mistake; 2]>,
    /// The failures that nothing explains, in the order of the set.
    pub unexplained: Vec<&'a Case>,
}

/// A mistake that explains failures.
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    /// The mistake.
    pub mistake: &'static Mistake,
    /// Others that explain the same failures: the cases that were asked cannot tell them apart.
    pub alternatives: Vec<&'static Mistake>,
    /// The failures that it explains, alone or with the other findings, in the order of the set.
    pub explains: Vec<&'a Case>,
    /// How many of the answers it changes, those that pass included. The implementation gave all of them as changed.
    pub changes: usize,
}

impl<'a> Diagnosis<'a> {
    /// Looks among all known mistakes.
    #[must_use]
    pub fn of(run: &'a Run<'_>) -> Self {
        Self::among(run, all())
    }

    /// Looks among these mistakes: for one that explains every failure, for two that do, and otherwise for those that
    /// explain most. The result depends on the answers only.
    #[must_use]
    pub fn among(run: &'a Run<'_>, mistakes: impl IntoIterator<Item = &'static Mistake>) -> Self {
        let failed = run.results.iter().filter(|r| matches!(r.outcome, Outcome::Fail(_)));
        let failed: Vec<&Case> = failed.map(|result| result.case).collect();
        if failed.is_empty() {
            return Self::default();
        }
        let mistakes: Vec<_> = mistakes.into_iter().collect();
        let evidence = Evidence::of(run);
        let found = Search { evidence: &evidence, mistakes: &mistakes }.run();
        let explained = cases(&evidence, &found.explained, &failed);
        let ids: BTreeSet<&str> = explained.iter().map(|case| case.id.as_str()).collect();
        let named = |place: &usize| mistakes.get(*place).copied();
        Self {
            failures: failed.len(),
            considered: mistakes.len(),
            findings: findings(&evidence, &mistakes, &found, &failed),
            other_pairs: found
                .other_pairs
                .iter()
                .filter_map(|[one, two]| Some([named(one)?, named(two)?]))
                .collect(),
            unexplained: failed.into_iter().filter(|c| !ids.contains(c.id.as_str())).collect(),
        }
    }

    /// How many failures are explained.
    #[must_use]
    pub fn explained(&self) -> usize {
        self.failures - self.unexplained.len()
    }
}

fn findings<'a>(
    evidence: &Evidence<'a>,
    mistakes: &[&'static Mistake],
    found: &Found,
    failed: &[&'a Case],
) -> Vec<Finding<'a>> {
    let finding = |Part { mistake, alternatives }: &Part| {
        let named = *mistakes.get(*mistake)?;
        let others = found.parts.iter().map(|part| part.mistake).filter(|other| other != mistake);
        let others = others.filter_map(|place| mistakes.get(place).copied());
        let (alone, without) = (Mistaken::new([named]), Mistaken::new(others));
        let has_part = |index: &usize| {
            evidence.effect(&alone, *index) == Effect::Explains
                || evidence.effect(&without, *index) != Effect::Explains
        };
        let explained: Vec<usize> = found.explained.iter().copied().filter(has_part).collect();
        Some(Finding {
            mistake: named,
            alternatives: alternatives.iter().filter_map(|i| mistakes.get(*i).copied()).collect(),
            explains: cases(evidence, &explained, failed),
            changes: explained.len(),
        })
    };
    found.parts.iter().filter_map(finding).collect()
}

/// Those of the cases that failed, in the order of the set.
fn cases<'a>(evidence: &Evidence<'a>, indices: &[usize], failed: &[&'a Case]) -> Vec<&'a Case> {
    let ids: BTreeSet<&str> =
        indices.iter().filter_map(|index| evidence.case(*index)).map(|c| c.id.as_str()).collect();
    failed.iter().copied().filter(|case| ids.contains(case.id.as_str())).collect()
}
