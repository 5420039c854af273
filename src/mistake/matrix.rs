//! Who is caught by what: every known mistake against every case.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use super::parallel::on_all_cores;
use super::{Mistake, Mistaken};
use crate::suite::outcome::Outcome;
use crate::suite::run::{Options, run, run_case};
use crate::vector::case::Case;
use crate::vector::load::VectorSet;

/// What each mistake is caught by.
///
/// ```
/// use alipay_conformance::mistake::{self, matrix::Matrix};
/// use alipay_conformance::vector::load::VectorSet;
///
/// let set = VectorSet::embedded()?;
/// let matrix = Matrix::new(&set, mistake::find("sort-none"));
/// let caught_by = &matrix.rows[0].caught_by;
/// assert!(caught_by.iter().any(|case| case.theme == "sort"));
/// # Ok::<(), alipay_conformance::vector::load::LoadError>(())
/// ```
#[derive(Debug)]
pub struct Matrix<'a> {
    /// The cases.
    pub set: &'a VectorSet,
    /// A row a mistake, in the order in which they were given.
    pub rows: Vec<Row<'a>>,
}

/// A mistake, and what it is caught by.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// The mistake.
    pub mistake: &'static Mistake,
    /// The cases that an implementation with this mistake fails, in the order of the set.
    pub caught_by: Vec<&'a Case>,
}

impl<'a> Row<'a> {
    /// The cases that it is caught by and that name it.
    pub fn named_by(&self) -> impl Iterator<Item = &'a Case> {
        let named = |case: &&Case| case.mistakes.iter().any(|id| id == self.mistake.id);
        self.caught_by.iter().copied().filter(named)
    }
}

impl<'a> Matrix<'a> {
    /// Puts every case to every one of these mistakes, on all cores.
    #[must_use]
    pub fn new(set: &'a VectorSet, mistakes: impl IntoIterator<Item = &'static Mistake>) -> Self {
        let mistakes: Vec<_> = mistakes.into_iter().collect();
        let rows = on_all_cores(&mistakes, |mistake| {
            let options = Options { jobs: 1, interrupted: &AtomicBool::new(false) };
            let run = run(&Mistaken::new([*mistake]), set, |_| true, options);
            let caught = run.results.iter().filter(|result| is_caught(&result.outcome));
            Row { mistake, caught_by: caught.map(|result| result.case).collect() }
        });
        Self { set, rows }
    }

    /// The cases that catch no mistake, are no other case's twin and state no purpose.
    #[must_use]
    pub fn idle_cases(&self) -> Vec<&'a Case> {
        let ids = |cases: &[&'a Case]| cases.iter().map(|case| &case.id).collect::<Vec<_>>();
        let catching: BTreeSet<_> =
            self.rows.iter().flat_map(|row| ids(&row.caught_by)).map(String::as_str).collect();
        let twins: BTreeSet<_> = self.set.cases().iter().filter_map(Case::twin_id).collect();
        let is_idle = |case: &&Case| {
            let id = case.id.as_str();
            !catching.contains(id) && !twins.contains(id) && case.purpose.is_none()
        };
        self.set.cases().iter().filter(is_idle).collect()
    }

    /// What cases name though it is no mistake of this matrix, or though they do not catch it: case and id.
    #[must_use]
    pub fn wrong_names(&self) -> Vec<(&'a Case, &'a str)> {
        let catches = |case: &Case, id: &str| {
            self.rows.iter().any(|row| {
                row.mistake.id == id && row.caught_by.iter().any(|other| other.id == case.id)
            })
        };
        let names = self
            .set
            .cases()
            .iter()
            .flat_map(|case| case.mistakes.iter().map(move |id| (case, id.as_str())));
        names.filter(|(case, id)| !catches(case, id)).collect()
    }

    /// Makes the mistakes by twos, and returns how many pairs there are and those that no case catches: in these the
    /// one hides the other.
    ///
    /// The cases that catch the one or the other alone are asked first; nearly always the first of them decides.
    #[must_use]
    pub fn pairs(&self) -> Pairs {
        let pairs: Vec<(&Row<'a>, &Row<'a>)> = self
            .rows
            .iter()
            .enumerate()
            .flat_map(|(index, one)| self.rows.iter().skip(index + 1).map(move |two| (one, two)))
            .collect();
        let hidden = on_all_cores(&pairs, |(one, two)| {
            let mistaken = Mistaken::new([one.mistake, two.mistake]);
            let likely = one.caught_by.iter().chain(&two.caught_by).copied();
            let caught = likely
                .chain(self.set.cases())
                .any(|case| is_caught(&run_case(&mistaken, self.set, case)));
            (!caught).then_some([one.mistake, two.mistake])
        });
        Pairs { count: pairs.len(), hidden: hidden.into_iter().flatten().collect() }
    }
}

/// What came of the mistakes by twos.
#[derive(Clone, Debug)]
pub struct Pairs {
    /// How many there are.
    pub count: usize,
    /// Those that no case catches.
    pub hidden: Vec<[&'static Mistake; 2]>,
}

fn is_caught(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Fail(_) | Outcome::Broken(_))
}
