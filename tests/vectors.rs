//! The embedded vectors: schema, lint, and the reference's conformance in every RSA backend; and what the loader and the
//! lint say of vectors that are wrong.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::sync::atomic::AtomicBool;

use alipay_conformance::protocol::pipeline::{REFERENCE, Stages};
use alipay_conformance::signature::{self, Backend};
use alipay_conformance::suite::outcome::Outcome;
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::suite::run::{Conclusion, Options, run};
use alipay_conformance::vector::embedded;
use alipay_conformance::vector::lint::lint;
use alipay_conformance::vector::load::VectorSet;
use serde_json::{Value, json};

fn vectors() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

#[test]
fn every_file_obeys_the_schema() {
    let schema = std::fs::read_to_string(vectors().join("schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for (name, text) in embedded::FILES {
        let mut file: Value = serde_json::from_str(text).unwrap();
        if let Some(error) = schema.iter_errors(&file).next() {
            panic!("{name}: {error} at {}", error.instance_path());
        }
        file["cases"] = json!([{ "id": "mapi-0000" }]);
        assert!(!schema.is_valid(&file), "the schema lets anything through");
    }
}

#[test]
fn the_lint_finds_nothing() {
    let findings = lint(&VectorSet::embedded().unwrap());
    assert!(findings.is_empty(), "{findings:#?}");
}

#[track_caller]
fn assert_conforms(reference: &Reference) {
    let set = VectorSet::embedded().unwrap();
    let options = Options { jobs: 2, interrupted: &AtomicBool::new(false) };
    let run = run(reference, &set, |_| true, options);
    for result in &run.results {
        if let Outcome::Fail(failure) = &result.outcome {
            println!("{} {}: {failure:?}", result.case.id, result.case.title.en);
        }
    }
    assert_eq!(run.conclusion(600), Conclusion::Conforms);
    assert_eq!(run.counts().not_applicable, 0, "the reference offers every operation");
}

#[test]
fn the_reference_conforms() {
    assert_conforms(&Reference::default());
}

/// The `rsa` crate alone: what it does not do is not done.
#[test]
fn the_reference_conforms_without_a_second_backend() {
    let stages = Stages {
        sign: |sign_type, key, message| match signature::sign_with(
            Backend::Pure,
            sign_type,
            key,
            message,
        ) {
            Some(signature) => Ok(signature),
            None => signature::sign(sign_type, key, message),
        },
        verify: |sign_type, key, message, sign| {
            signature::verify_with(Backend::Pure, sign_type, key, message, sign)
                .unwrap_or_else(|| signature::verify(sign_type, key, message, sign))
        },
        ..REFERENCE
    };
    assert_conforms(&Reference { stages, ..Reference::default() });
}

/// The text of a set of two cases, one the other's twin, changed by `change`.
fn two_cases(change: impl FnOnce(&mut Value)) -> String {
    let set = VectorSet::embedded().unwrap();
    let invalid = set.cases().iter().find(|case| case.twin_id().is_some()).unwrap();
    let twin = set.document(invalid.twin_id().unwrap()).unwrap();
    let mut file = json!({
        "format": 1,
        "about": { "en": "two cases", "zh": "两个用例" },
        "cases": [twin, set.document(&invalid.id).unwrap()],
    });
    change(&mut file);
    file.to_string()
}

fn load(text: &str) -> Result<VectorSet, String> {
    let embedded = VectorSet::embedded().unwrap();
    VectorSet::from_texts([("own.json", text)], Some(&embedded)).map_err(|error| error.to_string())
}

#[test]
fn a_set_of_ones_own_uses_the_embedded_definitions() {
    let set = load(&two_cases(|_| ())).unwrap();
    assert_eq!(set.cases().len(), 2);
    assert!(lint(&set).is_empty());
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let whole = two_cases(|_| ());
    let truncated = &whole[..whole.len() - 1];
    let expectations: &[(String, &str)] = &[
        (truncated.into(), "own.json: EOF while parsing an object at line 1 column "),
        ("".into(), "own.json: EOF while parsing a value at line 1 column 0"),
        (
            two_cases(|file| file["format"] = json!(2)),
            "own.json: format 2: this program reads format 1",
        ),
        (r#"{"cases":[]}"#.into(), "own.json: format is not given: this program reads format 1"),
        (
            two_cases(|file| file["casses"] = json!([])),
            "own.json: unknown field `casses`, expected one of",
        ),
        (
            two_cases(|file| file["cases"][0]["expects"] = json!({})),
            ": unknown field `expects`, expected one of",
        ),
        (
            two_cases(|file| file["cases"][0]["input"]["extra"] = json!(1)),
            ": unknown field `extra`, expected",
        ),
        (
            two_cases(|file| file["cases"][1] = file["cases"][0].clone()),
            ": the id is already that of a case in own",
        ),
        (
            two_cases(|file| file["cases"][0]["flags"] = json!(["no-such"])),
            ": flag \"no-such\" is not defined",
        ),
        (
            two_cases(|file| file["cases"][0]["rule"] = json!("no-such")),
            ": rule \"no-such\" is not defined",
        ),
        (
            two_cases(|file| file["cases"][0]["key"] = json!("no-such")),
            ": key \"no-such\" is not defined",
        ),
        (
            two_cases(|file| file["cases"][1]["twin"]["id"] = json!("mapi-9999")),
            ": twin \"mapi-9999\" is not defined",
        ),
        (
            two_cases(|file| file["cases"][0]["charset"] = json!("utf-7")),
            ": unknown charset \"utf-7\": expected utf-8, gbk, gb2312 or gb18030",
        ),
        (
            two_cases(|file| file["cases"][0]["operation"] = json!("guess")),
            ": unknown variant `guess`, expected one of `string_to_sign`",
        ),
        (
            two_cases(|file| file["cases"][1]["reject"] = json!([])),
            ": an invalid case has reject and twin, and neither expect nor answers",
        ),
    ];
    for (text, expected) in expectations {
        let error = load(text).unwrap_err();
        assert!(error.contains(expected), "{error}\nexpected: {expected}");
    }
}

#[test]
fn the_lint_recomputes_the_edit() {
    let problems = |change: fn(&mut Value)| {
        let set = load(&two_cases(change)).unwrap();
        lint(&set).into_iter().map(|finding| finding.problem).collect::<Vec<_>>()
    };
    for (change, expected) in [
        (
            (|file| file["cases"][1]["twin"]["edit"]["offset"] = json!(100_000)) as fn(&mut Value),
            "edit: offset 100000 is beyond the end",
        ),
        (
            |file| file["cases"][1]["twin"]["edit"]["insert"] = json!("something else"),
            "the edit does not give this case",
        ),
        (
            |file| file["cases"][1]["twin"]["edit"]["at"] = json!("/input/no"),
            "edit: nothing at /input/no",
        ),
        (|file| file["cases"][1]["id"] = json!("Mapi-1"), "id: expected letters and digits"),
        (|file| file["cases"][1]["title"]["zh"] = json!(" "), "title: expected both languages"),
        (|file| file["cases"][1]["input"] = file["cases"][0]["input"].clone(), "asks the same"),
        (
            |file| file["flags"] = json!({ "lonely": { "en": "x", "zh": "x" } }),
            "this flag is defined, and no case uses it",
        ),
    ] {
        let found = problems(change);
        assert!(found.iter().any(|problem| problem.contains(expected)), "{found:?}: {expected}");
    }
}

#[test]
fn a_folder_is_read_whole_and_an_empty_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = VectorSet::load(folder.path()).unwrap_err().to_string();
    assert!(error.ends_with("no .json file in this folder"), "{error}");
    std::fs::create_dir(folder.path().join("below")).unwrap();
    std::fs::write(folder.path().join("below/own.json"), two_cases(|_| ())).unwrap();
    std::fs::write(folder.path().join("schema.json"), "{}").unwrap();
    assert_eq!(VectorSet::load(folder.path()).unwrap().cases().len(), 2);
    let error = VectorSet::load(&folder.path().join("absent")).unwrap_err().to_string();
    assert!(error.contains("absent: "), "{error}");
    assert_eq!(
        VectorSet::load(&vectors()).unwrap().cases().len(),
        VectorSet::embedded().unwrap().cases().len()
    );
}
