//! How the interfaces of version 2 require values to be written.

use crate::mistake::catalogue::request::{
    changed_to, get, has, is, refused_to, remove, rewrite, set,
};
use crate::mistake::catalogue::shared::ascii_digits;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::mapi::Time;
use crate::protocol::wechatpay::request::INTERFACES;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "wechat-request-fee-in-yuan",
        area: Area::Request,
        severity: Severity::Loss,
        what: Text {
            en: "amounts with decimals are accepted, as if they were yuan",
            zh: "接受带小数的金额，当作以元为单位",
        },
        fix: Text { en: "require a whole number of fen", zh: "要求以分为单位的整数" },
        sources: &["https://github.com/binarywang/WxJava/issues/1180"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                rewrite(params, &FEES, |fee| {
                    fee.split('.')
                        .filter(|part| *part != "0")
                        .collect::<Vec<_>>()
                        .concat()
                        .trim_start_matches('0')
                        .to_owned()
                });
            })
        }),
    },
    Mistake {
        id: "wechat-request-fee-any-number",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "amounts are whatever the language reads as a number, with a sign or zeros in front",
            zh: "金额只要能读成数字即可，允许正号和前导零",
        },
        fix: Text {
            en: "require digits that begin with 1 to 9", zh: "要求以 1 到 9 开头的数字"
        },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                rewrite(params, &FEES, |fee| match fee.parse::<u64>() {
                    Ok(fee) => fee.to_string(),
                    Err(_) => fee.to_owned(),
                });
            })
        }),
    },
    Mistake {
        id: "wechat-request-fee-negative",
        area: Area::Request,
        severity: Severity::Forgery,
        what: Text { en: "negative amounts are accepted", zh: "接受负数金额" },
        fix: Text { en: "require a number from 1", zh: "要求正整数" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                rewrite(params, &FEES, |fee| fee.strip_prefix('-').unwrap_or(fee).to_owned());
            })
        }),
    },
    Mistake {
        id: "wechat-request-fee-any-digits",
        area: Area::Request,
        severity: Severity::Info,
        what: Text {
            en: "full-width digits count as digits of an amount",
            zh: "全角数字也被当作金额的数字",
        },
        fix: Text { en: "accept the ASCII digits 0 to 9", zh: "只接受 ASCII 数字 0 到 9" },
        sources: &["derived from \\d in Python and .NET"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                rewrite(params, &FEES, |fee| {
                    if fee.is_ascii() { fee.to_owned() } else { ascii_digits(fee) }
                });
            })
        }),
    },
    Mistake {
        id: "wechat-request-fee-zero",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "a refund of nothing is accepted", zh: "接受零金额退款" },
        fix: Text { en: "require a number from 1", zh: "要求正整数" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                rewrite(params, &["refund_fee"], |fee| {
                    if fee == "0" { "1".into() } else { fee.to_owned() }
                });
            })
        }),
    },
    Mistake {
        id: "wechat-request-fee-as-int",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "amounts beyond a 32-bit number are refused",
            zh: "超过 32 位整数的金额被拒绝",
        },
        fix: Text { en: "hold fen in 64 bits", zh: "用 64 位保存以分计的金额" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            refused_to(inner, ask, |_, params| {
                get(params, "total_fee")
                    .is_some_and(|fee| fee.parse::<u64>().is_ok_and(|fee| fee > i32::MAX as u64))
            })
        }),
    },
    Mistake {
        id: "wechat-request-number-any-characters",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "order numbers may hold any characters", zh: "订单号可以含任意字符"
        },
        fix: Text {
            en: "accept ASCII letters and digits and _ - | * @",
            zh: "只接受 ASCII 字母、数字和 _ - | * @",
        },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                rewrite(params, &NUMBERS, |number| {
                    number
                        .chars()
                        .map(|c| if c.is_ascii_graphic() && c != '#' { c } else { 'x' })
                        .collect()
                });
            })
        }),
    },
    Mistake {
        id: "wechat-request-number-digits-only",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "order numbers with other characters than letters and digits are refused",
            zh: "订单号含字母数字以外的字符就被拒绝",
        },
        fix: Text { en: "accept _ - | * too", zh: "也接受 _ - | *" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            refused_to(inner, ask, |_, params| {
                NUMBERS.iter().any(|name| {
                    get(params, name).is_some_and(|number| number.contains(['_', '-', '|', '*']))
                })
            })
        }),
    },
    Mistake {
        id: "wechat-request-length-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "the lengths of values are not checked", zh: "不检查参数值的长度"
        },
        fix: Text { en: "compare with the limits of the table", zh: "按文档的上限比较" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                for (limited, limit) in limits() {
                    rewrite(params, &[limited], |value| cut(value, limit));
                }
            })
        }),
    },
    Mistake {
        id: "wechat-request-length-limit-excluded",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a value of exactly the greatest length is refused",
            zh: "恰好达到长度上限的值被拒绝",
        },
        fix: Text { en: "accept the limit itself", zh: "上限本身可以接受" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            refused_to(inner, ask, |_, params| {
                limits().any(|(limited, limit)| {
                    get(params, limited).is_some_and(|value| value.len() == limit)
                })
            })
        }),
    },
    Mistake {
        id: "wechat-request-ip-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "spbill_create_ip is sent without a look at it",
            zh: "spbill_create_ip 不经检查就发送",
        },
        fix: Text {
            en: "require one address of IPv4 or IPv6", zh: "要求单个 IPv4 或 IPv6 地址"
        },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                if has(params, "spbill_create_ip") {
                    set(params, "spbill_create_ip", "127.0.0.1");
                }
            })
        }),
    },
    Mistake {
        id: "wechat-request-ip-v4-only",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "addresses of IPv6 are refused", zh: "拒绝 IPv6 地址" },
        fix: Text { en: "accept both", zh: "两种地址都接受" },
        sources: &["older tables, which have room for 16 characters"],
        twin: Twin::Around(|inner, ask| {
            refused_to(inner, ask, |_, params| {
                get(params, "spbill_create_ip").is_some_and(|ip| ip.contains(':'))
            })
        }),
    },
    Mistake {
        id: "wechat-request-time-with-separators",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "times are written yyyy-MM-dd HH:mm:ss",
            zh: "时间写成 yyyy-MM-dd HH:mm:ss",
        },
        fix: Text { en: "write yyyyMMddHHmmss", zh: "写成 yyyyMMddHHmmss" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                rewrite(params, &TIMES, |time| match time.len() {
                    14 => format!("{time} "),
                    _ => time.chars().filter(char::is_ascii_digit).collect(),
                });
            })
        }),
    },
    Mistake {
        id: "wechat-request-time-by-pattern",
        area: Area::Request,
        severity: Severity::Info,
        what: Text {
            en: "any fourteen digits are a time", zh: "任意十四位数字都算时间"
        },
        fix: Text { en: "require a real day and time", zh: "要求真实存在的日期和时间" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                let any = |time: &str| match time.len() == 14
                    && time.bytes().all(|byte| byte.is_ascii_digit())
                {
                    true => "20991231235959".to_owned(),
                    false => time.to_owned(),
                };
                rewrite(params, &["time_expire"], any);
            })
        }),
    },
    Mistake {
        id: "wechat-request-expiry-not-compared",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "an order may expire before it starts", zh: "订单可以在开始之前失效"
        },
        fix: Text { en: "compare the two times", zh: "比较两个时间" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                let valid = |params: &crate::vector::input::TextPairs, name: &str| {
                    get(params, name).is_some_and(|time| Time::from_compact(time).is_some())
                };
                if valid(params, "time_start") && valid(params, "time_expire") {
                    remove(params, &["time_start"]);
                }
            })
        }),
    },
    Mistake {
        id: "wechat-request-values-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "any word is accepted where the table names the words",
            zh: "文档列出取值的参数接受任意取值",
        },
        fix: Text { en: "accept the words of the table", zh: "只接受文档列出的取值" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                remove(params, &["limit_pay", "refund_account"]);
            })
        }),
    },
    Mistake {
        id: "wechat-request-md5-only",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "sign_type other than MD5 is refused", zh: "拒绝 MD5 以外的 sign_type"
        },
        fix: Text { en: "accept HMAC-SHA256 too", zh: "也接受 HMAC-SHA256" },
        sources: &["yansongda/pay and wechatpy sign with MD5 alone"],
        twin: Twin::Around(|inner, ask| {
            refused_to(inner, ask, |_, params| {
                has(params, "sign_type") && !is(params, "sign_type", "MD5")
            })
        }),
    },
    Mistake {
        id: "wechat-request-sign-type-misspelled",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "the name of the enumeration, HMAC_SHA256, is sent for HMAC-SHA256",
            zh: "把枚举名 HMAC_SHA256 当作 HMAC-SHA256 发送",
        },
        fix: Text { en: "send HMAC-SHA256", zh: "发送 HMAC-SHA256" },
        sources: &["https://github.com/essensoft/paylinks/issues/128"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                rewrite(params, &["sign_type"], |name| name.replace('_', "-"));
            })
        }),
    },
];

const FEES: [&str; 2] = ["total_fee", "refund_fee"];
const NUMBERS: [&str; 2] = ["out_trade_no", "out_refund_no"];
const TIMES: [&str; 2] = ["time_start", "time_expire"];

/// The parameters that have a limit, with it.
fn limits() -> impl Iterator<Item = (&'static str, usize)> {
    let tables = INTERFACES.iter().take(1).flat_map(|interface| interface.parameters);
    tables
        .flat_map(|table| table.iter())
        .filter_map(|parameter| Some((parameter.name, parameter.limit?)))
}

fn cut(value: &str, limit: usize) -> String {
    let mut value = value.to_owned();
    while value.len() > limit {
        value.pop();
    }
    value
}
