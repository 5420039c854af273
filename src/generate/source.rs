//! How proptest draws recipes.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::charset::Charset;
use crate::generate::contested;
use crate::generate::family::Parameters;
use crate::generate::family::frame::{Frame, FrameKind};
use crate::generate::offer::Offer;
use crate::generate::recipe::{Change, Recipe, Spelling, Test};
use crate::law::{Edit, Law, strategies};
use crate::vector::input::TextPairs;
use crate::vector::operation::Operation;

/// Protocol and charset; the operation, where its questions are no parameters.
type Key = (&'static str, Charset, Option<Test>);

fn key(offer: &Offer) -> Key {
    let family = offer.setup.family;
    (family.id, offer.setup.charset, family.frame(offer.test).map(|_| offer.test))
}

type Drawn = (TextPairs, Vec<u8>, Spelling, Change, [String; 3], u64);

/// Draws recipes: the same from the same seed and offers.
pub(super) struct Source {
    offers: Vec<Offer>,
    drawn: Vec<(Key, BoxedStrategy<Drawn>)>,
    seed: u64,
}

impl Source {
    pub(super) fn new(offers: Vec<Offer>, seed: u64) -> Self {
        let mut all: Vec<(Key, _)> = Vec::new();
        for offer in &offers {
            let own = key(offer);
            if !all.iter().any(|(other, _)| *other == own) {
                all.push((own, drawn(offer)));
            }
        }
        Self { offers, drawn: all, seed }
    }

    pub(super) fn offers(&self) -> &[Offer] {
        &self.offers
    }

    /// The recipe of a position. Each has dice of its own, so that one can be drawn without those before it.
    pub(super) fn draw(&self, index: u64) -> Option<Recipe> {
        let mut seed = [0; 32];
        seed.iter_mut()
            .zip(self.seed.to_le_bytes().into_iter().chain(index.to_le_bytes()))
            .for_each(|(to, from)| *to = from);
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let all: u32 = self.offers.iter().map(|offer| offer.weight).sum();
        let mut position = (0..all.max(1)).new_tree(&mut runner).ok()?.current();
        let offer = self.offers.iter().find(|offer| {
            let is_hit = position < offer.weight;
            position = position.saturating_sub(offer.weight);
            is_hit
        })?;
        let own = key(offer);
        let (_, strategy) = self.drawn.iter().find(|(other, _)| *other == own)?;
        Some(recipe(offer, strategy.new_tree(&mut runner).ok()?.current()))
    }
}

fn drawn(offer: &Offer) -> BoxedStrategy<Drawn> {
    let (family, charset) = (offer.setup.family, offer.setup.charset);
    let params = match (family.frame(offer.test), &family.params) {
        (Some(frame), _) => frame.drawn(),
        (None, Some(Parameters { names, protocol, .. })) => {
            strategies::hostile_params_of(names, protocol.excluded, charset).boxed()
        }
        (None, None) => Just(TextPairs::new()).boxed(),
    };
    let spelling = select(
        &[
            Spelling::Usual,
            Spelling::Usual,
            Spelling::SmallDigits,
            Spelling::NoPlus,
            Spelling::AllEscaped,
            Spelling::EmptySegments,
        ][..],
    );
    let change = prop_oneof![
        5 => Just(Change::None),
        5 => strategies::edit().prop_map(Change::Edit),
        1 => Just(Change::OtherKey),
        1 => Just(Change::NoSignature),
        1 => Just(Change::EmptySignature),
    ];
    let body = prop_oneof![
        1 => strategies::form_body(),
        1 => vec(select(b"a=&%0+;".as_slice()), 0..24),
    ];
    let word = || strategies::value(charset);
    let words = [strategies::name(charset, true).boxed(), word().boxed(), word().boxed()];
    (params, body, spelling, change, words, any::<u64>()).boxed()
}

/// Keeps of what was drawn that which the test uses and nobody contests.
fn recipe(offer: &Offer, drawn: Drawn) -> Recipe {
    let (params, body, spelling, change, words, seed) = drawn;
    let (test, setup) = (offer.test, Arc::clone(&offer.setup));
    let (family, charset) = (setup.family, setup.charset);
    let clear = |text: String| -> String {
        text.chars().filter(|one| !contested::character(charset, *one)).collect()
    };
    if let Some(frame) = family.frame(test) {
        return of_parts(Recipe::new(test, setup, offer.service), frame, params, change, seed);
    }
    let of_bytes = !family.is_xml()
        && matches!(
            test,
            Test::Operation(Operation::Decode)
                | Test::Law(
                    Law::NotifyAndReturnAgree
                        | Law::VerifyingAlwaysAnswers
                        | Law::VerdictAgreesWithTheNaiveModel
                )
        );
    let mut recipe = Recipe::new(test, setup, offer.service);
    recipe.body = (of_bytes && seed % 2 == 0).then_some(body);
    if recipe.body.is_some() {
        return recipe;
    }
    match test {
        Test::Operation(
            Operation::VerifyNotify | Operation::VerifyReturn | Operation::VerifyResponse,
        )
        | Test::Law(
            Law::EditIsRefused
            | Law::SameAnswerTwice
            | Law::NotifyAndReturnAgree
            | Law::VerifyingAlwaysAnswers
            | Law::VerdictAgreesWithTheNaiveModel,
        ) => {
            let is_edit =
                matches!(change, Change::Edit(_)) || test != Test::Law(Law::EditIsRefused);
            let remove = Change::Edit(Edit::Remove { parameter: spelling as usize });
            (recipe.spelling, recipe.change) = (spelling, if is_edit { change } else { remove });
        }
        Test::Operation(Operation::Decode) => recipe.spelling = spelling,
        Test::Law(Law::EmptyValuesDoNotMatter | Law::ExcludedNamesDoNotMatter) => {
            recipe.words = words_of(test, words).map(clear);
        }
        Test::Law(Law::OrderDoesNotMatter) => recipe.seed = seed,
        _ => {}
    }
    for (name, value) in params {
        let fixed = family.params.as_ref().and_then(|params| (params.fixed)(&recipe.setup, &name));
        let value = fixed.map_or_else(|| clear(value), str::to_owned);
        let name = clear(name);
        let is_own = recipe.test.verifies() && family.names_signature(&name);
        if is_own
            || family.params.as_ref().is_some_and(|own| own.protocol.excluded.contains(&&*name))
        {
            continue;
        }
        recipe.params.push((name, value));
        if recipe.is_refused() || contested::params(&recipe, &recipe.complete()).is_some() {
            recipe.params.pop();
        }
    }
    recipe
}

/// A question that is made of parts.
fn of_parts(
    mut recipe: Recipe,
    frame: &Frame,
    params: TextPairs,
    change: Change,
    seed: u64,
) -> Recipe {
    let is_timed = matches!(frame.kind, FrameKind::Received(scheme) if scheme.origin.is_some());
    for pair in params {
        recipe.params.push(pair);
        if recipe.contested().is_some() {
            recipe.params.pop();
        }
    }
    if matches!(frame.kind, FrameKind::Received(_) | FrameKind::Reply) {
        // A notification that is sent again is older than five minutes, and libraries disagree about it.
        let is_judged = is_timed && recipe.test == Test::Operation(Operation::VerifyResponse);
        let is_stale = is_judged && seed % 8 == 7;
        recipe.change = if is_stale { Change::Stale } else { change };
    }
    if is_timed {
        recipe.seed = seed >> 3;
    }
    recipe
}

/// The name alone, or the values alone.
fn words_of(test: Test, [name, one, other]: [String; 3]) -> [String; 3] {
    match test {
        Test::Law(Law::EmptyValuesDoNotMatter) => [name, String::new(), String::new()],
        _ => [String::new(), one, other],
    }
}
