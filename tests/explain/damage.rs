//! Every circumstance by itself.

use std::collections::BTreeSet;

use alipay_conformance::charset::Charset;
use alipay_conformance::explain::circumstances;
use alipay_conformance::form;
use alipay_conformance::params::Params;

use crate::scene::{Kind, MD5, MD5_GBK, RSA, RSA2, Scene, genuine, private, verifying};
use crate::{header_damage, protocols};

/// One circumstance: the message that shows it, and what happens to that.
pub(crate) struct Damage {
    pub(crate) id: &'static str,
    pub(crate) kind: Kind,
    pub(crate) own: &'static [(&'static str, &'static str)],
    pub(crate) done: fn(&mut Scene),
}

pub(crate) const DAMAGES: &[Damage] = &[
    Damage {
        id: "parameters-added",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.params.insert(0, ("m".into(), "pay".into()));
            scene.push("XDEBUG_SESSION_START", "1");
        },
    },
    Damage {
        id: "parameter-lost",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.remove("notify_type");
        },
    },
    Damage {
        id: "parameter-lost",
        kind: RSA,
        own: &[("price", "10.00")],
        done: |scene| {
            scene.remove("price");
        },
    },
    Damage {
        id: "parameter-repeated",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.push("total_fee", "10.00");
        },
    },
    Damage {
        id: "value-taken-apart",
        kind: MD5,
        own: &[("body", "a&b=c")],
        done: |scene| {
            *scene.value("body") = b"a".to_vec();
            scene.params.insert(1, ("b".into(), "c".into()));
        },
    },
    Damage {
        id: "names-changed",
        kind: MD5,
        own: &[],
        done: |scene| {
            for (name, _) in &mut scene.params {
                if name == b"notify_id" {
                    *name = b"notifyId".to_vec();
                }
                if name == b"total_fee" {
                    *name = b"totalFee".to_vec();
                }
            }
        },
    },
    Damage {
        id: "charset-gbk-signed",
        kind: MD5_GBK,
        own: &[],
        done: |scene| {
            scene.values(|value| Charset::Gbk.decode(value).unwrap().into_owned().into_bytes());
        },
    },
    Damage {
        id: "charset-utf8-signed",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.values(|value| {
                Charset::Gbk.encode(std::str::from_utf8(value).unwrap()).unwrap().into_owned()
            });
        },
    },
    Damage {
        id: "charset-read-as-gbk",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.values(|value| Charset::Gbk.decode(value).unwrap().into_owned().into_bytes());
        },
    },
    Damage {
        id: "charset-read-as-latin1",
        kind: MD5_GBK,
        own: &[],
        done: |scene| {
            scene.values(|value| {
                value.iter().copied().map(char::from).collect::<String>().into_bytes()
            });
        },
    },
    Damage {
        id: "plus-lost",
        kind: RSA,
        own: &[],
        done: |scene| {
            let sign = scene.value("sign");
            assert!(sign.contains(&b'+'));
            *sign = String::from_utf8(sign.clone()).unwrap().replace('+', " ").into_bytes();
        },
    },
    Damage {
        id: "plus-lost",
        kind: MD5,
        own: &[("body", "1+1"), ("subject", "a b")],
        done: |scene| {
            *scene.value("body") = b"1 1".to_vec();
        },
    },
    Damage {
        id: "not-decoded",
        kind: RSA,
        own: &[("body", "1+1 = 50%25")],
        done: |scene| {
            for (_, value) in &mut scene.params {
                let one: Params = [("", value.as_slice())].into_iter().collect();
                *value = form::encode(&one)[1..].into();
            }
        },
    },
    Damage {
        id: "decoded-twice",
        kind: MD5,
        own: &[("notify_id", "RqPn%2Fvwbh%2B3I")],
        done: |scene| {
            *scene.value("notify_id") = b"RqPn/vwbh+3I".to_vec();
        },
    },
    Damage {
        id: "decoded-twice",
        kind: RSA2,
        own: &[("notify_id", "RqPn%2fvwbh")],
        done: |scene| {
            *scene.value("notify_id") = b"RqPn/vwbh".to_vec();
            let sign = String::from_utf8(scene.value("sign").clone()).unwrap();
            assert!(sign.contains('+'));
            *scene.value("sign") = sign.replace('+', " ").into_bytes();
        },
    },
    Damage {
        id: "html-entities",
        kind: MD5,
        own: &[("body", "<a> & \"b\" 'c' &lt;")],
        done: |scene| {
            scene.texts(|text| {
                text.replace('&', "&amp;")
                    .replace('<', "&lt;")
                    .replace('>', "&gt;")
                    .replace('"', "&quot;")
                    .replace('\'', "&#039;")
            });
        },
    },
    Damage {
        id: "html-entities-resolved",
        kind: MD5,
        own: &[("body", "a &amp; &lt;b&gt;")],
        done: |scene| {
            *scene.value("body") = b"a & <b>".to_vec();
        },
    },
    Damage {
        id: "html-separators",
        kind: MD5,
        own: &[],
        done: |scene| {
            for (name, _) in scene.params.iter_mut().skip(1) {
                name.splice(0..0, *b"amp;");
            }
            // The last two are the signature's.
            for name in ["sign", "sign_type"] {
                for pair in &mut scene.params {
                    if pair.0 == format!("amp;{name}").as_bytes() {
                        pair.0 = name.into();
                    }
                }
            }
        },
    },
    Damage {
        id: "html-symbol",
        kind: MD5,
        own: &[],
        done: |scene| {
            for name in ["notify_type", "notify_id"] {
                let (_, value) = scene.remove(name);
                let rest = name.strip_prefix("not").unwrap();
                let taken = [format!("¬{rest}=").as_bytes(), &value].concat();
                scene.value("trade_status").extend(taken);
            }
        },
    },
    Damage {
        id: "slashes-added",
        kind: MD5,
        own: &[("body", r#"it's "c:\new""#)],
        done: |scene| {
            scene
                .texts(|text| text.replace('\\', r"\\").replace('\'', r"\'").replace('"', r#"\""#));
        },
    },
    Damage {
        id: "slashes-stripped",
        kind: MD5,
        own: &[("body", r#"{\"a\":\"b\"}"#)],
        done: |scene| {
            scene.texts(|text| text.replace('\\', ""));
        },
    },
    Damage {
        id: "byte-order-mark",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.params[0].0.splice(0..0, *b"\xEF\xBB\xBF");
        },
    },
    Damage {
        id: "whitespace-added",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.value("subject").push(b' ');
            scene.value("trade_no").insert(0, b'\t');
        },
    },
    Damage {
        id: "whitespace-trimmed",
        kind: MD5,
        own: &[("subject", "中文 ")],
        done: |scene| {
            scene.texts(|text| text.trim().into());
        },
    },
    Damage {
        id: "line-endings",
        kind: MD5,
        own: &[("body", "a\r\nb\r\nc")],
        done: |scene| {
            scene.texts(|text| text.replace("\r\n", "\n"));
        },
    },
    Damage {
        id: "line-endings",
        kind: MD5,
        own: &[("body", "a\nb\nc")],
        done: |scene| {
            scene.texts(|text| text.replace('\n', "\r\n"));
        },
    },
    Damage {
        id: "line-breaks-added",
        kind: RSA,
        own: &[],
        done: |scene| {
            scene.value("sign").insert(70, b'\n');
            scene.value("notify_id").insert(7, b'\n');
        },
    },
    Damage {
        id: "word-for-empty",
        kind: MD5,
        own: &[],
        done: |scene| {
            *scene.value("body") = b"null".to_vec();
        },
    },
    Damage {
        id: "amount-reformatted",
        kind: MD5,
        own: &[],
        done: |scene| {
            *scene.value("total_fee") = b"10".to_vec();
            *scene.value("discount") = b"0".to_vec();
        },
    },
    Damage {
        id: "sign-type",
        kind: RSA2,
        own: &[],
        done: |scene| {
            *scene.value("sign_type") = b"RSA".to_vec();
        },
    },
    Damage {
        id: "sign-type",
        kind: MD5,
        own: &[],
        done: |scene| {
            *scene.value("sign_type") = b"md5".to_vec();
        },
    },
    Damage {
        id: "sign-upper-cased",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.value("sign").make_ascii_uppercase();
        },
    },
    Damage {
        id: "sign-whitespace",
        kind: RSA2,
        own: &[],
        done: |scene| {
            scene.value("sign").splice(76..76, *b"\r\n");
            scene.value("sign").push(b'\n');
        },
    },
    Damage {
        id: "sign-url-safe",
        kind: RSA,
        own: &[],
        done: |scene| {
            let sign = String::from_utf8(scene.value("sign").clone()).unwrap();
            let other = sign.replace('+', "-").replace('/', "_").replace('=', "");
            *scene.value("sign") = other.into_bytes();
        },
    },
    Damage {
        id: "sign-other-text-form",
        kind: MD5,
        own: &[],
        done: |scene| {
            let hex = String::from_utf8(scene.value("sign").clone()).unwrap();
            let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
            let bytes: Vec<u8> = (0..32).step_by(2).map(byte).collect();
            *scene.value("sign") =
                alipay_conformance::vector::bytes::to_base64(&bytes).into_bytes();
        },
    },
    Damage {
        id: "key-other",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.keys.insert(0, ("another key", verifying("md5-b")));
        },
    },
    Damage {
        id: "key-whitespace",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.key(|key| format!(" {key}\t\n"));
        },
    },
    Damage {
        id: "key-byte-order-mark",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.key(|key| format!("\u{FEFF}{key}"));
        },
    },
    Damage {
        id: "key-quotes",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.key(|key| format!("\"{key}\""));
        },
    },
    Damage {
        id: "key-label",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.key(|key| format!("key = '{key}'"));
        },
    },
    Damage {
        id: "key-full-width",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.key(|key| {
                let wide = |c| char::from_u32(u32::from(c) + 0xFEE0).unwrap();
                key.chars().map(wide).collect()
            });
        },
    },
    Damage {
        id: "key-lower-cased",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.key(str::to_uppercase);
        },
    },
    Damage {
        id: "key-upper-cased",
        kind: MD5,
        own: &[],
        done: |scene| scene.sign_with(&verifying("md5-a").to_ascii_uppercase()),
    },
    Damage {
        id: "key-signed-with-line-break",
        kind: MD5,
        own: &[],
        done: |scene| {
            scene.sign_with(&[verifying("md5-a"), b"\n".to_vec()].concat());
        },
    },
    Damage {
        id: "key-own-private",
        kind: RSA2,
        own: &[],
        done: |scene| {
            scene.keys[0].1 = private("rsa-2048");
        },
    },
    Damage {
        id: "key-text-damaged",
        kind: RSA,
        own: &[],
        done: |scene| {
            scene.key(|key| format!("\"{}\"", key.trim().replace('\n', "\\n")));
        },
    },
];

/// Each is found, alone, and nothing else is said to be as likely.
#[test]
fn every_circumstance_is_explained_exactly() {
    let mut wrong = Vec::new();
    for Damage { id, kind, own, done } in DAMAGES {
        let mut scene = genuine(*kind, own);
        assert!(scene.finding().is_genuine(), "{id}: {:?}", scene.finding());
        done(&mut scene);
        let finding = scene.finding();
        assert!(!finding.is_genuine(), "{id}: the damage does none");
        let explained = scene.explained();
        if explained != [[*id]] {
            wrong.push(format!("{id} {:?}: {explained:?} {:?}", kind.1, finding.searched));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_circumstance_is_tested() {
    let own = protocols::LOWER_CASED;
    let tested = DAMAGES.iter().map(|damage| damage.id).chain([own]);
    let tested: BTreeSet<&str> = tested.chain(header_damage::tested()).collect();
    let all: BTreeSet<&str> = circumstances().collect();
    assert_eq!(tested, all);
}

/// Which of several.
#[test]
fn names_say_where_it_happened() {
    let mut scene = genuine(MD5, &[("body", "1+1"), ("subject", "a b")]);
    *scene.value("body") = b"1 1".to_vec();
    for (name, value) in [("m", "a"), ("unknown", "b"), ("c", "d"), ("fifth", "e")] {
        scene.push(name, value);
    }
    let finding = scene.finding();
    let steps = &finding.explanations[0].steps;
    let mut details: Vec<_> = steps.iter().map(|step| (step.id, step.detail.clone())).collect();
    details.sort();
    let names =
        |names: &[&str]| names.iter().map(|name| name.as_bytes().to_vec()).collect::<Vec<_>>();
    assert_eq!(
        details,
        [
            ("parameters-added", names(&["m", "unknown", "c", "fifth"])),
            ("plus-lost", names(&["body"]))
        ]
    );
}
