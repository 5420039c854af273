//! The vectors' own score, and the page made from the catalogue.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use alipay_conformance::mistake::matrix::Matrix;
use alipay_conformance::mistake::{self, Mistake};
use alipay_conformance::report::{Lang, mistakes};
use alipay_conformance::vector::load::VectorSet;
use serde_json::{Value, json};

fn ids(mistakes: &[&Mistake]) -> Vec<&'static str> {
    mistakes.iter().map(|mistake| mistake.id).collect()
}

#[test]
fn every_mistake_and_every_pair_is_caught_and_no_vector_is_idle() {
    let set = VectorSet::embedded().unwrap();
    let matrix = Matrix::new(&set, mistake::all());
    let not_caught: Vec<_> =
        matrix.rows.iter().filter(|row| row.caught_by.is_empty()).map(|row| row.mistake).collect();
    assert!(not_caught.is_empty(), "no vector catches {:?}", ids(&not_caught));
    let not_named = matrix.rows.iter().filter(|row| row.named_by().next().is_none());
    let not_named: Vec<_> = not_named.map(|row| row.mistake).collect();
    assert!(not_named.is_empty(), "no vector that catches it names {:?}", ids(&not_named));
    let wrong: Vec<_> =
        matrix.wrong_names().into_iter().map(|(case, id)| format!("{} {id}", case.id)).collect();
    assert!(wrong.is_empty(), "named and not caught: {wrong:?}");
    let idle: Vec<_> = matrix.idle_cases().into_iter().map(|case| &case.id).collect();
    assert!(idle.is_empty(), "these catch nothing, are no twin and state no purpose: {idle:?}");

    let pairs = matrix.pairs();
    assert_eq!(pairs.count, matrix.rows.len() * (matrix.rows.len() - 1) / 2);
    let hidden: Vec<_> = pairs.hidden.iter().map(|pair| ids(pair)).collect();
    assert!(hidden.is_empty(), "no vector catches these together: {hidden:?}");

    let (mistakes, cases) = (matrix.rows.len(), set.cases().len());
    let catching = matrix.rows.iter().flat_map(|row| &row.caught_by).map(|case| &case.id);
    let catching = catching.collect::<BTreeSet<_>>().len();
    for (caught, of) in
        [(mistakes, mistakes), (pairs.count, pairs.count), (catching, cases), (cases, cases)]
    {
        let figure = format!("{caught} / {of} ");
        for (name, text) in READMES {
            assert!(text.contains(&figure), "{name} does not have: {figure}");
        }
    }
}

/// The score is published in them.
const READMES: [(&str, &str); 2] = [
    ("README.md", include_str!("../README.md")),
    ("README.zh-CN.md", include_str!("../README.zh-CN.md")),
];

/// A set of one case and the definitions that it needs.
fn set_of(id: &str, change: impl Fn(&mut Value)) -> VectorSet {
    let embedded = VectorSet::embedded().unwrap();
    let mut case = embedded.document(id).unwrap().clone();
    change(&mut case);
    let files = alipay_conformance::vector::embedded::FILES;
    let definitions = files.iter().filter(|(name, _)| !name.contains('/'));
    let mut texts: Vec<(String, String)> =
        definitions.map(|(name, text)| ((*name).into(), (*text).into())).collect();
    let file = json!({ "format": 1, "about": { "en": "one", "zh": "一" }, "cases": [case] });
    texts.push(("one/case.json".into(), file.to_string()));
    let texts = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    VectorSet::from_texts(texts, None).unwrap()
}

#[test]
fn a_gap_is_found() {
    let sort = || mistake::find("sort-none");
    let plain = set_of("mapi-0096", |case| {
        case.as_object_mut().unwrap().remove("mistakes");
    });
    let matrix = Matrix::new(&plain, sort());
    assert_eq!(matrix.rows[0].caught_by.len(), 1);
    assert_eq!(matrix.rows[0].named_by().count(), 0);
    assert!(matrix.idle_cases().is_empty());

    let named = set_of("mapi-0096", |case| case["mistakes"] = json!(["sort-none", "no-such"]));
    let matrix = Matrix::new(&named, sort());
    assert_eq!(matrix.rows[0].named_by().count(), 1);
    assert_eq!(matrix.wrong_names().iter().map(|(_, id)| *id).collect::<Vec<_>>(), ["no-such"]);

    // One parameter needs no order.
    let sorted = |case: &mut Value| {
        let case = case.as_object_mut().unwrap();
        case.insert("input".into(), json!({ "params": [["notify_id", "1234"]] }));
        case.insert("charset".into(), json!("utf-8"));
        case.insert("key".into(), json!("md5-a"));
        case.insert("expect".into(), json!({ "string_to_sign": "notify_id=1234" }));
        case.insert("operation".into(), json!("string_to_sign"));
        case.remove("mistakes");
        case.remove("purpose");
    };
    let idle = set_of("mapi-0096", sorted);
    let matrix = Matrix::new(&idle, sort());
    assert_eq!(matrix.rows[0].caught_by.len(), 0);
    assert_eq!(matrix.idle_cases().len(), 1);
    let purposeful = set_of("mapi-0096", |case| {
        sorted(case);
        case["purpose"] = json!({ "en": "shows something", "zh": "说明" });
    });
    assert!(Matrix::new(&purposeful, sort()).idle_cases().is_empty());
}

#[test]
fn mistakes_that_hide_each_other_are_found() {
    // Neither is caught where nothing is asked that shows it, so together they are not either.
    let set = set_of("mapi-0096", |_| {});
    let checks = mistake::all().filter(|mistake| matches!(mistake.twin, mistake::Twin::Checks(_)));
    let matrix = Matrix::new(&set, checks.take(2));
    let pairs = matrix.pairs();
    assert_eq!((pairs.count, pairs.hidden.len()), (1, 1));
}

#[test]
fn the_page_is_that_of_the_catalogue() {
    let set = VectorSet::embedded().unwrap();
    for (name, lang) in [("mistakes.md", Lang::En), ("mistakes.zh-CN.md", Lang::Zh)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
        let page = mistakes::document(set.cases(), lang);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &page).unwrap();
        }
        let is_same = fs::read_to_string(&path).is_ok_and(|text| text == page);
        assert!(is_same, "docs/{name}: make anew by BLESS=1 cargo test --test matrix page");
    }
}
