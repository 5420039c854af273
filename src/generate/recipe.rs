//! What a generated case is made of, and how proptest draws it.

use std::fmt;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::charset::Charset;
use crate::generate::contested;
use crate::generate::offer::Offer;
use crate::law::{Edit, Law, Setting, strategies};
use crate::protocol::MAPI;
use crate::protocol::mapi::check_request;
use crate::vector::input::TextPairs;
use crate::vector::operation::Operation;

pub(super) const GATEWAY: &str = "https://mapi.alipay.com/gateway.do";

/// What a generated case puts to the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Test {
    /// An operation, whose answer the reference knows.
    Operation(Operation),
    /// A law, for which no answer need be known.
    Law(Law),
}

impl Test {
    /// The name of the operation or of the law.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Operation(operation) => operation.name(),
            Self::Law(law) => law.name(),
        }
    }

    /// Whether it is about a message that is received, which must name its `notify_id`.
    pub(super) fn verifies(self) -> bool {
        match self {
            Self::Operation(operation) => {
                matches!(operation, Operation::VerifyNotify | Operation::VerifyReturn)
            }
            Self::Law(law) => matches!(
                law,
                Law::OwnSignatureIsAccepted
                    | Law::EditIsRefused
                    | Law::SameAnswerTwice
                    | Law::NotifyAndReturnAgree
                    | Law::VerifyingAlwaysAnswers
                    | Law::VerdictAgreesWithTheNaiveModel
                    | Law::EmptyValuesDoNotMatter
                    | Law::ExcludedNamesDoNotMatter
                    | Law::BuiltRequestIsAccepted
            ),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// What happens to a genuine message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    None,
    Edit(Edit),
    /// It is signed with another key.
    OtherKey,
    /// `sign` is not there.
    NoSignature,
    /// `sign` is empty.
    EmptySignature,
}

/// How the parameters of a message are written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As the reference writes them.
    Usual,
    /// `%3d` for `%3D`.
    SmallDigits,
    /// `%20` for `+`.
    NoPlus,
    /// Escapes for letters and digits, too.
    AllEscaped,
    /// Empty segments before and behind each.
    EmptySegments,
}

/// Everything that makes one generated case. What its test does not use is empty.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) test: Test,
    pub(super) setting: Arc<Setting>,
    pub(super) service: Option<&'static str>,
    /// Of the request or message.
    pub(super) params: TextPairs,
    /// A message that is not made of `params`.
    pub(super) body: Option<Vec<u8>>,
    pub(super) spelling: Spelling,
    pub(super) change: Change,
    /// A name and two values, for the laws that add something.
    pub(super) words: [String; 3],
    pub(super) seed: u64,
}

impl Recipe {
    /// The parameters with what every request or message of the kind must have.
    pub(super) fn complete(&self) -> TextPairs {
        let mut params = base(self.service, self.setting.charset);
        if self.test.verifies() && !self.params.iter().any(|(name, _)| name == "notify_id") {
            params.push(("notify_id".into(), "1".into()));
        }
        params.extend(self.params.iter().cloned());
        params
    }

    /// Why the case is not put to anybody.
    pub(super) fn contested(&self) -> Option<&'static str> {
        let charset = self.setting.charset;
        if let Some(body) = &self.body {
            // Laws about any bytes; of the others, what is written must be clear.
            let any = matches!(
                self.test,
                Test::Law(Law::VerifyingAlwaysAnswers | Law::NotifyAndReturnAgree)
            );
            return if any { None } else { contested::message(charset, body) };
        }
        let params = self.complete();
        if self.test.verifies()
            && params.iter().any(|pair| pair.0 == "notify_id" && pair.1.is_empty())
        {
            return Some("a message without notify_id");
        }
        if self.service.is_some() && !is_accepted(&params) {
            return Some("a request that its service refuses");
        }
        contested::params(charset, &params).or_else(|| contested::nothing_signed(&params))
    }
}

/// Whether the service accepts a request. The tables do not know gb18030, but it is sent all the same.
fn is_accepted(params: &TextPairs) -> bool {
    let but_charset: Vec<_> =
        params.iter().filter(|(name, _)| name != "_input_charset").cloned().collect();
    let known = ("_input_charset".to_owned(), "gbk".to_owned());
    check_request(&[but_charset, vec![known]].concat()).is_ok()
}

/// A request that its service accepts, for other parameters to be added.
pub(super) fn base(service: Option<&str>, charset: Charset) -> TextPairs {
    const BASE: [(&str, &str); 6] = [
        ("partner", "2088101568338364"),
        ("out_trade_no", "6741334835157966"),
        ("subject", "book"),
        ("payment_type", "1"),
        ("seller_email", "alipay-test01@alipay.com"),
        ("_input_charset", ""),
    ];
    const WHOLE: [(&str, &str); 1] = [("total_fee", "100.00")];
    const LOGISTICS: [(&str, &str); 5] = [
        ("price", "100.00"),
        ("quantity", "1"),
        ("logistics_type", "EXPRESS"),
        ("logistics_fee", "0.00"),
        ("logistics_payment", "SELLER_PAY"),
    ];
    let Some(service) = service else { return TextPairs::new() };
    let more = if service == "create_direct_pay_by_user" { &WHOLE[..] } else { &LOGISTICS };
    let pairs = [("service", service)].into_iter().chain(BASE).chain(more.iter().copied());
    let value = |name, value: &str| match name {
        "_input_charset" => charset.label().into(),
        _ => value.into(),
    };
    pairs.map(|(name, fixed)| (name.to_owned(), value(name, fixed))).collect()
}

type Drawn = (TextPairs, Vec<u8>, Spelling, Change, [String; 3], u64);

/// Draws recipes: the same from the same seed and offers.
pub(super) struct Source {
    offers: Vec<Offer>,
    drawn: Vec<(Charset, BoxedStrategy<Drawn>)>,
    seed: u64,
}

impl Source {
    pub(super) fn new(offers: Vec<Offer>, seed: u64) -> Self {
        let drawn = Charset::ALL.into_iter().map(|charset| (charset, drawn(charset))).collect();
        Self { offers, drawn, seed }
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
        let charset = offer.setting.charset;
        let (_, strategy) = self.drawn.iter().find(|(other, _)| *other == charset)?;
        Some(recipe(offer, strategy.new_tree(&mut runner).ok()?.current()))
    }
}

fn drawn(charset: Charset) -> BoxedStrategy<Drawn> {
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
    (strategies::hostile_params(charset), body, spelling, change, words, any::<u64>()).boxed()
}

/// Keeps of what was drawn that which the test uses and nobody contests.
fn recipe(offer: &Offer, drawn: Drawn) -> Recipe {
    let (params, body, spelling, change, words, seed) = drawn;
    let (test, setting) = (offer.test, Arc::clone(&offer.setting));
    let charset = setting.charset;
    let clear = |text: String| -> String {
        text.chars().filter(|one| !contested::character(charset, *one)).collect()
    };
    let of_bytes = matches!(
        test,
        Test::Operation(Operation::Decode)
            | Test::Law(
                Law::NotifyAndReturnAgree
                    | Law::VerifyingAlwaysAnswers
                    | Law::VerdictAgreesWithTheNaiveModel
            )
    );
    let mut recipe = Recipe {
        test,
        setting,
        service: offer.service,
        params: TextPairs::new(),
        body: (of_bytes && seed % 2 == 0).then_some(body),
        spelling: Spelling::Usual,
        change: Change::None,
        words: <[String; 3]>::default(),
        seed: 0,
    };
    if recipe.body.is_some() {
        return recipe;
    }
    match test {
        Test::Operation(Operation::VerifyNotify | Operation::VerifyReturn)
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
        let value = match name.as_str() {
            "_input_charset" => charset.label().into(),
            _ => clear(value),
        };
        let name = clear(name);
        if MAPI.excluded.contains(&name.as_str()) {
            continue;
        }
        recipe.params.push((name, value));
        let params = recipe.complete();
        let refused = recipe.service.is_some() && !is_accepted(&params);
        if refused || contested::params(charset, &params).is_some() {
            recipe.params.pop();
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_accept_their_base() {
        for service in
            ["create_direct_pay_by_user", "create_partner_trade_by_buyer", "trade_create_by_buyer"]
        {
            assert_eq!(check_request(&base(Some(service), Charset::Gbk)), Ok(()));
        }
    }
}
