//! The mistakes of the catalogue, forward: would an implementation that makes them accept the message, for the reason
//! that this is what such an implementation signs?

use super::keys::Keys;
use super::situation::Situation;
use crate::charset::Charset;
use crate::mistake::{self, Area, Mistake, Mistaken};
use crate::params::Params;
use crate::signature::SignType;
use crate::suite::answer::Answer;

/// The mistakes that who signs such messages can make.
pub(super) fn all<S: Situation>() -> impl Iterator<Item = &'static Mistake> {
    mistake::all().filter(|mistake| S::can_be_made(mistake))
}

/// The implementation that verifies as a signer with these mistakes signs.
pub(super) fn signer(mistakes: &[&'static Mistake]) -> Mistaken {
    Mistaken::new(mistakes.iter().copied()).as_its_signer()
}

/// What an answer shows of the stages.
#[derive(PartialEq)]
pub(super) struct Shown {
    decoded: Option<Params>,
    string: Option<Vec<u8>>,
}

impl Shown {
    pub(super) fn of(answer: &Answer) -> Self {
        let output = answer.output();
        Self {
            decoded: output.and_then(|output| output.decoded.clone()),
            string: output.and_then(|output| output.string_to_sign.clone()),
        }
    }
}

/// Whether the mistake is made where no stage shows it: with the key or the digest. Under RSA the circumstances of key
/// and sign type say the same.
pub(super) fn is_behind_the_stages(mistake: &Mistake, sign_type: SignType) -> bool {
    sign_type.is_keyed() && matches!(mistake.area, Area::Key | Area::Digest | Area::Join)
}

/// The string to sign that a signer makes who accepts the message with this answer, where neither another signature nor
/// every other message is accepted as well.
pub(super) fn explained<S: Situation>(
    (signer, answer): (&Mistaken, Answer),
    situation: &S,
    keys: &Keys,
    charset: Charset,
) -> Option<Vec<u8>> {
    let Answer::Accept(output) = answer else { return None };
    let accepts = |changed: &S| {
        let answer = changed.put_to(signer, keys, charset);
        answer.is_some_and(|answer| matches!(answer, Answer::Accept(_)))
    };
    let mut other_sign = situation.sign().into_owned();
    if let Some(first) = other_sign.first_mut() {
        *first = if *first == b'a' { b'b' } else { b'a' };
    }
    if accepts(&situation.with_sign(&other_sign)) {
        return None;
    }
    let matters = situation.altered().any(|altered| !accepts(&altered));
    matters.then(|| output.string_to_sign.unwrap_or_else(|| situation.string_to_sign()))
}
