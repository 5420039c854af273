//! What can be generated for an implementation: the questions that it offers to answer.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use crate::charset::Charset;
use crate::generate::recipe::{GATEWAY, Test, base};
use crate::law::{Law, Setting};
use crate::signature::SignType;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::bytes::Bytes;
use crate::vector::input::Input;
use crate::vector::operation::Operation;

/// A kind of case that the implementation offers to run.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    pub(super) test: Test,
    pub(super) setting: Arc<Setting>,
    pub(super) service: Option<&'static str>,
    /// How often it is drawn, among the others.
    pub(super) weight: u32,
}

/// The operations of which cases are made, and how often.
const OPERATIONS: [(Operation, u32); 6] = [
    (Operation::StringToSign, 3),
    (Operation::Sign, 3),
    // Of each service.
    (Operation::BuildRequest, 1),
    (Operation::Decode, 3),
    (Operation::VerifyNotify, 6),
    (Operation::VerifyReturn, 3),
];

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

/// The services of which requests are made; `None` stands for a request that names none.
const SERVICES: [Option<&str>; 4] = [
    None,
    Some("create_direct_pay_by_user"),
    Some("create_partner_trade_by_buyer"),
    Some("trade_create_by_buyer"),
];

/// All that is offered, the simplest settings first.
pub(super) fn offers(implementation: &dyn Implementation) -> Vec<Offer> {
    let mut offers = Vec::new();
    for setting in settings() {
        let setting = Arc::new(setting);
        // Signing with RSA takes its time.
        let often = if setting.sign_type == SignType::Md5 { 12 } else { 1 };
        let services = |operation| services(implementation, &setting, operation);
        let mut offer = |test, service, weight| {
            let setting = Arc::clone(&setting);
            offers.push(Offer { test, setting, service, weight: weight * often });
        };
        for (operation, weight) in OPERATIONS {
            for service in services(operation) {
                offer(Test::Operation(operation), service, weight);
            }
        }
        for (law, needed) in LAWS {
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

/// The services under which an operation is offered in a setting; `None` alone where an operation has no service.
fn services(
    implementation: &dyn Implementation,
    setting: &Setting,
    operation: Operation,
) -> Vec<Option<&'static str>> {
    let offered = |service: &Option<&'static str>| {
        let ask = setting.ask(operation, sample(operation, *service, setting.charset));
        implementation.declines(&ask).is_none()
    };
    let has_service = operation == Operation::BuildRequest;
    SERVICES.into_iter().take(if has_service { 4 } else { 1 }).filter(offered).collect()
}

/// A question that every implementation of the operation can answer.
pub(super) fn sample(
    operation: Operation,
    service: Option<&'static str>,
    charset: Charset,
) -> Input {
    match operation {
        Operation::BuildRequest => {
            Input::Request { gateway: GATEWAY.into(), params: base(service, charset) }
        }
        Operation::StringToSign | Operation::Sign => {
            Input::Params(vec![("notify_id".into(), "1".into())])
        }
        _ => Input::Message(Bytes(b"notify_id=1".to_vec())),
    }
}

/// The sign types and charsets, the simplest first.
fn settings() -> impl Iterator<Item = Setting> {
    SignType::ALL.into_iter().flat_map(|sign_type| {
        Charset::ALL
            .into_iter()
            .filter_map(move |charset| Setting::embedded(sign_type, charset).ok())
    })
}

/// Takes away what is declared by nobody and yet not offered: a trait's method that was not written.
pub(super) fn performed(implementation: &dyn Implementation, offers: Vec<Offer>) -> Vec<Offer> {
    let performs = |operation: Operation, setting: &Setting, service| {
        let ask = setting.ask(operation, sample(operation, service, setting.charset));
        let answer = panic::catch_unwind(AssertUnwindSafe(|| implementation.perform(&ask)));
        !matches!(answer, Ok(Answer::NotOffered))
    };
    let offered = |operation: Operation| {
        let offer = offers.iter().find(|offer| offer.test == Test::Operation(operation));
        offer.is_some_and(|offer| performs(operation, &offer.setting, offer.service))
    };
    let offered: Vec<Operation> = OPERATIONS
        .into_iter()
        .map(|(operation, _)| operation)
        .filter(|operation| offered(*operation))
        .collect();
    let is_offered = |offer: &Offer| match offer.test {
        Test::Operation(operation) => offered.contains(&operation),
        Test::Law(law) => LAWS.iter().filter(|(other, _)| *other == law).all(|(_, needed)| {
            needed.iter().all(|choice| choice.iter().any(|one| offered.contains(one)))
        }),
    };
    offers.iter().filter(|offer| is_offered(offer)).cloned().collect()
}
