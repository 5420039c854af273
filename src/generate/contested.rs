//! What is not judged: the points on which official implementations disagree.
//!
//! The vectors list the known answers to them as `tolerated`. A generated case has one right answer, so it keeps away
//! from such points, a little further than it must.

use std::collections::BTreeSet;

use crate::charset::Charset;
use crate::form::Limits;
use crate::generate::recipe::Recipe;
use crate::params::Params;
use crate::protocol::pipeline::Pipeline;

/// Whether tables of a charset disagree about a character, or may.
pub(super) fn character(charset: Charset, character: char) -> bool {
    let ideograph = ('\u{4E00}'..='\u{9FA5}').contains(&character);
    let common = character.is_ascii()
        || ('\u{FF01}'..='\u{FF5D}').contains(&character)
        || "、。《》".contains(character);
    match charset {
        Charset::Utf8 => false,
        Charset::Gbk => !common && !ideograph,
        Charset::Gb2312 => !(common || ideograph && is_of_gb2312(character)),
        Charset::Gb18030 => {
            !common && !ideograph && !('\u{1F300}'..='\u{1FAFF}').contains(&character)
        }
    }
}

/// GBK has more ideographs than GB 2312, in other rows and cells.
fn is_of_gb2312(character: char) -> bool {
    let mut buffer = [0; 4];
    let bytes = Charset::Gbk.encode(character.encode_utf8(&mut buffer));
    matches!(bytes.as_deref(), Ok([0xB0..=0xF7, 0xA1..=0xFE]))
}

/// Why it is contested what text is in a charset, or how it is written.
pub(super) fn text(charset: Charset, text: &str) -> Option<&'static str> {
    let contested = text.chars().any(|one| character(charset, one));
    contested.then_some("a character about which tables disagree")
}

/// Why it is contested what a list of parameters is signed as.
pub(super) fn params(recipe: &Recipe, params: &[(String, String)]) -> Option<&'static str> {
    let charset = recipe.setup.charset;
    let mut names = BTreeSet::new();
    for (parameter, value) in params {
        if let Some(why) = name(charset, parameter).or_else(|| text(charset, value)) {
            return Some(why);
        }
        if !names.insert(parameter) {
            return Some("a name that stands twice");
        }
        if let Some(why) = of_family(recipe, parameter, value) {
            return Some(why);
        }
    }
    order(charset, params).then_some("names that are sorted in different ways")
}

/// What is contested in this protocol alone.
fn of_family(recipe: &Recipe, name: &str, value: &str) -> Option<&'static str> {
    let family = recipe.setup.family.params.as_ref()?;
    let fixed = (family.fixed)(&recipe.setup, name);
    if fixed.is_some_and(|fixed| fixed != value) {
        return Some("another value than the one that is agreed on");
    }
    (family.contested)(recipe.test, name, value)
}

/// Why a list of parameters makes no case: its service refuses it, it lacks what a message must name, or nothing is
/// signed, at which an official demo fails.
pub(super) fn no_message(recipe: &Recipe, params: &[(String, String)]) -> Option<&'static str> {
    let family = recipe.setup.family;
    let needed = family.params.as_ref().filter(|_| recipe.test.verifies());
    let needed = needed.map_or(&[][..], |params| params.received);
    let is_lacking = |(name, value): &(String, String)| {
        value.is_empty() && needed.iter().any(|(needed, _)| needed == name)
    };
    let signed = |(name, value): &(String, String)| !value.is_empty() && !family.excludes(name);
    if recipe.is_refused() {
        Some("a request that its service refuses")
    } else if params.iter().any(is_lacking) {
        Some("a message without what it must name")
    } else {
        (!params.iter().any(signed)).then_some("nothing to sign")
    }
}

fn name(charset: Charset, name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("an empty name")
    } else if name.bytes().all(|byte| byte.is_ascii_digit()) {
        Some("a name that PHP takes for a number")
    } else if name.contains([' ', '.', '[', '\0']) {
        Some("a name that PHP writes otherwise")
    } else if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Some("a name with a capital")
    } else {
        text(charset, name)
    }
}

/// Whether sorting by whole pairs, by UTF-16 or with `_` before the digits gives another order than by bytes.
fn order(charset: Charset, params: &[(String, String)]) -> bool {
    let mut sorted: Vec<(Vec<u8>, &(String, String))> = params
        .iter()
        .map(|pair| (charset.encode(&pair.0).unwrap_or_default().into_owned(), pair))
        .collect();
    sorted.sort();
    let mut neighbours = sorted.iter().zip(sorted.iter().skip(1));
    neighbours.any(|((bytes, (name, value)), (other_bytes, (other, other_value)))| {
        let pair = |name: &[u8], value: &String| [name, b"=", value.as_bytes()].concat();
        let low = |name: &String| name.replace('_', "\0");
        pair(bytes, value) > pair(other_bytes, other_value)
            || name.encode_utf16().gt(other.encode_utf16())
            || low(name) > low(other)
    })
}

/// Why it is contested what a message decodes to, or whether it may be genuine.
pub(super) fn message(recipe: &Recipe, message: &[u8]) -> Option<&'static str> {
    let (charset, family) = (recipe.setup.charset, recipe.setup.family);
    let protocol = family.params.as_ref()?.protocol;
    let mut params = Params::new();
    let pipeline = Pipeline { limits: Limits::DEFAULT, ..Pipeline::new(protocol) };
    if pipeline.decode(message, &mut params).is_err() {
        return Some("a malformed escape");
    }
    let Ok(pairs) = params.decode(charset) else { return Some(NO_TEXT) };
    // Whoever knows the sign type may put it back.
    let is_signed = !protocol.callback_excluded.contains(&protocol.sign_type);
    if recipe.test.verifies() && is_signed && params.get(protocol.sign_type.as_bytes()).is_none() {
        return Some("a message without the sign type that is signed in it");
    }
    let mut names = BTreeSet::new();
    let one = |part: &String| text(charset, part);
    pairs.iter().find_map(|(name, value)| {
        let twice = (!names.insert(name)).then_some("a name that stands twice");
        let own = [protocol.signature, protocol.sign_type];
        let capital = own.iter().any(|own| own.eq_ignore_ascii_case(name) && own != name);
        let capital = capital.then_some("an excluded name with a capital");
        let is_own = own.contains(&name.as_str());
        let contested = || (family.params.as_ref()?.contested)(recipe.test, name, value);
        twice
            .or(capital)
            .or_else(|| one(name))
            .or_else(|| one(value))
            .or_else(|| if is_own { None } else { contested() })
    })
}

/// What all refuse in a message that is not genuine, as its signature is none of theirs.
pub(super) const NO_TEXT: &str = "bytes that are not of the charset";

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::generate::family::{self, Config};
    use crate::generate::recipe::Test;
    use crate::generate::setup::Setup;
    use crate::vector::case::{Ask, Case, Verdict};
    use crate::vector::input::Input;
    use crate::vector::load::VectorSet;
    use crate::vector::operation::Operation;

    fn why(case: &Case, set: &VectorSet) -> Option<&'static str> {
        let Ask { operation, protocol, sign_type, charset, input, .. } = &case.ask;
        let family = family::ALL.iter().find(|family| family.id == protocol)?;
        let fits = |config: &&Config| {
            sign_type
                .as_deref()
                .is_none_or(|name| config.sign_type.is_some_and(|own| own.name() == name))
        };
        let config = family.configs.iter().find(fits)?;
        let setup = Setup::new(family, config, *charset, set).map(Arc::new)?;
        let mut recipe = Recipe::new(Test::Operation(*operation), setup, None);
        match input {
            Input::Params(pairs) | Input::Request { params: pairs, .. } => {
                recipe.params.clone_from(pairs);
                recipe.contested()
            }
            Input::Message(body) => message(&recipe, &body.0),
            _ => None,
        }
    }

    /// Those that this does not see are made by no generator: they are about a value's own signature, what demos do to
    /// markup, and spellings of XML that are not drawn.
    #[test]
    fn what_the_vectors_tolerate_is_not_judged() {
        let judged = [
            Operation::StringToSign,
            Operation::Sign,
            Operation::BuildRequest,
            Operation::BuildForm,
            Operation::BuildOrderString,
            Operation::BuildXml,
            Operation::Decode,
        ];
        let set = VectorSet::embedded().unwrap();
        let is_judged = |case: &&Case| {
            let is_known = family::ALL.iter().any(|family| family.id == case.ask.protocol);
            is_known
                && matches!(case.verdict, Verdict::Tolerated(_))
                && judged.contains(&case.ask.operation)
        };
        let cases = set.cases().iter().filter(is_judged);
        let missed: Vec<&str> =
            cases.filter(|case| why(case, &set).is_none()).map(|case| case.id.as_str()).collect();
        assert_eq!(missed, ["mapi-0148", "mapi-0183", "wechat-0147"]);
    }
}
