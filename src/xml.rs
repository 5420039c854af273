//! XML as messages have it: a root with fields below.

use std::collections::BTreeSet;

use crate::form::Limits;
use crate::params::Params;
use roxmltree::{Document, Error, Node, ParsingOptions};

/// The most fields that are read.
pub const MAX_FIELDS: usize = 1_000;

/// XML that is no list of fields.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlError {
    /// It is not well-formed, or declares a document type, which has no place here.
    #[error("no XML: {reason} at line {line}, column {column}")]
    Malformed {
        /// In the parser's words.
        reason: String,
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u32,
    },
    /// More bytes than [`Limits::bytes`].
    #[error("XML of {bytes} bytes: expected at most {limit}")]
    TooLong {
        /// How many there are.
        bytes: usize,
        /// How many may be.
        limit: usize,
    },
    /// Bytes that are no UTF-8.
    #[error("no UTF-8 at byte {offset}")]
    Charset {
        /// Where.
        offset: usize,
    },
    /// More than [`MAX_FIELDS`].
    #[error("more than {MAX_FIELDS} fields")]
    TooMany,
    /// The root is another element.
    #[error("the root is {found:?}: expected {expected:?}")]
    Root {
        /// The name that it should have.
        expected: String,
        /// The name that it has.
        found: String,
    },
    /// Something else than elements with text.
    #[error("something else than a field with text at byte {offset}")]
    Structure {
        /// Where it begins.
        offset: usize,
    },
    /// An element that stands twice: readers differ in which one they take.
    #[error("element {name:?} stands twice")]
    Repeated {
        /// Its name.
        name: String,
    },
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
    read(Some(root), text)
}

/// The stage that decodes XML in UTF-8, whatever its root is called.
///
/// # Errors
/// It is no such XML.
pub fn decode_into(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), XmlError> {
    let (bytes, limit) = (message.len(), limits.bytes);
    if bytes > limit {
        return Err(XmlError::TooLong { bytes, limit });
    }
    let text = std::str::from_utf8(message)
        .map_err(|error| XmlError::Charset { offset: error.valid_up_to() })?;
    *params = read(None, text)?.into_iter().collect();
    Ok(())
}

fn read(root: Option<&str>, text: &str) -> Result<Vec<(String, String)>, XmlError> {
    // An element and its text are two nodes, white space between two elements is a third; root and document beside.
    let nodes_limit = 3 * MAX_FIELDS as u32 + 8;
    let options = ParsingOptions { allow_dtd: false, nodes_limit, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        Error::NodesLimitReached => XmlError::TooMany,
        error => {
            let position = error.pos();
            let (line, column) = (position.row, position.col);
            XmlError::Malformed { reason: reason(&error), line, column }
        }
    })?;
    let element = document.root_element();
    if let Some(root) = root
        && element.tag_name().name() != root
    {
        let found = element.tag_name().name().into();
        return Err(XmlError::Root { expected: root.into(), found });
    }
    let mut names = BTreeSet::new();
    let mut fields = Vec::new();
    for node in element.children().filter(|node| !is_blank(*node)) {
        let name = node.tag_name().name();
        let value =
            text_of(node).ok_or_else(|| XmlError::Structure { offset: node.range().start })?;
        if !names.insert(name) {
            return Err(XmlError::Repeated { name: name.into() });
        }
        if names.len() > MAX_FIELDS {
            return Err(XmlError::TooMany);
        }
        fields.push((name.into(), value));
    }
    Ok(fields)
}

/// The parser's words without the position, which it puts behind.
fn reason(error: &Error) -> String {
    let words = error.to_string();
    words.split(" at ").next().unwrap_or_default().into()
}

fn is_blank(node: Node<'_, '_>) -> bool {
    node.is_text() && node.text().is_some_and(|text| text.trim_ascii().is_empty())
}

/// The text of an element that holds nothing else.
fn text_of(node: Node<'_, '_>) -> Option<String> {
    if !node.is_element() || !node.children().all(|child| child.is_text()) {
        return None;
    }
    Some(node.children().filter_map(|child| child.text()).collect())
}
