//! What is measured, and beside each thing what it is measured against: `limit`, the work that no implementation
//! can do without, and `naive`, the way it is usually written.

mod certificate;
mod content;
mod headers;
mod messages;
mod naive;
mod primitive;
mod wechat;

use std::hint::black_box;

use alipay_conformance::canonical::Selection;
use alipay_conformance::charset::Charset;
use alipay_conformance::form::Limits;
use alipay_conformance::params::Params;
use alipay_conformance::protocol::openapi::response;
use alipay_conformance::protocol::pipeline::{Pipeline, Scratch, Stages};
use alipay_conformance::protocol::{MAPI, mobile};
use alipay_conformance::signature::{
    PrivateKey, Secret, SignType, SigningKey, decrypt_blocks, sign,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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
    let mut groups = vec![
        sign_md5(),
        verify_md5("verify/md5", Charset::Utf8),
        verify_md5("verify/md5 gbk", Charset::Gbk),
        sign_rsa("sign/rsa 1024", SignType::Rsa, &rsa(RSA_1024), RSA_1024),
        sign_rsa("sign/rsa2 2048", SignType::Rsa2, &rsa(RSA_2048), RSA_2048),
        verify_rsa("verify/rsa 1024", SignType::Rsa, &rsa(RSA_1024), RSA_1024),
        verify_rsa("verify/rsa2 2048", SignType::Rsa2, &rsa(RSA_2048), RSA_2048),
        order_string(),
        decrypt(),
        encode("charset/encode utf-8", Charset::Utf8, UTF_8),
        encode("charset/encode gbk", Charset::Gbk, GBK),
        decode("charset/decode utf-8", Charset::Utf8, UTF_8),
        decode("charset/decode gbk", Charset::Gbk, GBK),
        read_reply("reply/read, 20 members", Charset::Utf8, 1),
        read_reply("reply/read gbk, 20 members", Charset::Gbk, 1),
        read_reply("reply/read, 1 MB", Charset::Utf8, 1_000),
        certificate::sn(),
        content::decrypt(),
        content::open_resource(),
    ];
    groups.extend(headers::groups(&rsa(RSA_2048), RSA_2048));
    groups.extend(wechat::groups());
    groups
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

/// Of the mobile product: the text in quotes, signed and escaped.
fn order_string() -> Group {
    let (params, stages) = (messages::request(), Stages::default());
    let key = SigningKey::from(PrivateKey::parse(RSA_1024.as_bytes()).unwrap());
    let (mut selection, mut text) = (Selection::new(), Vec::new());
    mobile::order_text(&params, &stages, &mut selection, &mut text).unwrap();
    let string = text.clone();
    let primitive = primitive::signer(SignType::Rsa, RSA_1024);
    Group {
        name: "order string/rsa 1024".into(),
        contenders: vec![
            contender("limit", move || primitive(black_box(&string))),
            contender("here", move || {
                mobile::order_text(black_box(&params), &stages, &mut selection, &mut text).unwrap();
                mobile::order_string(&text, &sign(SignType::Rsa, &key, &text).unwrap())
            }),
        ],
    }
}

/// Of the old WAP product: data of eight blocks.
fn decrypt() -> Group {
    let block = primitive::encrypted(RSA_1024, &[b'x'; 117]);
    let data = block.repeat(8);
    let text = STANDARD.encode(&data);
    let key = PrivateKey::parse(RSA_1024.as_bytes()).unwrap();
    let primitive = primitive::decrypter(RSA_1024);
    assert_eq!(decrypt_blocks(&key, text.as_bytes()).unwrap(), [b'x'; 8 * 117]);
    Group {
        name: "decrypt/rsa 1024, 8 blocks".into(),
        contenders: vec![
            contender("limit", move || {
                black_box(&data).chunks_exact(128).for_each(|block| drop(primitive(block)));
            }),
            contender("here", move || decrypt_blocks(&key, black_box(&text).as_bytes()).unwrap()),
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

/// Finding node and signature in a reply. What no implementation can do without is to see that it is text.
fn read_reply(name: &str, charset: Charset, items: usize) -> Group {
    let body = messages::reply(charset, items);
    let node = messages::REPLY;
    let (text, same) = (body.clone(), body.clone());

    let reply = response::read(&body, node, charset).unwrap();
    assert!(reply.signed.starts_with(b"{\"code\"") && reply.signed.ends_with(b"]}"));
    let mut contenders = vec![contender("limit", move || charset.decode(black_box(&text)).is_ok())];
    if charset == Charset::Utf8 {
        let members = naive::members(&body);
        assert_eq!(members[node].get().as_bytes(), &*reply.signed);
        let body = body.clone();
        contenders.push(contender("naive", move || naive::members(black_box(&body)).len()));
    }
    contenders.push(contender("here", move || {
        response::read(black_box(&same), node, charset).unwrap().signed.len()
    }));
    Group { name: name.into(), contenders }
}

fn string_to_sign(params: &Params) -> Vec<u8> {
    Pipeline::new(MAPI).string_to_sign(params, &mut Scratch::new()).unwrap().to_vec()
}
