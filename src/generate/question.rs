//! Recipes as questions: vectors for the operations, and the laws.

use serde_json::Value;

use crate::generate::contested::{self, NO_TEXT};
use crate::generate::document::{self, Draft};
use crate::generate::http::{self, Made};
use crate::generate::message::{Message, encoded};
use crate::generate::recipe::{Change, Recipe, Test};
use crate::law::setting::written;
use crate::law::{self, Law, Outcome as LawOutcome};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::suite::reference::Reference;
use crate::vector::bytes::Bytes;
use crate::vector::input::Input;
use crate::vector::operation::Operation;

impl Made {
    /// The question of a recipe, or why there is none.
    fn asked(recipe: &Recipe, operation: Operation) -> Result<Self, &'static str> {
        if let Some(frame) = recipe.frame() {
            return Self::of(recipe, frame);
        }
        if let Some(input) = requested(recipe, operation) {
            return Ok(Self { input, genuine: None });
        }
        let Message { body, genuine } = Message::of(recipe)?;
        let received = |body| received(operation, body);
        Ok(Self { input: received(body), genuine: genuine.map(received) })
    }
}

/// A message that is received.
fn received(operation: Operation, body: Vec<u8>) -> Input {
    match operation {
        Operation::VerifyResponse => Input::Response { node: None, body: Bytes(body) },
        _ => Input::Message(Bytes(body)),
    }
}

/// What the merchant's side sends is not signed yet.
fn requested(recipe: &Recipe, operation: Operation) -> Option<Input> {
    let params = recipe.complete();
    Some(match operation {
        Operation::StringToSign
        | Operation::Sign
        | Operation::BuildOrderString
        | Operation::BuildXml => Input::Params(params),
        Operation::BuildRequest | Operation::BuildForm => {
            let gateway = recipe.setup.family.params.as_ref()?.gateway.into();
            Input::Request { gateway, params }
        }
        _ => return None,
    })
}

/// The same question without a signature: what tells whether it is offered.
pub(super) fn unsigned(recipe: &Recipe, operation: Operation) -> Option<Input> {
    if let Some(frame) = recipe.frame() {
        return http::offered(recipe, frame);
    }
    requested(recipe, operation).or_else(|| {
        let wire = recipe.setup.family.params.as_ref()?.protocol.wire;
        Some(received(operation, written(wire, &encoded(recipe).ok()?)?))
    })
}

/// The vectors of a recipe about an operation: the case, and its valid twin where it is to be refused.
///
/// # Errors
/// Why there is no case.
pub(super) fn documents(
    recipe: &Recipe,
    operation: Operation,
    prefix: &str,
) -> Result<Vec<Value>, &'static str> {
    let Made { input, genuine } = Made::asked(recipe, operation)?;
    let reference = Reference::default();
    let ask = |input: &Input| recipe.setup.ask(operation, input.clone());
    let answer = |input| reference.perform(&ask(input));
    let id = format!("{prefix}-0001");
    let draft =
        Draft { id, setup: &recipe.setup, operation, input: &input, change: &recipe.change };
    let Some(genuine) = genuine else {
        return match answer(&input) {
            Answer::Value(output) | Answer::Accept(output) => {
                Ok(vec![document::valid(&draft, &output)])
            }
            _ => Err("the reference refuses it"),
        };
    };
    if let Input::Message(body) | Input::Response { node: None, body } = &input
        && let Some(why) = contested::message(recipe, &body.0)
        && why != NO_TEXT
    {
        return Err(why);
    }
    let id = format!("{prefix}-0002");
    let twin_draft = Draft { id, input: &genuine, change: &Change::None, ..draft.clone() };
    let Answer::Accept(output) = answer(&genuine) else {
        return Err("the reference refuses the message without the edit");
    };
    let Answer::Reject(rejection) = answer(&input) else {
        return Err("the reference accepts the edited message");
    };
    let reason = rejection.reason.ok_or("refused without a reason")?;
    let twin = document::valid(&twin_draft, &output);
    Ok(document::invalid(&draft, reason, twin, &twin_draft))
}

/// Checks the law of a recipe.
///
/// # Errors
/// Why it cannot be checked with this recipe.
pub(super) fn check(
    recipe: &Recipe,
    law: Law,
    implementation: &dyn Implementation,
) -> Result<LawOutcome, &'static str> {
    let setup = &*recipe.setup;
    let setting = &setup.setting(&setup.key).ok_or("no parameters")?;
    let params = recipe.complete();
    let [name, values @ ..] = &recipe.words;
    let message = || Message::of(recipe).map(|message| message.body);
    Ok(match law {
        Law::OrderDoesNotMatter => {
            law::order_does_not_matter(implementation, setting, &params, recipe.seed)
        }
        Law::EmptyValuesDoNotMatter => {
            let mut more = params.clone();
            more.push((name.clone(), String::new()));
            if let Some(why) = contested::params(recipe, &more) {
                return Err(why);
            }
            law::empty_values_do_not_matter(implementation, setting, &params, name)
        }
        Law::ExcludedNamesDoNotMatter => {
            law::excluded_names_do_not_matter(implementation, setting, &params, values)
        }
        Law::StringToSignAgreesWithTheNaiveModel => {
            law::string_to_sign_agrees_with_the_naive_model(implementation, setting, &params)
        }
        Law::OwnSignatureIsAccepted => {
            law::own_signature_is_accepted(implementation, setting, &params)
        }
        Law::BuiltRequestIsAccepted => {
            law::built_request_is_accepted(implementation, setting, &params)
        }
        Law::EditIsRefused => {
            let Change::Edit(edit) = &recipe.change else { return Err("no edit") };
            let body = message()?;
            if let Some(why) = contested::message(recipe, &body)
                && why != NO_TEXT
            {
                return Err(why);
            }
            law::edit_is_refused(implementation, setting, &encoded(recipe)?, edit)
        }
        Law::SameAnswerTwice => {
            let message = Input::Message(Bytes(message()?));
            let choices = [
                (Operation::VerifyNotify, message),
                (Operation::Sign, Input::Params(params.clone())),
                (Operation::StringToSign, Input::Params(params)),
            ];
            let offered = |(operation, input): &(Operation, Input)| {
                implementation.declines(&setting.ask(*operation, input.clone())).is_none()
            };
            let (operation, input) = choices.into_iter().find(offered).ok_or("not offered")?;
            law::same_answer_twice(implementation, setting, operation, &input)
        }
        Law::NotifyAndReturnAgree => {
            law::notify_and_return_agree(implementation, setting, &message()?)
        }
        Law::VerifyingAlwaysAnswers => {
            law::verifying_always_answers(implementation, setting, &message()?)
        }
        Law::VerdictAgreesWithTheNaiveModel => {
            let body = message()?;
            if let Some(why) = contested::message(recipe, &body) {
                return Err(why);
            }
            law::verdict_agrees_with_the_naive_model(implementation, setting, &body)
        }
        Law::FormSurvives => law::form_survives(implementation, setting, &encoded(recipe)?),
        Law::DecodesOnce => law::decodes_once(implementation, setting, &encoded(recipe)?),
        _ => return Err("a law about this crate's own functions"),
    })
}

/// What the test works on, for a reader.
pub(super) fn shown(recipe: &Recipe) -> Vec<u8> {
    let params = || serde_json::to_vec(&recipe.complete()).unwrap_or_default();
    if let Some(frame) = recipe.frame() {
        return Made::of(recipe, frame)
            .map_or_else(|_| params(), |made| document::shown(&made.input));
    }
    match recipe.test {
        Test::Operation(
            Operation::Decode
            | Operation::VerifyNotify
            | Operation::VerifyReturn
            | Operation::VerifyResponse,
        )
        | Test::Law(
            Law::VerdictAgreesWithTheNaiveModel
            | Law::NotifyAndReturnAgree
            | Law::VerifyingAlwaysAnswers
            | Law::EditIsRefused
            | Law::SameAnswerTwice,
        ) => Message::of(recipe).map_or_else(|_| params(), |message| message.body),
        Test::Law(Law::EmptyValuesDoNotMatter | Law::ExcludedNamesDoNotMatter) => {
            let words = serde_json::to_vec(&recipe.words).unwrap_or_default();
            [params(), b" + ".to_vec(), words].concat()
        }
        _ => params(),
    }
}
