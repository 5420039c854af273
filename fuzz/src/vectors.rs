//! Any text as a vector file.

use std::sync::LazyLock;

use alipay_conformance::suite::reference::Reference;
use alipay_conformance::suite::run::run_case;
use alipay_conformance::vector::lint::lint;
use alipay_conformance::vector::load::VectorSet;

static EMBEDDED: LazyLock<VectorSet> =
    LazyLock::new(|| VectorSet::embedded().expect("the embedded vectors"));

/// Loads, looks through and runs the cases.
pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let set = match VectorSet::from_texts([("fuzz.json", text)], Some(&EMBEDDED)) {
        Ok(set) => set,
        Err(error) => {
            assert!(error.to_string().contains("fuzz"), "the error names the file: {error}");
            return;
        }
    };
    let _ = lint(&set);
    for case in set.cases() {
        assert_eq!(set.case(&case.id), Some(case));
        let _ = run_case(&Reference::default(), &set, case);
    }
}
