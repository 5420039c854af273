//! What can be generated for an implementation: the questions that it offers to answer.

use std::collections::BTreeSet;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use crate::generate::family::{self, Family};
use crate::generate::question::unsigned;
use crate::generate::recipe::{Recipe, Test};
use crate::generate::setup::Setup;
use crate::law::Law;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::load::VectorSet;
use crate::vector::operation::Operation;

/// A kind of case that the implementation offers to run.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    pub(super) test: Test,
    pub(super) setup: Arc<Setup>,
    pub(super) service: Option<&'static str>,
    /// How often it is drawn, among the others.
    pub(super) weight: u32,
}

/// The laws that are put to the test, and the operations that each needs: one of each list.
const LAWS: [(Law, &[&[Operation]]); 13] = {
    use Operation::{BuildRequest, Decode, Sign, StringToSign, VerifyNotify, VerifyReturn};
    [
        (Law::OrderDoesNotMatter, &[&[StringToSign, Sign]]),
        (Law::EmptyValuesDoNotMatter, &[&[StringToSign, Sign]]),
        (Law::ExcludedNamesDoNotMatter, &[&[StringToSign, Sign]]),
        (Law::StringToSignAgreesWithTheNaiveModel, &[&[StringToSign]]),
        (Law::OwnSignatureIsAccepted, &[&[Sign], &[VerifyNotify]]),
        (Law::BuiltRequestIsAccepted, &[&[BuildRequest], &[VerifyReturn]]),
        (Law::EditIsRefused, &[&[VerifyNotify]]),
        (Law::SameAnswerTwice, &[&[VerifyNotify, Sign, StringToSign]]),
        (Law::NotifyAndReturnAgree, &[&[VerifyNotify], &[VerifyReturn]]),
        (Law::VerifyingAlwaysAnswers, &[&[VerifyNotify], &[VerifyReturn]]),
        (Law::VerdictAgreesWithTheNaiveModel, &[&[VerifyNotify]]),
        (Law::FormSurvives, &[&[Decode]]),
        (Law::DecodesOnce, &[&[Decode]]),
    ]
};

/// All that is offered of the protocol, or of all, the simplest settings first.
pub(super) fn offers(
    implementation: &dyn Implementation,
    protocol: Option<&str>,
    embedded: &VectorSet,
) -> Vec<Offer> {
    let mut offers = Vec::new();
    let wanted = |family: &&&Family| protocol.is_none_or(|id| id == family.id);
    for setup in family::ALL.iter().filter(wanted).flat_map(|family| setups(family, embedded)) {
        let setup = Arc::new(setup);
        let config = setup.config;
        let services = |operation| services(implementation, &setup, operation);
        let mut offer = |test, service, weight| {
            let setup = Arc::clone(&setup);
            offers.push(Offer { test, setup, service, weight: weight * config.often });
        };
        for (operation, weight) in config.operations {
            for service in services(*operation) {
                offer(Test::Operation(*operation), service, *weight);
            }
        }
        for (law, needed) in LAWS.into_iter().filter(|(law, _)| config.laws.contains(law)) {
            let mut first = None;
            let is_offered = needed.iter().all(|choice| {
                let found =
                    choice.iter().find_map(|operation| services(*operation).first().copied());
                first = first.or(found);
                found.is_some()
            });
            if is_offered {
                offer(Test::Law(law), first.flatten(), 1);
            }
        }
    }
    offers
}

/// The services under which an operation is offered in a setup; `None` alone where an operation has no service.
fn services(
    implementation: &dyn Implementation,
    setup: &Arc<Setup>,
    operation: Operation,
) -> Vec<Option<&'static str>> {
    let all =
        setup.family.params.as_ref().map_or(&[None][..], |params| (params.services)(operation));
    let offered = |service: &Option<&'static str>| {
        let ask = sample(operation, setup, *service);
        ask.is_some_and(|ask| implementation.declines(&ask).is_none())
    };
    all.iter().copied().filter(offered).collect()
}

/// A question that every implementation of the operation can answer.
pub(super) fn sample(
    operation: Operation,
    setup: &Arc<Setup>,
    service: Option<&'static str>,
) -> Option<Ask> {
    let mut recipe = Recipe::new(Test::Operation(operation), Arc::clone(setup), service);
    if service.is_none() {
        recipe.params = vec![("notify_id".into(), "1".into())];
    }
    Some(setup.ask(operation, unsigned(&recipe, operation)?))
}

/// The configurations of a protocol, the simplest first.
fn setups<'a>(
    family: &'static Family,
    embedded: &'a VectorSet,
) -> impl Iterator<Item = Setup> + 'a {
    let all = family
        .configs
        .iter()
        .flat_map(move |config| family.charsets.iter().map(move |charset| (config, *charset)));
    all.filter_map(move |(config, charset)| Setup::new(family, config, charset, embedded))
}

/// Takes away what is declared by nobody and yet not offered: a trait's method that was not written.
pub(super) fn performed(implementation: &dyn Implementation, offers: Vec<Offer>) -> Vec<Offer> {
    let performs = |operation: Operation, offer: &Offer| {
        let Some(ask) = sample(operation, &offer.setup, offer.service) else { return false };
        let answer = panic::catch_unwind(AssertUnwindSafe(|| implementation.perform(&ask)));
        !matches!(answer, Ok(Answer::NotOffered))
    };
    let mut offered: BTreeSet<(&str, Operation)> = BTreeSet::new();
    let mut looked_at = BTreeSet::new();
    for offer in &offers {
        let Test::Operation(operation) = offer.test else { continue };
        let own = (offer.setup.family.id, operation);
        if looked_at.insert(own) && performs(operation, offer) {
            offered.insert(own);
        }
    }
    let is_offered = |offer: &Offer| {
        let id = offer.setup.family.id;
        match offer.test {
            Test::Operation(operation) => offered.contains(&(id, operation)),
            Test::Law(law) => LAWS.iter().filter(|(other, _)| *other == law).all(|(_, needed)| {
                let has = |one: &Operation| offered.contains(&(id, *one));
                needed.iter().all(|choice| choice.iter().any(has))
            }),
        }
    };
    offers.iter().filter(|offer| is_offered(offer)).cloned().collect()
}
