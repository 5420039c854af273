//! Which cases.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::generate;
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
        let ids = protocol::ALL.iter().map(|protocol| protocol.id);
        self.check_protocol(ids.chain(set.cases().iter().map(|case| case.ask.protocol.as_str())))?;
        Ok(set)
    }

    /// The protocol of which cases are generated, where it is one alone.
    pub(super) fn generated(&self) -> Result<Option<&str>, Failure> {
        self.check_protocol(generate::protocols())?;
        Ok(self.protocol.as_deref())
    }

    fn check_protocol<'a>(&self, known: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
        let Some(wanted) = &self.protocol else { return Ok(()) };
        let known: BTreeSet<&str> = known.collect();
        if known.contains(wanted.as_str()) {
            return Ok(());
        }
        let problem = format!("expected {}", known.into_iter().collect::<Vec<_>>().join(" or "));
        Err(Failure::usage(format_args!("--protocol {wanted}"), problem))
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
