//! Known mistakes, each an implementation that makes it.
//!
//! A [`Mistake`] is the reference with one stage replaced by its wrong twin (rarely two), so it can be run. One list
//! serves four ends: it measures the suite (each mistake must be caught by a vector that names it), it names what an
//! implementation under test does wrong, it explains a message that does not verify, and it is documented from itself.
//!
//! ```
//! use alipay_conformance::mistake::{self, Mistaken};
//! use alipay_conformance::suite::outcome::Outcome;
//! use alipay_conformance::suite::run::run_case;
//! use alipay_conformance::vector::load::VectorSet;
//!
//! let mistake = mistake::find("filter-empty-included").unwrap();
//! let set = VectorSet::embedded()?;
//! let case = set.case("mapi-0254").unwrap(); // an empty value is left out
//! let outcome = run_case(&Mistaken::new([mistake]), &set, case);
//! assert!(matches!(outcome, Outcome::Fail(_)));
//! # Ok::<(), alipay_conformance::vector::load::LoadError>(())
//! ```

mod area;
mod catalogue;
pub mod diagnosis;
pub mod matrix;
mod mistaken;
mod parallel;
mod remembered;
pub mod waiting;

pub use self::area::{Area, Severity};
pub use self::mistaken::Mistaken;
use crate::notification::Checks;
use crate::protocol::pipeline::Stages;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;

/// A known mistake.
#[derive(Clone, Copy, Debug)]
pub struct Mistake {
    /// Its name, for ever.
    pub id: &'static str,
    /// Which part of the work goes wrong.
    pub area: Area,
    /// What it costs.
    pub severity: Severity,
    /// What the implementation does, in one sentence.
    pub what: Text,
    /// What it should do, in one sentence.
    pub fix: Text,
    /// Where it was seen.
    pub sources: &'static [&'static str],
    /// The wrong implementation.
    pub twin: Twin,
}

/// A sentence in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English
    pub en: &'static str,
    /// Chinese
    pub zh: &'static str,
}

/// What of the reference is replaced.
#[derive(Clone, Copy, Debug)]
pub enum Twin {
    /// Stages of the pipeline.
    Stages(fn(&mut Stages)),
    /// Stages of the pipeline, where a request is signed.
    Signing(fn(&mut Stages)),
    /// Stages of the pipeline, where a message is decoded and verified.
    Verifying(fn(&mut Stages)),
    /// Checks of a notification against its order.
    Checks(fn(&mut Checks)),
    /// What stands around them, such as the framework that hands over the message, or how the key is read. It sees the
    /// question, asks the rest of the implementation, and makes the answer.
    Around(fn(&dyn Implementation, &Ask) -> Answer),
}

/// All known mistakes, in the order in which a message meets them.
pub fn all() -> impl Iterator<Item = &'static Mistake> {
    catalogue::AREAS.iter().copied().flatten()
}

/// The mistake of an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Mistake> {
    all().find(|mistake| mistake.id == id)
}
