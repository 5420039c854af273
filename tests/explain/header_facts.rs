//! What is seen of messages whose signature stands in a header without a search, and what the search promises of them.

use std::time::{Duration, Instant};

use alipay_conformance::explain::capture::capture;
use alipay_conformance::explain::{Budget, Fact, Finding, GivenKey, Question, Stopped, explain};
use alipay_conformance::protocol::wechatpay::window::WindowError;
use alipay_conformance::report::Lang;
use alipay_conformance::report::explain::{json, paragraph};
use alipay_conformance::signature::SignType;

use crate::header_damage::{Letter, antom_reply, notice};
use crate::scene::{private, verifying};

/// Without the search, which no fact needs.
const NONE: Budget = Budget { work: 0 };

fn signed(mut letter: Letter) -> Letter {
    letter.sign();
    letter
}

fn seen(letter: &Letter) -> Vec<Fact> {
    letter.asked(|question| question.now = Some(1_722_850_421), NONE).facts
}

fn made() -> Fact {
    Fact::KeyMadeIt("the key".into(), SignType::Rsa2)
}

fn named(id: &str) -> Fact {
    Fact::KeyId("Wechatpay-Serial", id.into())
}

#[test]
fn of_time_and_key() {
    let letter = signed(notice());
    assert_eq!(seen(&letter), [named("PUB_KEY_ID_1"), made()]);
    let time = Fact::Time(b"1722850421".to_vec());
    assert_eq!(letter.asked(|_| {}, NONE).facts, [named("PUB_KEY_ID_1"), time, made()]);

    // Genuine is one thing, fresh is another.
    let late = letter.asked(|question| question.now = Some(1_722_850_722), NONE);
    assert!(late.is_genuine());
    let stale = Fact::Stale(WindowError::Outside { seconds: 301 });
    assert_eq!(late.facts, [named("PUB_KEY_ID_1"), stale, made()]);

    let mut letter = signed(notice());
    letter.keys[0].1 = include_bytes!("../certificates/certificate.pem").to_vec();
    let facts = seen(&letter);
    let is_other = |fact: &Fact| matches!(fact, Fact::OtherCertificate(..));
    let Some(Fact::OtherCertificate(name, serial)) = facts.iter().find(|fact| is_other(fact))
    else {
        panic!("{facts:?}");
    };
    assert_eq!(name, "the key");
    *letter.header("Wechatpay-Serial") = serial.to_ascii_lowercase();
    assert!(!seen(&letter).iter().any(is_other));
}

#[test]
fn of_what_is_missing() {
    let letter = signed(antom_reply());
    let without = letter.asked(|question| question.request = None, NONE);
    assert_eq!(without.facts, [Fact::NoRequest, made()]);
    assert!(!without.is_genuine());

    let mut letter = signed(notice());
    letter.carrier().insert_str(0, "WECHATPAY/SIGNTEST/");
    assert_eq!(seen(&letter)[0], Fact::Probe);
    letter.text(|body| body.replace("支", "\u{FFFD}"));
    assert_eq!(seen(&letter)[0], Fact::Replaced(vec![b"body".to_vec()]));
    letter.headers.retain(|header| header.0 != "Wechatpay-Signature");
    assert!(seen(&letter).contains(&Fact::NoSign));
}

#[test]
fn of_the_time_of_a_request() {
    let head =
        "GET /v3/x HTTP/1.1\nAuthorization: ALIPAY-SHA256withRSA app_id=1,nonce=n,timestamp=";
    for (time, fact) in [("1655869956477", None), ("1655869956", Some(Fact::TimeDigits(10, 13)))] {
        let facts = of_text(&format!("{head}{time},sign=eA==\n\n")).facts;
        let is_it = |fact: &&Fact| matches!(fact, Fact::TimeDigits(..));
        assert_eq!(facts.into_iter().find(|fact| is_it(&fact)), fact);
    }
}

fn of_text(text: &str) -> Finding {
    let captured = capture(text.as_bytes(), None).unwrap();
    let keys = [GivenKey::new("the key", verifying("rsa-2048"))];
    explain(&Question::new(&captured, &keys), Budget::default(), &|| false)
}

#[test]
fn of_the_body() {
    const HEAD: &str = "POST /notify HTTP/1.1\nWechatpay-Signature: eA==\n";
    let facts = of_text(&format!("{HEAD}Content-Length: 2\n\n")).facts;
    assert!(facts.contains(&Fact::EmptyBody(2)), "{facts:?}");
    for (length, is_left_out) in [("", true), ("Content-Length: 3\n", false)] {
        let finding = of_text(&format!("{HEAD}{length}\n{{}}\n"));
        assert_eq!(finding.facts.contains(&Fact::LineEndLeftOut), is_left_out);
        assert_eq!(finding.built.ends_with(b"{}\n\n"), !is_left_out, "{finding:?}");
    }
    let stripped = of_text("POST /notify HTTP/1.1\n\n{\"id\":1}").facts;
    assert_eq!(stripped, [Fact::JsonBody]);
    // Version 2 of the open platform signs in the body.
    let reply = of_text("HTTP/1.1 200 OK\n\n{\"a_response\":{},\"sign\":\"eA==\"}").facts;
    assert!(!reply.contains(&Fact::JsonBody), "{reply:?}");
}

/// The line end that a file has behind the body, and the one that was signed.
#[test]
fn a_line_end_behind_the_body() {
    let mut letter = notice();
    letter.body.push(b'\n');
    letter.sign();
    let text = String::from_utf8(letter.captured()).unwrap();
    let without_length: String =
        text.split_inclusive('\n').filter(|line| !line.starts_with("Content-Length")).collect();
    assert!(of_text(&without_length).is_genuine());
    let text = String::from_utf8(signed(notice()).captured()).unwrap();
    assert!(of_text(&format!("{text}\n")).is_genuine());
}

fn hopeless() -> Letter {
    let mut letter = signed(notice());
    letter.text(|body| body.replace("EV-1", "EV-2"));
    letter
}

#[test]
fn nothing_found() {
    let finding = hopeless().finding();
    assert_eq!(finding.explanations, []);
    let searched = finding.searched;
    assert!(searched.steps > 40 && searched.attempts > 1_000, "{searched:?}");
    assert_eq!((searched.complete, searched.stopped), (3, None));
}

#[test]
fn the_same_every_time() {
    let budget = Budget { work: 50_000 };
    let [one, other] = [0, 1].map(|_| hopeless().asked(|_| {}, budget).searched);
    assert_eq!(one, other);
    assert_eq!(one.stopped, Some(Stopped::Work));
}

/// The largest messages, under the clock that the command has.
#[test]
fn the_largest_messages_end_in_time() {
    let limit = Duration::from_secs(2);
    let item = r#"{"a":"\/支\u4ed8&\"","b":[1.50,[[[{}]]]]},"#.repeat(1_100);
    let deep = ["[".repeat(127), "]".repeat(127)].concat();
    for body in [format!("[{item}0]"), format!("[{}0]", format!("{deep},").repeat(240))] {
        let mut letter = notice();
        letter.text(|_| body.clone());
        letter.sign();
        letter.text(|body| body.replace("0]", "1]"));
        let captured = capture(&letter.captured(), None).unwrap();
        let keys = letter.given();
        let start = Instant::now();
        let question = Question::new(&captured, &keys);
        let finding = explain(&question, Budget::default(), &|| start.elapsed() > limit);
        assert!(start.elapsed() < limit * 2, "{:?}", start.elapsed());
        assert!(!finding.is_genuine());
    }
}

#[test]
fn a_key_is_never_shown() {
    let mut letter = hopeless();
    letter.keys = vec![("own.pem", private("rsa-2048")), ("the key", verifying("rsa-2048"))];
    for letter in [letter, signed(notice())] {
        let captured = capture(&letter.captured(), None).unwrap();
        let finding = letter.finding();
        let mut outputs =
            vec![format!("{finding:?} {:?}", letter.given()), json(&finding, &captured)];
        outputs
            .extend([Lang::En, Lang::Zh].map(|lang| paragraph(&finding, &captured, lang, false)));
        for (_, text) in &letter.keys {
            let text = String::from_utf8(text.clone()).unwrap();
            for line in text.lines().filter(|line| !line.starts_with('-')) {
                assert!(outputs.iter().all(|output| !output.contains(line)), "{line}");
            }
        }
    }
}

/// A gateway on the way may sign in a header too.
#[test]
fn a_parameter_sign_decides() {
    const HEAD: &str = "POST /notify HTTP/1.1\nSignature: keyId=\"a\",signature=\"eA==\"\n\n";
    let finding = of_text(&format!("{HEAD}notify_id=1&sign=0"));
    assert_eq!(finding.protocol.id(), "alipay.mapi");
    assert_eq!(of_text(&format!("{HEAD}{{}}")).protocol.id(), "antom");
}
