//! The search: draws, asks, shrinks, and goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::charset::Charset;
use crate::generate::kind::{Kind, Sort};
use crate::generate::offer::{self, Offer};
use crate::generate::recipe::{Recipe, Test};
use crate::generate::shrink::shrink;
use crate::generate::source::Source;
use crate::generate::trial::{Different, Evidence, Tried, Watched, attempt};
use crate::generate::{file, question};
use crate::law::Violation;
use crate::suite::answer::Breakage;
use crate::suite::implementation::{Implementation, Subject};
use crate::suite::outcome::Outcome;
use crate::suite::run::Conclusion;
use crate::vector::case::Case;
use crate::vector::load::{LoadError, VectorSet};

/// After so many different findings, no more is asked.
const FINDINGS: usize = 20;
/// After so many cases that broke the implementation, no more is asked: each costs a process.
const BROKEN: usize = 10;
/// How often it may break while cases are made smaller. An adapter that broke 50 times is asked no more.
const BROKEN_WHILE_SHRINKING: usize = 35;

/// How a search goes.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// How many cases are to run.
    pub cases: usize,
    /// From which all dice are thrown.
    pub seed: u64,
    /// The position of the first case: that of a finding repeats it.
    pub first: u64,
    /// The protocol of which cases are drawn, where it is one alone.
    pub protocol: Option<&'a str>,
    /// Set from elsewhere, it ends the search.
    pub interrupted: &'a AtomicBool,
}

impl<'a> Options<'a> {
    /// From the first position, of all protocols.
    #[must_use]
    pub fn new(cases: usize, seed: u64, interrupted: &'a AtomicBool) -> Self {
        Self { cases, seed, first: 0, protocol: None, interrupted }
    }
}

/// What came of a search.
#[derive(Debug)]
pub struct Search {
    /// Who was under test.
    pub subject: Subject,
    /// How many cases were to run.
    pub wanted: usize,
    /// The seed.
    pub seed: u64,
    /// The position of the first case.
    pub first: u64,
    /// The protocols that are offered.
    pub protocols: BTreeSet<&'static str>,
    /// How many cases ran, of each operation and law that is offered.
    pub tests: BTreeMap<Test, usize>,
    /// How many were drawn and not asked, and why.
    pub skipped: BTreeMap<String, usize>,
    /// The differences, each made small.
    pub findings: Vec<Finding>,
    /// Why it ended before its end, where it did.
    pub ended: Option<Ended>,
    /// Whether it was ended from outside.
    pub interrupted: bool,
    /// What the implementation's side did that is no failure and yet not right.
    pub warnings: Vec<String>,
    /// How long it took.
    pub elapsed: Duration,
}

/// Why a search ended before all its cases ran.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// Nothing is offered of which cases are generated.
    NothingOffered,
    /// Most of what was drawn could not be asked.
    FewAsked,
    /// So many different findings are enough.
    Findings(usize),
    /// So many cases broke the implementation.
    Broken(usize),
    /// The implementation could not be asked any more.
    NotRun(String),
}

/// A difference, in the smallest case that shows it.
#[derive(Debug)]
pub struct Finding {
    /// What it is about.
    pub kind: Kind,
    /// The position of the case in which it was found, before it was made smaller.
    pub index: u64,
    /// In how many cases it was found.
    pub cases: usize,
    /// How many smaller cases were asked.
    pub tried: usize,
    /// The charset, and the sign type's name.
    pub setting: (Charset, &'static str),
    /// What the test works on: parameters as JSON, or the bytes of a message.
    pub input: Vec<u8>,
    /// What differs.
    pub shown: Shown,
}

/// What differs.
#[derive(Debug)]
#[non_exhaustive]
pub enum Shown {
    /// The outcome of a case.
    Case {
        /// The case, with its twin behind it where it has one.
        set: Box<VectorSet>,
        /// What came of it.
        outcome: Outcome,
        /// The vector file that has it.
        file: String,
    },
    /// A law.
    Law(Violation),
    /// The implementation broke while a law was checked.
    Broken(Breakage),
}

impl Finding {
    /// The case, where it is one.
    #[must_use]
    pub fn case(&self) -> Option<&Case> {
        match &self.shown {
            Shown::Case { set, .. } => set.cases().first(),
            _ => None,
        }
    }
}

impl Search {
    /// How many cases ran.
    #[must_use]
    pub fn ran(&self) -> usize {
        self.tests.values().sum()
    }

    /// How many of them differ.
    #[must_use]
    pub fn different(&self) -> usize {
        self.findings.iter().map(|finding| finding.cases).sum()
    }

    /// What the search says as a whole.
    #[must_use]
    pub fn conclusion(&self, min_cases: usize) -> Conclusion {
        if self.interrupted {
            Conclusion::Interrupted
        } else if matches!(self.ended, Some(Ended::NotRun(_))) {
            Conclusion::CouldNotTest
        } else if !self.findings.is_empty() {
            Conclusion::Deviates
        } else if self.ran() < min_cases.max(1) {
            Conclusion::TooFew
        } else {
            Conclusion::Conforms
        }
    }
}

/// Puts generated cases to an implementation. Equal options and offers give equal cases.
///
/// # Errors
/// None in a released crate: a test loads the embedded vectors, whose keys and rules are used.
pub fn search(
    implementation: &dyn Implementation,
    options: Options<'_>,
) -> Result<Search, LoadError> {
    let start = Instant::now();
    let embedded = VectorSet::embedded()?;
    let offers = offer::offers(implementation, options.protocol, &embedded);
    let source = Source::new(offer::performed(implementation, offers), options.seed);
    let mut search = Search {
        subject: implementation.subject(),
        wanted: options.cases,
        seed: options.seed,
        first: options.first,
        protocols: source.offers().iter().map(|offer| offer.setup.family.id).collect(),
        tests: source.offers().iter().map(|offer| (offer.test, 0)).collect(),
        skipped: BTreeMap::new(),
        findings: Vec::new(),
        ended: None,
        interrupted: false,
        warnings: Vec::new(),
        elapsed: Duration::ZERO,
    };
    let watched = Watched::new(implementation);
    let asked = Asked { implementation, watched, embedded: &embedded, source: &source };
    asked.run(&mut search, options);
    search.interrupted = options.interrupted.load(Ordering::Relaxed);
    search.warnings = implementation.warnings();
    search.elapsed = start.elapsed();
    Ok(search)
}

struct Asked<'a> {
    implementation: &'a dyn Implementation,
    watched: Watched<'a>,
    embedded: &'a VectorSet,
    source: &'a Source,
}

impl Asked<'_> {
    fn run(&self, search: &mut Search, options: Options<'_>) {
        let mut broken = 0;
        let most = (options.cases as u64).saturating_mul(20).saturating_add(1_000);
        for index in options.first..options.first.saturating_add(most) {
            if search.ran() >= options.cases || options.interrupted.load(Ordering::Relaxed) {
                return;
            }
            let Some(recipe) = self.source.draw(index) else {
                search.ended = Some(Ended::NothingOffered);
                return;
            };
            let test = recipe.test;
            match attempt(&recipe, &self.watched, self.embedded) {
                Tried::Skipped(why) => {
                    *search.skipped.entry(why).or_default() += 1;
                    continue;
                }
                Tried::NotRun(why) => {
                    search.ended = Some(Ended::NotRun(why));
                    return;
                }
                Tried::AsExpected => {}
                Tried::Different(different) => {
                    // An answer that came because the search was ended is none of the implementation's.
                    if options.interrupted.load(Ordering::Relaxed) {
                        return;
                    }
                    if is_broken(&different.kind) {
                        broken += 1;
                        self.steady();
                    }
                    self.found(search, recipe, *different, index, options.interrupted);
                }
            }
            *search.tests.entry(test).or_default() += 1;
            if search.findings.len() >= FINDINGS {
                search.ended = Some(Ended::Findings(FINDINGS));
                return;
            }
            if broken >= BROKEN {
                search.ended = Some(Ended::Broken(BROKEN));
                return;
            }
        }
        search.ended = Some(Ended::FewAsked);
    }

    /// After a crash, a question that was answered before: crashes in a row end a process.
    fn steady(&self) {
        if let Some(Offer { test: Test::Operation(operation), setup, service, .. }) =
            self.source.offers().first()
            && let Some(ask) = offer::sample(*operation, setup, *service)
        {
            let _ = self.implementation.perform(&ask);
        }
    }

    fn found(
        &self,
        search: &mut Search,
        recipe: Recipe,
        different: Different,
        index: u64,
        interrupted: &AtomicBool,
    ) {
        let kind = different.kind.clone();
        let known = search.findings.iter_mut().find(|finding| finding.kind == kind);
        let mut cases = 1;
        if let Some(known) = known {
            known.cases += 1;
            // What broke a law is told by a case, once there is one: a case can be kept.
            let is_case = matches!(different.evidence, Evidence::Case(..));
            if known.case().is_some() || !is_case {
                return;
            }
            cases = known.cases;
        }
        let time = Duration::from_secs(if is_broken(&kind) { 30 } else { 10 });
        let offers = self.source.offers();
        let (recipe, different, tried) = shrink(recipe, different, offers, time, |smaller| {
            let too_often = self.watched.broken() >= BROKEN_WHILE_SHRINKING;
            if interrupted.load(Ordering::Relaxed) || (is_broken(&kind) && too_often) {
                return None;
            }
            let Tried::Different(again) = attempt(smaller, &self.watched, self.embedded) else {
                return None;
            };
            if is_broken(&again.kind) {
                self.steady();
            }
            (again.kind == kind).then_some(*again)
        });
        let (input, shown) = self.shown(&recipe, different.evidence);
        search.findings.retain(|finding| finding.kind != kind);
        search.findings.push(Finding {
            kind,
            index,
            cases,
            tried,
            setting: (recipe.setup.charset, recipe.setup.sign_type()),
            input,
            shown,
        });
    }

    fn shown(&self, recipe: &Recipe, evidence: Evidence) -> (Vec<u8>, Shown) {
        let input = question::shown(recipe);
        let shown = match evidence {
            Evidence::Law(violation) => Shown::Law(violation),
            Evidence::Broken(breakage) => Shown::Broken(breakage),
            Evidence::Case(set, outcome) => file::kept(set, outcome, self.embedded),
        };
        (input, shown)
    }
}

fn is_broken(kind: &Kind) -> bool {
    matches!(kind.sort, Sort::Broken(_))
}
