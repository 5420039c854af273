//! A general parser of XML, from which lenient readers are made.

use roxmltree::{Document, Node};

use super::super::altered::Pairs;
use crate::form::Limits;
use crate::params::Params;
use crate::xml::{self, XmlError};

/// Reads by the rules, and what `takes` of the refused ones by what `pairs` finds in the tree.
pub(super) fn tree(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
    takes: impl FnOnce(&XmlError) -> bool,
    pairs: impl FnOnce(Node<'_, '_>) -> Pairs,
) -> Result<(), XmlError> {
    match xml::decode_into(message, limits, params) {
        Err(refused) if takes(&refused) => read(message, params, pairs).ok_or(refused),
        other => other,
    }
}

/// Reads what `pairs` finds in the tree, if there is one.
pub(super) fn read(
    message: &[u8],
    params: &mut Params,
    pairs: impl FnOnce(Node<'_, '_>) -> Pairs,
) -> Option<()> {
    let document = Document::parse(std::str::from_utf8(message).ok()?).ok()?;
    *params = pairs(document.root_element()).into_iter().collect();
    Some(())
}

/// The elements below one, each with what `value` makes of it.
pub(super) fn elements(root: Node<'_, '_>, value: impl Fn(Node<'_, '_>) -> String) -> Pairs {
    let elements = root.children().filter(Node::is_element);
    elements.map(|node| pair(node.tag_name().name(), &value(node))).collect()
}

pub(super) fn pair(name: &str, value: &str) -> (Vec<u8>, Vec<u8>) {
    (name.into(), value.into())
}

/// All text within an element.
pub(super) fn text(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

/// Reads by the rules what `change` makes of the text.
pub(super) fn changed(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
    change: impl FnOnce(&str) -> String,
) -> Result<(), XmlError> {
    match std::str::from_utf8(message) {
        Ok(text) => xml::decode_into(change(text).as_bytes(), limits, params),
        Err(_) => xml::decode_into(message, limits, params),
    }
}

/// The text with each section of CDATA and all text between two of them changed.
pub(super) fn by_sections(
    text: &str,
    section: impl Fn(&str) -> String,
    beside: impl Fn(&str) -> String,
) -> String {
    let mut changed = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<![CDATA[")
        && let Some((inside, behind)) = after.split_once("]]>")
    {
        changed += &beside(before);
        changed += &section(inside);
        rest = behind;
    }
    changed + &beside(rest)
}

pub(super) fn in_section(text: &str) -> String {
    format!("<![CDATA[{text}]]>")
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
