//! Document types that are accepted, and messages of WeChat Pay that are not verified.

use super::super::wap_xml::{document_type, external_resolved};
use super::is_v2;
use super::lenient::changed;
use crate::form::Limits;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;
use crate::protocol::wechatpay::response::is_failure;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::Input;
use crate::vector::operation::Operation;
use crate::vector::output::Output;
use crate::xml::{self, XmlError};

const REFUSED: Text = Text {
    en: "refuse a document type wherever XML is read, before anything else",
    zh: "在所有读取 XML 的地方首先拒绝文档类型声明",
};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "xml-external-entity-incomplete-fix",
        area: Area::Parse,
        severity: Severity::Forgery,
        what: Text {
            en: "document types are refused in notifications, and accepted in the answers to calls",
            zh: "通知拒绝文档类型声明，接口应答却接受",
        },
        fix: REFUSED,
        sources: &[
            "CVE-2019-5312",
            "https://github.com/ihaolin/common/issues/2",
            "https://github.com/binarywang/WxJava/issues/1427",
        ],
        twin: Twin::Around(|inner, ask| match &ask.input {
            Input::Response { .. } if is_v2(ask) => external_resolved(inner, ask),
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "xml-doctype-ignored",
        area: Area::Parse,
        severity: Severity::Info,
        what: Text {
            en: "a document type is passed over where nothing of it is used",
            zh: "文档类型声明未被使用时被忽略",
        },
        fix: REFUSED,
        sources: &[
            "https://blog.csdn.net/yelin042/article/details/80913544 (parsers that only block entities)",
        ],
        twin: Twin::Stages(|stages| stages.xml = document_type_ignored),
    },
    Mistake {
        id: "xml-doctype-in-utf-16",
        area: Area::Parse,
        severity: Severity::Forgery,
        what: Text {
            en: "the bytes are searched for a document type, which another encoding hides",
            zh: "按字节搜索文档类型声明，换一种编码即可绕过",
        },
        fix: REFUSED,
        sources: &[
            "https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing",
        ],
        twin: Twin::Stages(|stages| stages.xml = utf_16_read),
    },
    Mistake {
        id: "xml-doctype-searched-for",
        area: Area::Parse,
        severity: Severity::Loss,
        what: Text {
            en: "a genuine message is refused because a value of it holds the text of a document type",
            zh: "真实消息的某个值含有文档类型声明的文本，因而被拒绝",
        },
        fix: Text {
            en: "let the parser refuse document types", zh: "由解析器拒绝文档类型声明"
        },
        sources: &["derived from searching the body for <!DOCTYPE"],
        twin: Twin::Stages(|stages| stages.xml = searched_for),
    },
    Mistake {
        id: "xml-xinclude-resolved",
        area: Area::Parse,
        severity: Severity::Forgery,
        what: Text {
            en: "XInclude is resolved, so that a message can read files",
            zh: "解析了 XInclude，消息因而可以读取文件",
        },
        fix: REFUSED,
        sources: &[
            "https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing",
        ],
        twin: Twin::Stages(|stages| stages.xml = included),
    },
    Mistake {
        id: "compare-wechat-answer-not-verified",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "the answer to a call is used without verifying it",
            zh: "接口应答未经验签就被使用",
        },
        fix: Text {
            en: "verify answers as notifications are; only return_code FAIL comes unsigned",
            zh: "应答与通知一样要验签；只有 return_code=FAIL 的应答没有签名",
        },
        sources: &["https://github.com/hotlcc/WXPay-SDK-Java (FAIL is passed on unverified)"],
        twin: Twin::Around(answer_not_verified),
    },
    Mistake {
        id: "compare-wechat-failure-as-notification",
        area: Area::Compare,
        severity: Severity::Forgery,
        what: Text {
            en: "a notification that says FAIL is accepted without a sign, as the answer to a call is",
            zh: "写着 FAIL 的通知没有 sign 也被接受（应答的规则）",
        },
        fix: Text {
            en: "accept no notification without a sign", zh: "没有 sign 的通知一律拒绝"
        },
        sources: &["derived from one function for answers and notifications"],
        twin: Twin::Around(failure_accepted),
    },
];

type Read = Result<(), XmlError>;

fn document_type_ignored(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    changed(message, limits, params, |text| {
        // A text that is XML has none.
        if xml::decode_into(message, limits, &mut Params::new()).is_ok() {
            return text.to_owned();
        }
        let upper = text.replace("<!doctype ", "<!DOCTYPE ");
        match document_type(&upper) {
            Some((before, _, after)) => before.to_owned() + after,
            None => text.to_owned(),
        }
    })
}

fn utf_16_read(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    let Some(units) = message.strip_prefix(b"\xFF\xFE") else {
        return xml::decode_into(message, limits, params);
    };
    let units: Vec<_> = units.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    let text = String::from_utf16_lossy(&units);
    let text = match document_type(&text) {
        Some((before, _, after)) => (before.to_owned() + after).replace("&e;", "1"),
        None => text,
    };
    xml::decode_into(text.as_bytes(), limits, params)
}

fn searched_for(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    match memchr::memmem::find(message, b"<!DOCTYPE") {
        Some(offset) => Err(XmlError::Structure { offset }),
        None => xml::decode_into(message, limits, params),
    }
}

fn included(message: &[u8], limits: Limits, params: &mut Params) -> Read {
    changed(message, limits, params, |text| {
        let parts = text.split_once("<xi:include").and_then(|(before, element)| {
            let (_, after) = element.split_once("/>")?;
            Some(
                before.split_once(" xmlns:xi").map_or(before, |(before, _)| before).to_owned()
                    + ">"
                    + after,
            )
        });
        parts.unwrap_or_else(|| text.to_owned())
    })
}

fn answer_not_verified(inner: &dyn Implementation, ask: &Ask) -> Answer {
    match &ask.input {
        Input::Response { body, .. } if is_v2(ask) => {
            match xml::decode_into(&body.0, Limits::DEFAULT, &mut Params::new()) {
                Ok(()) => Answer::accept(Output::default()),
                Err(_) => inner.perform(ask),
            }
        }
        _ => inner.perform(ask),
    }
}

fn failure_accepted(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let mut params = Params::new();
    match &ask.input {
        Input::Message(body)
            if is_v2(ask)
                && ask.operation == Operation::VerifyNotify
                && xml::decode_into(&body.0, Limits::DEFAULT, &mut params).is_ok()
                && is_failure(&params) =>
        {
            Answer::accept(Output::default())
        }
        _ => inner.perform(ask),
    }
}
