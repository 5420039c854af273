//! What is measured, and beside each thing what it is measured against: `limit`, the work that no implementation
//! can do without, and `naive`, the way it is usually written.

mod certificate;
mod content;
mod messages;
mod naive;
mod primitive;

use std::hint::black_box;

use alipay_conformance::charset::Charset;
use alipay_conformance::form::Limits;
use alipay_conformance::params::Params;
use alipay_conformance::protocol::MAPI;
use alipay_conformance::protocol::pipeline::{Pipeline, Scratch};
use alipay_conformance::signature::{PrivateKey, Secret, SignType, SigningKey};
use encoding_rs::{Encoding, GBK, UTF_8};

const SECRET: &str = "0123456789abcdefghijklmnopqrstuv";
const RSA_1024: &str = include_str!("../../tests/keys/rsa-1024.pkcs1.pem");
const RSA_2048: &str = include_str!("../../tests/keys/rsa-2048.pkcs1.pem");

/// Contenders that do the same job.
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) contenders: Vec<Contender>,
}

pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) run: Box<dyn FnMut()>,
}

fn contender<T>(name: &'static str, mut run: impl FnMut() -> T + 'static) -> Contender {
    Contender { name, run: Box::new(move || drop(black_box(run()))) }
}

/// All groups. That the contenders of a group come to the same result is checked on the way.
pub(crate) fn groups() -> Vec<Group> {
    let rsa = |pem: &str| SigningKey::from(PrivateKey::parse(pem.as_bytes()).unwrap());
    vec![
        sign_md5(),
        verify_md5("verify/md5", Charset::Utf8),
        verify_md5("verify/md5 gbk", Charset::Gbk),
        sign_rsa("sign/rsa 1024", SignType::Rsa, &rsa(RSA_1024), RSA_1024),
        sign_rsa("sign/rsa2 2048", SignType::Rsa2, &rsa(RSA_2048), RSA_2048),
        verify_rsa("verify/rsa 1024", SignType::Rsa, &rsa(RSA_1024), RSA_1024),
        verify_rsa("verify/rsa2 2048", SignType::Rsa2, &rsa(RSA_2048), RSA_2048),
        encode("charset/encode utf-8", Charset::Utf8, UTF_8),
        encode("charset/encode gbk", Charset::Gbk, GBK),
        decode("charset/decode utf-8", Charset::Utf8, UTF_8),
        decode("charset/decode gbk", Charset::Gbk, GBK),
        certificate::sn(),
        content::decrypt(),
    ]
}

/// Numbers of parameters, each with signing and verifying so many.
pub(crate) fn scaling() -> Vec<(usize, [Contender; 2])> {
    [20, 200, 2_000, 20_000].map(|parameters| (parameters, many(parameters))).into()
}

fn many(parameters: usize) -> [Contender; 2] {
    let pipeline = Pipeline { limits: Limits::NONE, ..Pipeline::new(MAPI) };
    let key = SigningKey::from(Secret::new(SECRET).unwrap());
    let verifying_key = key.verifying_key();
    let params = messages::many(parameters);
    let body = messages::signed(params.clone(), SignType::Md5, &key);
    let [mut signing, mut verifying] = [Scratch::new(), Scratch::new()];
    [
        contender("sign", move || {
            pipeline.sign(black_box(&params), SignType::Md5, &key, &mut signing).unwrap()
        }),
        contender("verify", move || {
            let verdict =
                pipeline.verify(black_box(&body), SignType::Md5, &verifying_key, &mut verifying);
            assert!(verdict.is_ok());
        }),
    ]
}

fn sign_md5() -> Group {
    let params = messages::request();
    let key = SigningKey::from(Secret::new(SECRET).unwrap());
    let signed_bytes = [string_to_sign(&params), SECRET.into()].concat();
    let text = params.decode(Charset::Utf8).unwrap();
    let (pipeline, mut scratch) = (Pipeline::new(MAPI), Scratch::new());

    let signature = pipeline.sign(&params, SignType::Md5, &key, &mut scratch).unwrap();
    assert_eq!(signature.as_str(), naive::sign(&text, SECRET));
    Group {
        name: "sign/md5".into(),
        contenders: vec![
            contender("limit", move || primitive::md5(black_box(&signed_bytes))),
            contender("here", move || {
                pipeline.sign(black_box(&params), SignType::Md5, &key, &mut scratch).unwrap()
            }),
            contender("naive", move || naive::sign(black_box(&text), SECRET)),
        ],
    }
}

fn verify_md5(name: &str, charset: Charset) -> Group {
    let key = SigningKey::from(Secret::new(SECRET).unwrap());
    let body = messages::notify(charset, SignType::Md5, &key);
    let key = key.verifying_key();
    let (pipeline, mut scratch) = (Pipeline::new(MAPI), Scratch::new());

    let verified = pipeline.verify(&body, SignType::Md5, &key, &mut scratch).unwrap();
    let signed_bytes = [verified.string_to_sign, SECRET.as_bytes()].concat();
    let mut contenders = vec![contender("limit", move || primitive::md5(black_box(&signed_bytes)))];
    if charset == Charset::Utf8 {
        let body = body.clone();
        contenders.push(contender("naive", move || {
            assert!(naive::verify(black_box(&body), SECRET));
        }));
    }
    contenders.push(contender("here", move || {
        let verdict = pipeline.verify(black_box(&body), SignType::Md5, &key, &mut scratch);
        assert!(verdict.is_ok());
    }));
    Group { name: name.into(), contenders }
}

fn sign_rsa(name: &str, sign_type: SignType, key: &SigningKey, pem: &str) -> Group {
    let (params, key) = (messages::request(), key.clone());
    let string = string_to_sign(&params);
    let primitive = primitive::signer(sign_type, pem);
    let (pipeline, mut scratch) = (Pipeline::new(MAPI), Scratch::new());
    Group {
        name: name.into(),
        contenders: vec![
            contender("limit", move || primitive(black_box(&string))),
            contender("here", move || {
                pipeline.sign(black_box(&params), sign_type, &key, &mut scratch).unwrap()
            }),
        ],
    }
}

fn verify_rsa(name: &str, sign_type: SignType, key: &SigningKey, pem: &str) -> Group {
    let body = messages::notify(Charset::Utf8, sign_type, key);
    let key = key.verifying_key();
    let (pipeline, mut scratch) = (Pipeline::new(MAPI), Scratch::new());

    let verified = pipeline.verify(&body, sign_type, &key, &mut scratch).unwrap();
    let string = verified.string_to_sign.to_vec();
    let signature = primitive::signer(sign_type, pem)(&string);
    let primitive = primitive::verifier(sign_type, pem);
    Group {
        name: name.into(),
        contenders: vec![
            contender("limit", move || assert!(primitive(black_box(&string), &signature))),
            contender("here", move || {
                let verdict = pipeline.verify(black_box(&body), sign_type, &key, &mut scratch);
                assert!(verdict.is_ok());
            }),
        ],
    }
}

fn encode(name: &str, charset: Charset, encoding: &'static Encoding) -> Group {
    let texts = messages::REQUEST.iter().flat_map(|(name, value)| [*name, *value]);
    let texts: Vec<&str> = texts.collect();
    Group {
        name: name.into(),
        contenders: vec![
            contender("limit", move || {
                for text in black_box(&texts) {
                    let (bytes, _, replaced) = encoding.encode(text);
                    black_box(&bytes);
                    assert!(!replaced);
                }
            }),
            contender("here", move || {
                Params::encode(black_box(messages::REQUEST), charset).unwrap()
            }),
        ],
    }
}

fn decode(name: &str, charset: Charset, encoding: &'static Encoding) -> Group {
    let params = Params::encode(messages::REQUEST, charset).unwrap();
    let same = params.clone();
    Group {
        name: name.into(),
        contenders: vec![
            contender("limit", move || {
                for bytes in black_box(&params).iter().flat_map(|(name, value)| [name, value]) {
                    black_box(
                        encoding
                            .decode_without_bom_handling_and_without_replacement(bytes)
                            .unwrap(),
                    );
                }
            }),
            contender("here", move || black_box(&same).decode(charset).unwrap()),
        ],
    }
}

fn string_to_sign(params: &Params) -> Vec<u8> {
    Pipeline::new(MAPI).string_to_sign(params, &mut Scratch::new()).unwrap().to_vec()
}
