//! How amounts are checked.

use super::super::shared::ascii_digits;
use super::{changed, get, has, refused, remove, rewrite, set};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::mapi::{Amount, Discount};
use crate::vector::input::TextPairs;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "request-amount-any-number",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "an amount is whatever the language reads as a number, with exponent, sign or blanks",
            zh: "只要语言能读成数字就当作金额，允许指数、符号或空白",
        },
        fix: Text {
            en: "require one to nine digits and at most two decimals",
            zh: "要求一到九位整数、最多两位小数",
        },
        sources: &["derived from is_numeric of PHP"],
        twin: Twin::Around(|inner, ask| changed(inner, ask, |params| amounts(params, any_number))),
    },
    Mistake {
        id: "request-amount-numeric-prefix",
        area: Area::Request,
        severity: Severity::Loss,
        what: Text {
            en: "an amount is read up to the first character that is not of a number, so 1,000.00 is 1",
            zh: "金额只读到第一个非数字字符为止，1,000.00 被读成 1",
        },
        fix: Text {
            en: "require the whole text to be an amount", zh: "要求整个文本都是金额"
        },
        sources: &["derived from floatval of PHP and parseFloat of JavaScript"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| amounts(params, numeric_prefix))
        }),
    },
    Mistake {
        id: "request-amount-any-decimals",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "an amount may have any number of decimals",
            zh: "金额的小数位数不受限制",
        },
        fix: Text { en: "allow at most two decimals", zh: "最多允许两位小数" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| amounts(params, any_decimals))
        }),
    },
    Mistake {
        id: "request-amount-two-decimals-required",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "an amount without exactly two decimals is refused",
            zh: "不是恰好两位小数的金额被拒绝",
        },
        fix: Text {
            en: "accept none, one or two decimals", zh: "零位、一位、两位小数都应接受"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                AMOUNTS
                    .iter()
                    .any(|name| get(params, name).is_some_and(|fee| !has_two_decimals(fee)))
            })
        }),
    },
    Mistake {
        id: "request-amount-any-digits",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "digits of other scripts, such as full-width ones, count as digits",
            zh: "全角等其他文字的数字也被当作数字",
        },
        fix: Text { en: "accept the ASCII digits 0 to 9", zh: "只接受 ASCII 数字 0 到 9" },
        sources: &["derived from \\d in Python and .NET"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| amounts(params, ascii_digits))
        }),
    },
    Mistake {
        id: "request-amount-negative",
        area: Area::Request,
        severity: Severity::Loss,
        what: Text { en: "a negative amount is accepted", zh: "接受负数金额" },
        fix: Text {
            en: "refuse a sign in front of an amount; only a discount may be negative",
            zh: "拒绝带符号的金额，只有 discount 可以为负",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, &AMOUNTS, |fee| fee.trim_start_matches('-').into())
            })
        }),
    },
    Mistake {
        id: "request-amount-without-minimum",
        area: Area::Request,
        severity: Severity::Loss,
        what: Text { en: "a total_fee of nothing is accepted", zh: "接受为零的 total_fee" },
        fix: Text { en: "require at least 0.01", zh: "要求不低于 0.01" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| rewrite(params, &["total_fee"], at_least_a_cent))
        }),
    },
    Mistake {
        id: "request-amount-minimum-excluded",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a total_fee of 0.01 is refused, though it is the smallest that may be",
            zh: "拒绝 0.01 的 total_fee，尽管它是允许的最小值",
        },
        fix: Text { en: "accept 0.01 and more", zh: "接受 0.01 及以上" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| total_fee(params).is_some_and(|fee| fee.fen() == 1))
        }),
    },
    Mistake {
        id: "request-amount-without-maximum",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a total_fee above 100000000.00 is accepted",
            zh: "接受超过 100000000.00 的 total_fee",
        },
        fix: Text { en: "require at most 100000000.00", zh: "要求不高于 100000000.00" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| rewrite(params, &["total_fee"], at_most_the_greatest))
        }),
    },
    Mistake {
        id: "request-amount-million-refused",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a total_fee above 1000000.00 is refused, the bound of an older table",
            zh: "拒绝超过 1000000.00 的 total_fee（旧表的上限）",
        },
        fix: Text { en: "accept up to 100000000.00", zh: "接受到 100000000.00" },
        sources: &["derived from the older edition of the table, whose bound is 1000000.00"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                total_fee(params).is_some_and(|fee| fee.fen() > 100_000_000)
            })
        }),
    },
    Mistake {
        id: "request-amount-six-digits",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a total_fee of more than six digits before the point is refused, for want of room in a column",
            zh: "total_fee 整数部分超过六位就被拒绝（数据库列太窄）",
        },
        fix: Text { en: "leave room for nine digits", zh: "为九位整数留足空间" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                total_fee(params).is_some_and(|fee| fee.fen() >= 100_000_000)
            })
        }),
    },
    Mistake {
        id: "request-zero-counted-as-missing",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a parameter whose value is 0 counts as missing",
            zh: "值为 0 的参数被当作缺失",
        },
        fix: Text { en: "only an empty value is missing", zh: "只有空值才算缺失" },
        sources: &["ports that use PHP's empty()"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| params.retain(|(_, value)| value != "0"))
        }),
    },
    Mistake {
        id: "request-amount-not-required",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a request that says in no way what is to be paid is accepted",
            zh: "没有任何应付金额的请求也被接受",
        },
        fix: Text {
            en: "require total_fee, or price with quantity",
            zh: "要求有 total_fee，或者 price 与 quantity",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| changed(inner, ask, pay_something)),
    },
    Mistake {
        id: "request-price-without-quantity",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a price without a quantity is accepted, as if it were for one",
            zh: "只有 price 没有 quantity 也被接受，相当于数量为一",
        },
        fix: Text {
            en: "require price and quantity together",
            zh: "price 与 quantity 必须同时出现",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if has(params, "price") && !has(params, "quantity") {
                    set(params, "quantity", "1");
                }
            })
        }),
    },
    Mistake {
        id: "request-total-fee-beside-price",
        area: Area::Request,
        severity: Severity::Loss,
        what: Text {
            en: "total_fee is accepted beside price and quantity, whatever they come to",
            zh: "total_fee 与 price、quantity 同时出现也被接受",
        },
        fix: Text { en: "require one of the two, not both", zh: "二者只能取其一" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if is_instant(params) && has(params, "total_fee") {
                    remove(params, &["price", "quantity"]);
                }
            })
        }),
    },
    Mistake {
        id: "request-discount-negative-refused",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "a negative discount is refused", zh: "拒绝为负的 discount" },
        fix: Text {
            en: "accept a minus sign there: the discount is added to the price",
            zh: "discount 应允许负号：它是加到价格上的",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                get(params, "discount").is_some_and(|discount| discount.starts_with('-'))
            })
        }),
    },
];

const AMOUNTS: [&str; 5] =
    ["total_fee", "price", "logistics_fee", "logistics_fee_1", "logistics_fee_2"];

/// Changes every amount of a request, in the refunds of a batch as well.
fn amounts(params: &mut TextPairs, change: fn(&str) -> String) {
    rewrite(params, &AMOUNTS, change);
    rewrite(params, &["discount"], change);
    rewrite(params, &["detail_data"], |items| {
        let items =
            items.split('#').map(|item| match item.splitn(3, '^').collect::<Vec<_>>()[..] {
                [trade_no, amount, reason] => format!("{trade_no}^{}^{reason}", change(amount)),
                _ => item.into(),
            });
        items.collect::<Vec<_>>().join("#")
    });
}

fn is_amount(text: &str) -> bool {
    text.parse::<Amount>().is_ok() || text.parse::<Discount>().is_ok()
}

/// A number as an amount that says as much, but is never nothing where the number is something.
fn written(number: f64) -> String {
    match format!("{number:.2}") {
        zero if zero == "0.00" && number > 0.0 => "0.01".into(),
        text => text,
    }
}

fn any_number(text: &str) -> String {
    let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    number.filter(|_| !is_amount(text)).map_or(text.into(), written)
}

fn numeric_prefix(text: &str) -> String {
    if is_amount(text) {
        return text.into();
    }
    let ends = (1..=text.len().min(32)).rev().filter_map(|end| text.get(..end));
    let number = ends
        .filter(|start| start.bytes().all(|byte| !byte.is_ascii_alphabetic() || byte == b'e'))
        .find_map(|start| start.parse::<f64>().ok());
    number.filter(|number| number.is_finite()).map_or(text.into(), written)
}

fn any_decimals(text: &str) -> String {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.trim_start_matches('-').split_once('.') {
        Some((yuan, decimals)) if digits(yuan) && digits(decimals) => any_number(text),
        _ => text.into(),
    }
}

fn has_two_decimals(text: &str) -> bool {
    text.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 2)
}

fn total_fee(params: &TextPairs) -> Option<Amount> {
    get(params, "total_fee")?.parse().ok()
}

fn at_least_a_cent(fee: &str) -> String {
    match fee.parse::<Amount>() {
        Ok(amount) if amount.fen() == 0 => "0.01".into(),
        _ => fee.into(),
    }
}

fn at_most_the_greatest(fee: &str) -> String {
    match fee.parse::<Amount>() {
        Ok(amount) => amount.min(Amount::GREATEST_TOTAL_FEE).to_string(),
        Err(_) => fee.into(),
    }
}

fn is_instant(params: &TextPairs) -> bool {
    get(params, "service") == Some("create_direct_pay_by_user")
}

fn pay_something(params: &mut TextPairs) {
    if is_instant(params) && !has(params, "total_fee") && !has(params, "price") {
        remove(params, &["quantity"]);
        set(params, "total_fee", "0.01");
    }
}
