//! The reports on a deliberately wrong implementation.

// Clippy's exceptions for tests do not reach the functions that tests call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::sync::atomic::AtomicBool;

use alipay_conformance::charset::Charset;
use alipay_conformance::mistake::{self, Mistaken};
use alipay_conformance::report::show::{safe, sides, visible};
use alipay_conformance::report::text::Text;
use alipay_conformance::report::{Lang, json};
use alipay_conformance::signature::{self, Secret, SignType, SigningKey};
use alipay_conformance::suite::answer::{Answer, Breakage, BreakageKind};
use alipay_conformance::suite::implementation::{Implementation, Subject};
use alipay_conformance::suite::run::{Options, Run, run};
use alipay_conformance::vector::case::{Ask, KeyForm};
use alipay_conformance::vector::input::{OrderRecord, TextPairs};
use alipay_conformance::vector::load::VectorSet;
use alipay_conformance::vector::operation::Operation;
use alipay_conformance::vector::output::Output;
use alipay_conformance::vector::reason::Reason;
use proptest::prelude::*;
use serde_json::Value;

/// Keeps empty values, sorts without regard to the case of letters, and takes every callback for genuine. It knows no
/// GB 18030, panics over an amount, and ends when it reads an answer of the gateway; it rejects every return.
struct Careless;

impl Implementation for Careless {
    fn subject(&self) -> Subject {
        Subject {
            name: "careless\u{1B}[2J".into(),
            version: "0.1".into(),
            language: "Rust".into(),
            ..Subject::default()
        }
    }

    fn declines(&self, ask: &Ask) -> Option<String> {
        (ask.charset == Charset::Gb18030).then(|| "charset gb18030 is not declared".into())
    }

    fn warnings(&self) -> Vec<String> {
        vec!["unknown field \"signatur\": is it signature?".into()]
    }

    fn sign(&self, ask: &Ask, params: &TextPairs) -> Answer {
        let mut params = params.clone();
        params.retain(|(name, _)| name != "sign" && name != "sign_type");
        params.sort_by_key(|(name, _)| name.to_lowercase());
        let joined: Vec<_> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let string = joined.join("&").into_bytes();
        let secret = ask.key.as_ref().unwrap().form(KeyForm::Secret).unwrap();
        let key = SigningKey::from(Secret::new(secret).unwrap());
        let signature = signature::sign(SignType::Md5, &key, &string).unwrap();
        Answer::value(Output {
            string_to_sign: Some(string),
            signature: Some(signature.as_str().into()),
            ..Output::default()
        })
    }

    fn verify_notify(&self, _: &Ask, _: &[u8]) -> Answer {
        Answer::verdict(true)
    }

    fn verify_return(&self, _: &Ask, _: &[u8]) -> Answer {
        Answer::reject(Reason::MissingField, "no sign\tin \u{202E}GET")
    }

    fn notify_id_answer(&self, _: &Ask, _: &[u8]) -> Answer {
        Answer::Broken(Breakage {
            kind: BreakageKind::Crash,
            detail: "exit status: 1".into(),
            stderr: "Traceback (most recent call last):\n\u{1B}[31mKeyError: 'answer'\n".into(),
        })
    }

    fn decide(&self, _: &Ask, _: &TextPairs, _: Option<&OrderRecord>) -> Answer {
        panic!("invalid digit\nfound in string")
    }
}

/// Empty values; order; charsets; a callback, and one that is not genuine; a return; a decision; an answer of the
/// gateway; a form. Their ids never change their meaning.
const CASES: &str = "
    mapi-0112 mapi-0254 mapi-0273 mapi-0062 mapi-0072
    mapi-0233 mapi-0013 mapi-0216
    mapi-0499 mapi-0596 mapi-0349
    mapi-0454 mapi-0109
    mapi-0142
    mapi-0626
    mapi-0386
    mapi-0313
";

fn examined(set: &VectorSet) -> Run<'_> {
    let options = Options { jobs: 2, interrupted: &AtomicBool::new(false) };
    let run = run(&Careless, set, |case| CASES.contains(&case.id), options);
    assert_eq!(run.results.len(), CASES.split_whitespace().count(), "every id exists");
    run
}

#[test]
fn text() {
    let set = VectorSet::embedded().unwrap();
    insta::assert_snapshot!(Text::new(&examined(&set)).to_string());
}

#[test]
fn text_in_chinese() {
    let set = VectorSet::embedded().unwrap();
    insta::assert_snapshot!(Text::new(&examined(&set)).lang(Lang::Zh).to_string());
}

/// Signs empty values and reads diagnoses by lot: the one is known, the other is not.
struct Known;

impl Implementation for Known {
    fn subject(&self) -> Subject {
        Subject { name: "known".into(), ..Subject::default() }
    }

    fn perform(&self, ask: &Ask) -> Answer {
        match ask.operation {
            Operation::Diagnose => Answer::value(Output::default()),
            _ => Mistaken::new(mistake::find("filter-empty-included")).perform(ask),
        }
    }
}

fn explained(set: &VectorSet) -> Run<'_> {
    let options = Options { jobs: 2, interrupted: &AtomicBool::new(false) };
    run(&Known, set, |case| ["filter", "diagnosis"].contains(&case.theme.as_str()), options)
}

/// Until the census.
fn beginning(report: &str) -> &str {
    let length: usize = report.split_inclusive("\n\n").take(2).map(str::len).sum();
    &report[..length]
}

#[test]
fn text_begins_with_known_mistakes() {
    let set = VectorSet::embedded().unwrap();
    let run = explained(&set);
    insta::assert_snapshot!(beginning(&Text::new(&run).to_string()));
    insta::assert_snapshot!(beginning(&Text::new(&run).lang(Lang::Zh).to_string()));
}

#[test]
fn json_diagnosis() {
    let set = VectorSet::embedded().unwrap();
    let mut lines = lines(&explained(&set), 1);
    let place = lines.len() - 2;
    let diagnosis = &mut lines[place];
    assert_eq!(diagnosis["considered"], mistake::all().count());
    diagnosis["considered"] = 0.into();
    insta::assert_snapshot!(serde_json::to_string_pretty(diagnosis).unwrap());
}

#[test]
fn text_verbose() {
    let set = VectorSet::embedded().unwrap();
    insta::assert_snapshot!(Text::new(&examined(&set)).verbose(true).to_string());
}

#[test]
fn colours_add_nothing_but_themselves() {
    let set = VectorSet::embedded().unwrap();
    let run = examined(&set);
    let mut plain = String::new();
    let coloured = Text::new(&run).colour(true).to_string();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1B}') {
        plain.push_str(before);
        let (code, after) = after.split_once('m').unwrap();
        assert!(["[0", "[1", "[2", "[32", "[1;31", "[33"].contains(&code), "{code:?}");
        rest = after;
    }
    plain.push_str(rest);
    assert_eq!(plain, Text::new(&run).to_string());
}

#[test]
fn nothing_of_the_implementation_reaches_the_terminal() {
    let set = VectorSet::embedded().unwrap();
    let report = Text::new(&examined(&set)).verbose(true).to_string();
    assert!(report.contains(r"careless\x1B[2J"));
    assert!(report.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn stays_readable_with_every_case_failing() {
    struct Lost;
    impl Implementation for Lost {
        fn subject(&self) -> Subject {
            Subject::default()
        }
        fn perform(&self, _: &Ask) -> Answer {
            Answer::Unsupported { why: "lost".into() }
        }
    }
    let set = VectorSet::embedded().unwrap();
    let options = Options { jobs: 1, interrupted: &AtomicBool::new(false) };
    let run = run(&Lost, &set, |_| true, options);
    let rules: std::collections::BTreeSet<_> = set.cases().iter().map(|case| &case.rule).collect();
    let lines = Text::new(&run).to_string().lines().count();
    assert!(lines < rules.len() * 24 + 80, "{lines} lines for {} rules", rules.len());
}

fn lines(run: &Run<'_>, min_cases: usize) -> Vec<Value> {
    let mut out = Vec::new();
    json::write(&mut out, run, "embedded", min_cases).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn json_lines() {
    let set = VectorSet::embedded().unwrap();
    let mut run = examined(&set);
    run.not_selected = 1000;
    run.elapsed = std::time::Duration::from_millis(1234);
    let mut out = Vec::new();
    json::write(&mut out, &run, "embedded", 1).unwrap();
    let text = String::from_utf8(out).unwrap();
    let considered = |count: usize| format!("\"considered\":{count},");
    insta::assert_snapshot!(text.replace(&considered(mistake::all().count()), &considered(0)));
}

/// A cut report is told by its missing footer, and each of the documented fields exists.
#[test]
fn json_fields_are_those_of_the_documentation() {
    let document = include_str!("../docs/report.md");
    // The fields of generated cases have a test beside those.
    let (document, _) = document.split_once("## The report on generated cases").unwrap();
    let documented: std::collections::BTreeSet<String> = document
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()))
        .collect();
    let set = VectorSet::embedded().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    fn collect(prefix: &str, value: &Value, seen: &mut std::collections::BTreeSet<String>) {
        let Value::Object(fields) = value else { return };
        for (name, value) in fields {
            let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            collect(&name, value, seen);
            if !value.is_object() || name == "title" {
                seen.insert(name);
            }
        }
    }
    for line in lines(&examined(&set), 1) {
        collect("", &line, &mut seen);
    }
    seen.retain(|name| !name.starts_with("title."));
    let undocumented: Vec<_> = seen.difference(&documented).collect();
    assert!(undocumented.is_empty(), "not in docs/report.md: {undocumented:?}");
    // Those that none of these cases has.
    let rare = [
        "failure.twin",
        "failure.known",
        "failure.expected",
        "failure.got",
        "failure.parameter",
        "note",
    ];
    let unseen: Vec<_> =
        documented.difference(&seen).filter(|name| !rare.contains(&name.as_str())).collect();
    assert!(unseen.is_empty(), "in docs/report.md, and never seen: {unseen:?}");
}

#[test]
fn caret_stands_under_the_first_difference() {
    let show = |expected: &[u8], got: &[u8], charset| {
        let sides = sides(expected, got, charset);
        format!("{}\n{}\n{:caret$}^", sides.expected, sides.got, "", caret = sides.caret)
    };
    let utf8 = |expected: &str, got: &str| show(expected.as_bytes(), got.as_bytes(), Charset::Utf8);
    let gbk = |expected: &str, got: &str| {
        let bytes = |text| Charset::Gbk.encode(text).unwrap().into_owned();
        show(&bytes(expected), &bytes(got), Charset::Gbk)
    };
    assert_eq!(utf8("a=1&b=2", "a=1&c=2"), "a=1&b=2\na=1&c=2\n    ^");
    assert_eq!(utf8("", "a"), "\na\n^");
    assert_eq!(utf8("a=1", "a=1&"), "a=1\na=1&\n   ^");
    assert_eq!(utf8("a=1 ", "a=1"), "a=1␠\na=1\n   ^");
    assert_eq!(utf8("a b", "a+b"), "a␠b\na+b\n ^");
    assert_eq!(utf8("a\u{A0}b", "a b"), "a\\u{A0}b\na␠b\n ^");
    assert_eq!(utf8("标题=订单", "标题=订阅"), "标题=订单\n标题=订阅\n       ^");
    assert_eq!(gbk("标题=订单", "标题=订阅"), "标题=订单\n标题=订阅\n       ^");
    // é and e with a combining accent; the two bytes of a GBK character, halved.
    assert_eq!(utf8("caf\u{E9}", "cafe\u{301}"), "café\ncafe\\u{301}\n   ^");
    assert_eq!(show(b"\xB6\xA9&", b"\xB6&", Charset::Gbk), "订&\n\\xB6&\n^");
    let long = "订".repeat(40);
    assert_eq!(
        gbk(&format!("{long}=1&{long}"), &format!("{long}=2")),
        "…订订订订订订订订订订订订订订=1&订订订订订订订订订订订订订订…\n…订订订订订订订订订订订订订订=2\n                              ^"
    );
    // What is no wider than the mark of the cut is not cut.
    let thirty_one = "x".repeat(31);
    assert_eq!(
        utf8(&format!("{thirty_one}1"), &format!("{thirty_one}2")),
        format!("{thirty_one}1\n{thirty_one}2\n{:31}^", "")
    );
}

fn is_harmless(text: &str) -> bool {
    text.chars().all(|c| {
        !c.is_control()
            && !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2028}' | '\u{2029}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{A0}' | '\u{3000}')
    })
}

proptest! {
    #[test]
    fn no_control_ever_comes_out(bytes: Vec<u8>, text: String, charset in 0..4_usize) {
        let charset = Charset::ALL[charset];
        prop_assert!(is_harmless(&visible(&bytes, charset)));
        prop_assert!(is_harmless(&visible(text.as_bytes(), charset)));
        prop_assert!(is_harmless(&safe(&text)));
        let sides = sides(&bytes, text.as_bytes(), charset);
        prop_assert!(is_harmless(&sides.expected) && is_harmless(&sides.got));
    }

    /// What is shown tells bytes apart.
    #[test]
    fn different_bytes_look_different(one: Vec<u8>, other: Vec<u8>, charset in 0..4_usize) {
        let charset = Charset::ALL[charset];
        prop_assume!(one != other);
        // A character of GBK and GB 18030 may have two ways to be written.
        prop_assume!(charset.decode(&one).ok().is_none_or(|text| {
            charset.encode(&text).is_ok_and(|bytes| *bytes == one)
        }));
        prop_assert_ne!(visible(&one, charset), visible(&other, charset));
    }

    #[test]
    fn windows_are_narrow_and_the_caret_is_within(
        before in "[ -~中文\\t]{0,80}", one in "[ -~中文\\t]{0,80}", other in "[ -~中文\\t]{0,80}",
    ) {
        use unicode_width::UnicodeWidthStr;
        let expected = format!("{before}{one}");
        let got = format!("{before}{other}");
        prop_assume!(expected != got);
        let sides = sides(expected.as_bytes(), got.as_bytes(), Charset::Utf8);
        prop_assert!(sides.expected.width() <= 64 && sides.got.width() <= 64);
        let longer = sides.expected.width().max(sides.got.width());
        prop_assert!(sides.caret < longer, "{sides:?}");
        let start = |text: &str| {
            let mut columns = 0;
            text.chars().take_while(|c| {
                let here = columns < sides.caret;
                columns += unicode_width::UnicodeWidthChar::width(*c).unwrap();
                here
            // A space before the difference is seen as one beside another space.
            }).collect::<String>().replace('␠', " ")
        };
        prop_assert_eq!(start(&sides.expected), start(&sides.got));
    }
}
