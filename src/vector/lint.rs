//! What a set of vectors must satisfy beyond its format.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::vector::case::{Case, Edit, Twin, Verdict};
use crate::vector::load::VectorSet;

/// Something wrong with a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The case's id, or the name of the definition.
    pub about: String,
    /// What is wrong.
    pub problem: String,
}

/// Looks through a set: ids of the right form, definitions used, both languages there, tolerated answers different
/// from each other, and every twin one edit away.
///
/// What [`VectorSet::load`] refuses (unknown fields, duplicate ids, undefined names) need not be looked for again.
#[must_use]
pub fn lint(set: &VectorSet) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |about: &str, problem: String| {
        findings.push(Finding { about: about.into(), problem });
    };
    for case in set.cases() {
        for problem in problems(set, case) {
            find(&case.id, problem);
        }
    }
    let used = |of: fn(&Case) -> Vec<&str>| -> BTreeSet<&str> {
        set.cases().iter().flat_map(of).collect()
    };
    let flags = used(|case| case.flags.iter().map(String::as_str).collect());
    let rules = used(|case| vec![case.rule.as_str()]);
    let documents = || set.cases().iter().filter_map(|case| set.document(&case.id));
    let of_other_side = documents().filter_map(|case| case.get("keys")?.as_array()).flatten();
    let keys: BTreeSet<&str> = documents()
        .filter_map(|case| case.get("key"))
        .chain(of_other_side.filter_map(|named| named.get(1)))
        .filter_map(Value::as_str)
        .collect();
    for (kind, defined, used) in [
        ("flag", set.flags().keys().collect::<Vec<_>>(), flags),
        ("rule", set.rules().keys().collect(), rules),
        ("key", set.keys().keys().collect(), keys),
    ] {
        for name in defined.into_iter().filter(|name| !used.contains(name.as_str())) {
            find(name, format!("this {kind} is defined, and no case uses it"));
        }
    }
    findings
}

fn problems(set: &VectorSet, case: &Case) -> Vec<String> {
    let mut problems = Vec::new();
    if !well_formed(&case.id) {
        problems.push("id: expected letters and digits, a hyphen, four digits".into());
    }
    if case.title.en.trim().is_empty() || case.title.zh.trim().is_empty() {
        problems.push("title: expected both languages".into());
    }
    match &case.verdict {
        Verdict::Valid(_) => {}
        Verdict::Invalid { twin, .. } => problems.extend(twin_problem(set, case, twin)),
        Verdict::Tolerated(answers) => {
            let same = answers.iter().enumerate().any(|(index, known)| {
                answers.iter().skip(index + 1).any(|other| other.answer == known.answer)
            });
            if same {
                problems.push("answers: two are the same".into());
            }
        }
    }
    problems
}

fn well_formed(id: &str) -> bool {
    id.split_once('-').is_some_and(|(protocol, number)| {
        protocol.starts_with(|first: char| first.is_ascii_lowercase())
            && protocol.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            && number.len() == 4
            && number.chars().all(|c| c.is_ascii_digit())
    })
}

/// What a twin and its case may differ in, all else being no question to the implementation.
const ASKED: [&str; 7] = ["protocol", "operation", "charset", "sign_type", "key", "keys", "input"];

fn twin_problem(set: &VectorSet, case: &Case, twin: &Twin) -> Option<String> {
    let asked = |id: &str| {
        let document = set.document(id)?.as_object()?;
        let fields = ASKED
            .iter()
            .map(|name| ((*name).to_owned(), document.get(*name).cloned().unwrap_or(Value::Null)));
        Some(Value::Object(fields.collect()))
    };
    let other = set.case(&twin.id)?;
    if other.ask.operation != case.ask.operation {
        return Some(format!("twin {}: of another operation", twin.id));
    }
    if !matches!(other.verdict, Verdict::Valid(_)) {
        return Some(format!("twin {}: not a valid case", twin.id));
    }
    let (mut edited, own) = (asked(&twin.id)?, asked(&case.id)?);
    if edited == own {
        return Some(format!("twin {}: asks the same", twin.id));
    }
    match apply(&twin.edit, &mut edited) {
        Err(problem) => Some(format!("twin {}: {problem}", twin.id)),
        Ok(()) if edited != own => {
            Some(format!("twin {}: the edit does not give this case", twin.id))
        }
        Ok(()) => None,
    }
}

/// Applies an edit to the JSON of a case.
///
/// # Errors
/// What the edit removes is not there.
pub fn apply(edit: &Edit, case: &mut Value) -> Result<(), String> {
    let at = &edit.at;
    let target = case.pointer_mut(at).ok_or_else(|| format!("edit: nothing at {at}"))?;
    let Some(offset) = edit.offset else {
        if *target != edit.remove {
            return Err(format!("edit: {at} is {target}, not {}", edit.remove));
        }
        *target = edit.insert.clone();
        return Ok(());
    };
    let is_base64 = at.ends_with("_b64");
    match (&mut *target, &edit.remove, &edit.insert) {
        (Value::String(text), Value::String(remove), Value::String(insert)) => {
            let bytes = |text: &str| match is_base64 {
                true => crate::vector::bytes::from_base64::<serde_json::Error>(text, at)
                    .map_err(|error| error.to_string()),
                false => Ok(text.as_bytes().to_vec()),
            };
            let spliced = splice(&bytes(text)?, offset, &bytes(remove)?, &bytes(insert)?)?;
            *text = match is_base64 {
                true => crate::vector::bytes::to_base64(&spliced),
                false => String::from_utf8(spliced).map_err(|error| error.to_string())?,
            };
            Ok(())
        }
        (Value::Array(elements), Value::Array(remove), Value::Array(insert)) => {
            *elements = splice(elements, offset, remove, insert)?;
            Ok(())
        }
        _ => Err(format!("edit: {at}, remove and insert must be three strings or three arrays")),
    }
}

fn splice<T: Clone + PartialEq>(
    whole: &[T],
    offset: usize,
    remove: &[T],
    insert: &[T],
) -> Result<Vec<T>, String> {
    let (before, rest) = whole
        .split_at_checked(offset)
        .ok_or_else(|| format!("edit: offset {offset} is beyond the end"))?;
    let after = rest
        .strip_prefix(remove)
        .ok_or_else(|| format!("edit: what it removes is not at offset {offset}"))?;
    Ok([before, insert, after].concat())
}
