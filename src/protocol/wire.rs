//! The ways in which a signed request travels: a link, a form that posts itself, and the text that an app hands on.
//!
//! All take the parameters as they are to be sent, `sign` and `sign_type` included, in the bytes of the charset.

use crate::charset::{Charset, CharsetError};
use crate::form;
use crate::params::Params;
use crate::protocol::Protocol;

/// The link: the gateway's address, `?`, and the form-encoded parameters in their order.
///
/// `gateway` is an address without a query. The order of the parameters on the wire is free.
///
/// ```
/// use alipay_conformance::charset::Charset;
/// use alipay_conformance::params::Params;
/// use alipay_conformance::protocol::{MAPI, mapi::gateway, wire};
///
/// let params = Params::encode([("subject", "订单 1"), ("sign", "a+b=")], Charset::Gbk)?;
/// assert_eq!(
///     wire::url(gateway::PRODUCTION, &params),
///     "https://mapi.alipay.com/gateway.do?subject=%B6%A9%B5%A5+1&sign=a%2Bb%3D"
/// );
/// # Ok::<(), alipay_conformance::charset::CharsetError>(())
/// ```
#[must_use]
pub fn url(gateway: &str, params: &Params) -> String {
    format!("{gateway}?{}", form::encode(params))
}

/// The order string: what an app hands to the wallet, which is a link without an address.
///
/// ```
/// use alipay_conformance::params::Params;
/// use alipay_conformance::protocol::wire;
///
/// let params: Params = [("biz_content", "{}"), ("sign", "a+b=")].into_iter().collect();
/// assert_eq!(wire::order_string(&params), "biz_content=%7B%7D&sign=a%2Bb%3D");
/// ```
#[must_use]
pub fn order_string(params: &Params) -> String {
    form::encode(params)
}

/// A page that posts the parameters by itself, in the bytes of the charset.
///
/// It is the page of the official demos: a form named `alipaysubmit`, one hidden field a parameter, a submit button
/// without a name, since a named one would be sent and break the signature, and a script that submits. The action
/// carries the charset, as the body can only be decoded once it is known: the parameter's value as it stands, or the
/// charset's label where there is none.
///
/// Unlike the demos' pages, this one escapes what it writes: a quote in a subject neither ends the attribute nor
/// begins a script.
///
/// A browser sends every line break of a field as CR LF, so a value with a lone CR or LF arrives changed and its
/// signature fails; such a request goes by [`url`].
///
/// # Errors
/// A parameter that is no text of the charset, or one that no form can carry: with NUL, or without a name.
///
/// ```
/// use alipay_conformance::charset::Charset;
/// use alipay_conformance::params::Params;
/// use alipay_conformance::protocol::{MAPI, mapi::gateway, wire};
///
/// let params = Params::encode([("body", "5\" <b>"), ("_input_charset", "gbk")], Charset::Gbk)?;
/// let page = wire::html_form(&MAPI, gateway::PRODUCTION, &params, Charset::Gbk)?;
/// let page = Charset::Gbk.decode(&page)?;
/// assert!(page.contains(r#"action="https://mapi.alipay.com/gateway.do?_input_charset=gbk""#));
/// assert!(page.contains(r#"name="body" value="5&quot; &lt;b&gt;""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn html_form(
    protocol: &Protocol,
    gateway: &str,
    params: &Params,
    charset: Charset,
) -> Result<Vec<u8>, PageError> {
    let label = charset.label();
    let name = protocol.charset.as_bytes();
    let sent_charset = params.get(name).filter(|value| !value.is_empty());
    let mut query = Params::new();
    query.push(name, sent_charset.unwrap_or(label.as_bytes()));
    let action = escape(&url(gateway, &query));

    let mut page = format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"{label}\">\n<title>Alipay</title>\n</head>\n<body>\n\
         <form id=\"alipaysubmit\" name=\"alipaysubmit\" action=\"{action}\" method=\"post\" \
         accept-charset=\"{label}\">\n"
    );
    for (name, value) in params.decode(charset)? {
        if name.is_empty() {
            return Err(PageError::EmptyName);
        }
        if name.contains('\0') || value.contains('\0') {
            return Err(PageError::Nul { parameter: name });
        }
        let (name, value) = (escape(&name), escape(&value));
        page.push_str(&format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n"));
    }
    page.push_str(
        "<input type=\"submit\" value=\"OK\" style=\"display:none\">\n</form>\n\
         <script>document.forms[\"alipaysubmit\"].submit();</script>\n</body>\n</html>\n",
    );
    Ok(charset.encode(&page)?.into_owned())
}

/// A page that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// The parameters, or the gateway's address, are no text of the charset.
    #[error(transparent)]
    Charset(#[from] CharsetError),
    /// Browsers do not send a field without a name.
    #[error("a parameter has an empty name, which no HTML form can carry")]
    EmptyName,
    /// HTML has no way to write U+0000.
    #[error("parameter {parameter:?} holds NUL, which no HTML form can carry")]
    Nul {
        /// The parameter's name.
        parameter: String,
    },
}

/// Text for an attribute in double quotes. A raw CR would be read as LF.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\r' => escaped.push_str("&#13;"),
            '\n' => escaped.push_str("&#10;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{MAPI, OPENAPI_V2};

    const GATEWAY: &str = "https://mapi.alipay.com/gateway.do";

    fn page(pairs: &[(&str, &str)], charset: Charset) -> String {
        let params = Params::encode(pairs.iter().copied(), charset).unwrap();
        let page = html_form(&MAPI, GATEWAY, &params, charset).unwrap();
        charset.decode(&page).unwrap().into_owned()
    }

    #[test]
    fn nothing_written_ends_an_attribute() {
        let page = page(&[("a\"'", "'><script>&amp;</script>\r\n")], Charset::Utf8);
        assert!(page.contains(
            "name=\"a&quot;&#39;\" value=\"&#39;&gt;&lt;script&gt;&amp;amp;&lt;/script&gt;&#13;&#10;\""
        ));
        assert_eq!(page.matches("<script>").count(), 1);
    }

    #[test]
    fn the_page_is_in_the_charset_and_says_so() {
        let params = Params::encode([("subject", "订单")], Charset::Gbk).unwrap();
        let page = html_form(&MAPI, GATEWAY, &params, Charset::Gbk).unwrap();
        let shown = page.escape_ascii().to_string();
        assert!(shown.contains("<meta charset=\\\"gbk\\\">"), "{shown}");
        assert!(shown.contains("value=\\\"\\xb6\\xa9\\xb5\\xa5\\\""), "{shown}");
    }

    #[test]
    fn the_action_repeats_the_charset_as_it_is_sent() {
        let action = |charset: &str| {
            format!("action=\"{GATEWAY}?_input_charset={charset}\" method=\"post\"")
        };
        assert!(page(&[("_input_charset", "GBK")], Charset::Gbk).contains(&action("GBK")));
        assert!(page(&[("_input_charset", "")], Charset::Gbk).contains(&action("gbk")));
        assert!(page(&[("a", "1")], Charset::Utf8).contains(&action("utf-8")));
    }

    #[test]
    fn the_open_platform_names_the_charset_in_its_own_way() {
        let params: Params = [("charset", "GBK"), ("_input_charset", "x")].into_iter().collect();
        let page = html_form(&OPENAPI_V2, GATEWAY, &params, Charset::Gbk).unwrap();
        assert!(page.escape_ascii().to_string().contains("gateway.do?charset=GBK\\\""));
    }

    #[test]
    fn only_the_parameters_are_named_controls() {
        let page = page(&[("a", "1"), ("a", "2"), ("b", "")], Charset::Utf8);
        assert_eq!(page.matches("<input").count(), 4);
        assert_eq!(page.matches("<input type=\"hidden\" name=").count(), 3);
    }

    #[test]
    fn what_html_cannot_carry() {
        let params: Params = [(&b"a"[..], &b"1\0"[..])].into_iter().collect();
        assert_eq!(
            html_form(&MAPI, GATEWAY, &params, Charset::Utf8).unwrap_err().to_string(),
            "parameter \"a\" holds NUL, which no HTML form can carry"
        );
        let params: Params = [("", "1")].into_iter().collect();
        assert_eq!(
            html_form(&MAPI, GATEWAY, &params, Charset::Utf8).unwrap_err().to_string(),
            "a parameter has an empty name, which no HTML form can carry"
        );
        let params: Params = [(&b"a"[..], &b"\xD6"[..])].into_iter().collect();
        assert!(matches!(
            html_form(&MAPI, GATEWAY, &params, Charset::Gbk),
            Err(PageError::Charset(_))
        ));
    }
}
