//! No form of output shows a key, whatever is wrong with it.

use alipay_conformance::report::Lang;
use alipay_conformance::report::explain::{json, paragraph};

use crate::damage::DAMAGES;
use crate::scene::{MD5, RSA, Scene, genuine, private};

/// Every eight characters in a row of every key.
fn fragments(scene: &Scene) -> Vec<String> {
    let texts = scene.keys.iter().map(|(_, text)| String::from_utf8_lossy(text).into_owned());
    let fragments = texts.flat_map(|text| {
        let characters: Vec<char> = text.chars().collect();
        characters.windows(8).map(|window| window.iter().collect()).collect::<Vec<String>>()
    });
    // What every PEM file has, and a message may have by chance.
    fragments.filter(|part| !part.contains("-") && !part.contains("000000")).collect()
}

fn shows_no_key(scene: &Scene) {
    let (finding, message) = (scene.finding(), scene.captured());
    let mut outputs = vec![format!("{finding:?} {:?}", scene.given()), json(&finding, &message)];
    for lang in [Lang::En, Lang::Zh] {
        outputs.push(paragraph(&finding, &message, lang, false));
        outputs.push(paragraph(&finding, &message, lang, true));
    }
    for fragment in fragments(scene) {
        for output in &outputs {
            assert!(!output.contains(&fragment), "{fragment:?} in {output}");
        }
    }
}

#[test]
fn a_key_is_never_shown() {
    for damage in DAMAGES {
        let mut scene = genuine(damage.kind, damage.own);
        shows_no_key(&scene);
        (damage.done)(&mut scene);
        shows_no_key(&scene);
    }
}

#[test]
fn nor_where_it_cannot_be_used() {
    for text in [
        "-----BEGIN PRIVATE KEY-----\nabcdefghijklmnop",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ",
        "\u{FEFF}  'ｓecret-secret-secret'",
    ] {
        let mut scene = genuine(RSA, &[]);
        scene.keys = vec![("the key", text.into()), ("own.pem", private("rsa-1024"))];
        shows_no_key(&scene);
        let mut scene = genuine(MD5, &[]);
        scene.keys = vec![("the key", text.into())];
        shows_no_key(&scene);
    }
}
