//! The catalogue against the embedded vectors: every mistake is caught, and no two are the same implementation.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use alipay_conformance::mistake::{self, Mistake, Mistaken};
use alipay_conformance::suite::answer::Answer;
use alipay_conformance::suite::implementation::Implementation;
use alipay_conformance::suite::judge::judge;
use alipay_conformance::suite::outcome::Outcome;
use alipay_conformance::vector::load::VectorSet;

/// What a mistaken implementation answers to every case, and the cases that it fails.
struct Row {
    mistake: &'static Mistake,
    answers: Vec<Answer>,
    failed: Vec<String>,
}

fn rows(set: &VectorSet) -> Vec<Row> {
    let mistakes: Vec<_> = mistake::all().collect();
    let (next, rows) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(mistake) = mistakes.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let row = row(set, mistake);
                    rows.lock().unwrap().push(row);
                }
            });
        }
    });
    rows.into_inner().unwrap()
}

fn row(set: &VectorSet, mistake: &'static Mistake) -> Row {
    let mistaken = Mistaken::new([mistake]);
    let answers: BTreeMap<_, _> =
        set.cases().iter().map(|case| (case.id.as_str(), mistaken.perform(&case.ask))).collect();
    let failed = set.cases().iter().filter(|case| {
        let twin = || answers.get(case.twin_id()?).map(std::borrow::Cow::Borrowed);
        matches!(judge(case, &answers[case.id.as_str()], twin), Outcome::Fail(_))
    });
    let failed = failed.map(|case| case.id.clone()).collect();
    Row { mistake, answers: answers.into_values().collect(), failed }
}

#[test]
fn every_mistake_is_caught_and_no_two_are_the_same() {
    let set = VectorSet::embedded().unwrap();
    let rows = rows(&set);
    if std::env::var_os("SHOW").is_some() {
        for row in &rows {
            println!("{}\t{}", row.mistake.id, row.failed.join(" "));
        }
    }
    let survivors: Vec<_> =
        rows.iter().filter(|row| row.failed.is_empty()).map(|row| row.mistake.id).collect();
    let mut same = Vec::new();
    for (index, one) in rows.iter().enumerate() {
        for other in &rows[index + 1..] {
            if one.failed == other.failed && one.answers == other.answers {
                same.push((one.mistake.id, other.mistake.id));
            }
        }
    }
    assert!(survivors.is_empty(), "no case catches {survivors:?}");
    assert!(same.is_empty(), "the same: {same:?}");
}
