use super::{Mistake, Twin, remembered};
use crate::protocol::pipeline::Stages;
use crate::suite::answer::Answer;
use crate::suite::implementation::{Implementation, Subject};
use crate::suite::reference::Reference;
use crate::vector::case::Ask;
use crate::vector::operation::Operation;

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
    signing: Reference,
    verifying: Reference,
    around: Vec<fn(&dyn Implementation, &Ask) -> Answer>,
}

impl Mistaken {
    /// The reference with these mistakes. Of those that stand around the stages the first is the outermost.
    #[must_use]
    pub fn new<'a>(mistakes: impl IntoIterator<Item = &'a Mistake>) -> Self {
        let mut mistaken = Self::default();
        for reference in [&mut mistaken.signing, &mut mistaken.verifying] {
            reference.stages.sign = remembered::sign;
            reference.stages.verify = remembered::verify;
            reference.stages.blocks = remembered::decrypt_blocks;
            reference.stages.field = remembered::decrypt_field;
        }
        for mistake in mistakes {
            mistaken.ids.push(mistake.id);
            match mistake.twin {
                Twin::Stages(replace) => {
                    replace(&mut mistaken.signing.stages);
                    replace(&mut mistaken.verifying.stages);
                }
                Twin::Signing(replace) => replace(&mut mistaken.signing.stages),
                Twin::Verifying(replace) => replace(&mut mistaken.verifying.stages),
                Twin::Checks(replace) => replace(&mut mistaken.verifying.checks),
                Twin::Around(around) => mistaken.around.push(around),
            }
        }
        mistaken
    }

    /// Verifies as this implementation signs: it accepts what a signer with these mistakes has signed.
    #[must_use]
    pub fn as_its_signer(mut self) -> Self {
        let Stages { decode, reply, .. } = self.verifying.stages;
        self.verifying.stages = Stages { decode, reply, ..self.signing.stages };
        self
    }

    /// The stages with which it verifies. What stands around them is left out.
    #[cfg(feature = "explain")]
    pub(crate) fn verifying_stages(&self) -> Stages {
        self.verifying.stages
    }

    fn within(&self) -> Within<'_> {
        Within { signing: &self.signing, verifying: &self.verifying, around: &self.around }
    }
}

impl Implementation for Mistaken {
    fn subject(&self) -> Subject {
        Subject { name: self.ids.join(" + "), ..self.signing.subject() }
    }

    fn perform(&self, ask: &Ask) -> Answer {
        self.within().perform(ask)
    }
}

/// What is left of an implementation within the mistakes that stand around it.
struct Within<'a> {
    signing: &'a Reference,
    verifying: &'a Reference,
    around: &'a [fn(&dyn Implementation, &Ask) -> Answer],
}

impl Implementation for Within<'_> {
    fn subject(&self) -> Subject {
        self.signing.subject()
    }

    fn perform(&self, ask: &Ask) -> Answer {
        use Operation::{
            BuildClientParams, BuildForm, BuildOrderString, BuildRequest, BuildXml, Sign,
            SignRequest, StringToSign,
        };
        match self.around {
            [outermost, around @ ..] => outermost(&Within { around, ..*self }, ask),
            [] => match ask.operation {
                StringToSign | Sign | BuildRequest | BuildForm | BuildOrderString | BuildXml
                | BuildClientParams | SignRequest => self.signing.perform(ask),
                _ => self.verifying.perform(ask),
            },
        }
    }
}
