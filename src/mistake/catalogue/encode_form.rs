//! Forms that do not carry what was signed.

use super::altered::{replaced, url_encoded, with_page};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "encode-hidden-form-escaped-twice",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the values of the form are escaped for HTML twice",
            zh: "表单的值做了两次 HTML 转义",
        },
        fix: Text {
            en: "leave escaping to the template or do it by hand, not both",
            zh: "要么交给模板转义，要么手工转义，不要两者都做",
        },
        sources: &["derived from templates that escape every text"],
        twin: Twin::Around(form_escaped_twice),
    },
    Mistake {
        id: "encode-hidden-form-not-escaped",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the form writes values between double quotation marks without escaping them",
            zh: "表单把值直接写在双引号之间，没有转义",
        },
        fix: Text {
            en: "write the values between double quotation marks and escape &, <, > and both quotation marks",
            zh: "值写在双引号之间，并转义 &、<、> 和两种引号",
        },
        sources: &[
            "copies of the official Java demo: https://github.com/chankitm/alipay_direct_pay",
        ],
        twin: Twin::Around(form_not_escaped),
    },
    Mistake {
        id: "encode-hidden-form-single-quotes",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the form writes values between apostrophes without escaping them",
            zh: "表单把值直接写在单引号之间，没有转义",
        },
        fix: Text {
            en: "write the values between double quotation marks and escape &, <, > and both quotation marks",
            zh: "值写在双引号之间，并转义 &、<、> 和两种引号",
        },
        sources: &["copies of the official PHP demo: https://github.com/xujiajun/php-alipay-sdk"],
        twin: Twin::Around(form_in_apostrophes),
    },
    Mistake {
        id: "encode-hidden-form-apostrophe-not-escaped",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the form writes values between apostrophes and escapes everything but these",
            zh: "表单把值写在单引号之间，却唯独没有转义单引号",
        },
        fix: Text {
            en: "write the values between double quotation marks and escape &, <, > and both quotation marks",
            zh: "值写在双引号之间，并转义 &、<、> 和两种引号",
        },
        sources: &[
            "https://www.php.net/manual/en/function.htmlspecialchars.php (default flags before PHP 8.1)",
        ],
        twin: Twin::Around(form_without_apostrophes),
    },
    Mistake {
        id: "encode-hidden-form-url-encoded",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the values of the form are URL-encoded, which the browser does once more",
            zh: "表单的值做了 URL 编码，浏览器又编码一次",
        },
        fix: Text {
            en: "write the raw values into the form, escaped for HTML only",
            zh: "表单里写原始值，只做 HTML 转义",
        },
        sources: &["derived from code shared with the signed address"],
        twin: Twin::Around(form_url_encoded),
    },
    Mistake {
        id: "encode-form-submit-named",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the submit button of the form has a name and is sent as a parameter",
            zh: "表单的提交按钮带有 name，被当作参数发送",
        },
        fix: Text { en: "give the button no name", zh: "提交按钮不要写 name" },
        sources: &[
            "the official demos, whose comments warn of it: https://github.com/xujiajun/php-alipay-sdk",
        ],
        twin: Twin::Around(submit_named),
    },
    Mistake {
        id: "encode-form-by-get",
        area: Area::Encode,
        severity: Severity::Info,
        what: Text {
            en: "the form is sent by GET, which drops the query of its address and cuts long values",
            zh: "表单用 GET 提交，action 里的查询串被丢弃，过长的值被截断",
        },
        fix: Text { en: "send forms by POST", zh: "表单用 POST 提交" },
        sources: &["copies of the official demos, which offer both methods"],
        twin: Twin::Around(form_by_get),
    },
];

/// The page, each value in it written anew from its escaped form, the quotation marks around it included.
fn fields_written(answer: Answer, write: impl Fn(&[u8]) -> Vec<u8>) -> Answer {
    const BEFORE: &[u8] = b"\" value=\"";
    with_page(answer, |html| {
        let mut page = Vec::with_capacity(html.len());
        let mut rest = html;
        while let Some(at) = memchr::memmem::find(rest, BEFORE) {
            let (before, value) = rest.split_at(at + 1);
            let value = value.get(BEFORE.len() - 1..).unwrap_or_default();
            let end = value.iter().position(|byte| *byte == b'"').unwrap_or(value.len());
            let (value, after) = value.split_at(end);
            page.extend_from_slice(before);
            page.extend_from_slice(b" value=");
            page.extend(write(value));
            rest = after.strip_prefix(b"\"").unwrap_or(after);
        }
        page.extend_from_slice(rest);
        page
    })
}

const ESCAPED: &[(&str, &str)] = &[
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&#13;", "\r"),
    ("&#10;", "\n"),
    ("&amp;", "&"),
];

fn quoted(quote: &str, value: &[u8]) -> Vec<u8> {
    [quote.as_bytes(), value, quote.as_bytes()].concat()
}

fn form_not_escaped(inner: &dyn Implementation, ask: &Ask) -> Answer {
    fields_written(inner.perform(ask), |value| quoted("\"", &replaced(value, ESCAPED)))
}

fn form_in_apostrophes(inner: &dyn Implementation, ask: &Ask) -> Answer {
    fields_written(inner.perform(ask), |value| quoted("'", &replaced(value, ESCAPED)))
}

fn form_without_apostrophes(inner: &dyn Implementation, ask: &Ask) -> Answer {
    fields_written(inner.perform(ask), |value| quoted("'", &replaced(value, &[("&#39;", "'")])))
}

fn form_escaped_twice(inner: &dyn Implementation, ask: &Ask) -> Answer {
    fields_written(inner.perform(ask), |value| quoted("\"", &replaced(value, &[("&", "&amp;")])))
}

fn form_url_encoded(inner: &dyn Implementation, ask: &Ask) -> Answer {
    fields_written(inner.perform(ask), |value| {
        quoted("\"", &url_encoded(&replaced(value, ESCAPED)))
    })
}

fn submit_named(inner: &dyn Implementation, ask: &Ask) -> Answer {
    with_page(inner.perform(ask), |html| {
        replaced(html, &[("<input type=\"submit\"", "<input type=\"submit\" name=\"submit\"")])
    })
}

fn form_by_get(inner: &dyn Implementation, ask: &Ask) -> Answer {
    with_page(inner.perform(ask), |html| replaced(html, &[("method=\"post\"", "method=\"get\"")]))
}
