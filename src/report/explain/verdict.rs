//! What a message is, whether it is genuine, and its string to sign.

use super::{form, say};
use crate::explain::capture::Captured;
use crate::explain::{Finding, Refusal, Rules};
use crate::protocol::headers::{HeaderError, HeaderProtocol, Scheme};
use crate::protocol::pipeline::MessageError;
use crate::report::Lang;
use crate::report::case::push;
use crate::report::paint::{Colour, paint};
use crate::report::show::{safe, visible};
use crate::report::words::fill;
use crate::signature::VerifyError;

/// More of a line is not shown, in characters.
const LONGEST_LINE: usize = 400;

pub(super) fn headline(out: &mut String, finding: &Finding, lang: Lang, colour: bool) {
    let (text, painted) = match &finding.verdict {
        Ok(()) => {
            let text = say(
                lang,
                "genuine as it stands: there is nothing to explain",
                "原样即为真：验签通过，无需解释",
            );
            (text.to_owned(), Colour::Good)
        }
        Err(error) => {
            let text = say(lang, "not genuine as it stands: {}", "原样验签失败：{}");
            (fill(text, &[&refusal(error, lang)]), Colour::Bad)
        }
    };
    push(out, format_args!("{}\n", paint(&text, painted, colour)));
}

/// The form, the protocol and the kind of message for which it was taken.
pub(super) fn read_as(out: &mut String, finding: &Finding, message: &Captured, lang: Lang) {
    let form = form(message.form, lang);
    let protocol = finding.protocol.id();
    let read = match (finding.protocol, finding.scheme) {
        (Rules::Headers(rules), Some(scheme)) => {
            let text = say(
                lang,
                "read as {}: {}, {}; the signature stands in {}, sign type {}",
                "识别为 {}：{}，{}；签名位于 {} 头，签名类型 {}",
            );
            let (kinds, header) = (kinds(rules, &scheme, lang), scheme.carrier.header);
            fill(text, &[&form, &protocol, &kinds, &header, &finding.sign_type])
        }
        _ => {
            let text = say(
                lang,
                "read as {}: {} parameters; {}, sign type {}",
                "识别为 {}：{} 个参数；{}，签名类型 {}",
            );
            fill(text, &[&form, &message.params.len(), &protocol, &finding.sign_type])
        }
    };
    push(out, format_args!("  {read}\n"));
}

/// The kinds of messages that are signed so.
fn kinds(protocol: &HeaderProtocol, scheme: &Scheme, lang: Lang) -> String {
    let kinds = [
        (Some(protocol.request), say(lang, "request", "请求")),
        (Some(protocol.reply), say(lang, "reply", "应答")),
        (protocol.notify, say(lang, "notification", "通知")),
    ];
    let kinds = kinds.iter().filter(|(kind, _)| kind.as_ref() == Some(scheme));
    let kinds: Vec<&str> = kinds.map(|(_, name)| *name).collect();
    kinds.join(say(lang, " or ", "或"))
}

/// The string to sign, as its lines are.
pub(super) fn lines(out: &mut String, finding: &Finding, lang: Lang) {
    let heading = say(lang, "string to sign, line by line:", "待签名字符串，逐行：");
    push(out, format_args!("  {heading}\n"));
    for line in finding.built.split_inclusive(|byte| *byte == b'\n') {
        let shown = visible(line, finding.charset);
        let (end, more) = match shown.char_indices().nth(LONGEST_LINE) {
            Some((end, _)) => (end, "…"),
            None => (shown.len(), ""),
        };
        push(out, format_args!("    {}{more}\n", shown.get(..end).unwrap_or_default()));
    }
}

/// Why the rules refuse the message. The errors' own words are English.
fn refusal(error: &Refusal, lang: Lang) -> String {
    match (lang, error) {
        (Lang::En, _) => safe(&error.to_string()),
        (Lang::Zh, Refusal::Message(error)) => in_message(error).into(),
        (Lang::Zh, Refusal::Header(error)) => in_header(error),
    }
}

fn in_message(error: &MessageError) -> &'static str {
    match error {
        MessageError::Form(_) | MessageError::Xml(_) => "无法解码",
        MessageError::Repeated(_) => "有参数重复出现",
        MessageError::Missing { .. } => "缺少必需的参数",
        MessageError::Decrypt { .. } => "加密的数据无法解密",
        MessageError::NoSignature { .. } => "没有签名",
        MessageError::OtherSignType { .. } => "报文中的签名类型与配置不同",
        MessageError::SignType(_) => "不支持的签名类型",
        MessageError::Verify(error) => verification(error),
    }
}

fn verification(error: &VerifyError) -> &'static str {
    match error {
        VerifyError::BadEncoding(_) => "签名的文本格式不对",
        VerifyError::Mismatch => "在此密钥下，签名与待签名字符串不符",
        VerifyError::KeyKind { .. } => "密钥的种类与签名类型不符",
    }
}

fn in_header(error: &HeaderError) -> String {
    let with = |text: &str, name: &str| fill(text, &[&name]);
    match error {
        HeaderError::Missing { name: "method" | "path" } => "缺少请求的方法与路径".into(),
        HeaderError::Missing { name } => with("缺少 {}，或其值为空", name),
        HeaderError::NoSignature { header } => with("没有签名：应在 {} 头中", header),
        HeaderError::Repeated { name } => with("{} 头重复出现", name),
        HeaderError::TooMany { .. } => "头的数量过多".into(),
        HeaderError::TooLong { name, .. } => with("{} 头过长", name),
        HeaderError::ControlByte { place, .. } => with("{} 中有控制字符", place),
        HeaderError::NoPath => "路径不对：应为传输时从第一个斜杠开始的写法".into(),
        HeaderError::NoMethod => "方法不对：应为字母".into(),
        HeaderError::Begins { header, expected } => {
            fill("{} 头的开头不是 {}", &[header, &expected.trim_end()])
        }
        HeaderError::NoItem { header, .. } | HeaderError::Unwritable { header, .. } => {
            with("{} 头的条目不是 name=value", header)
        }
        HeaderError::RepeatedItem { header } => with("{} 头中有条目重复", header),
        HeaderError::TooManyItems { header } => with("{} 头的条目过多", header),
        HeaderError::SignatureNotLast { header } => with("{} 头中签名不是最后一项", header),
        HeaderError::OtherAlgorithm { expected, .. } => with("报文写明的算法不是 {}", expected),
        HeaderError::UnknownKey { header } => with("没有 {} 头所指的密钥", header),
        HeaderError::NoOrigin => "这类报文不指明密钥".into(),
        HeaderError::Window(_) => "签名时间与当前时间相差过大".into(),
        HeaderError::Escape(_) => "签名的转义不对".into(),
        HeaderError::SignType(_) => "不支持的签名类型".into(),
        HeaderError::Sign(_) => "密钥不能用于签名".into(),
        HeaderError::Verify(error) => verification(error).into(),
    }
}
