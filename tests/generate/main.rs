//! Generated cases: the reference passes, and wrong implementations are found in their smallest cases.

// Clippy's exceptions for tests do not reach the functions that tests call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::sync::atomic::AtomicBool;

use alipay_conformance::generate::{Options, search};
use alipay_conformance::suite::reference::Reference;

#[test]
fn the_reference_passes() {
    let interrupted = AtomicBool::new(false);
    let search = search(&Reference::default(), Options::new(2000, 1, &interrupted)).unwrap();
    for finding in &search.findings {
        println!("{:?} {} {:?}", finding.kind, String::from_utf8_lossy(&finding.input), finding.shown);
    }
    println!("{:#?} {:#?} {:?} {:?}", search.tests, search.skipped, search.elapsed, search.ended);
    assert!(search.findings.is_empty());
}
