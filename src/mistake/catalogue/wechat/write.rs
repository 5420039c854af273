//! What goes wrong when a request of WeChat Pay is written as XML.

use super::super::altered::with_params;
use super::is_v2;
use super::lenient::{escaped, in_section};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::{Input, TextPairs};
use crate::vector::operation::Operation;

const WRITER: Text = Text {
    en: "write each value in CDATA, ]]> split over two sections, and send what was signed",
    zh: "每个值写入 CDATA，]]> 拆成两段，发送的内容与签名的内容一致",
};
const CHECKED: Text = Text {
    en: "refuse names and characters that XML has not",
    zh: "拒绝 XML 不允许的名称与字符",
};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "encode-xml-cdata-end-not-split",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "a value that holds ]]> ends its CDATA early",
            zh: "值中的 ]]> 提前结束了 CDATA",
        },
        fix: WRITER,
        sources: &[
            "https://github.com/jsyzchen/wxpay-php-sdk (official PHP SDK 3.0)",
            "https://github.com/go-pay/gopay",
            "https://github.com/objcoding/wxpay",
        ],
        twin: Twin::Around(|inner, ask| {
            let carriage_returns = |value: &str| value.replace('\r', "]]>&#13;<![CDATA[");
            rewritten(inner, ask, |value| in_section(&carriage_returns(value)))
        }),
    },
    Mistake {
        id: "encode-xml-carriage-return-lost",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "a carriage return is written into CDATA, where it is read as a line feed",
            zh: "回车写入 CDATA，读出时变成换行",
        },
        fix: Text {
            en: "write a carriage return as a reference, outside of CDATA",
            zh: "回车写成 CDATA 之外的字符引用",
        },
        sources: &["https://www.w3.org/TR/xml/#sec-line-ends"],
        twin: Twin::Around(|inner, ask| {
            let sections = |value: &str| value.replace("]]>", "]]]]><![CDATA[>");
            rewritten(inner, ask, |value| in_section(&sections(value)))
        }),
    },
    Mistake {
        id: "encode-xml-not-escaped",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "values are written between the tags as they are",
            zh: "值原样写在标签之间，没有转义",
        },
        fix: WRITER,
        sources: &["derived from putting XML together as text"],
        twin: Twin::Around(|inner, ask| rewritten(inner, ask, str::to_owned)),
    },
    Mistake {
        id: "encode-xml-escaped-in-cdata",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "values are escaped and then put into CDATA, where nothing is resolved",
            zh: "值先转义再放入 CDATA，而 CDATA 中不会还原",
        },
        fix: WRITER,
        sources: &["derived from escaping twice"],
        twin: Twin::Around(|inner, ask| rewritten(inner, ask, |value| in_section(&escaped(value)))),
    },
    Mistake {
        id: "encode-xml-references-not-escaped",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "only < and > are escaped, so what looks like a reference is read as one",
            zh: "只转义 < 和 >，形似引用的文本被当作引用",
        },
        fix: WRITER,
        sources: &["derived from replacing the angle brackets alone"],
        twin: Twin::Around(|inner, ask| {
            rewritten(inner, ask, |value| value.replace('<', "&lt;").replace('>', "&gt;"))
        }),
    },
    Mistake {
        id: "encode-xml-global-replace",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "doubled underscores are replaced in the whole document, in values too",
            zh: "对整个文档把双下划线替换成单下划线，值也被改动",
        },
        fix: WRITER,
        sources: &["https://haomeiwen.com/subject/ylhknrtx.html"],
        twin: Twin::Around(|inner, ask| with_xml(inner.perform(ask), |xml| xml.replace("__", "_"))),
    },
    Mistake {
        id: "encode-xml-equal-values-lost",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "of two members of one value only one is written",
            zh: "值相同的两个成员只写出一个",
        },
        fix: WRITER,
        sources: &["https://github.com/lokielse/omnipay-wechatpay/issues/5"],
        twin: Twin::Around(equal_values_lost),
    },
    Mistake {
        id: "encode-xml-numbers-rewritten",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "values of digits are written as numbers, without their leading zeros",
            zh: "全数字的值按数字写出，丢失前导零",
        },
        fix: WRITER,
        sources: &["derived from writers that take the type from the text"],
        twin: Twin::Around(|inner, ask| {
            rewritten(inner, ask, |value| match value.parse::<u64>() {
                Ok(number) => number.to_string(),
                Err(_) => carried(value),
            })
        }),
    },
    Mistake {
        id: "encode-cdata-markup-signed",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the marks of CDATA are part of the value that is signed",
            zh: "CDATA 标记被当作值参与签名",
        },
        fix: Text {
            en: "sign the value; CDATA is only a way to write it",
            zh: "对值本身签名，CDATA 只是书写方式",
        },
        sources: &["https://github.com/binarywang/WxJava/issues/1428"],
        twin: Twin::Around(marks_signed),
    },
    Mistake {
        id: "encode-xml-names-not-checked",
        area: Area::Encode,
        severity: Severity::Forgery,
        what: Text {
            en: "a name is written whatever it holds, so that it can close its element and begin another",
            zh: "名称不经检查直接写出，可以闭合自身并插入其他元素",
        },
        fix: CHECKED,
        sources: &["derived from putting XML together as text"],
        twin: Twin::Around(|inner, ask| unchecked(inner, ask, is_value)),
    },
    Mistake {
        id: "encode-xml-characters-not-checked",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "control characters are written into XML, which has none",
            zh: "把 XML 不允许的控制字符写入 XML",
        },
        fix: CHECKED,
        sources: &["derived from putting XML together as text"],
        twin: Twin::Around(|inner, ask| unchecked(inner, ask, |text| !is_value(text))),
    },
    Mistake {
        id: "digest-hmac-literal",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "sign_type is sent as HMAC_SHA256, the name of a constant",
            zh: "sign_type 发送成常量名 HMAC_SHA256",
        },
        fix: Text { en: "send HMAC-SHA256", zh: "发送 HMAC-SHA256" },
        sources: &["https://github.com/essensoft/paylinks/issues/128"],
        twin: Twin::Around(misspelled),
    },
];

/// The same request, its XML written in another way.
fn with_xml(mut answer: Answer, alter: impl FnOnce(&str) -> String) -> Answer {
    if let Answer::Value(output) = &mut answer
        && let Some(xml) = &mut output.xml
    {
        *xml = alter(xml);
    }
    answer
}

/// The same request, its XML made of what is sent: what was signed, and the signature.
fn of_sent(mut answer: Answer, write: impl FnOnce(&Params) -> String) -> Answer {
    if let Answer::Value(output) = &mut answer
        && output.xml.is_some()
    {
        let mut sent = output.filtered.clone().unwrap_or_default();
        sent.push(b"sign", output.signature.as_deref().unwrap_or_default().as_bytes());
        output.xml = Some(format!("<xml>{}</xml>", write(&sent)));
    }
    answer
}

/// As the rules have it.
fn carried(value: &str) -> String {
    in_section(&value.replace("]]>", "]]]]><![CDATA[>").replace('\r', "]]>&#13;<![CDATA["))
}

fn element(name: &[u8], value: &[u8], written: impl Fn(&str) -> String) -> String {
    let [name, value] = [name, value].map(String::from_utf8_lossy);
    format!("<{name}>{}</{name}>", written(&value))
}

fn rewritten(inner: &dyn Implementation, ask: &Ask, written: impl Fn(&str) -> String) -> Answer {
    of_sent(inner.perform(ask), |sent| {
        sent.iter().map(|(name, value)| element(name, value, &written)).collect()
    })
}

fn equal_values_lost(inner: &dyn Implementation, ask: &Ask) -> Answer {
    of_sent(inner.perform(ask), |sent| {
        let mut elements = Vec::new();
        for (at, (name, value)) in sent.iter().enumerate() {
            if !sent.iter().skip(at + 1).any(|(_, other)| other == value) {
                elements.push(element(name, value, carried));
            }
        }
        elements.concat()
    })
}

fn written_params(ask: &Ask) -> Option<&TextPairs> {
    match &ask.input {
        Input::Params(params) if is_v2(ask) && ask.operation == Operation::BuildXml => Some(params),
        _ => None,
    }
}

fn marks_signed(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if written_params(ask).is_none() {
        return inner.perform(ask);
    }
    let marked = with_params(ask, |params| {
        for (_, value) in params {
            if value.contains(['<', '&']) && !value.contains("]]>") {
                *value = in_section(value);
            }
        }
    });
    // What is marked already is written as it stands.
    of_sent(inner.perform(&marked), |sent| {
        let written = |value: &str| {
            let is_marked = value.starts_with("<![CDATA[") && value.ends_with("]]>");
            if is_marked { value.to_owned() } else { carried(value) }
        };
        sent.iter().map(|(name, value)| element(name, value, written)).collect()
    })
}

fn is_value(text: &str) -> bool {
    text.chars().all(crate::xml::is_character)
}

/// Builds without the parameters whose name or value XML cannot carry, and where `applies`, which says so of all values
/// together, gives an answer nevertheless.
fn unchecked(inner: &dyn Implementation, ask: &Ask, applies: fn(&str) -> bool) -> Answer {
    let answer = inner.perform(ask);
    let Some(params) = written_params(ask) else { return answer };
    let values: String = params.iter().map(|(_, value)| value.as_str()).collect();
    if !matches!(answer, Answer::Reject(_)) || !applies(&values) {
        return answer;
    }
    let carried = with_params(ask, |params| {
        params.retain(|(name, value)| crate::xml::is_name(name) && is_value(value));
    });
    inner.perform(&carried)
}

fn misspelled(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if written_params(ask).is_none() {
        return inner.perform(ask);
    }
    let misspelled = with_params(ask, |params| {
        for (name, value) in params {
            if name == "sign_type" && value == "HMAC-SHA256" {
                *value = "HMAC_SHA256".into();
            }
        }
    });
    inner.perform(&misspelled)
}
