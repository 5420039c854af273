//! Any bytes as the line that an adapter answers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use alipay_conformance::charset::Charset;
use alipay_conformance::suite::judge::judge;
use alipay_conformance::suite::process::reply;
use alipay_conformance::vector::case::Case;
use alipay_conformance::vector::load::VectorSet;

/// One case of each operation and result: an answer to the one may come as the answer to any other.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let set = VectorSet::embedded().expect("the embedded vectors");
    let cases = set.cases().iter();
    let keyed = cases.map(|case| ((case.ask.operation, case.verdict.name()), case.clone()));
    keyed.rev().collect::<BTreeMap<_, _>>().into_values().collect()
});

/// Reads the line, and judges what it says.
pub fn run(input: &[u8]) {
    for charset in Charset::ALL {
        match reply::read(input, 7, charset) {
            Ok(reply) => {
                for case in CASES.iter().filter(|case| case.ask.charset == charset) {
                    let _ = judge(case, &reply.answer, || Some(Cow::Borrowed(&reply.answer)));
                }
            }
            Err(error) => assert!(error.to_string().len() < 1 << 20),
        }
    }
}
