//! Addresses that do not carry what was signed, and signatures in the wrong text form.

use super::altered::{percent_encoded, url_encoded, with_wire};
use crate::charset::Charset;
use crate::form::{self};
use crate::mistake::{Area, Mistake, Severity, Text, Twin, remembered};
use crate::signature::{SignError, SignType, Signature, SigningKey};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "encode-twice-on-wire",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the values of a signed address are URL-encoded twice",
            zh: "签名后的网址里值被编码了两次",
        },
        fix: Text {
            en: "percent-encode names and values once, in the request's charset",
            zh: "参数名和值按请求的字符集做一次百分号编码",
        },
        sources: &["derived from clients that encode an address once more"],
        twin: Twin::Around(escaped_twice),
    },
    Mistake {
        id: "encode-missing-on-wire",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the values of a signed address are not URL-encoded",
            zh: "签名后的网址没有对值做 URL 编码",
        },
        fix: Text {
            en: "percent-encode names and values once, in the request's charset",
            zh: "参数名和值按请求的字符集做一次百分号编码",
        },
        sources: &["https://github.com/go-pay/gopay/pull/178"],
        twin: Twin::Around(unescaped),
    },
    Mistake {
        id: "encode-sign-missing-on-wire",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "all values of a signed address are URL-encoded but the signature",
            zh: "签名后的网址里唯独 sign 没有做 URL 编码",
        },
        fix: Text {
            en: "percent-encode names and values once, in the request's charset",
            zh: "参数名和值按请求的字符集做一次百分号编码",
        },
        sources: &["https://github.com/chloerei/alipay/pull/50"],
        twin: Twin::Around(sign_unescaped),
    },
    Mistake {
        id: "encode-js-escape-on-wire",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the values of a signed address are encoded with JavaScript's escape, which writes Chinese as %u4E2D and leaves + alone",
            zh: "签名后的网址用 JavaScript 的 escape 编码，中文写成 %u4E2D，且不编码 +",
        },
        fix: Text {
            en: "percent-encode names and values once, in the request's charset",
            zh: "参数名和值按请求的字符集做一次百分号编码",
        },
        sources: &[
            "https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/escape",
        ],
        twin: Twin::Around(js_escaped),
    },
    Mistake {
        id: "encode-html-escaped-address",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the signed address is escaped for HTML where no HTML is, so &amp; separates its parameters",
            zh: "签名后的网址在非 HTML 处做了 HTML 转义，参数之间成了 &amp;",
        },
        fix: Text {
            en: "escape the address only where it is written into a page",
            zh: "只在写入页面时才转义网址",
        },
        sources: &["derived from templates that escape every text"],
        twin: Twin::Around(address_escaped_for_html),
    },
    Mistake {
        id: "encode-amp-not-becomes-symbol",
        area: Area::Encode,
        severity: Severity::Loss,
        what: Text {
            en: "the address passes through HTML unescaped, and &notify_id or &currency becomes ¬ify_id or ¤cy",
            zh: "网址未经转义经过 HTML，&notify_id、&currency 变成了 ¬ify_id、¤cy",
        },
        fix: Text { en: "write & as &amp; in HTML", zh: "在 HTML 里把 & 写成 &amp;" },
        sources: &[
            "https://github.com/latrell/Alipay/issues/7",
            "https://blog.csdn.net/weixin_64051447/article/details/130403250",
        ],
        twin: Twin::Around(entities_read),
    },
    Mistake {
        id: "encode-base64-line-breaks",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the base64 of an RSA signature is broken into lines of 60 characters",
            zh: "RSA 签名的 base64 每 60 个字符换行",
        },
        fix: Text { en: "write the signature in one line", zh: "签名写成一行" },
        sources: &[
            "https://github.com/chloerei/alipay/pull/49",
            "https://github.com/smartwalle/alipay/issues/21",
            "https://ruby-doc.org/stdlib/libdoc/base64/rdoc/Base64.html (encode64)",
        ],
        twin: Twin::Stages(|stages| stages.sign = base64_of_ruby),
    },
    Mistake {
        id: "encode-base64-mime",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the base64 of an RSA signature is broken into lines of 76 characters as in mail",
            zh: "RSA 签名的 base64 按邮件格式每 76 个字符换行",
        },
        fix: Text { en: "write the signature in one line", zh: "签名写成一行" },
        sources: &[
            "https://docs.oracle.com/javase/8/docs/api/java/util/Base64.html (getMimeEncoder)",
        ],
        twin: Twin::Stages(|stages| stages.sign = base64_of_mail),
    },
    Mistake {
        id: "encode-base64-url-safe",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "the RSA signature is written in the URL-safe alphabet of base64",
            zh: "RSA 签名用了 URL 安全的 base64 字母表",
        },
        fix: Text {
            en: "use the standard alphabet with + and /, padded",
            zh: "使用标准字母表（含 + 和 /），并带填充",
        },
        sources: &["derived from base64url functions of JavaScript and Python"],
        twin: Twin::Stages(|stages| stages.sign = base64_for_urls),
    },
];

/// The address, each name and value written by another function.
fn written(answer: Answer, write: impl Fn(&[u8], &[u8]) -> Vec<u8>) -> Answer {
    with_wire(answer, |wire| {
        let Some((address, query)) = wire.split_once('?') else { return wire.into() };
        let Ok(params) = form::decode(query.as_bytes()) else { return wire.into() };
        let pairs: Vec<_> = params.iter().map(|(name, value)| write(name, value)).collect();
        format!("{address}?{}", String::from_utf8_lossy(&pairs.join(&b'&')))
    })
}

fn unescaped(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let charset = ask.charset;
    written(inner.perform(ask), |name, value| {
        [&in_utf8(name, charset), &b"="[..], &in_utf8(value, charset)].concat()
    })
}

/// An address that is not escaped is text.
fn in_utf8(bytes: &[u8], charset: Charset) -> Vec<u8> {
    charset.decode(bytes).map_or_else(|_| bytes.to_vec(), |text| text.into_owned().into_bytes())
}

fn sign_unescaped(inner: &dyn Implementation, ask: &Ask) -> Answer {
    written(inner.perform(ask), |name, value| {
        let value = if name == b"sign" { value.to_vec() } else { url_encoded(value) };
        [&url_encoded(name), &b"="[..], &value].concat()
    })
}

fn escaped_twice(inner: &dyn Implementation, ask: &Ask) -> Answer {
    written(inner.perform(ask), |name, value| {
        [&url_encoded(name), &b"="[..], &url_encoded(&url_encoded(value))].concat()
    })
}

fn js_escaped(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let escape = |bytes: &[u8]| -> Vec<u8> {
        let Ok(text) = ask.charset.decode(bytes) else { return url_encoded(bytes) };
        let units = text.encode_utf16().map(|unit| match u8::try_from(unit) {
            Ok(byte) => percent_encoded(&[byte], b"@*_+-./", false),
            Err(_) => format!("%u{unit:04X}").into_bytes(),
        });
        units.flatten().collect()
    };
    written(inner.perform(ask), |name, value| [&escape(name), &b"="[..], &escape(value)].concat())
}

fn address_escaped_for_html(inner: &dyn Implementation, ask: &Ask) -> Answer {
    with_wire(inner.perform(ask), |wire| wire.replace('&', "&amp;"))
}

/// The names that HTML reads without a semicolon and that begin names of parameters.
const SYMBOLS: [(&str, &str); 6] = [
    ("&not", "¬"),
    ("&times", "×"),
    ("&curren", "¤"),
    ("&copy", "©"),
    ("&para", "¶"),
    ("&reg", "®"),
];

fn entities_read(inner: &dyn Implementation, ask: &Ask) -> Answer {
    with_wire(inner.perform(ask), |wire| {
        SYMBOLS.iter().fold(wire.to_owned(), |wire, (name, symbol)| wire.replace(name, symbol))
    })
}

type Signed = Result<Signature, SignError>;

fn base64_of_ruby(sign_type: SignType, key: &SigningKey, string: &[u8]) -> Signed {
    rsa_signature(sign_type, key, string, |text| in_lines(text, 60, "\n") + "\n")
}

fn base64_of_mail(sign_type: SignType, key: &SigningKey, string: &[u8]) -> Signed {
    rsa_signature(sign_type, key, string, |text| in_lines(text, 76, "\r\n"))
}

fn base64_for_urls(sign_type: SignType, key: &SigningKey, string: &[u8]) -> Signed {
    rsa_signature(sign_type, key, string, |text| text.replace('+', "-").replace('/', "_"))
}

fn rsa_signature(
    sign_type: SignType,
    key: &SigningKey,
    string: &[u8],
    write: impl Fn(&str) -> String,
) -> Signed {
    let signature = remembered::sign(sign_type, key, string)?;
    Ok(match sign_type.is_keyed() {
        true => signature,
        false => Signature::from_text(write(signature.as_str())),
    })
}

fn in_lines(text: &str, length: usize, line_break: &str) -> String {
    let lines: Vec<_> = text.as_bytes().chunks(length).map(String::from_utf8_lossy).collect();
    lines.join(line_break)
}
