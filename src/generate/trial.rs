//! One recipe put to an implementation.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::generate::kind::Kind;
use crate::generate::question;
use crate::generate::recipe::{Recipe, Test};
use crate::law::{Checked, Violation};
use crate::suite::answer::{Answer, Breakage};
use crate::suite::implementation::{Implementation, Subject};
use crate::suite::outcome::{Failure, Outcome};
use crate::suite::run::run_case;
use crate::vector::case::Ask;
use crate::vector::load::VectorSet;
use crate::vector::operation::Operation;

/// What came of a recipe.
pub(super) enum Tried {
    AsExpected,
    /// It could not be asked, or the answer would show nothing.
    Skipped(String),
    /// Nothing more is asked.
    NotRun(String),
    Different(Box<Different>),
}

/// What an implementation did that differs.
#[derive(Clone, Debug)]
pub(super) struct Different {
    pub(super) kind: Kind,
    pub(super) evidence: Evidence,
}

#[derive(Clone, Debug)]
pub(super) enum Evidence {
    /// With the set that has the case, in the first place, and its twin.
    Case(Box<VectorSet>, Outcome),
    Law(Violation),
    /// While a law was checked.
    Broken(Breakage),
}

/// The id of a case, before it is kept.
pub(super) const PREFIX: &str = "generated";

/// Puts a recipe to an implementation.
pub(super) fn attempt(recipe: &Recipe, watched: &Watched<'_>, embedded: &VectorSet) -> Tried {
    if let Some(why) = recipe.contested() {
        return Tried::Skipped(why.into());
    }
    let protocol = recipe.setup.family.id;
    let tried = match recipe.test {
        Test::Operation(operation) => match question::documents(recipe, operation, PREFIX) {
            Err(why) => return Tried::Skipped(why.into()),
            Ok(documents) => case(recipe, documents, watched, embedded),
        },
        Test::Law(law) => match question::check(recipe, law, watched) {
            Err(why) => Tried::Skipped(why.into()),
            Ok(Ok(Checked::Held)) => Tried::AsExpected,
            Ok(Ok(Checked::NotApplicable { why })) => Tried::Skipped(why),
            Ok(Err(violation)) => {
                different(Kind::violated(recipe.test, protocol), Evidence::Law(violation))
            }
        },
    };
    match (watched.ended(), &tried) {
        (Some(Ended::NotRun(why)), _) => Tried::NotRun(why),
        (Some(Ended::Broken(..)), Tried::Different(found))
            if matches!(found.evidence, Evidence::Case(..)) =>
        {
            tried
        }
        (Some(Ended::Broken(operation, breakage)), _) => {
            let kind = Kind::broken(Test::Operation(operation), protocol, breakage.kind);
            different(kind, Evidence::Broken(breakage))
        }
        (None, _) => tried,
    }
}

fn case(
    recipe: &Recipe,
    documents: Vec<serde_json::Value>,
    implementation: &dyn Implementation,
    embedded: &VectorSet,
) -> Tried {
    let set = match VectorSet::from_documents(PREFIX, documents, embedded) {
        Ok(set) => set,
        Err(error) => return Tried::Skipped(error.to_string()),
    };
    let Some(case) = set.cases().first() else { return Tried::Skipped("no case".into()) };
    let outcome = run_case(implementation, &set, case);
    let protocol = recipe.setup.family.id;
    let kind = match &outcome {
        Outcome::Pass { .. } | Outcome::Tolerated { .. } => return Tried::AsExpected,
        Outcome::NotApplicable { why } => return Tried::Skipped(why.clone()),
        Outcome::NotRun { why } => return Tried::NotRun(why.clone()),
        Outcome::Fail(failure) => match &**failure {
            // It is a difference of its own that the twin is not accepted.
            Failure::TwinNotAccepted { .. } => {
                return Tried::Skipped("the message without the edit is not accepted".into());
            }
            failure => Kind::of_failure(recipe.test, protocol, failure),
        },
        Outcome::Broken(breakage) => Kind::broken(recipe.test, protocol, breakage.kind),
    };
    different(kind, Evidence::Case(Box::new(set), outcome))
}

fn different(kind: Kind, evidence: Evidence) -> Tried {
    Tried::Different(Box::new(Different { kind, evidence }))
}

enum Ended {
    /// When this operation was asked.
    Broken(Operation, Breakage),
    NotRun(String),
}

/// Passes everything on, and remembers how the implementation broke: a law takes that for an answer among others.
pub(super) struct Watched<'a> {
    implementation: &'a dyn Implementation,
    ended: Mutex<Option<Ended>>,
    broken: AtomicUsize,
}

impl<'a> Watched<'a> {
    pub(super) fn new(implementation: &'a dyn Implementation) -> Self {
        Self { implementation, ended: Mutex::default(), broken: AtomicUsize::new(0) }
    }

    /// How often it broke.
    pub(super) fn broken(&self) -> usize {
        self.broken.load(Ordering::Relaxed)
    }

    fn ended(&self) -> Option<Ended> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Ended>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Implementation for Watched<'_> {
    fn subject(&self) -> Subject {
        self.implementation.subject()
    }

    fn declines(&self, ask: &Ask) -> Option<String> {
        self.implementation.declines(ask)
    }

    /// Nothing more is asked in an attempt in which it broke: that may cost a process each time.
    fn perform(&self, ask: &Ask) -> Answer {
        if self.lock().is_some() {
            return Answer::NotOffered;
        }
        let answer = self.implementation.perform(ask);
        let ended = match &answer {
            Answer::Broken(breakage) => {
                self.broken.fetch_add(1, Ordering::Relaxed);
                Ended::Broken(ask.operation, breakage.clone())
            }
            Answer::NotRun { why } => Ended::NotRun(why.clone()),
            _ => return answer,
        };
        *self.lock() = Some(ended);
        answer
    }
}
