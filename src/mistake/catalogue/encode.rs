//! Escapes that are signed, and escapes that frameworks add.

use super::altered::{
    decode_values, join_pairs, join_values, percent_decoded, percent_encoded, replaced, url_encoded,
};
use crate::canonical::{self, Selection};
use crate::form::{FormError, Limits};
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
        sources: &["derived from .NET's HttpUtility.UrlEncode"],
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
        sources: &["derived from JavaScript's encodeURIComponent"],
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
        sources: &["derived from addresses that are encoded before they become parameters"],
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
    Mistake {
        id: "encode-tags-stripped",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "an input filter removes what looks like HTML tags from received values before verifying",
            zh: "输入过滤器在验签前去掉了收到的值里形似 HTML 标签的内容",
        },
        fix: Text {
            en: "verify the values as they were sent and clean them only where a page shows them",
            zh: "按发送的原值验签，只在页面显示时清理",
        },
        sources: &["https://www.php.net/manual/en/function.strip-tags.php"],
        twin: Twin::Stages(|stages| stages.decode = tags_stripped),
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

fn tags_stripped(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_values(message, limits, params, |value| {
        let mut depth = 0_usize;
        let keeps = |byte: &u8| {
            let was_outside = depth == 0;
            match byte {
                b'<' => depth = 1,
                b'>' => depth = 0,
                _ => {}
            }
            was_outside && *byte != b'<'
        };
        value.iter().copied().filter(keeps).collect()
    })
}
