//! Any bytes as a message of WeChat Pay's version 2, as the XML within one, and as a value to be written.

use std::sync::LazyLock;

use alipay_conformance::form::Limits;
use alipay_conformance::params::Params;
use alipay_conformance::protocol::WECHATPAY_V2;
use alipay_conformance::protocol::pipeline::{Pipeline, Scratch};
use alipay_conformance::protocol::wechatpay::write::write;
use alipay_conformance::signature::{Secret, SignType, SigningKey};
use alipay_conformance::xml::{self, MAX_FIELDS, XmlError};
use roxmltree::{Document, Node, ParsingOptions};

const SIGN_TYPES: [SignType; 2] = [SignType::WechatMd5, SignType::HmacSha256];

static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    SigningKey::from(Secret::new("192006250b4c09247ec02edce69f6a2d").expect("a secret"))
});

/// Reads it, verifies it, and holds what is read against a general parser; what is read is written, signed, verified and
/// read again, and with one value changed refused.
pub fn run(input: &[u8]) {
    let (pipeline, key) = (Pipeline::new(WECHATPAY_V2), KEY.verifying_key());
    let mut scratch = Scratch::new();
    for sign_type in SIGN_TYPES {
        let _ = pipeline.verify(input, sign_type, &key, &mut scratch);
    }
    let wrapped = [b"<xml><a>", input, b"</a></xml>"].concat();
    for message in [input, wrapped.as_slice()] {
        let mut params = Params::new();
        match xml::decode_into(message, Limits::DEFAULT, &mut params) {
            Ok(()) => is_right(message, &params),
            Err(XmlError::Malformed { .. }) if message.len() < 1 << 16 => is_malformed(message),
            Err(_) => {}
        }
        let _ = std::str::from_utf8(message).map(|text| xml::fields("xml", text));
    }
    let value = Params::from_iter([(&b"attach"[..], input)]);
    if let Ok(written) = write(&value) {
        assert_eq!(decoded(&written), value);
    }
}

fn is_right(message: &[u8], params: &Params) {
    let text = std::str::from_utf8(message).expect("UTF-8");
    assert!(params.len() <= MAX_FIELDS);
    assert_eq!(general(text).as_ref(), Some(params), "read in another way by a general parser");
    assert_eq!(&decoded(&write(params).expect("what was read can be written")), params);

    // What is written is longer than what was read, and has two members more.
    if message.len() > 1 << 16 || params.len() + 2 > MAX_FIELDS {
        return;
    }
    let (pipeline, mut scratch) = (Pipeline::new(WECHATPAY_V2), Scratch::new());
    let is_own = |name: &[u8]| name == b"sign" || name == b"sign_type";
    let mut signed: Params = params.iter().filter(|(name, _)| !is_own(name)).collect();
    for sign_type in SIGN_TYPES {
        let sign = pipeline.sign(&signed, sign_type, &KEY, &mut scratch).expect("a signature");
        let mut sent = signed.clone();
        sent.push(b"sign", sign.as_str().as_bytes());
        let sent = write(&sent).expect("a message");
        let verified =
            pipeline.verify(sent.as_bytes(), sign_type, &KEY.verifying_key(), &mut scratch);
        assert!(verified.is_ok(), "a genuine message is refused: {sent}");
    }
    let sign =
        pipeline.sign(&signed, SignType::WechatMd5, &KEY, &mut scratch).expect("a signature");
    signed.push(b"sign", sign.as_str().as_bytes());
    signed.push(b"added-behind-the-signature", b"1");
    if params.get(b"added-behind-the-signature").is_none() {
        let sent = write(&signed).expect("a message");
        let key = KEY.verifying_key();
        assert!(pipeline.verify(sent.as_bytes(), SignType::WechatMd5, &key, &mut scratch).is_err());
    }
}

/// What is no XML here is none to a general parser, unless it overlooks what the grammar forbids.
fn is_malformed(message: &[u8]) {
    let Ok(text) = std::str::from_utf8(message) else { return };
    let is_overlooked = ["<?", "&#", ":"].iter().any(|what| text.to_lowercase().contains(what));
    assert!(is_overlooked || general(text).is_none(), "XML, says a general parser");
}

fn decoded(message: &str) -> Params {
    let mut params = Params::new();
    // What is written may be longer than what was read.
    xml::decode_into(message.as_bytes(), Limits::NONE, &mut params).expect("what was written");
    params
}

/// The elements below the root, each with all text within it. Line ends are made one before it reads, as XML has it: it
/// overlooks those behind a reference.
fn general(text: &str) -> Option<Params> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let options = ParsingOptions { nodes_limit: 10_000, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&text, options).ok()?;
    let text_of = |node: Node<'_, '_>| -> String {
        node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
    };
    let elements = document.root_element().children().filter(Node::is_element);
    Some(elements.map(|node| (node.tag_name().name(), text_of(node))).collect())
}
