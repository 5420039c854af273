//! The search: sets of one step before sets of two before sets of three, all of one size before it ends.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Budget;
use super::circumstance::Circumstance;
use super::finding::{Explanation, Searched, Step, Stopped};
use super::forward::{self, Shown};
use super::keys::Keys;
use super::situation::Situation;
use crate::charset::Charset;
use crate::mistake::{Mistake, Mistaken};
use crate::signature::{Recovered, VerifyingKey, recover, verify};
use crate::suite::answer::Answer;

/// The most steps at once.
const LARGEST: usize = 3;
/// The most bytes of situations that wait to be taken further.
const MOST_WAITING: usize = 16 << 20;

/// A situation and how it was reached.
#[derive(Clone)]
pub(super) struct Node<S> {
    pub(super) situation: S,
    pub(super) steps: Vec<Step>,
    is_common: bool,
}

impl<S: Situation> Node<S> {
    pub(super) fn new(situation: S, steps: Vec<Step>) -> Self {
        Self { situation, steps, is_common: true }
    }

    fn has(&self, id: &str) -> bool {
        self.steps.iter().any(|step| step.id == id)
    }

    fn with(&self, situation: S, step: Step, is_common: bool) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { situation, steps, is_common: self.is_common && is_common }
    }
}

pub(super) struct Search<'a> {
    pub(super) keys: &'a Keys,
    pub(super) charset: Charset,
    pub(super) budget: Budget,
    pub(super) time_is_up: &'a dyn Fn() -> bool,
    work: u64,
    searched: Searched,
    /// The situations that were reached.
    reached: HashMap<u64, Option<bool>>,
    /// What was put to the test, and whether it verified.
    tested: HashMap<u64, bool>,
    /// What RSA signatures are of, by signature and key.
    opened: HashMap<u64, Option<Recovered>>,
    sets: HashMap<u64, ()>,
    explanations: Vec<Explanation>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        keys: &'a Keys,
        charset: Charset,
        budget: Budget,
        time_is_up: &'a dyn Fn() -> bool,
    ) -> Self {
        Self {
            keys,
            charset,
            budget,
            time_is_up,
            work: 0,
            searched: Searched::default(),
            reached: HashMap::new(),
            tested: HashMap::new(),
            opened: HashMap::new(),
            sets: HashMap::new(),
            explanations: vec![],
        }
    }

    /// Looks for the smallest sets of steps that lead from `base` to something that verifies.
    pub(super) fn run<S: Situation>(mut self, base: Node<S>) -> (Vec<Explanation>, Searched) {
        self.searched.steps = S::circumstances().count();
        self.reached.insert(hash(&base.situation), None);
        if !base.situation.sign().is_empty() {
            let _ = self.levels(base);
        }
        self.searched.sets = self.sets.len();
        (self.explanations, self.searched)
    }

    fn levels<S: Situation>(&mut self, base: Node<S>) -> Result<(), Stopped> {
        let result = self.levels_until_stopped(base);
        if let Err(stopped) = result {
            self.searched.stopped = Some(stopped);
        }
        result
    }

    fn levels_until_stopped<S: Situation>(&mut self, base: Node<S>) -> Result<(), Stopped> {
        self.test(&base)?;
        let mut frontier = vec![base.clone()];
        let mut active = Vec::new();
        for size in 1..=LARGEST {
            if !self.explanations.is_empty() {
                break;
            }
            let mut next = Vec::new();
            let mut waiting = 0;
            for node in &frontier {
                for circumstance in S::circumstances().filter(|other| !node.has(other.id)) {
                    // Of two at once one is frequent, of three each.
                    let both = node.is_common && circumstance.is_common;
                    let either = node.is_common || circumstance.is_common;
                    if both || (either && size < LARGEST) {
                        self.undo(node, circumstance, &mut next, &mut waiting)?;
                    }
                }
            }
            match size {
                1 => active = self.mistakes(&base)?,
                2 => self.mistakes_of_two(&base, &frontier, &active)?,
                // Behind two circumstances none is looked for.
                _ => {}
            }
            self.searched.complete = size;
            frontier = next;
        }
        Ok(())
    }

    fn undo<S: Situation>(
        &mut self,
        node: &Node<S>,
        circumstance: &'static Circumstance<S>,
        next: &mut Vec<Node<S>>,
        waiting: &mut usize,
    ) -> Result<(), Stopped> {
        for undone in (circumstance.undo)(&node.situation, self.keys) {
            self.spend(2 + node.situation.size() as u64 / 128)?;
            let step = Step {
                id: circumstance.id,
                is_mistake: false,
                what: circumstance.what,
                fix: circumstance.fix,
                detail: undone.detail,
            };
            let is_common = circumstance.is_common;
            let reached = hash(&undone.situation);
            let child = node.with(undone.situation, step, is_common);
            match self.reached.get(&reached) {
                // On another way: as good an explanation, or nothing new.
                Some(Some(true)) => self.record(&child, None),
                Some(_) => {}
                None => {
                    let verifies = self.test(&child)?;
                    self.reached.insert(reached, Some(verifies));
                    *waiting += child.situation.size();
                    if !verifies && *waiting < MOST_WAITING {
                        next.push(child);
                    }
                }
            }
        }
        Ok(())
    }

    /// The mistakes by themselves. Those that make another string of this message, or work where no stage shows it, are
    /// looked at further.
    fn mistakes<S: Situation>(&mut self, base: &Node<S>) -> Result<Vec<&'static Mistake>, Stopped> {
        let reference = base.situation.put_to(&forward::signer(&[]), self.keys, self.charset);
        let Some(reference) = reference else { return Ok(vec![]) };
        // Those that make the same of this message are as good as one, beside another.
        let mut seen = vec![Shown::of(&reference)];
        let mut active = Vec::new();
        for mistake in forward::all::<S>() {
            self.spend(self.price_of_mistake(&base.situation))?;
            let signer = forward::signer(&[mistake]);
            let answer = base.situation.put_to(&signer, self.keys, self.charset);
            let Some(answer) = answer else { continue };
            let shown = Shown::of(&answer);
            let is_hidden = forward::is_behind_the_stages(mistake, base.situation.sign_type());
            if seen.first() == Some(&shown) && !is_hidden {
                // It does nothing to such a message.
                continue;
            }
            self.searched.steps += 1;
            self.judge(base, &[mistake], &signer, answer);
            if is_hidden || !seen.contains(&shown) {
                seen.push(shown);
                active.push(mistake);
            }
        }
        Ok(active)
    }

    /// Pairs of mistakes, and mistakes behind a frequent circumstance; only those that matter to this message.
    fn mistakes_of_two<S: Situation>(
        &mut self,
        base: &Node<S>,
        nodes: &[Node<S>],
        active: &[&'static Mistake],
    ) -> Result<(), Stopped> {
        for (index, first) in active.iter().enumerate() {
            for second in active.get(index + 1..).unwrap_or_default() {
                self.perform(base, &[first, second])?;
            }
        }
        for node in nodes.iter().filter(|node| node.is_common) {
            for mistake in active.iter().filter(|other| !node.has(other.id)) {
                self.perform(node, &[mistake])?;
            }
        }
        Ok(())
    }

    fn perform<S: Situation>(
        &mut self,
        node: &Node<S>,
        mistakes: &[&'static Mistake],
    ) -> Result<(), Stopped> {
        self.spend(self.price_of_mistake(&node.situation))?;
        let signer = forward::signer(mistakes);
        if let Some(answer) = node.situation.put_to(&signer, self.keys, self.charset) {
            self.judge(node, mistakes, &signer, answer);
        }
        Ok(())
    }

    /// Keeps the mistakes as an explanation if the answer of a signer who makes them is one.
    fn judge<S: Situation>(
        &mut self,
        node: &Node<S>,
        mistakes: &[&'static Mistake],
        signer: &Mistaken,
        answer: Answer,
    ) {
        self.searched.attempts += 1;
        let mut with = node.clone();
        with.steps.extend(mistakes.iter().map(|mistake| Step {
            id: mistake.id,
            is_mistake: true,
            what: mistake.what,
            fix: mistake.fix,
            detail: vec![],
        }));
        self.count(&with);
        let answer = (signer, answer);
        if let Some(signed) = forward::explained(answer, &node.situation, self.keys, self.charset) {
            self.record(&with, Some(signed));
        }
    }

    /// Puts a situation to the reference, unless it was put before.
    fn test<S: Situation>(&mut self, node: &Node<S>) -> Result<bool, Stopped> {
        self.count(node);
        let Node { situation, .. } = node;
        if !situation.is_verifiable(self.keys) {
            return Ok(false);
        }
        let string = situation.string_to_sign();
        let tested = hash(&(&string, situation.sign(), situation.sign_type(), situation.key()));
        let verifies = match self.tested.get(&tested) {
            Some(verifies) => *verifies,
            None => {
                self.spend(6 + situation.size() as u64 / 64)?;
                self.searched.attempts += 1;
                let verifies = self.signs(situation, &string)?;
                self.tested.insert(tested, verifies);
                verifies
            }
        };
        // The reference has the last word, from the bytes of the wire on.
        let verifies = verifies && situation.is_genuine(self.keys);
        if verifies {
            self.record(node, Some(string));
        }
        Ok(verifies)
    }

    /// Whether the signature is one of the string. An RSA signature is opened once, and then compared with the digest of
    /// each string.
    fn signs<S: Situation>(&mut self, situation: &S, string: &[u8]) -> Result<bool, Stopped> {
        let (sign_type, sign) = (situation.sign_type(), situation.sign());
        let key = self.keys.get(situation.key()).and_then(|key| key.verifying(sign_type));
        let key = match key {
            None => return Ok(false),
            Some(VerifyingKey::Rsa(key)) => key,
            Some(key) => return Ok(verify(sign_type, key, string, &sign) == Ok(())),
        };
        let signature = hash(&(&sign, situation.key()));
        if !self.opened.contains_key(&signature) {
            self.spend(self.price(situation))?;
            self.opened.insert(signature, recover(key, &sign));
        }
        let opened = self.opened.get(&signature).and_then(Option::as_ref);
        Ok(opened.is_some_and(|opened| opened.sign_type == sign_type && opened.is_of(string)))
    }

    fn count<S>(&mut self, node: &Node<S>) {
        let mut ids: Vec<&str> = node.steps.iter().map(|step| step.id).collect();
        ids.sort_unstable();
        self.sets.insert(hash(&ids), ());
    }

    /// Keeps an explanation. One set of steps is one explanation, in whatever order and way it was found first.
    fn record<S: Situation>(&mut self, node: &Node<S>, signed: Option<Vec<u8>>) {
        let ids = |steps: &[Step]| {
            let mut ids: Vec<&str> = steps.iter().map(|step| step.id).collect();
            ids.sort_unstable();
            ids
        };
        if node.steps.is_empty()
            || self.explanations.iter().any(|other| ids(&other.steps) == ids(&node.steps))
        {
            return;
        }
        let Node { situation, steps, .. } = node;
        let signed = signed.unwrap_or_else(|| situation.string_to_sign());
        // A mistake that does what a circumstance did is the same thing said twice.
        let has_mistake = |steps: &[Step]| steps.iter().any(|step| step.is_mistake);
        let is_said = |other: &Explanation| {
            !has_mistake(&other.steps) && other.steps.len() == steps.len() && other.signed == signed
        };
        if has_mistake(steps) && self.explanations.iter().any(is_said) {
            return;
        }
        let name = self.keys.get(situation.key()).and_then(|key| self.keys.names.get(key.given));
        self.explanations.push(Explanation {
            steps: steps.clone(),
            charset: super::charset_of(&signed, Some(self.charset)),
            signed,
            sign_type: situation.sign_type(),
            key: name.cloned().unwrap_or_default(),
        });
    }

    /// In about a millionth of a second each.
    fn price<S: Situation>(&self, situation: &S) -> u64 {
        let bits = match situation.sign_type().is_keyed() {
            true => 0,
            false => {
                self.keys.get(situation.key()).and_then(|key| key.bits).unwrap_or_default() as u64
            }
        };
        6 + situation.size() as u64 / 64 + bits * bits / 25_000
    }

    /// The reference's stages are shown, and an RSA key is read anew.
    fn price_of_mistake<S: Situation>(&self, situation: &S) -> u64 {
        let is_rsa = !situation.sign_type().is_keyed();
        20 + 2 * self.price(situation) + if is_rsa { 30 } else { 0 }
    }

    fn spend(&mut self, work: u64) -> Result<(), Stopped> {
        self.work += work;
        if self.work > self.budget.work {
            return Err(Stopped::Work);
        }
        if (self.time_is_up)() { Err(Stopped::Time) } else { Ok(()) }
    }
}

/// The same in every run.
fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
