//! `run`: puts an implementation through the vectors.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::cli::failure::Failure;
use crate::cli::generate::Generate;
use crate::cli::language::Language;
use crate::cli::output::{Format, colours, print};
use crate::cli::selection::Selection;
use crate::cli::vectors::list;
use crate::report::text::Text;
use crate::report::{generated, json};
use crate::suite::implementation::Implementation;
use crate::suite::process::{self, ChildProcess, StartProblem};
use crate::suite::reference::Reference;
use crate::suite::run::{Options, Run, run as run_suite};
use crate::vector::load::VectorSet;

/// Put an implementation through the vectors
///
/// The implementation is a command that speaks the adapter protocol on its standard input and output; without a
/// command it is the reference. Every option stands before the command.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    generate: Generate,

    /// List the cases that would be run, and run nothing
    #[arg(long)]
    list: bool,

    /// Fail with exit code 4 if fewer than N cases run
    #[arg(long, value_name = "N", default_value_t = 1)]
    min_cases: usize,

    /// How many cases are put at a time, each to a process of its own [default: 1; for the reference, the number of
    /// cores, at most 8]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// How long an adapter may take for an answer [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, requires = "command")]
    timeout: Option<Duration>,

    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Write the report to FILE instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    language: Language,

    /// Show all failures in full, and what passed or was tolerated
    #[arg(long, short)]
    verbose: bool,

    /// The adapter's command with its arguments
    #[arg(trailing_var_arg = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

const HELP: &str = "\
Examples:
  alipay-conformance run
  alipay-conformance run --filter gbk --filter wire --verbose
  alipay-conformance run --list --filter empty-value
  alipay-conformance run --format json --output report.jsonl
  alipay-conformance run --generate 1000 --seed 7 -- python3 my_adapter.py  # exit 1: a law is broken
  alipay-conformance run --generate 1 --seed 7:0 -- python3 my_adapter.py  # exit 1: one of them again
  alipay-conformance run --min-cases 50 --timeout 2 -- python3 my_adapter.py  # exit 1: deviates

Exit codes:
  0 it conforms; 1 it deviates; 2 wrong usage or a file that cannot be used; 3 it could not be
  tested; 4 fewer cases ran than --min-cases; 130 interrupted: what was found so far is reported";

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: Option<f64> = text.parse().ok().filter(|seconds| *seconds > 0.0);
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.filter(|time| *time <= LONGEST).ok_or_else(|| {
        format!("expected a number of seconds above 0, and at most {}", LONGEST.as_secs())
    })
}

/// A day.
const LONGEST: Duration = Duration::from_secs(86_400);

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    if let Some(cases) = arguments.generate.cases {
        return arguments.generated(cases);
    }
    let set = arguments.selection.load()?;
    if arguments.list {
        let cases = set.cases().iter().filter(|case| arguments.selection.selects(case));
        list::print_cases(cases, arguments.format, arguments.language.lang())?;
        return Ok(ExitCode::SUCCESS);
    }
    let file = arguments.file()?;
    let interrupted = end_on_signals()?;
    let run = match arguments.command.is_empty() {
        true => arguments.ask(&Reference::default(), &set, &interrupted),
        false => arguments.ask_process(&set, &interrupted)?,
    };
    let verdict = arguments.text(&run).verdict();
    arguments.write(file, &verdict, |out, colour| arguments.report(out, &run, colour))?;
    Ok(ExitCode::from(run.conclusion(arguments.min_cases).exit_code()))
}

impl Arguments {
    fn ask<'a>(
        &self,
        implementation: &dyn Implementation,
        set: &'a VectorSet,
        interrupted: &AtomicBool,
    ) -> Run<'a> {
        let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get).min(8);
        let usual = if self.command.is_empty() { cores() } else { 1 };
        let jobs = self.jobs.map_or(usual, NonZeroUsize::get);
        let select = |case: &_| self.selection.selects(case);
        run_suite(implementation, set, select, Options { jobs, interrupted })
    }

    fn ask_process<'a>(
        &self,
        set: &'a VectorSet,
        interrupted: &Arc<AtomicBool>,
    ) -> Result<Run<'a>, Failure> {
        let adapter = self.start(interrupted)?;
        let mut run = self.ask(&adapter, set, interrupted);
        adapter.finish();
        // Its end may have given one more.
        run.warnings = adapter.warnings();
        Ok(run)
    }

    fn start(&self, interrupted: &Arc<AtomicBool>) -> Result<ChildProcess, Failure> {
        let usual = process::Options::default();
        let options = process::Options {
            timeout: self.timeout.unwrap_or(usual.timeout),
            interrupted: Arc::clone(interrupted),
            ..usual
        };
        match ChildProcess::start(&self.command, options) {
            Ok(adapter) => Ok(adapter),
            Err(error) if matches!(error.problem(), StartProblem::Interrupted) => {
                Err(Failure::Interrupted)
            }
            Err(error) => Err(Failure::Adapter(error)),
        }
    }

    /// Generated cases instead of vectors.
    fn generated(&self, cases: NonZeroUsize) -> Result<ExitCode, Failure> {
        self.generate.check()?;
        let protocol = self.selection.generated()?;
        let file = self.file()?;
        let interrupted = end_on_signals()?;
        let mut search = if self.command.is_empty() {
            self.generate.search(cases, protocol, &Reference::default(), &interrupted)?
        } else {
            let adapter = self.start(&interrupted)?;
            let mut search = self.generate.search(cases, protocol, &adapter, &interrupted)?;
            adapter.finish();
            search.warnings = adapter.warnings();
            search
        };
        let kept = self.generate.keep(&mut search, protocol, &self.command);
        let text = generated::Text::new(&search, &kept).lang(self.language.lang());
        let text = text.verbose(self.verbose).min_cases(self.min_cases);
        self.write(file, &text.verdict(), |mut out, colour| match self.format {
            Format::Text => write!(out, "{}", text.colour(colour)),
            Format::Json => generated::json::write(&mut out, &search, &kept, self.min_cases),
        })?;
        Ok(ExitCode::from(search.conclusion(self.min_cases).exit_code()))
    }

    /// The file of --output, opened before anything is asked.
    fn file(&self) -> Result<Option<File>, Failure> {
        let create = |path| File::create(path).map_err(|error| self.unwritable(error));
        self.output.as_ref().map(create).transpose()
    }

    /// Writes the report; where it goes to a file, the verdict goes to standard error.
    fn write(
        &self,
        file: Option<File>,
        verdict: &str,
        report: impl Fn(&mut dyn Write, bool) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let Some(file) = file else { return print(|out| report(out, colours())) };
        let mut out = BufWriter::new(file);
        let written = report(&mut out, false).and_then(|()| out.flush());
        // Where standard error is closed, the report and the exit code remain.
        let _ = writeln!(io::stderr(), "{verdict}");
        written.map_err(|error| self.unwritable(error))
    }

    fn text<'a>(&self, run: &'a Run<'a>) -> Text<'a> {
        let text = Text::new(run).lang(self.language.lang());
        text.verbose(self.verbose).min_cases(self.min_cases)
    }

    fn report(&self, mut out: &mut dyn Write, run: &Run<'_>, colour: bool) -> io::Result<()> {
        match self.format {
            Format::Text => write!(out, "{}", self.text(run).colour(colour))?,
            Format::Json => {
                json::write(&mut out, run, &self.selection.set_name(), self.min_cases)?;
            }
        }
        out.flush()
    }

    fn unwritable(&self, error: io::Error) -> Failure {
        let path = self.output.as_deref().unwrap_or_else(|| std::path::Path::new("-"));
        Failure::usage(format_args!("--output {}", path.display()), error)
    }
}

/// The first signal ends the run and has it reported; the second ends the program.
fn end_on_signals() -> Result<Arc<AtomicBool>, Failure> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .map_err(|error| Failure::usage("signal handler", error))?;
    Ok(interrupted)
}
