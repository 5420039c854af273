use clap::ValueEnum;

use crate::report::Lang;

/// `--lang`
#[derive(clap::Args)]
pub(super) struct Language {
    /// Language of titles, rules and reports; otherwise that of LC_ALL, LC_MESSAGES or LANG
    #[arg(long, value_name = "LANG")]
    lang: Option<Choice>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    En,
    Zh,
}

impl Language {
    pub(super) fn lang(&self) -> Lang {
        match self.lang {
            Some(Choice::En) => Lang::En,
            Some(Choice::Zh) => Lang::Zh,
            None => Lang::of_environment(),
        }
    }
}
