//! The catalogue against the embedded vectors: every mistake is caught, no two are the same implementation, and none that
//! was ever seen is forgotten.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod odd;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use alipay_conformance::mistake::{self, Mistake, Mistaken, waiting};
use alipay_conformance::suite::answer::Answer;
use alipay_conformance::suite::implementation::Implementation;
use alipay_conformance::suite::judge::judge;
use alipay_conformance::suite::outcome::Outcome;
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::vector::case::Case;
use alipay_conformance::vector::load::VectorSet;
use alipay_conformance::vector::operation::Operation;
use alipay_conformance::vector::reason::Reason;

/// What a mistaken implementation shows in every case, and the cases that it fails.
struct Row {
    mistake: &'static Mistake,
    shown: Vec<String>,
    reasons: Vec<Option<Reason>>,
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
    let answer = |case: &Case| (case.id.clone(), mistaken.perform(&case.ask));
    let answers: BTreeMap<_, _> = set.cases().iter().map(answer).collect();
    let failed = set.cases().iter().filter(|case| {
        let twin = || answers.get(case.twin_id()?).map(Cow::Borrowed);
        matches!(judge(case, &answers[&case.id], twin), Outcome::Fail(_))
    });
    let failed = failed.map(|case| case.id.clone()).collect();
    let shown = set.cases().iter().map(|case| shown(case.ask.operation, &answers[&case.id]));
    let reason = |case: &Case| match &answers[&case.id] {
        Answer::Reject(rejection) => rejection.reason,
        _ => None,
    };
    let reasons = set.cases().iter().map(reason).collect();
    Row { mistake, shown: shown.collect(), reasons, failed }
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
        Operation::SignRequest => format!("{:?} {:?}", output.signature, output.headers),
        Operation::Decode => format!("{:?}", output.decoded),
        Operation::BuildRequest | Operation::NotifyIdUrl => format!("{:?}", output.wire),
        Operation::BuildForm => format!("{:?}", output.html),
        Operation::Encrypt | Operation::Decrypt => format!("{:?}", output.content),
        Operation::CertificateSn | Operation::RootCertificateSn => format!("{:?}", output.sn),
        Operation::BuildOrderString => format!("{:?}", output.order_string),
        Operation::BuildXml => format!("{:?}", output.xml),
        Operation::BuildClientParams => format!("{:?}", output.client_params),
        Operation::BuildReply => format!("{:?}", output.reply),
        _ => format!("{:?} {:?} {:?}", output.cause, output.decision, output.items),
    }
}

#[test]
fn every_mistake_is_caught_and_no_two_are_the_same() {
    let set = VectorSet::embedded().unwrap();
    let rows = rows(&set);
    let survivors: Vec<_> =
        rows.iter().filter(|row| row.failed.is_empty()).map(|row| row.mistake.id).collect();
    assert!(survivors.is_empty(), "no case catches {survivors:?}");
    let right = |case: &Case| shown(case.ask.operation, &Reference::default().perform(&case.ask));
    let right: Vec<_> = set.cases().iter().map(right).collect();
    let mut first = BTreeMap::new();
    let twice = rows.iter().filter_map(|row| {
        // Some only give another reason: those are told apart by it.
        let reasons = if row.shown == right { row.reasons.as_slice() } else { &[] };
        let other = first.insert((&row.shown, reasons), row.mistake.id)?;
        Some((other, row.mistake.id))
    });
    let twice: Vec<_> = twice.collect();
    assert!(twice.is_empty(), "these show the same: {twice:?}");
}

/// The ids of the mistakes that were seen in published code, reports and documents.
const SEEN: &str = include_str!("seen.txt");

#[test]
fn every_mistake_that_was_seen_is_in_the_catalogue_or_waits() {
    let caught: BTreeSet<_> = mistake::all().map(|mistake| mistake.id).collect();
    let waiting: BTreeSet<_> = waiting::all().map(|waiting| waiting.id).collect();
    assert_eq!(caught.len(), mistake::all().count(), "an id stands twice in the catalogue");
    assert_eq!(waiting.len(), waiting::all().count(), "an id stands twice among those that wait");
    let both: Vec<_> = caught.intersection(&waiting).collect();
    assert!(both.is_empty(), "in the catalogue, and waiting: {both:?}");

    let seen: BTreeSet<_> = SEEN.lines().collect();
    assert_eq!(seen.len(), 184);
    let known: BTreeSet<_> = caught.union(&waiting).copied().collect();
    let forgotten: Vec<_> = seen.difference(&known).collect();
    assert!(forgotten.is_empty(), "forgotten: {forgotten:?}");
    let unheard: Vec<_> = waiting.difference(&seen).collect();
    assert!(unheard.is_empty(), "waiting, and never seen: {unheard:?}");
}

#[test]
fn every_text_is_there_in_both_languages() {
    let texts =
        mistake::all().flat_map(|mistake| [(mistake.id, mistake.what), (mistake.id, mistake.fix)]);
    for (id, text) in texts.chain(waiting::all().map(|waiting| (waiting.id, waiting.title))) {
        let is_han = |character| ('\u{4E00}'..='\u{9FFF}').contains(&character);
        assert!(!text.en.chars().any(is_han), "{id}: {}", text.en);
        assert!(text.zh.chars().any(is_han), "{id}: {}", text.zh);
    }
}
