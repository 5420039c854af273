//! Puts cases to an implementation.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::suite::answer::{Answer, Threw};
use crate::suite::implementation::{Implementation, Subject};
use crate::suite::judge::judge;
use crate::suite::outcome::Outcome;
use crate::vector::case::{Ask, Case};
use crate::vector::load::VectorSet;

/// How a run goes.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// How many cases are put at a time.
    pub jobs: usize,
    /// Set from elsewhere, it ends the run: what is not asked by then is [`Outcome::NotRun`].
    pub interrupted: &'a AtomicBool,
}

/// What came of a run.
#[derive(Debug)]
pub struct Run<'a> {
    /// Who was under test.
    pub subject: Subject,
    /// The set that the cases are of.
    pub set: &'a VectorSet,
    /// Every selected case, in the order of the set.
    pub results: Vec<CaseResult<'a>>,
    /// How many cases of the set were not selected.
    pub not_selected: usize,
    /// Whether it was ended from outside.
    pub interrupted: bool,
    /// What the implementation's side did that is no failure and yet not right.
    pub warnings: Vec<String>,
    /// How long it took.
    pub elapsed: Duration,
}

/// What came of one case.
#[derive(Debug)]
pub struct CaseResult<'a> {
    /// The case.
    pub case: &'a Case,
    /// What came of it.
    pub outcome: Outcome,
    /// What was answered; `None` where nothing was asked.
    pub answer: Option<Answer>,
}

/// Counts of outcomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// As expected.
    pub passed: usize,
    /// Not as expected.
    pub failed: usize,
    /// One of the known answers to a contested question.
    pub tolerated: usize,
    /// Outside of what is offered.
    pub not_applicable: usize,
    /// No answer, as the implementation broke.
    pub broken: usize,
    /// Never asked.
    pub not_run: usize,
}

impl Counts {
    /// How many cases were put to the implementation.
    #[must_use]
    pub fn ran(&self) -> usize {
        self.passed + self.failed + self.tolerated + self.broken
    }
}

impl Run<'_> {
    /// How many cases had which outcome.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for result in &self.results {
            *match result.outcome {
                Outcome::Pass { .. } => &mut counts.passed,
                Outcome::Fail(_) => &mut counts.failed,
                Outcome::Tolerated { .. } => &mut counts.tolerated,
                Outcome::NotApplicable { .. } => &mut counts.not_applicable,
                Outcome::Broken(_) => &mut counts.broken,
                Outcome::NotRun { .. } => &mut counts.not_run,
            } += 1;
        }
        counts
    }

    /// What the run says as a whole.
    #[must_use]
    pub fn conclusion(&self, min_cases: usize) -> Conclusion {
        let counts = self.counts();
        if self.interrupted {
            Conclusion::Interrupted
        } else if counts.not_run > 0 {
            Conclusion::CouldNotTest
        } else if counts.failed + counts.broken > 0 {
            Conclusion::Deviates
        } else if counts.ran() < min_cases.max(1) {
            Conclusion::TooFew
        } else {
            Conclusion::Conforms
        }
    }
}

/// What a run says as a whole, and so which exit code the command line ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// Every case that ran came out as it may.
    Conforms,
    /// At least one did not.
    Deviates,
    /// Some cases could not be asked.
    CouldNotTest,
    /// No case ran, or fewer than were wanted.
    TooFew,
    /// Ended from outside.
    Interrupted,
}

impl Conclusion {
    /// The exit code. 2 is that of wrong usage and of files that cannot be used.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Conforms => 0,
            Self::Deviates => 1,
            Self::CouldNotTest => 3,
            Self::TooFew => 4,
            Self::Interrupted => 130,
        }
    }
}

/// Puts every selected case to an implementation, and judges the answers.
///
/// The twins of selected cases are asked too, though not reported. No case's outcome depends on that of another,
/// but for its twin's.
///
/// ```
/// use std::sync::atomic::AtomicBool;
/// use alipay_conformance::suite::{reference::Reference, run::{run, Conclusion, Options}};
/// use alipay_conformance::vector::load::VectorSet;
///
/// let set = VectorSet::embedded()?;
/// let options = Options { jobs: 1, interrupted: &AtomicBool::new(false) };
/// let run = run(&Reference::default(), &set, |case| case.theme == "sort", options);
/// assert_eq!(run.conclusion(10), Conclusion::Conforms);
/// # Ok::<(), alipay_conformance::vector::load::LoadError>(())
/// ```
pub fn run<'a>(
    implementation: &dyn Implementation,
    set: &'a VectorSet,
    select: impl Fn(&Case) -> bool,
    options: Options<'_>,
) -> Run<'a> {
    let start = Instant::now();
    let selected: Vec<&Case> = set.cases().iter().filter(|case| select(case)).collect();
    let ids: BTreeSet<&str> = selected.iter().map(|case| case.id.as_str()).collect();
    let twins: BTreeSet<&str> = selected
        .iter()
        .filter_map(|case| case.twin_id())
        .filter(|twin| !ids.contains(twin))
        .collect();
    let twins = twins.into_iter().filter_map(|id| set.case(id));
    let asked: Vec<&Case> = selected.iter().copied().chain(twins).collect();
    let mut answers = ask_all(implementation, &asked, options);
    let outcome = |case: &Case| match answers.get(case.id.as_str()) {
        None => Outcome::NotRun { why: "interrupted".into() },
        Some(Asked::Declined(why)) => Outcome::NotApplicable { why: why.clone() },
        Some(Asked::Answered(answer)) => {
            judge(case, answer, || match answers.get(case.twin_id()?)? {
                Asked::Answered(answer) => Some(Cow::Borrowed(answer)),
                Asked::Declined(_) => None,
            })
        }
    };
    let outcomes: Vec<_> = selected.iter().map(|case| outcome(case)).collect();
    let results = selected.iter().zip(outcomes).map(|(case, outcome)| {
        let answer = answers.remove(case.id.as_str()).and_then(Asked::answer);
        CaseResult { case, outcome, answer }
    });
    Run {
        results: results.collect(),
        subject: implementation.subject(),
        set,
        not_selected: set.cases().len() - selected.len(),
        interrupted: options.interrupted.load(Ordering::Relaxed),
        warnings: implementation.warnings(),
        elapsed: start.elapsed(),
    }
}

/// Puts one case to an implementation, and its twin where that decides.
pub fn run_case(implementation: &dyn Implementation, set: &VectorSet, case: &Case) -> Outcome {
    put_case(implementation, set, case).outcome
}

/// The same, with the answer.
pub(crate) fn put_case<'a>(
    implementation: &dyn Implementation,
    set: &VectorSet,
    case: &'a Case,
) -> CaseResult<'a> {
    let answer = match ask_one(implementation, &case.ask) {
        Asked::Declined(why) => {
            return CaseResult { case, outcome: Outcome::NotApplicable { why }, answer: None };
        }
        Asked::Answered(answer) => answer,
    };
    let outcome = judge(case, &answer, || {
        ask_one(implementation, &set.case(case.twin_id()?)?.ask).answer().map(Cow::Owned)
    });
    CaseResult { case, outcome, answer: Some(answer) }
}

enum Asked {
    Declined(String),
    Answered(Answer),
}

impl Asked {
    fn answer(self) -> Option<Answer> {
        match self {
            Self::Declined(_) => None,
            Self::Answered(answer) => Some(answer),
        }
    }
}

fn ask_all<'a>(
    implementation: &dyn Implementation,
    cases: &[&'a Case],
    options: Options<'_>,
) -> BTreeMap<&'a str, Asked> {
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(BTreeMap::new());
    let work = || {
        while !options.interrupted.load(Ordering::Relaxed) {
            let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            let asked = ask_one(implementation, &case.ask);
            // An answer that came because the run was ended is none of the implementation's.
            let ended = options.interrupted.load(Ordering::Relaxed)
                && matches!(asked, Asked::Answered(Answer::Broken(_)));
            if !ended {
                lock(&answers).insert(case.id.as_str(), asked);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..options.jobs.min(cases.len()) {
            scope.spawn(work);
        }
        work();
    });
    answers.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn ask_one(implementation: &dyn Implementation, ask: &Ask) -> Asked {
    if let Some(why) = implementation.declines(ask) {
        return Asked::Declined(why);
    }
    let answer = panic::catch_unwind(AssertUnwindSafe(|| implementation.perform(ask)));
    Asked::Answered(answer.unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
        Answer::Threw(Threw { kind: "panic".into(), message: message.unwrap_or_default() })
    }))
}
