//! What `explain` found, in plain words and as JSON.

mod facts;
mod json;
mod verdict;

use unicode_width::UnicodeWidthStr;

use self::json::FindingFields;
use crate::explain::capture::{Captured, InputForm};
use crate::explain::{Explanation, Finding, Searched, Step, Stopped};
use crate::protocol::mapi::notify_id::Cause;
use crate::report::Lang;
use crate::report::case::push;
use crate::report::mistakes::text;
use crate::report::paint::{Colour, paint};
use crate::report::show::{safe, sides, visible};
use crate::report::words::fill;

/// How much is shown of one name or other detail, in characters.
const LONGEST_DETAIL: usize = 80;
/// How many explanations are shown in full.
const MOST_EXPLANATIONS: usize = 5;

/// One of two languages.
fn say<'a>(lang: Lang, en: &'a str, zh: &'a str) -> &'a str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

/// What was found, for people.
///
/// ```
/// use alipay_conformance::explain::capture::capture;
/// use alipay_conformance::explain::{Budget, GivenKey, Question, explain};
/// use alipay_conformance::report::{Lang, explain::paragraph};
///
/// let message = capture(b"?notify_id=1234&sign=22FC7E38E5ACDFEDE396AA463870D111", None)?;
/// let keys = [GivenKey::new("the key", "10000000000000000000000000000000")];
/// let finding = explain(&Question::new(&message, &keys), Budget::default(), &|| false);
/// let text = paragraph(&finding, &message, Lang::En, false);
/// assert!(text.contains("the hex digits of the signature are in upper case"));
/// # Ok::<(), alipay_conformance::explain::capture::CaptureError>(())
/// ```
#[must_use]
pub fn paragraph(finding: &Finding, message: &Captured, lang: Lang, colour: bool) -> String {
    let mut out = String::new();
    verdict::headline(&mut out, finding, lang, colour);
    verdict::read_as(&mut out, finding, message, lang);
    if finding.scheme.is_some() {
        verdict::lines(&mut out, finding, lang);
    }
    for (index, explanation) in finding.explanations.iter().take(MOST_EXPLANATIONS).enumerate() {
        explained(&mut out, finding, explanation, index > 0, lang, colour);
    }
    let more = finding.explanations.len().saturating_sub(MOST_EXPLANATIONS);
    if more > 0 {
        let more = fill(
            say(
                lang,
                "{} more as small; --format json has all",
                "另有 {} 种同样小的解释；--format json 列出全部",
            ),
            &[&more],
        );
        push(&mut out, format_args!("\n{more}\n"));
    }
    if finding.explanations.is_empty() && !finding.is_genuine() {
        not_explained(&mut out, finding, lang);
    }
    let facts: Vec<String> = finding.facts.iter().map(|fact| facts::sentence(fact, lang)).collect();
    if !facts.is_empty() {
        push(&mut out, format_args!("\n{}\n", say(lang, "Seen at once", "一眼可见")));
    }
    for fact in facts {
        push(&mut out, format_args!("  - {fact}\n"));
    }
    if let Some(cause) = finding.cause {
        diagnosis(&mut out, finding, cause, lang);
    }
    if !finding.is_genuine() {
        push(&mut out, format_args!("\n{}\n", searched(&finding.searched, lang)));
    }
    out
}

/// What was found, as one JSON object on one line, as `docs/report.md` describes it.
///
/// ```
/// use alipay_conformance::explain::capture::capture;
/// use alipay_conformance::explain::{Budget, Question, explain};
/// use alipay_conformance::report::explain::json;
///
/// let message = capture(b"a=1", None)?;
/// let finding = explain(&Question::new(&message, &[]), Budget::default(), &|| false);
/// assert!(json(&finding, &message).contains(r#""genuine":false"#));
/// # Ok::<(), alipay_conformance::explain::capture::CaptureError>(())
/// ```
#[must_use]
pub fn json(finding: &Finding, message: &Captured) -> String {
    // Nothing in it can fail to be written.
    serde_json::to_string(&FindingFields::of(finding, message)).unwrap_or_default()
}

fn explained(
    out: &mut String,
    finding: &Finding,
    explanation: &Explanation,
    is_other: bool,
    lang: Lang,
    colour: bool,
) {
    let has_mistake = explanation.steps.iter().any(|step| step.is_mistake);
    let heading = match (is_other, has_mistake) {
        (false, false) => say(
            lang,
            "The signature verifies once this is undone:",
            "撤销以下情况后，签名验证通过：",
        ),
        (false, true) => say(
            lang,
            "The signature is what a signer with this mistake computes:",
            "有以下错误的签名方会算出这个签名：",
        ),
        (true, false) => {
            say(lang, "Or, just as well, once this is undone:", "或者，同样可能，撤销以下情况后：")
        }
        (true, true) => say(
            lang,
            "Or, just as well, a signer with this mistake computes it:",
            "或者，同样可能，有以下错误的签名方会算出它：",
        ),
    };
    push(out, format_args!("\n{}\n", paint(heading, Colour::Bold, colour)));
    let steps = explanation.steps.len();
    for (index, step) in explanation.steps.iter().enumerate() {
        let mark = if steps > 1 { format!("{}. ", index + 1) } else { String::new() };
        let detail = detail(step, lang);
        push(out, format_args!("  {mark}{}{detail}  [{}]\n", text(lang, step.what), step.id));
        let indent = mark.width();
        push(
            out,
            format_args!(
                "  {:indent$}{}{}\n",
                "",
                say(lang, "fix: ", "改法："),
                text(lang, step.fix)
            ),
        );
    }
    let with = say(lang, "It then verifies as {} under {}.", "此时以 {} 用 {} 验证通过。");
    let key = safe(&explanation.key);
    push(out, format_args!("  {}\n", fill(with, &[&explanation.sign_type, &key])));
    parting(out, finding, explanation, lang, colour);
}

/// The place where the two strings to sign part.
fn parting(
    out: &mut String,
    finding: &Finding,
    explanation: &Explanation,
    lang: Lang,
    colour: bool,
) {
    let (built, signed) = (&finding.built, &explanation.signed);
    let Some(offset) = parts_at(built, signed) else {
        let same = say(
            lang,
            "The string to sign is the same; what differs is the signature's text, its type or the key.",
            "待签名字符串相同；不同的是签名文本、签名类型或密钥。",
        );
        push(out, format_args!("  {same}\n"));
        return;
    };
    let byte = |bytes: &[u8]| match bytes.get(offset) {
        Some(byte) => format!("{byte:02X}"),
        None => say(lang, "the end", "结尾").to_owned(),
    };
    let place = say(
        lang,
        "The strings to sign part at byte offset {}: {} was signed, {} is built here",
        "两个待签名字符串从字节偏移 {} 处开始不同：签名方为 {}，这里为 {}",
    );
    push(out, format_args!("  {}\n", fill(place, &[&offset, &byte(signed), &byte(built)])));
    let sides = sides(signed, built, explanation.charset);
    let (signed, here) = (say(lang, "signed", "签名方"), say(lang, "here", "这里"));
    let width = signed.width().max(here.width()) + 2;
    for (label, side, colour_of) in
        [(signed, &sides.expected, Colour::Good), (here, &sides.got, Colour::Bad)]
    {
        let gap = width - label.width();
        let side = paint(side, colour_of, colour);
        push(out, format_args!("    {label}{:gap$}{side}\n", ""));
    }
    let columns = 4 + width + sides.caret;
    push(out, format_args!("{:columns$}{}\n", "", paint("^", Colour::Note, colour)));
}

/// The first byte in which two strings differ.
fn parts_at(one: &[u8], other: &[u8]) -> Option<usize> {
    let common = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    (one != other).then_some(common)
}

fn detail(step: &Step, lang: Lang) -> String {
    if step.detail.is_empty() {
        return String::new();
    }
    format!("{}{}", say(lang, ": ", "："), names(&step.detail))
}

/// Names, made readable, each cut where it is long.
fn names(names: &[Vec<u8>]) -> String {
    let shown: Vec<String> = names.iter().map(|name| name_of(name)).collect();
    shown.join(", ")
}

fn name_of(name: &[u8]) -> String {
    let charset = crate::explain::charset_of(name, None);
    let shown = visible(name, charset);
    match shown.char_indices().nth(LONGEST_DETAIL) {
        Some((end, _)) => format!("{}…", shown.get(..end).unwrap_or_default()),
        None => shown,
    }
}

fn not_explained(out: &mut String, finding: &Finding, lang: Lang) {
    let nothing = say(
        lang,
        "Nothing that was tried explains it.\n  What no search can undo: another account's key, a value that was changed or lost, a message that\n  neither Alipay nor WeChat Pay sent. Compare the key with the one the account shows, and capture the body as it comes in.",
        "所有尝试都不能解释它。\n  搜索无法撤销的情况：密钥属于另一个账户，参数值被改动或丢失，报文根本不是支付宝或微信支付发出的。\n  请与账户中显示的密钥核对，并在入口处保存原始正文。",
    );
    push(out, format_args!("\n{nothing}\n"));
    // That of headers was shown above.
    if finding.scheme.is_none() {
        let heading = say(lang, "string to sign, as built here", "这里的待签名字符串");
        push(out, format_args!("  {heading}\n"));
        push(out, format_args!("    {}\n", visible(&finding.built, finding.charset)));
    }
}

fn diagnosis(out: &mut String, finding: &Finding, cause: Cause, lang: Lang) {
    let signature = match finding.is_genuine() {
        true => say(lang, "the signature matches", "签名一致"),
        false => say(lang, "the signature differs", "签名不一致"),
    };
    let advice = match lang {
        Lang::En => cause.advice(),
        Lang::Zh => cause.advice_zh(),
    };
    let heading = say(
        lang,
        "With the answer to the notify_id check ({}):",
        "结合 notify_id 验证的应答（{}）：",
    );
    push(out, format_args!("\n{}\n  {advice}\n", fill(heading, &[&signature])));
}

/// How large the space was in which was searched.
fn searched(searched: &Searched, lang: Lang) -> String {
    let Searched { steps, sets, attempts, complete, stopped, .. } = *searched;
    let mut out = fill(
        say(
            lang,
            "Searched: {} circumstances and mistakes, {} sets of them, {} different attempts; every set of up to {}{}.",
            "搜索范围：{} 种情况和错误，{} 个组合，{} 次不同的尝试；已试遍不超过 {} 项{}的组合。",
        ),
        &[
            &steps,
            &sets,
            &attempts,
            &complete,
            &match complete {
                2 => say(lang, " (of two, one frequent)", "（两项时至少一项常见）"),
                3 => say(
                    lang,
                    " (of two, one frequent; of three, each)",
                    "（两项时至少一项常见，三项时均为常见）",
                ),
                _ => "",
            },
        ],
    );
    match stopped {
        None => {}
        Some(Stopped::Work) => out.push_str(say(
            lang,
            " It ended before its end: its work was used up.",
            "搜索未完成：工作量已用尽。",
        )),
        Some(Stopped::Time) => out.push_str(say(
            lang,
            " It ended before its end: its time was up.",
            "搜索未完成：时间已到。",
        )),
    }
    out
}

/// What a form is called.
pub(crate) fn form(form: InputForm, lang: Lang) -> &'static str {
    match form {
        InputForm::Body => say(lang, "a form body", "表单正文"),
        InputForm::Url => say(lang, "a URL", "URL"),
        InputForm::Http => say(lang, "an HTTP message", "HTTP 报文"),
        InputForm::Curl => say(lang, "a curl command", "curl 命令"),
        InputForm::Log => say(lang, "an access log", "访问日志"),
        InputForm::Xml => "XML",
        InputForm::Json => "JSON",
        InputForm::PrintR => say(lang, "a dump by print_r", "print_r 输出"),
        InputForm::VarDump => say(lang, "a dump by var_dump", "var_dump 输出"),
        InputForm::VarExport => {
            say(lang, "quoted pairs, as var_export prints them", "带引号的键值对（var_export 等）")
        }
    }
}
