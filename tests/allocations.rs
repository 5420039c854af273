//! Once the scratch has grown to the size of the messages, the pipeline allocates nothing for a message.
//!
//! Allocations are counted, so these tests do not depend on the machine's speed. The same count bounds the growth of
//! the memory: in proportion to the message.
#![allow(clippy::unwrap_used)]

use alipay_conformance::charset::Charset;
use alipay_conformance::form::{self, FormError, Limits};
use alipay_conformance::params::Params;
use alipay_conformance::protocol::pipeline::{MessageError, Pipeline, Scratch};
use alipay_conformance::protocol::wechatpay::write::write;
use alipay_conformance::protocol::{MAPI, WECHATPAY_V2};
use alipay_conformance::signature::{self, PrivateKey, Secret, SignType, Signature, SigningKey};
use alipay_conformance::xml;
use allocation_counter::{AllocationInfo, measure};

fn request(parameters: usize) -> Params {
    let pairs = (0..parameters).rev().map(|n| (format!("name_{n:06}"), "订单 2024"));
    Params::encode(pairs, Charset::Gbk).unwrap()
}

fn message(mut params: Params, sign_type: SignType, signature: &Signature) -> Vec<u8> {
    params.push(b"sign_type", sign_type.name().as_bytes());
    params.push(b"sign", signature.as_str().as_bytes());
    form::encode(&params).into_bytes()
}

fn md5_key() -> SigningKey {
    Secret::new("0123456789abcdefghijklmnopqrstuv").unwrap().into()
}

fn rsa_key(bits: u32) -> SigningKey {
    let path = format!("{}/tests/keys/rsa-{bits}.pkcs8.pem", env!("CARGO_MANIFEST_DIR"));
    PrivateKey::parse(std::fs::read(path).unwrap()).unwrap().into()
}

/// What the second run of two allocates.
fn warm(mut run: impl FnMut()) -> AllocationInfo {
    run();
    measure(run)
}

#[test]
fn allocations_are_counted() {
    let counted = warm(|| drop(std::hint::black_box(vec![0_u8; 100])));
    assert_eq!((counted.count_total, counted.bytes_total), (1, 100));
}

#[test]
fn md5_allocates_nothing() {
    let (pipeline, key, mut scratch) = (Pipeline::new(MAPI), md5_key(), Scratch::new());
    let params = request(200);
    let signature = pipeline.sign(&params, SignType::Md5, &key, &mut scratch).unwrap();

    let signing = warm(|| {
        pipeline.sign(&params, SignType::Md5, &key, &mut scratch).unwrap();
    });
    assert_eq!(signing.count_total, 0, "{signing:?}");

    let (body, key) = (message(params, SignType::Md5, &signature), key.verifying_key());
    let verifying = warm(|| {
        pipeline.verify(&body, SignType::Md5, &key, &mut scratch).unwrap();
    });
    assert_eq!(verifying.count_total, 0, "{verifying:?}");
}

/// One for the bytes and one for the pairs, even where the last has no `=`.
#[test]
fn the_memory_of_a_message_is_asked_for_once() {
    for message in [&[b'a'; 100][..], b"a=1&b=2&c=3&a_long_name_without_a_value"] {
        let mut params = Params::new();
        let decoding =
            measure(|| form::decode_into(message, Limits::DEFAULT, &mut params).unwrap());
        assert_eq!(decoding.count_total, 2, "{decoding:?}");
    }
}

/// The list in which a name that stands twice is found, and the three of the parser's list of open elements; and a value
/// that does not stand in one piece.
#[test]
fn xml_allocates_lists_of_names() {
    let (pipeline, key, mut scratch) = (Pipeline::new(WECHATPAY_V2), md5_key(), Scratch::new());
    let mut params: Params = (0..20).map(|n| (format!("name_{n}"), "a & b")).collect();
    for sign_type in [SignType::WechatMd5, SignType::HmacSha256] {
        let signature = pipeline.sign(&params, sign_type, &key, &mut scratch).unwrap();
        let mut sent = params.clone();
        sent.push(b"sign", signature.as_str().as_bytes());
        let (body, key) = (write(&sent).unwrap(), key.verifying_key());
        let verifying = warm(|| {
            pipeline.verify(body.as_bytes(), sign_type, &key, &mut scratch).unwrap();
        });
        assert_eq!(verifying.count_total, 4, "{sign_type}: {verifying:?}");
    }
    params.push(b"value", b"a]]>b");
    let body = write(&params).unwrap();
    let mut params = Params::new();
    let reading = warm(|| {
        let _ = xml::decode_into(body.as_bytes(), Limits::DEFAULT, &mut params);
    });
    assert_eq!(reading.count_total, 5, "{reading:?}");
}

#[test]
fn a_wrong_signature_costs_no_allocation_either() {
    let (pipeline, key, mut scratch) = (Pipeline::new(MAPI), md5_key(), Scratch::new());
    let signature = signature::sign(SignType::Md5, &key, b"another string").unwrap();
    let body = message(request(20), SignType::Md5, &signature);
    let key = key.verifying_key();
    let rejecting = warm(|| {
        assert!(pipeline.verify(&body, SignType::Md5, &key, &mut scratch).is_err());
    });
    assert_eq!(rejecting.count_total, 0, "{rejecting:?}");
}

/// The base64 text of a signature is one allocation; verifying decodes it on the stack.
#[test]
fn rsa_allocates_what_its_library_does() {
    for (sign_type, bits) in [(SignType::Rsa, 1024), (SignType::Rsa2, 2048)] {
        let (pipeline, key, mut scratch) = (Pipeline::new(MAPI), rsa_key(bits), Scratch::new());
        let params = request(20);
        let string = pipeline.string_to_sign(&params, &mut scratch).unwrap().to_vec();
        let signature = pipeline.sign(&params, sign_type, &key, &mut scratch).unwrap();
        let library = library(sign_type, bits, &string);

        let signing = warm(|| {
            pipeline.sign(&params, sign_type, &key, &mut scratch).unwrap();
        });
        assert_eq!(signing.count_total, library.signing + 1, "{sign_type}");

        let (body, key) = (message(params, sign_type, &signature), key.verifying_key());
        let verifying = warm(|| {
            pipeline.verify(&body, sign_type, &key, &mut scratch).unwrap();
        });
        assert_eq!(verifying.count_total, library.verifying, "{sign_type}");
    }
}

/// Counts of allocations of the RSA library alone.
struct Library {
    signing: u64,
    verifying: u64,
}

fn library(sign_type: SignType, bits: u32, string: &[u8]) -> Library {
    use rsa::pkcs8::DecodePrivateKey as _;
    use rsa::{Pkcs1v15Sign, RsaPrivateKey};
    use sha2::Digest as _;

    let path = format!("{}/tests/keys/rsa-{bits}.pkcs8.pem", env!("CARGO_MANIFEST_DIR"));
    let key = RsaPrivateKey::read_pkcs8_pem_file(path).unwrap();
    let digest = match sign_type {
        SignType::Rsa => sha1::Sha1::digest(string).to_vec(),
        _ => sha2::Sha256::digest(string).to_vec(),
    };
    let padding = || match sign_type {
        SignType::Rsa => Pkcs1v15Sign::new::<sha1::Sha1>(),
        _ => Pkcs1v15Sign::new::<sha2::Sha256>(),
    };
    let public = key.to_public_key();
    let signature = key.sign(padding(), &digest).unwrap();
    let signing = warm(|| drop(key.sign(padding(), &digest).unwrap())).count_total;
    let verifying = warm(|| public.verify(padding(), &digest, &signature).unwrap()).count_total;
    #[cfg(feature = "aws-lc-rs")]
    if sign_type == SignType::Rsa2 {
        return Library { signing: aws_signing(&key, string), verifying: 0 };
    }
    // What aws-lc allocates in C is not counted; its Rust side verifies without.
    Library { signing, verifying: if cfg!(feature = "aws-lc-rs") { 0 } else { verifying } }
}

#[cfg(feature = "aws-lc-rs")]
fn aws_signing(key: &rsa::RsaPrivateKey, string: &[u8]) -> u64 {
    use aws_lc_rs::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
    use rsa::pkcs1::EncodeRsaPrivateKey as _;

    let key = KeyPair::from_der(key.to_pkcs1_der().unwrap().as_bytes()).unwrap();
    let signing = warm(|| {
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), string, &mut signature).unwrap();
    });
    signing.count_total
}

#[test]
fn memory_grows_in_proportion() {
    let pipeline = Pipeline { limits: Limits::NONE, ..Pipeline::new(MAPI) };
    let cold = |parameters| {
        let (params, key) = (request(parameters), md5_key());
        let mut scratch = Scratch::new();
        let mut signature = None;
        let signing =
            measure(|| signature = pipeline.sign(&params, SignType::Md5, &key, &mut scratch).ok());
        let body = message(params, SignType::Md5, &signature.unwrap());
        let verifying = measure(|| {
            pipeline
                .verify(&body, SignType::Md5, &key.verifying_key(), &mut Scratch::new())
                .unwrap();
        });
        (signing.bytes_total + verifying.bytes_total, body.len() as u64)
    };
    for parameters in [200, 2_000, 20_000] {
        let (allocated, length) = cold(parameters);
        assert!(allocated < 20 * length, "{parameters}: {allocated} bytes for {length}");
    }
}

/// Were any stage quadratic, this would not end.
#[test]
fn no_stage_is_quadratic() {
    let unlimited = Pipeline { limits: Limits::NONE, ..Pipeline::new(MAPI) };
    let key = md5_key().verifying_key();
    let verdict = |pipeline: &Pipeline, message: &[u8]| {
        pipeline.verify(message, SignType::Md5, &key, &mut Scratch::new()).map(drop).unwrap_err()
    };
    let mebibyte = |unit: &str| unit.repeat((1 << 20) / unit.len()).into_bytes();
    let default = Pipeline::new(MAPI);

    assert!(matches!(verdict(&default, &mebibyte("&")), MessageError::NoSignature { .. }));
    let malformed = verdict(&default, &mebibyte("%"));
    assert!(matches!(malformed, MessageError::Form(FormError::MalformedEscape { offset: 0, .. })));
    assert!(matches!(verdict(&default, &mebibyte("%25")), MessageError::NoSignature { .. }));
    assert!(matches!(verdict(&default, &mebibyte("+")), MessageError::NoSignature { .. }));
    assert!(matches!(verdict(&default, &mebibyte("=")), MessageError::NoSignature { .. }));
    assert!(matches!(verdict(&unlimited, &mebibyte("=&")), MessageError::Repeated(_)));
    assert!(matches!(verdict(&unlimited, &mebibyte("a=1&")), MessageError::Repeated(_)));
    assert!(matches!(verdict(&unlimited, &mebibyte("sign=1&")), MessageError::Repeated(_)));

    // Names alike in their first bytes, in no order: signed ones, and empty ones, which are sorted apart.
    let alike = |value: &str| -> Vec<u8> {
        let shuffled = (0..100_000_u32).map(|n| n.wrapping_mul(0x9E37_79B1));
        let pairs: Vec<_> = shuffled.map(|n| format!("logistics_{n:08x}={value}")).collect();
        pairs.join("&").into_bytes()
    };
    for value in ["1", ""] {
        let verdict = verdict(&unlimited, &alike(value));
        assert!(matches!(verdict, MessageError::NoSignature { .. }), "{verdict:?}");
    }
}
