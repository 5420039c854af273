//! Which values are taken for empty.

use super::altered::{is_excluded, is_signed, join_values, with_sent};
use crate::canonical::Selection;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::Input;

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
        twin: Twin::Verifying(|stages| stages.filter = empty_included),
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
        twin: Twin::Signing(|stages| stages.filter = empty_included),
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
];

pub(super) fn empty_included(params: &Params, excluded: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| !is_excluded(pair, excluded));
}

pub(super) fn empty_as(params: &Params, selection: &Selection, string: &mut Vec<u8>, text: &[u8]) {
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
