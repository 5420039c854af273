//! The shares of others in what is paid.

use super::{changed, get, refused, remove, rewrite, set};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::mapi::royalty;
use crate::vector::input::TextPairs;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "request-royalty-not-checked",
        area: Area::Request,
        severity: Severity::Loss,
        what: Text {
            en: "royalty_parameters are sent without a look at them",
            zh: "royalty_parameters 不经检查就发送",
        },
        fix: Text {
            en: "check the items, their number and their sum", zh: "检查各项、项数与总额"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| remove(params, &["royalty_type", "royalty_parameters"]))
        }),
    },
    Mistake {
        id: "request-royalty-type-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "royalty_type may be any number", zh: "royalty_type 可以是任意数字"
        },
        fix: Text { en: "require 10", zh: "要求为 10" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| rewrite(params, &["royalty_type"], |_| "10".into()))
        }),
    },
    Mistake {
        id: "request-royalty-type-not-required",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "royalty_parameters are accepted without royalty_type",
            zh: "没有 royalty_type 也接受 royalty_parameters",
        },
        fix: Text { en: "require both or neither", zh: "二者要么都有要么都没有" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if get(params, "royalty_parameters").is_some()
                    && get(params, "royalty_type").is_none()
                {
                    set(params, "royalty_type", "10");
                }
            })
        }),
    },
    Mistake {
        id: "request-royalty-sum-not-compared",
        area: Area::Request,
        severity: Severity::Loss,
        what: Text {
            en: "the sum of the royalties is not compared with what is paid",
            zh: "分润总额没有与付款金额比较",
        },
        fix: Text {
            en: "require a sum of at most total_fee", zh: "要求总额不超过 total_fee"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if float_sum(params).is_some() {
                    set(params, "total_fee", "100000000.00");
                }
            })
        }),
    },
    Mistake {
        id: "request-royalty-sum-as-float",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "royalties are added as binary fractions, so that 0.10 and 0.20 are more than 0.30",
            zh: "分润按二进制浮点数相加，0.10 加 0.20 大于 0.30",
        },
        fix: Text { en: "add whole numbers of fen", zh: "按分为单位用整数相加" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| float_sum(params).is_some_and(|(sum, total)| sum > total))
        }),
    },
    Mistake {
        id: "request-royalty-sum-must-be-less",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "royalties that come to exactly what is paid are refused",
            zh: "恰好等于付款金额的分润总额被拒绝",
        },
        fix: Text {
            en: "accept a sum equal to total_fee", zh: "总额等于 total_fee 时应当接受"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| float_sum(params).is_some_and(|(sum, total)| sum == total))
        }),
    },
    Mistake {
        id: "request-royalty-of-four-parts-refused",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a royalty that names payer and payee, in four parts, is refused",
            zh: "拒绝写明付款方与收款方的四段式分润",
        },
        fix: Text { en: "accept items of three or four parts", zh: "三段和四段都应接受" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                get(params, "royalty_parameters")
                    .is_some_and(|items| items.split('|').any(|item| item.split('^').count() == 4))
            })
        }),
    },
    Mistake {
        id: "request-royalty-count-not-limited",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "there may be more than ten royalties", zh: "分润可以超过十项" },
        fix: Text { en: "require at most ten", zh: "要求最多十项" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, ROYALTIES, |items| {
                    items.split('|').take(10).collect::<Vec<_>>().join("|")
                })
            })
        }),
    },
    Mistake {
        id: "request-royalty-parts-not-counted",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "a royalty may lack its memo", zh: "分润项可以缺少备注" },
        fix: Text { en: "require three or four parts", zh: "要求三段或四段" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, ROYALTIES, |items| {
                    let whole = items.split('|').map(|item| match item.split('^').count() {
                        2 => format!("{item}^memo"),
                        _ => item.into(),
                    });
                    whole.collect::<Vec<_>>().join("|")
                })
            })
        }),
    },
];

const ROYALTIES: &[&str] = &["royalty_parameters"];

/// The sum of the royalties and what is paid, as binary fractions.
fn float_sum(params: &TextPairs) -> Option<(f64, f64)> {
    let total: f64 = get(params, "total_fee")?.parse().ok()?;
    let shares = royalty::parse(get(params, "royalty_parameters")?).ok()?;
    let amounts = shares.iter().map(|share| share.amount.to_string().parse().unwrap_or(0.0));
    Some((amounts.fold(0.0, |sum: f64, amount: f64| sum + amount), total))
}
