//! What can be seen without a search, in words.

use super::{name_of, names, say};
use crate::explain::capture::Remark;
use crate::explain::{Fact, Oddity, SignForm};
use crate::protocol::wechatpay::window::WindowError;
use crate::report::Lang;
use crate::report::show::safe;
use crate::report::words::fill;

/// The name of a kind of facts, for programs.
pub(super) fn id(fact: &Fact) -> &'static str {
    match fact {
        Fact::NoSign => "no-sign",
        Fact::NoSignType => "no-sign-type",
        Fact::UnknownSignType(_) => "unknown-sign-type",
        Fact::OtherSignType(_) => "other-sign-type",
        Fact::SignForm(_) => "sign-form",
        Fact::OtherKeyLength { .. } => "other-key-length",
        Fact::KeyMadeIt(..) => "key-made-it",
        Fact::KeyDidNotMakeIt(_) => "key-did-not-make-it",
        Fact::NoKeyFor(_) => "no-key-for-sign-type",
        Fact::NoText(_) => "no-text",
        Fact::Replaced(_) => "replaced-characters",
        Fact::Repeated(_) => "repeated-names",
        Fact::Unknown(_) => "unknown-names",
        Fact::Missing(_) => "missing-names",
        Fact::Key(..) => "key-text",
        Fact::OwnPublicKey(..) => "own-public-key",
        Fact::Probe => "probe",
        Fact::KeyId(..) => "key-id",
        Fact::OtherCertificate(..) => "other-certificate",
        Fact::Time(_) => "time",
        Fact::Stale(_) => "stale",
        Fact::TimeDigits(..) => "time-digits",
        Fact::EmptyBody(_) => "empty-body",
        Fact::NoRequest => "no-request",
        Fact::LineEndLeftOut => "line-end-left-out",
        Fact::JsonBody => "json-body",
        Fact::Capture(_) => "capture",
    }
}

pub(super) fn sentence(fact: &Fact, lang: Lang) -> String {
    let with = |en, zh, value: &dyn std::fmt::Display| fill(say(lang, en, zh), &[value]);
    match fact {
        Fact::NoSign => say(
            lang,
            "there is no sign, or an empty one: nothing to verify",
            "没有 sign，或其值为空：无从验签",
        )
        .into(),
        Fact::NoSignType => say(lang, "there is no sign_type", "没有 sign_type").into(),
        Fact::UnknownSignType(named) => with(
            "sign_type is \"{}\", which is no sign type of the protocol; they are in upper case",
            "sign_type 为“{}”，不是该协议的签名类型；签名类型为大写",
            &name_of(named),
        ),
        Fact::OtherSignType(named) => with(
            "the message says sign_type {}, and another is configured",
            "报文中 sign_type 为 {}，与配置不同",
            &name_of(named),
        ),
        Fact::SignForm(SignForm::Md5) => say(
            lang,
            "the signature looks like MD5's: 32 hex digits",
            "签名看起来是 MD5：32 位十六进制",
        )
        .into(),
        Fact::SignForm(SignForm::Hmac) => say(
            lang,
            "the signature looks like HMAC-SHA256's: 64 hex digits",
            "签名看起来是 HMAC-SHA256：64 位十六进制",
        )
        .into(),
        Fact::SignForm(SignForm::Rsa(bits)) => with(
            "the signature looks like that of an RSA key of {} bits",
            "签名看起来来自 {} 位的 RSA 密钥",
            bits,
        ),
        Fact::SignForm(SignForm::Other(length)) => with(
            "the signature has {} bytes, and looks like none: MD5 has 32 hex digits, RSA 172 (1024 bits) or 344 (2048 bits) characters of base64",
            "签名为 {} 字节，不像任何签名：MD5 为 32 位十六进制，RSA 为 172（1024 位）或 344（2048 位）个 base64 字符",
            length,
        ),
        Fact::OtherKeyLength { sign, key } => fill(
            say(
                lang,
                "the signature was made with a key of {} bits, and the key given has {}: it is another key",
                "签名来自 {} 位的密钥，而给出的密钥是 {} 位：不是同一个密钥",
            ),
            &[sign, key],
        ),
        Fact::KeyMadeIt(name, sign_type) => fill(
            say(
                lang,
                "the signature was made with the private half of {}, as {}: the key is right, whatever the string to sign",
                "签名确由 {} 对应的私钥以 {} 生成：密钥无误，问题在待签名字符串或类型",
            ),
            &[&safe(name), sign_type],
        ),
        Fact::KeyDidNotMakeIt(name) => fill(
            say(
                lang,
                "the private half of {} did not make this signature, whatever was signed: another key is needed, often because the merchant's own public key stands where Alipay's or WeChat Pay's belongs",
                "无论签的是什么，这个签名都不是 {} 对应的私钥生成的：需要换密钥，常见原因是把商户自己的公钥当成了支付宝或微信支付的公钥",
            ),
            &[&safe(name)],
        ),
        Fact::NoKeyFor(sign_type) => with(
            "none of the keys given can do {}: MD5 needs the 32 characters of the key, RSA and RSA2 a public key",
            "给出的密钥都不能用于 {}：MD5 需要 32 位字符的 key，RSA 和 RSA2 需要公钥",
            sign_type,
        ),
        Fact::NoText(odd) => {
            with("neither UTF-8 nor GBK: {}", "既不是 UTF-8 也不是 GBK：{}", &names(odd))
        }
        Fact::Replaced(odd) => with(
            "characters were replaced for good, which nothing can undo: {}",
            "有字符已被替换丢失，无法复原：{}",
            &names(odd),
        ),
        Fact::Repeated(odd) => with("more than once: {}", "重复出现：{}", &names(odd)),
        Fact::Unknown(odd) => {
            with("no document has these names: {}", "文档中没有这些参数名：{}", &names(odd))
        }
        Fact::Missing(missing) => with(
            "every notify has these, and they are missing: {}; what is gone cannot be guessed",
            "每个通知都有而这里缺少：{}；丢失的值无法猜出",
            &missing.join(", "),
        ),
        Fact::Key(name, odd) => {
            format!("{}{}{}", safe(name), say(lang, ": ", "："), oddity(odd, lang))
        }
        Fact::OwnPublicKey(public, private) => fill(
            say(
                lang,
                "{} is the public half of {}: the merchant's own public key, where Alipay's or WeChat Pay's belongs",
                "{} 是 {} 对应的公钥：这是商户自己的公钥，而此处应为支付宝或微信支付的公钥",
            ),
            &[&safe(public), &safe(private)],
        ),
        Fact::Probe => say(
            lang,
            "the signature has the mark of a probe, WECHATPAY/SIGNTEST/: WeChat Pay tests whether signatures are verified, and wants it refused",
            "签名带有探测标记 WECHATPAY/SIGNTEST/：微信支付在检查是否真的验签，应当拒绝",
        )
        .into(),
        Fact::KeyId(header, id) => fill(
            say(
                lang,
                "{} names the key {}{}; verify with that one",
                "{} 指明的密钥是 {}{}；须用它验签",
            ),
            &[header, &name_of(id), &key_kind(id, lang)],
        ),
        Fact::OtherCertificate(name, serial) => fill(
            say(
                lang,
                "{} is the certificate {}, another than the message names",
                "{} 是证书 {}，与报文指明的不同",
            ),
            &[&safe(name), serial],
        ),
        Fact::Time(time) => with(
            "signed at {}: whether that is within five minutes of its arrival is not judged; --now says when it came",
            "签名时间 {}：是否在收到时的五分钟之内未作判断；可用 --now 给出收到的时间",
            &name_of(time),
        ),
        Fact::Stale(WindowError::Outside { .. }) => say(
            lang,
            "signed more than five minutes from --now: to be refused, genuine or not",
            "签名时间与 --now 相差超过五分钟：无论真伪都应拒绝",
        )
        .into(),
        Fact::Stale(WindowError::NotSeconds) => say(
            lang,
            "the time is no number of seconds: to be refused, genuine or not",
            "时间戳不是秒数：无论真伪都应拒绝",
        )
        .into(),
        Fact::TimeDigits(digits, expected) => fill(
            say(
                lang,
                "the timestamp has {} digits, and {} are due: seconds have 10, milliseconds 13; a request is refused for it, genuine or not",
                "时间戳有 {} 位，应为 {} 位：秒为 10 位，毫秒为 13 位；无论签名对错，请求都会因此被拒",
            ),
            &[digits, expected],
        ),
        Fact::EmptyBody(length) => with(
            "the body is empty here, and Content-Length announces {} bytes: it was read before, or not captured",
            "这里的报文体为空，而 Content-Length 为 {}：已被读取过，或没有保存下来",
            length,
        ),
        Fact::NoRequest => say(
            lang,
            "method and path of the request are signed, and are not here: give them by --request 'POST /path'",
            "请求的方法与路径参与签名，而这里没有：用 --request 'POST /path' 给出",
        )
        .into(),
        Fact::LineEndLeftOut => say(
            lang,
            "the line end behind the body was taken for the file's and left out; a header Content-Length would tell",
            "报文体末尾的换行视为文件自带，未计入；有 Content-Length 头时以其为准",
        )
        .into(),
        Fact::JsonBody => say(
            lang,
            "the body is JSON, which is signed in a header, and no such header is here: Wechatpay-Signature, alipay-signature, signature or Authorization; a proxy may have taken it away",
            "报文体是 JSON，其签名应在请求头中，而这里没有 Wechatpay-Signature、alipay-signature、signature 或 Authorization 头；可能被代理去掉了",
        )
        .into(),
        Fact::Capture(remark) => capture(remark, lang),
    }
}

/// Whether an id is one of a public key or of a certificate, which WeChat Pay tells apart by how they begin.
fn key_kind(id: &[u8], lang: Lang) -> &'static str {
    match id.starts_with(b"PUB_KEY_ID_") {
        true => say(lang, ", WeChat Pay's public key", "（微信支付公钥）"),
        false => say(lang, ", a platform certificate", "（平台证书）"),
    }
}

fn oddity(oddity: &Oddity, lang: Lang) -> String {
    let text = match oddity {
        Oddity::Empty => say(lang, "the key is empty", "密钥为空"),
        Oddity::ByteOrderMark => {
            say(lang, "a byte order mark stands before the key", "密钥前有 BOM")
        }
        Oddity::Whitespace => {
            say(lang, "whitespace stands about or within the key", "密钥前后或中间有空白")
        }
        Oddity::Quotes => say(lang, "quotation marks stand about the key", "密钥两侧有引号"),
        Oddity::NotAscii => {
            say(lang, "the key has characters beyond ASCII", "密钥含有非 ASCII 字符")
        }
        Oddity::Length(length) => {
            return fill(
                say(
                    lang,
                    "the key has {} bytes; Alipay's MD5 keys have 32",
                    "密钥长 {} 字节；支付宝的 MD5 密钥为 32 位",
                ),
                &[length],
            );
        }
        Oddity::Private => say(
            lang,
            "this is a private key; what comes from Alipay or WeChat Pay is verified with their public key",
            "这是私钥；支付宝或微信支付发来的报文须用其公钥验证",
        ),
        Oddity::Unreadable(error) => {
            let error = safe(&error.to_string());
            return fill(
                say(lang, "not readable as a public key: {}", "无法作为公钥读取：{}"),
                &[&error],
            );
        }
    };
    text.into()
}

fn capture(remark: &Remark, lang: Lang) -> String {
    let with = |en, zh, odd: &[Vec<u8>]| fill(say(lang, en, zh), &[&names(odd)]);
    match remark {
        Remark::MalformedEscape(_) => {
            say(lang, "a % begins no escape; it was kept", "有不构成转义的 %；按原样保留").into()
        }
        Remark::QueryBesideBody(odd) => with(
            "the address has parameters too, which were left out: {}",
            "地址中也有参数，未计入：{}",
            odd,
        ),
        Remark::Typed(odd) => with(
            "no text but numbers, lists or nothing: {}; how they were written is lost",
            "不是文本，而是数字、列表或空：{}；原来的写法已丢失",
            odd,
        ),
        Remark::OtherLength(odd) => with(
            "longer or shorter than the dump says, so their bytes were converted: {}",
            "长度与 var_dump 所示不符，字节已被转码：{}",
            odd,
        ),
        Remark::DataFromFile => say(
            lang,
            "the command reads data from a file, which is not here",
            "命令从文件读取数据，而文件不在这里",
        )
        .into(),
    }
}
