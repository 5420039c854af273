//! `run --generate`: generated cases instead of vectors.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use crate::cli::failure::Failure;
use crate::generate::{self, Finding, Options, Search, Shown};
use crate::report::generated::Again;
use crate::suite::implementation::Implementation;

/// Where findings are written, unless --keep says otherwise.
const FOLDER: &str = "generated-vectors";

/// `--generate`, `--seed` and `--keep`
#[derive(clap::Args)]
pub(super) struct Generate {
    /// Generate N cases within what the implementation offers, instead of running vectors. What is contested among
    /// official implementations is left out
    #[arg(long = "generate", value_name = "N", conflicts_with_all = ["list", "filter", "vectors", "jobs"])]
    pub(super) cases: Option<NonZeroUsize>,

    /// The seed of the generated cases; with :INDEX, begin at that case [default: a random one]
    #[arg(long, value_name = "SEED[:INDEX]", value_parser = seed, requires = "cases")]
    seed: Option<(u64, u64)>,

    /// Where the smallest cases that differ are written, each as a vector file [default: generated-vectors]
    #[arg(long, value_name = "FOLDER", requires = "cases")]
    keep: Option<PathBuf>,
}

fn seed(text: &str) -> Result<(u64, u64), String> {
    let (seed, index) = text.split_once(':').unwrap_or((text, "0"));
    let number = |text: &str| text.parse::<u64>().ok();
    number(seed)
        .zip(number(index))
        .ok_or_else(|| "expected a whole number, or two with a colon between them".into())
}

impl Generate {
    /// Fails early where nothing could be kept.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let Some(folder) = &self.keep else { return Ok(()) };
        let problem = |error: &dyn std::fmt::Display| {
            Failure::usage(format_args!("--keep {}", folder.display()), error)
        };
        fs::create_dir_all(folder).map_err(|error| problem(&error))?;
        match fs::metadata(folder) {
            Ok(metadata) if metadata.permissions().readonly() => Err(problem(&"read-only")),
            Ok(_) => Ok(()),
            Err(error) => Err(problem(&error)),
        }
    }

    pub(super) fn search(
        &self,
        cases: NonZeroUsize,
        protocol: Option<&str>,
        implementation: &dyn Implementation,
        interrupted: &AtomicBool,
    ) -> Result<Search, Failure> {
        let (seed, first) = self.seed.unwrap_or_else(|| (random(), 0));
        let options = Options { cases: cases.get(), seed, first, protocol, interrupted };
        generate::search(implementation, options)
            .map_err(|error| Failure::usage("embedded vectors", error))
    }

    /// Writes the findings that are cases. What cannot be written becomes a warning: the report has them all the same.
    pub(super) fn keep(
        &self,
        search: &mut Search,
        protocol: Option<&str>,
        command: &[OsString],
    ) -> Kept {
        let folder = self.keep.as_deref().unwrap_or(Path::new(FOLDER));
        let mut files = BTreeMap::new();
        let mut warnings = Vec::new();
        for finding in &search.findings {
            let (Shown::Case { file, .. }, Some(case)) = (&finding.shown, finding.case()) else {
                continue;
            };
            let name = case.id.split('-').next().unwrap_or(&case.id);
            let path = folder.join(format!("{name}.json"));
            match fs::create_dir_all(folder).and_then(|()| fs::write(&path, file)) {
                Ok(()) => {
                    files.insert(case.id.clone(), path.display().to_string());
                }
                Err(error) => warnings.push(format!("{}: {error}", path.display())),
            }
        }
        search.warnings.extend(warnings);
        let command = command.iter().map(quoted).collect();
        Kept { files, seed: search.seed, protocol: protocol.map(str::to_owned), command }
    }
}

/// Files and commands for seeing findings again.
pub(super) struct Kept {
    files: BTreeMap<String, String>,
    seed: u64,
    protocol: Option<String>,
    command: Vec<String>,
}

impl Again for Kept {
    fn replay(&self, finding: &Finding) -> String {
        let program = env!("CARGO_PKG_NAME");
        let mut replay =
            format!("{program} run --generate 1 --seed {}:{}", self.seed, finding.index);
        if let Some(protocol) = &self.protocol {
            replay.push_str(&format!(" --protocol {protocol}"));
        }
        if !self.command.is_empty() {
            replay.push_str(" -- ");
            replay.push_str(&self.command.join(" "));
        }
        replay
    }

    fn file(&self, finding: &Finding) -> Option<String> {
        self.files.get(&finding.case()?.id).cloned()
    }
}

/// An argument as a shell takes it.
fn quoted(argument: &OsString) -> String {
    let text = argument.to_string_lossy();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.into_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// Short enough to be read out.
fn random() -> u64 {
    let hasher = std::hash::RandomState::new().build_hasher();
    hasher.finish() % 1_000_000_000
}
