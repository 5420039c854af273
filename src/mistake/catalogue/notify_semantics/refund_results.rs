//! Reading the results of a batch refund.

use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::Input;
use crate::vector::output::{Output, RefundFee, RefundItem};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "notify-refund-results-fee-lost",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "the returned service fee of a refund is not read",
            zh: "没有读取退款中退回的服务费",
        },
        fix: Text {
            en: "read account, user id, amount and result behind $",
            zh: "读取 $ 之后的账户、用户号、金额与结果",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            items(inner, ask, |items| items.iter_mut().for_each(|item| item.fee = None))
        }),
    },
    Mistake {
        id: "notify-refund-results-split-at-caret-only",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "an item is split at ^ alone, so that the result of a refund runs on behind $",
            zh: "只按 ^ 拆分，退款结果把 $ 之后的内容也带上了",
        },
        fix: Text { en: "split at $ first, then at ^", zh: "先按 $ 再按 ^ 拆分" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            items(inner, ask, |items| {
                for item in items {
                    if let Some(fee) = item.fee.take() {
                        item.result = format!("{}${}", item.result, fee.account);
                    }
                }
            })
        }),
    },
    Mistake {
        id: "notify-refund-results-first-item-only",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "only the first item of a batch is read", zh: "只读取批次中的第一笔"
        },
        fix: Text { en: "split at #, and read every item", zh: "按 # 拆分并读取每一笔" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| items(inner, ask, |items| items.truncate(1))),
    },
    Mistake {
        id: "notify-refund-results-failures-dropped",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "items that failed are left out, so nobody hears of them",
            zh: "失败的退款项被略去，无人知晓",
        },
        fix: Text { en: "keep every item with its result", zh: "保留每一项及其结果" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            items(inner, ask, |items| items.retain(|item| item.result == "SUCCESS"))
        }),
    },
    Mistake {
        id: "notify-refund-results-all-succeeded",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "every item counts as refunded, whatever its result",
            zh: "不论结果如何，每一项都算退款成功",
        },
        fix: Text { en: "look at the result of every item", zh: "逐项查看结果" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            items(inner, ask, |items| {
                items.iter_mut().for_each(|item| item.result = "SUCCESS".into())
            })
        }),
    },
    Mistake {
        id: "notify-refund-results-fee-decides",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "the result of the service fee is taken for that of the refund",
            zh: "把服务费的结果当成了退款的结果",
        },
        fix: Text {
            en: "read the result before $ for the refund, and the one behind it for the fee",
            zh: "$ 之前是退款结果，之后是服务费结果",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            items(inner, ask, |items| {
                for item in items {
                    item.result =
                        item.fee.as_ref().map_or(item.result.clone(), |fee| fee.result.clone());
                }
            })
        }),
    },
    Mistake {
        id: "notify-refund-results-amount-rewritten",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "amounts are read as numbers and written anew, so 5.00 becomes 5",
            zh: "金额读成数字后重新输出，5.00 变成 5",
        },
        fix: Text { en: "keep the text of the amount", zh: "保留金额原文" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            items(inner, ask, |items| {
                for item in items {
                    let number = item.amount.parse::<f64>().ok();
                    item.amount = number.map_or(item.amount.clone(), |number| number.to_string());
                }
            })
        }),
    },
    Mistake {
        id: "notify-refund-results-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "whatever the parts of an item are, they are read, and missing ones are empty",
            zh: "不管各项包含什么都照读，缺少的部分为空",
        },
        fix: Text {
            en: "refuse an item with another number of parts, an empty part or an amount that is none",
            zh: "段数不对、有空段或金额无效的项应拒绝",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(not_checked),
    },
    Mistake {
        id: "notify-refund-results-empty-items-skipped",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "empty items are skipped, such as the one behind a # at the end",
            zh: "跳过空项，例如末尾 # 之后的一项",
        },
        fix: Text { en: "refuse an empty item", zh: "空项应拒绝" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            inner.perform(&with_text(ask, |text| {
                let items = text.split('#').filter(|item| !item.is_empty());
                items.collect::<Vec<_>>().join("#")
            }))
        }),
    },
    Mistake {
        id: "notify-refund-results-empty-fee-skipped",
        area: Area::NotifySemantics,
        severity: Severity::Info,
        what: Text {
            en: "a $ without a service fee behind it is skipped",
            zh: "跳过后面没有服务费的 $",
        },
        fix: Text { en: "refuse it", zh: "应当拒绝" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            inner.perform(&with_text(ask, |text| text.trim_end_matches('$').into()))
        }),
    },
];

/// Changes the items that were read.
fn items(
    inner: &dyn Implementation,
    ask: &Ask,
    change: impl FnOnce(&mut Vec<RefundItem>),
) -> Answer {
    let mut answer = inner.perform(ask);
    if let Answer::Value(output) = &mut answer
        && let Some(items) = &mut output.items
    {
        change(items);
    }
    answer
}

/// The ask with another text to read.
fn with_text(ask: &Ask, change: impl FnOnce(&str) -> String) -> Ask {
    match &ask.input {
        Input::RefundResults(text) => {
            Ask { input: Input::RefundResults(change(text)), ..ask.clone() }
        }
        _ => ask.clone(),
    }
}

fn not_checked(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let Input::RefundResults(text) = &ask.input else { return inner.perform(ask) };
    let items = text.split('#').map(|item| {
        let (refund, fee) = item.split_once('$').map_or((item, None), |(a, b)| (a, Some(b)));
        let mut parts = refund.split('^').map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        let (trade_no, amount, result) = (next(), next(), next());
        let fee = fee.map(|fee| {
            let mut parts = fee.split('^').map(str::to_owned);
            let mut next = || parts.next().unwrap_or_default();
            RefundFee { account: next(), user_id: next(), amount: next(), result: next() }
        });
        RefundItem { trade_no, amount, result, fee }
    });
    Answer::value(Output { items: Some(items.collect()), ..Output::default() })
}
