//! Looks for the mistakes that explain the evidence.

use crate::mistake::diagnosis::evidence::{Effect, Evidence};
use crate::mistake::parallel::on_all_cores;
use crate::mistake::{Mistake, Mistaken};

/// How many failures a mistake is tried on before it is tried on every case.
const PROBES: usize = 100;
/// How many pairs are tried at a time.
const PAIRS: usize = 2000;
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
#[derive(Clone)]
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
        let rows = self.rows(found, &evenly(&open, PROBES));
        let is_good = |addition: &&Addition| {
            let added = addition.explained.iter().copied();
            let added: Vec<_> = added.filter(|case| !found.explained.contains(case)).collect();
            // To reproduce everything by one or two mistakes is enough.
            (found.parts.is_empty() && self.is_whole(addition))
                || self.evidence.is_convincing(&added, &found.explained)
        };
        let singles = self.additions(found, singles(&rows));
        let one_for_all = most(singles.iter().filter(|one| self.is_whole(one)).filter(is_good));
        if !one_for_all.is_empty() {
            return one_for_all;
        }
        let pairs = self.additions(found, pairs_of(&rows));
        let two_for_all = most(pairs.iter().filter(|two| self.is_whole(two)).filter(is_good));
        [two_for_all, most(singles.iter().filter(is_good)), most(pairs.iter().filter(is_good))]
            .into_iter()
            .find(|best| !best.is_empty())
            .unwrap_or_default()
    }

    fn is_whole(&self, addition: &Addition) -> bool {
        addition.failures == self.evidence.failed()
    }

    /// The failures that are not explained yet.
    fn open(&self, found: &Found) -> Vec<usize> {
        (0..self.evidence.failed()).filter(|index| !found.explained.contains(index)).collect()
    }

    /// Those that do something to one of these failures.
    fn rows(&self, found: &Found, probes: &[usize]) -> Vec<Row> {
        let left: Vec<usize> =
            (0..self.mistakes.len()).filter(|index| !found.has(*index)).collect();
        let rows = on_all_cores(&left, |mistake| {
            let mistaken = Mistaken::new(self.together(found, &[*mistake]));
            let effect = |probe: &usize| self.evidence.effect(&mistaken, *probe);
            Row { mistake: *mistake, effects: probes.iter().map(effect).collect() }
        });
        let does_something =
            |row: &Row| row.effects.iter().any(|effect| *effect != Effect::Nothing);
        rows.into_iter().filter(does_something).collect()
    }

    /// Those of the candidates that contradict nothing and explain failures more, and none less.
    fn additions(&self, found: &Found, candidates: Vec<Vec<usize>>) -> Vec<Addition> {
        let failed = self.evidence.failed();
        let before = count_failures(&found.explained, failed);
        let tried = on_all_cores(&candidates, |mistakes| {
            let explained = self.evidence.explained(&self.together(found, mistakes))?;
            let failures = count_failures(&explained, failed);
            let keeps = |index: &usize| *index >= failed || explained.contains(index);
            let is_more = failures > before && found.explained.iter().all(keeps);
            is_more.then(|| Addition { mistakes: mistakes.clone(), explained, failures })
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

/// Those that contradict none of the failures that they were tried on.
fn singles(rows: &[Row]) -> Vec<Vec<usize>> {
    let agrees = |row: &&Row| !row.effects.contains(&Effect::Contradicts);
    rows.iter().filter(agrees).map(|row| vec![row.mistake]).collect()
}

/// Those of which neither contradicts a failure to which the other does nothing; first those that leave no failure
/// without an effect.
fn pairs_of(rows: &[Row]) -> Vec<Vec<usize>> {
    let pairs = rows
        .iter()
        .enumerate()
        .flat_map(|(index, one)| rows.iter().skip(index + 1).map(move |two| (one, two)));
    let mut pairs: Vec<(usize, Vec<usize>)> = pairs
        .filter_map(|(one, two)| {
            let effects = || one.effects.iter().zip(&two.effects);
            let fits = effects().all(|both| {
                use Effect::{Contradicts, Nothing};
                !matches!(both, (Contradicts, Nothing) | (Nothing, Contradicts))
            });
            let without = effects().filter(|both| *both == (&Effect::Nothing, &Effect::Nothing));
            fits.then(|| (without.count(), vec![one.mistake, two.mistake]))
        })
        .collect();
    pairs.sort_by_key(|(without, _)| *without);
    pairs.into_iter().take(PAIRS).map(|(_, pair)| pair).collect()
}

/// The one that explains most failures, of these the one that explains most other answers; and those that explain the
/// same failures.
fn most<'a>(additions: impl Iterator<Item = &'a Addition>) -> Vec<Addition> {
    let mut additions: Vec<_> = additions.collect();
    additions.sort_by_key(|a| std::cmp::Reverse((a.failures, a.explained.len())));
    let failures = |addition: &Addition| {
        addition.explained.iter().take(addition.failures).copied().collect::<Vec<_>>()
    };
    let Some(first) = additions.first().map(|first| failures(first)) else { return Vec::new() };
    additions.into_iter().filter(|addition| failures(addition) == first).cloned().collect()
}

fn count_failures(explained: &[usize], failed: usize) -> usize {
    explained.iter().filter(|index| **index < failed).count()
}

/// So many of the items, from first to last.
fn evenly(items: &[usize], count: usize) -> Vec<usize> {
    let step = items.len().div_ceil(count).max(1);
    items.iter().copied().step_by(step).collect()
}
