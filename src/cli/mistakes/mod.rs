//! `mistakes`: the known wrong implementations.

mod list;
mod matrix;
mod show;

use std::process::ExitCode;

use crate::cli::failure::Failure;

/// List, show or document the known mistakes, or measure the vectors by them
#[derive(clap::Args)]
#[command(arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    List(list::Arguments),
    Show(show::Arguments),
    Matrix(matrix::Arguments),
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::List(arguments) => list::run(arguments),
        Command::Show(arguments) => show::run(arguments),
        Command::Matrix(arguments) => matrix::run(arguments),
    }
}
