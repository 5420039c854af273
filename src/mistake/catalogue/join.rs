//! How the parameters are written.

use super::altered::{is_signed, join_values, replaced};
use crate::canonical::{self, Selection};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;
use crate::protocol::MAPI;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "join-trailing-separator",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text { en: "the last & is not removed", zh: "末尾的 & 没有去掉" },
        fix: Text {
            en: "put & between the pairs instead of removing it afterwards",
            zh: "在参数之间加 &，而不是事后去掉末尾的 &",
        },
        sources: &["https://github.com/lodengo/alipay/issues/4"],
        twin: Twin::Stages(|stages| stages.join = trailing),
    },
    Mistake {
        id: "join-count-of-a-string",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the demo's count() - 2 is taken for the length, and the last character of the last value is cut off",
            zh: "把示例里的 count()-2 当成长度减二，最后一个值的末尾字符被截掉",
        },
        fix: Text {
            en: "put & between the pairs instead of removing it afterwards",
            zh: "在参数之间加 &，而不是事后去掉末尾的 &",
        },
        sources: &["https://github.com/lodengo/alipay/issues/4"],
        twin: Twin::Stages(|stages| stages.join = cut_short),
    },
    Mistake {
        id: "join-leading-separator",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "an & stands in front of the first parameter", zh: "第一个参数前多了 &"
        },
        fix: Text {
            en: "put & between the pairs instead of removing it afterwards",
            zh: "在参数之间加 &，而不是事后去掉末尾的 &",
        },
        sources: &["derived from writing & before every pair"],
        twin: Twin::Stages(|stages| stages.join = leading),
    },
    Mistake {
        id: "join-separator-for-left-out",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "parameters that are not signed leave their & behind",
            zh: "没有签名的参数留下了它的 &",
        },
        fix: Text { en: "filter before joining", zh: "先筛选再拼接" },
        sources: &["derived from joining a list with empty places"],
        twin: Twin::Stages(|stages| stages.join = gaps),
    },
    Mistake {
        id: "join-separator-after-last",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "an & stays at the end when the parameter that sorts last is not signed",
            zh: "排在最后的参数不参与签名时，末尾留下 &",
        },
        fix: Text { en: "filter before joining", zh: "先筛选再拼接" },
        sources: &["public copies of the official ASP demo of 2008"],
        twin: Twin::Stages(|stages| stages.join = left_at_the_end),
    },
    Mistake {
        id: "join-without-separators",
        area: Area::Join,
        severity: Severity::Forgery,
        what: Text {
            en: "values alone are joined, without names and separators, so digits can move between neighbouring values",
            zh: "只拼接值，没有参数名和分隔符，字符可以在相邻的值之间移动",
        },
        fix: Text {
            en: "write name=value, joined by &, and nothing else",
            zh: "写成 name=value，用 & 连接，别无其他",
        },
        sources: &[
            "https://github.com/github/codeql-go/pull/307",
            "https://github.com/cryptoapi/Python-Django-Flask-Bitcoin-Payments/pull/2",
        ],
        twin: Twin::Stages(|stages| stages.join = values_only),
    },
    Mistake {
        id: "join-pairs-without-separator",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text { en: "name=value texts are joined without &", zh: "name=value 之间没有 &" },
        fix: Text {
            en: "write name=value, joined by &, and nothing else",
            zh: "写成 name=value，用 & 连接，别无其他",
        },
        sources: &["derived from joining with an empty text"],
        twin: Twin::Stages(|stages| stages.join = pairs_only),
    },
    Mistake {
        id: "join-names-and-values",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "names and values are joined without = and &, as Taobao's gateway has it",
            zh: "参数名和值直接相连，没有 = 和 &（淘宝开放平台的规则）",
        },
        fix: Text {
            en: "write name=value, joined by &, and nothing else",
            zh: "写成 name=value，用 & 连接，别无其他",
        },
        sources: &["derived from ports of code for Taobao's gateway"],
        twin: Twin::Stages(|stages| stages.join = names_and_values),
    },
    Mistake {
        id: "join-values-quoted",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "values stand between quotation marks, as the mobile SDK has it",
            zh: "值加上了引号（移动支付 SDK 的写法）",
        },
        fix: Text {
            en: "write name=value, joined by &, and nothing else",
            zh: "写成 name=value，用 & 连接，别无其他",
        },
        sources: &["derived from ports of code for the mobile SDK"],
        twin: Twin::Stages(|stages| stages.join = values_quoted),
    },
    Mistake {
        id: "join-stripslashes",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "backslashes are stripped from the string", zh: "字符串里的反斜杠被去掉"
        },
        fix: Text {
            en: "strip slashes only where something has added them, value by value",
            zh: "只在确实被添加过反斜杠时，逐值去除",
        },
        sources: &[
            "https://github.com/yansongda/pay/issues/749",
            "copies of the official PHP demo: https://github.com/xujiajun/php-alipay-sdk",
        ],
        twin: Twin::Stages(|stages| stages.join = slashes_stripped),
    },
    Mistake {
        id: "join-characters-deleted",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "semicolons, apostrophes, ampersands, blanks and other characters are deleted from values before signing",
            zh: "签名前删掉了值里的分号、单引号、&、空格等字符",
        },
        fix: Text { en: "sign the value as it is", zh: "按原样对值签名" },
        sources: &["public copies of the official ASP demo"],
        twin: Twin::Stages(|stages| stages.join = characters_deleted),
    },
    Mistake {
        id: "join-cut-from-json",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the string is cut out of serialised JSON, where quotation marks and braces vanish and & is written as \\u0026",
            zh: "字符串从序列化的 JSON 中截取，引号和花括号消失，& 成了 \\u0026",
        },
        fix: Text {
            en: "write name=value, joined by &, and nothing else",
            zh: "写成 name=value，用 & 连接，别无其他",
        },
        sources: &["https://github.com/ascoders/alipay"],
        twin: Twin::Stages(|stages| stages.join = cut_from_json),
    },
    Mistake {
        id: "join-line-breaks-removed",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "line breaks are removed from values before signing",
            zh: "签名前去掉了值里的换行",
        },
        fix: Text { en: "sign the value as it is", zh: "按原样对值签名" },
        sources: &["derived from input filters for single lines"],
        twin: Twin::Stages(|stages| stages.join = line_breaks_removed),
    },
    Mistake {
        id: "join-string-trimmed",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "blanks at both ends of the string are trimmed before signing",
            zh: "签名前去掉了整个字符串首尾的空白",
        },
        fix: Text { en: "sign the string as it was joined", zh: "按拼接的结果签名" },
        sources: &["derived from input helpers that trim"],
        twin: Twin::Stages(|stages| stages.join = string_trimmed),
    },
    Mistake {
        id: "join-separators-trimmed",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "every & at the end of the string is removed, with it those that end the last value",
            zh: "去掉字符串末尾的所有 &，连最后一个值自己的 & 也被去掉",
        },
        fix: Text {
            en: "put & between the pairs instead of removing it afterwards",
            zh: "在参数之间加 &，而不是事后去掉末尾的 &",
        },
        sources: &["derived from PHP's rtrim, a common cure for count() - 2"],
        twin: Twin::Stages(|stages| stages.join = separators_trimmed),
    },
    Mistake {
        id: "join-split-again",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the joined string is split at & and sorted anew, so a value with & is torn apart",
            zh: "拼接好的字符串又按 & 拆开重新排序，含 & 的值被拆散",
        },
        fix: Text {
            en: "sort the parameters before they are joined", zh: "先排序参数再拼接"
        },
        sources: &["derived from helpers that sort a query"],
        twin: Twin::Stages(|stages| stages.join = split_again),
    },
];

fn trailing(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    canonical::join(params, selection, string);
    string.push(b'&');
}

fn cut_short(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    canonical::join(params, selection, string);
    string.pop();
}

fn leading(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    canonical::join(params, selection, string);
    string.insert(0, b'&');
}

/// Every parameter in order, those that are not signed as nothing.
fn places(params: &Params) -> Vec<Vec<u8>> {
    let mut pairs: Vec<_> = params.pairs().collect();
    pairs.sort_by(|a, b| a.name().cmp(b.name()));
    let written = pairs.iter().map(|pair| {
        if is_signed(*pair, MAPI.excluded) { pair.written().to_vec() } else { Vec::new() }
    });
    written.collect()
}

fn gaps(params: &Params, _: &Selection, string: &mut Vec<u8>) {
    *string = places(params).join(&b'&');
}

fn left_at_the_end(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    canonical::join(params, selection, string);
    if places(params).last().is_some_and(Vec::is_empty) {
        string.push(b'&');
    }
}

fn values_only(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    *string = selection.pairs(params).flat_map(|pair| pair.value()).copied().collect();
}

fn pairs_only(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    *string = selection.pairs(params).flat_map(|pair| pair.written()).copied().collect();
}

fn names_and_values(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    let halves = selection.pairs(params).flat_map(|pair| [pair.name(), pair.value()]);
    *string = halves.flatten().copied().collect();
}

fn values_quoted(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_values(params, selection, string, |value| [b"\"", value, b"\""].concat());
}

fn slashes_stripped(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    canonical::join(params, selection, string);
    let mut stripped = Vec::with_capacity(string.len());
    let mut bytes = string.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => match bytes.next() {
                Some(b'0') => stripped.push(0),
                Some(byte) => stripped.push(*byte),
                None => {}
            },
            byte => stripped.push(*byte),
        }
    }
    *string = stripped;
}

const DELETED: &[(&str, &str)] = &[
    (";", ""),
    ("'", ""),
    ("&", ""),
    (" ", ""),
    ("\u{3000}", ""),
    ("%20", ""),
    ("--", ""),
    ("==", ""),
    ("<", ""),
    (">", ""),
    ("%", ""),
];

fn characters_deleted(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_values(params, selection, string, |value| replaced(value, DELETED));
}

fn cut_from_json(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    let vanishing = [("\"", ""), ("{", ""), ("}", ""), ("&", "\\u0026")];
    join_values(params, selection, string, |value| replaced(value, &vanishing));
}

fn line_breaks_removed(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    join_values(params, selection, string, |value| replaced(value, &[("\r", ""), ("\n", "")]));
}

fn string_trimmed(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    canonical::join(params, selection, string);
    *string = string.trim_ascii().to_vec();
}

fn separators_trimmed(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    canonical::join(params, selection, string);
    while string.last() == Some(&b'&') {
        string.pop();
    }
}

fn split_again(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    canonical::join(params, selection, string);
    let mut parts: Vec<_> = string.split(|byte| *byte == b'&').collect();
    parts.sort_unstable();
    *string = parts.join(&b'&');
}
