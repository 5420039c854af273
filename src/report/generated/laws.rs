//! The laws that generated cases put to the test, in both languages.

use crate::law::Law;
use crate::report::Lang;

/// The law in one sentence.
pub(super) fn statement(law: Law, lang: Lang) -> &'static str {
    match lang {
        Lang::En => law.statement(),
        Lang::Zh => chinese(law).unwrap_or(law.statement()),
    }
}

fn chinese(law: Law) -> Option<&'static str> {
    Some(match law {
        Law::OrderDoesNotMatter => "参数无论以何种顺序给出，待签名字符串都相同。",
        Law::EmptyValuesDoNotMatter => "值为空的参数既不影响待签名字符串，也不影响验签结果。",
        Law::ExcludedNamesDoNotMatter => "不参与签名的参数无论取何值，待签名字符串都不变。",
        Law::StringToSignAgreesWithTheNaiveModel => "待签名字符串由按名称排序的参数拼接而成。",
        Law::OwnSignatureIsAccepted => "带有该实现自己签名的消息会被接受。",
        Law::BuiltRequestIsAccepted => "所构造请求的查询串作为同步返回会被接受。",
        Law::EditIsRefused => "真实消息改动一个字节，或增减一个参与签名的参数，就会被拒绝。",
        Law::SameAnswerTwice => "同一问题只有一个回答。",
        Law::NotifyAndReturnAgree => "作为异步通知和作为同步返回，验签结果相同。",
        Law::VerifyingAlwaysAnswers => "无论收到什么字节，消息要么被接受，要么被拒绝。",
        Law::VerdictAgreesWithTheNaiveModel => {
            "消息所带签名正是其待签名字符串的签名时被接受，且仅在此时被接受。"
        }
        Law::FormSurvives => "参数编码后再解码，得到原来的参数。",
        Law::DecodesOnce => "编码两次的内容，解码后恰为编码一次的内容。",
        _ => return None,
    })
}
