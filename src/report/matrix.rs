//! The vectors' own score: who is caught by what.

use serde::Serialize;

use crate::mistake::Mistake;
use crate::mistake::matrix::{Matrix, Pairs, Row};
use crate::report::Lang;
use crate::report::case::push;
use crate::report::words::fill;

/// How many ids are shown of a row.
const SHOWN: usize = 8;

/// The figures of a [`Matrix`], and its gaps.
#[derive(Debug, Serialize)]
pub(crate) struct Score<'a> {
    t: &'static str,
    cases: usize,
    mistakes: usize,
    caught: usize,
    named: usize,
    catching_cases: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pairs: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pairs_caught: Option<usize>,
    not_caught: Vec<&'a str>,
    not_named: Vec<&'a str>,
    idle_cases: Vec<&'a str>,
    wrong_names: Vec<(&'a str, &'a str)>,
    #[serde(skip)]
    hidden: Vec<[&'static Mistake; 2]>,
    #[serde(skip)]
    rows: &'a [Row<'a>],
}

impl<'a> Score<'a> {
    pub(crate) fn new(matrix: &'a Matrix<'a>, pairs: Option<&Pairs>) -> Self {
        let caught = |row: &&Row<'_>| !row.caught_by.is_empty();
        let named = |row: &&Row<'_>| row.named_by().next().is_some();
        let ids = |rows: Vec<&Row<'_>>| rows.iter().map(|row| row.mistake.id).collect::<Vec<_>>();
        let mut catching: Vec<&str> = matrix
            .rows
            .iter()
            .flat_map(|row| &row.caught_by)
            .map(|case| case.id.as_str())
            .collect();
        catching.sort_unstable();
        catching.dedup();
        let (is_caught, not_caught): (Vec<_>, Vec<_>) = matrix.rows.iter().partition(caught);
        let (is_named, not_named): (Vec<_>, Vec<_>) = is_caught.iter().copied().partition(named);
        let wrong_names = matrix.wrong_names();
        Self {
            t: "score",
            cases: matrix.set.cases().len(),
            mistakes: matrix.rows.len(),
            caught: is_caught.len(),
            named: is_named.len(),
            catching_cases: catching.len(),
            pairs: pairs.map(|pairs| pairs.count),
            pairs_caught: pairs.map(|pairs| pairs.count - pairs.hidden.len()),
            not_caught: ids(not_caught),
            not_named: ids(not_named),
            idle_cases: matrix.idle_cases().into_iter().map(|case| case.id.as_str()).collect(),
            wrong_names: wrong_names.into_iter().map(|(case, id)| (case.id.as_str(), id)).collect(),
            hidden: pairs.map(|pairs| pairs.hidden.clone()).unwrap_or_default(),
            rows: &matrix.rows,
        }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.not_caught.is_empty()
            && self.not_named.is_empty()
            && self.idle_cases.is_empty()
            && self.wrong_names.is_empty()
            && self.hidden.is_empty()
    }

    pub(crate) fn text(&self, lang: Lang, verbose: bool) -> String {
        let words = lang.words();
        let mut out = String::new();
        for row in self.rows.iter().filter(|_| verbose) {
            let mut ids: Vec<&str> = row.named_by().map(|case| case.id.as_str()).collect();
            let others = row.caught_by.iter().map(|case| case.id.as_str());
            ids.extend(others.filter(|id| !row.named_by().any(|case| case.id == *id)));
            let more = if ids.len() > SHOWN { " …" } else { "" };
            ids.truncate(SHOWN);
            let (id, count) = (row.mistake.id, row.caught_by.len());
            push(&mut out, format_args!("{id:<44} {count:>4}  {}{more}\n", ids.join(" ")));
        }
        if verbose {
            out.push('\n');
        }
        let figure = |out: &mut String, part: usize, whole: usize, word: &str| {
            push(out, format_args!("{part:>7} / {whole:<7} {word}\n"));
        };
        figure(&mut out, self.caught, self.mistakes, words.matrix_caught);
        figure(&mut out, self.named, self.mistakes, words.matrix_named);
        if let (Some(caught), Some(pairs)) = (self.pairs_caught, self.pairs) {
            figure(&mut out, caught, pairs, words.matrix_pairs);
        }
        figure(&mut out, self.catching_cases, self.cases, words.matrix_catching);
        let purposeful = self.cases - self.idle_cases.len();
        figure(&mut out, purposeful, self.cases, words.matrix_purposeful);
        let gap = |out: &mut String, word: &str, ids: &[String]| {
            if !ids.is_empty() {
                push(out, format_args!("\n{}\n", fill(word, &[&ids.len()])));
                for id in ids {
                    push(out, format_args!("  {id}\n"));
                }
            }
        };
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        gap(&mut out, words.matrix_not_caught, &owned(&self.not_caught));
        gap(&mut out, words.matrix_not_named, &owned(&self.not_named));
        let wrong = self.wrong_names.iter().map(|(case, id)| format!("{case}  {id}"));
        gap(&mut out, words.matrix_wrong_names, &wrong.collect::<Vec<_>>());
        gap(&mut out, words.matrix_idle, &owned(&self.idle_cases));
        let hidden = self.hidden.iter().map(|[one, two]| format!("{} + {}", one.id, two.id));
        gap(&mut out, words.matrix_hidden, &hidden.collect::<Vec<_>>());
        out
    }
}

/// A row as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct RowFields<'a> {
    t: &'static str,
    id: &'static str,
    caught_by: Vec<&'a str>,
    named_by: Vec<&'a str>,
}

impl<'a> RowFields<'a> {
    pub(crate) fn of(row: &Row<'a>) -> Self {
        Self {
            t: "mistake",
            id: row.mistake.id,
            caught_by: row.caught_by.iter().map(|case| case.id.as_str()).collect(),
            named_by: row.named_by().map(|case| case.id.as_str()).collect(),
        }
    }
}

/// A pair that no case catches, as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct PairFields {
    t: &'static str,
    ids: [&'static str; 2],
}

impl PairFields {
    pub(crate) fn of(pair: [&'static Mistake; 2]) -> Self {
        Self { t: "hidden_pair", ids: pair.map(|mistake| mistake.id) }
    }
}
