//! Any bytes as a file of certificates; what begins as DER does is put into PEM first.

use alipay_conformance::certificate::{
    Certificate, CertificateError, MAX_CERTIFICATES, certificate_sn, read, root_certificate_sn,
    time, verify_certificate,
};
use alipay_conformance::vector::bytes::to_base64;

/// Reads the certificates, numbers them, and asks whether they lead to themselves.
pub fn run(input: &[u8]) {
    let text = match input {
        [0x30, ..] => pem(input),
        _ => input.to_vec(),
    };
    let certificates = match read(&text) {
        Ok(certificates) => certificates,
        Err(error) => {
            if let CertificateError::PemEnd { offset } | CertificateError::Base64 { offset } = error
            {
                assert!(offset <= text.len(), "{error}");
            }
            assert!(!error.to_string().is_empty());
            assert_eq!(certificate_sn(&text), Err(error));
            return;
        }
    };
    assert!((1..=MAX_CERTIFICATES).contains(&certificates.len()));
    assert_eq!(certificate_sn(&text), certificates[0].sn());
    certificates.iter().for_each(check);
    if let Ok(numbers) = root_certificate_sn(&text) {
        let mut own = certificates.iter().map(|each| each.sn().unwrap_or_default());
        assert!(numbers.split('_').all(|number| own.any(|own| own == number)));
    }
    // Large keys take long.
    if text.len() < 8192 {
        let now = time("2026-06-01T00:00:00Z").expect("a time");
        if verify_certificate(&text, &text, now).is_ok() {
            let [from, until] = certificates[0].validity();
            assert!(*from <= *"2026-06-01T00:00:00Z" && *until >= *"2026-06-01T00:00:00Z");
        }
    }
}

fn check(certificate: &Certificate) {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if let Ok(number) = certificate.sn() {
        assert!(number.len() == 32 && number.bytes().all(is_hex));
    }
    let serial = certificate.serial();
    let digits = serial.strip_prefix('-').unwrap_or(&serial);
    assert!(
        digits == "0" || !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
    );
    if let Ok(number) = serial.parse::<i128>() {
        let bytes = certificate.serial_bytes();
        let sign = if bytes.first().is_some_and(|first| *first >= 0x80) { -1 } else { 0 };
        assert_eq!(bytes.iter().fold(sign, |number, byte| number << 8 | i128::from(*byte)), number);
    }
    if let Ok(key) = certificate.public_key() {
        assert!((512..=8192).contains(&key.bits()));
    }
}

fn pem(der: &[u8]) -> Vec<u8> {
    let base64 = to_base64(der);
    format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n").into_bytes()
}
