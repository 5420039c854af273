//! The command line, one file a subcommand.

mod explain;
mod failure;
mod generate;
mod input;
mod key;
mod language;
mod mistakes;
mod output;
mod run;
mod selection;
mod sign;
mod vectors;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The conformance suite for Alipay signing and callback verification
#[derive(Parser)]
#[command(version, propagate_version = true, after_help = EXIT_CODES, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Arguments),
    Sign(sign::Arguments),
    Verify(verify::Arguments),
    Explain(explain::Arguments),
    Vectors(vectors::Arguments),
    Mistakes(mistakes::Arguments),
}

const EXIT_CODES: &str = "\
Exit codes:
  0    it conforms; the message is genuine, or explained; done
  1    it deviates; the message is not genuine, or not explained
  2    wrong usage, or a file that cannot be used
  3    it could not be tested: the adapter does not start, or broke too often
  4    no case ran, or fewer than --min-cases
  130  interrupted

`alipay-conformance help run`, `help sign`, `help verify`, `help explain`, `help vectors` and `help mistakes` have examples.";

/// Parses the arguments, runs the subcommand, and says which exit code to end with.
#[must_use]
pub fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Sign(arguments) => sign::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Vectors(arguments) => vectors::run(&arguments),
        Command::Mistakes(arguments) => mistakes::run(&arguments),
    };
    result.unwrap_or_else(|failure| failure.report())
}
