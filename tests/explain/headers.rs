//! Messages whose signature stands in a header: those of the vectors, genuine and not.

use std::collections::{BTreeMap, BTreeSet};

use alipay_conformance::explain::capture::{Captured, capture};
use alipay_conformance::explain::{Budget, Finding, GivenKey, Question, Rules, explain};
use alipay_conformance::mistake::{self, Area, Mistaken};
use alipay_conformance::protocol::headers::HeaderProtocol;
use alipay_conformance::signature::SignType;
use alipay_conformance::suite::answer::Answer;
use alipay_conformance::suite::implementation::Implementation;
use alipay_conformance::vector::case::{Case, Key, KeyForm, Verdict};
use alipay_conformance::vector::input::{HttpMessage, Input};
use alipay_conformance::vector::load::VectorSet;
use alipay_conformance::vector::operation::Operation;

use crate::scene::{SET, ids};

/// A message of the vectors, as somebody captures it.
pub(crate) struct Capture {
    pub(crate) text: Vec<u8>,
    pub(crate) keys: Vec<GivenKey>,
    pub(crate) request: (String, String),
    sign_type: Option<SignType>,
}

impl Capture {
    /// The message of a case, with the headers that it gets when it is signed.
    pub(crate) fn of(case: &Case) -> Option<Self> {
        let Input::Http(message) = &case.ask.input else { return None };
        HeaderProtocol::from_id(&case.ask.protocol)?;
        let HttpMessage { method, path, headers, body, .. } = message;
        let first = match case.ask.operation {
            Operation::VerifyResponse => "HTTP/1.1 200 OK".to_owned(),
            _ if method.is_empty() => "POST /notify HTTP/1.1".to_owned(),
            _ => format!("{method} {path} HTTP/1.1"),
        };
        let signed = match &case.verdict {
            Verdict::Valid(output) => output.headers.clone().unwrap_or_default(),
            _ => vec![],
        };
        let lines = headers.iter().chain(&signed).map(|(name, value)| format!("{name}: {value}"));
        let head: Vec<String> = [first].into_iter().chain(lines).collect();
        let text = [head.join("\r\n").as_bytes(), b"\r\n\r\n", &body.0].concat();
        let serial = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("wechatpay-serial"));
        let serial = serial.map(|(_, id)| id.as_str());
        let named = case.ask.keys.iter().find(|(id, _)| Some(id.as_str()) == serial);
        let others = case.ask.keys.iter().filter(|(id, _)| Some(id.as_str()) != serial);
        let keys = named.into_iter().chain(others).map(|(id, key)| given(id, key));
        let own = case.ask.key.as_ref().map(|key| given("own", key));
        let own = own.filter(|_| case.ask.keys.is_empty());
        Some(Self {
            text,
            keys: keys.chain(own).collect(),
            request: (method.clone(), path.clone()),
            sign_type: SignType::from_name(case.ask.sign_type.as_deref().unwrap_or_default()).ok(),
        })
    }

    pub(crate) fn finding(&self, captured: &Captured, protocol: Option<Rules>) -> Finding {
        let mut question = Question::new(captured, &self.keys);
        question.protocol = protocol;
        question.sign_type = self.sign_type;
        let (method, path) = (self.request.0.as_bytes(), self.request.1.as_bytes());
        question.request = (!method.is_empty()).then_some((method, path));
        explain(&question, Budget::default(), &|| false)
    }
}

fn given(name: &str, key: &Key) -> GivenKey {
    let text = key.form(KeyForm::PublicSpkiPem).or_else(|| key.form(KeyForm::PublicPkcs1Pem));
    GivenKey::new(name, text.unwrap_or_default())
}

fn cases(set: &VectorSet) -> impl Iterator<Item = (&Case, Capture)> {
    set.cases().iter().filter_map(|case| Some((case, Capture::of(case)?)))
}

/// What is valid is genuine, and recognised.
#[test]
fn genuine_messages() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (case, capture_of) in cases(&SET) {
        if !matches!(case.verdict, Verdict::Valid(_)) {
            continue;
        }
        count += 1;
        let captured = capture(&capture_of.text, None).unwrap();
        let finding = capture_of.finding(&captured, None);
        if !finding.is_genuine() || finding.protocol.id() != case.ask.protocol {
            wrong.push(format!("{}: {} {:?}", case.id, finding.protocol.id(), finding.verdict));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 100, "{count}");
}

/// What is wrong on purpose, and by which names it is explained. The others have nothing that a search could undo.
#[test]
fn invalid_messages() {
    let mut explained: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (case, capture_of) in cases(&SET) {
        let is_verified = case.ask.operation != Operation::SignRequest;
        if !matches!(case.verdict, Verdict::Invalid { .. }) || !is_verified {
            continue;
        }
        let captured = capture(&capture_of.text, None).unwrap();
        let finding = capture_of.finding(&captured, None);
        for ids in ids(&finding) {
            explained.entry(ids.join(" ")).or_default().push(&case.id);
        }
    }
    insta::assert_snapshot!(
        explained
            .iter()
            .map(|(ids, cases)| format!("{ids}: {}\n", cases.join(" ")))
            .collect::<String>()
    );
}

/// The mistakes with headers that no message shows, and why.
const NOT_SEEN: &[(&str, &[&str])] = &[
    (
        "the message is genuine, and refused by who makes the mistake: explain says that it is genuine",
        &[
            "cert-public-key-alone",
            "cert-public-key-mode",
            "cert-rotation",
            "cert-serial-form-v3",
            "compare-wechat-signature-type-demanded",
            "encode-antom-signature-not-unescaped",
            "encode-antom-signature-unescaped-twice",
            "encode-v3-signature-unescaped",
            "endpoint-headers-stripped",
            "key-merchant-certificate-instead-of-platform",
            "key-wechat-serial-ignored",
            "parse-header-name-case",
            "parse-wechat-header-name-exact",
            "replay-timestamp-ahead-refused",
            "replay-timestamp-milliseconds",
        ],
    ),
    (
        "the message is genuine, and the clock or the id of its key speaks against it: facts, which no search undoes",
        &[
            "compare-wechat-serial-optional",
            "replay-timestamp-ignored",
            "replay-timestamp-milliseconds-accepted",
            "replay-timestamp-one-sided",
            "replay-timestamp-optional",
            "replay-timestamp-whole-minutes",
        ],
    ),
    (
        "nobody signed the message, and who makes the mistake does not look",
        &[
            "compare-header-reply-not-verified",
            "compare-header-signature-missing",
            "compare-header-signature-null",
            "compare-wechat-empty-body-not-verified",
            "compare-wechat-skipped-without-headers",
            "endpoint-host-header-bypass",
            "xml-content-type-selects-scheme",
        ],
    ),
    (
        "what is signed is what is sent, so the signature is one of the message; of the time a fact tells",
        &[
            "encode-v3-item-not-checked",
            "join-wechat-v3-timestamp-milliseconds",
            "openapi-v3-timestamp-seconds",
        ],
    ),
    ("what was signed is not sent, and nothing tells it", &["join-wechat-v3-header-drawn-anew"]),
    (
        "the cases show it in the answer's signature alone, and what comes of it is the circumstance sign-plus-lost",
        &["encode-antom-signature-not-escaped"],
    ),
    (
        "without Content-Length the line end behind the body is taken for the file's, and told so",
        &["join-wechat-v3-line-feed-once"],
    ),
];

/// Who signs with a mistake of the catalogue is told so, by its name or by that of a circumstance that comes to the
/// same.
#[test]
fn the_mistakes_of_signers() {
    let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for mistake in mistake::all().filter(|mistake| mistake.area == Area::Headers) {
        let mistaken = Mistaken::new([mistake]);
        let sets = seen.entry(mistake.id).or_default();
        let named = SET.cases().iter().filter(|case| case.mistakes.iter().any(|m| m == mistake.id));
        for case in named {
            let mut signed = case.clone();
            if case.ask.operation == Operation::SignRequest {
                let Answer::Value(output) = mistaken.perform(&case.ask) else { continue };
                signed.verdict = Verdict::Valid(output);
            }
            let Some(capture_of) = Capture::of(&signed) else { continue };
            let captured = capture(&capture_of.text, None).unwrap();
            let finding = capture_of.finding(&captured, None);
            sets.extend(ids(&finding).iter().map(|ids| ids.join(" + ")));
        }
    }
    let not_seen: BTreeSet<_> =
        seen.iter().filter(|pair| pair.1.is_empty()).map(|p| *p.0).collect();
    let expected: BTreeSet<_> = NOT_SEEN.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
    assert_eq!(not_seen, expected);
    let by_name = seen.iter().filter(|(id, sets)| sets.contains(**id)).count();
    let line = |(id, sets): (&&str, &BTreeSet<String>)| {
        format!("{id}: {}\n", sets.iter().cloned().collect::<Vec<_>>().join(", "))
    };
    let lines: String = seen.iter().filter(|pair| !pair.1.is_empty()).map(line).collect();
    let count = seen.len() - not_seen.len();
    insta::assert_snapshot!(format!(
        "{count} of {} mistakes are explained, {by_name} of them by their names\n{lines}",
        seen.len()
    ));
}
