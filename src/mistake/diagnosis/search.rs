//! Looks for the mistakes that explain the evidence.

use crate::mistake::diagnosis::evidence::{Effect, Evidence};
use crate::mistake::parallel::on_all_cores;
use crate::mistake::{Mistake, Mistaken};

/// On how many failures mistakes are tried, to tell which pairs are promising.
const PROBES: usize = 20;
/// How many pairs are tried on all failures, of which the first tells most.
const PAIRS_FOR_ALL: usize = 4000;
/// How many pairs are tried on all answers.
const PAIRS_FOR_SOME: usize = 400;
/// How many times something is added to what explains a part.
const ROUNDS: usize = 8;

pub(super) struct Search<'a> {
    pub(super) evidence: &'a Evidence<'a>,
    /// In the order in which a message meets them.
    pub(super) mistakes: &'a [&'static Mistake],
}

/// Mistakes that, made together, contradict no answer.
#[derive(Default)]
pub(super) struct Found {
    /// By their place among all mistakes.
    pub(super) parts: Vec<Part>,
    /// Pairs that explain no less than the last two parts, and are not made of them and what may stand for them.
    pub(super) other_pairs: Vec<[usize; 2]>,
    /// The cases that they explain.
    pub(super) explained: Vec<usize>,
}

/// One of the mistakes.
pub(super) struct Part {
    pub(super) mistake: usize,
    /// Those that explain the same failures in its place.
    pub(super) alternatives: Vec<usize>,
}

/// What a mistake does to some failures, beside those made already.
struct Row {
    mistake: usize,
    effects: Vec<Effect>,
}

/// One or two mistakes more.
struct Addition {
    mistakes: Vec<usize>,
    explained: Vec<usize>,
    failures: usize,
}

impl Search<'_> {
    /// As long as there is something to add, adds what is best.
    pub(super) fn run(&self) -> Found {
        let mut found = Found::default();
        for _ in 0..ROUNDS {
            let best = self.best(&found);
            let Some(first) = best.first() else { break };
            found.explained.clone_from(&first.explained);
            found.add(&best);
        }
        found
    }

    /// What is equally good: one mistake that explains all failures comes before two that do, and two before one that
    /// explains some.
    fn best(&self, found: &Found) -> Vec<Addition> {
        let open = self.open(found);
        if open.is_empty() {
            return Vec::new();
        }
        let good = |additions: Vec<Addition>| -> Vec<Addition> {
            most(additions.into_iter().filter(|addition| self.is_good(found, addition)).collect())
        };
        let left: Vec<usize> = (0..self.mistakes.len()).filter(|one| !found.has(*one)).collect();
        let singles: Vec<_> = left.iter().map(|one| vec![*one]).collect();
        let best = good(self.additions(found, singles.clone(), &open));
        if !best.is_empty() {
            return best;
        }
        let rows = self.rows(found, &left, &evenly(&open, PROBES));
        let pairs = pairs_of(&rows);
        let first = |count| pairs.iter().take(count).map(|pair| pair.to_vec()).collect::<Vec<_>>();
        let best = good(self.additions(found, first(PAIRS_FOR_ALL), &open));
        if !best.is_empty() {
            return best;
        }
        let best = good(self.additions(found, singles, &[]));
        if !best.is_empty() {
            return best;
        }
        good(self.additions(found, first(PAIRS_FOR_SOME), &[]))
    }

    /// To reproduce everything by one mistake or two is enough; to explain a part, it must be more than chance.
    fn is_good(&self, found: &Found, addition: &Addition) -> bool {
        let added = addition.explained.iter().filter(|case| !found.explained.contains(case));
        let added: Vec<usize> = added.copied().collect();
        let count = found.parts.len() + addition.mistakes.len();
        (count <= 2 && addition.failures == self.evidence.failed())
            || self.evidence.is_convincing(&added, &found.explained)
    }

    /// The failures that are not explained yet.
    fn open(&self, found: &Found) -> Vec<usize> {
        (0..self.evidence.failed()).filter(|index| !found.explained.contains(index)).collect()
    }

    fn rows(&self, found: &Found, left: &[usize], probes: &[usize]) -> Vec<Row> {
        on_all_cores(left, |mistake| {
            let mistaken = Mistaken::new(self.together(found, &[*mistake]));
            let effect = |probe: &usize| self.evidence.effect(&mistaken, *probe);
            Row { mistake: *mistake, effects: probes.iter().map(effect).collect() }
        })
    }

    /// Those of the candidates that contradict nothing, explain failures more, among them those needed, and none less.
    fn additions(
        &self,
        found: &Found,
        candidates: Vec<Vec<usize>>,
        needed: &[usize],
    ) -> Vec<Addition> {
        let failed = self.evidence.failed();
        let before = count_failures(&found.explained, failed);
        let tried = on_all_cores(&candidates, |mistakes| {
            let explained =
                self.evidence.explained(&self.together(found, mistakes), needed, before)?;
            let failures = count_failures(&explained, failed);
            let keeps = |index: &usize| *index >= failed || explained.contains(index);
            let keeps_all = found.explained.iter().all(keeps);
            keeps_all.then(|| Addition { mistakes: mistakes.clone(), explained, failures })
        });
        tried.into_iter().flatten().collect()
    }

    fn together(&self, found: &Found, added: &[usize]) -> Vec<&'static Mistake> {
        let mut places: Vec<usize> = found.parts.iter().map(|part| part.mistake).collect();
        places.extend(added);
        places.sort_unstable();
        places.iter().filter_map(|place| self.mistakes.get(*place).copied()).collect()
    }
}

impl Found {
    fn has(&self, mistake: usize) -> bool {
        self.parts.iter().any(|part| part.mistake == mistake)
    }

    /// Adds the first of what is equally good.
    fn add(&mut self, equals: &[Addition]) {
        let Some((first, rest)) = equals.split_first() else { return };
        let pairs: Vec<[usize; 2]> =
            rest.iter().filter_map(|other| other.mistakes.as_slice().try_into().ok()).collect();
        // What stands beside the one may stand for the other.
        let beside = |kept: &usize| {
            let pairs = pairs.iter().filter(|pair| pair.contains(kept)).flatten();
            pairs.filter(|mistake| *mistake != kept).copied().collect()
        };
        match first.mistakes.as_slice() {
            [one] => {
                let alternatives = rest.iter().flat_map(|other| other.mistakes.clone()).collect();
                self.parts.push(Part { mistake: *one, alternatives });
            }
            [one, two] => {
                let first = Part { mistake: *one, alternatives: beside(two) };
                let second = Part { mistake: *two, alternatives: beside(one) };
                let is_named = |[a, b]: &[usize; 2]| {
                    (first.may_be(*a) && second.may_be(*b))
                        || (first.may_be(*b) && second.may_be(*a))
                };
                self.other_pairs = pairs.iter().filter(|pair| !is_named(pair)).copied().collect();
                self.parts.extend([first, second]);
            }
            _ => {}
        }
    }
}

impl Part {
    fn may_be(&self, mistake: usize) -> bool {
        self.mistake == mistake || self.alternatives.contains(&mistake)
    }
}

/// The most promising first: those of which one explains what the other does nothing to. Two may also make together
/// what neither does alone.
fn pairs_of(rows: &[Row]) -> Vec<[usize; 2]> {
    let pairs = rows
        .iter()
        .enumerate()
        .flat_map(|(index, one)| rows.iter().skip(index + 1).map(move |two| (one, two)));
    let mut pairs: Vec<_> = pairs
        .map(|(one, two)| {
            use Effect::{Contradicts, Nothing};
            let effects = one.effects.iter().zip(&two.effects);
            let doubtful = effects.filter(|both| {
                matches!(both, (Nothing, Nothing | Contradicts) | (Contradicts, Nothing))
            });
            (doubtful.count(), [one.mistake, two.mistake])
        })
        .collect();
    pairs.sort_unstable();
    pairs.into_iter().map(|(_, pair)| pair).collect()
}

/// The one that explains most failures, of these the one that explains most other answers; and those that explain the
/// same failures.
fn most(mut additions: Vec<Addition>) -> Vec<Addition> {
    additions.sort_by_key(|a| std::cmp::Reverse((a.failures, a.explained.len())));
    let failures = |addition: &Addition| {
        addition.explained.iter().take(addition.failures).copied().collect::<Vec<_>>()
    };
    let Some(first) = additions.first().map(failures) else { return additions };
    additions.retain(|addition| failures(addition) == first);
    additions
}

fn count_failures(explained: &[usize], failed: usize) -> usize {
    explained.iter().filter(|index| **index < failed).count()
}

/// So many of the items, from first to last.
fn evenly(items: &[usize], count: usize) -> Vec<usize> {
    let step = items.len().div_ceil(count).max(1);
    items.iter().copied().step_by(step).collect()
}
