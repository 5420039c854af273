//! What is seen without a search.

use alipay_conformance::explain::{Budget, Fact, Finding, Oddity, SignForm};
use alipay_conformance::signature::SignType;

use crate::scene::{MD5, RSA, RSA2, Scene, genuine, private, verifying};

/// Without the search, which no fact needs.
fn seen(scene: &Scene) -> Finding {
    scene.within(Budget { work: 1_000 })
}

#[test]
fn of_the_signature() {
    let mut scene = genuine(MD5, &[]);
    assert_eq!(seen(&scene).facts, []);
    scene.remove("sign_type");
    assert_eq!(seen(&scene).facts, [Fact::NoSignType]);
    assert!(seen(&scene).is_genuine());
    scene.remove("sign");
    assert_eq!(seen(&scene).facts, [Fact::NoSignType, Fact::NoSign]);
    assert_eq!(seen(&scene).searched.attempts, 0);

    let mut scene = genuine(RSA2, &[]);
    scene.keys[0].1 = verifying("rsa-1024");
    assert_eq!(seen(&scene).facts, [Fact::OtherKeyLength { sign: 2048, key: 1024 }]);
    scene.keys[0].1 = verifying("md5-a");
    assert_eq!(seen(&scene).facts, [Fact::NoKeyFor(SignType::Rsa2)]);

    let mut scene = genuine(MD5, &[]);
    scene.keys[0].1 = verifying("rsa-1024");
    *scene.value("sign_type") = b"RSA".to_vec();
    assert_eq!(seen(&scene).facts, [Fact::SignForm(SignForm::Md5)]);
    scene.value("sign").truncate(31);
    assert_eq!(seen(&scene).facts, [Fact::SignForm(SignForm::Other(31))]);
    *scene.value("sign_type") = b"DSA".to_vec();
    assert!(seen(&scene).facts.contains(&Fact::UnknownSignType(b"DSA".to_vec())));
}

/// An RSA signature tells whether the key is to blame, or what was signed.
#[test]
fn of_the_key_behind_the_signature() {
    let mut scene = genuine(RSA2, &[]);
    *scene.value("trade_no") = b"1".to_vec();
    *scene.value("sign_type") = b"RSA".to_vec();
    let made = Fact::KeyMadeIt("the key".into(), SignType::Rsa2);
    assert_eq!(seen(&scene).facts, [made]);
    let mut scene = genuine(RSA, &[]);
    scene.keys[0].1 = verifying("alipay-rsa");
    assert_eq!(seen(&scene).facts, [Fact::KeyDidNotMakeIt("the key".into())]);
}

#[test]
fn of_the_parameters() {
    let names =
        |names: &[&str]| names.iter().map(|name| name.as_bytes().to_vec()).collect::<Vec<_>>();
    let mut scene = genuine(MD5, &[]);
    *scene.value("subject") = b"\xFF\xFF".to_vec();
    scene.push("extra_common_param", "\u{FFFD}");
    scene.push("m", "pay");
    scene.push("m", "pay");
    scene.remove("notify_id");
    assert_eq!(
        seen(&scene).facts,
        [
            Fact::NoText(names(&["subject"])),
            Fact::Replaced(names(&["extra_common_param"])),
            Fact::Repeated(names(&["m"])),
            Fact::Unknown(names(&["m"])),
            Fact::Missing(vec!["notify_id"]),
        ]
    );
}

#[test]
fn of_the_keys() {
    let mut scene = genuine(MD5, &[]);
    scene.key(|key| format!("\u{FEFF}\"{key}x\" "));
    let oddities = [Oddity::ByteOrderMark, Oddity::Whitespace, Oddity::Quotes, Oddity::Length(33)];
    assert_eq!(seen(&scene).facts, oddities.map(|odd| Fact::Key("the key".into(), odd)));

    // The merchant's public key where Alipay's belongs.
    let mut scene = genuine(RSA, &[]);
    scene.keys = vec![("a.pem", verifying("rsa-2048")), ("own.pem", private("rsa-2048"))];
    let facts = seen(&scene).facts;
    assert!(facts.contains(&Fact::OwnPublicKey("a.pem".into(), "own.pem".into())), "{facts:?}");
    assert!(facts.contains(&Fact::Key("own.pem".into(), Oddity::Private)), "{facts:?}");
}
