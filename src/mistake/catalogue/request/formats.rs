//! How values are written.

use super::{changed, changed_to, get, is, refused, rewrite};
use crate::charset::Charset;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::vector::input::TextPairs;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "request-charset-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "_input_charset may name any charset",
            zh: "_input_charset 可以是任意字符集",
        },
        fix: Text { en: "accept utf-8, gbk and gb2312", zh: "只接受 utf-8、gbk、gb2312" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| rewrite(params, &["_input_charset"], |_| "utf-8".into()))
        }),
    },
    Mistake {
        id: "request-charset-case-sensitive",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "_input_charset in capitals is refused", zh: "拒绝大写的 _input_charset"
        },
        fix: Text { en: "compare without regard to case", zh: "比较时不区分大小写" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                get(params, "_input_charset")
                    .is_some_and(|label| label.contains(char::is_uppercase))
            })
        }),
    },
    Mistake {
        id: "request-gb2312-refused",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "_input_charset=gb2312 is refused", zh: "拒绝 _input_charset=gb2312" },
        fix: Text {
            en: "accept it: the gateway takes it for GBK",
            zh: "应当接受：网关按 GBK 处理",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| is(params, "_input_charset", "gb2312"))
        }),
    },
    Mistake {
        id: "request-characters-outside-charset",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "characters that the charset does not have go unnoticed, and are sent as question marks",
            zh: "字符集里没有的字符不被察觉，发送时变成问号",
        },
        fix: Text {
            en: "refuse a value that the charset cannot write",
            zh: "字符集无法表示的值应当拒绝",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| question_marks(params, ask.charset))
        }),
    },
    Mistake {
        id: "request-special-characters-accepted",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "# % & + are accepted in subject, body and extra_common_param, and = in the last",
            zh: "subject、body、extra_common_param 中允许出现 # % & +（以及后者中的 =）",
        },
        fix: Text {
            en: "refuse them: the gateway does", zh: "应当拒绝：网关不接受这些字符"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| rewrite(params, &TEXTS, without_special))
        }),
    },
    Mistake {
        id: "request-special-characters-in-body",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "only subject is looked through for # % & +, not body and extra_common_param",
            zh: "只检查 subject 中的 # % & +，不检查 body 和 extra_common_param",
        },
        fix: Text { en: "look through all three", zh: "三个参数都要检查" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, &["body", "extra_common_param"], without_special)
            })
        }),
    },
    Mistake {
        id: "request-equals-refused-everywhere",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "= is refused in subject and body as well as in extra_common_param",
            zh: "除 extra_common_param 外，subject 和 body 中的 = 也被拒绝",
        },
        fix: Text {
            en: "refuse it in extra_common_param alone",
            zh: "只在 extra_common_param 中拒绝",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                ["subject", "body"]
                    .iter()
                    .any(|name| get(params, name).is_some_and(|text| text.contains('=')))
            })
        }),
    },
    Mistake {
        id: "request-full-width-folded",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "full-width characters are folded to ASCII before forbidden characters are looked for",
            zh: "检查禁用字符之前先把全角字符折叠成了 ASCII",
        },
        fix: Text { en: "refuse the ASCII characters alone", zh: "只拒绝 ASCII 字符本身" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                TEXTS.iter().any(|name| {
                    get(params, name).is_some_and(|text| text.contains(['＃', '％', '＆', '＋']))
                })
            })
        }),
    },
    Mistake {
        id: "endpoint-notify-url-rejected",
        area: Area::Request,
        severity: Severity::Loss,
        what: Text {
            en: "notify_url and return_url are sent without a look at them",
            zh: "notify_url 与 return_url 不经检查就发送",
        },
        fix: Text {
            en: "require an absolute http or https address without a query or a blank",
            zh: "要求是绝对的 http 或 https 地址，不含查询串和空白",
        },
        sources: &[
            "https://github.com/fzlee/alipay/issues/54",
            "https://github.com/latrell/Alipay/issues/7",
            "https://github.com/lokielse/omnipay-alipay/issues/60",
            "https://github.com/dujiao-next/dujiao-next/issues/171",
        ],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                rewrite(params, &URLS, |url| if url.is_empty() { "" } else { "http://x" }.into())
            })
        }),
    },
    Mistake {
        id: "request-url-with-query",
        area: Area::Request,
        severity: Severity::Loss,
        what: Text {
            en: "notify_url and return_url may have a query, whose parameters then join the message",
            zh: "notify_url 与 return_url 可以带查询串，其参数随后混入报文",
        },
        fix: Text {
            en: "require an address without a query", zh: "要求不带查询串的地址"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                rewrite(params, &URLS, |url| url.split('?').next().unwrap_or_default().into())
            })
        }),
    },
    Mistake {
        id: "request-url-relative",
        area: Area::Request,
        severity: Severity::Loss,
        what: Text {
            en: "notify_url and return_url may lack scheme and host",
            zh: "notify_url 与 return_url 可以没有协议和主机",
        },
        fix: Text {
            en: "require an absolute http or https address",
            zh: "要求绝对的 http 或 https 地址",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                rewrite(params, &URLS, |url| {
                    if url.starts_with('/') { format!("http://x{url}") } else { url.into() }
                })
            })
        }),
    },
];

const TEXTS: [&str; 3] = ["subject", "body", "extra_common_param"];
const URLS: [&str; 2] = ["notify_url", "return_url"];
fn question_marks(params: &mut TextPairs, charset: Charset) {
    for (_, value) in params.iter_mut() {
        let known = |character: char| charset.encode(character.encode_utf8(&mut [0; 4])).is_ok();
        *value = value.chars().map(|c| if known(c) { c } else { '?' }).collect();
    }
}

fn without_special(text: &str) -> String {
    text.replace(['#', '%', '&', '+', '='], "-")
}
