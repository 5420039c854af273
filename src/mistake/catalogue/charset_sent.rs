//! In which charset requests are signed and sent.

use super::altered::{
    self, converted, is_signing, is_verifying, signed_and_sent, with_charset, with_message,
    with_page, with_params, with_sent,
};
use crate::canonical::{self, Selection};
use crate::charset::Charset;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::operation::Operation;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "charset-utf-8-only",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "requests are signed and sent in UTF-8 whatever _input_charset says",
            zh: "不论 _input_charset 写什么，请求都按 UTF-8 签名和发送",
        },
        fix: Text {
            en: "encode the text in the charset of _input_charset before signing and on the wire",
            zh: "签名和发送都要按 _input_charset 的字符集编码文本",
        },
        sources: &[
            "https://github.com/chloerei/alipay",
            "https://github.com/lxneng/alipay",
            "https://github.com/liuyug/django-alipay",
        ],
        twin: Twin::Around(utf_8_only),
    },
    Mistake {
        id: "charset-utf-8-signed",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "requests are sent in the charset of _input_charset but signed over UTF-8 bytes",
            zh: "请求按 _input_charset 发送，签名却用了 UTF-8 字节",
        },
        fix: Text {
            en: "encode the text in the charset of _input_charset before signing and on the wire",
            zh: "签名和发送都要按 _input_charset 的字符集编码文本",
        },
        sources: &["derived from signers that know UTF-8 only, behind pages in GBK"],
        twin: Twin::Around(utf_8_signed),
    },
    Mistake {
        id: "charset-sent-in-utf-8",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "requests are signed in the charset of _input_charset but sent in UTF-8",
            zh: "请求按 _input_charset 签名，却以 UTF-8 发送",
        },
        fix: Text {
            en: "encode the text in the charset of _input_charset before signing and on the wire",
            zh: "签名和发送都要按 _input_charset 的字符集编码文本",
        },
        sources: &[
            "copies of the official PHP demo, whose pages must be saved in the right charset by hand",
        ],
        twin: Twin::Around(sent_in_utf_8),
    },
    Mistake {
        id: "charset-platform-default",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "text is signed and verified in the default charset of a Chinese server, GBK, where UTF-8 was agreed",
            zh: "约定的是 UTF-8，却按中文服务器的默认字符集 GBK 签名和验签",
        },
        fix: Text {
            en: "name the charset wherever text becomes bytes",
            zh: "凡是文本转字节都要写明字符集",
        },
        sources: &["https://github.com/rolai/wechat-payment/issues/1"],
        twin: Twin::Around(platform_default),
    },
    Mistake {
        id: "charset-gb2312-for-gbk",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "GBK is written with the smaller table of GB2312, and characters it does not have become ?",
            zh: "用较小的 GB2312 码表写 GBK，表外的字变成 ?",
        },
        fix: Text { en: "use the table of GBK", zh: "使用 GBK 码表" },
        sources: &["derived from the tables of Java and iconv"],
        twin: Twin::Around(gb2312_for_gbk),
    },
    Mistake {
        id: "charset-gb18030-for-gbk",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "GBK is written with the table of GB 18030, whose four-byte sequences GBK does not have",
            zh: "用 GB 18030 码表写 GBK，产生了 GBK 没有的四字节序列",
        },
        fix: Text {
            en: "refuse text that the charset cannot write",
            zh: "遇到该字符集无法表示的文字要报错",
        },
        sources: &["derived from the tables of Python and .NET"],
        twin: Twin::Around(gb18030_for_gbk),
    },
    Mistake {
        id: "charset-unmappable-replaced",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "characters that the charset does not have become ?",
            zh: "字符集里没有的字符变成 ?",
        },
        fix: Text {
            en: "refuse text that the charset cannot write",
            zh: "遇到该字符集无法表示的文字要报错",
        },
        sources: &["https://docs.oracle.com/javase/8/docs/api/java/lang/String.html (getBytes)"],
        twin: Twin::Around(question_marks),
    },
    Mistake {
        id: "charset-unmappable-as-entity",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "characters that the charset does not have become HTML entities such as &#128512;",
            zh: "字符集里没有的字符变成 &#128512; 这样的 HTML 实体",
        },
        fix: Text {
            en: "refuse text that the charset cannot write",
            zh: "遇到该字符集无法表示的文字要报错",
        },
        sources: &["https://encoding.spec.whatwg.org/#error-mode (html)"],
        twin: Twin::Around(entities),
    },
    Mistake {
        id: "charset-unmappable-dropped",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "characters that the charset does not have are dropped",
            zh: "字符集里没有的字符被丢掉",
        },
        fix: Text {
            en: "refuse text that the charset cannot write",
            zh: "遇到该字符集无法表示的文字要报错",
        },
        sources: &["https://www.php.net/manual/en/function.iconv.php (//IGNORE)"],
        twin: Twin::Around(dropped),
    },
    Mistake {
        id: "charset-label-lower-cased",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "the value of _input_charset is signed in small letters though sent in capitals",
            zh: "_input_charset 的值以大写发送，却按小写签名",
        },
        fix: Text { en: "sign the value as it is sent", zh: "按发送的原样签名" },
        sources: &["copies of the official PHP demo: https://github.com/xujiajun/php-alipay-sdk"],
        twin: Twin::Stages(|stages| stages.join = label_lower_cased),
    },
    Mistake {
        id: "charset-missing-in-form-action",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "the form's address does not repeat _input_charset, so the gateway reads the fields as GBK",
            zh: "表单的 action 没有带 _input_charset，网关会按 GBK 读取字段",
        },
        fix: Text {
            en: "append ?_input_charset= to the form's address",
            zh: "在 action 后加上 ?_input_charset=",
        },
        sources: &["derived from the rule; the demos append it"],
        twin: Twin::Around(missing_in_action),
    },
    Mistake {
        id: "charset-ascii-signed",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "the string is signed as ASCII, and every other character becomes ?",
            zh: "字符串按 ASCII 签名，其余字符都变成 ?",
        },
        fix: Text {
            en: "encode the text in the charset of _input_charset before signing",
            zh: "签名前按 _input_charset 的字符集编码文本",
        },
        sources: &["derived from .NET's Encoding.ASCII"],
        twin: Twin::Around(ascii_signed),
    },
    Mistake {
        id: "charset-utf-16-signed",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "the string is signed as UTF-16, two bytes a character",
            zh: "字符串按 UTF-16（每个字符两个字节）签名",
        },
        fix: Text {
            en: "encode the text in the charset of _input_charset before signing",
            zh: "签名前按 _input_charset 的字符集编码文本",
        },
        sources: &["derived from .NET's Encoding.Unicode"],
        twin: Twin::Stages(|stages| stages.join = utf_16_signed),
    },
    Mistake {
        id: "charset-encoded-twice",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "text that is UTF-8 already is encoded as UTF-8 once more",
            zh: "已经是 UTF-8 的文本又做了一次 UTF-8 编码",
        },
        fix: Text {
            en: "convert text once, where it enters", zh: "只在入口处转换一次编码"
        },
        sources: &["https://www.php.net/manual/en/function.utf8-encode.php"],
        twin: Twin::Around(encoded_twice),
    },
    Mistake {
        id: "charset-beyond-bmp-dropped",
        area: Area::Charset,
        severity: Severity::Interop,
        what: Text {
            en: "characters of four bytes, such as emoji, are dropped before signing",
            zh: "签名前去掉了四字节字符（如表情符号）",
        },
        fix: Text { en: "sign the text that is sent", zh: "对实际发送的文本签名" },
        sources: &["derived from databases whose utf8 has three bytes at most"],
        twin: Twin::Stages(|stages| stages.join = beyond_bmp_dropped),
    },
];

fn utf_8_only(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if is_signing(ask) {
        inner.perform(&with_charset(ask, Charset::Utf8))
    } else {
        inner.perform(ask)
    }
}

fn utf_8_signed(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if !is_signing(ask) {
        return inner.perform(ask);
    }
    signed_and_sent(inner, &with_charset(ask, Charset::Utf8), ask)
}

fn sent_in_utf_8(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let answer = inner.perform(ask);
    if ask.charset == Charset::Utf8 {
        return answer;
    }
    let in_utf_8 = |bytes: &[u8]| match ask.charset.decode(bytes) {
        Ok(text) => text.into_owned().into_bytes(),
        Err(_) => bytes.to_vec(),
    };
    match ask.operation {
        Operation::BuildForm => with_page(answer, in_utf_8),
        _ => with_sent(ask, answer, |sent| {
            for (_, value) in sent {
                *value = in_utf_8(value);
            }
        }),
    }
}

fn platform_default(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if ask.charset != Charset::Utf8 {
        return inner.perform(ask);
    }
    if is_verifying(ask) {
        return inner
            .perform(&with_message(ask, |pairs| converted(pairs, Charset::Utf8, Charset::Gbk)));
    }
    if !is_signing(ask) {
        return inner.perform(ask);
    }
    let signed = with_charset(ask, Charset::Gbk);
    let signed = with_params(&signed, |params| {
        for (name, value) in params {
            for text in [name, value] {
                *text = writable(text, |character| has(Charset::Gbk, character), |_| "?".into());
            }
        }
    });
    signed_and_sent(inner, &signed, ask)
}

fn gb2312_for_gbk(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if ask.charset != Charset::Gbk {
        return inner.perform(ask);
    }
    let is_in_gb2312 = |character: char| {
        let mut buffer = [0; 4];
        let bytes = Charset::Gbk.encode(character.encode_utf8(&mut buffer));
        // What GBK does not have is left to what stands within.
        bytes.map_or(true, |bytes| match *bytes {
            [lead, trail] => (0xA1..=0xF7).contains(&lead) && trail >= 0xA1,
            _ => true,
        })
    };
    inner.perform(&rewritten(ask, is_in_gb2312, |_| "?".into()))
}

fn gb18030_for_gbk(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if is_signing(ask) && ask.charset == Charset::Gbk {
        return inner.perform(&with_charset(ask, Charset::Gb18030));
    }
    inner.perform(ask)
}

fn question_marks(inner: &dyn Implementation, ask: &Ask) -> Answer {
    inner.perform(&rewritten(ask, |character| has(ask.charset, character), |_| "?".into()))
}

fn entities(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let entity = |character| format!("&#{};", u32::from(character));
    inner.perform(&rewritten(ask, |character| has(ask.charset, character), entity))
}

fn dropped(inner: &dyn Implementation, ask: &Ask) -> Answer {
    inner.perform(&rewritten(ask, |character| has(ask.charset, character), |_| String::new()))
}

fn has(charset: Charset, character: char) -> bool {
    let mut buffer = [0; 4];
    charset.encode(character.encode_utf8(&mut buffer)).is_ok()
}

/// The question, each character that cannot be written replaced.
fn rewritten(
    ask: &Ask,
    is_writable: impl Fn(char) -> bool,
    replace: impl Fn(char) -> String,
) -> Ask {
    if !is_signing(ask) {
        return ask.clone();
    }
    with_params(ask, |params| {
        for (name, value) in params {
            for text in [name, value] {
                *text = writable(text, &is_writable, &replace);
            }
        }
    })
}

fn writable(
    text: &str,
    is_writable: impl Fn(char) -> bool,
    replace: impl Fn(char) -> String,
) -> String {
    let write = |character| {
        if is_writable(character) { String::from(character) } else { replace(character) }
    };
    text.chars().map(write).collect()
}

fn label_lower_cased(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    altered::join_pairs(params, selection, string, |pair| match pair.name() {
        b"_input_charset" => pair.written().to_ascii_lowercase(),
        _ => pair.written().to_vec(),
    });
}

fn missing_in_action(inner: &dyn Implementation, ask: &Ask) -> Answer {
    with_page(inner.perform(ask), |html| {
        let Some(start) = memchr::memmem::find(html, b"?_input_charset=") else {
            return html.to_vec();
        };
        let (before, query) = html.split_at(start);
        let end = query.iter().position(|byte| *byte == b'"').unwrap_or(query.len());
        [before, query.get(end..).unwrap_or_default()].concat()
    })
}

fn ascii_signed(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if !is_signing(ask) {
        return inner.perform(ask);
    }
    let signed = rewritten(ask, |character| character.is_ascii(), |_| "?".into());
    signed_and_sent(inner, &signed, ask)
}

/// The charset is unknown here, and what is no UTF-8 is rare enough in a platform of UTF-16.
fn utf_16_signed(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    canonical::join(params, selection, string);
    let text = String::from_utf8_lossy(string).into_owned();
    *string = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
}

fn encoded_twice(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if !is_signing(ask) || ask.charset != Charset::Utf8 {
        return inner.perform(ask);
    }
    inner.perform(&with_params(ask, |params| {
        for (_, value) in params {
            *value = value.bytes().map(char::from).collect();
        }
    }))
}

fn beyond_bmp_dropped(params: &Params, selection: &Selection, string: &mut Vec<u8>) {
    canonical::join(params, selection, string);
    if let Ok(text) = std::str::from_utf8(string) {
        *string =
            text.chars().filter(|character| *character <= '\u{FFFF}').collect::<String>().into();
    }
}
