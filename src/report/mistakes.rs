//! The catalogue of known mistakes, for people.

use std::fmt::Write;

use crate::mistake::waiting::{self, Waiting};
use crate::mistake::{self, Area, Mistake, Text};
use crate::report::Lang;
use crate::report::case::push;
use crate::report::words::fill;
use crate::vector::case::{Bilingual, Case};

/// The text in a language.
#[must_use]
pub fn text(lang: Lang, text: Text) -> &'static str {
    match lang {
        Lang::En => text.en,
        Lang::Zh => text.zh,
    }
}

pub(crate) fn both(text: Text) -> Bilingual {
    Bilingual { en: text.en.into(), zh: text.zh.into() }
}

/// A mistake as JSON.
#[cfg(feature = "cli")]
#[derive(Debug, serde::Serialize)]
pub(crate) struct MistakeFields {
    id: &'static str,
    area: &'static str,
    severity: &'static str,
    what: Bilingual,
    fix: Bilingual,
    sources: &'static [&'static str],
}

#[cfg(feature = "cli")]
impl MistakeFields {
    pub(crate) fn of(mistake: &Mistake) -> Self {
        Self {
            id: mistake.id,
            area: mistake.area.name(),
            severity: mistake.severity.name(),
            what: both(mistake.what),
            fix: both(mistake.fix),
            sources: mistake.sources,
        }
    }
}

/// A mistake, and the cases that catch it: first those that name it.
#[cfg(feature = "cli")]
pub(crate) fn paragraph(mistake: &Mistake, caught_by: &[&Case], lang: Lang) -> String {
    let words = lang.words();
    let mut out = String::new();
    let area = area(mistake.area, lang);
    push(&mut out, format_args!("{}  ({area}, {})\n", mistake.id, severity(mistake, lang)));
    let row = |out: &mut String, label: &str, value: &str| {
        push(out, format_args!("  {label}{}{value}\n", words.colon));
    };
    row(&mut out, words.mistake_what, text(lang, mistake.what));
    row(&mut out, words.mistake_fix, text(lang, mistake.fix));
    for source in mistake.sources {
        row(&mut out, words.rule_source, source);
    }
    let names = |case: &Case| case.mistakes.iter().any(|id| id == mistake.id);
    let (naming, others): (Vec<&Case>, Vec<&Case>) = caught_by.iter().partition(|case| names(case));
    row(&mut out, words.mistake_caught, &caught_by.len().to_string());
    for case in naming {
        push(&mut out, format_args!("    {}  {}\n", case.id, lang.of(&case.title)));
    }
    if !others.is_empty() {
        let ids: Vec<&str> = others.iter().map(|case| case.id.as_str()).collect();
        push(&mut out, format_args!("    {}\n", ids.join(" ")));
    }
    out
}

/// The whole catalogue as Markdown: `docs/mistakes.md` is this, and so is its Chinese twin.
///
/// `cases` are those of the vectors; the ones that name a mistake stand beside it.
///
/// ```
/// use alipay_conformance::report::{Lang, mistakes};
///
/// let document = mistakes::document(&[], Lang::En);
/// assert!(document.contains("### `sort-none`"));
/// ```
#[must_use]
pub fn document(cases: &[Case], lang: Lang) -> String {
    let words = lang.words();
    let count = mistake::all().count();
    let mut out =
        format!("# {}\n\n{}\n", words.mistakes_title, fill(words.mistakes_intro, &[&count]));
    for each in Area::ALL {
        let mut mistakes = mistake::all().filter(|mistake| mistake.area == each).peekable();
        if mistakes.peek().is_none() {
            continue;
        }
        push(&mut out, format_args!("\n## {}\n", capitalised(&area(each, lang))));
        for mistake in mistakes {
            entry(&mut out, mistake, cases, lang);
        }
    }
    push(&mut out, format_args!("\n## {}\n\n{}\n\n", words.waiting_title, words.waiting_intro));
    for Waiting { id, title, needs } in waiting::all() {
        let title = text(lang, *title);
        let needs = words.needs(*needs);
        push(&mut out, format_args!("- `{id}`{}{title} ({needs})\n", words.colon));
    }
    out
}

fn entry(out: &mut String, mistake: &Mistake, cases: &[Case], lang: Lang) {
    let words = lang.words();
    let colon = words.colon;
    push(out, format_args!("\n### `{}`\n\n", mistake.id));
    let what = text(lang, mistake.what);
    push(
        out,
        format_args!("{}{} *{}*\n\n", capitalised(what), words.stop, severity(mistake, lang)),
    );
    push(out, format_args!("- {}{colon}{}\n", words.mistake_fix, text(lang, mistake.fix)));
    let ids: Vec<String> = cases
        .iter()
        .filter(|case| case.mistakes.iter().any(|id| id == mistake.id))
        .map(|case| format!("`{}`", case.id))
        .collect();
    if !ids.is_empty() {
        push(out, format_args!("- {}{colon}{}\n", words.mistake_caught, ids.join(" ")));
    }
    push(out, format_args!("- {}{colon}{}\n", words.rule_source, mistake.sources.join("; ")));
}

pub(crate) fn area(area: Area, lang: Lang) -> String {
    match lang {
        Lang::En => area.name().replace('-', " "),
        Lang::Zh => area.name_zh().into(),
    }
}

pub(crate) fn severity(mistake: &Mistake, lang: Lang) -> &'static str {
    match lang {
        Lang::En => mistake.severity.name(),
        Lang::Zh => mistake.severity.name_zh(),
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let mut out = String::with_capacity(text.len());
    out.extend(characters.next().map(|first| first.to_ascii_uppercase()));
    let written = out.write_str(characters.as_str());
    debug_assert!(written.is_ok(), "a String takes all");
    out
}
