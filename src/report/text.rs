//! The report for people.

use std::collections::BTreeMap;
use std::fmt;

use unicode_width::UnicodeWidthStr;

use crate::mistake::diagnosis::Diagnosis;
use crate::report::Lang;
use crate::report::case::{Style, asked, push, write_breakage, write_failure};
use crate::report::diagnosis::write_diagnosis;
use crate::report::paint::{Colour, paint};
use crate::report::show::safe;
use crate::report::subject;
use crate::report::words::fill;
use crate::suite::outcome::{Failure, Outcome};
use crate::suite::run::{CaseResult, Conclusion, Run};
use crate::vector::case::{Bilingual, Case};

/// How many failures of one rule are shown in full, and how many cases that broke the implementation.
const IN_FULL: usize = 3;

/// A run as text: who was tested, the mistakes that explain what failed, the census, every failure under its rule, the verdict in the last line.
///
/// ```
/// use std::sync::atomic::AtomicBool;
/// use alipay_conformance::report::text::Text;
/// use alipay_conformance::suite::{reference::Reference, run::{Options, run}};
/// use alipay_conformance::vector::load::VectorSet;
///
/// let set = VectorSet::embedded()?;
/// let options = Options { jobs: 1, interrupted: &AtomicBool::new(false) };
/// let run = run(&Reference::default(), &set, |case| case.theme == "sort", options);
/// let report = Text::new(&run).to_string();
/// assert!(report.lines().last().unwrap().starts_with("reference conforms: "));
/// # Ok::<(), alipay_conformance::vector::load::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    run: &'a Run<'a>,
    lang: Lang,
    verbose: bool,
    colour: bool,
    min_cases: usize,
}

impl<'a> Text<'a> {
    /// In English, without colour, the failures of a rule in full up to three.
    #[must_use]
    pub fn new(run: &'a Run<'a>) -> Self {
        Self { run, lang: Lang::En, verbose: false, colour: false, min_cases: 0 }
    }

    /// In which language.
    #[must_use]
    pub fn lang(self, lang: Lang) -> Self {
        Self { lang, ..self }
    }

    /// Whether to show everything: all failures in full, and what passed.
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

    fn style(&self) -> Style {
        Style { lang: self.lang, colour: self.colour, indent: 2 }
    }

    fn header(&self, out: &mut String) {
        subject::write(out, &self.run.subject, self.lang, self.colour);
    }

    fn name(&self) -> String {
        subject::name(&self.run.subject, self.lang)
    }

    fn census(&self, out: &mut String) {
        let words = self.lang.words();
        let counts = self.run.counts();
        let ran = counts.ran();
        let failed = if counts.failed > 0 { Colour::Bad } else { Colour::Dim };
        let broken = if counts.broken > 0 { Colour::Bad } else { Colour::Dim };
        let rows = [
            (ran, words.ran, 2, Colour::Bold),
            (counts.passed, words.passed, 4, Colour::Good),
            (counts.failed, words.failed, 4, failed),
            (counts.tolerated, words.tolerated, 4, Colour::Dim),
            (counts.broken, words.broken, 4, broken),
        ];
        for (count, word, indent, colour) in rows {
            let word = paint(word, colour, self.colour && colour != Colour::Dim);
            push(out, format_args!("{:indent$}{count:>5} {word}\n", ""));
        }
        self.not_asked(out, words.not_applicable, counts.not_applicable, |outcome| match outcome {
            Outcome::NotApplicable { why } => Some(why),
            _ => None,
        });
        self.not_asked(out, words.not_run, counts.not_run, |outcome| match outcome {
            Outcome::NotRun { why } => Some(why),
            _ => None,
        });
        if self.run.not_selected > 0 {
            push(out, format_args!("  {:>5} {}\n", self.run.not_selected, words.not_selected));
        }
    }

    /// A count, and the reasons behind it, the most frequent first.
    fn not_asked(
        &self,
        out: &mut String,
        word: &str,
        count: usize,
        why: fn(&Outcome) -> Option<&String>,
    ) {
        if count == 0 {
            return;
        }
        push(out, format_args!("  {count:>5} {word}\n"));
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for why in self.run.results.iter().filter_map(|result| why(&result.outcome)) {
            *reasons.entry(why).or_default() += 1;
        }
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (why, count) in reasons {
            push(out, format_args!("    {count:>5} {}\n", safe(why)));
        }
    }

    /// The failures, rule by rule; rules in the order of the pipeline's stages.
    fn failures(&self, out: &mut String) {
        let mut rules: BTreeMap<&str, Vec<(&Case, &Failure)>> = BTreeMap::new();
        for CaseResult { case, outcome, .. } in &self.run.results {
            if let Outcome::Fail(failure) = outcome {
                rules.entry(&case.rule).or_default().push((case, failure));
            }
        }
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by_key(|(_, failures)| failures.iter().map(|(case, _)| case.stage).min());
        let words = self.lang.words();
        let mut cut = false;
        for (rule, failures) in rules {
            let count = fill(words.failed_of_rule, &[&failures.len()]);
            let count = paint(&count, Colour::Bad, self.colour);
            push(
                out,
                format_args!(
                    "\n{}{}{count}\n",
                    paint(&safe(rule), Colour::Bold, self.colour),
                    words.colon
                ),
            );
            if let Some((case, _)) = failures.first() {
                let rule = &case.rule_text;
                push(out, format_args!("  {}\n", safe(self.lang.of_rule(rule))));
                let source = format!("{}{}{}", words.rule_source, words.colon, safe(&rule.source));
                push(out, format_args!("  {}\n", paint(&source, Colour::Dim, self.colour)));
            }
            cut |= self.in_full(out, &failures, |out, (case, failure)| {
                write_failure(out, case, failure, self.style());
            });
        }
        if cut {
            push(out, format_args!("\n{}\n", words.more_verbose));
        }
    }

    /// What the flags of the failed cases mean, the most frequent first.
    fn flags(&self, out: &mut String) {
        let mut flags: BTreeMap<&str, (usize, &Bilingual)> = BTreeMap::new();
        for CaseResult { case, outcome, .. } in &self.run.results {
            if matches!(outcome, Outcome::Fail(_) | Outcome::Broken(_)) {
                for (flag, meaning) in case.flags.iter().zip(&case.flag_texts) {
                    flags.entry(flag).or_insert((0, meaning)).0 += 1;
                }
            }
        }
        if flags.is_empty() {
            return;
        }
        let heading = paint(self.lang.words().flags, Colour::Bold, self.colour);
        push(out, format_args!("\n{heading}\n"));
        let mut flags: Vec<_> = flags.into_iter().collect();
        flags.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        for (flag, (count, meaning)) in flags {
            let meaning = safe(self.lang.of(meaning));
            let colon = self.lang.words().colon;
            push(out, format_args!("  {count:>5} {}{colon}{meaning}\n", safe(flag)));
        }
    }

    fn breakages(&self, out: &mut String) {
        let broken = self.run.results.iter().filter_map(|result| match &result.outcome {
            Outcome::Broken(breakage) => Some((result.case, breakage)),
            _ => None,
        });
        let broken: Vec<_> = broken.collect();
        if broken.is_empty() {
            return;
        }
        let heading = paint(self.lang.words().broken, Colour::Bad, self.colour);
        push(out, format_args!("\n{heading}\n"));
        self.in_full(out, &broken, |out, (case, breakage)| {
            write_breakage(out, case, breakage, self.style());
        });
    }

    /// Writes the first few, or all; and the ids of the others. Says whether there are others.
    fn in_full<T>(
        &self,
        out: &mut String,
        cases: &[(&Case, T)],
        write: impl Fn(&mut String, &(&Case, T)),
    ) -> bool {
        let shown = if self.verbose { cases.len() } else { IN_FULL };
        for case in cases.iter().take(shown) {
            out.push('\n');
            write(out, case);
        }
        let more: Vec<String> = cases.iter().skip(shown).map(|(case, _)| safe(&case.id)).collect();
        if !more.is_empty() {
            let words = self.lang.words();
            push(out, format_args!("\n  {}\n", fill(words.more, &[&more.len(), &more.join(" ")])));
        }
        !more.is_empty()
    }

    /// What passed, or was tolerated.
    fn passes(&self, out: &mut String) {
        let words = self.lang.words();
        let width = words.passed.width().max(words.tolerated.width());
        out.push('\n');
        for CaseResult { case, outcome, .. } in &self.run.results {
            let (word, remark) = match outcome {
                Outcome::Pass { note } => (words.passed, note.as_deref().map(safe)),
                Outcome::Tolerated { given_by } => {
                    (words.tolerated, Some(fill(words.given_by, &[&safe(given_by)])))
                }
                _ => continue,
            };
            let gap = width - word.width() + 2;
            let title = safe(self.lang.of(&case.title));
            push(
                out,
                format_args!("{word}{:gap$}{}  {title} ({})", "", safe(&case.id), asked(case)),
            );
            if let Some(remark) = remark {
                push(out, format_args!("{}{remark}", words.colon));
            }
            out.push('\n');
        }
    }

    fn warnings(&self, out: &mut String) {
        if !self.run.warnings.is_empty() {
            out.push('\n');
        }
        for warning in &self.run.warnings {
            let word = paint(self.lang.words().warning, Colour::Note, self.colour);
            push(out, format_args!("{word}{}{}\n", self.lang.words().colon, safe(warning)));
        }
    }

    /// The last line.
    #[must_use]
    pub fn verdict(&self) -> String {
        let words = self.lang.words();
        let counts = self.run.counts();
        let name = self.name();
        let all = self.run.results.len();
        let broke = match counts.broken {
            0 => String::new(),
            broken => fill(words.broke, &[&broken]),
        };
        match self.run.conclusion(self.min_cases) {
            Conclusion::Conforms => {
                fill(words.conforms, &[&name, &counts.passed, &counts.tolerated])
            }
            Conclusion::Deviates => {
                fill(words.deviates, &[&name, &counts.failed, &counts.ran(), &broke])
            }
            Conclusion::CouldNotTest => fill(words.could_not_test, &[&name, &counts.not_run, &all]),
            Conclusion::TooFew if counts.ran() == 0 => words.nothing_ran.into(),
            Conclusion::TooFew => fill(words.too_few, &[&counts.ran(), &self.min_cases]),
            Conclusion::Interrupted => {
                fill(words.interrupted, &[&counts.ran(), &all, &counts.failed, &broke])
            }
        }
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.header(&mut out);
        write_diagnosis(&mut out, &Diagnosis::of(self.run), self.lang, self.colour);
        self.census(&mut out);
        self.failures(&mut out);
        self.breakages(&mut out);
        self.flags(&mut out);
        if self.verbose {
            self.passes(&mut out);
        }
        self.warnings(&mut out);
        let good = self.run.conclusion(self.min_cases) == Conclusion::Conforms;
        let colour = if good { Colour::Good } else { Colour::Bad };
        push(&mut out, format_args!("\n{}\n", paint(&self.verdict(), colour, self.colour)));
        formatter.write_str(&out)
    }
}
