use std::time::Duration;

use super::pem::{MAX_CERTIFICATES, MAX_TEXT};
use super::written;
use crate::signature::KeyError;

/// Why a text does not hold the certificates it should, or why they are not to be trusted.
///
/// Certificates are numbered from 1, in the order of their text. Offsets count its bytes from 0. Times are those since
/// the first of January 1970, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// No PEM block of a certificate.
    #[error("no certificate: none of the text is between BEGIN CERTIFICATE and END CERTIFICATE")]
    NotPem,
    /// A block that is not closed.
    #[error("the certificate that begins at byte {offset} has no end")]
    PemEnd {
        /// Where it begins.
        offset: usize,
    },
    /// A block that is not base64.
    #[error("base64 of a certificate broken at byte {offset}")]
    Base64 {
        /// The first wrong byte.
        offset: usize,
    },
    /// A block that holds something else.
    #[error("certificate {number} is none: {why}")]
    NotACertificate {
        /// Which one.
        number: usize,
        /// What is wrong with it.
        why: String,
    },
    /// More text than is read.
    #[error("{length} bytes of certificates, where at most {MAX_TEXT} are read")]
    TooLong {
        /// The length that came.
        length: usize,
    },
    /// More certificates than are read.
    #[error("more than {MAX_CERTIFICATES} certificates")]
    TooMany,
    /// A value in a name that is no text, or of a kind of string that implementations write differently.
    #[error("the attribute {attribute} of a name is no UTF-8, Printable, IA5 or Teletex string")]
    Name {
        /// The type of the attribute.
        attribute: String,
    },
    /// None that is signed by RSA.
    #[error("none of {found} root certificates is signed by RSA")]
    NoRsaRoot {
        /// How many there are.
        found: usize,
    },
    /// A key that is none of RSA.
    #[error("the key of a certificate: {0}")]
    Key(KeyError),
    /// A signature by another algorithm than RSA with SHA-1 or SHA-256.
    #[error(
        "the certificate of {subject} is signed by algorithm {algorithm}, which is not supported"
    )]
    Algorithm {
        /// Whose certificate it is.
        subject: String,
        /// The algorithm's identifier.
        algorithm: String,
    },
    /// Too late.
    #[error("the certificate of {subject} expired at {}", written(not_after))]
    Expired {
        /// Whose certificate it is.
        subject: String,
        /// The last second at which it was valid.
        not_after: Duration,
    },
    /// Too early.
    #[error("the certificate of {subject} is not valid before {}", written(not_before))]
    NotYetValid {
        /// Whose certificate it is.
        subject: String,
        /// The first second at which it is valid.
        not_before: Duration,
    },
    /// Neither a root nor another certificate of the text is of the issuer.
    #[error(
        "the certificate of {subject} was issued by {issuer}, which is no root and leads to none"
    )]
    IssuerUnknown {
        /// Whose certificate it is.
        subject: String,
        /// Who issued it.
        issuer: String,
    },
    /// The issuer named is another than the one that signed.
    #[error("the certificate of {subject} does not bear the signature of {issuer}")]
    BadSignature {
        /// Whose certificate it is.
        subject: String,
        /// Who should have signed it.
        issuer: String,
    },
    /// Signed by one that may not sign certificates.
    #[error(
        "the certificate of {subject} was issued by {issuer}, which is no certification authority"
    )]
    NotAuthority {
        /// Whose certificate it is.
        subject: String,
        /// Who signed it.
        issuer: String,
    },
    /// Not a time of the form that is read.
    #[error("{found:?} is no time such as 2022-06-01T00:00:00Z")]
    Time {
        /// What came.
        found: String,
    },
}
