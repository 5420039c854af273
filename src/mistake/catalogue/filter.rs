//! Which parameters are signed.

use super::altered::{holds_signature, is_excluded, is_signed, join_pairs, join_values, with_sent};
use crate::canonical::Selection;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::operation::Input;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "filter-empty-included",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "parameters with an empty value are signed",
            zh: "值为空的参数参与了签名",
        },
        fix: Text {
            en: "leave out every parameter whose value has no byte, when signing and when verifying",
            zh: "签名和验签时都去掉值为空的参数",
        },
        sources: &[
            "the PyPI package alipay 0.7.4",
            "https://github.com/chloerei/alipay",
            "https://github.com/justquanyin/third-payment/pull/7",
        ],
        twin: Twin::Stages(|stages| stages.filter = empty_included),
    },
    Mistake {
        id: "filter-empty-kept-when-verifying",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "empty values are left out of requests but verified as part of messages",
            zh: "请求里去掉了空值，验签时却保留",
        },
        fix: Text {
            en: "leave out every parameter whose value has no byte, when signing and when verifying",
            zh: "签名和验签时都去掉值为空的参数",
        },
        sources: &["public copies of the official PHP demo of 2008 to 2011, on its return page"],
        twin: Twin::Stages(|stages| stages.filter = empty_kept_when_verifying),
    },
    Mistake {
        id: "filter-empty-kept-when-signing",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "empty values are left out of messages but signed in requests",
            zh: "验签时去掉了空值，请求签名时却保留",
        },
        fix: Text {
            en: "leave out every parameter whose value has no byte, when signing and when verifying",
            zh: "签名和验签时都去掉值为空的参数",
        },
        sources: &["derived: the reverse of the official PHP demo of 2008 to 2011"],
        twin: Twin::Stages(|stages| stages.filter = empty_kept_when_signing),
    },
    Mistake {
        id: "filter-empty-as-null",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "an empty value is signed as the text null",
            zh: "空值被当作文本 null 参与签名",
        },
        fix: Text {
            en: "leave out every parameter whose value has no byte, when signing and when verifying",
            zh: "签名和验签时都去掉值为空的参数",
        },
        sources: &["derived from how Java and JavaScript join a null"],
        twin: Twin::Stages(|stages| {
            stages.filter = empty_included;
            stages.join = |params, selection, string| empty_as(params, selection, string, b"null");
        }),
    },
    Mistake {
        id: "filter-empty-as-none",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "an empty value is signed as the text None",
            zh: "空值被当作文本 None 参与签名",
        },
        fix: Text {
            en: "leave out every parameter whose value has no byte, when signing and when verifying",
            zh: "签名和验签时都去掉值为空的参数",
        },
        sources: &["https://github.com/lxneng/alipay", "https://github.com/liuyug/django-alipay"],
        twin: Twin::Stages(|stages| {
            stages.filter = empty_included;
            stages.join = |params, selection, string| empty_as(params, selection, string, b"None");
        }),
    },
    Mistake {
        id: "filter-empty-sent",
        area: Area::Filter,
        severity: Severity::Info,
        what: Text {
            en: "empty parameters are not signed but sent",
            zh: "空值没有参与签名，却仍然发送",
        },
        fix: Text {
            en: "send exactly what is signed, sign and sign_type besides",
            zh: "除 sign 和 sign_type 外，只发送参与签名的参数",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(empty_sent),
    },
    Mistake {
        id: "filter-zero-treated-as-empty",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "the value 0 is taken for empty and not signed",
            zh: "值 0 被当作空值，没有参与签名",
        },
        fix: Text {
            en: "only a value without any byte is empty",
            zh: "只有一个字节都没有的值才是空值",
        },
        sources: &[
            "https://github.com/w7corp/easywechat/pull/2864",
            "https://github.com/go-pay/gopay/issues/7",
            "https://github.com/aliyun/api-gateway-nodejs-sdk/issues/14",
        ],
        twin: Twin::Stages(|stages| stages.filter = zero_dropped),
    },
    Mistake {
        id: "filter-blank-treated-as-empty",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "a value of ASCII blanks only is taken for empty and not signed",
            zh: "只有 ASCII 空白的值被当作空值，没有参与签名",
        },
        fix: Text {
            en: "only a value without any byte is empty",
            zh: "只有一个字节都没有的值才是空值",
        },
        sources: &["derived from testing the trimmed value"],
        twin: Twin::Stages(|stages| stages.filter = blank_dropped),
    },
    Mistake {
        id: "filter-unicode-blank-treated-as-empty",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "a value of blanks only, the full-width one included, is taken for empty and not signed",
            zh: "只有空白（含全角空格）的值被当作空值，没有参与签名",
        },
        fix: Text {
            en: "only a value without any byte is empty",
            zh: "只有一个字节都没有的值才是空值",
        },
        sources: &[
            "https://github.com/alipay/alipay-sdk-java-all (StringUtils.isEmpty)",
            "https://commons.apache.org/proper/commons-lang/ (StringUtils.isBlank)",
        ],
        twin: Twin::Stages(|stages| stages.filter = unicode_blank_dropped),
    },
    Mistake {
        id: "filter-values-trimmed",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "values are trimmed where they are signed",
            zh: "签名时去掉了值首尾的空白",
        },
        fix: Text { en: "sign values as they are", zh: "按原样对值签名" },
        sources: &["https://github.com/smartwalle/alipay/pull/83"],
        twin: Twin::Stages(|stages| stages.join = values_trimmed),
    },
    Mistake {
        id: "filter-sign-left-in",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "the signature itself is part of what is verified",
            zh: "签名本身参与了验签",
        },
        fix: Text {
            en: "leave out sign and sign_type and nothing else",
            zh: "只去掉 sign 和 sign_type",
        },
        sources: &[
            "https://developers.weixin.qq.com/community/pay/article/doc/0004a879f60928d89340b8b9f64c13",
            "https://blog.csdn.net/qq_39505065/article/details/84429592",
        ],
        twin: Twin::Stages(|stages| stages.filter = sign_left_in),
    },
    Mistake {
        id: "filter-sign-type-left-in-notify",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "sign_type is part of what is verified", zh: "验签时没有去掉 sign_type"
        },
        fix: Text {
            en: "leave out sign and sign_type and nothing else",
            zh: "只去掉 sign 和 sign_type",
        },
        sources: &[
            "https://blog.csdn.net/qq_39505065/article/details/84429592",
            "https://github.com/yansongda/pay/pull/389",
            "https://github.com/alipay/alipay-sdk-nodejs-all/issues/30",
        ],
        twin: Twin::Stages(|stages| stages.filter = sign_type_verified),
    },
    Mistake {
        id: "filter-sign-type-signed",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "sign_type is signed in requests, as newer Alipay protocols have it",
            zh: "请求签名时包含了 sign_type（新协议才这样做）",
        },
        fix: Text {
            en: "leave out sign and sign_type and nothing else",
            zh: "只去掉 sign 和 sign_type",
        },
        sources: &[
            "https://github.com/lokielse/omnipay-alipay",
            "https://www.cnblogs.com/xiaoxiaojia/p/5497330.html",
        ],
        twin: Twin::Stages(|stages| stages.filter = sign_type_signed),
    },
    Mistake {
        id: "filter-begins-with-sign-excluded",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "every name that begins with sign is left out",
            zh: "所有以 sign 开头的参数都被去掉",
        },
        fix: Text {
            en: "leave out sign and sign_type and nothing else",
            zh: "只去掉 sign 和 sign_type",
        },
        sources: &["derived from prefix comparison"],
        twin: Twin::Stages(|stages| stages.filter = sign_prefix_excluded),
    },
    Mistake {
        id: "filter-key-excluded",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "a parameter named key is left out, as WeChat Pay has it",
            zh: "名为 key 的参数被去掉（微信支付的习惯）",
        },
        fix: Text {
            en: "leave out sign and sign_type and nothing else",
            zh: "只去掉 sign 和 sign_type",
        },
        sources: &["derived from ports of WeChat Pay code"],
        twin: Twin::Stages(|stages| stages.filter = key_excluded),
    },
    Mistake {
        id: "filter-gateway-excluded",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "a parameter named gateway is left out, because the address is kept among the parameters",
            zh: "网关地址混放在参数里，名为 gateway 的参数被去掉",
        },
        fix: Text {
            en: "keep the gateway's address apart from the parameters",
            zh: "网关地址不要和参数放在一起",
        },
        sources: &["derived from implementations that keep the address among the parameters"],
        twin: Twin::Stages(|stages| stages.filter = gateway_excluded),
    },
    Mistake {
        id: "filter-input-charset-excluded",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "_input_charset is taken for a setting and not signed",
            zh: "_input_charset 被当作设置，没有参与签名",
        },
        fix: Text {
            en: "sign _input_charset whenever it is sent",
            zh: "只要发送 _input_charset 就要签名",
        },
        sources: &["common in question-and-answer threads on ILLEGAL_SIGN"],
        twin: Twin::Stages(|stages| stages.filter = charset_excluded),
    },
    Mistake {
        id: "filter-notify-id-removed",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "notify_id is removed before a notification is verified",
            zh: "验签前去掉了 notify_id",
        },
        fix: Text {
            en: "leave out sign and sign_type and nothing else",
            zh: "只去掉 sign 和 sign_type",
        },
        sources: &["https://github.com/lokielse/omnipay-alipay/pull/19"],
        twin: Twin::Stages(|stages| stages.filter = notify_id_removed),
    },
    Mistake {
        id: "filter-php-key-zero",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "a parameter named 0 is left out, because PHP before 8 finds 0 equal to sign",
            zh: "名为 0 的参数被去掉，因为 PHP 8 之前 0 == \"sign\" 成立",
        },
        fix: Text { en: "compare names as text, with ===", zh: "用 === 按文本比较参数名" },
        sources: &["copies of the official PHP demo: https://github.com/xujiajun/php-alipay-sdk"],
        twin: Twin::Stages(|stages| stages.filter = zero_name_dropped),
    },
    Mistake {
        id: "filter-names-lower-cased",
        area: Area::Filter,
        severity: Severity::Forgery,
        what: Text {
            en: "names are lower-cased before they are signed, so a message whose names were altered verifies",
            zh: "参数名先转成小写再签名，改动了大小写的报文也能通过验签",
        },
        fix: Text { en: "keep names as they are", zh: "参数名保持原样" },
        sources: &["public copies of the official C# demo"],
        twin: Twin::Stages(|stages| stages.join = names_lower_cased),
    },
];

fn empty_included(params: &Params, excluded: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| !is_excluded(pair, excluded));
}

fn empty_kept_when_verifying(params: &Params, excluded: &[&str], selection: &mut Selection) {
    let keeps = holds_signature(params);
    selection
        .select(params, |pair| (keeps || !pair.value().is_empty()) && !is_excluded(pair, excluded));
}

fn empty_kept_when_signing(params: &Params, excluded: &[&str], selection: &mut Selection) {
    let keeps = !holds_signature(params);
    selection
        .select(params, |pair| (keeps || !pair.value().is_empty()) && !is_excluded(pair, excluded));
}

fn empty_as(params: &Params, selection: &Selection, string: &mut Vec<u8>, text: &[u8]) {
    join_values(params, selection, string, |value| {
        if value.is_empty() { text.to_vec() } else { value.to_vec() }
    });
}

fn empty_sent(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let answer = inner.perform(ask);
    let Input::Request { params, .. } = &ask.input else { return answer };
    let empty = params.iter().filter(|(_, value)| value.is_empty());
    with_sent(ask, answer, |sent| {
        for (name, _) in empty {
            if let Ok(name) = ask.charset.encode(name) {
                sent.push((name.into_owned(), Vec::new()));
            }
        }
    })
}

fn zero_dropped(params: &Params, excluded: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| is_signed(pair, excluded) && pair.value() != b"0");
}

fn blank_dropped(params: &Params, excluded: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| {
        !pair.value().trim_ascii().is_empty() && !is_excluded(pair, excluded)
    });
}

fn unicode_blank_dropped(params: &Params, excluded: &[&str], selection: &mut Selection) {
    let is_blank = |value| std::str::from_utf8(value).is_ok_and(|value| value.trim().is_empty());
    selection.select(params, |pair| !is_blank(pair.value()) && !is_excluded(pair, excluded));
}

fn values_trimmed(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_values(params, selection, string, |value| value.trim_ascii().to_vec());
}

fn sign_left_in(params: &Params, _: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| !pair.value().is_empty() && pair.name() != b"sign_type");
}

fn sign_type_verified(params: &Params, excluded: &[&str], selection: &mut Selection) {
    let concerns = holds_signature(params);
    selection.select(params, |pair| {
        is_signed(pair, excluded) || concerns && pair.name() == b"sign_type"
    });
}

fn sign_type_signed(params: &Params, excluded: &[&str], selection: &mut Selection) {
    let concerns = !holds_signature(params);
    selection.select(params, |pair| {
        is_signed(pair, excluded) || concerns && pair.name() == b"sign_type"
    });
}

fn sign_prefix_excluded(params: &Params, excluded: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| is_signed(pair, excluded) && !pair.name().starts_with(b"sign"));
}

fn without(params: &Params, excluded: &[&str], selection: &mut Selection, names: &[&str]) {
    selection.select(params, |pair| is_signed(pair, excluded) && !is_excluded(pair, names));
}

fn key_excluded(params: &Params, excluded: &[&str], selection: &mut Selection) {
    without(params, excluded, selection, &["key"]);
}

fn gateway_excluded(params: &Params, excluded: &[&str], selection: &mut Selection) {
    without(params, excluded, selection, &["gateway"]);
}

fn charset_excluded(params: &Params, excluded: &[&str], selection: &mut Selection) {
    without(params, excluded, selection, &["_input_charset"]);
}

fn zero_name_dropped(params: &Params, excluded: &[&str], selection: &mut Selection) {
    without(params, excluded, selection, &["0"]);
}

fn notify_id_removed(params: &Params, excluded: &[&str], selection: &mut Selection) {
    let names: &[&str] = if holds_signature(params) { &["notify_id"] } else { &[] };
    without(params, excluded, selection, names);
}

fn names_lower_cased(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_pairs(params, selection, string, |pair| {
        [&pair.name().to_ascii_lowercase(), &b"="[..], pair.value()].concat()
    });
}
