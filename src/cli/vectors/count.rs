//! `vectors count`

use std::collections::BTreeMap;
use std::process::ExitCode;

use serde::Serialize;

use crate::cli::failure::Failure;
use crate::cli::output::{Format, print};
use crate::cli::selection::Selection;
use crate::report::json;
use crate::report::show::safe;
use crate::vector::case::Verdict;
use crate::vector::operation::Operation;

/// Count the cases of each protocol and operation
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// Form of the counts: text, or one JSON object a line
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

const HELP: &str = "\
Examples:
  alipay-conformance vectors count
  alipay-conformance vectors count --protocol alipay.openapi.v2 --format json";

/// How many cases there are of each result.
#[derive(Clone, Copy, Default, Serialize)]
struct Counts {
    valid: usize,
    invalid: usize,
    tolerated: usize,
}

impl Counts {
    fn add(&mut self, verdict: &Verdict) {
        *match verdict {
            Verdict::Valid(_) => &mut self.valid,
            Verdict::Invalid { .. } => &mut self.invalid,
            Verdict::Tolerated(_) => &mut self.tolerated,
        } += 1;
    }

    fn all(self) -> usize {
        self.valid + self.invalid + self.tolerated
    }
}

#[derive(Serialize)]
#[serde(tag = "t", rename = "count")]
struct Line<'a> {
    protocol: &'a str,
    operation: Operation,
    #[serde(flatten)]
    counts: Counts,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let set = arguments.selection.load()?;
    let mut protocols: BTreeMap<&str, BTreeMap<Operation, Counts>> = BTreeMap::new();
    let mut totals: BTreeMap<&str, Counts> = BTreeMap::new();
    for case in set.cases().iter().filter(|case| arguments.selection.selects(case)) {
        let (protocol, operation) = (case.ask.protocol.as_str(), case.ask.operation);
        protocols.entry(protocol).or_default().entry(operation).or_default().add(&case.verdict);
        totals.entry(protocol).or_default().add(&case.verdict);
    }
    print(|mut out| {
        if arguments.format == Format::Json {
            for (protocol, operations) in &protocols {
                for (operation, counts) in operations {
                    json::line(
                        &mut out,
                        &Line { protocol, operation: *operation, counts: *counts },
                    )?;
                }
            }
            return Ok(());
        }
        writeln!(
            out,
            "{:<28} {:>6} {:>8} {:>10} {:>6}",
            "", "valid", "invalid", "tolerated", "all"
        )?;
        let mut row = |name: &str, counts: Counts| {
            let Counts { valid, invalid, tolerated } = counts;
            writeln!(out, "{name:<28} {valid:>6} {invalid:>8} {tolerated:>10} {:>6}", counts.all())
        };
        for (protocol, counts) in &totals {
            row(&safe(protocol), *counts)?;
            for (operation, counts) in protocols.get(protocol).into_iter().flatten() {
                row(&format!("  {operation}"), *counts)?;
            }
        }
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}
