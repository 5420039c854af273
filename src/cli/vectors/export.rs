//! `vectors export`

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::failure::Failure;
use crate::cli::output::print_text;
use crate::vector::embedded::FILES;

/// What goes with the files of the set.
const BESIDE: [(&str, &str); 2] = [
    ("README.md", include_str!("../../../vectors/README.md")),
    ("schema.json", include_str!("../../../vectors/schema.json")),
];

/// Write the embedded vectors, their schema and their description to a folder, as they are
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(in crate::cli) struct Arguments {
    /// The folder; it is made where there is none
    folder: PathBuf,

    /// Overwrite files that are there
    #[arg(long)]
    force: bool,
}

const HELP: &str = "\
Examples:
  alipay-conformance vectors export alipay-vectors
  alipay-conformance run --vectors alipay-vectors";

pub(in crate::cli) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let folder = &arguments.folder;
    let files = || FILES.iter().chain(&BESIDE);
    let unwritable = |path: &PathBuf| {
        let path = path.display().to_string();
        move |error: std::io::Error| Failure::usage(path, error)
    };
    if !arguments.force {
        // Before the first is written, so that nothing is left half done.
        let there = files().map(|(name, _)| folder.join(name)).find(|path| path.exists());
        if let Some(path) = there {
            let problem = "this file is there already: --force overwrites it";
            return Err(Failure::usage(path.display(), problem));
        }
    }
    for (name, text) in files() {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(unwritable(&parent.to_owned()))?;
        }
        fs::write(&path, text).map_err(unwritable(&path))?;
    }
    print_text(&format!("{} files written to {}\n", files().count(), folder.display()))?;
    Ok(ExitCode::SUCCESS)
}
