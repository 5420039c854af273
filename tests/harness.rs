//! The harness for authors of implementations in Rust, on implementations that fail.
//!
//! The test binary is also the test target of such an author: with `SUBJECT` set it runs that one.

// Clippy's exceptions for tests do not reach a test target without the standard harness.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::process::{Command, ExitCode};

use alipay_conformance::harness;
use alipay_conformance::mistake::{self, Mistaken};
use alipay_conformance::suite::answer::Answer;
use alipay_conformance::suite::implementation::{Implementation, Subject};
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::vector::case::Ask;
use alipay_conformance::vector::input::TextPairs;
use alipay_conformance::vector::output::Output;
use libtest_mimic::{Arguments, Trial};

/// Offers nothing.
struct Nothing;

impl Implementation for Nothing {
    fn subject(&self) -> Subject {
        Subject { name: "nothing".into(), ..Subject::default() }
    }
}

/// Signs with MD5, always the same.
struct Constant;

impl Implementation for Constant {
    fn subject(&self) -> Subject {
        Subject { name: "constant".into(), ..Subject::default() }
    }

    fn declines(&self, ask: &Ask) -> Option<String> {
        (ask.sign_type.as_deref() != Some("MD5")).then(|| "only MD5".into())
    }

    fn sign(&self, _: &Ask, _: &TextPairs) -> Answer {
        let signature = Some("22fc7e38e5acdfede396aa463870d111".into());
        Answer::value(Output { signature, ..Output::default() })
    }
}

fn main() -> ExitCode {
    match std::env::var("SUBJECT").as_deref() {
        Ok("nothing") => harness::main(Nothing),
        Ok("constant") => harness::main(Constant),
        Ok("unsorted") => harness::main(Mistaken::new(mistake::find("sort-none"))),
        _ => {
            let tests: [(_, fn()); 6] = [
                ("lists_every_case", lists_every_case),
                ("a_failure_is_told_as_in_the_report", a_failure_is_told_as_in_the_report),
                ("what_is_not_offered_is_ignored", what_is_not_offered_is_ignored),
                ("nothing_offered_is_no_success", nothing_offered_is_no_success),
                ("a_known_mistake_is_named_at_the_end", a_known_mistake_is_named_at_the_end),
                ("one_assertion", one_assertion),
            ];
            let trials = tests.map(|(name, test)| {
                Trial::test(name, move || {
                    test();
                    Ok(())
                })
            });
            libtest_mimic::run(&Arguments::from_args(), trials.into()).exit_code()
        }
    }
}

/// Whether it succeeds, and what it writes.
fn cargo_test(subject: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(arguments)
        .env("SUBJECT", subject)
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout) + &text(output.stderr))
}

fn lists_every_case() {
    let (success, list) = cargo_test("constant", &["--list"]);
    assert!(success);
    assert!(list.contains("[sign] sort::mapi-0233: test\n"), "{list}");
}

fn a_failure_is_told_as_in_the_report() {
    let (success, text) = cargo_test("constant", &["sort::mapi-0233"]);
    assert!(!success);
    assert!(text.contains("test [sign] sort::mapi-0233 ... FAILED"), "{text}");
    assert!(text.contains("differs   signature at byte offset 0: expected 38, got 32"), "{text}");
    assert!(text.contains("to sign   a=1&b=2&c=3"), "{text}");
    assert!(text.contains("rule      mapi/2.3-order "), "{text}");
}

fn what_is_not_offered_is_ignored() {
    let (success, text) = cargo_test("constant", &["return::"]);
    assert!(success);
    assert!(text.contains("ignored (verify_return is not offered)"), "{text}");
    assert!(text.contains("ignored (only MD5)"), "{text}");
}

fn nothing_offered_is_no_success() {
    let (success, text) = cargo_test("nothing", &[]);
    assert!(!success);
    assert!(text.contains("nothing was tested: every case is outside"), "{text}");
}

fn a_known_mistake_is_named_at_the_end() {
    let named =
        "\nbehaves like `sort-none`: parameters are signed in the order in which they came\n";
    let (success, text) = cargo_test("unsorted", &["sort::"]);
    assert!(!success);
    assert!(format!("\n{text}").contains(named), "{text}");
    // A case of which the order is right as it came.
    let (success, text) = cargo_test("unsorted", &["decision::"]);
    assert!(success);
    assert!(!text.contains("behaves like"), "{text}");
}

fn one_assertion() {
    harness::assert_conforms(&Reference::default());
    for (subject, verdict) in [
        (&Nothing as &(dyn Implementation + std::panic::RefUnwindSafe), "nothing was tested"),
        (&Constant, "constant deviates: "),
        (&Mistaken::new(mistake::find("sort-none")), "behaves like `sort-none`: "),
    ] {
        let panic = std::panic::catch_unwind(|| harness::assert_conforms(subject)).unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        assert!(message.contains(verdict), "{message}");
    }
}
