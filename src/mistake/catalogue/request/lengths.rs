//! How long values may be.

use super::{accepted, changed, refused};
use crate::charset::Charset;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::mapi::service::Service;
use crate::vector::input::TextPairs;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "request-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "the parameters of a request are not checked at all",
            zh: "完全不检查请求参数",
        },
        fix: Text {
            en: "check them against the table of the service before signing",
            zh: "签名之前按服务的参数表检查",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| accepted(inner, ask, |_| true)),
    },
    Mistake {
        id: "request-length-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "the lengths of values are not checked", zh: "不检查参数值的长度"
        },
        fix: Text {
            en: "compare with the limits of the table, in bytes of GBK",
            zh: "按表中的上限比较，以 GBK 字节计",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| changed(inner, ask, cut)),
    },
    Mistake {
        id: "request-length-in-characters",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "lengths are counted in characters, so a Chinese character counts one",
            zh: "长度按字符数计，一个汉字只算一",
        },
        fix: Text {
            en: "count bytes of GBK, where a Chinese character is two",
            zh: "按 GBK 字节计，一个汉字算两个字节",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| replace_wide(params, ask.charset, "x"))
        }),
    },
    Mistake {
        id: "request-length-in-utf8-bytes",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "lengths are counted in bytes of UTF-8, so a Chinese character counts three",
            zh: "长度按 UTF-8 字节计，一个汉字算三个",
        },
        fix: Text {
            en: "count bytes of GBK, where a Chinese character is two",
            zh: "按 GBK 字节计，一个汉字算两个字节",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| replace_wide(params, ask.charset, "xxx"))
        }),
    },
    Mistake {
        id: "request-length-limit-excluded",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a value of exactly the greatest length is refused",
            zh: "恰好达到长度上限的值被拒绝",
        },
        fix: Text {
            en: "accept lengths up to the limit, the limit itself included",
            zh: "接受不超过上限的长度，包括上限本身",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| refused(inner, ask, of_limit)),
    },
];

/// What counts two where Chinese characters do.
fn length(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

/// The parameters that have a limit, with it.
fn limits(params: &TextPairs) -> Vec<(&'static str, usize)> {
    let service = params.iter().find(|(name, _)| name == "service");
    let service = service.and_then(|(_, service)| Service::named(service));
    let parameters = service.into_iter().flat_map(|service| service.parameters.iter().copied());
    parameters.flatten().filter_map(|parameter| Some((parameter.name, parameter.limit?))).collect()
}

fn cut(params: &mut TextPairs) {
    for (limited, limit) in limits(params) {
        for (_, value) in params.iter_mut().filter(|(name, _)| name == limited) {
            while length(value) > limit {
                value.pop();
            }
        }
    }
}

fn of_limit(params: &TextPairs) -> bool {
    limits(params).iter().any(|(limited, limit)| {
        params.iter().any(|(name, value)| name == limited && length(value) == *limit)
    })
}

/// Writes characters that are no ASCII as others of another length, where the charset has them at all.
fn replace_wide(params: &mut TextPairs, charset: Charset, by: &str) {
    // What is not text may not become right by it.
    const TEXTS: [&str; 9] = [
        "subject",
        "body",
        "extra_common_param",
        "logistics_name",
        "receive_name",
        "receive_address",
        "detail_data",
        "seller_account_name",
        "buyer_account_name",
    ];
    for (name, value) in params.iter_mut() {
        if TEXTS.contains(&name.as_str()) && charset.encode(value).is_ok() {
            let written = value.chars().map(|character| match character {
                _ if character.is_ascii() => character.to_string(),
                _ => by.into(),
            });
            *value = written.collect();
        }
    }
}
