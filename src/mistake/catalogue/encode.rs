//! Escapes that are signed, and escapes that are read wrongly.

use super::altered::{
    self, decode_pairs, decode_text, decode_values, join_pairs, join_values, percent_decoded,
    percent_encoded, replaced, url_encoded,
};
use crate::canonical::{self, Selection};
use crate::form::{self, FormError, Limits};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "encode-before-sign",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "values are URL-encoded before they are signed",
            zh: "值先做了 URL 编码再签名",
        },
        fix: Text {
            en: "sign the raw values and encode them only on the wire",
            zh: "对原始值签名，只在发送时编码",
        },
        sources: &[
            "https://github.com/thenbsp/wechat/issues/29",
            "https://www.techpu.com/album/zsiwd/20250803/26975.html",
        ],
        twin: Twin::Stages(|stages| stages.join = form_encoded),
    },
    Mistake {
        id: "encode-before-sign-lower-hex",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "values are URL-encoded with lower-case hex digits before they are signed, as .NET encodes",
            zh: "值先按 .NET 的小写十六进制做了 URL 编码再签名",
        },
        fix: Text {
            en: "sign the raw values and encode them only on the wire",
            zh: "对原始值签名，只在发送时编码",
        },
        sources: &["public copies of the official C# demo"],
        twin: Twin::Stages(|stages| stages.join = form_encoded_lower),
    },
    Mistake {
        id: "encode-before-sign-component",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "values are percent-encoded with %20 for a space before they are signed, as encodeURIComponent encodes",
            zh: "值先按 encodeURIComponent 编码（空格为 %20）再签名",
        },
        fix: Text {
            en: "sign the raw values and encode them only on the wire",
            zh: "对原始值签名，只在发送时编码",
        },
        sources: &["https://github.com/thenbsp/wechat/issues/29"],
        twin: Twin::Stages(|stages| stages.join = component_encoded),
    },
    Mistake {
        id: "encode-before-sign-whole-uri",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the string is passed through encodeURI before it is signed, so what is not ASCII, blanks and quotation marks change",
            zh: "签名前整个字符串经过 encodeURI，非 ASCII 字符、空格和引号都变了",
        },
        fix: Text {
            en: "sign the raw values and encode them only on the wire",
            zh: "对原始值签名，只在发送时编码",
        },
        sources: &["derived from JavaScript's encodeURI"],
        twin: Twin::Stages(|stages| stages.join = uri_encoded),
    },
    Mistake {
        id: "encode-urls-before-sign",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "only the addresses notify_url, return_url and show_url are URL-encoded before they are signed",
            zh: "只有 notify_url、return_url、show_url 这些网址先编码再签名",
        },
        fix: Text {
            en: "sign the raw values and encode them only on the wire",
            zh: "对原始值签名，只在发送时编码",
        },
        sources: &["common in question-and-answer threads on ILLEGAL_SIGN"],
        twin: Twin::Stages(|stages| stages.join = addresses_encoded),
    },
    Mistake {
        id: "encode-string-decoded",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the joined string is URL-decoded before it is signed, so a literal %41 or + in a value changes",
            zh: "拼接好的字符串又做了一次 URL 解码再签名，值里原有的 %41 或 + 被改变",
        },
        fix: Text {
            en: "join the values as they are instead of building a query and decoding it",
            zh: "直接拼接原值，不要先生成查询串再解码",
        },
        sources: &["https://github.com/lokielse/omnipay-alipay"],
        twin: Twin::Stages(|stages| stages.join = string_decoded),
    },
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
        sources: &["https://github.com/thenbsp/wechat/issues/29"],
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
        sources: &["common in public PHP handlers"],
        twin: Twin::Stages(|stages| stages.decode = space_in_sign_repaired),
    },
    Mistake {
        id: "encode-html-entities-in-values",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "an input filter turns &, <, > and double quotation marks into HTML entities before verifying",
            zh: "输入过滤器在验签前把 &、<、> 和双引号换成了 HTML 实体",
        },
        fix: Text {
            en: "verify the values as they were sent and escape them only where a page shows them",
            zh: "按发送的原值验签，只在页面显示时转义",
        },
        sources: &[
            "https://github.com/alipay/alipay-easysdk/issues/163",
            "https://github.com/yansongda/pay/issues/180",
        ],
        twin: Twin::Stages(|stages| stages.decode = entities_received),
    },
    Mistake {
        id: "encode-html-entities-apostrophe",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "an input filter turns &, <, > and both kinds of quotation marks into HTML entities before verifying, the apostrophe into &#039;",
            zh: "输入过滤器在验签前把 &、<、>、双引号和单引号换成 HTML 实体，单引号成了 &#039;",
        },
        fix: Text {
            en: "verify the values as they were sent and escape them only where a page shows them",
            zh: "按发送的原值验签，只在页面显示时转义",
        },
        sources: &["https://www.php.net/manual/en/function.htmlspecialchars.php (ENT_QUOTES)"],
        twin: Twin::Stages(|stages| stages.decode = entities_and_apostrophe_received),
    },
    Mistake {
        id: "encode-html-entities-signed",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "values are escaped for HTML before they are signed",
            zh: "值先做了 HTML 转义再签名",
        },
        fix: Text {
            en: "sign the raw values and escape them only in the page",
            zh: "对原始值签名，只在写入页面时转义",
        },
        sources: &["derived from frameworks that escape when a template is filled"],
        twin: Twin::Stages(|stages| stages.join = entities_signed),
    },
    Mistake {
        id: "encode-html-entities-decoded",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "HTML entities in received values are decoded before verifying, so a genuine &amp; changes",
            zh: "验签前把收到的值里的 HTML 实体还原，真实的 &amp; 被改变",
        },
        fix: Text {
            en: "remove the filter that escapes instead of undoing it",
            zh: "去掉转义输入的过滤器，而不是再还原",
        },
        sources: &["https://github.com/alipay/alipay-easysdk/issues/163"],
        twin: Twin::Stages(|stages| stages.decode = entities_decoded),
    },
    Mistake {
        id: "encode-magic-quotes",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "backslashes are added before quotation marks, backslashes and NUL in received values",
            zh: "收到的值里，引号、反斜杠和 NUL 前被加上了反斜杠",
        },
        fix: Text {
            en: "switch magic quotes off, or strip them from each value before verifying",
            zh: "关闭 magic quotes，或在验签前逐值去除",
        },
        sources: &["https://github.com/yansongda/pay/issues/749"],
        twin: Twin::Stages(|stages| stages.decode = slashes_added),
    },
];

fn form_encoded(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_values(params, selection, string, url_encoded);
}

fn form_encoded_lower(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_values(params, selection, string, |value| {
        replaced(&percent_encoded(value, b"-_.!*() ", true), &[(" ", "+")])
    });
}

fn component_encoded(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_values(params, selection, string, |value| percent_encoded(value, b"-_.!~*'()", false));
}

fn uri_encoded(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    canonical::join(params, selection, string);
    *string = percent_encoded(string, b"-_.!~*'();/?:@&=+$,#", false);
}

fn addresses_encoded(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_pairs(params, selection, string, |pair| match pair.name() {
        b"notify_url" | b"return_url" | b"show_url" => {
            [pair.name(), b"=", &url_encoded(pair.value())].concat()
        }
        _ => pair.written().to_vec(),
    });
}

fn string_decoded(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    canonical::join(params, selection, string);
    *string = percent_decoded(string, b' ');
}

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

/// As PHP's `htmlspecialchars` has it, but for the apostrophe.
const ENTITIES: &[(&str, &str)] = &[("&", "&amp;"), ("\"", "&quot;"), ("<", "&lt;"), (">", "&gt;")];

fn entities_received(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_values(message, limits, params, |value| replaced(value, ENTITIES))
}

fn entities_and_apostrophe_received(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
) -> Result<(), FormError> {
    decode_values(message, limits, params, |value| {
        replaced(&replaced(value, ENTITIES), &[("'", "&#039;")])
    })
}

fn entities_signed(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_values(params, selection, string, |value| replaced(value, ENTITIES));
}

fn entities_decoded(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_values(message, limits, params, |value| {
        let characters = [("&quot;", "\""), ("&#039;", "'"), ("&#39;", "'"), ("&lt;", "<")];
        replaced(&replaced(value, &characters), &[("&gt;", ">"), ("&amp;", "&")])
    })
}

fn slashes_added(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_values(message, limits, params, |value| {
        replaced(value, &[("\\", "\\\\"), ("'", "\\'"), ("\"", "\\\""), ("\0", "\\0")])
    })
}
