//! Several at once, and the mistakes of signers.

use alipay_conformance::mistake;
use alipay_conformance::params::Params;
use alipay_conformance::signature::{Secret, SignType, sign};

use crate::damage::DAMAGES;
use crate::scene::{MD5, MD5_GBK, RSA, RSA2, Scene, genuine, ids, verifying};

/// Each circumstance beside one of another sort: what was added, and a key with whitespace.
#[test]
fn every_circumstance_is_found_beside_another() {
    type Damaging = fn(&mut Scene);
    let others: [(&str, Damaging); 2] = [
        ("parameters-added", |scene| scene.push("route", "pay/notify")),
        ("key-whitespace", |scene| scene.key(|key| format!(" {key} "))),
    ];
    let mut wrong = Vec::new();
    for damage in DAMAGES {
        for (id, other) in others {
            // An RSA key may have whitespace; the others of the key do not go together.
            let is_key = id.starts_with("key");
            if damage.id == id
                || is_key && (damage.id.starts_with("key") || damage.kind.1 != SignType::Md5)
            {
                continue;
            }
            let mut scene = genuine(damage.kind, damage.own);
            (damage.done)(&mut scene);
            other(&mut scene);
            let mut both = vec![damage.id, id];
            both.sort_unstable();
            let explained = scene.explained();
            if !explained.contains(&both) || explained[0].len() != 2 {
                wrong.push(format!("{both:?}: {explained:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn three_at_once() {
    let mut scene = genuine(MD5_GBK, &[]);
    scene.values(|value| {
        alipay_conformance::charset::Charset::Gbk.decode(value).unwrap().into_owned().into_bytes()
    });
    scene.push("m", "pay");
    scene.value("sign").make_ascii_uppercase();
    assert_eq!(scene.explained(), [["charset-gbk-signed", "parameters-added", "sign-upper-cased"]]);

    let mut scene = genuine(RSA2, &[("body", "<1>")]);
    *scene.value("body") = b"&lt;1&gt;".to_vec();
    *scene.value("sign_type") = b"RSA".to_vec();
    scene.push("m", "pay");
    assert_eq!(scene.explained(), [["html-entities", "parameters-added", "sign-type"]]);
}

/// The same circumstance on the way there and back: entities within a value that was decoded twice.
#[test]
fn in_whichever_order() {
    let mut scene = genuine(MD5, &[("notify_id", "a%2Fb"), ("body", "1 < 2")]);
    *scene.value("notify_id") = b"a/b".to_vec();
    *scene.value("body") = b"1 &lt; 2".to_vec();
    assert!(scene.explained().contains(&vec!["decoded-twice", "html-entities"]));
}

fn resigned(scene: &mut Scene, string: impl Fn(&[(String, String)]) -> String) {
    let text: Vec<(String, String)> = scene
        .params
        .iter()
        .filter(|pair| pair.0 != b"sign" && pair.0 != b"sign_type")
        .map(|(name, value)| {
            (String::from_utf8(name.clone()).unwrap(), String::from_utf8(value.clone()).unwrap())
        })
        .collect();
    let secret = Secret::new(verifying("md5-a")).unwrap().into();
    let signature = sign(SignType::Md5, &secret, string(&text).as_bytes()).unwrap();
    *scene.value("sign") = signature.as_str().into();
}

fn joined(pairs: &[(String, String)]) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// What somebody else computed, with a mistake of the catalogue.
#[test]
fn the_signers_mistakes() {
    let mut scene = genuine(MD5, &[]);
    resigned(&mut scene, |pairs| {
        let mut pairs = pairs.to_vec();
        pairs.sort();
        joined(&pairs)
    });
    let finding = scene.finding();
    assert!(ids(&finding).contains(&vec!["filter-empty-included"]), "{:?}", ids(&finding));
    let explanation = &finding.explanations[0];
    assert!(explanation.steps[0].is_mistake);
    assert!(explanation.signed.starts_with(b"body=&discount=0.00&"));
    assert!(finding.built.starts_with(b"discount=0.00&"));

    // Beside a circumstance.
    scene.push("m", "pay");
    assert!(scene.explained().contains(&vec!["filter-empty-included", "parameters-added"]));

    // Two at once.
    let mut scene = genuine(MD5, &[]);
    resigned(&mut scene, joined);
    assert!(scene.explained().contains(&vec!["filter-empty-included", "sort-none"]));
}

/// A mistake that lets everything pass explains nothing.
#[test]
fn accepting_anything_is_no_explanation() {
    let mut scene = genuine(MD5, &[]);
    *scene.value("total_fee") = b"9999.00".to_vec();
    assert_eq!(scene.explained(), Vec::<Vec<&str>>::new());
    *scene.value("sign") = b"0e123456789012345678901234567890".to_vec();
    assert_eq!(scene.explained(), Vec::<Vec<&str>>::new());
    assert!(mistake::all().count() > 1);
}

/// The mistakes of a signer with RSA are seen with the public key alone.
#[test]
fn mistakes_under_rsa() {
    let mut scene = genuine(RSA, &[]);
    let params: Params = scene
        .params
        .iter()
        .filter(|pair| pair.0 != b"sign" && pair.0 != b"sign_type")
        .map(|(name, value)| (name, value))
        .collect();
    let mut pairs: Vec<String> = params
        .iter()
        .map(|(name, value)| {
            format!("{}={}", String::from_utf8_lossy(name), String::from_utf8_lossy(value))
        })
        .collect();
    pairs.sort();
    let private =
        alipay_conformance::signature::PrivateKey::parse(crate::scene::private("rsa-1024"));
    let key = private.unwrap().into();
    let signature = sign(SignType::Rsa, &key, pairs.join("&").as_bytes()).unwrap();
    *scene.value("sign") = signature.as_str().into();
    assert!(scene.explained().contains(&vec!["filter-empty-included"]));
}
