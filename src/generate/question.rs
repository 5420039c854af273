//! Recipes as questions: vectors for the operations, and the laws.

use serde_json::Value;

use crate::generate::contested;
use crate::generate::document::{self, Draft};
use crate::generate::message::{Message, encoded};
use crate::generate::recipe::{Change, GATEWAY, Recipe, Test};
use crate::law::{self, Law, Outcome as LawOutcome};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::suite::reference::Reference;
use crate::vector::bytes::Bytes;
use crate::vector::input::Input;
use crate::vector::load::VectorSet;
use crate::vector::operation::Operation;

/// The vectors of a recipe about an operation: the case, and its valid twin where it is to be refused.
///
/// # Errors
/// Why there is no case.
pub(super) fn documents(
    recipe: &Recipe,
    operation: Operation,
    embedded: &VectorSet,
    prefix: &str,
) -> Result<Vec<Value>, &'static str> {
    let params = || recipe.complete();
    let input = match operation {
        Operation::StringToSign | Operation::Sign => Input::Params(params()),
        Operation::BuildRequest => Input::Request { gateway: GATEWAY.into(), params: params() },
        Operation::Decode if recipe.body.is_none() => {
            let Message { body, .. } = Message::of(recipe, embedded)?;
            return valid(recipe, operation, Input::Message(Bytes(body)), prefix);
        }
        _ => return message(recipe, operation, embedded, prefix),
    };
    valid(recipe, operation, input, prefix)
}

fn draft<'a>(recipe: &'a Recipe, operation: Operation, input: &'a Input, id: String) -> Draft<'a> {
    Draft { id, setting: &recipe.setting, operation, input, change: &recipe.change }
}

fn valid(
    recipe: &Recipe,
    operation: Operation,
    input: Input,
    prefix: &str,
) -> Result<Vec<Value>, &'static str> {
    let ask = recipe.setting.ask(operation, input.clone());
    match Reference::default().perform(&ask) {
        Answer::Value(output) | Answer::Accept(output) => {
            let draft = draft(recipe, operation, &input, format!("{prefix}-0001"));
            Ok(vec![document::valid(&draft, &output)])
        }
        _ => Err("the reference refuses it"),
    }
}

fn message(
    recipe: &Recipe,
    operation: Operation,
    embedded: &VectorSet,
    prefix: &str,
) -> Result<Vec<Value>, &'static str> {
    let Message { body, genuine } = Message::of(recipe, embedded)?;
    let Some(genuine) = genuine else {
        return valid(recipe, operation, Input::Message(Bytes(body)), prefix);
    };
    let charset = recipe.setting.charset;
    if let Some(why) = contested::message(charset, &body) {
        // Bytes that are no text are refused by all, as the signature is none of theirs.
        if why != "bytes that are not of the charset" {
            return Err(why);
        }
    }
    let twin_input = Input::Message(Bytes(genuine.clone()));
    let genuine_id = format!("{prefix}-0002");
    let twin_draft =
        Draft { change: &Change::None, ..draft(recipe, operation, &twin_input, genuine_id) };
    let ask = |body: &[u8]| recipe.setting.ask_message(operation, body);
    let Answer::Accept(output) = Reference::default().perform(&ask(&genuine)) else {
        return Err("the reference refuses the message without the edit");
    };
    let Answer::Reject(rejection) = Reference::default().perform(&ask(&body)) else {
        return Err("the reference accepts the edited message");
    };
    let reason = rejection.reason.ok_or("refused without a reason")?;
    let input = Input::Message(Bytes(body));
    let draft = draft(recipe, operation, &input, format!("{prefix}-0001"));
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
    embedded: &VectorSet,
) -> Result<LawOutcome, &'static str> {
    let setting = &*recipe.setting;
    let params = recipe.complete();
    let [name, values @ ..] = &recipe.words;
    let message = || Message::of(recipe, embedded).map(|message| message.body);
    Ok(match law {
        Law::OrderDoesNotMatter => {
            law::order_does_not_matter(implementation, setting, &params, recipe.seed)
        }
        Law::EmptyValuesDoNotMatter => {
            let mut more = params.clone();
            more.push((name.clone(), String::new()));
            if let Some(why) = contested::params(setting.charset, &more) {
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
            if let Some(why) = contested::message(setting.charset, &body)
                && why != "bytes that are not of the charset"
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
            if let Some(why) = contested::message(setting.charset, &body) {
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
pub(super) fn shown(recipe: &Recipe, embedded: &VectorSet) -> Vec<u8> {
    let params = || serde_json::to_vec(&recipe.complete()).unwrap_or_default();
    match recipe.test {
        Test::Operation(Operation::Decode | Operation::VerifyNotify | Operation::VerifyReturn)
        | Test::Law(
            Law::VerdictAgreesWithTheNaiveModel
            | Law::NotifyAndReturnAgree
            | Law::VerifyingAlwaysAnswers
            | Law::EditIsRefused
            | Law::SameAnswerTwice,
        ) => Message::of(recipe, embedded).map_or_else(|_| params(), |message| message.body),
        Test::Law(Law::EmptyValuesDoNotMatter | Law::ExcludedNamesDoNotMatter) => {
            let words = serde_json::to_vec(&recipe.words).unwrap_or_default();
            [params(), b" + ".to_vec(), words].concat()
        }
        _ => params(),
    }
}
