//! `vectors`: the cases themselves.

mod check;
mod count;
mod export;
pub(super) mod list;
mod show;

use std::process::ExitCode;

use crate::cli::failure::Failure;

/// List, count, show, check or export the vectors
#[derive(clap::Args)]
#[command(arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    List(list::Arguments),
    Count(count::Arguments),
    Show(show::Arguments),
    Check(check::Arguments),
    Export(export::Arguments),
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::List(arguments) => list::run(arguments),
        Command::Count(arguments) => count::run(arguments),
        Command::Show(arguments) => show::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Export(arguments) => export::run(arguments),
    }
}
