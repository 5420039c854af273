//! Reports on a [`Search`]: what generated cases found.

pub mod json;
mod laws;

use std::fmt;

use crate::generate::{Ended, Finding, Kind, Search, Shown, Sort, Test};
use crate::law::{Law, Violation};
use crate::report::Lang;
use crate::report::case::{
    Rows, Style, push, shortened, write_breakage, write_broken, write_difference, write_failure,
};
use crate::report::paint::{Colour, paint};
use crate::report::show::{safe, visible};
use crate::report::subject;
use crate::report::words::fill;
use crate::suite::outcome::{Difference, Outcome};
use crate::suite::run::Conclusion;

/// How much of an input is shown, in characters.
const LONGEST_INPUT: usize = 400;

/// What stands beside each finding: how to see it again.
pub trait Again {
    /// The command that finds it again.
    fn replay(&self, finding: &Finding) -> String;

    /// The file that it was written to.
    fn file(&self, finding: &Finding) -> Option<String>;
}

/// A search as text: who was tested, how many cases of what, every finding in its smallest case, the verdict in the
/// last line.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    search: &'a Search,
    again: &'a dyn Again,
    lang: Lang,
    verbose: bool,
    colour: bool,
    min_cases: usize,
}

impl<'a> Text<'a> {
    /// In English, without colour.
    #[must_use]
    pub fn new(search: &'a Search, again: &'a dyn Again) -> Self {
        Self { search, again, lang: Lang::En, verbose: false, colour: false, min_cases: 0 }
    }

    /// In which language.
    #[must_use]
    pub fn lang(self, lang: Lang) -> Self {
        Self { lang, ..self }
    }

    /// Whether to show why cases were not asked.
    #[must_use]
    pub fn verbose(self, verbose: bool) -> Self {
        Self { verbose, ..self }
    }

    /// Whether to write the escape sequences of colours.
    #[must_use]
    pub fn colour(self, colour: bool) -> Self {
        Self { colour, ..self }
    }

    /// How many cases had to run, for the verdict.
    #[must_use]
    pub fn min_cases(self, min_cases: usize) -> Self {
        Self { min_cases, ..self }
    }

    fn census(&self, out: &mut String) {
        let words = self.lang.words();
        let Search { tests, skipped, .. } = self.search;
        let (ran, different) = (self.search.ran(), self.search.different());
        let row = |out: &mut String, indent: usize, count: usize, word: &str, colour| {
            let word = paint(word, colour, self.colour && colour != Colour::Dim);
            push(out, format_args!("{:indent$}{count:>6} {word}\n", ""));
        };
        let bad = if different > 0 { Colour::Bad } else { Colour::Dim };
        row(out, 2, ran, &fill(words.generated, &[&self.seed()]), Colour::Bold);
        row(out, 4, ran.saturating_sub(different), words.as_expected, Colour::Good);
        row(out, 4, different, words.different, bad);
        for (test, count) in tests {
            row(out, 6, *count, test.name(), Colour::Dim);
        }
        let not_asked: usize = skipped.values().sum();
        if not_asked > 0 && (self.verbose || self.search.ended == Some(Ended::FewAsked)) {
            row(out, 2, not_asked, words.not_asked, Colour::Dim);
            let mut reasons: Vec<_> = skipped.iter().collect();
            reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            for (why, count) in reasons {
                row(out, 4, *count, &safe(why), Colour::Dim);
            }
        }
    }

    fn seed(&self) -> String {
        let Search { seed, first, .. } = self.search;
        if *first == 0 { seed.to_string() } else { format!("{seed}:{first}") }
    }

    fn finding(&self, out: &mut String, finding: &Finding) {
        let words = self.lang.words();
        let Kind { test, protocol, .. } = finding.kind;
        // Which protocol is said where there are several.
        let of =
            if self.search.protocols.len() > 1 { format!("{protocol} ") } else { String::new() };
        let heading = format!("{of}{test}{}{}", words.colon, self.sort(&finding.kind));
        let cases = fill(words.of_cases, &[&finding.cases]);
        push(out, format_args!("\n{}, ", paint(&heading, Colour::Bold, self.colour)));
        push(out, format_args!("{}\n\n", paint(&cases, Colour::Bad, self.colour)));
        let style = Style { lang: self.lang, colour: self.colour, indent: 2 };
        let rows = Rows::of(style);
        match &finding.shown {
            Shown::Case { outcome, .. } => match (finding.case(), outcome) {
                (Some(case), Outcome::Fail(failure)) => write_failure(out, case, failure, style),
                (Some(case), Outcome::Broken(breakage)) => {
                    write_breakage(out, case, breakage, style);
                }
                _ => {}
            },
            Shown::Law(violation) => self.violation(&rows, out, finding, violation),
            Shown::Broken(breakage) => {
                self.law(&rows, out, finding);
                write_broken(&rows, out, breakage);
            }
        }
        let (charset, _) = finding.setting;
        let input = match std::str::from_utf8(&finding.input) {
            Ok(text) => safe(text),
            Err(_) => visible(&finding.input, charset),
        };
        let input = shortened(input, LONGEST_INPUT);
        rows.write(out, words.input, Colour::Bold, &input);
        rows.write(out, words.replay, Colour::Dim, &safe(&self.again.replay(finding)));
        if let Some(file) = self.again.file(finding) {
            rows.write(out, words.file, Colour::Dim, &safe(&file));
        }
    }

    fn law(&self, rows: &Rows, out: &mut String, finding: &Finding) {
        if let Test::Law(law) = finding.kind.test {
            push(out, format_args!("  {}\n", laws::statement(law, self.lang)));
        }
        let (charset, sign_type) = finding.setting;
        let asked = format!("{charset}, {sign_type}");
        rows.write(out, self.lang.words().asked, Colour::Dim, &asked);
    }

    fn violation(&self, rows: &Rows, out: &mut String, finding: &Finding, violation: &Violation) {
        let words = self.lang.words();
        let Violation { law, expected, got } = violation;
        let (charset, _) = finding.setting;
        self.law(rows, out, finding);
        let is_string = matches!(
            law,
            Law::OrderDoesNotMatter
                | Law::EmptyValuesDoNotMatter
                | Law::ExcludedNamesDoNotMatter
                | Law::StringToSignAgreesWithTheNaiveModel
        );
        match Difference::between("string_to_sign", &expected.value, &got.value) {
            Some(difference) if is_string => write_difference(rows, out, charset, &difference),
            _ => {
                let shown = |bytes: &[u8]| shortened(visible(bytes, charset), LONGEST_INPUT);
                rows.write(out, words.expected, Colour::Good, &shown(&expected.value));
                rows.write(out, words.got, Colour::Bad, &shown(&got.value));
            }
        }
    }

    fn sort(&self, kind: &Kind) -> String {
        let words = self.lang.words();
        let sort = match &kind.sort {
            Sort::Order => words.sort_order,
            Sort::More => words.sort_more,
            Sort::Fewer => words.sort_fewer,
            Sort::Bytes => words.sort_bytes,
            Sort::NoValue => words.sort_no_value,
            Sort::Accepted => words.sort_accepted,
            Sort::Rejected => words.sort_rejected,
            Sort::WrongReason => words.sort_wrong_reason,
            Sort::Threw(exception) => return fill(words.sort_threw, &[&safe(exception)]),
            Sort::Unsupported => words.sort_unsupported,
            Sort::WrongKind => words.sort_wrong_kind,
            Sort::Broken("hang") => words.hang,
            Sort::Broken("garbled") => words.garbled,
            Sort::Broken(_) => words.crash,
            Sort::Violated => words.sort_violated,
        };
        match kind.stage.filter(|stage| *stage != kind.test.name()) {
            Some(stage) => format!("{stage}, {sort}"),
            None => sort.into(),
        }
    }

    fn end(&self, out: &mut String) {
        let words = self.lang.words();
        let why = match &self.search.ended {
            None => return,
            Some(Ended::NothingOffered) => words.nothing_offered.into(),
            Some(Ended::FewAsked) => words.few_asked.into(),
            Some(Ended::Findings(number)) => fill(words.enough, &[number]),
            Some(Ended::Broken(number)) => fill(words.enough_broken, &[number]),
            Some(Ended::NotRun(why)) => fill(words.could_not_ask, &[&safe(why)]),
        };
        push(out, format_args!("\n{}\n", paint(&why, Colour::Note, self.colour)));
    }

    /// The last line.
    #[must_use]
    pub fn verdict(&self) -> String {
        let words = self.lang.words();
        let search = self.search;
        let name = subject::name(&search.subject, self.lang);
        let (ran, different, ways) = (search.ran(), search.different(), search.findings.len());
        match search.conclusion(self.min_cases) {
            Conclusion::Conforms => fill(words.generated_conforms, &[&name, &ran]),
            Conclusion::Deviates => {
                fill(words.generated_deviates, &[&name, &different, &ran, &ways])
            }
            Conclusion::CouldNotTest => {
                fill(words.generated_not_tested, &[&name, &ran, &search.wanted])
            }
            Conclusion::TooFew if ran == 0 => words.nothing_ran.into(),
            Conclusion::TooFew => fill(words.generated_too_few, &[&ran, &self.min_cases]),
            Conclusion::Interrupted => {
                fill(words.generated_interrupted, &[&ran, &search.wanted, &different, &ways])
            }
        }
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        subject::write(&mut out, &self.search.subject, self.lang, self.colour);
        self.census(&mut out);
        // A case says more than a law.
        let (cases, laws): (Vec<_>, Vec<_>) =
            self.search.findings.iter().partition(|finding| finding.case().is_some());
        for finding in cases.into_iter().chain(laws) {
            self.finding(&mut out, finding);
        }
        self.end(&mut out);
        for (index, warning) in self.search.warnings.iter().enumerate() {
            let words = self.lang.words();
            let word = paint(words.warning, Colour::Note, self.colour);
            let gap = if index == 0 { "\n" } else { "" };
            push(&mut out, format_args!("{gap}{word}{}{}\n", words.colon, safe(warning)));
        }
        let good = self.search.conclusion(self.min_cases) == Conclusion::Conforms;
        let colour = if good { Colour::Good } else { Colour::Bad };
        push(&mut out, format_args!("\n{}\n", paint(&self.verdict(), colour, self.colour)));
        formatter.write_str(&out)
    }
}
