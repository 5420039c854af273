//! What an adapter declares that it can do.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::charset::Charset;
use crate::suite::process::request::decoded;
use crate::suite::process::text::nearest;
use crate::vector::case::{Ask, Stage};
use crate::vector::input::{HttpMessage, Input, TextPairs, Transport};
use crate::vector::operation::Operation;

/// One entry of `supports`: an operation, and within which bounds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct Entry {
    op: String,
    protocol: String,
    sign_types: Option<Vec<String>>,
    charsets: Option<Vec<String>>,
    services: Option<Vec<String>>,
    transports: Option<Vec<String>>,
    #[serde(default)]
    input: Form,
    #[serde(default = "yes")]
    duplicates: bool,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

fn yes() -> bool {
    true
}

/// In which form the library takes a received message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Form {
    /// As it stands on the wire.
    #[default]
    Raw,
    /// As parameters that a web framework has decoded.
    Params,
}

const KNOWN: [&str; 8] =
    ["op", "protocol", "sign_types", "charsets", "services", "transports", "input", "duplicates"];

impl Entry {
    /// What is odd about the declaration, though no reason to stop.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        for name in self.unknown.keys() {
            let nearest = nearest(name, KNOWN).unwrap_or_default();
            warnings.push(format!(
                "hello_ok: supports has an unknown field {name:?}: the nearest known one is {nearest:?}"
            ));
        }
        let operations = Operation::ALL.map(Operation::name);
        if !operations.contains(&self.op.as_str()) {
            let (op, nearest) = (&self.op, nearest(&self.op, operations).unwrap_or_default());
            warnings.push(format!(
                "hello_ok: supports an unknown op {op:?}: the nearest known one is {nearest:?}"
            ));
        }
        for label in self.charsets.iter().flatten() {
            if let Err(unknown) = Charset::from_label(label) {
                warnings.push(format!("hello_ok: {unknown}"));
            }
        }
        let verifies = ["verify_notify", "verify_return"].contains(&self.op.as_str());
        if self.input == Form::Params && !verifies {
            warnings.push(format!(
                "hello_ok: \"input\": \"params\" means nothing for {}: expected it for verify_notify or \
                 verify_return",
                self.op
            ));
        }
        warnings
    }

    /// Why an ask is outside of the entry's bounds.
    ///
    /// Few different sentences, so that a report can count the cases of each.
    fn declines(&self, ask: &Ask) -> Option<String> {
        let listed = |list: &Option<Vec<String>>, value: Option<&str>| match (list, value) {
            (Some(list), Some(value)) => list.iter().any(|listed| listed == value),
            _ => true,
        };
        if !listed(&self.sign_types, ask.sign_type.as_deref()) {
            let sign_type = ask.sign_type.as_deref().unwrap_or_default();
            return Some(format!("sign type {sign_type} is not declared"));
        }
        let charset = ask.charset.label();
        if self.charsets.as_ref().is_some_and(|charsets| {
            !charsets.iter().any(|listed| listed.eq_ignore_ascii_case(charset))
        }) {
            return Some(format!("charset {charset} is not declared"));
        }
        if !listed(&self.services, service(ask)) {
            return Some("the service is not declared".into());
        }
        if let Input::NotifyId { transport, .. } = &ask.input {
            let transport = match transport {
                Transport::Https => "https",
                Transport::Http => "http",
            };
            if !listed(&self.transports, Some(transport)) {
                return Some(format!("transport {transport} is not declared"));
            }
        }
        let decoded_here = match self.input {
            Form::Params if matches!(ask.input, Input::Message(_)) => {
                match decoded(ask).filter(|_| ask.stage != Stage::Decode) {
                    None => return Some("the library takes decoded parameters".into()),
                    decoded => decoded,
                }
            }
            _ => None,
        };
        let pairs = decoded_here.as_ref().or_else(|| pairs(ask));
        if !self.duplicates && (pairs.is_some_and(has_duplicates) || repeats_a_header(ask)) {
            return Some("the library takes each name once".into());
        }
        None
    }
}

fn pairs(ask: &Ask) -> Option<&TextPairs> {
    match &ask.input {
        Input::Params(params)
        | Input::Request { params, .. }
        | Input::ClientParams { params, .. }
        | Input::Notification { notification: params, .. } => Some(params),
        _ => None,
    }
}

/// The service that an ask's parameters name; none of its parameters names one: `""`.
fn service(ask: &Ask) -> Option<&str> {
    let service = pairs(ask)?.iter().find(|(name, _)| name == "service");
    Some(service.map_or("", |(_, value)| value.as_str()))
}

fn has_duplicates(params: &TextPairs) -> bool {
    let mut seen = BTreeSet::new();
    params.iter().any(|(name, _)| !seen.insert(name))
}

/// A mapping of headers knows no case either. What the header with the signature holds is a mapping as well.
fn repeats_a_header(ask: &Ask) -> bool {
    let Input::Http(HttpMessage { params, headers, .. }) = &ask.input else { return false };
    let mut seen = BTreeSet::new();
    has_duplicates(params)
        || headers.iter().any(|(name, _)| !seen.insert(name.to_ascii_lowercase()))
}

/// The form in which an ask is put, or why it is not put.
///
/// The first entry that covers the ask decides. Where none does, the reason is that of the entry that names the
/// operation.
pub(super) fn find(supports: &[Entry], ask: &Ask) -> Result<Form, String> {
    let mut why = None;
    for entry in supports {
        if entry.op != ask.operation.name() || entry.protocol != ask.protocol {
            continue;
        }
        match entry.declines(ask) {
            None => return Ok(entry.input),
            Some(reason) => why = why.or(Some(reason)),
        }
    }
    let undeclared = || match supports.iter().any(|entry| entry.protocol == ask.protocol) {
        true => format!("operation {} is not declared", ask.operation),
        false => format!("protocol {} is not declared", ask.protocol),
    };
    Err(why.unwrap_or_else(undeclared))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::load::VectorSet;

    #[test]
    fn a_mapping_of_headers_is_not_asked_with_two_of_one_name() {
        let set = VectorSet::embedded().unwrap();
        let why = |id: &str, duplicates: bool| {
            let ask = &set.case(id).unwrap().ask;
            let entry = serde_json::json!({
                "op": ask.operation.name(), "protocol": ask.protocol, "duplicates": duplicates,
            });
            find(&[serde_json::from_value(entry).unwrap()], ask).err()
        };
        // The token twice, an item twice, no name twice.
        for (id, is_sent) in
            [("openapi-0724", false), ("openapi-0729", false), ("openapi-0720", true)]
        {
            assert_eq!(why(id, true), None, "{id}");
            assert_eq!(why(id, false).is_none(), is_sent, "{id}");
        }
    }
}
