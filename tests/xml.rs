//! Reading and writing the XML of messages, beyond the vectors: against a general parser, and of every size.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::time::{Duration, Instant};

use alipay_conformance::form::Limits;
use alipay_conformance::params::Params;
use alipay_conformance::protocol::WECHATPAY_V2;
use alipay_conformance::protocol::pipeline::{Pipeline, Scratch};
use alipay_conformance::protocol::wechatpay::write::{WriteError, write};
use alipay_conformance::signature::{Secret, SignType, SigningKey};
use alipay_conformance::xml::{self, MAX_FIELDS, XmlError};
use proptest::prelude::*;

fn decode(message: &[u8]) -> Result<Params, XmlError> {
    let mut params = Params::new();
    xml::decode_into(message, Limits::DEFAULT, &mut params).map(|()| params)
}

fn refused(message: &str) -> String {
    decode(message.as_bytes()).unwrap_err().to_string()
}

/// What a general parser reads: the elements below the root, each with all text within it. Line ends are made one before
/// it reads, as XML has it: it overlooks those behind a reference.
fn general(text: &str) -> Option<Params> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let document = roxmltree::Document::parse(&text).ok()?;
    let elements = document.root_element().children().filter(roxmltree::Node::is_element);
    let text_of = |node: roxmltree::Node<'_, '_>| -> String {
        node.descendants().filter(roxmltree::Node::is_text).filter_map(|text| text.text()).collect()
    };
    Some(elements.map(|node| (node.tag_name().name(), text_of(node))).collect())
}

/// Pieces of XML, right and wrong, from which documents are put together.
fn piece() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "<xml>",
        "</xml>",
        "<a>",
        "</a>",
        "<b>",
        "</b>",
        "<a/>",
        "<b />",
        "<a\n>",
        "</a >",
        "<c>x</c>",
        "<d>1</d>",
        "<e><![CDATA[&<]]></e>",
        "<![CDATA[",
        "]]>",
        "]]",
        "x",
        "中",
        "😀",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "&amp;",
        "&lt;",
        "&gt;",
        "&quot;",
        "&apos;",
        "&#13;",
        "&#x4E2D;",
        "&#0;",
        "&nbsp;",
        "&",
        ";",
        "<!--",
        "-->",
        "--",
        "<!-- note -->",
        "<?pi x?>",
        "<?pi?>",
        "?>",
        "<?xml version=\"1.0\"?>",
        "<?xml version='1.0' encoding='UTF-8'?>",
        "<!DOCTYPE xml>",
        "<",
        ">",
        "/",
        "=",
        "\"",
        "'",
        " b='1'",
        " xmlns='x'",
        "\u{FEFF}",
        "\u{1}",
        "\u{FFFF}",
        "-",
    ];
    prop_oneof![
        8 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(|character| character.to_string()),
    ]
}

fn document() -> impl Strategy<Value = String> {
    let pieces = || prop::collection::vec(piece(), 0..8).prop_map(|pieces| pieces.concat());
    let field = (prop::sample::select(&["a", "b", "名", "c-1."][..]), pieces())
        .prop_map(|(name, inside)| format!("<{name}>{inside}</{name}>"));
    let fields = prop::collection::vec(prop_oneof![6 => field, 1 => piece()], 0..5);
    let around = || prop_oneof![6 => Just(String::new()), 1 => piece()];
    (around(), fields, around()).prop_map(|(before, fields, after)| {
        format!("{before}<xml>{}</xml>{after}", fields.concat())
    })
}

/// A value that XML can carry.
fn value() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        any::<char>(),
        prop::sample::select(&[']', '>', '<', '&', '\r', '\n', '\t', ' ', '[', '!', 'C'][..]),
    ];
    prop::collection::vec(character, 0..12)
        .prop_map(|value| value.into_iter().filter(|c| xml::is_character(*c)).collect())
}

/// Parameters that XML can carry.
fn fields() -> impl Strategy<Value = Params> {
    let fields = prop::collection::btree_map("[A-Za-z_名][A-Za-z0-9._名-]{0,8}", value(), 0..8);
    fields.prop_map(|fields| fields.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// What is written is read back, by this reader and by a general one.
    #[test]
    fn what_is_written_is_read_back(params in fields()) {
        let written = write(&params).unwrap();
        prop_assert_eq!(decode(written.as_bytes()), Ok(params.clone()));
        prop_assert_eq!(general(&written), Some(params));
    }

    /// What is accepted is XML, and says the same to a general parser; what is refused as no XML is none to it either.
    #[test]
    fn what_is_accepted_is_read_alike(text in document()) {
        match decode(text.as_bytes()) {
            Ok(params) => {
                prop_assert_eq!(general(&text), Some(params.clone()));
                prop_assert_eq!(decode(write(&params).unwrap().as_bytes()), Ok(params));
            }
            Err(XmlError::Malformed { .. }) => prop_assert_eq!(general(&text), None),
            Err(_) => {}
        }
    }

    /// What was signed is accepted as it was written, in any order; and with anything changed it is not.
    #[test]
    fn what_is_signed_is_accepted_and_nothing_else(
        (params, shuffled) in fields().prop_flat_map(|params| {
            let pairs: Vec<_> = params.iter().map(|(n, v)| (n.to_vec(), v.to_vec())).collect();
            (Just(params), Just(pairs).prop_shuffle())
        }),
        is_hmac in any::<bool>(),
        (at, inserted) in (any::<prop::sample::Index>(), "[A-Za-z0-9]"),
    ) {
        let params: Params = params.iter().filter(|(name, _)| !name.starts_with(b"sign")).collect();
        let sign_type = if is_hmac { SignType::HmacSha256 } else { SignType::WechatMd5 };
        let (pipeline, mut scratch) = (Pipeline::new(WECHATPAY_V2), Scratch::new());
        let key = SigningKey::from(Secret::new("0123456789abcdefghijklmnopqrstuv").unwrap());
        let sign = pipeline.sign(&params, sign_type, &key, &mut scratch).unwrap();
        let key = key.verifying_key();
        let mut verify = |sent: Vec<(Vec<u8>, Vec<u8>)>| {
            let sent = write(&sent.into_iter().collect()).unwrap();
            pipeline.verify(sent.as_bytes(), sign_type, &key, &mut scratch).map(drop)
        };
        let mut sent = vec![(b"sign".to_vec(), sign.as_str().as_bytes().to_vec())];
        sent.extend(shuffled.into_iter().filter(|(name, _)| !name.starts_with(b"sign")));
        prop_assert_eq!(verify(sent.clone()), Ok(()));

        // One character more: in a value, in a name, or in the signature.
        let place = at.index(sent.len());
        let mut other_value = sent.clone();
        other_value[place].1.extend_from_slice(inserted.as_bytes());
        prop_assert!(verify(other_value).is_err());
        if !sent[place].1.is_empty() {
            let mut other_name = sent.clone();
            other_name[place].0.extend_from_slice(b"_");
            prop_assert!(verify(other_name).is_err());
            sent.remove(place);
            prop_assert!(verify(sent).is_err());
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = decode(&bytes);
        let _ = decode(&[b"<xml><a>", bytes.as_slice(), b"</a></xml>"].concat());
    }
}

#[test]
fn a_flaw_is_named_with_its_place() {
    let place = |message: &str| refused(message).replacen("no XML: ", "", 1);
    assert_eq!(place(""), "expected an element at line 1, column 1");
    assert_eq!(place("<xml>\n<!DOCTYPE a></xml>"), "XML with DTD detected at line 2, column 1");
    assert_eq!(
        place("<xml>\n <a>中&e;</a></xml>"),
        "unknown entity reference 'e' at line 2, column 6"
    );
    assert_eq!(
        place("<xml><a>x&lt;y&e;</a></xml>"),
        "unknown entity reference 'e' at line 1, column 15"
    );
    assert_eq!(place("<xml><a>1 & 2</a></xml>"), "malformed reference at line 1, column 11");
    assert_eq!(place("<xml><a>&1;</a></xml>"), "malformed reference at line 1, column 9");
    assert_eq!(place("<xml><a>&#xD800;</a></xml>"), "malformed reference at line 1, column 9");
    assert_eq!(place("<xml><a>&#+1;</a></xml>"), "malformed reference at line 1, column 9");
    assert_eq!(
        place("<xml><a>\u{1}</a></xml>"),
        "character '\\u{1}', which XML has not, at line 1, column 9"
    );
    assert_eq!(place("\u{1}"), "character '\\u{1}', which XML has not, at line 1, column 1");
    assert_eq!(place("<xml><a>]]></a></xml>"), "]]> in text at line 1, column 9");
    assert_eq!(place("<xml><a>中]]></a></xml>"), "]]> in text at line 1, column 10");
    assert_eq!(place("<xml$/>"), "expected the name of an element at line 1, column 1");
    assert_eq!(place("<xml "), "expected the end of a tag at line 1, column 1");
    assert_eq!(
        place("<xml><a><![CDATA[]]</a></xml>"),
        "expected the end of a section of CDATA at line 1, column 18"
    );
    assert_eq!(place("<xml><a></b></xml>"), "expected the end of the element at line 1, column 9");
    assert_eq!(place("<xml><a>"), "expected the end of the element at line 1, column 9");
    assert_eq!(place("<xml></xml>x"), "expected the end behind the root at line 1, column 12");
    assert_eq!(
        place("<xml><!-- -- --></xml>"),
        "expected > behind -- in a comment at line 1, column 13"
    );
    assert_eq!(place("<xml><!-- --->"), "expected > behind -- in a comment at line 1, column 13");
    assert_eq!(
        place("<xml><?XML ?></xml>"),
        "expected the declaration at the begin at line 1, column 6"
    );
    assert_eq!(
        place("<xml><?1?></xml>"),
        "expected the name of an instruction at line 1, column 6"
    );
    for begun in ["<!DOCTYPE", "<!DOCTYPE>", "<!doctype xml"] {
        assert_eq!(place(begun), "XML with DTD detected at line 1, column 1");
    }
    for (begun, what) in [
        ("", "the end of the element"),
        ("<!-- --", "the end of a comment"),
        ("<?pi ?", "the end of an instruction"),
        ("<?xml ?", "the end of an instruction"),
        ("<!ELEMENT a>", "an element"),
        ("<a b='>", "the end of a tag"),
    ] {
        let flaw = format!("expected {what} at line 1, column 6");
        assert_eq!(place(&format!("<xml>{begun}")), flaw);
    }
    let twice = xml::fields("a", "<a b='1' b='2'/>").unwrap_err().to_string();
    assert_eq!(twice, "no XML: an attribute that stands twice at line 1, column 10");
    let in_value = xml::fields("a", "<a b='1<'/>").unwrap_err().to_string();
    assert_eq!(in_value, "no XML: expected the end of an attribute at line 1, column 8");
    let reference = xml::fields("a", "<a b='x&e;'/>").unwrap_err().to_string();
    assert_eq!(reference, "no XML: unknown entity reference 'e' at line 1, column 8");
    assert_eq!(xml::fields("a", "<a b = '&amp;' c=\">\"\n/>"), Ok(vec![]));
    assert!(xml::fields("a", "<a b='1'c='2'/>").is_err() && xml::fields("a", "<a b/>").is_err());
}

#[test]
fn what_stands_beside_the_fields_is_refused_with_its_place() {
    let at = |offset: usize| format!("something else than a field with text at byte {offset}");
    assert_eq!(refused("<xml a='1'><b/></xml>"), at(0));
    assert_eq!(refused("<xml><b a='1'/></xml>"), at(5));
    assert_eq!(refused("<xml><a:b/></xml>"), at(5));
    assert_eq!(refused("<xml><b/>x</xml>"), at(9));
    assert_eq!(refused("<xml><b/>&#97;</xml>"), at(9));
    let remark = xml::fields("xml", "<xml><b/><!-- --></xml>").unwrap_err().to_string();
    assert_eq!(remark, at(9));
    assert_eq!(refused("<xml><b>1<!-- -->2</b></xml>"), at(5));
    assert_eq!(refused("<xml><b>1<?pi?>2</b></xml>"), at(5));
    assert_eq!(refused("<xml><b><c/></b></xml>"), at(5));
    assert_eq!(
        refused("<xml/><![CDATA[ ]]>"),
        "no XML: expected the end behind the root at line 1, column 7"
    );
    assert_eq!(decode(b"<xml> &#32;<![CDATA[ ]]></xml>\n"), Ok(Params::new()));
    assert_eq!(refused("<root/>"), "the root is \"root\": expected \"xml\"");
    assert_eq!(refused("<xml><b/><b/></xml>"), "element \"b\" stands twice");
    let long = format!("<{}/>", "a".repeat(1 << 19));
    assert!(refused(&long).len() < 200);
}

#[test]
fn another_encoding_is_refused() {
    let declared = |declaration: &str| decode(format!("{declaration}<xml/>").as_bytes());
    assert_eq!(declared("<?xml version='1.0' encoding='utf-8'?>"), Ok(Params::new()));
    assert_eq!(declared("<?xml version='1.0' standalone='no'?>"), Ok(Params::new()));
    assert_eq!(
        declared("<?xml\tversion = '1.0'\nencoding = \"GBK\" ?>"),
        Err(XmlError::Encoding { offset: 22 })
    );
    assert!(declared("<?xml version=\"1.0' encoding='utf-8' \" encoding='GBK'?>").is_err());
    assert!(declared("<?xml version='2.0'?>").is_err());
    assert!(declared("<?xml version='1.0' standalone='<'?>").is_err());
    assert!(declared("<?xml version='1.0' standalone='maybe'?>").is_err());
    assert!(declared("<?xml encoding='utf-8'?>").is_err());
    assert!(declared("<?xml version='1.0'encoding='utf-8'?>").is_err());
    assert!(declared("<?xml version='1.0'standalone='no'?>").is_err());
    assert!(declared("<?xml version='1.0' encoding='utf-8'standalone='no'?>").is_err());
    assert!(declared("<?xml version='1.0' encoding='utf-8' encoding='GBK'?>").is_err());
    assert!(declared(" <?xml version='1.0'?>").is_err());
    assert_eq!(decode(b"<xml>\xFF</xml>"), Err(XmlError::Charset { offset: 5 }));
    // Text has an encoding no more.
    assert_eq!(xml::fields("xml", "<?xml version='1.0' encoding='GBK'?><xml/>"), Ok(vec![]));
}

/// Messages are read before they are verified, so that anybody can send these.
#[test]
fn whatever_the_size_the_answer_comes_soon() {
    let mebibyte = |unit: &str| unit.repeat((1 << 20) / unit.len() - 8);
    let numbered = |before: &str, after: &str| -> String {
        (0..60_000).map(|n| format!("{before}{n}{after}")).collect()
    };
    let nested = format!("<xml>{}{}</xml>", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let messages = [
        nested,
        "<xml>".repeat(100_000),
        format!("<xml><a>{}</a></xml>", mebibyte("<a>")),
        format!("<xml{}/>", numbered(" a", "=''")),
        format!("<?xml version='1.0'{}?><xml/>", numbered(" a", "=''")),
        format!("<xml{}/>", numbered(" xmlns:a", "='b'")),
        format!("<xml>{}</xml>", numbered("<n", "/>")),
        format!("<xml>{}</xml>", mebibyte("<a/>")),
        format!("<xml>{}</xml>", mebibyte("<!---->")),
        format!("<xml><a>{}</a></xml>", mebibyte("<![CDATA[]]>")),
        format!("<xml><a>{}</a></xml>", mebibyte("&#97;")),
        format!("<xml><a>{}</a></xml>", mebibyte("&")),
        format!("<xml><a>{}</a></xml>", mebibyte("\r")),
        format!("<xml><a>{}", mebibyte("<![CDATA[")),
        format!("<xml><a>{}", mebibyte("]]")),
        format!("<!--{}", mebibyte("-")),
        format!("<?{}", mebibyte("?")),
        format!("<{}", mebibyte("a")),
        format!("<xml {}", mebibyte(" ")),
        mebibyte("\n"),
        mebibyte("<"),
        format!("<!DOCTYPE xml [{}", mebibyte("<!ENTITY a \"&a;\">")),
    ];
    let start = Instant::now();
    for message in &messages {
        let _ = decode(message.as_bytes());
        let _ = xml::fields("xml", message);
    }
    // Milliseconds each; a general parser takes 20 seconds for the attributes alone.
    let took = start.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert_eq!(refused(&messages[0]), "something else than a field with text at byte 5");
}

#[test]
fn a_message_is_bounded() {
    let body = vec![b'x'; 50 << 20];
    let start = Instant::now();
    let too_long = XmlError::TooLong { bytes: 50 << 20, limit: 1 << 20 };
    assert_eq!(decode(&body), Err(too_long));
    assert!(start.elapsed() < Duration::from_secs(1));

    let exactly = |length: usize| format!("<xml><a>{}</a></xml>", "x".repeat(length - 18));
    assert!(decode(exactly(1 << 20).as_bytes()).is_ok());
    assert!(decode(exactly((1 << 20) + 1).as_bytes()).is_err());

    let many = |count: usize| -> String {
        let fields: String = (0..count).map(|n| format!("<n{n}/>")).collect();
        format!("<xml>{fields}</xml>")
    };
    assert_eq!(decode(many(MAX_FIELDS).as_bytes()).map(|params| params.len()), Ok(MAX_FIELDS));
    assert_eq!(decode(many(MAX_FIELDS + 1).as_bytes()), Err(XmlError::TooMany));
}

#[test]
fn what_xml_cannot_carry_is_not_written() {
    let written = |name: &str, value: &str| write(&Params::from_iter([(name, value)]));
    for name in ["", "0", "a b", "a:b", "a>", "<a", "-a", "a\0"] {
        assert_eq!(written(name, ""), Err(WriteError::Name { name: name.into() }));
    }
    for character in ['\0', '\u{1}', '\u{8}', '\u{B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
        let error = WriteError::Character { name: "a".into(), character };
        assert_eq!(written("a", &character.to_string()), Err(error));
    }
    let mut params = Params::new();
    params.push(b"a", b"\xFF");
    assert_eq!(write(&params), Err(WriteError::Charset { name: "a".into() }));
}
