//! The entries of the catalogue: their texts, and that each behaves unlike every other.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use alipay_conformance::mistake::{self, Mistake, Mistaken};
use alipay_conformance::suite::answer::Answer;
use alipay_conformance::suite::implementation::Implementation;
use alipay_conformance::vector::load::VectorSet;
use alipay_conformance::vector::operation::Operation;

#[test]
fn every_entry_is_named_and_explained_in_both_languages() {
    let mut ids = BTreeSet::new();
    for Mistake { id, what, fix, sources, .. } in mistake::all() {
        assert!(ids.insert(id), "{id}: stands twice");
        let is_kebab = |word: &str| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        assert!(id.split('-').all(is_kebab), "{id}: no kebab-case");
        for text in [what, fix] {
            assert!(!text.en.is_empty() && !text.zh.is_empty(), "{id}: no text");
            assert!(text.zh.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)), "{id}");
            // A sentence of a list: no capital in front, no full stop behind.
            let is_plain = |text: &str| !text.ends_with(['.', '。', ' ']) && text.trim() == text;
            assert!(is_plain(text.en) && is_plain(text.zh), "{id}: {text:?}");
        }
        assert!(!sources.is_empty(), "{id}: no source");
        assert!(sources.iter().all(|source| source.len() > 3), "{id}: {sources:?}");
    }
}

/// What an implementation cannot keep to itself: the operation's own value, or the verdict.
fn shown(operation: Operation, answer: &Answer) -> String {
    let output = match answer {
        Answer::Value(output) => output,
        Answer::Accept(_) => return "accept".into(),
        Answer::Reject(_) => return "reject".into(),
        other => return format!("{other:?}"),
    };
    match operation {
        Operation::StringToSign => format!("{:?}", output.string_to_sign),
        Operation::Sign => format!("{:?}", output.signature),
        Operation::Decode => format!("{:?}", output.decoded),
        Operation::BuildRequest | Operation::NotifyIdUrl => format!("{:?}", output.wire),
        Operation::BuildForm => format!("{:?}", output.html),
        _ => format!("{:?} {:?} {:?}", output.cause, output.decision, output.items),
    }
}

#[test]
fn no_two_entries_show_the_same_on_every_vector() {
    let set = VectorSet::embedded().unwrap();
    let mistakes: Vec<_> = mistake::all().collect();
    let (next, rows) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(mistake) = mistakes.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mistaken = Mistaken::new([*mistake]);
                    let answers = set
                        .cases()
                        .iter()
                        .map(|case| shown(case.ask.operation, &mistaken.perform(&case.ask)));
                    rows.lock().unwrap().push((answers.collect::<Vec<_>>(), mistake.id));
                }
            });
        }
    });
    let mut by_answers: BTreeMap<Vec<String>, Vec<&str>> = BTreeMap::new();
    for (answers, id) in rows.into_inner().unwrap() {
        by_answers.entry(answers).or_default().push(id);
    }
    let same: Vec<_> = by_answers.into_values().filter(|ids| ids.len() > 1).collect();
    assert!(same.is_empty(), "the same: {same:?}");
}
