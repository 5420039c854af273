//! Whether a message is about this order and this amount.

use super::super::shared::ascii_digits;
use super::differs;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::notification::{CHECKS, Facts, Order, Why};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::Input;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "replay-order-from-unsigned-place",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "the order is found by the address, session or cookie, and out_trade_no is not compared with it",
            zh: "订单来自地址、会话或 cookie，没有与 out_trade_no 比较",
        },
        fix: Text {
            en: "look the order up by the signed out_trade_no",
            zh: "用已签名的 out_trade_no 查找订单",
        },
        sources: &[
            "https://github.com/jeequan/jeepay/pull/81",
            "https://github.com/dujiao-next/dujiao-next/issues/295",
        ],
        twin: Twin::Checks(|checks| checks.order = |_, _| None),
    },
    Mistake {
        id: "notify-order-case-insensitive",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "order numbers are compared without regard to case, as some databases do",
            zh: "订单号比较时不区分大小写（某些数据库的默认行为）",
        },
        fix: Text { en: "compare the bytes of the number", zh: "按字节比较订单号" },
        sources: &["derived from the default collations of MySQL"],
        twin: Twin::Checks(|checks| {
            checks.order = |facts, order| {
                let number = facts.out_trade_no.unwrap_or_default();
                differs(Why::OrderDiffers, number.eq_ignore_ascii_case(&order.out_trade_no))
            }
        }),
    },
    Mistake {
        id: "notify-order-as-number",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "order numbers are compared as numbers, so that leading zeros do not count",
            zh: "订单号按数字比较，前导零不起作用",
        },
        fix: Text { en: "compare the bytes of the number", zh: "按字节比较订单号" },
        sources: &["derived from == of PHP"],
        twin: Twin::Checks(|checks| {
            checks.order = |facts, order| {
                let same = facts.out_trade_no.is_some_and(|number| {
                    number.trim_start_matches('0') == order.out_trade_no.trim_start_matches('0')
                });
                differs(Why::OrderDiffers, same)
            }
        }),
    },
    Mistake {
        id: "notify-amount-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "total_fee is not compared with what the order costs",
            zh: "total_fee 没有与订单金额比较",
        },
        fix: Text {
            en: "compare it as a decimal, and refuse the message where it differs",
            zh: "按十进制比较，不一致就拒绝",
        },
        sources: &[
            "https://github.com/jeequan/jeepay/pull/81",
            "https://github.com/szvone/vmqphp/issues/7",
            "CVE-2026-9189",
            "https://sites.google.com/view/dilution/home/attack-demos",
        ],
        twin: Twin::Checks(|checks| checks.amount = |_, _| None),
    },
    Mistake {
        id: "notify-amount-as-text",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "amounts are compared as text, so that 0.1 is not 0.10",
            zh: "金额按文本比较，0.1 与 0.10 不相等",
        },
        fix: Text { en: "compare decimals", zh: "按十进制数值比较" },
        sources: &["derived from the rule"],
        twin: Twin::Around(amount_as_text),
    },
    Mistake {
        id: "notify-float-money",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "amounts become fen by way of binary fractions, cut off behind the point, so that 0.29 is 28",
            zh: "金额经二进制浮点数换算成分并截断，0.29 变成 28",
        },
        fix: Text {
            en: "read decimals, or whole numbers of fen",
            zh: "按十进制或以分为单位的整数处理",
        },
        sources: &[
            "https://github.com/dedemao/weixinPay/issues/26",
            "https://github.com/chanjarster/weixin-java-tools/issues/248",
            "https://github.com/shmy/cn-pay/issues/2",
            "https://github.com/yansongda/pay/pull/7",
        ],
        twin: Twin::Checks(|checks| {
            checks.amount = |facts, order| {
                differs(
                    Why::AmountDiffers,
                    as_float(facts).map(|fee| (fee * 100.0).trunc())
                        == Some((float(order) * 100.0).trunc()),
                )
            }
        }),
    },
    Mistake {
        id: "notify-amount-any-number",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "total_fee is whatever the language reads as a number, with blanks or more decimals",
            zh: "total_fee 只要能读成数字即可，允许空白或更多小数",
        },
        fix: Text {
            en: "require one to nine digits and at most two decimals",
            zh: "要求一到九位整数、最多两位小数",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.amount =
                |facts, order| differs(Why::AmountDiffers, as_float(facts) == Some(float(order)))
        }),
    },
    Mistake {
        id: "notify-amount-in-whole-yuan",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "amounts are cut to whole yuan before they are compared",
            zh: "金额截成整数元之后再比较",
        },
        fix: Text { en: "compare decimals", zh: "按十进制数值比较" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.amount = |facts, order| {
                differs(
                    Why::AmountDiffers,
                    as_float(facts).map(f64::trunc) == Some(float(order).trunc()),
                )
            }
        }),
    },
    Mistake {
        id: "notify-amount-at-least",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "any amount that is not less than the order costs is accepted",
            zh: "只要金额不少于订单金额就接受",
        },
        fix: Text { en: "require the amount itself", zh: "要求金额完全一致" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.amount = |facts, order| {
                differs(Why::AmountDiffers, as_float(facts).is_some_and(|fee| fee >= float(order)))
            }
        }),
    },
    Mistake {
        id: "notify-amount-only-if-present",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "the amount is compared only where the message has one",
            zh: "只有报文带金额时才比较",
        },
        fix: Text { en: "require it", zh: "要求必须有金额" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.amount =
                |facts, order| facts.total_fee.and_then(|_| (CHECKS.amount)(facts, order))
        }),
    },
    Mistake {
        id: "notify-amount-any-digits",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "digits of other scripts, such as full-width ones, count as digits of an amount",
            zh: "全角等其他文字的数字也被当作金额的数字",
        },
        fix: Text { en: "accept the ASCII digits 0 to 9", zh: "只接受 ASCII 数字 0 到 9" },
        sources: &["derived from \\d in Python and .NET"],
        twin: Twin::Checks(|checks| {
            checks.amount = |facts, order| {
                differs(
                    Why::AmountDiffers,
                    facts.total_fee.and_then(|fee| order.product.amount(&ascii_digits(fee)))
                        == Some(order.total_fee),
                )
            }
        }),
    },
    Mistake {
        id: "notify-amount-before-order",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "the amount is compared before the order number, so the wrong one of two differences is reported",
            zh: "先比较金额后比较订单号，两者都不一致时报告了错误的原因",
        },
        fix: Text { en: "find the order first", zh: "先确认订单" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.order = CHECKS.amount;
            checks.amount = CHECKS.order;
        }),
    },
    Mistake {
        id: "notify-handled-before-checked",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "a status that was handled before is acknowledged before order, amount and seller are compared",
            zh: "状态已处理过的报文在比较订单、金额、卖家之前就被确认",
        },
        fix: Text {
            en: "make every check, then see whether there is anything left to do",
            zh: "先做完所有检查，再看是否还需处理",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.order = |facts, order| {
                let handled = order.trade_status.map(|status| status.as_str());
                let again = handled.is_some() && handled == facts.trade_status;
                if again { Some(Why::AlreadyHandled) } else { (CHECKS.order)(facts, order) }
            }
        }),
    },
];

fn as_float(facts: &Facts<'_>) -> Option<f64> {
    facts.total_fee?.trim().parse().ok()
}

/// In the unit of the order's messages.
fn float(order: &Order) -> f64 {
    if order.product.is_wechat() {
        return order.total_fee.fen() as f64;
    }
    order.total_fee.to_string().parse().unwrap_or_default()
}

/// An amount of another text than the order's is made into none.
fn amount_as_text(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let mut ask = ask.clone();
    if let Input::Notification { notification, order: Some(order) } = &mut ask.input {
        let fees = notification.iter_mut().filter(|(name, _)| name == "total_fee");
        for (_, fee) in fees.filter(|(_, fee)| *fee != order.total_fee) {
            fee.clear();
        }
    }
    inner.perform(&ask)
}
