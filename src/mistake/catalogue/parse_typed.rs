//! Values that were numbers, truth values or nothing in between.

use super::altered::{is_signed, join_values};
use crate::canonical::Selection;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "parse-typed-round-trip",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "values that look like numbers become numbers and are written anew, so 100.00 becomes 100 and long numbers lose digits",
            zh: "形似数字的值先变成数值再写回，100.00 成了 100，长数字丢失精度",
        },
        fix: Text {
            en: "sign the text as it is written or received, never a number made from it",
            zh: "对书写或收到的原文签名，不要先转换成数值",
        },
        sources: &[
            "https://github.com/go-pay/gopay/issues/7",
            "https://github.com/chloerei/alipay",
        ],
        twin: Twin::Stages(|stages| stages.join = numbers),
    },
    Mistake {
        id: "parse-amount-as-float",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "amounts pass through a floating-point number that is written with at least one decimal, so 100.00 becomes 100.0",
            zh: "金额经过浮点数，写回时至少带一位小数，100.00 成了 100.0",
        },
        fix: Text {
            en: "sign the text as it is written or received, never a number made from it",
            zh: "对书写或收到的原文签名，不要先转换成数值",
        },
        sources: &["https://github.com/chloerei/alipay"],
        twin: Twin::Stages(|stages| stages.join = floats),
    },
    Mistake {
        id: "parse-amount-two-decimals",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "amounts are written anew with two decimals, so 0.1 becomes 0.10",
            zh: "金额按两位小数重新书写，0.1 成了 0.10",
        },
        fix: Text {
            en: "sign the text as it is written or received, never a number made from it",
            zh: "对书写或收到的原文签名，不要先转换成数值",
        },
        sources: &["derived from decimal columns of databases"],
        twin: Twin::Stages(|stages| stages.join = two_decimals),
    },
    Mistake {
        id: "parse-booleans-typed",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "the texts true and false become truth values, which PHP writes as 1 and as nothing",
            zh: "文本 true 和 false 变成布尔值，PHP 写回时成了 1 和空",
        },
        fix: Text {
            en: "sign the text as it is written or received",
            zh: "对书写或收到的原文签名",
        },
        sources: &["derived from how PHP writes truth values"],
        twin: Twin::Stages(|stages| stages.join = booleans),
    },
    Mistake {
        id: "parse-null-text-emptied",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "the text null is taken for no value and not signed",
            zh: "文本 null 被当作没有值，没有参与签名",
        },
        fix: Text {
            en: "only a value without any byte is empty",
            zh: "只有一个字节都没有的值才是空值",
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| stages.filter = without_null),
    },
];

fn numbers(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_values(params, selection, string, |value| match number(value) {
        Some(number) if number >= 1e21 => format!("{number:e}").replacen('e', "e+", 1).into_bytes(),
        Some(number) => number.to_string().into_bytes(),
        None => value.to_vec(),
    });
}

fn floats(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_values(params, selection, string, |value| match number(value) {
        Some(number) if value.contains(&b'.') => format!("{number:?}").into_bytes(),
        _ => value.to_vec(),
    });
}

fn two_decimals(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_values(params, selection, string, |value| match number(value) {
        Some(number) if value.contains(&b'.') => format!("{number:.2}").into_bytes(),
        _ => value.to_vec(),
    });
}

/// Digits, and perhaps a point and digits.
fn number(value: &[u8]) -> Option<f64> {
    let (whole, decimals) = match value.iter().position(|byte| *byte == b'.') {
        Some(point) => (value.get(..point)?, value.get(point + 1..)?),
        None => (value, &b"0"[..]),
    };
    let digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    if !digits(whole) || !digits(decimals) {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}

fn booleans(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_values(params, selection, string, |value| match value {
        b"true" => b"1".to_vec(),
        b"false" => Vec::new(),
        _ => value.to_vec(),
    });
}

fn without_null(params: &Params, excluded: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| is_signed(pair, excluded) && pair.value() != b"null");
}
