//! What came of one case, in a paragraph.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use crate::charset::Charset;
use crate::report::Lang;
use crate::report::paint::{Colour, paint};
use crate::report::show::{safe, sides, visible};
use crate::report::words::{Words, fill};
use crate::suite::answer::{Breakage, BreakageKind, Threw};
use crate::suite::outcome::{Difference, Failure, Outcome};
use crate::vector::case::{Case, Edit, Verdict};
use crate::vector::operation::Operation;
use crate::vector::reason::Reason;

/// How much of an edit is shown, in characters.
const LONGEST_EDIT: usize = 60;
/// How much of a string to sign is shown, in characters.
const LONGEST_STRING: usize = 600;
/// How many lines of standard error are shown.
const STDERR_LINES: usize = 12;

/// What came of one case, as the text report has it, with the rule: for a report of one's own.
///
/// It is empty where the case was as expected.
///
/// ```
/// use alipay_conformance::report::{Lang, paragraph};
/// use alipay_conformance::suite::outcome::{Failure, Outcome};
/// use alipay_conformance::vector::load::VectorSet;
///
/// let set = VectorSet::embedded()?;
/// let case = set.case("mapi-0233").unwrap();
/// let outcome = Outcome::Fail(Box::new(Failure::NoValue { stage: "signature" }));
/// let paragraph = paragraph(case, &outcome, Lang::En);
/// assert!(paragraph.contains("got       an answer without signature"));
/// # Ok::<(), alipay_conformance::vector::load::LoadError>(())
/// ```
#[must_use]
pub fn paragraph(case: &Case, outcome: &Outcome, lang: Lang) -> String {
    let style = Style { lang, colour: false, indent: 0 };
    let mut out = String::new();
    match outcome {
        Outcome::Fail(failure) => write_failure(&mut out, case, failure, style),
        Outcome::Broken(breakage) => write_breakage(&mut out, case, breakage, style),
        _ => return out,
    }
    let rule = format!("{} {}", safe(&case.rule), safe(lang.of_rule(&case.rule_text)));
    let rows = Rows::of(style);
    for (flag, meaning) in case.flags.iter().zip(&case.flag_texts) {
        let meaning = format!("{}: {}", safe(flag), safe(lang.of(meaning)));
        rows.write(&mut out, "", Colour::Dim, &meaning);
    }
    rows.write(&mut out, lang.words().rule, Colour::Dim, &rule);
    rows.write(&mut out, lang.words().rule_source, Colour::Dim, &safe(&case.rule_text.source));
    out
}

/// How paragraphs are written.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) lang: Lang,
    pub(crate) colour: bool,
    pub(crate) indent: usize,
}

/// Labels, and what stands beside them.
pub(crate) struct Rows {
    style: Style,
    label_width: usize,
}

impl Rows {
    /// The rows of a paragraph, below its heading.
    pub(crate) fn of(style: Style) -> Self {
        let label_width = label_width(style.lang.words());
        Self { style: Style { indent: style.indent + 2, ..style }, label_width }
    }

    pub(crate) fn write(&self, out: &mut String, label: &str, colour: Colour, text: &str) {
        let Style { colour: wanted, indent, .. } = self.style;
        let gap = self.label_width.saturating_sub(label.width()) + 2;
        let label = paint(label, Colour::Dim, wanted);
        let text = paint(text, colour, wanted && colour != Colour::Dim);
        push(out, format_args!("{:indent$}{label}{:gap$}{text}\n", "", ""));
    }

    fn caret(&self, out: &mut String, column: usize) {
        let columns = self.style.indent + self.label_width + 2 + column;
        push(out, format_args!("{:columns$}{}\n", "", paint("^", Colour::Note, self.style.colour)));
    }
}

pub(crate) fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok(), "a String takes all");
}

fn label_width(words: &Words) -> usize {
    [
        words.asked,
        words.differs,
        words.expected,
        words.got,
        words.to_sign,
        words.edit,
        words.note,
        words.flags,
    ]
    .into_iter()
    .map(UnicodeWidthStr::width)
    .max()
    .unwrap_or_default()
}

fn heading(out: &mut String, case: &Case, style: Style) -> Rows {
    let Style { lang, colour, indent } = style;
    let id = safe(&case.id);
    let title = safe(lang.of(&case.title));
    push(out, format_args!("{:indent$}{}  {title}\n", "", paint(&id, Colour::Bold, colour)));
    let rows = Rows::of(style);
    rows.write(out, lang.words().asked, Colour::Dim, &asked(case));
    rows
}

/// Operation, charset and sign type.
pub(crate) fn asked(case: &Case) -> String {
    let ask = &case.ask;
    let mut asked = format!("{}, {}", ask.operation, ask.charset);
    if let Some(sign_type) = &ask.sign_type {
        asked.push_str(", ");
        asked.push_str(&safe(sign_type));
    }
    asked
}

/// The paragraph of a failed case, without its rule.
pub(crate) fn write_failure(out: &mut String, case: &Case, failure: &Failure, style: Style) {
    let rows = heading(out, case, style);
    let words = style.lang.words();
    if let Some(difference) = difference(failure) {
        write_difference(&rows, out, case.ask.charset, difference);
    }
    if let Some((expected, got)) = verdicts(case, failure, words) {
        for (index, expected) in expected.iter().enumerate() {
            let label = if index == 0 { words.expected } else { words.or };
            rows.write(out, label, Colour::Good, expected);
        }
        rows.write(out, words.got, Colour::Bad, &got);
    }
    if let Some(string) = string_to_sign(case, failure) {
        rows.write(out, words.to_sign, Colour::Dim, &string);
    }
    match failure {
        Failure::WrongReason { .. } => {
            rows.write(out, words.note, Colour::Dim, words.wrong_reason);
        }
        Failure::TwinNotAccepted { twin } => {
            let note = fill(words.twin_rejected, &[&safe(twin)]);
            rows.write(out, words.note, Colour::Dim, &note);
        }
        _ => {}
    }
    if let Verdict::Invalid { twin, .. } = &case.verdict {
        rows.write(out, words.edit, Colour::Dim, &edit(&twin.id, &twin.edit, words));
    }
    write_flags(&rows, out, case, words);
}

fn write_flags(rows: &Rows, out: &mut String, case: &Case, words: &Words) {
    let flags: Vec<String> = case.flags.iter().map(|flag| safe(flag)).collect();
    rows.write(out, words.flags, Colour::Dim, &flags.join(", "));
}

/// The paragraph of a case that broke the implementation.
pub(crate) fn write_breakage(out: &mut String, case: &Case, breakage: &Breakage, style: Style) {
    let rows = heading(out, case, style);
    write_broken(&rows, out, breakage);
    write_flags(&rows, out, case, style.lang.words());
}

/// How an implementation broke.
pub(crate) fn write_broken(rows: &Rows, out: &mut String, breakage: &Breakage) {
    let words = rows.style.lang.words();
    let kind = match breakage.kind {
        BreakageKind::Crash => words.crash,
        BreakageKind::Hang => words.hang,
        BreakageKind::Garbled => words.garbled,
    };
    rows.write(out, kind, Colour::Bad, &safe(&breakage.detail));
    let lines: Vec<&str> = breakage.stderr.lines().collect();
    let skipped = lines.len().saturating_sub(STDERR_LINES);
    for (index, line) in lines.iter().skip(skipped).enumerate() {
        let label = if index == 0 { words.stderr } else { "" };
        rows.write(out, label, Colour::Dim, &safe(line));
    }
}

/// What should be signed, where the failure does not show it: a signature differs, or is not accepted.
fn string_to_sign(case: &Case, failure: &Failure) -> Option<String> {
    let unexplained = match failure {
        Failure::Differs(difference) => difference.stage == "signature",
        Failure::Rejected { difference, .. } => difference.is_none(),
        _ => false,
    };
    match &case.verdict {
        Verdict::Valid(expected) if unexplained => {
            let string = visible(expected.string_to_sign.as_ref()?, case.ask.charset);
            Some(shortened(string, LONGEST_STRING))
        }
        _ => None,
    }
}

pub(crate) fn shortened(text: String, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn difference(failure: &Failure) -> Option<&Difference> {
    match failure {
        Failure::Differs(difference) => Some(difference),
        Failure::Rejected { difference, .. } => difference.as_ref(),
        _ => None,
    }
}

pub(crate) fn write_difference(
    rows: &Rows,
    out: &mut String,
    charset: Charset,
    difference: &Difference,
) {
    let words = rows.style.lang.words();
    let Difference { stage, parameter, offset, expected, got } = difference;
    let byte = |bytes: &[u8]| {
        bytes.get(*offset).map_or_else(|| words.end.to_owned(), |byte| format!("{byte:02X}"))
    };
    let (expected_byte, got_byte) = (byte(expected), byte(got));
    let place = match parameter {
        None => fill(words.differs_at, &[stage, offset, &expected_byte, &got_byte]),
        Some(name) => {
            let name = safe(name);
            fill(words.differs_in, &[stage, &name, offset, &expected_byte, &got_byte])
        }
    };
    rows.write(out, words.differs, Colour::Bold, &place);
    let sides = sides(expected, got, charset_of(stage, charset));
    let or_nothing = |text: String| if text.is_empty() { words.nothing.into() } else { text };
    rows.write(out, words.expected, Colour::Good, &or_nothing(sides.expected));
    rows.write(out, words.got, Colour::Bad, &or_nothing(sides.got));
    rows.caret(out, sides.caret);
}

/// The stages that are bytes of the case's charset; the others are text.
fn charset_of(stage: &str, charset: Charset) -> Charset {
    match stage {
        "decoded" | "filtered" | "sorted" | "string_to_sign" | "wire" => charset,
        _ => Charset::Utf8,
    }
}

/// What was expected and what came, where that is no difference of values.
fn verdicts(case: &Case, failure: &Failure, words: &Words) -> Option<(Vec<String>, String)> {
    let due = match case.ask.operation {
        Operation::CheckRequest
        | Operation::VerifyNotify
        | Operation::VerifyReturn
        | Operation::NotifyIdAnswer => words.accept,
        _ => words.a_value,
    };
    let reject = |reasons: &[Reason]| {
        let reasons: Vec<_> = reasons.iter().map(|reason| reason.name()).collect();
        fill(words.reject_for, &[&reasons.join(&format!(" {} ", words.or))])
    };
    Some(match failure {
        Failure::NoValue { stage } => {
            (vec![fill(words.value_of, &[stage])], fill(words.no_value, &[stage]))
        }
        Failure::Accepted { expected } => (vec![reject(expected)], words.accept.into()),
        Failure::Rejected { reason, detail, difference } => {
            let mut got = match reason {
                Some(reason) => reject(&[*reason]),
                None => words.reject.to_owned(),
            };
            if let Some(detail) = detail {
                got.push_str(&fill(words.words_of, &[&safe(detail)]));
            }
            // The difference, where there is one, has said what was expected.
            let expected = if difference.is_some() { vec![] } else { vec![due.into()] };
            (expected, got)
        }
        Failure::WrongReason { expected, got } => (vec![reject(expected)], reject(&[*got])),
        Failure::TwinNotAccepted { .. } => return None,
        Failure::Threw(Threw { kind, message }) => {
            (vec![due.into()], fill(words.exception, &[&safe(kind), &safe(message)]))
        }
        Failure::UnknownAnswer { known, got } => {
            (known.iter().map(|known| safe(known)).collect(), safe(got))
        }
        Failure::Unsupported { why } => {
            let got = format!("{}{}", words.unsupported, fill(words.words_of, &[&safe(why)]));
            (vec![words.declared.into()], got)
        }
        Failure::WrongKind { expected, got } => {
            (vec![in_words(expected, words).into()], in_words(got, words).into())
        }
        Failure::Differs(_) => return None,
    })
}

fn in_words<'a>(kind: &'a str, words: &'a Words) -> &'a str {
    match kind {
        "a value" => words.a_value,
        "accept or reject" => words.accept_or_reject,
        "accept" => words.accept,
        "reject" => words.reject,
        other => other,
    }
}

fn edit(twin: &str, edit: &Edit, words: &Words) -> String {
    let shown = |value: &serde_json::Value| shortened(safe(&value.to_string()), LONGEST_EDIT);
    let offset = edit.offset.map_or_else(|| words.start.to_owned(), |offset| offset.to_string());
    let (remove, insert) = (shown(&edit.remove), shown(&edit.insert));
    fill(words.edit_of, &[&safe(twin), &safe(&edit.at), &offset, &remove, &insert])
}
