//! For authors of implementations in Rust: the suite in their own `cargo test`.
//!
//! Implement [`Implementation`] and add either one test,
//!
//! ```
//! # use alipay_conformance::suite::reference::Reference as Mine;
//! // #[test]
//! fn conforms() {
//!     alipay_conformance::harness::assert_conforms(&Mine::default());
//! }
//! # conforms();
//! ```
//!
//! or, with feature `libtest`, a test target in which every case is a test of its own: in `Cargo.toml`
//!
//! ```toml
//! [dev-dependencies]
//! alipay-conformance = { version = "0.1", default-features = false, features = ["libtest"] }
//!
//! [[test]]
//! name = "conformance"
//! harness = false
//! ```
//!
//! and in `tests/conformance.rs`
//!
//! ```
//! # #[cfg(feature = "libtest")]
//! # mod example {
//! # use alipay_conformance::suite::reference::Reference as Mine;
//! fn main() -> std::process::ExitCode {
//!     alipay_conformance::harness::main(Mine::default())
//! }
//! # }
//! ```
//!
//! `cargo test --test conformance sort::` then runs the cases of one theme, `-- --list` lists them all.

use std::sync::atomic::AtomicBool;
use std::thread;

use crate::report::Lang;
use crate::report::text::Text;
use crate::suite::implementation::Implementation;
use crate::suite::run::{Conclusion, Options, run};
use crate::vector::load::VectorSet;

/// Puts an implementation through the embedded vectors.
///
/// What it does not offer is passed over; but something must be offered.
///
/// # Panics
/// At least one case is not as expected, or none ran. The message is the text report, in Chinese where the locale is.
pub fn assert_conforms(implementation: &dyn Implementation) {
    let set = VectorSet::embedded();
    assert!(set.is_ok(), "the embedded vectors cannot be loaded: {:?}", set.err());
    let set = set.unwrap_or_default();
    let jobs = thread::available_parallelism().map_or(1, usize::from).min(8);
    let options = Options { jobs, interrupted: &AtomicBool::new(false) };
    let run = run(implementation, &set, |_| true, options);
    let report = Text::new(&run).lang(Lang::of_environment());
    assert!(run.conclusion(1) == Conclusion::Conforms, "\n{report}");
}

#[cfg(feature = "libtest")]
pub use named::main;

#[cfg(feature = "libtest")]
mod named {
    use std::process::ExitCode;
    use std::sync::{Arc, Mutex, PoisonError};
    use std::time::Duration;

    use libtest_mimic::{Arguments, Completion, Failed, Trial};

    use crate::mistake::diagnosis::Diagnosis;
    use crate::report::diagnosis::paragraphs;
    use crate::report::{Lang, paragraph};
    use crate::suite::answer::Answer;
    use crate::suite::implementation::Implementation;
    use crate::suite::outcome::Outcome;
    use crate::suite::run::{CaseResult, Run, put_case};
    use crate::vector::load::VectorSet;

    /// What came of the case with this index.
    type Kept = (usize, Outcome, Option<Answer>);

    /// Runs every embedded case as a test of its own, as `cargo test` and its arguments want it: the whole `main` of a
    /// test target without harness.
    ///
    /// A test is named after theme and case, such as `sort::mapi-0233`; its kind is the operation. A case outside of
    /// what the implementation offers counts as ignored. So that a run is not green by accident, it fails if all the
    /// tests there are were ignored. The known mistakes that explain the failures are named at the end.
    pub fn main(implementation: impl Implementation + Send + 'static) -> ExitCode {
        let arguments = Arguments::from_args();
        let set = match VectorSet::embedded() {
            Ok(set) => Arc::new(set),
            Err(error) => {
                eprintln!("the embedded vectors cannot be loaded: {error}");
                return ExitCode::FAILURE;
            }
        };
        let implementation = Arc::new(implementation);
        let kept = Arc::new(Mutex::new(Vec::new()));
        let trials = set.cases().iter().enumerate().map(|(index, case)| {
            let (set, implementation) = (Arc::clone(&set), Arc::clone(&implementation));
            let kept = Arc::clone(&kept);
            let name = format!("{}::{}", case.theme, case.id);
            Trial::ignorable_test(name, move || test(&*implementation, &set, index, &kept))
                .with_kind(case.ask.operation.name())
        });
        let all = set.cases().len() as u64;
        let conclusion = libtest_mimic::run(&arguments, trials.collect());
        if conclusion.num_ignored == all {
            eprintln!(
                "nothing was tested: every case is outside of what the implementation offers"
            );
            return ExitCode::FAILURE;
        }
        if conclusion.num_failed > 0 {
            let kept = std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
            eprint!("{}", explained(&*implementation, &set, kept));
        }
        conclusion.exit_code()
    }

    fn explained(
        implementation: &dyn Implementation,
        set: &VectorSet,
        mut kept: Vec<Kept>,
    ) -> String {
        kept.sort_by_key(|(index, ..)| *index);
        let result = |(index, outcome, answer)| {
            Some(CaseResult { case: set.cases().get(index)?, outcome, answer })
        };
        let results: Vec<_> = kept.into_iter().filter_map(result).collect();
        let run = Run {
            subject: implementation.subject(),
            set,
            not_selected: set.cases().len() - results.len(),
            results,
            interrupted: false,
            warnings: Vec::new(),
            elapsed: Duration::ZERO,
        };
        paragraphs(&Diagnosis::of(&run), Lang::of_environment())
    }

    fn test(
        implementation: &dyn Implementation,
        set: &VectorSet,
        index: usize,
        kept: &Mutex<Vec<Kept>>,
    ) -> Result<Completion, Failed> {
        let Some(case) = set.cases().get(index) else { return Err("no such case".into()) };
        let CaseResult { outcome, answer, .. } = put_case(implementation, set, case);
        let told = match &outcome {
            Outcome::Pass { .. } | Outcome::Tolerated { .. } => Ok(Completion::Completed),
            Outcome::NotApplicable { why } => Ok(Completion::ignored_with(why)),
            Outcome::NotRun { why } => Err(why.into()),
            Outcome::Fail(_) | Outcome::Broken(_) => {
                Err(paragraph(case, &outcome, Lang::of_environment()).into())
            }
        };
        kept.lock().unwrap_or_else(PoisonError::into_inner).push((index, outcome, answer));
        told
    }
}
