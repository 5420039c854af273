//! In which order the parameters are signed.

use std::cmp::Ordering;

use crate::canonical::Selection;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::{Pair, Params};

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "sort-none",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text {
            en: "parameters are signed in the order in which they came",
            zh: "参数按传入的顺序签名，没有排序",
        },
        fix: Text {
            en: "sort by name, bytes ascending, before joining",
            zh: "拼接之前按参数名的字节升序排序",
        },
        sources: &[
            "https://developers.weixin.qq.com/community/pay/article/doc/0004a879f60928d89340b8b9f64c13",
            "https://github.com/pipitang/cordova-alipay-base/issues/3",
        ],
        twin: Twin::Stages(|stages| stages.sort = |_, _| {}),
    },
    Mistake {
        id: "sort-descending",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text { en: "parameters are sorted in descending order", zh: "参数按降序排列" },
        fix: Text {
            en: "sort by name, bytes ascending, before joining",
            zh: "拼接之前按参数名的字节升序排序",
        },
        sources: &["derived from PHP's krsort"],
        twin: Twin::Stages(|stages| stages.sort = descending),
    },
    Mistake {
        id: "sort-by-value",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text { en: "parameters are sorted by value", zh: "参数按值排序" },
        fix: Text {
            en: "sort by name, bytes ascending, before joining",
            zh: "拼接之前按参数名的字节升序排序",
        },
        sources: &["derived from PHP's sort and asort"],
        twin: Twin::Stages(|stages| stages.sort = by_value),
    },
    Mistake {
        id: "sort-name-value-pairs",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text {
            en: "the texts name=value are sorted, so = takes part in the comparison",
            zh: "按 name=value 的整段文本排序，= 参与了比较",
        },
        fix: Text {
            en: "sort by name, bytes ascending, before joining",
            zh: "拼接之前按参数名的字节升序排序",
        },
        sources: &["copies of the official ASP demo", "https://github.com/liuyug/django-alipay"],
        twin: Twin::Stages(|stages| stages.sort = by_pair),
    },
    Mistake {
        id: "sort-case-insensitive-or-culture",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text {
            en: "names are compared in small letters", zh: "参数名转成小写后比较"
        },
        fix: Text {
            en: "sort by name, bytes ascending, before joining",
            zh: "拼接之前按参数名的字节升序排序",
        },
        sources: &["https://github.com/JeffreySu/WeiXinMPSDK/pull/614"],
        twin: Twin::Stages(|stages| stages.sort = by_lower_case),
    },
    Mistake {
        id: "sort-upper-case",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text {
            en: "names are compared in capitals, which puts _ after the letters",
            zh: "参数名转成大写后比较，_ 排到了字母之后",
        },
        fix: Text {
            en: "sort by name, bytes ascending, before joining",
            zh: "拼接之前按参数名的字节升序排序",
        },
        sources: &["https://github.com/odoo/odoo/pull/83178"],
        twin: Twin::Stages(|stages| stages.sort = by_upper_case),
    },
    Mistake {
        id: "sort-culture",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text {
            en: "names are compared by the rules of a language as .NET does: punctuation, digits, letters, the case last",
            zh: "按 .NET 的区域性规则比较参数名：先标点、再数字、再字母，大小写最后",
        },
        fix: Text {
            en: "sort by name, bytes ascending, before joining",
            zh: "拼接之前按参数名的字节升序排序",
        },
        sources: &[
            "public copies of the official C# demo",
            "https://github.com/JeffreySu/WeiXinMPSDK/pull/614",
        ],
        twin: Twin::Stages(|stages| stages.sort = by_culture),
    },
    Mistake {
        id: "sort-locale",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text {
            en: "names are compared by the locale of the system, which passes over _ and other punctuation",
            zh: "按系统区域设置比较参数名，_ 等标点被忽略",
        },
        fix: Text {
            en: "sort by name, bytes ascending, before joining",
            zh: "拼接之前按参数名的字节升序排序",
        },
        sources: &["derived from strcoll of the C library"],
        twin: Twin::Stages(|stages| stages.sort = by_locale),
    },
    Mistake {
        id: "sort-php-numeric-names",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text {
            en: "names of digits only are compared as numbers and come first, as in PHP's ksort",
            zh: "纯数字的参数名按数值比较并排在最前，如同 PHP 的 ksort",
        },
        fix: Text { en: "call ksort with SORT_STRING", zh: "调用 ksort 时使用 SORT_STRING" },
        sources: &["https://www.php.net/manual/en/function.ksort.php"],
        twin: Twin::Stages(|stages| stages.sort = numbers_first),
    },
    Mistake {
        id: "sort-natural",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text {
            en: "digits within names are compared as numbers, so a10 comes after a9",
            zh: "参数名中的数字按数值比较，a10 排在 a9 之后",
        },
        fix: Text {
            en: "sort by name, bytes ascending, before joining",
            zh: "拼接之前按参数名的字节升序排序",
        },
        sources: &["https://www.php.net/manual/en/function.strnatcmp.php"],
        twin: Twin::Stages(|stages| stages.sort = naturally),
    },
    Mistake {
        id: "sort-by-length",
        area: Area::Sort,
        severity: Severity::Interop,
        what: Text { en: "shorter names come first", zh: "较短的参数名排在前面" },
        fix: Text {
            en: "sort by name, bytes ascending, before joining",
            zh: "拼接之前按参数名的字节升序排序",
        },
        sources: &["derived from maps that order text by its length"],
        twin: Twin::Stages(|stages| stages.sort = by_length),
    },
];

fn descending(params: &Params, selection: &mut Selection) {
    selection.sort_by(params, |a, b| b.name().cmp(a.name()));
}

fn by_value(params: &Params, selection: &mut Selection) {
    selection.sort_by(params, |a, b| a.value().cmp(b.value()));
}

fn by_pair(params: &Params, selection: &mut Selection) {
    selection.sort_by(params, |a, b| a.written().cmp(b.written()));
}

fn by_lower_case(params: &Params, selection: &mut Selection) {
    by_key(params, selection, <[u8]>::to_ascii_lowercase);
}

fn by_upper_case(params: &Params, selection: &mut Selection) {
    by_key(params, selection, <[u8]>::to_ascii_uppercase);
}

fn by_culture(params: &Params, selection: &mut Selection) {
    by_key(params, selection, |name| (weights(name), swapped_case(name)));
}

fn by_locale(params: &Params, selection: &mut Selection) {
    by_key(params, selection, |name| {
        let mut weights = weights(name);
        weights.retain(|(class, _)| *class > 0);
        (weights, swapped_case(name))
    });
}

/// Punctuation, digits and all others, the case of letters aside.
fn weights(name: &[u8]) -> Vec<(u8, u8)> {
    let class = |byte: u8| match byte {
        b'0'..=b'9' => 1,
        byte if byte.is_ascii_punctuation() => 0,
        _ => 2,
    };
    name.iter().map(|byte| (class(*byte), byte.to_ascii_lowercase())).collect()
}

/// Small letters before capitals.
fn swapped_case(name: &[u8]) -> Vec<u8> {
    let swap = |byte: &u8| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { *byte };
    name.iter().map(swap).collect()
}

fn numbers_first(params: &Params, selection: &mut Selection) {
    by_key(params, selection, |name| {
        let number = std::str::from_utf8(name).ok().and_then(|name| name.parse::<i64>().ok());
        (number.is_none(), number, name.to_vec())
    });
}

fn by_length(params: &Params, selection: &mut Selection) {
    by_key(params, selection, |name| (name.len(), name.to_vec()));
}

fn by_key<K: Ord>(params: &Params, selection: &mut Selection, key: impl Fn(&[u8]) -> K) {
    selection.sort_by(params, |a, b| key(a.name()).cmp(&key(b.name())));
}

fn naturally(params: &Params, selection: &mut Selection) {
    selection.sort_by(params, natural);
}

fn natural(a: Pair<'_>, b: Pair<'_>) -> Ordering {
    let (mut a, mut b) = (a.name(), b.name());
    loop {
        let ((run_a, rest_a), (run_b, rest_b)) = (digits(a), digits(b));
        if !run_a.is_empty() && !run_b.is_empty() {
            match (run_a.len(), run_a).cmp(&(run_b.len(), run_b)) {
                Ordering::Equal => (a, b) = (rest_a, rest_b),
                order => return order,
            }
            continue;
        }
        match (a, b) {
            ([first_a, after_a @ ..], [first_b, after_b @ ..]) if first_a == first_b => {
                (a, b) = (after_a, after_b);
            }
            _ => return a.cmp(b),
        }
    }
}

/// The digits in front, without leading zeros, and what follows.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let zeros = digits.iter().take(digits.len().saturating_sub(1));
    let zeros = zeros.take_while(|byte| **byte == b'0').count();
    (digits.get(zeros..).unwrap_or_default(), rest)
}
