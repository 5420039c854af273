//! Which names are signed.

use super::altered::{is_excluded, is_signed, join_pairs};
use crate::canonical::Selection;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;

pub(super) const MISTAKES: &[Mistake] = &[
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
        twin: Twin::Verifying(|stages| stages.filter = with_sign_type),
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
        twin: Twin::Signing(|stages| stages.filter = with_sign_type),
    },
    Mistake {
        id: "filter-signed-as-given",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "parameters are signed as they are given: those without a value, sign and sign_type too",
            zh: "给出的参数全部参与签名，空值以及 sign、sign_type 也不例外",
        },
        fix: Text {
            en: "leave out empty values, sign and sign_type, whoever put them there",
            zh: "无论由谁放入，签名时都去掉空值以及 sign 和 sign_type",
        },
        sources: &["the PyPI package alipay 0.7.4"],
        twin: Twin::Signing(|stages| stages.filter = as_given),
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
        sources: &["derived from settings that are kept apart from the parameters"],
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
        twin: Twin::Verifying(|stages| stages.filter = notify_id_removed),
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

fn sign_left_in(params: &Params, _: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| !pair.value().is_empty() && pair.name() != b"sign_type");
}

fn with_sign_type(params: &Params, excluded: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| is_signed(pair, excluded) || pair.name() == b"sign_type");
}

fn as_given(params: &Params, _: &[&str], selection: &mut Selection) {
    selection.select(params, |_| true);
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
    without(params, excluded, selection, &["notify_id"]);
}

fn names_lower_cased(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_pairs(params, selection, string, |pair| {
        [&pair.name().to_ascii_lowercase(), &b"="[..], pair.value()].concat()
    });
}
