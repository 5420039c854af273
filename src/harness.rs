//! For authors of implementations in Rust: the suite in their own `cargo test`.
//!
//! Implement [`Implementation`] and add either one test,
//!
//! ```
//! # use alipay_conformance::suite::reference::Reference as Mine;
//! #[test]
//! fn conforms() {
//!     alipay_conformance::harness::assert_conforms(&Mine::default());
//! }
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
    use std::sync::Arc;

    use libtest_mimic::{Arguments, Completion, Failed, Trial};

    use crate::report::{Lang, paragraph};
    use crate::suite::implementation::Implementation;
    use crate::suite::outcome::Outcome;
    use crate::suite::run::run_case;
    use crate::vector::load::VectorSet;

    /// Runs every embedded case as a test of its own, as `cargo test` and its arguments want it: the whole `main` of a
    /// test target without harness.
    ///
    /// A test is named after theme and case, such as `sort::mapi-0233`; its kind is the operation. A case outside of
    /// what the implementation offers counts as ignored. So that a run is not green by accident, it fails if all the
    /// tests there are were ignored.
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
        let trials = set.cases().iter().enumerate().map(|(index, case)| {
            let (set, implementation) = (Arc::clone(&set), Arc::clone(&implementation));
            let name = format!("{}::{}", case.theme, case.id);
            Trial::ignorable_test(name, move || test(&*implementation, &set, index))
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
        conclusion.exit_code()
    }

    fn test(
        implementation: &dyn Implementation,
        set: &VectorSet,
        index: usize,
    ) -> Result<Completion, Failed> {
        let Some(case) = set.cases().get(index) else { return Err("no such case".into()) };
        let outcome = run_case(implementation, set, case);
        match &outcome {
            Outcome::Pass { .. } | Outcome::Tolerated { .. } => Ok(Completion::Completed),
            Outcome::NotApplicable { why } => Ok(Completion::ignored_with(why)),
            Outcome::NotRun { why } => Err(why.into()),
            Outcome::Fail(_) | Outcome::Broken(_) => {
                Err(paragraph(case, &outcome, Lang::of_environment()).into())
            }
        }
    }
}
