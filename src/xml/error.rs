use super::MAX_FIELDS;

/// XML that is no list of fields.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlError {
    /// It is not well-formed, or declares a document type, which has no place here.
    #[error("no XML: {flaw} at line {line}, column {column}")]
    Malformed {
        /// What is wrong.
        flaw: Flaw,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
    /// More bytes than [`Limits::bytes`](crate::form::Limits::bytes).
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
    /// The declaration names another encoding than UTF-8.
    #[error("another encoding than UTF-8 is declared at byte {offset}")]
    Encoding {
        /// Where its name begins.
        offset: usize,
    },
    /// More than [`MAX_FIELDS`], or more than the caller's limit.
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

/// What makes a text no XML, or none that is read here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// A document type, which could declare entities.
    #[error("XML with DTD detected")]
    DocumentType,
    /// A reference to an entity other than the five that XML has.
    #[error("unknown entity reference '{name}'")]
    UnknownEntity {
        /// Its name, or as much of it as is worth showing.
        name: String,
    },
    /// An `&` that begins no reference, or a reference to no character.
    #[error("malformed reference")]
    Reference,
    /// A character that XML has not.
    #[error("character {character:?}, which XML has not,")]
    Character {
        /// The character.
        character: char,
    },
    /// The end of a section of CDATA in text.
    #[error("]]> in text")]
    SectionEnd,
    /// An attribute that stands twice.
    #[error("an attribute that stands twice")]
    Attribute,
    /// Something else is there, or nothing.
    #[error("expected {what}")]
    Expected {
        /// What should be there.
        what: &'static str,
    },
}
