//! Certificate mode: the serial numbers by which requests and replies name certificates, and whether a downloaded
//! certificate leads to a root.
//!
//! In certificate mode a request carries `app_cert_sn` and `alipay_root_cert_sn`, and a reply `alipay_cert_sn`. Each is
//! the MD5 of the issuer's name as Java writes it and, straight after it, the serial number in decimal
//! (<https://yimenapp.com/kb-yimen/13794>, a mirror of the documentation; `AntCertificationUtil` of the official Java
//! SDK):
//!
//! ```text
//! CN=Ant Financial Certification Authority R1,OU=Certification Authority,O=Ant Financial,C=CN2292228364100439313
//! ```
//!
//! Everything here takes PEM text as it stands in the files of the console: any line ending, comments around the blocks,
//! a byte order mark. There is no clock: the caller says what time it is.
//!
//! # Left out
//!
//! Certificates of SM2 have serial numbers like all others, but are not verified. Neither revocation, path lengths, name
//! constraints nor other critical extensions are looked at: this is an oracle for tests, not a PKI library.

mod chain;
mod error;
mod name;
mod pem;
mod serial;

use std::time::{Duration, SystemTime};

use x509_cert::der::{DateTime, Decode as _, Encode as _, Header, Reader as _, SliceReader};

pub use self::chain::verify_certificate;
pub use self::error::CertificateError;
pub use self::pem::{MAX_CERTIFICATES, MAX_TEXT};
pub(crate) use self::serial::decimal;
use crate::signature::{self, PublicKey};

/// What the identifiers of all signature algorithms with RSA begin with.
const RSA_ALGORITHMS: &str = "1.2.840.113549.1.1";

/// The serial number of the first certificate of a text: `app_cert_sn` or `alipay_cert_sn`.
///
/// # Errors
///
/// [`CertificateError`], where the text holds no certificate, or one that cannot be read.
///
/// ```
/// use alipay_conformance::certificate::{CertificateError, certificate_sn};
///
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/class-1.pem"));
/// assert_eq!(certificate_sn(pem)?, "00ebee0e45e46ef28ed34ca13e4bee3e");
/// assert_eq!(certificate_sn("MIIC"), Err(CertificateError::NotPem));
/// # Ok::<(), CertificateError>(())
/// ```
pub fn certificate_sn(text: impl AsRef<[u8]>) -> Result<String, CertificateError> {
    first(text)?.sn()
}

/// The serial numbers of the root certificates in a text, joined by `_`: `alipay_root_cert_sn`.
///
/// Those that are signed by another algorithm than RSA are left out; order and repetition stay.
///
/// # Errors
///
/// [`CertificateError::NoRsaRoot`] where none is left, and what [`certificate_sn`] says.
///
/// ```
/// use alipay_conformance::certificate::{CertificateError, root_certificate_sn};
///
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/class-1.pem"));
/// assert_eq!(root_certificate_sn([pem, pem].concat())?.len(), 32 + 1 + 32);
/// # Ok::<(), CertificateError>(())
/// ```
pub fn root_certificate_sn(text: impl AsRef<[u8]>) -> Result<String, CertificateError> {
    let certificates = read(text)?;
    let rsa = certificates.iter().filter(|certificate| certificate.has_rsa_signature());
    let numbers = rsa.map(Certificate::sn).collect::<Result<Vec<_>, _>>()?;
    match numbers[..] {
        [] => Err(CertificateError::NoRsaRoot { found: certificates.len() }),
        _ => Ok(numbers.join("_")),
    }
}

/// The certificates of a text, in its order: at least one.
///
/// # Errors
///
/// [`CertificateError`], where there is none, or one that cannot be read.
///
/// ```
/// use alipay_conformance::certificate::read;
///
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/class-1.pem"));
/// let certificates = read(pem)?;
/// assert_eq!(certificates[0].issuer()?, "CN=Conformance Class 1 R1,OU=Certification Authority,O=Conformance Suite,C=CN");
/// assert_eq!(certificates[0].serial(), "42535295865117307932921825928971039315");
/// # Ok::<(), alipay_conformance::certificate::CertificateError>(())
/// ```
pub fn read(text: impl AsRef<[u8]>) -> Result<Vec<Certificate>, CertificateError> {
    let blocks = pem::blocks(text.as_ref())?;
    blocks.into_iter().enumerate().map(|(at, der)| Certificate::from_der(der, at + 1)).collect()
}

fn first(text: impl AsRef<[u8]>) -> Result<Certificate, CertificateError> {
    read(text)?.into_iter().next().ok_or(CertificateError::NotPem)
}

/// A certificate that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
}

impl Certificate {
    fn from_der(der: Vec<u8>, number: usize) -> Result<Self, CertificateError> {
        let parsed = x509_cert::Certificate::from_der(&der).map_err(|error| {
            CertificateError::NotACertificate { number, why: error.to_string() }
        })?;
        Ok(Self { der, parsed })
    }

    /// The number by which messages name this certificate: 32 lower-case hex digits.
    ///
    /// # Errors
    ///
    /// [`CertificateError::Name`]
    pub fn sn(&self) -> Result<String, CertificateError> {
        Ok(signature::md5_hex((self.issuer()? + &self.serial()).as_bytes()))
    }

    /// The issuer's name, as Java's `X500Principal.getName()` writes it: RFC 2253 with more escaped than it asks for.
    ///
    /// # Errors
    ///
    /// [`CertificateError::Name`], where a value is of a kind of string that nobody writes alike.
    pub fn issuer(&self) -> Result<String, CertificateError> {
        name::text(&self.parsed.tbs_certificate.issuer)
    }

    /// The subject's name, likewise.
    ///
    /// # Errors
    ///
    /// [`CertificateError::Name`]
    pub fn subject(&self) -> Result<String, CertificateError> {
        name::text(&self.parsed.tbs_certificate.subject)
    }

    /// The serial number in decimal, as it stands in the certificate: a negative one has a minus.
    pub fn serial(&self) -> String {
        decimal(self.serial_bytes())
    }

    /// The serial number's bytes, as they stand in the certificate: big-endian, in two's complement.
    pub fn serial_bytes(&self) -> &[u8] {
        self.parsed.tbs_certificate.serial_number.as_bytes()
    }

    /// The first and the last second at which it is valid, such as `2022-06-01T00:00:00Z`.
    pub fn validity(&self) -> [String; 2] {
        let validity = &self.parsed.tbs_certificate.validity;
        [validity.not_before, validity.not_after].map(|time| written(&time.to_unix_duration()))
    }

    /// The identifier of the algorithm that the issuer signed with, such as `1.2.840.113549.1.1.11`.
    pub fn signature_algorithm(&self) -> String {
        self.parsed.signature_algorithm.oid.to_string()
    }

    /// The key that the certificate is about.
    ///
    /// # Errors
    ///
    /// [`CertificateError::Key`], where it is none of RSA.
    ///
    /// ```
    /// use alipay_conformance::certificate::read;
    ///
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/class-1.pem"));
    /// assert_eq!(read(pem)?[0].public_key()?.bits(), 1024);
    /// # Ok::<(), alipay_conformance::certificate::CertificateError>(())
    /// ```
    pub fn public_key(&self) -> Result<PublicKey, CertificateError> {
        let der = self.parsed.tbs_certificate.subject_public_key_info.to_der();
        PublicKey::parse(der.unwrap_or_default()).map_err(CertificateError::Key)
    }

    fn has_rsa_signature(&self) -> bool {
        self.signature_algorithm().starts_with(RSA_ALGORITHMS)
    }

    /// The bytes that the issuer signed, as they came.
    fn signed(&self) -> Option<&[u8]> {
        let mut reader = SliceReader::new(&self.der).ok()?;
        Header::decode(&mut reader).ok()?;
        reader.tlv_bytes().ok()
    }
}

/// A time as vectors write it: `2022-06-01T00:00:00Z`.
///
/// # Errors
///
/// [`CertificateError::Time`]
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use alipay_conformance::certificate::time;
///
/// let day = Duration::from_secs(24 * 60 * 60);
/// assert_eq!(time("1970-01-02T00:00:00Z"), Ok(SystemTime::UNIX_EPOCH + day));
/// assert!(time("1970-01-02").is_err());
/// ```
pub fn time(text: &str) -> Result<SystemTime, CertificateError> {
    let time: DateTime = text.parse().map_err(|_| CertificateError::Time { found: text.into() })?;
    Ok(SystemTime::UNIX_EPOCH + time.unix_duration())
}

/// A time as [`time`] reads it, from seconds since 1970.
#[cfg(feature = "proptest")]
pub(crate) fn written_time(seconds: u64) -> Option<String> {
    DateTime::from_unix_duration(Duration::from_secs(seconds)).ok().map(|time| time.to_string())
}

/// A time as errors write it.
fn written(since_epoch: &Duration) -> String {
    DateTime::from_unix_duration(*since_epoch).map(|time| time.to_string()).unwrap_or_default()
}
