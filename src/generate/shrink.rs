//! Smaller recipes, to find the smallest that still shows a difference.
//!
//! The strategies know how a value was drawn; what is wanted is the smallest question, whichever way it could have
//! been drawn. So the question's own parts are made smaller: fewer parameters, shorter texts, simpler characters.

use std::cmp::Ordering;
use std::num::NonZeroU8;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::generate::offer::Offer;
use crate::generate::recipe::{Change, Recipe, Spelling};
use crate::law::Edit;
use crate::vector::input::TextPairs;

/// How many smaller recipes are tried.
const TRIES: usize = 4_000;

/// Makes a recipe smaller as long as `still` gives something for a smaller one. Says how many were tried.
pub(super) fn shrink<T>(
    recipe: Recipe,
    found: T,
    offers: &[Offer],
    time: Duration,
    mut still: impl FnMut(&Recipe) -> Option<T>,
) -> (Recipe, T, usize) {
    let end = Instant::now() + time;
    let (mut best, mut found, mut tried) = (recipe, found, 0);
    loop {
        let next = smaller(&best, offers).find_map(|candidate| {
            if tried >= TRIES || Instant::now() > end || candidate.contested().is_some() {
                return None;
            }
            tried += 1;
            still(&candidate).map(|again| (candidate, again))
        });
        let Some((candidate, again)) = next else { return (best, found, tried) };
        (best, found) = (candidate, again);
    }
}

/// Recipes that are simpler in one respect, the boldest first.
fn smaller<'a>(recipe: &'a Recipe, offers: &'a [Offer]) -> impl Iterator<Item = Recipe> + 'a {
    let with = move |change: &dyn Fn(&mut Recipe)| {
        let mut smaller = recipe.clone();
        change(&mut smaller);
        smaller
    };
    let settings = simpler_offers(recipe, offers).map(move |offer| {
        with(&|smaller| {
            smaller.setup = Arc::clone(&offer.setup);
            smaller.service = offer.service;
        })
    });
    let params = fewer(&recipe.params)
        .map(move |params| with(&|smaller| smaller.params.clone_from(&params)));
    let bodies = recipe
        .body
        .iter()
        .flat_map(|body| fewer(body))
        .map(move |body| with(&|smaller| smaller.body = Some(body.clone())));
    let spelling = (recipe.spelling != Spelling::Usual)
        .then(|| with(&|smaller| smaller.spelling = Spelling::Usual));
    let changes = changes(&recipe.change)
        .into_iter()
        .map(move |change| with(&|smaller| smaller.change = change.clone()));
    let seeds = [0, 1, 2].into_iter().filter(|seed| *seed < recipe.seed);
    let seeds = seeds.map(move |seed| with(&|smaller| smaller.seed = seed));
    let words = (0..recipe.words.len()).flat_map(move |index| {
        let word = recipe.words.get(index).map_or("", String::as_str);
        texts(word, VALUES).map(move |text| {
            with(&|smaller| {
                if let Some(word) = smaller.words.get_mut(index) {
                    word.clone_from(&text);
                }
            })
        })
    });
    let names = (0..recipe.params.len()).flat_map(move |index| {
        let name = recipe.params.get(index).map_or("", |pair| pair.0.as_str());
        let shortest = ["a", "b", "c"].into_iter().map(str::to_owned);
        let shortest = shortest.filter(move |short| simpler(short, name) == Ordering::Less);
        let texts = texts(name, NAMES).filter(|text| !text.is_empty());
        shortest.chain(texts).map(move |text| {
            with(&|smaller| {
                if let Some(pair) = smaller.params.get_mut(index) {
                    pair.0.clone_from(&text);
                }
            })
        })
    });
    let values = (0..recipe.params.len()).flat_map(move |index| {
        let value = recipe.params.get(index).map_or("", |pair| pair.1.as_str());
        texts(value, VALUES).map(move |text| {
            with(&|smaller| {
                if let Some(pair) = smaller.params.get_mut(index) {
                    pair.1.clone_from(&text);
                }
            })
        })
    });
    let simple_body = (0..recipe.body.as_ref().map_or(0, Vec::len)).filter_map(move |index| {
        let mut smaller = recipe.clone();
        let byte = smaller.body.as_mut()?.get_mut(index).filter(|byte| **byte != b'a')?;
        *byte = b'a';
        Some(smaller)
    });
    settings
        .chain(params)
        .chain(bodies)
        .chain(spelling)
        .chain(changes)
        .chain(seeds)
        .chain(words)
        .chain(
            sorted(&recipe.params)
                .map(move |params| with(&|smaller| smaller.params.clone_from(&params))),
        )
        .chain(names)
        .chain(values)
        .chain(simple_body)
}

/// The simpler settings and services in which the same is offered.
fn simpler_offers<'a>(recipe: &'a Recipe, offers: &'a [Offer]) -> impl Iterator<Item = &'a Offer> {
    let is_own = |offer: &Offer| {
        offer.test == recipe.test
            && offer.service == recipe.service
            && Arc::ptr_eq(&offer.setup, &recipe.setup)
    };
    let is_alike = |offer: &Offer| {
        offer.test == recipe.test && offer.setup.family.id == recipe.setup.family.id
    };
    let simpler = offers.iter().take_while(move |offer| !is_own(offer));
    simpler.filter(move |offer| is_alike(offer))
}

/// The list without some of its elements: half of them first, one at the end.
fn fewer<T: Clone>(list: &[T]) -> impl Iterator<Item = Vec<T>> + '_ {
    let sizes = std::iter::successors(Some(list.len()), |size| Some(size / 2));
    sizes.take_while(|size| *size > 0).flat_map(move |size| {
        (0..list.len()).step_by(size).map(move |start| {
            let kept = |index: &usize| !(start..start + size).contains(index);
            let parts = list.iter().enumerate().filter(|(index, _)| kept(index));
            parts.map(|(_, element)| element.clone()).collect()
        })
    })
}

fn sorted(params: &TextPairs) -> impl Iterator<Item = TextPairs> {
    let mut sorted = params.clone();
    sorted.sort();
    (sorted != *params).then_some(sorted).into_iter()
}

/// Characters to put in the place of others, the simplest first.
const VALUES: &[char] = &['a', '0', 'A', ' ', '+', '%', '中'];
const NAMES: &[char] = &['a', 'b', '0', '_', '中'];

/// Simpler texts: shorter, or as long and of simpler characters.
fn texts<'a>(text: &'a str, simple: &'static [char]) -> impl Iterator<Item = String> + 'a {
    let characters: Vec<char> = text.chars().collect();
    let shorter: Vec<String> = fewer(&characters).map(String::from_iter).collect();
    let replaced = (0..characters.len()).flat_map(move |index| {
        let characters = characters.clone();
        simple.iter().map(move |one| {
            let replace = |(place, old): (usize, &char)| if place == index { *one } else { *old };
            characters.iter().enumerate().map(replace).collect::<String>()
        })
    });
    shorter.into_iter().chain(replaced.filter(move |new| simpler(new, text) == Ordering::Less))
}

/// By length, then character by character.
fn simpler(text: &str, other: &str) -> Ordering {
    let rank = |c: char| match c {
        'a'..='z' => u32::from(c) - u32::from('a'),
        '0'..='9' => 32 + u32::from(c) - u32::from('0'),
        ' '..='~' => 64 + u32::from(c),
        _ => 256 + u32::from(c),
    };
    let length = |text: &str| text.chars().count();
    length(text)
        .cmp(&length(other))
        .then_with(|| text.chars().map(rank).cmp(other.chars().map(rank)))
}

fn changes(change: &Change) -> Vec<Change> {
    let edits = |edit: &Edit| match edit.clone() {
        Edit::Change { parameter, half, offset, bits } => {
            let first = (0..parameter.min(8)).map(|parameter| Edit::Change {
                parameter,
                half,
                offset,
                bits,
            });
            let start =
                (0..offset.min(4)).map(|offset| Edit::Change { parameter, half, offset, bits });
            let one = (bits != NonZeroU8::MIN).then_some(Edit::Change {
                parameter,
                half,
                offset,
                bits: NonZeroU8::MIN,
            });
            first.chain(start).chain(one).collect()
        }
        Edit::ChangeSignature { offset, bits } => {
            let start = (0..offset.min(4)).map(|offset| Edit::ChangeSignature { offset, bits });
            let one = (bits != NonZeroU8::MIN)
                .then_some(Edit::ChangeSignature { offset, bits: NonZeroU8::MIN });
            start.chain(one).collect()
        }
        Edit::Remove { parameter } => {
            (0..parameter.min(8)).map(|parameter| Edit::Remove { parameter }).collect()
        }
        Edit::Add { name, value } => {
            let short = |bytes: &[u8]| bytes.len() > 1 || bytes.first() > Some(&b'a');
            let name_short =
                short(&name).then(|| Edit::Add { name: b"a".to_vec(), value: value.clone() });
            let value_short = short(&value).then(|| Edit::Add { name, value: b"a".to_vec() });
            name_short.into_iter().chain(value_short).collect::<Vec<_>>()
        }
    };
    match change {
        Change::Edit(edit) => edits(edit).into_iter().map(Change::Edit).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_smaller_text_is_simpler() {
        for text in ["", "a", "Z", "subject", "订单 1", "0a"] {
            for smaller in texts(text, VALUES) {
                assert_eq!(simpler(&smaller, text), Ordering::Less, "{smaller:?} of {text:?}");
            }
        }
    }

    #[test]
    fn a_list_is_made_shorter_in_every_place() {
        let shorter: Vec<Vec<u8>> = fewer(&[1, 2, 3]).collect();
        assert_eq!(shorter, [vec![], vec![2, 3], vec![1, 3], vec![1, 2]]);
    }
}
