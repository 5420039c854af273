//! Reads what an HTML page submits, as a browser would.

use std::borrow::Cow;

use html5gum::{Token, Tokenizer};

use crate::charset::Charset;
use crate::params::Params;
use crate::protocol::OPENAPI_V2;
use crate::suite::compare::{in_any_order, params, query_of, text, url};
use crate::suite::outcome::Difference;
use crate::vector::case::Ask;
use crate::vector::output::{Form, Output};

/// Whether two forms submit the same fields to the same address.
pub(crate) fn compare(expected: &Form, got: &Form, ask: &Ask) -> Option<Difference> {
    if ask.protocol.starts_with(OPENAPI_V2.id) {
        return compare_together(expected, got, ask.charset);
    }
    let fields = |form: &Form| in_any_order(&form.fields.iter().cloned().collect::<Params>());
    url("form action", &expected.action, &got.action)
        .or_else(|| params("form fields", &fields(expected), &fields(got)))
}

/// The open platform reads address and fields together, after it took the charset from the address: official libraries
/// put most parameters into the one or into the other. What stands in both, and is the same, is sent once.
fn compare_together(expected: &Form, got: &Form, charset: Charset) -> Option<Difference> {
    let (expected_address, expected_query) = split(&expected.action);
    let (got_address, got_query) = split(&got.action);
    let named = |query: &Params| {
        let name = OPENAPI_V2.charset.as_bytes();
        query.iter().filter(|(other, _)| *other == name).collect::<Params>()
    };
    let sent = |query: &Params, form: &Form| {
        let encode = |text: &str| {
            charset.encode(text).map_or_else(|_| text.as_bytes().to_vec(), Cow::into_owned)
        };
        let fields: Params =
            form.fields.iter().map(|(name, value)| (encode(name), encode(value))).collect();
        let only_in_address = query.iter().filter(|pair| fields.iter().all(|field| field != *pair));
        in_any_order(&only_in_address.chain(fields.iter()).collect())
    };
    text("form action", expected_address, got_address).or_else(|| {
        let (Some(expected_query), Some(got_query)) =
            (query_of(expected_query), query_of(got_query))
        else {
            return text("form action", &expected.action, &got.action);
        };
        params("form action", &named(&expected_query), &named(&got_query)).or_else(|| {
            params("form fields", &sent(&expected_query, expected), &sent(&got_query, got))
        })
    })
}

fn split(action: &str) -> (&str, &str) {
    action.split_once('?').unwrap_or((action, ""))
}

/// Whether a page submits what is expected, by POST.
pub(crate) fn compare_html(expected: &Form, html: &[u8], ask: &Ask) -> Option<Difference> {
    let charset = ask.charset;
    let page = match charset.decode(html) {
        Ok(page) => page,
        Err(error) => {
            let message = format!("(a page that is not {charset}: {error})");
            return Difference::between("form", b"", message.as_bytes());
        }
    };
    match submitted(&page) {
        Some((method, form)) if method.eq_ignore_ascii_case("post") => {
            compare(expected, &form, ask)
        }
        Some((method, _)) => Difference::between("form method", b"post", method.as_bytes()),
        None => Difference::between("form", b"<form", html.get(..80).unwrap_or(html)),
    }
}

/// What is submitted by POST, however it was shown; `None` where nothing is.
pub(crate) fn posted(output: &Output, charset: Charset) -> Option<Cow<'_, Form>> {
    if let Some(form) = &output.form {
        return Some(Cow::Borrowed(form));
    }
    let page = charset.decode(output.html.as_ref()?).ok()?;
    let (method, form) = submitted(&page)?;
    method.eq_ignore_ascii_case("post").then_some(Cow::Owned(form))
}

/// Method, action and named controls of the first form of a page.
pub(crate) fn submitted(page: &str) -> Option<(String, Form)> {
    let mut found: Option<(String, Form)> = None;
    for token in Tokenizer::new(page).flatten() {
        let tag = match token {
            Token::StartTag(tag) => tag,
            Token::EndTag(tag) if found.is_some() && *tag.name == *b"form" => break,
            _ => continue,
        };
        let attribute = |name: &str| {
            let value = tag.attributes.get(name.as_bytes())?;
            Some(String::from_utf8_lossy(value).into_owned())
        };
        match (tag.name.as_slice(), &mut found) {
            (b"form", None) => {
                let action = attribute("action").unwrap_or_default();
                let method = attribute("method").unwrap_or_else(|| "get".into());
                found = Some((method, Form { action, fields: Vec::new() }));
            }
            (b"input" | b"button" | b"select" | b"textarea", Some((_, form))) => {
                // A browser leaves out what is disabled or has no name.
                let name = attribute("name").filter(|name| !name.is_empty());
                if let (Some(name), None) = (name, attribute("disabled")) {
                    form.fields.push((name, attribute("value").unwrap_or_default()));
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_page_as_a_browser_does() {
        let page = r#"<html><form id=a action='https://x.example/?a=1&amp;b=2' METHOD="POST">
            <input type=hidden name="subject" value="&lt;&quot;&#39;&amp;amp;中">
            <input type='hidden' name='body' value='it's'><input type="submit" value="go">
            <input type="hidden" name="sign" value="x" disabled>
            </form><input name="outside" value="1"><script>document.forms[0].submit()</script>"#;
        let (method, form) = submitted(page).unwrap();
        assert_eq!(method, "POST");
        assert_eq!(form.action, "https://x.example/?a=1&b=2");
        let fields: Vec<_> = form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(fields, [("subject", "<\"'&amp;中"), ("body", "it")]);
    }
}
