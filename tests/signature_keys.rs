//! Keys as people have them, and what they are told when a key is not the one that is needed.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use alipay_conformance::signature::{
    KeyError, KeyHalf, PrivateKey, PublicKey, Secret, SignType, SigningKey, VerifyingKey, sign,
    verify,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

const NEED_PRIVATE: KeyHalf = KeyHalf::Private;
const NEED_PUBLIC: KeyHalf = KeyHalf::Public;

fn key_file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys").join(name)).unwrap()
}

/// The base64 of a PEM file, without its line breaks.
fn base64(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

fn der(pem: &str) -> Vec<u8> {
    STANDARD.decode(base64(pem)).unwrap()
}

/// Every form in which one key may come.
fn forms(pem: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bare = base64(pem);
    let broken_lines: String = pem
        .lines()
        .filter(|l| !l.starts_with('-'))
        .fold(String::new(), |text, line| text + line + "\n");
    let label_lost = pem.replace("RSA ", "").replace("PRIVATE", "X PRIVATE");
    vec![
        ("PEM", pem.into()),
        ("PEM, CRLF", pem.replace('\n', "\r\n").into()),
        ("PEM, CR", pem.replace('\n', "\r").into()),
        ("PEM, BOM", format!("\u{feff}{pem}").into()),
        ("PEM, BOM and CRLF", format!("\u{feff}{}", pem.replace('\n', "\r\n")).into()),
        ("PEM, no newline at the end", pem.trim_end().into()),
        ("PEM, blank lines about", format!("\n \t\n{pem}\n\n").into()),
        ("PEM, indented", pem.replace('\n', "\n    ").into()),
        ("PEM, text about", format!("Bag Attributes\n  name: x\n{pem}and more\n").into()),
        ("PEM, one line", pem.replace('\n', " ").into()),
        ("PEM, another label", label_lost.into()),
        ("PEM, a second block", format!("{pem}{}", key_file("rsa-2048.spki.pem")).into()),
        ("base64", bare.clone().into()),
        ("base64, lines", broken_lines.clone().into()),
        ("base64, CRLF", broken_lines.replace('\n', "\r\n").into()),
        ("base64, BOM", format!("\u{feff}{bare}\n").into()),
        ("base64, blanks about", format!(" \t{bare}\r\n\x0b ").into()),
        ("DER", der(pem)),
    ]
}

#[test]
fn every_form_of_every_key() {
    let message = b"partner=1000000000000000";
    for bits in [1024, 2048] {
        let private = key_file(&format!("rsa-{bits}.pkcs8.pem"));
        let key = SigningKey::from(PrivateKey::parse(private).unwrap());
        let signature = sign(SignType::Rsa2, &key, message).unwrap();
        for encoding in ["pkcs8", "pkcs1"] {
            for (form, text) in forms(&key_file(&format!("rsa-{bits}.{encoding}.pem"))) {
                let key =
                    PrivateKey::parse(&text).unwrap_or_else(|e| panic!("{encoding} {form}: {e}"));
                assert_eq!(key.bits(), bits);
                let same = sign(SignType::Rsa2, &key.into(), message).unwrap();
                assert_eq!(same, signature, "{encoding} {form}");
                let error = PublicKey::parse(&text).unwrap_err();
                assert_eq!(error, KeyError::WrongHalf { needed: NEED_PUBLIC }, "{encoding} {form}");
            }
        }
        for encoding in ["spki", "public.pkcs1"] {
            for (form, text) in forms(&key_file(&format!("rsa-{bits}.{encoding}.pem"))) {
                let key =
                    PublicKey::parse(&text).unwrap_or_else(|e| panic!("{encoding} {form}: {e}"));
                assert_eq!(key.bits(), bits);
                let key = VerifyingKey::from(key);
                let verdict = verify(SignType::Rsa2, &key, message, signature.as_str().as_bytes());
                assert_eq!(verdict, Ok(()), "{encoding} {form}");
                let error = PrivateKey::parse(&text).unwrap_err();
                assert_eq!(
                    error,
                    KeyError::WrongHalf { needed: NEED_PRIVATE },
                    "{encoding} {form}"
                );
            }
        }
    }
}

/// What is said of a key where a private one is needed, and where a public one is.
#[track_caller]
fn refused(text: impl AsRef<[u8]>, as_private: &str, as_public: &str) {
    assert_eq!(PrivateKey::parse(&text).unwrap_err().to_string(), as_private);
    assert_eq!(PublicKey::parse(&text).unwrap_err().to_string(), as_public);
}

#[test]
fn a_public_key_is_written_as_it_was_read() {
    for bits in [1024, 2048] {
        let pem = key_file(&format!("rsa-{bits}.spki.pem"));
        assert_eq!(PublicKey::parse(&pem).unwrap().to_pem(), pem);
    }
}

#[test]
fn nothing_there() {
    let empty = "the key is empty";
    for text in ["", " \r\n\t", "\u{feff}", "\u{feff}\n"] {
        refused(text, empty, empty);
    }
    refused("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", empty, empty);
}

#[test]
fn the_other_half() {
    let private = "this is a private key where a public one is needed";
    assert_eq!(PublicKey::parse(key_file("rsa-1024.pkcs8.pem")).unwrap_err().to_string(), private);
    let public = "this is a public key where a private one is needed";
    assert_eq!(PrivateKey::parse(key_file("rsa-1024.spki.pem")).unwrap_err().to_string(), public);
}

#[test]
fn a_certificate() {
    let pem = key_file("wrong/certificate.pem");
    let other_label = pem.replace("CERTIFICATE", "PUBLIC KEY");
    for text in [pem.clone().into(), base64(&pem).into(), der(&pem), other_label.into()] {
        refused(
            text,
            "this is a certificate (X.509) where a private key is needed",
            "this is a certificate (X.509) where a public key is needed",
        );
    }
}

#[test]
fn an_encrypted_key() {
    let pkcs8 = key_file("wrong/encrypted-pkcs8.pem");
    let pkcs1 = key_file("wrong/encrypted-pkcs1.pem");
    for text in [pkcs8.clone(), base64(&pkcs8), pkcs1.replace('\n', "\r\n"), pkcs1] {
        refused(
            text,
            "this private key is encrypted: an unencrypted one is needed",
            "this is a private key where a public one is needed",
        );
    }
}

#[test]
fn another_algorithm() {
    let cases = [
        ("dsa-traditional", "this is a DSA key where an RSA one is needed"),
        ("dsa-pkcs8", "this is a DSA key where an RSA one is needed"),
        ("dsa-spki", "this is a DSA key where an RSA one is needed"),
        ("ec-sec1", "this is an EC key where an RSA one is needed"),
        ("ec-pkcs8", "this is an EC key where an RSA one is needed"),
        ("ec-spki", "this is an EC key where an RSA one is needed"),
        ("ed25519-pkcs8", "this is an Ed25519 key where an RSA one is needed"),
    ];
    for (name, message) in cases {
        let pem = key_file(&format!("wrong/{name}.pem"));
        refused(&pem, message, message);
        if name != "ec-sec1" {
            refused(base64(&pem), message, message);
        }
    }
    // Without its PEM label, and without the parameters that stand in front.
    let pem = key_file("wrong/ec-sec1.pem");
    let message = "this is an EC key where an RSA one is needed";
    refused(base64(&pem[pem.find("-----BEGIN EC PRIVATE").unwrap()..]), message, message);

    let other = der(&key_file("rsa-1024.spki.pem"));
    // The last byte of the object identifier: 1.2.840.113549.1.1.10 is RSA-PSS, .99 is nothing.
    for (last, message) in [
        (10, "this is an RSA-PSS key where an RSA one is needed"),
        (99, "this is another kind of key where an RSA one is needed"),
    ] {
        let mut other = other.clone();
        other[15] = last;
        refused(other, message, message);
    }
}

#[test]
fn an_openssh_key() {
    let message =
        "this is an OpenSSH key: PEM or base64 of PKCS#1, PKCS#8 or SubjectPublicKeyInfo is needed";
    refused(key_file("wrong/openssh"), message, message);
    refused(key_file("wrong/openssh.pub"), message, message);
}

#[test]
fn broken_base64() {
    let pem = key_file("rsa-1024.pkcs8.pem");
    let damage = |text: &str, at: usize, with: &str| {
        let mut text = text.to_owned();
        text.replace_range(at..=at, with);
        text
    };
    let check = |text: String, offset: usize| {
        let message = format!("base64 broken at byte {offset}");
        refused(text, &message, &message);
    };
    check(damage(&pem, 812, "*"), 812);
    check(damage(&pem, 28, "-"), 28);
    check(damage(&pem, 300, "密"), 300);
    check(format!("\u{feff}{}", damage(&pem, 812, "*")), 815);
    let crlf = pem.replace('\n', "\r\n");
    check(damage(&crlf, 812, "*"), 812);
    check(format!("# mine\n{}", damage(&pem, 812, "*")), 819);
    // Line breaks written out, as in JSON.
    check(pem.trim_end().replace('\n', "\\n"), 27);

    let bare = base64(&pem);
    check(damage(&bare, 400, "_"), 400);
    check(format!("{bare}="), bare.find('=').unwrap());
    check(format!("\n{}\n", &bare[..bare.len() - 1]), bare.len());
    check(bare[..101].to_owned(), 101);
    // The tag of a sequence is the digit 0; only text follows it here.
    check("0123 not a key".into(), 14);
    check("not a key".to_owned(), 9);
    check("-----END PRIVATE KEY-----".to_owned(), 0);
}

#[test]
fn an_unclosed_pem_block() {
    let pem = key_file("rsa-1024.pkcs8.pem");
    let at_0 = "the PEM block that begins at byte 0 has no END line to match";
    refused(&pem[..812], at_0, at_0);
    refused(&pem[..20], at_0, at_0);
    refused("-----BEGIN ", at_0, at_0);
    refused(pem.replace("END PRIVATE", "END PUBLIC"), at_0, at_0);
    let at_8 = "the PEM block that begins at byte 8 has no END line to match";
    refused(format!("\u{feff}text\n{}", &pem[..812]), at_8, at_8);
}

#[test]
fn broken_der() {
    let message = "the DER of this key is broken";
    let whole = der(&key_file("rsa-1024.pkcs8.pem"));
    refused(&whole[..300], message, message);
    refused(STANDARD.encode(&whole[..300]), message, message);
    refused([whole.as_slice(), b"\0"].concat(), message, message);
    refused("MDEyMw==", message, message);

    // The tag of the modulus: 26 bytes of PKCS#8 before PKCS#1, whose header and version take 7.
    let mut tag = whole.clone();
    assert_eq!(tag[33], 2);
    tag[33] = 5;
    assert_eq!(PrivateKey::parse(tag).unwrap_err(), KeyError::Der);
}

#[test]
fn der_that_is_no_key() {
    let message = "no key in this DER: PKCS#1, PKCS#8 or SubjectPublicKeyInfo is needed";
    for text in ["MAA=", "MAMCAQA=", "MAkCAQACAQACAQA="] {
        refused(text, message, message);
    }
}

#[test]
fn too_short_or_too_long() {
    let error = PrivateKey::parse(key_file("wrong/rsa-511.pkcs1.pem")).unwrap_err();
    assert_eq!(error.to_string(), "an RSA key of 511 bits is too short: 512 to 8192 are accepted");
    assert_eq!(PrivateKey::parse(key_file("wrong/rsa-512.pkcs8.pem")).unwrap().bits(), 512);

    let long = key_file("wrong/rsa-8193.public.pkcs1.pem");
    let error = PublicKey::parse(&long).unwrap_err();
    assert_eq!(error.to_string(), "an RSA key of 8193 bits is too long: 512 to 8192 are accepted");
    // One bit less: the byte that holds bit 8193 becomes 0, the next one gets a bit that makes it 8192.
    let mut shorter = der(&long);
    assert_eq!(shorter[8], 1);
    (shorter[8], shorter[9]) = (0, shorter[9] | 0x80);
    assert_eq!(PublicKey::parse(shorter).unwrap().bits(), 8192);

    let zero = [0x30, 6, 2, 1, 0, 2, 1, 3];
    let error = PublicKey::parse(zero).unwrap_err();
    assert_eq!(error, KeyError::TooShort { bits: 0 });
}

#[test]
fn numbers_that_do_not_fit() {
    let message = "the numbers in this RSA key do not fit together";
    let error = PrivateKey::parse(key_file("wrong/modulus-not-product.pkcs1.pem")).unwrap_err();
    assert_eq!(error.to_string(), message);
    let error = PublicKey::parse(key_file("wrong/even-modulus.public.pkcs1.pem")).unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn secrets() {
    assert_eq!(Secret::new("").unwrap_err(), KeyError::Empty);
    assert_eq!(Secret::new(" k\n").unwrap().expose(), b" k\n");

    for text in ["key", "key\n", "key\r\n"] {
        assert_eq!(Secret::from_file_text(text.as_bytes()).unwrap().expose(), b"key");
    }
    assert_eq!(Secret::from_file_text(b"two words\n").unwrap().expose(), b"two words");
    assert_eq!(Secret::from_file_text(b"\xc3\xdc").unwrap().expose(), b"\xc3\xdc");

    let check = |text: &[u8], message: &str| {
        assert_eq!(Secret::from_file_text(text).unwrap_err().to_string(), message);
    };
    for text in ["", "\n", "\r\n", " ", "\n\n"] {
        check(text.as_bytes(), "the key is empty");
    }
    let mark = "the file of the MD5 key begins with a byte order mark: save it without one";
    check("\u{feff}key".as_bytes(), mark);
    check(b"\xff\xfek\0e\0y\0", mark);
    let whitespace = |offset| {
        format!("the file of the MD5 key has whitespace at byte {offset}, before or behind the key")
    };
    check(b" key", &whitespace(0));
    check(b"\nkey\n", &whitespace(0));
    check(b"key ", &whitespace(3));
    check(b"key\t\n", &whitespace(3));
    check(b"key\n\n", &whitespace(3));
    check(b"key\r\r\n", &whitespace(3));
    check(b"key\r", &whitespace(3));
}

#[test]
fn debug_output_is_redacted() {
    let secret = Secret::new("0123456789abcdefghijklmnopqrstuv").unwrap();
    assert_eq!(format!("{secret:?}"), "Secret(redacted)");
    let private = PrivateKey::parse(key_file("rsa-1024.pkcs8.pem")).unwrap();
    assert_eq!(format!("{private:?}"), "PrivateKey { bits: 1024, .. }");
    assert_eq!(format!("{:?}", private.public_key()), "PublicKey { bits: 1024, .. }");
    assert_eq!(format!("{:?}", SigningKey::from(secret.clone())), "Secret(Secret(redacted))");
    assert_eq!(format!("{:?}", VerifyingKey::from(secret)), "Secret(Secret(redacted))");
    assert_eq!(format!("{:?}", SigningKey::from(private)), "Rsa(PrivateKey { bits: 1024, .. })");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = PrivateKey::parse(&bytes);
        let _ = PublicKey::parse(&bytes);
        let _ = Secret::from_file_text(&bytes);
    }

    /// DER that is nearly a key: a byte changed, or the end cut off. What is still a key can be used.
    #[test]
    fn damaged_keys_never_panic(
        name in prop::sample::select(vec![
            "rsa-1024.pkcs8.pem", "rsa-1024.pkcs1.pem", "rsa-1024.spki.pem",
            "rsa-1024.public.pkcs1.pem", "wrong/certificate.pem", "wrong/ec-pkcs8.pem",
            "wrong/unbalanced.pkcs1.pem",
        ]),
        at in any::<prop::sample::Index>(),
        flip: u8,
        cut in any::<bool>(),
    ) {
        let mut bytes = der(&key_file(name));
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if cut {
            bytes.truncate(at);
        }
        for text in [STANDARD.encode(&bytes).into_bytes(), bytes] {
            if let Ok(key) = PrivateKey::parse(&text) {
                let _ = sign(SignType::Rsa, &key.into(), b"");
            }
            if let Ok(key) = PublicKey::parse(&text) {
                let signature = STANDARD.encode([1; 128]);
                prop_assert!(verify(SignType::Rsa, &key.into(), b"", signature.as_bytes()).is_err());
            }
        }
    }

    /// Whatever is wrong with the text of a PEM file, the offset lies within it.
    #[test]
    fn offsets_lie_within_the_input(
        at in any::<prop::sample::Index>(),
        byte: u8,
        mark in any::<bool>(),
    ) {
        let mut text = key_file("rsa-1024.pkcs8.pem").into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        if mark {
            text.splice(0..0, *b"\xEF\xBB\xBF");
        }
        if let Err(KeyError::Base64 { offset } | KeyError::PemEnd { offset }) = PrivateKey::parse(&text) {
            prop_assert!(offset <= text.len());
        }
    }
}
