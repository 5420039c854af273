//! Any bytes as a captured message and a key.

use alipay_conformance::charset::Charset;
use alipay_conformance::explain::capture::{InputForm, capture};
use alipay_conformance::explain::{Budget, GivenKey, Question, explain};
use alipay_conformance::report::Lang;
use alipay_conformance::report::explain::{json, paragraph};
use alipay_conformance::signature::SignType;

/// Small, so that the fuzzer sees many messages; what is promised of it holds of any.
const BUDGET: Budget = Budget { work: 5_000 };
/// No attempt costs less.
const CHEAPEST: usize = 6;

const SECRET: &str = "10000000000000000000000000000000";
const PUBLIC: &str = include_str!("../../tests/keys/rsa-1024.spki.pem");

/// Captures in every form, explains, and writes the report. The first byte chooses what is asked.
pub fn run(input: &[u8]) {
    let (choice, message) = input.split_first().unwrap_or((&0, &[]));
    for form in InputForm::ALL {
        if let Ok(captured) = capture(message, Some(form)) {
            assert_eq!(captured.form, form);
        }
    }
    let Ok(captured) = capture(message, None) else { return };
    // The message as its own key: any bytes, and long ones.
    let keys = match choice & 3 {
        0 => vec![GivenKey::new("secret", SECRET)],
        1 => vec![GivenKey::new("public", PUBLIC)],
        2 => vec![GivenKey::new("message", message), GivenKey::new("secret", SECRET)],
        _ => vec![],
    };
    let mut question = Question::new(&captured, &keys);
    question.sign_type = match choice >> 2 & 3 {
        0 => None,
        1 => Some(SignType::Md5),
        2 => Some(SignType::Rsa),
        _ => Some(SignType::Rsa2),
    };
    question.charset =
        [None, Some(Charset::Utf8), Some(Charset::Gbk)][usize::from(choice >> 4) % 3];
    // Behind a reply stands a request.
    question.request = (choice & 0x40 != 0).then_some((b"POST", b"/v3/pay"));
    question.now = (choice & 0x20 != 0).then_some(1_722_850_421);
    question.sign = (choice & 0xE0 == 0xE0).then_some(b"c2lnbg==");
    question.notify_id_answer = (choice & 0x80 != 0).then_some(b"true");
    let finding = explain(&question, BUDGET, &|| false);
    let most = usize::try_from(BUDGET.work).expect("small") / CHEAPEST;
    assert!(finding.searched.attempts <= most, "{:?}", finding.searched);
    assert!(!finding.is_genuine() || finding.explanations.is_empty());
    for explanation in &finding.explanations {
        assert!((1..=4).contains(&explanation.steps.len()), "{explanation:?}");
    }
    let mut reports = vec![json(&finding, &captured)];
    reports.extend([Lang::En, Lang::Zh].map(|lang| paragraph(&finding, &captured, lang, false)));
    if choice & 3 == 0 && !message.windows(16).any(|part| part == &SECRET.as_bytes()[1..17]) {
        assert!(reports.iter().all(|report| !report.contains(SECRET)), "the key is shown");
    }
    let visible = |text: &str| text.chars().all(|c| c == '\n' || !c.is_control());
    assert!(reports.iter().all(|report| visible(report)));
}
