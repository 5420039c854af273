//! What can happen to a message, a signature or a key between Alipay and the verification, and how it is undone.

mod charset;
mod escaping;
mod key;
mod parameters;
mod signature;
mod values;

use super::keys::Keys;
use super::situation::Situation;
use crate::mistake::Text;

/// More parameters than this are not looked at one by one.
const MOST_SINGLES: usize = 12;

/// Something that happened, and what can be done about it.
pub(super) struct Circumstance {
    /// Its name, for ever.
    pub(super) id: &'static str,
    /// What happened.
    pub(super) what: Text,
    /// What to do.
    pub(super) fix: Text,
    /// Whether it is frequent enough to be looked for together with two others.
    pub(super) is_common: bool,
    /// Undoes it in every way in which it can have happened. Ways that would change nothing are left out.
    pub(super) undo: fn(&Situation, &Keys) -> Vec<Undone>,
}

/// A circumstance undone in one way.
pub(super) struct Undone {
    pub(super) situation: Situation,
    /// The names, or other words, that say in which way.
    pub(super) detail: Vec<Vec<u8>>,
}

impl From<Situation> for Undone {
    fn from(situation: Situation) -> Self {
        Self { situation, detail: vec![] }
    }
}

/// All of them, the most frequent of each kind first.
pub(super) fn all() -> impl Iterator<Item = &'static Circumstance> {
    [
        parameters::CIRCUMSTANCES,
        charset::CIRCUMSTANCES,
        escaping::CIRCUMSTANCES,
        values::CIRCUMSTANCES,
        signature::CIRCUMSTANCES,
        key::CIRCUMSTANCES,
    ]
    .into_iter()
    .flatten()
}

/// Whether a value may have been changed: not the signature, nor what says how it was made.
fn is_signed(name: &[u8]) -> bool {
    !matches!(name, b"sign" | b"sign_type")
}

/// Every signed value changed, if that changes any.
fn values(situation: &Situation, change: impl Fn(&[u8]) -> Vec<u8>) -> Option<Situation> {
    let mut changed = situation.clone();
    for (name, value) in &mut changed.params {
        if is_signed(name) {
            *value = change(value);
        }
    }
    (changed != *situation).then_some(changed)
}

/// All names and values changed, those of the signature too.
fn everything(situation: &Situation, change: impl Fn(&[u8]) -> Vec<u8>) -> Option<Situation> {
    let mut changed = situation.clone();
    for (name, value) in &mut changed.params {
        *name = change(name);
        *value = change(value);
    }
    (changed != *situation).then_some(changed)
}

/// All signed values changed, and where there are a few, each by itself.
fn each_value(situation: &Situation, change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Undone> {
    let Some(all) = values(situation, &change) else { return vec![] };
    let pairs = situation.params.iter().zip(&all.params).enumerate();
    let changed: Vec<usize> =
        pairs.filter(|(_, (before, after))| before != after).map(|(index, _)| index).collect();
    let name = |index: usize| situation.params.get(index).map(|pair| pair.0.clone());
    let single = |index: usize| {
        let mut single = situation.clone();
        let value = &mut single.params.get_mut(index)?.1;
        *value = change(value);
        Some(Undone { situation: single, detail: name(index).into_iter().collect() })
    };
    let detail = changed.iter().filter_map(|index| name(*index)).take(MOST_SINGLES).collect();
    let singles = 2..=MOST_SINGLES;
    let mut undone = vec![Undone { situation: all, detail }];
    if singles.contains(&changed.len()) {
        undone.extend(changed.into_iter().filter_map(single));
    }
    undone
}
