//! Verifying a synchronous reply: what is made of its text before it is verified, and when it is not verified at all.
//! Which part of it is taken is in `replies_cut`.

use std::borrow::Cow;

use super::altered::replaced;
use crate::charset::Charset;
use crate::json::{JsonString, Members};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::openapi::response::{self, Reply, ReplyError};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::Input;
use crate::vector::output::Output;

const AS_IT_STANDS: Text = Text {
    en: "verify the bytes of the node's value as they stand in the body",
    zh: "按响应体中的原样字节对节点的值验签",
};

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "json-response-reserialised",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "the node is parsed and written again before it is verified, with its members sorted",
            zh: "验签前先解析节点再重新序列化，成员按名称排序",
        },
        fix: AS_IT_STANDS,
        sources: &[
            "https://github.com/fzlee/alipay/issues/10",
            "https://github.com/smartwalle/alipay/issues/21",
            "https://github.com/yansongda/pay/issues/59",
        ],
        twin: Twin::Verifying(|stages| stages.reply = reserialised),
    },
    Mistake {
        id: "json-response-compacted",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "blanks between the parts of the node are removed before it is verified",
            zh: "验签前去掉了节点各部分之间的空白",
        },
        fix: AS_IT_STANDS,
        sources: &[
            "https://github.com/fzlee/alipay/issues/10",
            "https://github.com/yansongda/pay (src/Plugin/Alipay/V2/VerifySignaturePlugin.php)",
        ],
        twin: Twin::Verifying(|stages| stages.reply = compacted),
    },
    Mistake {
        id: "json-slash-escaping",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "escaped slashes are unescaped before the node is verified",
            zh: "验签前把节点中的 \\/ 还原成了 /",
        },
        fix: AS_IT_STANDS,
        sources: &[
            "https://github.com/smartwalle/alipay/issues/21",
            "https://github.com/alipay/alipay-easysdk/pull/303",
        ],
        twin: Twin::Verifying(|stages| stages.reply = slashes_unescaped),
    },
    Mistake {
        id: "json-unicode-unescaped",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "\\u escapes become the characters they stand for before the node is verified",
            zh: "验签前把节点中的 \\u 转义还原成了字符",
        },
        fix: AS_IT_STANDS,
        sources: &[
            "https://github.com/yansongda/pay (src/Plugin/Alipay/V2/VerifySignaturePlugin.php)",
        ],
        twin: Twin::Verifying(|stages| stages.reply = unicode_unescaped),
    },
    Mistake {
        id: "json-html-entities-decoded",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "HTML entities in the node become the characters they stand for before it is verified",
            zh: "验签前把节点中的 HTML 实体还原成了字符",
        },
        fix: AS_IT_STANDS,
        sources: &[
            "derived from the gateway's sub_msg, which holds &amp;amp; and is signed with it",
        ],
        twin: Twin::Verifying(|stages| stages.reply = entities_decoded),
    },
    Mistake {
        id: "json-struct-adds-fields",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "the node is written from a typed value, so that members that did not come appear as empty strings",
            zh: "用结构体重新序列化节点，未收到的成员以空字符串出现",
        },
        fix: AS_IT_STANDS,
        sources: &["https://github.com/smartwalle/alipay/issues/21"],
        twin: Twin::Verifying(|stages| stages.reply = fields_added),
    },
    Mistake {
        id: "json-response-verified-as-form",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "the members of the node are sorted and joined as those of a notification",
            zh: "像异步通知那样把节点的成员排序拼接后验签",
        },
        fix: AS_IT_STANDS,
        sources: &[
            "https://github.com/smartwalle/alipay/issues/118",
            "https://github.com/Luncher/alipay/issues/37",
        ],
        twin: Twin::Verifying(|stages| stages.reply = as_form),
    },
    Mistake {
        id: "json-encrypted-quotes-dropped",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "an encrypted node is verified without its two quotes",
            zh: "对加密节点验签时去掉了首尾的双引号",
        },
        fix: Text {
            en: "verify the ciphertext with both quotes, then decrypt it",
            zh: "连同首尾双引号一起验签，然后再解密",
        },
        sources: &["https://opendocs.alipay.com/common/02mse3 (the quotes are signed)"],
        twin: Twin::Verifying(|stages| stages.reply = without_quotes),
    },
    Mistake {
        id: "json-gbk-error-body",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "the reply is decoded as UTF-8 before it is verified, and bytes of another charset are replaced",
            zh: "验签前把响应按 UTF-8 解码，其他字符集的字节被替换",
        },
        fix: Text {
            en: "verify the bytes that came, and decode them afterwards",
            zh: "先对收到的字节验签，再解码",
        },
        sources: &[
            "https://github.com/smartwalle/alipay/pull/257",
            "https://github.com/chloerei/alipay/issues/80",
        ],
        twin: Twin::Verifying(|stages| stages.reply = decoded_as_utf8),
    },
    Mistake {
        id: "json-sign-not-unescaped",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "the signature is cut out of the JSON with its escapes",
            zh: "从 JSON 中截取签名时没有还原其中的转义",
        },
        fix: Text {
            en: "take the signature as the string that the JSON stands for",
            zh: "签名应取 JSON 字符串解码后的值",
        },
        sources: &["https://github.com/smartwalle/alipay (alipay.go, a raw message for sign)"],
        twin: Twin::Verifying(|stages| stages.reply = sign_as_written),
    },
    Mistake {
        id: "json-error-response-unknown",
        area: Area::Json,
        severity: Severity::Interop,
        what: Text {
            en: "error_response is not looked for where the node is missing, and a genuine failure is refused",
            zh: "缺少业务节点时没有查找 error_response，真实的错误响应被拒绝",
        },
        fix: Text {
            en: "where the node is missing, verify error_response in the same way",
            zh: "没有业务节点时，对 error_response 以同样方式验签",
        },
        sources: &["https://github.com/alipay/alipay-sdk-nodejs-all (src/alipay.ts)"],
        twin: Twin::Verifying(|stages| stages.reply = error_response_unknown),
    },
    Mistake {
        id: "json-error-response-unverified",
        area: Area::Json,
        severity: Severity::Forgery,
        what: Text {
            en: "error_response is believed without being verified",
            zh: "不验签就采信 error_response",
        },
        fix: Text {
            en: "verify error_response as any node",
            zh: "error_response 与其他节点一样需要验签",
        },
        sources: &["https://github.com/smartwalle/alipay (alipay.go)"],
        twin: Twin::Around(error_response_believed),
    },
    Mistake {
        id: "json-missing-sign-accepted",
        area: Area::Json,
        severity: Severity::Forgery,
        what: Text {
            en: "a reply without a signature is accepted", zh: "接受没有签名的响应"
        },
        fix: Text {
            en: "refuse a reply without a signature, or report it as an unsigned failure at most",
            zh: "拒绝没有签名的响应，最多只当作未签名的失败来报告",
        },
        sources: &["https://github.com/yansongda/pay/pull/998"],
        twin: Twin::Around(unsigned_believed),
    },
];

type Read<'a> = Result<Reply<'a>, ReplyError>;

/// Reads by the rules, then changes what is to be verified.
fn signed_as<'a>(
    (body, node, charset): (&'a [u8], &str, Charset),
    alter: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> Read<'a> {
    let mut reply = response::read(body, node, charset)?;
    if let Some(altered) = alter(&reply.signed) {
        reply.signed = Cow::Owned(altered);
    }
    Ok(reply)
}

fn reserialised<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    signed_as((body, node, charset), |signed| {
        let text = charset.decode(signed).ok()?;
        let value: serde_json::Value = serde_json::from_str(&text).ok()?;
        Some(charset.encode(&value.to_string()).ok()?.into_owned())
    })
}

fn compacted<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    signed_as((body, node, charset), |signed| {
        let (mut within, mut escaped) = (false, false);
        let kept = signed.iter().filter(|byte| {
            let is_blank = !within && byte.is_ascii_whitespace();
            within ^= **byte == b'"' && !escaped;
            escaped = **byte == b'\\' && !escaped;
            !is_blank
        });
        Some(kept.copied().collect())
    })
}

fn slashes_unescaped<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    signed_as((body, node, charset), |signed| Some(replaced(signed, &[("\\/", "/")])))
}

fn unicode_unescaped<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    signed_as((body, node, charset), |signed| {
        let mut out = Vec::new();
        let mut rest = signed;
        while let Some(at) = memchr::memmem::find(rest, b"\\u") {
            let (before, after) = rest.split_at(at);
            let digits = std::str::from_utf8(after.get(2..6)?).ok()?;
            let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
            out.extend_from_slice(before);
            out.extend_from_slice(&charset.encode(character.encode_utf8(&mut [0; 4])).ok()?);
            rest = after.get(6..)?;
        }
        out.extend_from_slice(rest);
        Some(out)
    })
}

fn entities_decoded<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    const ENTITIES: &[(&str, &str)] =
        &[("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    signed_as((body, node, charset), |signed| Some(replaced(signed, ENTITIES)))
}

fn fields_added<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    signed_as((body, node, charset), |signed| {
        let mut out = signed.strip_suffix(b"}")?.to_vec();
        for name in ["sub_code", "sub_msg"] {
            if memchr::memmem::find(signed, name.as_bytes()).is_none() {
                let comma = if out == b"{" { "" } else { "," };
                out.extend(format!("{comma}\"{name}\":\"\"").into_bytes());
            }
        }
        out.push(b'}');
        Some(out)
    })
}

fn as_form<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    signed_as((body, node, charset), |signed| {
        let members: Vec<_> = Members::new(signed, charset).ok()?.collect::<Result<_, _>>().ok()?;
        let text = |string: JsonString<'_>| string.decoded().into_owned();
        let mut pairs: Vec<_> = members
            .iter()
            .map(|member| {
                let value = member.string().map_or_else(|| member.value.to_vec(), text);
                [text(member.name), value].join(&b'=')
            })
            .collect();
        pairs.sort();
        Some(pairs.join(&b'&'))
    })
}

fn without_quotes<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    signed_as((body, node, charset), |signed| {
        Some(signed.strip_prefix(b"\"")?.strip_suffix(b"\"")?.to_vec())
    })
}

fn decoded_as_utf8<'a>(body: &'a [u8], node: &str, _: Charset) -> Read<'a> {
    let text = String::from_utf8_lossy(body);
    response::read(text.as_bytes(), node, Charset::Utf8).map(owned)
}

fn owned<'a>(reply: Reply<'_>) -> Reply<'a> {
    Reply {
        signed: Cow::Owned(reply.signed.into_owned()),
        is_error: reply.is_error,
        sign: Cow::Owned(reply.sign.into_owned()),
        certificate_sn: reply.certificate_sn.map(|sn| Cow::Owned(sn.into_owned())),
    }
}

fn sign_as_written<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    let mut reply = response::read(body, node, charset)?;
    for member in Members::new(body, charset)? {
        let member = member?;
        if member.name.is(response::SIGN) {
            let quoted = member.value.strip_prefix(b"\"").unwrap_or_default();
            reply.sign = Cow::Borrowed(quoted.strip_suffix(b"\"").unwrap_or_default());
        }
    }
    Ok(reply)
}

fn error_response_unknown<'a>(body: &'a [u8], node: &str, charset: Charset) -> Read<'a> {
    let reply = response::read(body, node, charset)?;
    if reply.is_error { Err(ReplyError::NoNode { node: node.into() }) } else { Ok(reply) }
}

fn error_response_believed(inner: &dyn Implementation, ask: &Ask) -> Answer {
    match read(ask) {
        Some(Ok(reply)) if reply.is_error => Answer::accept(Output::default()),
        _ => inner.perform(ask),
    }
}

fn unsigned_believed(inner: &dyn Implementation, ask: &Ask) -> Answer {
    match read(ask) {
        Some(Err(ReplyError::NoSignature)) => Answer::accept(Output::default()),
        _ => inner.perform(ask),
    }
}

fn read(ask: &Ask) -> Option<Read<'_>> {
    match &ask.input {
        Input::Response { node: Some(node), body } => {
            Some(response::read(&body.0, node, ask.charset))
        }
        _ => None,
    }
}
