//! Which cases.

use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::protocol;
use crate::vector::case::Case;
use crate::vector::load::VectorSet;

/// `--filter`, `--protocol` and `--vectors`
#[derive(clap::Args)]
pub(super) struct Selection {
    /// Only cases with TEXT in id, theme, operation, stage, rule, flag, mistake or title, in any case
    /// of letters; given more than once, with one of the texts
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    filter: Vec<String>,

    /// Only cases of this protocol
    #[arg(long, value_name = "ID")]
    protocol: Option<String>,

    #[command(flatten)]
    vectors: Vectors,
}

/// `--vectors`
#[derive(clap::Args)]
pub(super) struct Vectors {
    /// A vector file, or a folder of them, instead of the embedded set
    #[arg(long, value_name = "PATH")]
    vectors: Option<PathBuf>,
}

impl Vectors {
    pub(super) fn load(&self) -> Result<VectorSet, Failure> {
        match &self.vectors {
            None => VectorSet::embedded(),
            Some(path) => VectorSet::load(path),
        }
        .map_err(|error| Failure::usage("--vectors", error))
    }

    /// What reports call the set.
    pub(super) fn name(&self) -> String {
        self.vectors.as_ref().map_or_else(|| "embedded".into(), |path| path.display().to_string())
    }
}

impl Selection {
    pub(super) fn load(&self) -> Result<VectorSet, Failure> {
        let set = self.vectors.load()?;
        let Some(wanted) = &self.protocol else { return Ok(set) };
        let mut known: Vec<&str> = protocol::ALL.iter().map(|protocol| protocol.id).collect();
        known.extend(set.cases().iter().map(|case| case.ask.protocol.as_str()));
        known.sort_unstable();
        known.dedup();
        if !known.contains(&wanted.as_str()) {
            let problem = format!("expected {}", known.join(" or "));
            return Err(Failure::usage(format_args!("--protocol {wanted}"), problem));
        }
        Ok(set)
    }

    pub(super) fn set_name(&self) -> String {
        self.vectors.name()
    }

    pub(super) fn selects(&self, case: &Case) -> bool {
        let of_protocol = self.protocol.as_ref().is_none_or(|id| *id == case.ask.protocol);
        of_protocol && (self.filter.is_empty() || self.filter.iter().any(|text| has(case, text)))
    }
}

fn has(case: &Case, text: &str) -> bool {
    let text = text.to_lowercase();
    let stage = case.stage.to_string();
    let fields = [
        case.id.as_str(),
        &case.theme,
        case.ask.operation.name(),
        &stage,
        &case.rule,
        &case.title.en,
        &case.title.zh,
    ];
    fields
        .into_iter()
        .chain(case.flags.iter().chain(&case.mistakes).map(String::as_str))
        .any(|field| field.to_lowercase().contains(&text))
}
