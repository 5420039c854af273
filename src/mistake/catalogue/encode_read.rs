//! Percent-escapes that are read wrongly.

use super::altered::{self, decode_pairs, decode_text, decode_values, percent_decoded, replaced};
use crate::form::{self, FormError, Limits};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "encode-not-decoded",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the message is verified as it stands on the wire, without decoding",
            zh: "报文没有解码，直接拿线上的原文验签",
        },
        fix: Text {
            en: "decode each name and value exactly once", zh: "每个参数名和值只解码一次"
        },
        sources: &["derived from handlers that split the raw query by hand"],
        twin: Twin::Stages(|stages| stages.decode = not_decoded),
    },
    Mistake {
        id: "encode-double-decode",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "values that the framework has decoded are decoded again",
            zh: "框架已经解码过的值又解码了一次",
        },
        fix: Text {
            en: "decode each name and value exactly once", zh: "每个参数名和值只解码一次"
        },
        sources: &[
            "https://github.com/yansongda/pay/issues/681",
            "https://github.com/yansongda/pay/pull/684",
        ],
        twin: Twin::Stages(|stages| stages.decode = decoded_twice),
    },
    Mistake {
        id: "encode-double-decode-component",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "values that the framework has decoded are decoded again by decodeURIComponent, which leaves + alone",
            zh: "框架已经解码过的值又经过 decodeURIComponent（保留 +）",
        },
        fix: Text {
            en: "decode each name and value exactly once", zh: "每个参数名和值只解码一次"
        },
        sources: &[
            "https://github.com/alipay/alipay-sdk-nodejs-all/issues/45",
            "https://github.com/alipay/alipay-sdk-nodejs-all/pull/85",
        ],
        twin: Twin::Stages(|stages| stages.decode = component_decoded_twice),
    },
    Mistake {
        id: "encode-double-decode-but-notify-id",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "all values but notify_id are decoded again",
            zh: "除 notify_id 外的所有值又解码了一次",
        },
        fix: Text {
            en: "decode each name and value exactly once", zh: "每个参数名和值只解码一次"
        },
        sources: &["https://github.com/flyerhzm/activemerchant_patch_for_china"],
        twin: Twin::Stages(|stages| stages.decode = but_notify_id_decoded_twice),
    },
    Mistake {
        id: "encode-double-decode-notify-id",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "notify_id is decoded a second time because it shows %2F",
            zh: "因为看到 %2F，又把 notify_id 多解码了一次",
        },
        fix: Text {
            en: "decode each name and value exactly once", zh: "每个参数名和值只解码一次"
        },
        sources: &["derived from real messages, whose notify_id keeps %2F"],
        twin: Twin::Stages(|stages| stages.decode = notify_id_decoded_twice),
    },
    Mistake {
        id: "encode-decode-before-split",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the message is decoded first and split afterwards, so an encoded & or = in a value becomes a separator",
            zh: "先解码整个报文再分段，值里编码过的 & 和 = 变成了分隔符",
        },
        fix: Text {
            en: "split at & and = first, then decode each part",
            zh: "先按 & 和 = 分段，再逐段解码",
        },
        sources: &[
            "https://github.com/Pay-Group/best-pay-sdk/issues/74",
            "https://github.com/yansongda/pay/pull/249",
        ],
        twin: Twin::Stages(|stages| stages.decode = decoded_before_split),
    },
    Mistake {
        id: "encode-plus-kept",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "a + in the message stays a plus sign instead of becoming a space",
            zh: "报文里的 + 没有变成空格",
        },
        fix: Text {
            en: "read + as a space and %2B as a plus sign",
            zh: "+ 读作空格，%2B 读作加号",
        },
        sources: &["derived from PHP's rawurldecode and JavaScript's decodeURIComponent"],
        twin: Twin::Stages(|stages| stages.decode = plus_kept),
    },
    Mistake {
        id: "encode-js-unescape",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the message is read with JavaScript's unescape, which takes each escaped byte for a character of Latin-1",
            zh: "报文用 JavaScript 的 unescape 解码，每个字节被当成一个 Latin-1 字符",
        },
        fix: Text { en: "decode escapes to bytes", zh: "把转义还原成字节" },
        sources: &[
            "https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/unescape",
        ],
        twin: Twin::Stages(|stages| stages.decode = js_unescaped),
    },
    Mistake {
        id: "encode-plus-in-sign-becomes-space",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the + of a base64 signature becomes a space",
            zh: "base64 签名里的 + 变成了空格",
        },
        fix: Text {
            en: "send the signature percent-encoded and decode it exactly once",
            zh: "签名发送时要做百分号编码，接收时只解码一次",
        },
        sources: &["https://github.com/wandercn/alipay_sdk_rust/issues/14"],
        twin: Twin::Stages(|stages| stages.decode = plus_in_sign_lost),
    },
    Mistake {
        id: "encode-space-in-sign-becomes-plus",
        area: Area::Encode,
        severity: Severity::Info,
        what: Text {
            en: "spaces in the signature are turned back into +, which hides that something decoded the message twice",
            zh: "把签名里的空格换回 +，掩盖了报文被多解码一次的事实",
        },
        fix: Text {
            en: "find what decodes a second time, and refuse a signature with spaces",
            zh: "找出多余的解码，拒绝带空格的签名",
        },
        sources: &["derived from a widespread cure in PHP: str_replace(' ', '+', $sign)"],
        twin: Twin::Stages(|stages| stages.decode = space_in_sign_repaired),
    },
];

fn not_decoded(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_text(message, limits, params, <[u8]>::to_vec)
}

fn decoded_twice(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_values(message, limits, params, |value| percent_decoded(value, b' '))
}

fn component_decoded_twice(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
) -> Result<(), FormError> {
    decode_values(message, limits, params, |value| percent_decoded(value, b'+'))
}

fn but_notify_id_decoded_twice(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
) -> Result<(), FormError> {
    decode_where(
        message,
        limits,
        params,
        |name| name != b"notify_id",
        |value| percent_decoded(value, b' '),
    )
}

fn notify_id_decoded_twice(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
) -> Result<(), FormError> {
    decode_where(
        message,
        limits,
        params,
        |name| name == b"notify_id",
        |value| percent_decoded(value, b' '),
    )
}

fn decode_where(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
    concerns: impl Fn(&[u8]) -> bool,
    alter: impl Fn(&[u8]) -> Vec<u8>,
) -> Result<(), FormError> {
    decode_pairs(message, limits, params, |mut pairs| {
        for (name, value) in &mut pairs {
            if concerns(name) {
                *value = alter(value);
            }
        }
        pairs
    })
}

fn decoded_before_split(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
) -> Result<(), FormError> {
    form::decode_into(message, limits, params)?;
    let message = percent_decoded(message, b' ');
    *params = altered::segments(&message, b'&').collect();
    Ok(())
}

fn plus_kept(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_text(message, limits, params, |text| percent_decoded(text, b'+'))
}

fn js_unescaped(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_text(message, limits, params, |text| {
        percent_decoded(text, b'+').into_iter().map(char::from).collect::<String>().into_bytes()
    })
}

fn plus_in_sign_lost(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_where(
        message,
        limits,
        params,
        |name| name == b"sign",
        |value| replaced(value, &[("+", " ")]),
    )
}

fn space_in_sign_repaired(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
) -> Result<(), FormError> {
    decode_where(
        message,
        limits,
        params,
        |name| name == b"sign",
        |value| replaced(value, &[(" ", "+")]),
    )
}
