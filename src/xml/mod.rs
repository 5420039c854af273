//! XML as messages have it: a root with fields below, each with its text, and nothing else.
//!
//! quick-xml finds the parts, and this module holds them to the rules that it leaves to its caller: characters, names,
//! references, what stands where. Messages are read before they are verified, so it takes time and memory in proportion
//! to the message, whatever stands there, does not recurse, and has no entities to resolve. It is held against another
//! parser by properties and the fuzz target `wechat_xml`.

mod error;
mod scan;
mod text;

pub use self::error::{Flaw, XmlError};
use self::scan::Scanner;
pub use self::text::{is_character, is_name};
use crate::form::Limits;
use crate::params::Params;

/// The most fields that are read.
pub const MAX_FIELDS: usize = 1_000;

/// What is read, and what is passed over.
#[derive(Clone, Copy, Debug)]
struct Shape<'a> {
    root: &'a str,
    fields: usize,
    /// Whether the text came as bytes, so that the declaration must not name another encoding.
    is_encoded: bool,
    has_attributes: bool,
    /// Whether comments and instructions may stand between the fields.
    has_remarks: bool,
}

/// The elements below the root, each with its text, in their order.
///
/// For data that is verified already: `notify` in a notify, `direct_trade_create_res` or `err` in a reply. A document
/// type is refused, so there are no entities; so is whatever one reader would read differently from another: an element
/// that stands twice, holds elements or is interrupted by a comment. Real messages are known whose subject holds a raw
/// `&`: no XML, so refused, though their signature is right.
///
/// # Errors
/// What is not such a list, and where.
///
/// ```
/// use alipay_conformance::notification::{Notification, TradeStatus};
/// use alipay_conformance::xml::fields;
///
/// let data = "<notify><trade_status>TRADE_FINISHED</trade_status><subject>a &amp; b</subject></notify>";
/// let notification = Notification::from_pairs(&fields("notify", data)?)?;
/// assert_eq!(notification.subject.as_deref(), Some("a & b"));
/// let status = notification.trade_status.as_ref().and_then(|status| status.value());
/// assert_eq!(status, Some(&TradeStatus::TradeFinished));
///
/// let entity = "<!DOCTYPE notify [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><notify>&e;</notify>";
/// assert!(fields("notify", entity).unwrap_err().to_string().starts_with("no XML: "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn fields(root: &str, text: &str) -> Result<Vec<(String, String)>, XmlError> {
    let mut fields = Vec::new();
    let shape = Shape {
        root,
        fields: MAX_FIELDS,
        is_encoded: false,
        has_attributes: true,
        has_remarks: false,
    };
    read(text, shape, |name, value| fields.push((name.to_owned(), value.to_owned())))?;
    Ok(fields)
}

/// The stage that decodes a message of WeChat Pay: the fields below `<xml>`, in UTF-8.
///
/// Comments and instructions between the fields say nothing and are passed over. Attributes are refused: no message has
/// them. Source of the rules: <https://pay.weixin.qq.com/doc/v2/merchant/4011986592>, and for document types
/// <https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=23_5>.
///
/// # Errors
/// It is no such XML, or more than the limits allow.
///
/// ```
/// use alipay_conformance::form::Limits;
/// use alipay_conformance::params::Params;
/// use alipay_conformance::xml;
///
/// let mut params = Params::new();
/// let message = b"<xml><attach><![CDATA[a&b]]></attach>\n<total_fee>1</total_fee></xml>";
/// xml::decode_into(message, Limits::DEFAULT, &mut params)?;
/// assert_eq!(params, Params::from_iter([("attach", "a&b"), ("total_fee", "1")]));
///
/// let nested = xml::decode_into(b"<xml><a><b/></a></xml>", Limits::DEFAULT, &mut params);
/// assert_eq!(nested.unwrap_err().to_string(), "something else than a field with text at byte 5");
/// # Ok::<(), xml::XmlError>(())
/// ```
pub fn decode_into(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), XmlError> {
    params.clear();
    let (bytes, limit) = (message.len(), limits.bytes);
    if bytes > limit {
        return Err(XmlError::TooLong { bytes, limit });
    }
    let text = std::str::from_utf8(message)
        .map_err(|error| XmlError::Charset { offset: error.valid_up_to() })?;
    let shape = Shape {
        root: "xml",
        fields: limits.parameters.min(MAX_FIELDS),
        is_encoded: true,
        has_attributes: false,
        has_remarks: true,
    };
    read(text, shape, |name, value| params.push(name.as_bytes(), value.as_bytes()))
}

fn read<'a>(
    text: &'a str,
    shape: Shape<'a>,
    mut each: impl FnMut(&'a str, &str),
) -> Result<(), XmlError> {
    let mut scanner = Scanner::new(text, shape)?;
    let root = scanner.outside("an element")?.ok_or_else(|| scanner.expected("an element"))?;
    if root.name != shape.root {
        return Err(XmlError::Root { expected: shape.root.into(), found: short(root.name) });
    }
    // As many as a message has: one allocation.
    let mut names = Vec::with_capacity(64);
    while !root.is_closed
        && let Some(field) = scanner.field()?
    {
        if names.len() == shape.fields {
            return Err(XmlError::TooMany);
        }
        names.push(field.name);
        match field.is_closed {
            true => each(field.name, ""),
            false => each(field.name, &scanner.value()?),
        }
    }
    if scanner.outside("the end behind the root")?.is_some() {
        return Err(scanner.expected("the end behind the root"));
    }
    names.sort_unstable();
    let repeated = names.iter().zip(names.iter().skip(1)).find(|(one, next)| one == next);
    repeated.map_or(Ok(()), |(name, _)| Err(XmlError::Repeated { name: short(name) }))
}

/// As much of a name as is worth showing.
fn short(name: &str) -> String {
    name.chars().take(64).collect()
}
