//! What no vector shows of certificates: bounds, odd files, what errors say, and names that only Java settles.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use alipay_conformance::certificate::{
    CertificateError, MAX_CERTIFICATES, MAX_TEXT, certificate_sn, read, root_certificate_sn, time,
    verify_certificate,
};
use alipay_conformance::signature::PublicKey;
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::suite::run::{Conclusion, Options, run};
use alipay_conformance::vector::load::VectorSet;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const SN: &str = "00ebee0e45e46ef28ed34ca13e4bee3e";

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates");
    fs::read_to_string(folder.join(name)).unwrap()
}

fn der(pem: &str) -> Vec<u8> {
    STANDARD.decode(pem.lines().filter(|line| !line.starts_with('-')).collect::<String>()).unwrap()
}

fn pem(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
}

fn trusted(certificates: &str, roots: &str, now: &str) -> Result<(), String> {
    verify_certificate(certificates, roots, time(now).unwrap()).map_err(|error| error.to_string())
}

/// A case that the reference does not offer would count as not applicable.
#[test]
fn the_reference_answers_every_case() {
    let set = VectorSet::embedded().unwrap();
    for (theme, cases) in [("certificate", 81), ("content", 33)] {
        let options = Options { jobs: 1, interrupted: &AtomicBool::new(false) };
        let is_asked = |case: &alipay_conformance::vector::case::Case| {
            case.theme == theme && case.id.starts_with("openapi-")
        };
        let run = run(&Reference::default(), &set, is_asked, options);
        assert_eq!(run.conclusion(cases), Conclusion::Conforms, "{theme}");
    }
}

#[test]
fn a_file_may_look_in_many_ways() {
    let plain = file("class-1.pem");
    for (what, text) in [
        ("a byte order mark", format!("\u{FEFF}{plain}")),
        ("one line", plain.replace('\n', "")),
        ("indented", plain.replace('\n', "\n    ")),
        ("blank lines", plain.replace('\n', "\r\n\r\n")),
        ("no line of its own", format!("certificate = \"{plain}\"")),
        ("a key beside it", format!("-----BEGIN X-----\nMII*\n-----END X-----\n{plain}")),
        ("garbage behind it", format!("{plain}\0\u{FFFF} -----BEGIN")),
    ] {
        assert_eq!(certificate_sn(text), Ok(SN.into()), "{what}");
    }
    let not_text = [plain.as_bytes(), &[0xFF, 0xFE, 0x80]].concat();
    assert_eq!(certificate_sn(not_text), Ok(SN.into()));
}

#[test]
fn a_file_without_a_certificate_is_refused_clearly() {
    let plain = file("class-1.pem");
    let bytes = der(&plain);
    for text in [b"".as_slice(), b"\xEF\xBB\xBF", &bytes, STANDARD.encode(&bytes).as_bytes()] {
        assert_eq!(certificate_sn(text), Err(CertificateError::NotPem));
    }
    let utf_16: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(certificate_sn(utf_16), Err(CertificateError::NotPem));
    let open = format!("x\n{plain}").replace("-----END", "----END");
    assert_eq!(certificate_sn(open), Err(CertificateError::PemEnd { offset: 2 }));
    let broken = plain.replacen("MII", "M I*", 1);
    let offset = broken.find('*').unwrap();
    assert_eq!(certificate_sn(broken), Err(CertificateError::Base64 { offset }));
    let short = plain.replacen("=\n-----END", "\n-----END", 1);
    assert!(matches!(certificate_sn(short), Err(CertificateError::Base64 { .. })));

    let is_none = |der: &[u8], number: usize| {
        let text = [plain.repeat(number - 1), pem(der)].concat();
        match certificate_sn(text) {
            Err(CertificateError::NotACertificate { number: found, why }) => {
                assert!(found == number && !why.is_empty());
            }
            other => panic!("{other:?}"),
        }
    };
    is_none(&[bytes.as_slice(), &[0]].concat(), 1);
    is_none(bytes.get(..bytes.len() - 1).unwrap(), 2);
    is_none(&[], 3);
}

#[test]
fn text_and_number_of_certificates_are_bounded() {
    let plain = file("class-1.pem");
    assert_eq!(root_certificate_sn(plain.repeat(MAX_CERTIFICATES)).unwrap().len(), 33 * 16 - 1);
    let many = plain.repeat(MAX_CERTIFICATES + 1);
    assert_eq!(root_certificate_sn(&many), Err(CertificateError::TooMany));
    assert_eq!(certificate_sn(many), Err(CertificateError::TooMany));

    let filled = |length: usize| format!("{plain}{}", " ".repeat(length - plain.len()));
    assert_eq!(certificate_sn(filled(MAX_TEXT)), Ok(SN.into()));
    let length = MAX_TEXT + 1;
    let error = certificate_sn(filled(length)).unwrap_err();
    assert_eq!(error, CertificateError::TooLong { length });
    assert_eq!(error.to_string(), "262145 bytes of certificates, where at most 262144 are read");
}

/// As `X500Principal.getName()` of Java 17 writes them.
#[test]
fn names_are_those_of_java() {
    let issuer = |name| read(file(name)).unwrap().first().unwrap().issuer();
    assert_eq!(issuer("name-dc-uid.pem").unwrap(), "CN=R1,UID=u1,STREET=1 Road,DC=example,DC=com",);
    assert_eq!(issuer("name-serial-number.pem").unwrap(), "CN=R1,2.5.4.5=#13023132,O=Suite,C=CN");
    assert_eq!(issuer("name-teletex.pem").unwrap(), "CN=R1,O=Suite,C=CN");
    assert_eq!(
        issuer("name-bmp.pem").unwrap_err().to_string(),
        "the attribute 2.5.4.10 of a name is no UTF-8, Printable, IA5 or Teletex string",
    );
}

#[test]
fn the_key_is_that_of_the_certificate() {
    let certificates = read(file("class-1.pem") + &file("ecdsa-root.pem")).unwrap();
    let [rsa, ecdsa] = certificates.as_slice() else { panic!() };
    let key = rsa.public_key().unwrap();
    assert_eq!(PublicKey::parse(key.to_pem()).unwrap().bits(), 1024);
    assert!(matches!(ecdsa.public_key(), Err(CertificateError::Key(_))));
    assert_eq!(rsa.signature_algorithm(), "1.2.840.113549.1.1.11");
    assert_eq!(rsa.serial_bytes().len(), 16);
    assert_eq!(rsa.subject(), rsa.issuer());
    let root = read(file("root.pem")).unwrap();
    assert_eq!(root.first().unwrap().validity(), ["2018-03-21T00:00:00Z", "2068-02-28T00:00:00Z"]);
}

#[test]
fn errors_of_trust_say_who_and_when() {
    let [root, certificate] = ["root.pem", "certificate.pem"].map(file);
    let now = "2026-06-01T00:00:00Z";
    assert_eq!(trusted(&certificate, &root, now), Ok(()));
    let says = |result: Result<(), String>, parts: &[&str]| {
        let text = result.unwrap_err();
        assert!(parts.iter().all(|part| text.contains(part)), "{text}");
    };
    says(
        trusted(&certificate, &root, "2042-01-01T00:00:00Z"),
        &["CN=支付宝(测试)-2088000000000001", "expired at 2041-01-01T00:00:00Z"],
    );
    assert_eq!(trusted(&certificate, &root, "2041-01-01T00:00:00Z"), Ok(()), "the last second");
    says(trusted(&certificate, &root, "2041-01-01T00:00:01Z"), &["expired at 2041"]);
    says(
        trusted(&certificate, &root, "1970-01-01T00:00:00Z"),
        &["not valid before 2021-01-01T00:00:00Z"],
    );
    says(
        trusted(&certificate, &file("class-1.pem"), now),
        &["issued by CN=Conformance Root R1", "which is no root"],
    );
    let unauthorised = file("signed-by-certificate.pem") + &certificate;
    says(
        trusted(&unauthorised, &root, now),
        &["signed by no authority", "no certification authority"],
    );
    // A root is one because the caller says so.
    assert_eq!(trusted(&file("signed-by-certificate.pem"), &certificate, now), Ok(()));
    says(
        trusted(&file("signed-by-ecdsa.pem"), &file("ecdsa-root.pem"), now),
        &["Conformance Root R7", "algorithm 1.2.840.10045.4.3.2"],
    );
    assert_eq!(trusted(&certificate, &(file("ecdsa-root.pem") + &root), now), Ok(()));
}

/// As `openssl verify` judges them.
#[test]
fn an_issuer_must_be_allowed_to_sign_certificates() {
    let verdict = |name| trusted(&file(name), &file("root-2.pem"), "2026-06-01T00:00:00Z");
    assert_eq!(verdict("authority-without-key-usage.pem"), Ok(()));
    for name in ["authority-that-signs-no-certificates.pem", "issuer-without-basic-constraints.pem"]
    {
        let error = verdict(name).unwrap_err();
        assert!(error.contains("which is no certification authority"), "{error}");
    }
    let error = verdict("algorithms-that-differ.pem").unwrap_err();
    assert!(error.contains("does not bear the signature of"), "{error}");
}

/// The failure of an issuer is the cause of what fails below it.
#[test]
fn the_uppermost_failure_is_named() {
    let chain = file("signed-by-certificate.pem") + &file("certificate.pem");
    let error = trusted(&chain, &file("class-1.pem"), "2026-12-01T00:00:00Z").unwrap_err();
    assert!(error.contains("issued by CN=Conformance Root R1"), "{error}");
}

#[test]
fn times_before_the_epoch_are_too_early() {
    let root = file("root.pem");
    let early = std::time::SystemTime::UNIX_EPOCH - std::time::Duration::from_secs(1);
    let verdict = verify_certificate(&root, &root, early);
    assert!(matches!(verdict, Err(CertificateError::NotYetValid { .. })));
    for text in ["", "2026-01-01", "2026-01-01T00:00:00+08:00", "2026-13-01T00:00:00Z"] {
        assert_eq!(time(text), Err(CertificateError::Time { found: text.into() }));
    }
}
