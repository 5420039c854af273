//! The old WAP product, and the XML that it and the mobile product's first generation send.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::altered::with_sent;
use super::wap_xml::{entities_expanded, external_resolved, parsed_first, searched};
use crate::canonical::{self, Selection};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;
use crate::protocol::Protocol;
use crate::protocol::pipeline::{Pipeline, Stages};
use crate::protocol::wap::{self, Steps, WAP};
use crate::signature::{self, DecryptError, PrivateKey};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::suite::reference::wap::{verify_notify_by, verify_response_by};
use crate::suite::reference::{Reference, verify_opened};
use crate::vector::case::Ask;
use crate::vector::input::Input;
use crate::vector::operation::Operation;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

const PHP: &str = "public copies on GitHub of the official PHP demo";
const FIXED: Text = Text {
    en: "verify service, v, sec_id, notify_data in this order, and nothing else",
    zh: "按 service、v、sec_id、notify_data 的固定顺序验签，不含其他参数",
};
const PARSER: Text = Text {
    en: "read the fields with an XML parser that refuses document types",
    zh: "用拒绝文档类型声明的 XML 解析器读取字段",
};
const BLOCKS: Text = Text {
    en: "decrypt every block, refuse if one fails, join the bytes and only then decode them",
    zh: "逐块解密，任何一块失败即拒绝，先拼接字节再解码",
};

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "sort-wap-notification-sorted",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text {
            en: "WAP notifications are sorted although their order is fixed",
            zh: "WAP 通知的字段顺序固定，却被排了序",
        },
        fix: FIXED,
        sources: &[
            "https://github.com/chloerei/alipay/pull/39",
            "https://github.com/lokielse/omnipay-alipay/issues/13",
        ],
        twin: Twin::Around(|inner, ask| {
            by_steps(inner, ask, &Steps { sort_notify: canonical::sort, ..wap::REFERENCE })
        }),
    },
    Mistake {
        id: "filter-wap-notification-extra-parameters",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "whatever else came with a WAP notification is put behind the four fields",
            zh: "随 WAP 通知而来的其他参数被接在四个字段之后",
        },
        fix: FIXED,
        sources: &["https://github.com/chloerei/alipay/pull/40"],
        twin: Twin::Around(|inner, ask| {
            by_steps(inner, ask, &Steps { filter_notify: all_but_sign, ..wap::REFERENCE })
        }),
    },
    Mistake {
        id: "filter-wap-sec-id-left-out",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "sec_id is not signed, as sign_type is not on the legacy gateway",
            zh: "sec_id 没有参与签名，如同旧网关的 sign_type",
        },
        fix: Text {
            en: "sign sec_id like any other parameter",
            zh: "sec_id 与其他参数一样参与签名",
        },
        sources: &["derived from the rule of the legacy gateway, where sign_type is not signed"],
        twin: Twin::Stages(|stages| stages.filter = without_sec_id),
    },
    Mistake {
        id: "filter-wap-sign-type-sent",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "sign_type is sent with a WAP request, which has none",
            zh: "WAP 请求本没有 sign_type，却发送了它",
        },
        fix: Text {
            en: "send sec_id alone; the demos leave sign_type out for the product's two services",
            zh: "只发送 sec_id；官方示例对该产品的两个接口不加 sign_type",
        },
        sources: &[
            "derived from the official PHP demo, which makes an exception for the two services",
        ],
        twin: Twin::Around(sign_type_sent),
    },
    Mistake {
        id: "key-wap-sec-id-named-rsa",
        area: Area::Key,
        severity: Severity::Interop,
        what: Text {
            en: "RSA is called RSA on the product's wire, where it is 0001",
            zh: "在该产品的报文中把 RSA 写作 RSA，而不是 0001",
        },
        fix: Text { en: "write and expect 0001", zh: "发送和接收时都使用 0001" },
        sources: &["derived from the legacy gateway, where it is called RSA"],
        twin: Twin::Around(named_rsa),
    },
    Mistake {
        id: "compare-wap-sec-id-ignored",
        area: Area::Compare,
        severity: Severity::Info,
        what: Text {
            en: "sec_id is not compared with the configured sign type",
            zh: "没有将 sec_id 与配置的签名类型比较",
        },
        fix: Text {
            en: "refuse a message whose sec_id is not the configured one",
            zh: "sec_id 与配置不同的消息一律拒绝",
        },
        sources: &[PHP],
        twin: Twin::Around(sec_id_ignored),
    },
    Mistake {
        id: "xml-wap-encrypted-data-order",
        area: Area::Rsa,
        severity: Severity::Interop,
        what: Text {
            en: "under 0001 the data is verified as it came, without decrypting it first",
            zh: "0001 下未先解密，直接对收到的密文验签",
        },
        fix: Text {
            en: "decrypt the data with the merchant's private key, then build the string",
            zh: "先用商户私钥解密，再拼接待签名字符串",
        },
        sources: &["follows from the rule of the official demos, which decrypt first"],
        twin: Twin::Around(|inner, ask| {
            let decrypt = |_: &PrivateKey, data: &[u8]| Ok(data.to_vec());
            by_steps(inner, ask, &Steps { decrypt, ..wap::REFERENCE })
        }),
    },
    Mistake {
        id: "rsa-wap-failed-block-skipped",
        area: Area::Rsa,
        severity: Severity::Info,
        what: Text {
            en: "a block that does not decrypt is passed over",
            zh: "无法解密的分块被跳过",
        },
        fix: BLOCKS,
        sources: &["public copies on GitHub of the official PHP demo for RSA"],
        twin: Twin::Around(|inner, ask| {
            let decrypt =
                |key: &PrivateKey, data: &[u8]| each_block(key, data, |opened| opened.to_vec());
            by_steps(inner, ask, &Steps { decrypt, ..wap::REFERENCE })
        }),
    },
    Mistake {
        id: "charset-wap-blocks-decoded-apart",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "each decrypted block is decoded as text by itself",
            zh: "每个解密后的分块单独解码成文本",
        },
        fix: BLOCKS,
        sources: &["derived from decrypting functions that return text"],
        twin: Twin::Around(|inner, ask| {
            let decrypt = |key: &PrivateKey, data: &[u8]| {
                each_block(key, data, |opened| String::from_utf8_lossy(opened).into_owned().into())
            };
            by_steps(inner, ask, &Steps { decrypt, ..wap::REFERENCE })
        }),
    },
    Mistake {
        id: "parse-wap-reply-not-verified",
        area: Area::Parse,
        severity: Severity::Forgery,
        what: Text {
            en: "the reply with the token is read without verifying its signature",
            zh: "读取带令牌的应答时没有验签",
        },
        fix: Text {
            en: "verify the reply before taking the token from it",
            zh: "先验证应答的签名，再取出令牌",
        },
        sources: &[PHP],
        twin: Twin::Around(|inner, ask| match reply_of(ask) {
            Some(_) => Answer::accept(Output::default()),
            None => inner.perform(ask),
        }),
    },
    Mistake {
        id: "xml-parsed-before-verification",
        area: Area::Parse,
        severity: Severity::Loss,
        what: Text {
            en: "the XML is parsed before it is verified, so a signed message that is no XML is never verified",
            zh: "验签之前先解析 XML，已签名但格式不正确的消息因此永远无法验签",
        },
        fix: Text {
            en: "verify the text as it came, and parse it afterwards",
            zh: "先对收到的文本验签，再解析",
        },
        sources: &["real messages whose subject holds a raw &, public copies on GitHub"],
        twin: Twin::Around(parsed_first),
    },
    Mistake {
        id: "xml-regex-extraction",
        area: Area::Parse,
        severity: Severity::Loss,
        what: Text {
            en: "fields are cut out of the XML by searching for their tags",
            zh: "通过搜索标签从 XML 中截取字段",
        },
        fix: PARSER,
        sources: &["https://github.com/chloerei/alipay (lib/alipay/wap/notify.rb)"],
        twin: Twin::Around(searched),
    },
    Mistake {
        id: "xml-external-entity",
        area: Area::Parse,
        severity: Severity::Forgery,
        what: Text {
            en: "external entities and document types are accepted in the XML",
            zh: "XML 中的外部实体和文档类型声明被接受",
        },
        fix: PARSER,
        sources: &["CVE-2019-5312", "https://github.com/binarywang/WxJava/issues/889"],
        twin: Twin::Around(external_resolved),
    },
    Mistake {
        id: "xml-entity-expansion",
        area: Area::Parse,
        severity: Severity::Denial,
        what: Text {
            en: "entities within entities are expanded, which can exhaust memory",
            zh: "嵌套的实体被展开，可能耗尽内存",
        },
        fix: PARSER,
        sources: &["derived from XML parsers that keep internal entities on"],
        twin: Twin::Around(entities_expanded),
    },
];

fn is_wap(ask: &Ask) -> bool {
    ask.protocol == WAP.id
}

fn reply_of(ask: &Ask) -> Option<&[u8]> {
    match &ask.input {
        Input::Response { body, .. } if is_wap(ask) => Some(&body.0),
        _ => None,
    }
}

fn notify_of(ask: &Ask) -> Option<&[u8]> {
    match &ask.input {
        Input::Message(body) if is_wap(ask) && ask.operation == Operation::VerifyNotify => {
            Some(&body.0)
        }
        _ => None,
    }
}

/// Verifies notify and reply by other steps.
fn by_steps(inner: &dyn Implementation, ask: &Ask, steps: &Steps) -> Answer {
    let reference = Reference::default();
    match (notify_of(ask), reply_of(ask)) {
        (Some(body), _) => verify_notify_by(steps, &reference, ask, body),
        (_, Some(body)) => verify_response_by(steps, &reference, ask, body),
        _ => inner.perform(ask),
    }
}

fn all_but_sign(params: &Params, _: &[&str], selection: &mut Selection) {
    canonical::filter(params, &["sign", "sign_type"], selection);
}

fn without_sec_id(params: &Params, excluded: &[&str], selection: &mut Selection) {
    let excluded: Vec<_> = excluded.iter().copied().chain(["sec_id"]).collect();
    canonical::filter(params, &excluded, selection);
}

fn sign_type_sent(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let answer = inner.perform(ask);
    if !is_wap(ask) {
        return answer;
    }
    let sign_type = ask.sign_type.clone().unwrap_or_default();
    with_sent(ask, answer, |sent| sent.push((b"sign_type".into(), sign_type.into())))
}

fn named_rsa(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let answer = inner.perform(ask);
    if !is_wap(ask) || ask.sign_type.as_deref() != Some("RSA") {
        return answer;
    }
    match answer {
        Answer::Accept(_) => Answer::reject(Reason::AlgorithmMismatch, "0001 is not RSA"),
        answer => with_sent(ask, answer, |sent| {
            for (name, value) in sent {
                if name == b"sec_id" {
                    *value = b"RSA".into();
                }
            }
        }),
    }
}

fn sec_id_ignored(inner: &dyn Implementation, ask: &Ask) -> Answer {
    match notify_of(ask) {
        Some(body) if ask.sign_type.as_deref() == Some("MD5") => {
            let protocol = Protocol { sign_type: "", ..WAP };
            let pipeline = wap::notify_pipeline(Stages::default(), &wap::REFERENCE);
            verify_opened(ask, body, &Pipeline { protocol, ..pipeline }, |_| Ok(()))
        }
        _ => inner.perform(ask),
    }
}

/// Decrypts block by block, a failed one as nothing, and changes what each gives.
fn each_block(
    key: &PrivateKey,
    data: &[u8],
    alter: impl Fn(&[u8]) -> Vec<u8>,
) -> Result<Vec<u8>, DecryptError> {
    let data = STANDARD.decode(data).map_err(|_| DecryptError::Failed)?;
    let blocks = data.chunks(key.bits().div_ceil(8));
    let open = |block| signature::decrypt_blocks(key, STANDARD.encode(block).as_bytes());
    Ok(blocks.flat_map(|block| alter(&open(block).unwrap_or_default())).collect())
}
