//! Readers that take the text of a member for what it is not: CDATA, references, white space, bytes.

use super::super::altered::Pairs;
use super::lenient::{self, by_sections, changed, escaped, in_section, pair, read};
use crate::charset::Charset;
use crate::form::Limits;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;
use crate::xml::{self, XmlError};

const PARSER: Text = Text {
    en: "read the members with a parser of XML that refuses document types",
    zh: "用拒绝文档类型声明的 XML 解析器读取成员",
};
const UTF_8: Text =
    Text { en: "refuse a message that is no UTF-8", zh: "不是 UTF-8 的消息一律拒绝" };

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "xml-first-text-run",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "of several sections of CDATA in a member only the first one is read",
            zh: "成员中有多个 CDATA 段时只读取第一个",
        },
        fix: PARSER,
        sources: &["https://github.com/Wechat-Group/WxJava (fast mode)"],
        twin: Twin::Stages(|stages| stages.xml = first_run),
    },
    Mistake {
        id: "xml-cdata-markup-kept",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text { en: "the marks of CDATA stay in the value", zh: "CDATA 标记留在值中" },
        fix: PARSER,
        sources: &["derived from cutting values out by their tags"],
        twin: Twin::Stages(|stages| stages.xml = marks_kept),
    },
    Mistake {
        id: "xml-references-kept",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "references such as &amp; stay in the value", zh: "&amp; 等引用留在值中"
        },
        fix: PARSER,
        sources: &["derived from cutting values out by their tags"],
        twin: Twin::Stages(|stages| stages.xml = references_kept),
    },
    Mistake {
        id: "xml-references-in-cdata-resolved",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "references are resolved in CDATA too", zh: "CDATA 中的引用也被还原"
        },
        fix: PARSER,
        sources: &["derived from unescaping after reading"],
        twin: Twin::Stages(|stages| stages.xml = resolved_in_sections),
    },
    Mistake {
        id: "xml-bare-ampersand-accepted",
        area: Area::Parse,
        severity: Severity::Info,
        what: Text {
            en: "an & that begins no reference is taken for itself",
            zh: "不构成引用的 & 被当作普通字符",
        },
        fix: PARSER,
        sources: &["derived from parsers of HTML"],
        twin: Twin::Stages(|stages| stages.xml = ampersands_repaired),
    },
    Mistake {
        id: "xml-indentation-read",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "white space behind a member, other than one line feed, takes the place of its value",
            zh: "成员之后的空白（单个换行除外）取代了它的值",
        },
        fix: PARSER,
        sources: &["https://github.com/objcoding/wxpay"],
        twin: Twin::Stages(|stages| stages.xml = indentation_read),
    },
    Mistake {
        id: "xml-line-ends-kept",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "a line end of two bytes within a value stays as it is",
            zh: "值内的 CRLF 保持不变",
        },
        fix: PARSER,
        sources: &["derived from cutting values out by their tags"],
        twin: Twin::Stages(|stages| stages.xml = line_ends_kept),
    },
    Mistake {
        id: "xml-prolog-refused",
        area: Area::Parse,
        severity: Severity::Loss,
        what: Text {
            en: "a declaration or comment before the root is taken for the root",
            zh: "根元素之前的声明或注释被当作根元素",
        },
        fix: PARSER,
        sources: &["https://github.com/fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat (XmlHelper)"],
        twin: Twin::Stages(|stages| stages.xml = prolog_refused),
    },
    Mistake {
        id: "xml-control-characters-dropped",
        area: Area::Parse,
        severity: Severity::Info,
        what: Text {
            en: "characters that XML has not are dropped", zh: "XML 不允许的字符被丢弃"
        },
        fix: PARSER,
        sources: &["derived from filters in front of a parser"],
        twin: Twin::Stages(|stages| stages.xml = controls_dropped),
    },
    Mistake {
        id: "charset-xml-invalid-bytes-replaced",
        area: Area::Charset,
        severity: Severity::Info,
        what: Text {
            en: "bytes of a message that are no UTF-8 are replaced before it is read",
            zh: "读取消息前替换了不是 UTF-8 的字节",
        },
        fix: UTF_8,
        sources: &["derived from decoders that replace"],
        twin: Twin::Stages(|stages| stages.xml = bytes_replaced),
    },
    Mistake {
        id: "charset-xml-read-as-gbk",
        area: Area::Charset,
        severity: Severity::Info,
        what: Text {
            en: "a message that is no UTF-8 is read as GBK",
            zh: "不是 UTF-8 的消息按 GBK 读取",
        },
        fix: UTF_8,
        sources: &["derived from decoders that guess"],
        twin: Twin::Stages(|stages| stages.xml = read_as_gbk),
    },
];

type Read = Result<(), XmlError>;

fn first_run(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    changed(message, limits, params, |text| {
        let mut changed = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("]]>") {
            changed = changed + before + "]]>";
            rest = behind.find("</").and_then(|end| behind.get(end..)).unwrap_or_default();
        }
        changed + rest
    })
}

fn marks_kept(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    changed(message, limits, params, |text| {
        by_sections(text, |inside| escaped(&in_section(inside)), str::to_owned)
    })
}

fn references_kept(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    changed(message, limits, params, |text| {
        by_sections(text, in_section, |beside| beside.replace('&', "&amp;"))
    })
}

fn resolved_in_sections(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    changed(message, limits, params, |text| {
        let resolve = |inside: &str| {
            let is_plain = !inside.contains(['<', '>']);
            if is_plain { inside.to_owned() } else { in_section(inside) }
        };
        let resolved = by_sections(text, resolve, str::to_owned);
        let is_read = xml::decode_into(resolved.as_bytes(), limits, &mut Params::new()).is_ok();
        if is_read { resolved } else { text.to_owned() }
    })
}

fn ampersands_repaired(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    changed(message, limits, params, |text| {
        let repair = |beside: &str| {
            let mut pieces = beside.split('&');
            let mut repaired = pieces.next().unwrap_or_default().to_owned();
            for piece in pieces {
                let name = piece.split_once(';').map_or("", |(name, _)| name);
                let is_reference = name.starts_with('#') || xml::is_name(name);
                repaired = repaired + if is_reference { "&" } else { "&amp;" } + piece;
            }
            repaired
        };
        by_sections(text, in_section, repair)
    })
}

fn indentation_read(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    xml::decode_into(message, limits, params)?;
    let _ = read(message, params, |root| {
        let mut pairs = Pairs::new();
        for node in root.children() {
            match (node.is_element(), node.text().filter(|text| *text != "\n"), pairs.last_mut()) {
                (true, ..) => pairs.push(pair(node.tag_name().name(), &lenient::text(node))),
                (false, Some(text), Some((_, value))) if node.is_text() => *value = text.into(),
                _ => {}
            }
        }
        pairs
    });
    Ok(())
}

fn line_ends_kept(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    changed(message, limits, params, |text| {
        let kept = |inside: &str| in_section(&inside.replace('\r', "]]>&#13;<![CDATA["));
        by_sections(text, kept, |beside| {
            // Not within a tag.
            let mut changed = String::new();
            for piece in beside.split_inclusive('>') {
                let (text, tag) = piece.split_at(piece.find('<').unwrap_or(piece.len()));
                changed = changed + &text.replace('\r', "&#13;") + tag;
            }
            changed
        })
    })
}

fn prolog_refused(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    xml::decode_into(message, limits, params)?;
    let begin = message.trim_ascii_start();
    if begin.starts_with(b"<?") || begin.starts_with(b"<!") {
        return Err(XmlError::Structure { offset: 0 });
    }
    Ok(())
}

fn controls_dropped(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    changed(message, limits, params, |text| {
        let text: String = text.chars().filter(|character| xml::is_character(*character)).collect();
        ["&#0;", "&#xD83D;"].iter().fold(text, |text, reference| text.replace(reference, ""))
    })
}

fn bytes_replaced(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    xml::decode_into(String::from_utf8_lossy(message).as_bytes(), limits, params)
}

fn read_as_gbk(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    match xml::decode_into(message, limits, params) {
        Err(XmlError::Charset { offset }) => match Charset::Gbk.decode(message) {
            Ok(text) => xml::decode_into(text.as_bytes(), limits, params),
            Err(_) => Err(XmlError::Charset { offset }),
        },
        other => other,
    }
}
