//! Generated cases: the reference passes, and wrong implementations are found in their smallest cases.

// Clippy's exceptions for tests do not reach the functions that tests call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod families;
mod wrong;

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use alipay_conformance::form;
use alipay_conformance::generate::{
    Ended, Finding, Options, Search, Shown, Sort, Test, search as search_with,
};
use alipay_conformance::law::Law;
use alipay_conformance::params::Params;
use alipay_conformance::report::generated::Again;
use alipay_conformance::report::generated::json::write as write_json;
use alipay_conformance::suite::answer::{Answer, Breakage, BreakageKind};
use alipay_conformance::suite::implementation::{Implementation, Subject};
use alipay_conformance::suite::outcome::Outcome;
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::suite::run::{Conclusion, run_case};
use alipay_conformance::vector::bytes::Bytes;
use alipay_conformance::vector::case::{Ask, Verdict};
use alipay_conformance::vector::input::{Input, TextPairs};
use alipay_conformance::vector::lint::lint;
use alipay_conformance::vector::load::VectorSet;
use alipay_conformance::vector::operation::Operation;
use serde_json::Value;
use wrong::{But, Strings, Wrong, join, signed};

fn search(implementation: &dyn Implementation, cases: usize, seed: u64) -> Search {
    let interrupted = AtomicBool::new(false);
    let options =
        Options { protocol: Some("alipay.mapi"), ..Options::new(cases, seed, &interrupted) };
    search_with(implementation, options).unwrap()
}

/// The finding about an operation.
#[track_caller]
fn found(search: &Search, operation: Operation, sort: Sort) -> &Finding {
    let kinds: Vec<_> = search.findings.iter().map(|finding| &finding.kind).collect();
    let of = |finding: &&Finding| {
        finding.kind.test == Test::Operation(operation) && finding.kind.sort == sort
    };
    search.findings.iter().find(of).unwrap_or_else(|| panic!("{sort:?} among {kinds:?}"))
}

fn input(finding: &Finding) -> &str {
    std::str::from_utf8(&finding.input).unwrap()
}

#[test]
fn the_reference_passes() {
    let search = search(&Reference::default(), 2000, 1);
    let findings: Vec<_> = search.findings.iter().map(|one| (&one.kind, input(one))).collect();
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!((search.ran(), search.different()), (2000, 0));
    assert_eq!(search.conclusion(2000), Conclusion::Conforms);
    // Every law about implementations, but for the reference's stricter position.
    let own = [
        Law::SignatureHasOneText,
        Law::DecodeAgreesWithFormUrlencoded,
        Law::EncodeAgreesWithSerdeUrlencoded,
        Law::TextSurvives,
        Law::BytesSurvive,
        Law::CharsetErrorsPointAtTheFault,
        Law::SignedHeaderIsAccepted,
        Law::HeaderEditIsRefused,
        Law::RsaBackendsAgree,
    ];
    let laws: BTreeSet<_> = Law::ALL.iter().filter(|law| !own.contains(law)).copied().collect();
    let tested = search.tests.iter().filter(|(_, count)| **count > 10).map(|(test, _)| *test);
    let (tested_laws, operations): (Vec<_>, Vec<_>) =
        tested.partition(|test| matches!(test, Test::Law(_)));
    assert_eq!(tested_laws, laws.into_iter().map(Test::Law).collect::<Vec<_>>());
    assert_eq!(operations.len(), 6, "{operations:?}");
}

#[test]
fn keeps_empty_values() {
    let mistaken = Strings(|params| {
        let mut pairs = signed(params);
        pairs.sort();
        join(pairs)
    });
    for seed in 0..4 {
        let search = search(&mistaken, 200, seed);
        let finding = found(&search, Operation::StringToSign, Sort::More);
        assert!(
            [r#"[["a","a"],["b",""]]"#, r#"[["a",""],["b","a"]]"#].contains(&input(finding)),
            "{}",
            input(finding)
        );
        assert!(finding.cases > 10);
        assert_eq!(search.conclusion(1), Conclusion::Deviates);
    }
}

#[test]
fn does_not_sort() {
    let mistaken = Strings(|params| {
        join(signed(params).into_iter().filter(|(_, value)| !value.is_empty()).collect())
    });
    for seed in 0..4 {
        let search = search(&mistaken, 200, seed);
        let finding = found(&search, Operation::StringToSign, Sort::Order);
        assert_eq!(input(finding), r#"[["b","a"],["a","a"]]"#);
        assert_eq!(finding.setting.1, "MD5");
    }
}

#[test]
fn trims_values() {
    let mistaken = But(|ask| {
        let Input::Params(params) = &ask.input else { return None };
        let trimmed = params.iter().map(|(name, value)| (name.clone(), value.trim().into()));
        let ask = Ask { input: Input::Params(trimmed.collect()), ..ask.clone() };
        Some(Reference::default().perform(&ask))
    });
    let search = search(&mistaken, 500, 3);
    let finding = found(&search, Operation::Sign, Sort::Fewer);
    assert_eq!(input(finding), r#"[["a"," "]]"#);
}

#[test]
fn lower_cases_values_of_one_name() {
    let mistaken = Strings(|params| {
        let mut pairs: Vec<_> =
            signed(params).into_iter().filter(|(_, value)| !value.is_empty()).cloned().collect();
        for (name, value) in &mut pairs {
            if name.ends_with("_id") {
                *value = value.to_lowercase();
            }
        }
        pairs.sort();
        join(pairs.iter().collect())
    });
    let search = search(&mistaken, 2000, 5);
    let finding = found(&search, Operation::StringToSign, Sort::Bytes);
    assert_eq!(input(finding), r#"[["_id","A"]]"#);
}

/// Accepts what is not genuine: the case has a genuine twin, and both stand in the file.
#[test]
fn accepts_everything() {
    let mistaken =
        But(|ask| (ask.operation == Operation::VerifyNotify).then(|| Answer::verdict(true)));
    let search = search(&mistaken, 500, 2);
    let finding = found(&search, Operation::VerifyNotify, Sort::Accepted);
    let case = finding.case().unwrap();
    assert!(matches!(case.verdict, Verdict::Invalid { .. }));
    kept_and_found_again(&search, &mistaken);
}

#[test]
fn reads_plus_as_it_stands() {
    let mistaken = But(|ask| {
        let Input::Message(body) = &ask.input else { return None };
        let body = String::from_utf8_lossy(&body.0).replace('+', "%2B");
        let input = Input::Message(Bytes(body.into_bytes()));
        let ask = Ask { input, ..ask.clone() };
        Some(Reference::default().perform(&ask))
    });
    let search = search(&mistaken, 1000, 4);
    assert_eq!(input(found(&search, Operation::Decode, Sort::Bytes)), "+");
    kept_and_found_again(&search, &mistaken);
}

/// Every file loads, passes the lint and the oracle, and shows the same difference; the reference passes it.
#[track_caller]
fn kept_and_found_again(search: &Search, mistaken: &dyn Implementation) {
    let folder = tempfile::tempdir().unwrap();
    let mut files = 0;
    for finding in &search.findings {
        let Shown::Case { outcome, file, .. } = &finding.shown else { continue };
        let case = finding.case().unwrap();
        let path = folder.path().join(format!("{}.json", case.id));
        std::fs::write(&path, file).unwrap();
        let set = VectorSet::load(&path).unwrap();
        assert_eq!(lint(&set), []);
        let again = set.case(&case.id).unwrap();
        assert_eq!(&run_case(mistaken, &set, again), outcome);
        for case in set.cases() {
            let passed = run_case(&Reference::default(), &set, case);
            assert!(matches!(passed, Outcome::Pass { .. }), "{passed:?}");
        }
        let check = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/check.py");
        let checked = Command::new("python3").args([check, "--format"]).arg(&path).output();
        let checked = checked.expect("python3 is needed");
        let said = String::from_utf8_lossy(&checked.stdout);
        assert!(checked.status.success(), "{said}\n{file}");
        files += 1;
    }
    assert!(files > 0);
}

/// Whatever is asked, the answer is wrong in the same way: so every kind of case is kept.
#[test]
fn every_kind_of_case_agrees_with_the_oracle() {
    let search = search(&Wrong, 400, 9);
    assert!(search.findings.iter().filter(|one| one.case().is_some()).count() >= 6);
    kept_and_found_again(&search, &Wrong);
}

/// Each of these is a known answer to a contested vector.
#[test]
fn what_official_demos_do_is_no_finding() {
    fn kept(params: &TextPairs) -> Vec<&(String, String)> {
        signed(params).into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
    let by_whole_pairs = Strings(|params| {
        let mut pairs = kept(params);
        pairs.sort_by_key(|(name, value)| format!("{name}={value}"));
        join(pairs)
    });
    let by_utf_16 = Strings(|params| {
        let mut pairs = kept(params);
        pairs.sort_by_key(|(name, _)| name.encode_utf16().collect::<Vec<_>>());
        join(pairs)
    });
    let numbers_by_value = Strings(|params| {
        let mut pairs = kept(params);
        pairs.sort_by_key(|(name, _)| (name.parse::<u64>().ok(), name.clone()));
        join(pairs)
    });
    let without_case = Strings(|params| {
        let mut pairs = kept(params);
        pairs.retain(|(name, _)| !["sign", "sign_type"].contains(&&*name.to_lowercase()));
        pairs.sort_by_key(|(name, _)| name.to_lowercase().replace('_', " "));
        join(pairs)
    });
    for mistaken in [by_whole_pairs, by_utf_16, numbers_by_value, without_case] {
        let search = search(&mistaken, 1500, 21);
        let inputs: Vec<_> = search.findings.iter().map(input).collect();
        assert!(inputs.is_empty(), "{inputs:?}");
    }

    let last_of_a_name = But(|ask| {
        let Input::Message(body) = &ask.input else { return None };
        let mut params = Params::new();
        let decoded = form::decode(&body.0).ok()?;
        for (name, value) in decoded.iter() {
            let is_last = decoded.get_all(name).last() == Some(value);
            if is_last && params.get(name).is_none() {
                params.push(name, value);
            }
        }
        let body = form::encode(&params).into_bytes();
        let input = Input::Message(Bytes(body));
        Some(Reference::default().perform(&Ask { input, ..ask.clone() }))
    });
    let search = search(&last_of_a_name, 1500, 21);
    let inputs: Vec<_> = search.findings.iter().map(|one| (&one.kind, input(one))).collect();
    assert!(inputs.is_empty(), "{inputs:?}");
}

#[test]
fn equal_seeds_find_the_same() {
    let mistaken = Strings(|params| join(signed(params)));
    let shown = |search: &Search| {
        let shown = |one: &Finding| (one.kind.clone(), one.index, one.cases, one.input.clone());
        (search.findings.iter().map(shown).collect::<Vec<_>>(), search.tests.clone())
    };
    let (one, other) = (search(&mistaken, 300, 11), search(&mistaken, 300, 11));
    assert_eq!(shown(&one), shown(&other));
    assert_ne!(shown(&one), shown(&search(&mistaken, 300, 12)));

    for finding in &one.findings {
        let interrupted = AtomicBool::new(false);
        let protocol = Some("alipay.mapi");
        let options =
            Options { first: finding.index, protocol, ..Options::new(1, 11, &interrupted) };
        let again = search_with(&mistaken, options).unwrap();
        assert_eq!(again.findings.len(), 1);
        assert_eq!(
            (&again.findings[0].kind, input(&again.findings[0])),
            (&finding.kind, input(finding))
        );
    }
}

#[test]
fn a_crash_is_a_finding() {
    let mistaken = But(|ask| match &ask.input {
        Input::Params(params) if params.iter().any(|(_, value)| value.contains('%')) => {
            Some(Answer::Broken(Breakage {
                kind: BreakageKind::Crash,
                detail: "exit status: 1".into(),
                stderr: String::new(),
            }))
        }
        _ => None,
    });
    let search = search(&mistaken, 2000, 6);
    let finding = found(&search, Operation::Sign, Sort::Broken("crash"));
    assert_eq!(input(finding), r#"[["a","%"]]"#);
    assert!(matches!(search.ended, Some(Ended::Broken(_))));
    assert_eq!(search.conclusion(1), Conclusion::Deviates);
}

#[test]
fn stays_within_what_is_offered() {
    struct Few;
    impl Implementation for Few {
        fn subject(&self) -> Subject {
            Subject::default()
        }

        fn declines(&self, ask: &Ask) -> Option<String> {
            let offered = ask.charset.label() == "gbk" && ask.sign_type.as_deref() == Some("RSA");
            (!offered).then(|| "only RSA in GBK".into())
        }

        fn sign(&self, ask: &Ask, _: &TextPairs) -> Answer {
            assert!(self.declines(ask).is_none());
            Reference::default().perform(ask)
        }
    }
    let search = search(&Few, 30, 1);
    assert_eq!((search.ran(), search.different()), (30, 0));
    let tests: Vec<_> = search.tests.keys().map(|test| test.name()).collect();
    assert_eq!(
        tests,
        [
            "sign",
            "order_does_not_matter",
            "empty_values_do_not_matter",
            "excluded_names_do_not_matter",
            "same_answer_twice"
        ]
    );
}

#[test]
fn nothing_offered_is_never_green() {
    struct Nothing;
    impl Implementation for Nothing {
        fn subject(&self) -> Subject {
            Subject::default()
        }
    }
    let search = search(&Nothing, 10, 1);
    assert_eq!(search.ended, Some(Ended::NothingOffered));
    assert_eq!(search.conclusion(1), Conclusion::TooFew);
}

#[test]
fn an_interruption_ends_it() {
    let interrupted = AtomicBool::new(true);
    let search = search_with(&Reference::default(), Options::new(10, 1, &interrupted)).unwrap();
    assert_eq!((search.ran(), search.conclusion(1)), (0, Conclusion::Interrupted));
}

/// Every field is in docs/report.md, and what stands there for this report is seen, but for what is rare.
#[test]
fn json_fields_are_those_of_the_documentation() {
    struct Nowhere;
    impl Again for Nowhere {
        fn replay(&self, _: &Finding) -> String {
            "again".into()
        }

        fn file(&self, _: &Finding) -> Option<String> {
            Some("file".into())
        }
    }
    fn collect(prefix: &str, value: &Value, seen: &mut BTreeSet<String>) {
        let Value::Object(fields) = value else { return };
        for (name, value) in fields {
            // What is said of cases and failures is as in the report on vectors; the others are counts by name.
            let is_whole = ["suite", "subject", "case", "failure", "broken", "tests", "skipped"];
            let name = format!("{prefix}{name}");
            match value.is_object() && !is_whole.contains(&name.as_str()) {
                true => collect(&format!("{name}."), value, seen),
                false => _ = seen.insert(name),
            }
        }
    }
    let mistaken = Strings(|params| join(signed(params)));
    let mut report = Vec::new();
    write_json(&mut report, &search(&mistaken, 300, 11), &Nowhere, 1).unwrap();
    let mut seen = BTreeSet::new();
    for line in String::from_utf8(report).unwrap().lines() {
        collect("", &serde_json::from_str(line).unwrap(), &mut seen);
    }

    let document = include_str!("../../docs/report.md");
    let (_, document) = document.split_once("## The report on generated cases").unwrap();
    let (document, _) = document.split_once("## The JSON of other commands").unwrap();
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `")?.split_once(" |"));
    let fields = rows.flat_map(|(fields, _)| fields.split(", "));
    let documented: BTreeSet<String> = fields.map(|name| name.replace('`', "")).collect();
    let undocumented: Vec<_> = seen.difference(&documented).collect();
    assert!(undocumented.is_empty(), "not in docs/report.md: {undocumented:?}");
    let rare = ["broken", "ended", "exception", "why"];
    let unseen: Vec<_> =
        documented.difference(&seen).filter(|name| !rare.contains(&name.as_str())).collect();
    assert!(unseen.is_empty(), "in docs/report.md, and never seen: {unseen:?}");
}
