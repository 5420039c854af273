//! Whether certificates lead to a root.

use std::time::{Duration, SystemTime};

use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

use super::{Certificate, CertificateError, read};
use crate::signature::{self, SignType};

/// Whether every certificate of a text leads to one of the roots, at a given time.
///
/// The text holds the certificate in question and those between it and a root, in any order, as the gateway's answer to
/// `alipay.open.app.alipaycert.download` does. Every one of them must be within its period of validity, the last second
/// included, as must the root; each must bear the RSA signature of its issuer; and an issuer that is not a root must be
/// a certification authority. What is no RSA certificate among the roots is passed over.
///
/// # Errors
///
/// [`CertificateError`] says which certificate fails, and why.
///
/// ```
/// use alipay_conformance::certificate::{CertificateError, time, verify_certificate};
///
/// # let root = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/class-1.pem"));
/// verify_certificate(root, root, time("2026-12-01T00:00:00Z")?)?;
///
/// let late = verify_certificate(root, root, time("2100-01-01T00:00:00Z")?);
/// assert!(matches!(late, Err(CertificateError::Expired { .. })));
/// # Ok::<(), CertificateError>(())
/// ```
pub fn verify_certificate(
    certificates: impl AsRef<[u8]>,
    roots: impl AsRef<[u8]>,
    now: SystemTime,
) -> Result<(), CertificateError> {
    let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let (certificates, roots) = (read(certificates)?, read(roots)?);
    for certificate in &certificates {
        certificate.check_validity(now)?;
    }
    let mut open: Vec<_> = certificates
        .iter()
        .map(|certificate| (certificate, certificate.issuer_unknown()))
        .collect();
    let mut issuers: Vec<_> =
        roots.iter().map(|root| Issuer { certificate: root, root: true }).collect();
    // Downwards from the roots, a generation a turn, so that each pair is looked at once.
    while !issuers.is_empty() {
        let mut next = Vec::new();
        open.retain_mut(|(certificate, why)| {
            for issuer in issuers.iter().filter(|issuer| certificate.names_as_issuer(issuer)) {
                match certificate.check_issued_by(issuer, now) {
                    Ok(()) => {
                        next.push(Issuer { certificate, root: false });
                        return false;
                    }
                    Err(error) => *why = error,
                }
            }
            true
        });
        issuers = next;
    }
    cause(open).map_or(Ok(()), Err)
}

/// The uppermost failure: what is below it has no other cause.
fn cause(open: Vec<(&Certificate, CertificateError)>) -> Option<CertificateError> {
    let is_uppermost = |(certificate, _): &&(&Certificate, CertificateError)| {
        !open.iter().any(|(other, _)| other != certificate && other.is_named_by(certificate))
    };
    open.iter().find(is_uppermost).or(open.first()).map(|(_, why)| why.clone())
}

struct Issuer<'a> {
    certificate: &'a Certificate,
    root: bool,
}

impl Certificate {
    fn is_named_by(&self, subject: &Certificate) -> bool {
        self.parsed.tbs_certificate.subject == subject.parsed.tbs_certificate.issuer
    }

    fn names_as_issuer(&self, issuer: &Issuer<'_>) -> bool {
        issuer.certificate.is_named_by(self)
    }

    fn check_validity(&self, now: Duration) -> Result<(), CertificateError> {
        let validity = &self.parsed.tbs_certificate.validity;
        let not_before = validity.not_before.to_unix_duration();
        let not_after = validity.not_after.to_unix_duration();
        let subject = || self.parsed.tbs_certificate.subject.to_string();
        if now < not_before {
            Err(CertificateError::NotYetValid { subject: subject(), not_before })
        } else if now > not_after {
            Err(CertificateError::Expired { subject: subject(), not_after })
        } else {
            Ok(())
        }
    }

    fn check_issued_by(&self, issuer: &Issuer<'_>, now: Duration) -> Result<(), CertificateError> {
        let (subject, name) = self.parties();
        let Issuer { certificate: issuer, root } = issuer;
        if *root {
            issuer.check_validity(now)?;
        } else if !issuer.is_authority() {
            return Err(CertificateError::NotAuthority { subject, issuer: name });
        }
        let algorithm = self.signature_algorithm();
        let sign_type = match algorithm.as_str() {
            "1.2.840.113549.1.1.5" => SignType::Rsa,
            "1.2.840.113549.1.1.11" => SignType::Rsa2,
            _ => return Err(CertificateError::Algorithm { subject, algorithm }),
        };
        let key = issuer.public_key()?;
        // The algorithm stands twice, once in what is signed.
        let inside = &self.parsed.tbs_certificate.signature;
        let signature = self.parsed.signature.as_bytes();
        match (self.signed(), signature) {
            (Some(signed), Some(signature))
                if *inside == self.parsed.signature_algorithm
                    && signature::verify_bytes(sign_type, &key, signed, signature) =>
            {
                Ok(())
            }
            _ => Err(CertificateError::BadSignature { subject, issuer: name }),
        }
    }

    /// RFC 5280, section 6.1.4 (k) and (n): whether it may sign certificates.
    fn is_authority(&self) -> bool {
        let body = &self.parsed.tbs_certificate;
        let basic = body.get::<BasicConstraints>();
        let usage = body.get::<KeyUsage>();
        matches!(basic, Ok(Some((_, basic))) if basic.ca)
            && match usage {
                Ok(usage) => usage.is_none_or(|(_, usage)| usage.key_cert_sign()),
                Err(_) => false,
            }
    }

    fn issuer_unknown(&self) -> CertificateError {
        let (subject, issuer) = self.parties();
        CertificateError::IssuerUnknown { subject, issuer }
    }

    /// Subject and issuer, as errors name them.
    fn parties(&self) -> (String, String) {
        let body = &self.parsed.tbs_certificate;
        (body.subject.to_string(), body.issuer.to_string())
    }
}
