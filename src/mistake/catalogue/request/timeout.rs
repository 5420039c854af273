//! How long a trade may stay unpaid.

use super::{changed, get, is, refused, remove, rewrite};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "request-timeout-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "it_b_pay is not checked", zh: "不检查 it_b_pay" },
        fix: Text {
            en: "require 1m to 15d in whole minutes, hours or days, or 1c",
            zh: "要求 1m 到 15d（整分、时、天）或 1c",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| remove(params, &["it_b_pay"]))
        }),
    },
    Mistake {
        id: "request-timeout-without-limit",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "it_b_pay may be longer than 15 days", zh: "it_b_pay 可以超过 15 天"
        },
        fix: Text { en: "require at most 15 days", zh: "不得超过 15 天" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, TIMEOUT, |timeout| match split_timeout(timeout) {
                    Some((number, unit)) if !number.starts_with('0') => format!("1{unit}"),
                    _ => timeout.into(),
                })
            })
        }),
    },
    Mistake {
        id: "request-timeout-zero",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "it_b_pay may be zero", zh: "it_b_pay 可以为零" },
        fix: Text { en: "require at least 1m", zh: "至少为 1m" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, TIMEOUT, |timeout| {
                    timeout.replacen('0', "1", usize::from(is_zero(timeout)))
                })
            })
        }),
    },
    Mistake {
        id: "request-timeout-decimals",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "it_b_pay may have decimals", zh: "it_b_pay 可以带小数" },
        fix: Text {
            en: "require a whole number; write 90m for 1.5h",
            zh: "要求整数；1.5h 应写成 90m",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, TIMEOUT, |timeout| match timeout.split_once('.') {
                    Some((whole, rest)) => {
                        format!("{whole}{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
                    }
                    None => timeout.into(),
                })
            })
        }),
    },
    Mistake {
        id: "request-timeout-case-insensitive",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "the unit of it_b_pay may be a capital letter",
            zh: "it_b_pay 的单位可以是大写",
        },
        fix: Text {
            en: "require m, h, d or c in small letters", zh: "要求小写的 m、h、d 或 c"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| rewrite(params, TIMEOUT, str::to_lowercase))
        }),
    },
    Mistake {
        id: "request-timeout-any-closing",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "any number may stand before the c of it_b_pay",
            zh: "it_b_pay 的 c 前面可以是任意数字",
        },
        fix: Text { en: "accept 1c alone", zh: "只接受 1c" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, TIMEOUT, |timeout| match timeout.strip_suffix('c') {
                    Some(number) if !number.is_empty() => "1c".into(),
                    _ => timeout.into(),
                })
            })
        }),
    },
    Mistake {
        id: "request-timeout-closing-refused",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "1c, the end of the day, is refused in it_b_pay",
            zh: "拒绝 it_b_pay 的 1c（当天结束）",
        },
        fix: Text { en: "accept 1c", zh: "应当接受 1c" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| refused(inner, ask, |params| is(params, "it_b_pay", "1c"))),
    },
    Mistake {
        id: "request-timeout-days-only",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "it_b_pay is accepted in days alone", zh: "it_b_pay 只接受以天为单位"
        },
        fix: Text {
            en: "accept minutes, hours and 1c as well", zh: "分钟、小时和 1c 也应接受"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                get(params, "it_b_pay").is_some_and(|timeout| !timeout.ends_with(['d', 'c']))
            })
        }),
    },
];

const TIMEOUT: &[&str] = &["it_b_pay"];

fn split_timeout(timeout: &str) -> Option<(&str, char)> {
    let unit = timeout.chars().last().filter(|unit| matches!(unit, 'm' | 'h' | 'd'))?;
    let number = timeout.strip_suffix(unit)?;
    let whole = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    whole.then_some((number, unit))
}

fn is_zero(timeout: &str) -> bool {
    split_timeout(timeout).is_some_and(|(number, _)| number == "0")
}
