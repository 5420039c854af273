//! The header of a request, written otherwise than its reader expects: the signature in it is right.

use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::headers::{ANTOM, HeaderProtocol, WECHATPAY_V3};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::operation::Operation;

const ANTOM_HEADER: &str = "https://docs.antom.com/ac/ams/digital_signature (the rule)";
const WECHAT_HEADER: &str = "https://pay.weixin.qq.com/doc/v3/merchant/4012365334 (the rule)";

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "encode-v3-header-scheme-missing",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "version 3: the Authorization header begins with the items, without the name of the scheme",
            zh: "v3：Authorization 头直接以条目开头，缺少认证类型名",
        },
        fix: Text {
            en: "begin the header with the scheme's name and one blank",
            zh: "请求头以认证类型名加一个空格开头",
        },
        sources: &[WECHAT_HEADER, "https://opendocs.alipay.com/open-v3/054q58 (the rule)"],
        twin: Twin::Around(|inner, ask| {
            rewritten(inner, ask, |protocol, value| {
                let begins = protocol.request.carrier.begins;
                *value = value.strip_prefix(begins).unwrap_or(value).to_owned();
            })
        }),
    },
    Mistake {
        id: "encode-wechat-v3-header-items-unquoted",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: the values in the Authorization header stand without quotation marks",
            zh: "微信 v3：Authorization 头中的值没有加双引号",
        },
        fix: Text {
            en: "write each item as name=\"value\"", zh: "每个条目写成 name=\"value\""
        },
        sources: &[WECHAT_HEADER],
        twin: Twin::Around(|inner, ask| {
            rewritten(inner, ask, |_, value| value.retain(|character| character != '"'))
        }),
    },
    Mistake {
        id: "join-wechat-v3-header-drawn-anew",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: the nonce is drawn once for the signature and once more for the header",
            zh: "微信 v3：签名用一个随机串，请求头里又另生成一个",
        },
        fix: Text {
            en: "draw nonce and timestamp once, and write the signed ones into the header",
            zh: "随机串和时间戳只生成一次，请求头中填写参与签名的值",
        },
        sources: &[WECHAT_HEADER],
        twin: Twin::Around(|inner, ask| {
            rewritten(inner, ask, |protocol, value| {
                if protocol.id == WECHATPAY_V3.id {
                    *value = value.replace("nonce_str=\"", "nonce_str=\"0");
                }
            })
        }),
    },
    Mistake {
        id: "encode-antom-header-signature-alone",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "Antom: the header holds the signature alone, without algorithm and key version",
            zh: "Antom：请求头中只有签名，缺少 algorithm 和 keyVersion",
        },
        fix: Text {
            en: "write algorithm=RSA256,keyVersion=1,signature=…",
            zh: "写成 algorithm=RSA256,keyVersion=1,signature=…",
        },
        sources: &[ANTOM_HEADER],
        twin: Twin::Around(|inner, ask| {
            rewritten(inner, ask, |protocol, value| {
                if protocol.id == ANTOM.id
                    && let Some((_, signature)) = value.rsplit_once("signature=")
                {
                    *value = signature.to_owned();
                }
            })
        }),
    },
    Mistake {
        id: "encode-v3-header-of-replies",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the signature of a request is sent in the header that replies have",
            zh: "请求的签名放进了响应所用的请求头",
        },
        fix: Text {
            en: "send a request's signature in the Authorization header",
            zh: "请求的签名放在 Authorization 头中",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let mut answer = inner.perform(ask);
            if let Some((protocol, headers)) = signed(ask, &mut answer) {
                for (name, _) in headers {
                    *name = protocol.reply.carrier.header.into();
                }
            }
            answer
        }),
    },
];

/// The protocol and the headers of a request that was signed.
fn signed<'a>(
    ask: &Ask,
    answer: &'a mut Answer,
) -> Option<(HeaderProtocol, &'a mut Vec<(String, String)>)> {
    let protocol = HeaderProtocol::from_id(&ask.protocol)?;
    match answer {
        Answer::Value(output) if ask.operation == Operation::SignRequest => {
            Some((protocol, output.headers.as_mut()?))
        }
        _ => None,
    }
}

fn rewritten(
    inner: &dyn Implementation,
    ask: &Ask,
    rewrite: fn(&HeaderProtocol, &mut String),
) -> Answer {
    let mut answer = inner.perform(ask);
    if let Some((protocol, headers)) = signed(ask, &mut answer) {
        headers.iter_mut().for_each(|(_, value)| rewrite(&protocol, value));
    }
    answer
}
