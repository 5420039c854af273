use super::{Mistake, Twin};
use crate::suite::answer::Answer;
use crate::suite::implementation::{Implementation, Subject};
use crate::suite::reference::Reference;
use crate::vector::case::Ask;

/// The reference with mistakes in it.
///
/// Two that replace the same stage cannot be made at once: the later one stands.
///
/// ```
/// use alipay_conformance::mistake::{self, Mistaken};
/// use alipay_conformance::suite::implementation::Implementation;
///
/// let mistaken = Mistaken::new(mistake::find("sort-none"));
/// assert_eq!(mistaken.subject().name, "sort-none");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Mistaken {
    ids: Vec<&'static str>,
    reference: Reference,
    around: Vec<fn(&dyn Implementation, &Ask) -> Answer>,
}

impl Mistaken {
    /// The reference with these mistakes. Of those that stand around the stages the first is the outermost.
    #[must_use]
    pub fn new<'a>(mistakes: impl IntoIterator<Item = &'a Mistake>) -> Self {
        let mut mistaken = Self::default();
        for mistake in mistakes {
            mistaken.ids.push(mistake.id);
            match mistake.twin {
                Twin::Stages(replace) => replace(&mut mistaken.reference.stages),
                Twin::Checks(replace) => replace(&mut mistaken.reference.checks),
                Twin::Around(around) => mistaken.around.push(around),
            }
        }
        mistaken
    }
}

impl Implementation for Mistaken {
    fn subject(&self) -> Subject {
        Subject { name: self.ids.join(" + "), ..self.reference.subject() }
    }

    fn perform(&self, ask: &Ask) -> Answer {
        Within { reference: &self.reference, around: &self.around }.perform(ask)
    }
}

/// What is left of an implementation within the mistakes that stand around it.
struct Within<'a> {
    reference: &'a Reference,
    around: &'a [fn(&dyn Implementation, &Ask) -> Answer],
}

impl Implementation for Within<'_> {
    fn subject(&self) -> Subject {
        self.reference.subject()
    }

    fn perform(&self, ask: &Ask) -> Answer {
        match self.around {
            [] => self.reference.perform(ask),
            [outermost, around @ ..] => {
                outermost(&Within { reference: self.reference, around }, ask)
            }
        }
    }
}
