//! Signing and verifying, against signatures that other programs made.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use alipay_conformance::signature::{
    Backend, BadEncoding, HexForm, PrivateKey, PublicKey, Secret, SignError, SignType, SigningKey,
    UnsupportedSignType, VerifyError, VerifyingKey, recover, sign, sign_with, verify, verify_with,
};
use proptest::prelude::*;

const SECRET: &str = "0123456789abcdefghijklmnopqrstuv";
const ASCII: &[u8] = b"partner=1000000000000000";
/// `body=电脑 0.01 元&partner=1000000000000000&subject=￥` in GBK.
const GBK: &[u8] = b"body=\xb5\xe7\xc4\xd4 0.01 \xd4\xaa&partner=1000000000000000&subject=\xa3\xa4";

// By Python: hashlib.md5(message + key).hexdigest()
const MD5_ASCII: &str = "39ec6a12c46753582e24de28d9a9e3ab";
const MD5_GBK: &str = "75b369348b095690be9dc34fb4195cdd";

/// Key bits, sign type, message, signature by
/// `openssl dgst -sha1|-sha256 -sign rsa-<bits>.pkcs8.pem < message | base64 -w0`.
const RSA: &[(usize, SignType, &[u8], &str)] = &[
    (
        1024,
        SignType::Rsa,
        ASCII,
        "SdtMFA9WTKQx+t+1m5osf7thW4IPU49ksY/mNkzac74gYnq3VLBpQgVY+J8TXON9rG8S20lj6ZA5YvMhcb4rKEdL\
         ArwPcbFiZbsCfpsdv4OMqdzEo7a5P18hUzRdXM4nYaF6cSC2JvwHmRxQwX2w/k8Ux6L2In/P+kyQCbdRQvQ=",
    ),
    (
        1024,
        SignType::Rsa2,
        ASCII,
        "Qdu7yHCkLQdieU6SU39QPDLXT1vOL/eu579CAtuu8OaqKHfjqbGoMuDbsDQSS4xRy8bTjDVCdNmKzW/3Irs0Yzgq\
         SaOjdxGpyM92CjdFU1SnGBw+vv3OOIE81OFfh/gNnr1EqslUTuIJQa51b6r6ps/guBhYKArYSIZnlIk0AA8=",
    ),
    (
        1024,
        SignType::Rsa,
        GBK,
        "FqEOgg0KC03EN60Ob+9ySaxqazkUm4lbcCcBWDPx9ArjF7ySzaOhR8b30J4qalt60GsGthXRafF3IlCjuC57D1Cb\
         NBo1OCIN/7fOCkPedEivYjliF3SdaYoPR9nbFbJd+PyAXnXlpL3Ax0TBkv74QHL3VI8gb7HkeLyKEBO8Vw0=",
    ),
    (
        1024,
        SignType::Rsa2,
        GBK,
        "WwXhMaMAHxvjO/J8Ke1LLBC5ouBd0+2lliOpDjK7Q9RK5zpAZzHF2ti5aNgtc5hm9HU3HJbuuZDS4OGgzM+jVQ7S\
         +HAsW2UD6BG2mylg7vwonWPCbpZU7gU5TTyesQnf3xJw0g8cOtsJgsWuXSi1ae2jH/0yP/yemAZUGfY4Plg=",
    ),
    (
        2048,
        SignType::Rsa,
        ASCII,
        "kQXpHneYPoX8Za4vUs9YZkQ9LM6e7oQ6EbzqTmD6RGAsYAHuSxfPXPf0GA1mVcBI9P0IENc9VbnrW+F3Is0rpCzO\
         iqxMK3e+EmvIWnuW4SopY234Snpaz53Fn41x4l5snuxIWnYJgdLpbSV7ZFG/R949YOnehDoF+tfKNtNlXH8gUzdC\
         YKLM50L9YNSGJ3SovzA947YBp2GPtHZj2Ytt60tlXMIWSLZZU2rI/9BymqQ6qgPXUg1cmVE7yll3aJWfU/2bOtQV\
         P7A3/iHw+/ZagNFgQIjdLYWfLzE5FmpOpqKhZ4omVNtzQyt0oLIZecC8MEvd0KOdFjqCLLxDmHOcZw==",
    ),
    (
        2048,
        SignType::Rsa2,
        ASCII,
        "SxDhoG4wWV49F7JBY8dZyIyUjRF14fbT0PWVcM7Q98GPTHZpPEoTUzu/mFjAy5p+ZcTHRtz/AumVPNq1ccAPJP04\
         xd5ve/DXx1DYKIugeu4ZD7SQQrX1IokJ02HDvl82YI1nJMFJTOwN++py8PcMpL31yP1bdLC7a9+DHAIt0fc0Veom\
         PFEnBnpIYw5JmdxcJ94CJEHJuQQco+3M5+Jhvxhbli0Th9ycbAFZQtcPffzX39qUbJF4KaxdJ1LQ1sUvhkGpP7Xe\
         Kh0RClTuPFbvEeg74QlqAgzGDAzmTYC6aFvPeE1fBnynG26wueBzdKAlUtvaV6yUk+axx7NlgwrVEQ==",
    ),
    (
        2048,
        SignType::Rsa,
        GBK,
        "kf4TZZuRzQG0jyL4EOJKyGqct0Tw+YFY0VRr4yVEbWCXsHSmz95N4BUl68MXfdqKooVa4RO8RmS2bumZVJEMFE9f\
         MvYGUQodVfg1mTPOP4ghvPClBmJ57fXRSXYNmcQ1Pa2UvRWtaPvr8DN6GpPQQvvHi46l3tBQ9i8yrU/TVbK02kUA\
         qcQKQexf3bm0F1kicOJe26pGV4OwUdDnsypM34LzAbayO9kifvqkCCqdu5LMNz40xAl7GUT1cN4gfw0LOzUE2V+R\
         zXqXVNBoe0C4o2gpI7k+cHZ85f5Xryl6XiY2SghRzBsKCQQ+vRhrDs+rbG564lQ20uJb9vPiYY1BTg==",
    ),
    (
        2048,
        SignType::Rsa2,
        GBK,
        "tPsO4agk2Q10FEF4YUmv06pgnMw7F5bX/UEIE9tWCljHp3Sw5jVAwscwHV842AVf1qPsfcs7ZGdRwEBGDldcwje9\
         gOXV/kTCevmL4Ev14e4RynIRtDfjjjijPw0WsMwaK06Aza36w1AKDPVwmWftb9xxhzAKQXvakkMjhFmFfXu6CMKU\
         t3fwUZqxGGJiKod1QIytZeQWNTNzwuIL3z7DQ7Rl2cJngq7QXm9Fsgu/MPj6PQiyJs5wPOZFLFnhNxzWLBCxwJIU\
         NgAPzCuRnFWWf/psFq61MRPqVpi3C9HTYTLJk6N6z4JeL8tdD7yB1KGU5tyWWs5ebMRChoDh8GZYjA==",
    ),
];

fn key_file(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys").join(name)).unwrap()
}

fn private(bits: usize) -> SigningKey {
    PrivateKey::parse(key_file(&format!("rsa-{bits}.pkcs8.pem"))).unwrap().into()
}

fn public(bits: usize) -> VerifyingKey {
    PublicKey::parse(key_file(&format!("rsa-{bits}.spki.pem"))).unwrap().into()
}

fn secret() -> SigningKey {
    Secret::new(SECRET).unwrap().into()
}

/// Signs by every way there is; all that can do it must agree.
#[track_caller]
fn sign_all(sign_type: SignType, key: &SigningKey, message: &[u8]) -> String {
    let signature = sign(sign_type, key, message).unwrap();
    assert_eq!(sign_with(Backend::Pure, sign_type, key, message).is_some(), is_rsa(sign_type));
    for backend in Backend::ALL {
        if let Some(other) = sign_with(*backend, sign_type, key, message) {
            assert_eq!(other, signature, "{backend:?}");
        }
    }
    signature.to_string()
}

/// The sign types for which there are backends.
fn is_rsa(sign_type: SignType) -> bool {
    sign_type != SignType::Md5
}

/// Verifies by every way there is; all that can do it must agree.
#[track_caller]
fn verify_all(
    sign_type: SignType,
    key: &VerifyingKey,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    let verdict = verify(sign_type, key, message, signature);
    let pure = verify_with(Backend::Pure, sign_type, key, message, signature);
    assert_eq!(pure.is_some(), is_rsa(sign_type));
    for backend in Backend::ALL {
        if let Some(other) = verify_with(*backend, sign_type, key, message, signature) {
            assert_eq!(other, verdict, "{backend:?}");
        }
    }
    verdict
}

#[test]
fn the_text_of_a_signature() {
    let signature = sign(SignType::Md5, &secret(), ASCII).unwrap();
    assert_eq!(signature.as_ref(), MD5_ASCII);
    assert_eq!(format!("{signature:?}"), format!("Signature({MD5_ASCII:?})"));
}

#[test]
fn md5_equals_hashlib() {
    for (message, expected) in [(ASCII, MD5_ASCII), (GBK, MD5_GBK)] {
        assert_eq!(sign_all(SignType::Md5, &secret(), message), expected);
        let key = secret().verifying_key();
        assert_eq!(verify_all(SignType::Md5, &key, message, expected.as_bytes()), Ok(()));
    }
}

#[test]
fn md5_key_of_any_bytes() {
    // `subject=测试` and the key `密钥`, both in GBK. By Python, as above.
    let key = Secret::new(*b"\xc3\xdc\xd4\xbf").unwrap().into();
    let signature = sign_all(SignType::Md5, &key, b"subject=\xb2\xe2\xca\xd4");
    assert_eq!(signature, "fd0262ba2f89c774ce20f5674521affe");
    // By Python: hashlib.md5(b"key").hexdigest()
    let key = Secret::new("key").unwrap().into();
    assert_eq!(sign_all(SignType::Md5, &key, b""), "3c6e0b8a9c15224a8228b9a98ca1531d");
}

#[test]
fn rsa_equals_openssl() {
    for (bits, sign_type, message, expected) in RSA {
        assert_eq!(sign_all(*sign_type, &private(*bits), message), *expected);
        let verdict = verify_all(*sign_type, &public(*bits), message, expected.as_bytes());
        assert_eq!(verdict, Ok(()), "{bits} {sign_type}");
        let derived = private(*bits).verifying_key();
        assert_eq!(verify_all(*sign_type, &derived, message, expected.as_bytes()), Ok(()));
    }
}

#[test]
fn a_signature_opens_under_its_own_key_alone() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    let key = |bits| PublicKey::parse(key_file(&format!("rsa-{bits}.spki.pem"))).unwrap();
    for (bits, sign_type, message, signature) in RSA {
        let recovered = recover(&key(*bits), signature.as_bytes()).unwrap();
        assert_eq!(recovered.sign_type, *sign_type);
        assert!(recovered.is_of(message), "{bits} {sign_type}");
        assert!(!recovered.is_of(b"another message"), "{bits} {sign_type}");

        let other = if *bits == 1024 { 2048 } else { 1024 };
        assert_eq!(recover(&key(other), signature.as_bytes()), None);
        assert_eq!(recover(&key(*bits), &signature.as_bytes()[1..]), None);
        // The same number, a byte longer.
        let longer = [&b"\0"[..], &STANDARD.decode(signature).unwrap()].concat();
        assert_eq!(recover(&key(*bits), STANDARD.encode(longer).as_bytes()), None);
    }
}

#[test]
fn rsa_mismatches() {
    use SignType::{Rsa, Rsa2};
    let (_, _, message, signature) = RSA[0];
    let signature = signature.as_bytes();
    let mismatch = Err(VerifyError::Mismatch);
    assert_eq!(verify_all(Rsa, &public(1024), GBK, signature), mismatch, "another message");
    assert_eq!(verify_all(Rsa2, &public(1024), message, signature), mismatch, "another digest");
    assert_eq!(verify_all(Rsa, &public(2048), message, signature), mismatch, "another length");
    assert_eq!(verify_all(Rsa, &public(1024), message, b""), mismatch, "no bytes");
    assert_eq!(verify_all(Rsa, &public(1024), message, b"AAAA"), mismatch, "three bytes");
    let zero = format!("{}=", "A".repeat(171));
    assert_eq!(verify_all(Rsa, &public(1024), message, zero.as_bytes()), mismatch, "zero");
    let above_modulus = format!("{}8=", "/".repeat(170));
    assert_eq!(verify_all(Rsa, &public(1024), message, above_modulus.as_bytes()), mismatch);
}

/// 1024 bytes, which the longest key makes, are 1368 characters.
#[test]
fn rsa_signature_longer_than_any_key() {
    for length in [1364, 1368, 1372, 100_000] {
        let text = vec![b'A'; length];
        let verdict = verify_all(SignType::Rsa2, &public(2048), ASCII, &text);
        assert_eq!(verdict, Err(VerifyError::Mismatch), "{length}");
        let mut text = text;
        text[length - 3] = b'\n';
        let verdict = verify_all(SignType::Rsa2, &public(2048), ASCII, &text);
        assert_eq!(verdict, Err(BadEncoding::Base64 { offset: length - 3, length }.into()));
    }
}

#[test]
fn rsa_text_form_is_strict() {
    let (bits, sign_type, message, signature) = RSA[0];
    let key = public(bits);
    let check = |text: &str, offset: usize| {
        let verdict = verify_all(sign_type, &key, message, text.as_bytes());
        assert_eq!(verdict, Err(BadEncoding::Base64 { offset, length: text.len() }.into()));
    };
    check(&format!("{}\n{}", &signature[..76], &signature[76..]), 76);
    check(&format!("{signature}\n"), 172);
    check(&format!(" {signature}"), 0);
    check(&signature.replacen('+', " ", 1), signature.find('+').unwrap());
    check(&signature.replacen('+', "-", 1), signature.find('+').unwrap());
    check(signature.trim_end_matches('='), 171);
    check(&format!("{signature}="), 171);
    check(&signature.replacen("vQ=", "vR=", 1), 170);
    check(&signature[..101], 101);
    check("=", 0);
    check("签", 0);
}

#[test]
fn md5_text_form_is_strict() {
    let key = secret().verifying_key();
    let check = |text: &[u8], expected: BadEncoding| {
        assert_eq!(verify_all(SignType::Md5, &key, ASCII, text), Err(expected.into()));
    };
    check(b"", BadEncoding::HexLength { form: HexForm::Md5, length: 0 });
    check(&MD5_ASCII.as_bytes()[..31], BadEncoding::HexLength { form: HexForm::Md5, length: 31 });
    check(
        format!("{MD5_ASCII}\n").as_bytes(),
        BadEncoding::HexLength { form: HexForm::Md5, length: 33 },
    );
    let upper_case = MD5_ASCII.to_uppercase();
    check(
        upper_case.as_bytes(),
        BadEncoding::HexDigit { form: HexForm::Md5, offset: 2, byte: b'E' },
    );
    let blank = MD5_ASCII.replace('b', " ");
    check(blank.as_bytes(), BadEncoding::HexDigit { form: HexForm::Md5, offset: 31, byte: b' ' });
    check(&[0xFF; 32], BadEncoding::HexDigit { form: HexForm::Md5, offset: 0, byte: 0xFF });
    let wrong = MD5_ASCII.replacen('3', "4", 1);
    let verdict = verify_all(SignType::Md5, &key, ASCII, wrong.as_bytes());
    assert_eq!(verdict, Err(VerifyError::Mismatch));
}

#[test]
fn key_of_the_wrong_kind() {
    for sign_type in SignType::ALL {
        let (right, wrong) = match sign_type {
            SignType::Md5 => (secret(), private(1024)),
            _ => (private(1024), secret()),
        };
        assert!(sign(sign_type, &right, ASCII).is_ok());
        assert_eq!(sign(sign_type, &wrong, ASCII), Err(SignError::KeyKind { sign_type }));
        let verdict = verify(sign_type, &wrong.verifying_key(), ASCII, b"no text form at all");
        assert_eq!(verdict, Err(VerifyError::KeyKind { sign_type }));
        for backend in Backend::ALL {
            assert_eq!(sign_with(*backend, sign_type, &wrong, ASCII), None);
        }
    }
}

#[test]
fn names() {
    for sign_type in SignType::ALL {
        assert_eq!(SignType::from_name(sign_type.name()), Ok(sign_type));
        assert_eq!(sign_type.to_string(), sign_type.name());
    }
    assert_eq!(SignType::from_name("DSA"), Err(UnsupportedSignType::Dsa));
    for name in ["", "md5", "Rsa", " MD5", "MD5\n", "RSA256", "dsa", "0001"] {
        let unknown = UnsupportedSignType::Unknown { name: name.to_owned() };
        assert_eq!(SignType::from_name(name), Err(unknown));
    }
}

#[test]
fn messages() {
    let check = |error: &dyn std::error::Error, message: &str| {
        assert_eq!(error.to_string(), message);
        assert!(error.source().is_none(), "{message}");
    };
    check(
        &SignType::from_name("DSA").unwrap_err(),
        "sign type DSA is not supported: no published key confirms its text form",
    );
    check(
        &SignType::from_name("md5\n").unwrap_err(),
        r#"unknown sign type "md5\n": MD5, RSA or RSA2 is needed, in upper case"#,
    );
    check(
        &SignError::KeyKind { sign_type: SignType::Md5 },
        "sign type MD5 needs a secret, but an RSA key was given",
    );
    check(
        &VerifyError::KeyKind { sign_type: SignType::Rsa2 },
        "sign type RSA2 needs an RSA key, but a secret was given",
    );
    check(
        &SignError::Failed,
        "the RSA private key does not work: its numbers are not those of an RSA key",
    );
    check(&VerifyError::Mismatch, "the signature does not match the string to sign under this key");
    check(
        &VerifyError::from(BadEncoding::HexLength { form: HexForm::Md5, length: 33 }),
        "an MD5 signature is 32 lower-case hex digits, but 33 bytes came",
    );
    check(
        &VerifyError::from(BadEncoding::HexDigit { form: HexForm::Md5, offset: 5, byte: b'\n' }),
        r"an MD5 signature is 32 lower-case hex digits, but byte 5 is '\n'",
    );
    check(
        &VerifyError::from(BadEncoding::Base64 { offset: 76, length: 174 }),
        "an RSA signature is padded base64 on one line, but what came breaks at byte 76 of 174",
    );
}

/// Which work the second backend takes over. Where this table is wrong, agreement proves nothing.
#[cfg(feature = "aws-lc-rs")]
#[test]
fn what_aws_lc_does() {
    let [aws, pure] = [Backend::AwsLc, Backend::Pure];
    for (bits, sign_type, message, signature) in RSA {
        let signs = *bits >= 2048 && *sign_type == SignType::Rsa2;
        let key = private(*bits);
        assert_eq!(sign_with(aws, *sign_type, &key, message).is_some(), signs);
        assert!(sign_with(pure, *sign_type, &key, message).is_some());
        for backend in [aws, pure] {
            let signature = signature.as_bytes();
            let verdict = verify_with(backend, *sign_type, &public(*bits), message, signature);
            assert_eq!(verdict, Some(Ok(())));
        }
    }
    let short: SigningKey = PrivateKey::parse(key_file("wrong/rsa-512.pkcs8.pem")).unwrap().into();
    assert_eq!(verify_with(aws, SignType::Rsa, &short.verifying_key(), ASCII, b"AAAA"), None);
}

/// Sound keys that one of the backends has reason to refuse.
#[test]
fn unusual_keys_sign() {
    for name in ["rsa-512.pkcs8.pem", "unbalanced.pkcs1.pem", "wrong-crt.pkcs1.pem"] {
        let key: SigningKey = PrivateKey::parse(key_file(&format!("wrong/{name}"))).unwrap().into();
        for sign_type in [SignType::Rsa, SignType::Rsa2] {
            let signature = sign_all(sign_type, &key, GBK);
            let verdict = verify_all(sign_type, &key.verifying_key(), GBK, signature.as_bytes());
            assert_eq!(verdict, Ok(()), "{name}");
        }
    }
}

#[test]
fn a_factor_that_is_not_prime_is_an_error() {
    let key = PrivateKey::parse(key_file("wrong/factor-not-prime.pkcs1.pem")).unwrap().into();
    assert_eq!(sign(SignType::Rsa, &key, ASCII), Err(SignError::Failed));
}

#[test]
fn keys_are_shared_between_threads() {
    fn check<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
    check::<SigningKey>();
    check::<VerifyingKey>();
    check::<VerifyError>();
    check::<SignError>();
}

fn any_pair() -> impl Strategy<Value = (SignType, SigningKey)> {
    let [short, long] = [1024, 2048].map(private);
    let secret = prop::collection::vec(any::<u8>(), 1..80)
        .prop_map(|bytes| (SignType::Md5, Secret::new(bytes).unwrap().into()));
    let rsa = prop::sample::select(vec![
        (SignType::Rsa, short.clone()),
        (SignType::Rsa2, short),
        (SignType::Rsa, long.clone()),
        (SignType::Rsa2, long),
    ]);
    prop_oneof![secret, rsa]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_signed_verifies_and_nothing_else_does(
        (sign_type, key) in any_pair(),
        message in prop::collection::vec(any::<u8>(), 1..300),
        at in any::<prop::sample::Index>(),
        flip in 1..=u8::MAX,
    ) {
        let signature = sign_all(sign_type, &key, &message);
        let key = key.verifying_key();
        prop_assert_eq!(verify_all(sign_type, &key, &message, signature.as_bytes()), Ok(()));

        let mut other = message.clone();
        other[at.index(message.len())] ^= flip;
        let verdict = verify_all(sign_type, &key, &other, signature.as_bytes());
        prop_assert_eq!(verdict, Err(VerifyError::Mismatch));

        let mut other = signature.clone().into_bytes();
        other[at.index(signature.len())] ^= flip;
        prop_assert!(verify_all(sign_type, &key, &message, &other).is_err());
    }

    #[test]
    fn verifying_any_bytes_never_panics(
        (sign_type, key) in any_pair(),
        message in prop::collection::vec(any::<u8>(), 0..40),
        signature in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let verdict = verify_all(sign_type, &key.verifying_key(), &message, &signature);
        prop_assert!(verdict.is_err());
    }

    /// Well formed and of the right length, so that the backends themselves are reached.
    #[test]
    fn backends_agree_on_random_signatures(
        bytes in prop::collection::vec(any::<u8>(), 128),
        sign_type in prop::sample::select(vec![SignType::Rsa, SignType::Rsa2]),
    ) {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(bytes);
        let verdict = verify_all(sign_type, &public(1024), ASCII, text.as_bytes());
        prop_assert_eq!(verdict, Err(VerifyError::Mismatch));
    }
}
