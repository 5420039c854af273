//! The headers of a message: found, read, written, and what is made of one that is not there.

use std::collections::BTreeSet;

use super::changed;
use crate::form;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::{HttpMessage, Input, TextPairs};
use crate::vector::operation::Operation;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

const ONCE: Text = Text {
    en: "refuse a message in which a header that decides stands twice",
    zh: "起决定作用的请求头重复时拒绝该报文",
};
const NEVER_UNSIGNED: Text = Text {
    en: "refuse a message without a signature, whatever its status",
    zh: "没有签名的报文一律拒绝，无论状态如何",
};
const PHP: &str = "https://github.com/alipay/alipay-sdk-php-all (v3/src/Util/AlipayConfigUtil.php)";

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "parse-header-name-case",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "headers are looked up by their names in small letters, so one with capitals is not found",
            zh: "按小写名称查找请求头，含大写字母的头找不到",
        },
        fix: Text {
            en: "compare the names of headers without regard to case",
            zh: "比较请求头名称时不区分大小写",
        },
        sources: &[
            PHP,
            "https://github.com/alipay/global-open-sdk-php (client/DefaultAlipayClient.php)",
        ],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |message| {
                message
                    .headers
                    .retain(|(name, _)| !name.contains(|c: char| c.is_ascii_uppercase()));
            })
        }),
    },
    Mistake {
        id: "parse-header-first",
        area: Area::Headers,
        severity: Severity::Forgery,
        what: Text {
            en: "of a header that came twice the first is used",
            zh: "请求头重复时取第一个",
        },
        fix: ONCE,
        sources: &[PHP],
        twin: Twin::Around(|inner, ask| changed(inner, ask, |message| first(&mut message.headers))),
    },
    Mistake {
        id: "parse-header-last",
        area: Area::Headers,
        severity: Severity::Forgery,
        what: Text {
            en: "of a header that came twice the last is used, as in a map",
            zh: "请求头重复时取最后一个，如同放进映射",
        },
        fix: ONCE,
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |message| {
                message.headers.reverse();
                first(&mut message.headers);
                message.headers.reverse();
            })
        }),
    },
    Mistake {
        id: "compare-header-signature-missing",
        area: Area::Headers,
        severity: Severity::Forgery,
        what: Text {
            en: "a message without a header for the signature, or with an empty one, is accepted",
            zh: "没有签名头或签名头为空的报文被接受",
        },
        fix: NEVER_UNSIGNED,
        sources: &[
            PHP,
            "https://github.com/alipay/global-open-sdk-java",
            "https://github.com/alipay/global-open-sdk-php (client/BaseAlipayClient.php)",
        ],
        twin: Twin::Around(|inner, ask| accepted_if(inner, ask, str::is_empty)),
    },
    Mistake {
        id: "compare-header-signature-null",
        area: Area::Headers,
        severity: Severity::Forgery,
        what: Text {
            en: "a message whose signature is the text null is accepted",
            zh: "签名为文本 null 的报文被接受",
        },
        fix: NEVER_UNSIGNED,
        sources: &[PHP],
        twin: Twin::Around(|inner, ask| accepted_if(inner, ask, |value| value == "null")),
    },
    Mistake {
        id: "compare-header-reply-not-verified",
        area: Area::Headers,
        severity: Severity::Forgery,
        what: Text {
            en: "the signature in the headers of a reply is not verified",
            zh: "没有验证响应头中的签名",
        },
        fix: Text { en: "verify every reply", zh: "每个响应都要验签" },
        sources: &[
            "https://github.com/alipay/alipay-sdk-nodejs-all/blob/0bd15e0ac65eb59f5b2103e885600007eb1e33a1/src/alipay.ts",
        ],
        twin: Twin::Around(|inner, ask| match (&ask.input, ask.operation) {
            (Input::Http(_), Operation::VerifyResponse) => Answer::accept(Output::default()),
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "encode-antom-signature-not-escaped",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "Antom: the base64 of the signature is sent as it is, so its plus signs arrive as spaces",
            zh: "Antom：签名的 base64 未转义就发送，其中的加号到达时变成空格",
        },
        fix: Text { en: "escape it once, as in a form", zh: "按表单方式转义一次" },
        sources: &["https://docs.antom.com/ac/ams/digital_signature (the rule)"],
        twin: Twin::Around(not_escaped),
    },
    Mistake {
        id: "encode-antom-signature-not-unescaped",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "Antom: the signature is read as base64 without undoing its escapes",
            zh: "Antom：未还原转义就把签名当作 base64 读取",
        },
        fix: Text { en: "undo the escapes once", zh: "先还原一次转义" },
        sources: &["https://docs.antom.com/ac/ams/digital_signature (the rule)"],
        twin: Twin::Around(not_unescaped),
    },
    Mistake {
        id: "encode-antom-signature-unescaped-twice",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "Antom: the escapes of the signature are undone a second time, after a framework has done so",
            zh: "Antom：框架已还原转义后又还原一次，加号变成空格",
        },
        fix: Text { en: "undo the escapes once", zh: "只还原一次转义" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |message| {
                for (_, value) in named(&mut message.headers, "signature") {
                    if let Ok(once) = form::unescape_text(value.as_bytes()) {
                        *value = String::from_utf8_lossy(&once).into_owned();
                    }
                }
            })
        }),
    },
    Mistake {
        id: "encode-v3-signature-unescaped",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the signature of a version 3 reply is unescaped as in a form, so its plus signs become spaces",
            zh: "第 3 版响应的签名被按表单还原转义，加号变成空格",
        },
        fix: Text {
            en: "take the header as the base64 that it is",
            zh: "该头就是 base64，直接使用",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |message| {
                for name in ["alipay-signature", "Wechatpay-Signature"] {
                    for (_, value) in named(&mut message.headers, name) {
                        *value = value.replace('+', " ");
                    }
                }
            })
        }),
    },
];

fn named<'a>(
    headers: &'a mut TextPairs,
    name: &'static str,
) -> impl Iterator<Item = &'a mut (String, String)> {
    headers.iter_mut().filter(move |(other, _)| other.eq_ignore_ascii_case(name))
}

fn first(headers: &mut TextPairs) {
    let mut seen = BTreeSet::new();
    headers.retain(|(name, _)| seen.insert(name.to_ascii_lowercase()));
}

/// No percent sign is base64.
fn not_unescaped(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let is_escaped = |message: &HttpMessage| {
        let mut headers = message.headers.iter();
        headers.any(|(name, value)| name.eq_ignore_ascii_case("signature") && value.contains('%'))
    };
    match &ask.input {
        Input::Http(message) if ask.operation != Operation::SignRequest && is_escaped(message) => {
            Answer::reject(Reason::BadSignatureEncoding, "the signature is no base64")
        }
        _ => inner.perform(ask),
    }
}

fn accepted_if(inner: &dyn Implementation, ask: &Ask, accepts: fn(&str) -> bool) -> Answer {
    let Input::Http(message) = &ask.input else { return inner.perform(ask) };
    let is_signature = |name: &str| {
        let names = ["alipay-signature", "signature", "Wechatpay-Signature"];
        names.iter().any(|other| name.eq_ignore_ascii_case(other))
    };
    let value = message.headers.iter().find(|(name, _)| is_signature(name));
    let value = value.map_or("", |(_, value)| value.as_str());
    if ask.operation != Operation::SignRequest && accepts(value) {
        return Answer::accept(Output::default());
    }
    inner.perform(ask)
}

fn not_escaped(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let mut answer = inner.perform(ask);
    if let (Answer::Value(output), Operation::SignRequest) = (&mut answer, ask.operation)
        && let Some(signature) = &mut output.signature
        && let Ok(base64) = form::unescape_text(signature.as_bytes())
        && signature.contains('%')
    {
        *signature = String::from_utf8_lossy(&base64).into_owned();
    }
    answer
}
