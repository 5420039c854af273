//! Reading the message from the wire: splitting it, and what frameworks do to its values.

use super::altered::{self, Pairs, decode_pairs, decode_values};
use crate::form::{self, FormError, Limits};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "parse-trimmed-values",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "the framework trims received values before they are verified",
            zh: "框架在验签前去掉了收到的值首尾的空白",
        },
        fix: Text {
            en: "take every value as it came, blanks included",
            zh: "按收到的原样使用每个值，包括空白",
        },
        sources: &[
            "https://github.com/smartwalle/alipay/pull/83",
            "https://github.com/laravel/cashier-paddle/issues/120",
            "https://github.com/laravel/cashier-paddle/issues/173",
        ],
        twin: Twin::Stages(|stages| stages.decode = trimmed),
    },
    Mistake {
        id: "parse-list-typed-values",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "values are lists where they are joined, so each is written like ['T1']",
            zh: "拼接时值仍是列表，被写成 ['T1'] 的样子",
        },
        fix: Text {
            en: "take the one value out of the framework's container before joining",
            zh: "拼接前先从框架的多值容器里取出那一个值",
        },
        sources: &[
            "https://github.com/lxneng/alipay/issues/24",
            "https://github.com/lxneng/alipay/issues/21",
        ],
        twin: Twin::Stages(|stages| stages.decode = lists),
    },
    Mistake {
        id: "parse-duplicates-first",
        area: Area::Parse,
        severity: Severity::Forgery,
        what: Text {
            en: "of a parameter that came twice the first is used and the rest is ignored, so whatever follows a genuine message passes unverified",
            zh: "参数重复时只取第一个、忽略其余，于是追加在真实报文后面的内容未经验签即被放行",
        },
        fix: Text {
            en: "refuse a message in which a name stands twice",
            zh: "参数名重复的报文一律拒绝",
        },
        sources: &["https://github.com/fzlee/alipay/issues/69"],
        twin: Twin::Stages(|stages| stages.decode = first_only),
    },
    Mistake {
        id: "parse-every-equals-splits",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "a parameter is split at every = and what stands behind the second is lost",
            zh: "参数按每个 = 切开，第二个 = 之后的内容丢失",
        },
        fix: Text {
            en: "split at & only, at the first = only, and keep whatever stands between",
            zh: "只按 & 分段、只按第一个 = 分开，其余一律原样保留",
        },
        sources: &[
            "https://github.com/Pay-Group/best-pay-sdk/issues/74",
            "https://github.com/alipay/alipay-easysdk/issues/254",
        ],
        twin: Twin::Stages(|stages| stages.decode = every_equals),
    },
    Mistake {
        id: "parse-semicolon-separates",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "a semicolon separates parameters as & does",
            zh: "分号也被当作参数之间的分隔符",
        },
        fix: Text {
            en: "split at & only, at the first = only, and keep whatever stands between",
            zh: "只按 & 分段、只按第一个 = 分开，其余一律原样保留",
        },
        sources: &[
            "https://docs.python.org/3/library/urllib.parse.html (separator, before Python 3.10)",
        ],
        twin: Twin::Stages(|stages| stages.decode = semicolons),
    },
    Mistake {
        id: "parse-empty-segment-kept",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "an empty segment between two & becomes a parameter without name and value",
            zh: "两个 & 之间的空段被当成一个没有名称和值的参数",
        },
        fix: Text { en: "skip empty segments", zh: "跳过空段" },
        sources: &["derived from splitting by hand"],
        twin: Twin::Stages(|stages| stages.decode = empty_segments),
    },
    Mistake {
        id: "parse-blank-values-dropped",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "parameters without a value vanish while the message is read",
            zh: "读取报文时没有值的参数消失了",
        },
        fix: Text {
            en: "keep them when reading; the filter leaves them out",
            zh: "读取时保留，由筛选步骤去掉",
        },
        sources: &[
            "https://docs.python.org/3/library/urllib.parse.html (parse_qs without keep_blank_values)",
        ],
        twin: Twin::Stages(|stages| stages.decode = blanks_dropped),
    },
    Mistake {
        id: "parse-nul-truncates",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "a value ends at its first NUL, as strings of C do",
            zh: "值在第一个 NUL 处截断，如同 C 语言字符串",
        },
        fix: Text { en: "carry values with their length", zh: "值要连同长度一起传递" },
        sources: &["derived from bindings to libraries in C"],
        twin: Twin::Stages(|stages| stages.decode = cut_at_nul),
    },
    Mistake {
        id: "parse-byte-order-mark-removed",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "a byte order mark in front of the message is removed",
            zh: "报文开头的字节顺序标记（BOM）被去掉",
        },
        fix: Text { en: "read the message as bytes", zh: "按字节读取报文" },
        sources: &["derived from text readers such as .NET's StreamReader"],
        twin: Twin::Stages(|stages| stages.decode = without_bom),
    },
    Mistake {
        id: "parse-question-mark-removed",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "a ? in front of the message is removed", zh: "报文开头的 ? 被去掉"
        },
        fix: Text {
            en: "hand over what follows the ? of the address, and nothing is to be removed",
            zh: "只传入网址中 ? 之后的部分，不再删除任何字符",
        },
        sources: &["https://url.spec.whatwg.org/#dom-urlsearchparams-urlsearchparams"],
        twin: Twin::Stages(|stages| stages.decode = without_question_mark),
    },
    Mistake {
        id: "parse-php-names",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "dots and spaces in names become underscores",
            zh: "参数名里的点和空格被换成下划线",
        },
        fix: Text {
            en: "read the raw body or query instead of $_POST and $_GET where such names occur",
            zh: "若有这类参数名，应读取原始报文而不是 $_POST 和 $_GET",
        },
        sources: &["https://www.php.net/manual/en/language.variables.external.php"],
        twin: Twin::Stages(|stages| stages.decode = php_names),
    },
];

fn trimmed(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_values(message, limits, params, |value| value.trim_ascii().to_vec())
}

fn lists(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_pairs(message, limits, params, |mut pairs| {
        for (name, value) in &mut pairs {
            if name != b"sign" && name != b"sign_type" {
                *value = [b"['", value.as_slice(), b"']"].concat();
            }
        }
        pairs
    })
}

fn first_only(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_pairs(message, limits, params, |pairs| {
        let mut first = Pairs::new();
        for (name, value) in pairs {
            if !first.iter().any(|(other, _)| *other == name) {
                first.push((name, value));
            }
        }
        first
    })
}

fn every_equals(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    let cut = |segment: &[u8]| {
        let mut parts = segment.split(|byte| *byte == b'=').take(2);
        let halves = [parts.next(), parts.next()];
        halves.map(Option::unwrap_or_default).join(&b'=')
    };
    let message: Vec<_> = message.split(|byte| *byte == b'&').map(cut).collect();
    form::decode_into(&message.join(&b'&'), limits, params)
}

fn semicolons(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    form::decode_into(&altered::replaced(message, &[(";", "&")]), limits, params)
}

fn empty_segments(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    let name = |segment: &[u8]| if segment.is_empty() { b"=".to_vec() } else { segment.to_vec() };
    let message: Vec<_> = message.split(|byte| *byte == b'&').map(name).collect();
    form::decode_into(&message.join(&b'&'), limits, params)
}

fn blanks_dropped(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_pairs(message, limits, params, |mut pairs| {
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    })
}

fn cut_at_nul(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_values(message, limits, params, |value| {
        value.split(|byte| *byte == 0).next().unwrap_or_default().to_vec()
    })
}

fn without_bom(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    form::decode_into(message.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(message), limits, params)
}

fn without_question_mark(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
) -> Result<(), FormError> {
    form::decode_into(message.strip_prefix(b"?").unwrap_or(message), limits, params)
}

fn php_names(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_pairs(message, limits, params, |mut pairs| {
        for (name, _) in &mut pairs {
            *name = altered::replaced(name.trim_ascii_start(), &[(".", "_"), (" ", "_")]);
        }
        pairs
    })
}
