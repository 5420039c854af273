//! Certificates and their serial numbers.

use super::refused::{Refused, answer};
use crate::certificate::{self, CertificateError};
use crate::suite::answer::Answer;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

pub(super) fn sn(text: &str) -> Answer {
    numbered(certificate::certificate_sn(text))
}

pub(super) fn root_sn(text: &str) -> Answer {
    numbered(certificate::root_certificate_sn(text))
}

pub(super) fn verify(text: &str, roots: &str, now: &str) -> Answer {
    let verdict = certificate::time(now)
        .and_then(|now| certificate::verify_certificate(text, roots, now))
        .map(|()| Answer::accept(Output::default()));
    answer(verdict.map_err(Refused::from))
}

fn numbered(sn: Result<String, CertificateError>) -> Answer {
    answer(
        sn.map_err(Refused::from)
            .map(|sn| Answer::value(Output { sn: Some(sn), ..Output::default() })),
    )
}

impl From<CertificateError> for Refused {
    fn from(error: CertificateError) -> Self {
        use CertificateError as Error;
        let reason = match &error {
            Error::TooLong { .. } | Error::TooMany => Reason::LimitExceeded,
            Error::NoRsaRoot { .. } | Error::Algorithm { .. } => Reason::UnsupportedAlgorithm,
            Error::Expired { .. } | Error::NotYetValid { .. } => Reason::StaleTimestamp,
            Error::IssuerUnknown { .. } | Error::NotAuthority { .. } | Error::Key(_) => {
                Reason::UnknownKey
            }
            Error::BadSignature { .. } => Reason::SignatureMismatch,
            _ => Reason::MalformedInput,
        };
        Self::new(reason, error)
    }
}
