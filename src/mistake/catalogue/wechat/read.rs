//! Readers that take XML for a list of fields that is none.

use super::super::altered::{Pairs, owned};
use super::lenient::{elements, pair, text, tree};
use crate::form::Limits;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;
use crate::xml::{self, XmlError};

const ONCE: Text = Text {
    en: "refuse a message in which a member stands twice",
    zh: "成员重复的消息一律拒绝",
};
const FLAT: Text = Text {
    en: "refuse a message in which a member holds an element",
    zh: "成员中含有元素的消息一律拒绝",
};
const WELL_FORMED: Text = Text {
    en: "refuse what a parser of XML refuses, before looking at the signature",
    zh: "XML 解析器拒绝的内容一律拒绝，不再看签名",
};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "xml-duplicates-last",
        area: Area::Parse,
        severity: Severity::Forgery,
        what: Text {
            en: "of a member that stands twice the last one counts",
            zh: "成员重复时以最后一个为准",
        },
        fix: ONCE,
        sources: &[
            "https://github.com/hotlcc/WXPay-SDK-Java (official Java SDK 0.0.3)",
            "https://github.com/go-pay/gopay",
        ],
        twin: Twin::Stages(|stages| stages.xml = last),
    },
    Mistake {
        id: "xml-duplicates-first",
        area: Area::Parse,
        severity: Severity::Forgery,
        what: Text {
            en: "of a member that stands twice the first one counts, and whatever follows passes unverified",
            zh: "成员重复时以第一个为准，其后的内容未经验签即被放行",
        },
        fix: ONCE,
        sources: &["https://github.com/Wechat-Group/WxJava (fast mode)"],
        twin: Twin::Stages(|stages| stages.xml = first),
    },
    Mistake {
        id: "xml-duplicate-elements",
        area: Area::Parse,
        severity: Severity::Forgery,
        what: Text {
            en: "repeated and nested elements become arrays, which are not signed: anything may be appended to a genuine message in this form",
            zh: "重复或嵌套的元素变成数组而不参与签名：任何内容都能以此形式追加到真实消息之后",
        },
        fix: ONCE,
        sources: &["https://github.com/jsyzchen/wxpay-php-sdk (official PHP SDK 3.0)"],
        twin: Twin::Stages(|stages| stages.xml = arrays_left_out),
    },
    Mistake {
        id: "xml-nested-flattened",
        area: Area::Parse,
        severity: Severity::Forgery,
        what: Text {
            en: "elements within members are taken for members",
            zh: "成员中的元素被当作成员",
        },
        fix: FLAT,
        sources: &["https://github.com/objcoding/wxpay"],
        twin: Twin::Stages(|stages| stages.xml = flattened),
    },
    Mistake {
        id: "xml-nested-text",
        area: Area::Parse,
        severity: Severity::Info,
        what: Text {
            en: "the texts of elements within a member are put together as its value",
            zh: "成员中各元素的文本被拼成它的值",
        },
        fix: FLAT,
        sources: &["https://github.com/pengsonghua/wxpay-sdk (official Java SDK 3.0.9)"],
        twin: Twin::Stages(|stages| stages.xml = all_text),
    },
    Mistake {
        id: "xml-malformed-as-empty",
        area: Area::Parse,
        severity: Severity::Info,
        what: Text {
            en: "what is no XML is read as a message without members",
            zh: "不是 XML 的内容被读成没有成员的消息",
        },
        fix: WELL_FORMED,
        sources: &["https://github.com/wechatpay-apiv3/wechatpay-php (Transformer::toArray)"],
        twin: Twin::Stages(|stages| stages.xml = malformed_as_empty),
    },
    Mistake {
        id: "xml-unclosed-accepted",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "a message that was cut off is read as far as it goes",
            zh: "被截断的消息按已收到的部分读取",
        },
        fix: WELL_FORMED,
        sources: &["derived from readers that take one token after the other"],
        twin: Twin::Stages(|stages| stages.xml = closed_at_the_end),
    },
    Mistake {
        id: "xml-trailing-ignored",
        area: Area::Parse,
        severity: Severity::Info,
        what: Text {
            en: "what stands behind the end of the root is not read",
            zh: "根元素结束之后的内容被忽略",
        },
        fix: WELL_FORMED,
        sources: &["https://pkg.go.dev/encoding/xml#Decoder.Decode"],
        twin: Twin::Stages(|stages| stages.xml = up_to_the_root),
    },
    Mistake {
        id: "xml-empty-element-becomes-array",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "an empty element becomes an array, which is signed as the word Array",
            zh: "空元素变成数组，以单词 Array 参与签名",
        },
        fix: Text { en: "read an empty element as an empty value", zh: "空元素读作空值" },
        sources: &[
            "https://github.com/w7corp/easywechat/issues/426",
            "https://github.com/shmy/cn-pay/issues/1",
        ],
        twin: Twin::Stages(|stages| stages.xml = arrays_written),
    },
    Mistake {
        id: "xml-values-trimmed",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text { en: "the reader trims values", zh: "解析器去掉了值首尾的空白" },
        fix: Text {
            en: "take every value as it came, blanks included",
            zh: "按收到的原样使用每个值，包括空白",
        },
        sources: &["https://github.com/martinblech/xmltodict (strip_whitespace)"],
        twin: Twin::Stages(|stages| stages.xml = trimmed),
    },
    Mistake {
        id: "xml-names-lower-cased",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text { en: "names are read in lower case", zh: "名称被读成小写" },
        fix: Text { en: "take names as they came", zh: "名称保持原样" },
        sources: &["derived from parsers of HTML"],
        twin: Twin::Stages(|stages| stages.xml = lower_cased),
    },
];

type Read = Result<(), XmlError>;

fn is_repeated(refused: &XmlError) -> bool {
    matches!(refused, XmlError::Repeated { .. })
}

fn is_structure(refused: &XmlError) -> bool {
    matches!(refused, XmlError::Structure { .. })
}

fn last(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    tree(message, limits, params, is_repeated, |root| {
        let mut pairs = elements(root, text);
        pairs.reverse();
        let mut pairs = firsts(pairs);
        pairs.reverse();
        pairs
    })
}

fn first(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    tree(message, limits, params, is_repeated, |root| firsts(elements(root, text)))
}

fn firsts(pairs: Pairs) -> Pairs {
    let mut kept = Pairs::new();
    for (name, value) in pairs {
        if !kept.iter().any(|(other, _)| *other == name) {
            kept.push((name, value));
        }
    }
    kept
}

fn arrays_left_out(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    let takes = |refused: &XmlError| is_repeated(refused) || is_structure(refused);
    tree(message, limits, params, takes, |root| {
        let has_children = |name: &[u8]| {
            let named = root.children().filter(|node| node.tag_name().name().as_bytes() == name);
            named.flat_map(|node| node.children()).any(|child| child.is_element())
        };
        let all = elements(root, text);
        let count = |name: &[u8]| all.iter().filter(|(other, _)| other == name).count();
        let is_text = |name: &[u8]| count(name) == 1 && !has_children(name);
        all.iter().filter(|(name, _)| is_text(name)).cloned().collect()
    })
}

fn flattened(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    tree(message, limits, params, is_structure, |root| {
        let leaves = root.descendants().filter(|node| node.is_element() && *node != root);
        let leaves = leaves.filter(|node| !node.children().any(|child| child.is_element()));
        firsts(leaves.map(|node| pair(node.tag_name().name(), &text(node))).collect())
    })
}

fn all_text(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    tree(message, limits, params, is_structure, |root| elements(root, text))
}

fn malformed_as_empty(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    match xml::decode_into(message, limits, params) {
        Err(XmlError::Malformed { .. } | XmlError::Charset { .. } | XmlError::Encoding { .. }) => {
            params.clear();
            Ok(())
        }
        other => other,
    }
}

fn closed_at_the_end(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    let refused = match xml::decode_into(message, limits, params) {
        Err(refused @ XmlError::Malformed { .. }) => refused,
        other => return other,
    };
    let whole = message.rsplitn(2, |byte| *byte == b'<').last().unwrap_or_default();
    xml::decode_into(&[whole, b"</xml>"].concat(), limits, params).map_err(|_| refused)
}

fn up_to_the_root(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    let end = memchr::memmem::find(message, b"</xml>").map(|at| at + b"</xml>".len());
    xml::decode_into(message.get(..end.unwrap_or(message.len())).unwrap_or(message), limits, params)
}

fn each_pair(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
    alter: impl Fn((Vec<u8>, Vec<u8>)) -> (Vec<u8>, Vec<u8>),
) -> Read {
    xml::decode_into(message, limits, params)?;
    *params = owned(params).into_iter().map(alter).collect();
    Ok(())
}

fn arrays_written(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    each_pair(message, limits, params, |(name, value)| {
        (name, if value.is_empty() { b"Array".to_vec() } else { value })
    })
}

fn trimmed(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    each_pair(message, limits, params, |(name, value)| (name, value.trim_ascii().to_vec()))
}

fn lower_cased(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    each_pair(message, limits, params, |(name, value)| (name.to_ascii_lowercase(), value))
}
