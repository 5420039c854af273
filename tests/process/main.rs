//! Every way in which an adapter can misbehave, each with what the other cases' answers come to and how long it
//! took.

// Clippy's exceptions for tests do not reach a test target without the standard harness.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../adapters/mod.rs"]
mod adapters;
mod messages;
mod resources;
mod run;
mod start;

use std::ffi::OsString;
use std::time::{Duration, Instant};

use alipay_conformance::charset::Charset;
use alipay_conformance::suite::answer::{Answer, Breakage, BreakageKind};
use alipay_conformance::suite::implementation::Implementation;
use alipay_conformance::suite::process::{ChildProcess, Options};
use alipay_conformance::vector::case::{Ask, Stage};
use alipay_conformance::vector::input::Input;
use alipay_conformance::vector::operation::Operation;
use libtest_mimic::{Arguments, Trial};

fn main() {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("--adapter") => adapters::run(&arguments.next().unwrap(), arguments.next()),
        Some("--measure") => return resources::measure(&arguments.next().unwrap()),
        _ => {}
    }
    let tests = [start::tests(), run::tests(), resources::tests(), messages::tests()];
    libtest_mimic::run(&Arguments::from_args(), tests.into_iter().flatten().collect()).exit();
}

/// Names each test after its function.
macro_rules! trials {
    ($($test:ident),* $(,)?) => {
        pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
            vec![$($crate::trial(concat!(module_path!(), "::", stringify!($test)), $test)),*]
        }
    };
}
pub(crate) use trials;

fn trial(path: &str, test: fn()) -> Trial {
    let name = path.split_once("::").map_or(path, |(_, name)| name).to_owned();
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

fn command(mode: &str, file: Option<&std::path::Path>) -> Vec<OsString> {
    let mut command: Vec<OsString> =
        vec![std::env::current_exe().unwrap().into(), "--adapter".into(), mode.into()];
    command.extend(file.map(OsString::from));
    command
}

fn options() -> Options {
    Options { timeout: Duration::from_secs(1), ..Options::default() }
}

/// An adapter whose answers may take a second.
fn start(mode: &str, file: Option<&std::path::Path>) -> ChildProcess {
    ChildProcess::start(&command(mode, file), options()).unwrap()
}

fn ask(number: usize, operation: Operation, input: Input) -> Ask {
    Ask {
        case: format!("test-{number:04}"),
        operation,
        protocol: "alipay.mapi".into(),
        sign_type: Some("MD5".into()),
        charset: Charset::Gbk,
        key: serde_json::from_str(r#"{"secret":"0123456789abcdef0123456789abcdef"}"#).unwrap(),
        keys: Vec::new(),
        input,
        stage: Stage::Sign,
    }
}

fn sign(number: usize) -> Ask {
    ask(number, Operation::Sign, Input::Params(vec![("subject".into(), "订单".into())]))
}

/// The process that gave the answer, which must be the one to this case.
#[track_caller]
fn answered_by(number: usize, answer: &Answer) -> u32 {
    let signature = answer.output().and_then(|output| output.signature.as_deref());
    let signature = signature.unwrap_or_else(|| panic!("case {number}: {answer:?}"));
    let (case, pid) = signature.split_once(' ').unwrap();
    assert_eq!(case, format!("test-{number:04}"));
    pid.parse().unwrap()
}

/// Puts five cases of which the third is the bad one, and asserts that the other four are answered.
#[track_caller]
fn third_of_five(adapter: &ChildProcess, within: Duration) -> Answer {
    let start = Instant::now();
    let mut answers: Vec<_> = (1..=5).map(|number| adapter.perform(&sign(number))).collect();
    let took = start.elapsed();
    for number in [1, 2, 4, 5] {
        answered_by(number, &answers[number - 1]);
    }
    assert!(took < within, "took {took:?}: expected less than {within:?}");
    assert_eq!(adapter.stopped(), None);
    answers.swap_remove(2)
}

#[track_caller]
fn broken(answer: Answer, kind: BreakageKind) -> Breakage {
    match answer {
        Answer::Broken(breakage) if breakage.kind == kind => breakage,
        other => panic!("expected {}, got {other:?}", kind.name()),
    }
}
