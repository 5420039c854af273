//! The embedded vectors: the lint finds nothing, and the reference conforms.

use std::sync::atomic::AtomicBool;

use alipay_conformance::suite::outcome::Outcome;
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::suite::run::{Conclusion, Options, run};
use alipay_conformance::vector::lint::lint;
use alipay_conformance::vector::load::VectorSet;

#[test]
fn the_lint_finds_nothing() {
    let findings = lint(&VectorSet::embedded().unwrap());
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn the_reference_conforms() {
    let set = VectorSet::embedded().unwrap();
    let options = Options { jobs: 2, interrupted: &AtomicBool::new(false) };
    let run = run(&Reference::default(), &set, |_| true, options);
    for result in &run.results {
        if let Outcome::Fail(failure) = &result.outcome {
            println!("{} {}: {failure:?}", result.case.id, result.case.title.en);
        }
    }
    println!("{:?}", run.counts());
    assert_eq!(run.conclusion(1), Conclusion::Conforms);
    assert_eq!(run.counts().not_applicable, 0, "the reference offers every operation");
}
