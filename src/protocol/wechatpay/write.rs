//! Requests of version 2, written as XML.

use crate::params::Params;
use crate::xml::{is_character, is_name};

/// Parameters that XML cannot carry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A name that is none of XML, or has a colon.
    #[error("parameter \"{}\": expected a name of XML", name.escape_ascii())]
    Name {
        /// The name.
        name: Vec<u8>,
    },
    /// A character that XML has not, such as a control character.
    #[error("parameter {name:?}: character {character:?} cannot stand in XML")]
    Character {
        /// The parameter's name.
        name: String,
        /// The character.
        character: char,
    },
    /// A value that is no UTF-8.
    #[error("parameter {name:?}: expected UTF-8")]
    Charset {
        /// The parameter's name.
        name: String,
    },
}

/// Writes parameters as the XML of a message, each value in CDATA. A reader of XML finds exactly the same.
///
/// A value that holds `]]>` is written over two sections, and a carriage return as a reference: within CDATA it would be
/// read as a line feed. Source of the rules: <https://www.w3.org/TR/xml/>.
///
/// # Errors
/// What XML cannot carry, and where. Nothing is dropped or replaced on the way.
///
/// ```
/// use alipay_conformance::params::Params;
/// use alipay_conformance::protocol::wechatpay::write::write;
///
/// let params = Params::from_iter([("attach", "a&b]]>c"), ("total_fee", "1")]);
/// let xml = "<xml><attach><![CDATA[a&b]]]]><![CDATA[>c]]></attach><total_fee><![CDATA[1]]></total_fee></xml>";
/// assert_eq!(write(&params)?, xml);
/// assert!(write(&Params::from_iter([("a b", "1")])).is_err());
/// # Ok::<(), alipay_conformance::protocol::wechatpay::write::WriteError>(())
/// ```
pub fn write(params: &Params) -> Result<String, WriteError> {
    let mut xml = String::from("<xml>");
    for (name, value) in params.iter() {
        let text = std::str::from_utf8(name).ok().filter(|name| is_name(name));
        let text = text.ok_or_else(|| WriteError::Name { name: name.to_vec() })?;
        push_element(&mut xml, text, value)?;
    }
    xml.push_str("</xml>");
    Ok(xml)
}

fn push_element(xml: &mut String, name: &str, value: &[u8]) -> Result<(), WriteError> {
    let value =
        std::str::from_utf8(value).map_err(|_| WriteError::Charset { name: name.into() })?;
    if let Some(character) = value.chars().find(|character| !is_character(*character)) {
        return Err(WriteError::Character { name: name.into(), character });
    }
    let inside = value.replace("]]>", "]]]]><![CDATA[>").replace('\r', "]]>&#13;<![CDATA[");
    for part in ["<", name, "><![CDATA[", &inside, "]]></", name, ">"] {
        xml.push_str(part);
    }
    Ok(())
}
