//! Certificates and their serial numbers.

use crate::suite::answer::Answer;

pub(super) fn sn(_certificate: &str) -> Answer {
    Answer::NotOffered
}

pub(super) fn root_sn(_certificates: &str) -> Answer {
    Answer::NotOffered
}

pub(super) fn verify(_certificate: &str, _roots: &str, _now: &str) -> Answer {
    Answer::NotOffered
}
