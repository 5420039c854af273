//! The batch refund.

use super::{changed, get, has, refused, rewrite, set};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::mapi::Time;
use crate::vector::input::TextPairs;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "request-refund-date-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "refund_date may be any text", zh: "refund_date 可以是任意文本" },
        fix: Text {
            en: "require a moment as yyyy-MM-dd HH:mm:ss",
            zh: "要求 yyyy-MM-dd HH:mm:ss 形式的时刻",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if has(params, "refund_date") && moment(params).is_none() {
                    set_date_of_batch(params);
                }
            })
        }),
    },
    Mistake {
        id: "request-refund-date-by-pattern",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "refund_date is matched with a pattern, so that hour 25 and 30 February pass",
            zh: "refund_date 只做正则匹配，25 点和 2 月 30 日也能通过",
        },
        fix: Text { en: "require a real moment", zh: "要求真实存在的时刻" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if get(params, "refund_date").is_some_and(is_shaped) && moment(params).is_none() {
                    set_date_of_batch(params);
                }
            })
        }),
    },
    Mistake {
        id: "request-batch-no-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "batch_no may be any text", zh: "batch_no 可以是任意文本" },
        fix: Text {
            en: "require the day of refund_date and 3 to 24 letters or digits other than 000",
            zh: "要求 refund_date 的日期加 3 到 24 位字母或数字，且不为 000",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if let Some(moment) = moment(params)
                    && has(params, "batch_no")
                {
                    set(params, "batch_no", &format!("{}001", moment.date()));
                }
            })
        }),
    },
    Mistake {
        id: "request-batch-no-date-not-compared",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "the day in batch_no is not compared with that of refund_date",
            zh: "batch_no 中的日期没有与 refund_date 比较",
        },
        fix: Text { en: "require the same day", zh: "要求是同一天" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if let Some(moment) = moment(params) {
                    rewrite(params, BATCH_NO, |number| match number.get(8..) {
                        Some(serial) => format!("{}{serial}", moment.date()),
                        None => number.into(),
                    });
                }
            })
        }),
    },
    Mistake {
        id: "request-batch-no-digits-only",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "letters in batch_no are refused", zh: "拒绝 batch_no 中的字母" },
        fix: Text {
            en: "accept letters and digits behind the day",
            zh: "日期之后可以是字母或数字",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                get(params, "batch_no")
                    .is_some_and(|number| number.bytes().any(|byte| !byte.is_ascii_digit()))
            })
        }),
    },
    Mistake {
        id: "request-batch-no-serial-zero",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "000 is accepted as the serial part of batch_no",
            zh: "接受 000 作为 batch_no 的流水号",
        },
        fix: Text { en: "refuse 000", zh: "拒绝 000" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, BATCH_NO, |number| match number.get(8..) {
                    Some("000") => format!("{}001", number.get(..8).unwrap_or_default()),
                    _ => number.into(),
                })
            })
        }),
    },
    Mistake {
        id: "request-batch-no-serial-of-four",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a serial part of three characters in batch_no is refused",
            zh: "拒绝 batch_no 中三位的流水号",
        },
        fix: Text {
            en: "accept 3 to 24 characters behind the day",
            zh: "日期之后 3 到 24 位都应接受",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                get(params, "batch_no").is_some_and(|number| number.len() == 11)
            })
        }),
    },
    Mistake {
        id: "request-batch-num-not-compared",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "batch_num is not compared with the number of refunds",
            zh: "batch_num 没有与退款笔数比较",
        },
        fix: Text {
            en: "require the number of items in detail_data",
            zh: "要求等于 detail_data 的笔数",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if let Some(items) = get(params, "detail_data")
                    && has(params, "batch_num")
                {
                    let count = items.split('#').count();
                    set(params, "batch_num", &count.to_string());
                }
            })
        }),
    },
    Mistake {
        id: "request-refund-items-not-checked",
        area: Area::Request,
        severity: Severity::Loss,
        what: Text {
            en: "detail_data is sent without a look at its items",
            zh: "detail_data 不检查各项就发送",
        },
        fix: Text {
            en: "require trade_no^amount^reason in every item",
            zh: "要求每一项都是 trade_no^amount^reason",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if has(params, "detail_data") {
                    set(params, "detail_data", "1^0.01^x");
                    set(params, "batch_num", "1");
                }
            })
        }),
    },
    Mistake {
        id: "request-refund-reason-characters",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a reason may hold | and $, and end in another part",
            zh: "退款理由中可以出现 | 和 $",
        },
        fix: Text { en: "refuse ^ | $ # in a reason", zh: "理由中拒绝 ^ | $ #" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, ITEMS, |items| items.replace(['|', '$'], "-"))
            })
        }),
    },
    Mistake {
        id: "request-refund-reason-empty",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "a refund may be without a reason", zh: "退款可以没有理由" },
        fix: Text { en: "require a reason", zh: "要求填写理由" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, ITEMS, |items| {
                    let items = items.split('#').map(|item| match item.strip_suffix('^') {
                        Some(start) if start.contains('^') => format!("{start}^x"),
                        _ => item.into(),
                    });
                    items.collect::<Vec<_>>().join("#")
                })
            })
        }),
    },
    Mistake {
        id: "request-refund-reason-any-length",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "the length of a reason is not checked", zh: "不检查退款理由的长度"
        },
        fix: Text {
            en: "require at most 256 bytes, a Chinese character being two",
            zh: "要求不超过 256 字节，一个汉字算两个",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, ITEMS, |items| {
                    let items = items.split('#').map(|item| match item.rsplit_once('^') {
                        Some((start, reason)) => {
                            format!("{start}^{}", reason.chars().take(64).collect::<String>())
                        }
                        None => item.into(),
                    });
                    items.collect::<Vec<_>>().join("#")
                })
            })
        }),
    },
    Mistake {
        id: "request-refund-split-after-first",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "what stands behind the second ^ of a refund is all reason, another ^ too",
            zh: "第二个 ^ 之后的内容全部当作理由，包括后面的 ^",
        },
        fix: Text { en: "refuse ^ in a reason", zh: "理由中拒绝 ^" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, ITEMS, |items| {
                    let items = items.split('#').map(|item| {
                        let parts: Vec<_> =
                            item.splitn(3, '^').map(|part| part.replace('^', "-")).collect();
                        parts.join("^")
                    });
                    items.collect::<Vec<_>>().join("#")
                })
            })
        }),
    },
    Mistake {
        id: "request-refund-split-in-bytes",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "detail_data is split in the bytes of GBK, where ^ and | are the second half of some characters",
            zh: "detail_data 按 GBK 字节拆分，而 ^ 和 | 可能是某些汉字的第二个字节",
        },
        fix: Text {
            en: "split the text before it is encoded", zh: "在编码之前按文本拆分"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                let bytes =
                    get(params, "detail_data").and_then(|items| ask.charset.encode(items).ok());
                let separators =
                    |text: &[u8]| text.iter().filter(|byte| b"^|$#".contains(byte)).count();
                let written = get(params, "detail_data").unwrap_or_default().as_bytes();
                bytes.is_some_and(|bytes| separators(&bytes) != separators(written))
            })
        }),
    },
];

const BATCH_NO: &[&str] = &["batch_no"];
const ITEMS: &[&str] = &["detail_data"];

fn moment(params: &TextPairs) -> Option<Time> {
    get(params, "refund_date")?.parse().ok()
}

/// Whether a text has digits where a moment has them.
fn is_shaped(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00 00:00:00"
}

/// A moment on the day that begins `batch_no`.
fn set_date_of_batch(params: &mut TextPairs) {
    let day = get(params, "batch_no").and_then(|number| number.get(..8)).unwrap_or("20110112");
    let parts = (day.get(..4), day.get(4..6), day.get(6..));
    if let (Some(year), Some(month), Some(day)) = parts {
        let date = format!("{year}-{month}-{day} 00:00:00");
        set(params, "refund_date", &date);
    }
}
