//! Requests: what is signed, and what is sent of it.

use super::super::altered::{replaced, with_page, with_sent};
use super::super::mobile_write::{order, quoted};
use super::without_sign_type;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::suite::reference::mobile::is_own;
use crate::vector::case::Ask;
use crate::vector::input::Input;
use crate::vector::operation::Operation;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "filter-sign-type-removed-from-openapi-request",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "sign_type is left out of a request to the open platform, as the legacy gateway has it",
            zh: "对开放平台的请求签名时按旧网关规则去掉了 sign_type",
        },
        fix: Text {
            en: "sign every parameter but sign", zh: "除 sign 外的参数全部参与签名"
        },
        sources: &["https://github.com/fzlee/alipay/issues/54"],
        twin: Twin::Signing(|stages| stages.filter = without_sign_type),
    },
    Mistake {
        id: "filter-empty-in-order-string",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "empty parameters are not signed, but stand in the order string",
            zh: "空值没有参与签名，却留在订单串中",
        },
        fix: Text {
            en: "leave them out of the order string as well", zh: "订单串中也去掉空值"
        },
        sources: &[
            "https://github.com/yansongda/pay/issues/148",
            "https://github.com/yansongda/pay/issues/119",
            "https://github.com/smartwalle/alipay/issues/109",
        ],
        twin: Twin::Around(empty_in_order_string),
    },
    Mistake {
        id: "encode-json-signed-differs-from-sent",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "biz_content is signed as one text of JSON and sent as another, without its blanks",
            zh: "biz_content 签名与发送的 JSON 文本不同：发送时去掉了空白",
        },
        fix: Text {
            en: "write the JSON once, sign that text and send it",
            zh: "JSON 只序列化一次，签名与发送用同一文本",
        },
        sources: &[
            "https://github.com/minibear2021/wechatpayv3/issues/92",
            "https://github.com/w7corp/easywechat/pull/2169",
        ],
        twin: Twin::Around(|inner, ask| {
            with_sent(ask, inner.perform(ask), |sent| {
                for (name, value) in sent {
                    if name == b"biz_content" {
                        *value = without_blanks(value);
                    }
                }
            })
        }),
    },
    Mistake {
        id: "charset-absent-from-url",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "the address of a form does not name the charset, so the gateway cannot decode the form",
            zh: "表单地址没有 charset，网关无法正确解码表单",
        },
        fix: Text { en: "append ?charset= to the address", zh: "在地址后加上 ?charset=" },
        sources: &[
            "https://github.com/chloerei/alipay/pull/90",
            "https://github.com/yansongda/pay/issues/247",
            "https://github.com/easy-swoole/pay/issues/24",
        ],
        twin: Twin::Around(|inner, ask| with_action_charset(inner, ask, |_| Vec::new())),
    },
    Mistake {
        id: "charset-spelling-differs",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "the address of a form spells the charset in small letters, the signed parameter in capitals",
            zh: "表单地址中的 charset 为小写，签名参数中为大写",
        },
        fix: Text {
            en: "spell it in the address as it is signed", zh: "地址中的写法与签名的一致"
        },
        sources: &["https://github.com/yansongda/pay/issues/147"],
        twin: Twin::Around(|inner, ask| {
            with_action_charset(inner, ask, <[u8]>::to_ascii_lowercase)
        }),
    },
];

fn empty_in_order_string(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let (Operation::BuildOrderString, Input::Params(params)) = (ask.operation, &ask.input) else {
        return inner.perform(ask);
    };
    let empty = params.iter().filter(|(_, value)| value.is_empty()).map(|(name, _)| name);
    if is_own(ask) {
        return order(inner, ask, |signed| {
            let empty = empty.clone().map(|name| (name.as_bytes(), &[][..]));
            (quoted(signed), quoted(&signed.iter().chain(empty).collect()))
        });
    }
    with_sent(ask, inner.perform(ask), |sent| {
        sent.extend(empty.map(|name| (name.clone().into_bytes(), Vec::new())));
    })
}

/// JSON without the blanks between its tokens.
fn without_blanks(json: &[u8]) -> Vec<u8> {
    let (mut is_text, mut is_escaped) = (false, false);
    let mut keep = |byte: &u8| {
        let kept = is_text || !byte.is_ascii_whitespace();
        is_text ^= *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        kept
    };
    json.iter().copied().filter(|byte| keep(byte)).collect()
}

/// The page with `?charset=…` in its address changed.
fn with_action_charset(
    inner: &dyn Implementation,
    ask: &Ask,
    change: impl FnOnce(&[u8]) -> Vec<u8>,
) -> Answer {
    with_page(inner.perform(ask), |html| {
        let Some(start) = memchr::memmem::find(html, b"?charset=") else {
            return html.to_vec();
        };
        let query = html.get(start..).unwrap_or_default();
        let end = query.iter().position(|byte| *byte == b'"').unwrap_or(query.len());
        let query = query.get(..end).unwrap_or_default();
        let changed = String::from_utf8_lossy(&change(query)).into_owned();
        replaced(html, &[(&String::from_utf8_lossy(query), &changed)])
    })
}
