//! The serial number of a certificate, beside reading its DER and hashing what is hashed.

use std::hint::black_box;

use alipay_conformance::certificate::{certificate_sn, read};
use x509_cert::der::Decode as _;

use super::{Group, contender, primitive};

const PEM: &str = include_str!("../../tests/certificates/class-1.pem");

pub(crate) fn sn() -> Group {
    let (certificate, der) = (read(PEM).unwrap().remove(0), der());
    let hashed = certificate.issuer().unwrap() + &certificate.serial();
    Group {
        name: "certificate/sn".into(),
        contenders: vec![
            contender("limit", move || {
                black_box(x509_cert::Certificate::from_der(black_box(&der)).unwrap());
                primitive::md5(black_box(hashed.as_bytes()))
            }),
            contender("here", || certificate_sn(black_box(PEM)).unwrap()),
        ],
    }
}

fn der() -> Vec<u8> {
    let dense: String = PEM.lines().filter(|line| !line.starts_with('-')).collect();
    primitive::base64(&dense)
}
