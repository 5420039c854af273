//! What was answered, beside what an implementation with known mistakes would have answered.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::mistake::parallel::on_all_cores;
use crate::mistake::{Mistake, Mistaken};
use crate::suite::answer::{Answer, Rejection};
use crate::suite::compare::{is_refusal, own_stage, say_the_same};
use crate::suite::implementation::Implementation;
use crate::suite::outcome::{Failure, Outcome};
use crate::suite::reference::Reference;
use crate::suite::run::{CaseResult, Run};
use crate::vector::case::Case;
use crate::vector::operation::Operation;

/// What mistakes do to the answer to one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing: it is the reference's.
    Nothing,
    /// They make it the one that was given.
    Explains,
    /// They make it another one.
    Contradicts,
}

/// The cases that were answered, the failed ones first. They are meant by their index here.
pub(super) struct Evidence<'a> {
    asked: Vec<Asked<'a>>,
    failed: usize,
    /// The case that refuted the mistakes that were tried last: it is likely to refute the next.
    refuted: AtomicUsize,
}

struct Asked<'a> {
    case: &'a Case,
    answer: &'a Answer,
    failure: Option<&'a Failure>,
    twin: Option<&'a Case>,
    reference: Answer,
    /// Whether the answer is not the reference's.
    deviates: bool,
}

impl<'a> Evidence<'a> {
    pub(super) fn of(run: &'a Run<'_>) -> Self {
        let answered = |result: &&'a CaseResult<'_>| {
            use Answer::{Accept, Reject, Threw, Value};
            matches!(result.answer, Some(Value(_) | Accept(_) | Reject(_) | Threw(_)))
        };
        let mut answered: Vec<_> = run.results.iter().filter(answered).collect();
        answered.sort_by_key(|result| (failure(&result.outcome).is_none(), cost(result.case)));
        let asked = on_all_cores(&answered, |result| {
            let (case, answer) = (result.case, result.answer.as_ref()?);
            let reference = Reference::default().perform(&case.ask);
            Some(Asked {
                case,
                answer,
                failure: failure(&result.outcome),
                twin: case.twin_id().and_then(|id| run.set.case(id)),
                deviates: !say_the_same(&case.ask, answer, &reference),
                reference,
            })
        });
        let asked: Vec<_> = asked.into_iter().flatten().collect();
        let failed = asked.iter().filter(|asked| asked.failure.is_some()).count();
        Self { asked, failed, refuted: AtomicUsize::new(0) }
    }

    /// The first so many cases are those that failed.
    pub(super) fn failed(&self) -> usize {
        self.failed
    }

    pub(super) fn case(&self, index: usize) -> Option<&'a Case> {
        self.asked.get(index).map(|asked| asked.case)
    }

    pub(super) fn effect(&self, mistaken: &Mistaken, index: usize) -> Effect {
        let Some(asked) = self.asked.get(index) else { return Effect::Nothing };
        let ask = &asked.case.ask;
        let answer = mistaken.perform(ask);
        if say_the_same(ask, &answer, asked.answer) {
            if asked.is_explained(mistaken, &answer) { Effect::Explains } else { Effect::Nothing }
        } else if say_the_same(ask, &answer, &asked.reference) {
            Effect::Nothing
        } else {
            Effect::Contradicts
        }
    }

    /// The cases that these mistakes, made together, explain; `None` where one of `needed` is none of them, where they
    /// are not more failures than so many, or where a case contradicts them.
    pub(super) fn explained(
        &self,
        mistakes: &[&Mistake],
        needed: &[usize],
        more_than: usize,
    ) -> Option<Vec<usize>> {
        let mistaken = Mistaken::new(mistakes.iter().copied());
        let refutes = |index: &&usize| self.effect(&mistaken, **index) != Effect::Explains;
        let likely = self.refuted.load(Ordering::Relaxed);
        let likely = needed.binary_search(&likely).ok().and_then(|place| needed.get(place));
        let mut in_order = needed.iter().take(1).chain(likely).chain(needed.iter().skip(1));
        if let Some(index) = in_order.find(refutes) {
            self.refuted.store(*index, Ordering::Relaxed);
            return None;
        }
        let mut explained = Vec::new();
        for index in 0..self.asked.len() {
            if index == self.failed && explained.len() <= more_than {
                return None;
            }
            let known = needed.binary_search(&index).is_ok();
            match if known { Effect::Explains } else { self.effect(&mistaken, index) } {
                Effect::Nothing => {}
                Effect::Explains => explained.push(index),
                Effect::Contradicts => return None,
            }
        }
        Some(explained)
    }

    /// Whether an explanation of these cases is more than chance, the `others` being explained besides.
    ///
    /// A value that is wrong to the byte is not met by chance. A verdict is: an implementation that refuses whatever
    /// it gets agrees with every mistake that leads to a refusal. So verdicts count as far as the implementation's are
    /// right elsewhere.
    pub(super) fn is_convincing(&self, cases: &[usize], others: &[usize]) -> bool {
        let mut kinds: BTreeMap<(Operation, bool), i32> = BTreeMap::new();
        let explained = cases.iter().filter_map(|index| self.asked.get(*index));
        // Where the answer is right, the failure lies in another one, which is counted for itself.
        for asked in explained.filter(|asked| asked.deviates) {
            if asked.is_telling() {
                return true;
            }
            *kinds.entry(asked.kind()).or_default() += 1;
        }
        let by_chance: f64 = kinds
            .into_iter()
            .map(|(kind, count)| {
                let left = self.asked.iter().enumerate().filter(|(index, asked)| {
                    asked.kind() == kind && !cases.contains(index) && !others.contains(index)
                });
                let (mut wrong, mut all) = (1.0, 2.0);
                for (_, asked) in left {
                    all += 1.0;
                    wrong += f64::from(u8::from(asked.deviates));
                }
                let share: f64 = wrong / all;
                if share > TOO_MANY { 1.0 } else { share.powi(count) }
            })
            .product();
        by_chance < BY_CHANCE
    }
}

/// Hundreds of mistakes are tried, and messages have more in common than chance would give them.
const BY_CHANCE: f64 = 1e-4;

/// Where so many of the other verdicts are wrong, another cause is at work, and theirs tell nothing.
const TOO_MANY: f64 = 0.25;

impl Asked<'_> {
    /// The answer is that of `mistaken`. A failure may lie beside the answer.
    fn is_explained(&self, mistaken: &Mistaken, answer: &Answer) -> bool {
        match (self.failure, answer) {
            (Some(Failure::WrongReason { got, .. }), Answer::Reject(Rejection { reason, .. })) => {
                *reason == Some(*got)
            }
            (Some(Failure::TwinNotAccepted { .. }), _) => {
                self.twin.is_some_and(|twin| is_refusal(&mistaken.perform(&twin.ask)))
            }
            _ => self.deviates,
        }
    }

    /// Whether the answer is one of many that could have been given.
    fn is_telling(&self) -> bool {
        let is_one_of_few =
            matches!(self.case.ask.operation, Operation::Diagnose | Operation::Decide);
        own_stage(self.case.ask.operation).is_some()
            && !is_one_of_few
            && matches!(self.answer, Answer::Value(_))
    }

    /// What was asked, and whether it should have been refused.
    fn kind(&self) -> (Operation, bool) {
        (self.case.ask.operation, is_refusal(&self.reference))
    }
}

/// RSA takes longer, above all with the private key.
fn cost(case: &Case) -> u8 {
    match (case.ask.sign_type.as_deref(), case.ask.operation) {
        (None | Some("MD5"), _) => 0,
        (_, Operation::VerifyNotify | Operation::VerifyReturn) => 1,
        _ => 2,
    }
}

fn failure(outcome: &Outcome) -> Option<&Failure> {
    match outcome {
        Outcome::Fail(failure) => Some(failure),
        _ => None,
    }
}
