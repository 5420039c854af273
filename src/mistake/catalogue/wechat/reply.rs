//! What is answered to a notification.

use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::WECHATPAY_V2;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::Input;
use crate::vector::output::{HttpReply, Output};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "endpoint-ack-format",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "success is answered in the words of Alipay, so that the notification is repeated for a day",
            zh: "按支付宝的格式回复 success，通知会重发一整天",
        },
        fix: Text {
            en: "answer in XML in version 2, by the status in version 3",
            zh: "v2 用 XML 应答，v3 用状态码应答",
        },
        sources: &["derived from the answer to a notification of Alipay"],
        twin: Twin::Around(|inner, ask| {
            replied(inner, ask, |_, accepted, _| {
                (200, if accepted { "success".into() } else { "fail".into() })
            })
        }),
    },
    Mistake {
        id: "reply-always-success",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "success is answered to a notification that was not handled, and it never comes again",
            zh: "没有处理成功也应答成功，此后不再重发",
        },
        fix: Text {
            en: "answer failure, and it is repeated", zh: "应答失败，通知会重发"
        },
        sources: &["https://github.com/EasyAbp/Abp.WeChat/issues/4"],
        twin: Twin::Around(|inner, ask| handled(inner, ask, true)),
    },
    Mistake {
        id: "reply-always-failure",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "failure is answered to a notification that was handled, and it is repeated for a day",
            zh: "处理成功却应答失败，通知会重发一整天",
        },
        fix: Text { en: "answer success", zh: "应答成功" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| handled(inner, ask, false)),
    },
    Mistake {
        id: "reply-v2-in-json",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "a notification of version 2 is answered in JSON, as those of version 3",
            zh: "用 v3 的 JSON 应答 v2 的通知",
        },
        fix: Text { en: "answer in XML", zh: "用 XML 应答" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            replied(inner, ask, |is_v2, accepted, message| {
                let code = if accepted { "SUCCESS" } else { "FAIL" };
                let status = if accepted || is_v2 { 200 } else { 500 };
                (status, serde_json::json!({"code": code, "message": message}).to_string())
            })
        }),
    },
    Mistake {
        id: "reply-code-in-small-letters",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "return_code is written in small letters", zh: "return_code 写成小写"
        },
        fix: Text { en: "write SUCCESS", zh: "写 SUCCESS" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            replied(inner, ask, |is_v2, accepted, message| {
                let code = if accepted { "success" } else { "fail" };
                match is_v2 {
                    true => (200, xml(code, &escaped(message))),
                    false => (if accepted { 200 } else { 500 }, String::new()),
                }
            })
        }),
    },
    Mistake {
        id: "reply-message-not-escaped",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text { en: "the message is put into the XML as it is", zh: "说明原样放进 XML" },
        fix: Text {
            en: "escape it, or put it into a CDATA section", zh: "转义，或放进 CDATA"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            replied(inner, ask, |is_v2, accepted, message| match is_v2 {
                true => (200, xml(code(accepted), message)),
                false => (if accepted { 204 } else { 500 }, String::new()),
            })
        }),
    },
    Mistake {
        id: "reply-cdata-not-split",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "the message is put into one CDATA section, which ]]> in it would end",
            zh: "说明放进一个 CDATA，其中的 ]]> 会提前结束它",
        },
        fix: Text { en: "split ]]> over two sections", zh: "把 ]]> 拆到两个 CDATA 里" },
        sources: &["gopay, the official PHP SDK and objcoding/wxpay write such XML"],
        twin: Twin::Around(|inner, ask| {
            replied(inner, ask, |is_v2, accepted, message| match is_v2 {
                true => (200, xml(code(accepted), &format!("<![CDATA[{message}]]>"))),
                false => (if accepted { 204 } else { 500 }, String::new()),
            })
        }),
    },
    Mistake {
        id: "reply-v3-failure-with-200",
        area: Area::NotifySemantics,
        severity: Severity::Loss,
        what: Text {
            en: "a notification of version 3 is refused with code FAIL, but with status 200, which ends the repeats",
            zh: "v3 拒绝通知时写了 FAIL，状态码却是 200，通知不再重发",
        },
        fix: Text { en: "answer 4xx or 5xx", zh: "应答 4xx 或 5xx" },
        sources: &[
            "https://github.com/dedemao/weixinPay/issues/31",
            "https://github.com/ArtisanCloud/PowerWeChat/issues/360",
        ],
        twin: Twin::Around(|inner, ask| {
            replied(inner, ask, |is_v2, accepted, message| match is_v2 {
                true => (200, xml(code(accepted), &escaped(message))),
                false => (
                    200,
                    serde_json::json!({"code": code(accepted), "message": message}).to_string(),
                ),
            })
        }),
    },
];

/// Replies with this status and body.
fn replied(
    inner: &dyn Implementation,
    ask: &Ask,
    reply: impl FnOnce(bool, bool, &str) -> (u16, String),
) -> Answer {
    let Input::Handled { accepted, message } = &ask.input else { return inner.perform(ask) };
    let (status, body) = reply(ask.protocol == WECHATPAY_V2.id, *accepted, message);
    Answer::value(Output { reply: Some(HttpReply { status, body }), ..Output::default() })
}

/// Replies as if this had come of it.
fn handled(inner: &dyn Implementation, ask: &Ask, accepted: bool) -> Answer {
    let Input::Handled { message, .. } = &ask.input else { return inner.perform(ask) };
    let input = Input::Handled { accepted, message: message.clone() };
    inner.perform(&Ask { input, ..ask.clone() })
}

fn code(accepted: bool) -> &'static str {
    if accepted { "SUCCESS" } else { "FAIL" }
}

fn xml(code: &str, message: &str) -> String {
    format!("<xml><return_code>{code}</return_code><return_msg>{message}</return_msg></xml>")
}

fn escaped(message: &str) -> String {
    message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
