//! How a notification is answered.
//!
//! Version 2 looks at the body (<https://pay.weixin.qq.com/doc/v2/merchant/4011937248>), version 3 at the status
//! (<https://pay.weixin.qq.com/doc/v3/merchant/4012791836>): there 200 ends the repeats, whatever the body says
//! (<https://github.com/dedemao/weixinPay/issues/31>).

use serde_json::Value;

use crate::xml;

/// A reply of HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// The reply of version 2: `SUCCESS`, after which the notification is not repeated, or `FAIL`; with a message for people.
/// Characters that XML cannot hold are left out of it.
///
/// ```
/// use alipay_conformance::protocol::wechatpay::reply;
///
/// let reply = reply::v2(true, "OK");
/// assert_eq!(reply.body, "<xml><return_code>SUCCESS</return_code><return_msg>OK</return_msg></xml>");
/// assert_eq!(reply::v2(false, "a < b").body.matches("&lt;").count(), 1);
/// ```
#[must_use]
pub fn v2(accepted: bool, message: &str) -> Reply {
    let code = if accepted { SUCCESS } else { FAIL };
    let message = escaped(message);
    let body =
        format!("<xml><return_code>{code}</return_code><return_msg>{message}</return_msg></xml>");
    Reply { status: 200, body }
}

/// The reply of version 3: 204 without a body, after which the notification is not repeated, or 500 with the reason.
///
/// ```
/// use alipay_conformance::protocol::wechatpay::reply;
///
/// assert_eq!(reply::v3(true, "").status, 204);
/// assert_eq!(reply::v3(false, "失败").body, r#"{"code":"FAIL","message":"失败"}"#);
/// ```
#[must_use]
pub fn v3(accepted: bool, message: &str) -> Reply {
    if accepted {
        return Reply { status: 204, body: String::new() };
    }
    let message = Value::from(message);
    Reply { status: 500, body: format!(r#"{{"code":"{FAIL}","message":{message}}}"#) }
}

/// What a reply tells WeChat Pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// The notification was handled.
    Success,
    /// It was not, and is to be repeated.
    Failure,
    /// Status and body say opposite things, or the status is none of those that are documented.
    Contradiction,
}

/// What a reply means in version 2. Whatever is not the success that is documented is a failure.
///
/// ```
/// use alipay_conformance::protocol::wechatpay::reply::{Meaning, Reply, meaning_v2, v2};
///
/// assert_eq!(meaning_v2(&v2(true, "]]>")), Meaning::Success);
/// let of_alipay = Reply { status: 200, body: "success".into() };
/// assert_eq!(meaning_v2(&of_alipay), Meaning::Failure);
/// ```
#[must_use]
pub fn meaning_v2(reply: &Reply) -> Meaning {
    let fields = xml::fields("xml", reply.body.trim()).unwrap_or_default();
    let is_success = fields.iter().any(|(name, value)| name == "return_code" && value == SUCCESS);
    match (is_success, reply.status) {
        (true, 200) => Meaning::Success,
        (true, _) => Meaning::Contradiction,
        (false, _) => Meaning::Failure,
    }
}

/// What a reply means in version 3.
///
/// ```
/// use alipay_conformance::protocol::wechatpay::reply::{Meaning, Reply, meaning_v3};
///
/// let body = r#"{"code":"SUCCESS","message":"成功"}"#;
/// assert_eq!(meaning_v3(&Reply { status: 200, body: body.into() }), Meaning::Success);
/// let body = r#"{"code":"FAIL","message":"失败"}"#;
/// assert_eq!(meaning_v3(&Reply { status: 200, body: body.into() }), Meaning::Contradiction);
/// ```
#[must_use]
pub fn meaning_v3(reply: &Reply) -> Meaning {
    let body: Value = serde_json::from_str(&reply.body).unwrap_or_default();
    let code = body.get("code").and_then(Value::as_str);
    match (reply.status, code) {
        (200 | 204, None | Some(SUCCESS)) => Meaning::Success,
        (400..=599, code) if code != Some(SUCCESS) => Meaning::Failure,
        _ => Meaning::Contradiction,
    }
}

const SUCCESS: &str = "SUCCESS";
const FAIL: &str = "FAIL";

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\t' | '\n' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'.. => {
                escaped.push(character);
            }
            '\r' => escaped.push_str("&#13;"),
            _ => {}
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_can_be_sent() {
        let nasty: String = ('\0'..='\u{2FFF}').chain(['\u{FFFE}', '\u{FFFF}', '𠮷']).collect();
        for message in ["", "]]>", "</return_msg><return_code>SUCCESS</return_code>", &nasty] {
            for accepted in [true, false] {
                let meaning = if accepted { Meaning::Success } else { Meaning::Failure };
                assert_eq!(meaning_v2(&v2(accepted, message)), meaning, "{message:?}");
                assert_eq!(meaning_v3(&v3(accepted, message)), meaning, "{message:?}");
            }
        }
    }

    #[test]
    fn a_message_arrives_as_it_is() {
        let message = "a<b>&c]]>\r\n\td\0e\u{FFFE}中𠮷";
        let fields = xml::fields("xml", &v2(false, message).body).unwrap();
        let read = fields.iter().find(|(name, _)| name == "return_msg");
        // XML has no NUL and no U+FFFE.
        assert_eq!(read.map(|(_, text)| text.as_str()), Some("a<b>&c]]>\r\n\tde中𠮷"));
        let body: Value = serde_json::from_str(&v3(false, message).body).unwrap();
        assert_eq!(body["message"], message);
    }

    #[test]
    fn a_status_decides_in_version_3() {
        let meaning = |status, body: &str| meaning_v3(&Reply { status, body: body.into() });
        assert_eq!(meaning(200, ""), Meaning::Success);
        assert_eq!(meaning(200, "<xml/>"), Meaning::Success);
        assert_eq!(meaning(404, "not found"), Meaning::Failure);
        for (status, body) in [(201, ""), (302, ""), (0, ""), (500, r#"{"code":"SUCCESS"}"#)] {
            assert_eq!(meaning(status, body), Meaning::Contradiction, "{status}");
        }
    }
}
