//! Strings to sign in which the lines of a message are put together otherwise than its scheme has them.

use super::exchange::Exchange;
use crate::protocol::headers::Piece;

/// The parts of a string to sign in another arrangement than the scheme's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Arranged {
    /// The parts by their places in the scheme: some may be gone, moved or there twice.
    pub(super) parts: Vec<usize>,
    /// What stands between them in place of what the scheme has there.
    pub(super) separator: Option<&'static str>,
    /// Whether that, or else a line feed, stands behind the last.
    pub(super) is_ended: bool,
    /// What stands in place of the part of this place.
    pub(super) other: Option<(usize, Vec<u8>)>,
}

/// A part of a string to sign.
pub(super) struct Part {
    pub(super) name: &'static str,
    text: Vec<u8>,
    /// What stands between it and the next.
    separator: &'static str,
}

impl Exchange {
    /// The parts of the string to sign.
    pub(super) fn parts(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for line in self.scheme.lines {
            let mut is_first = true;
            for piece in line.iter() {
                let name = match piece {
                    Piece::Text(text) => {
                        if let Some(last) = parts.last_mut() {
                            last.separator = text;
                        }
                        continue;
                    }
                    Piece::OptionalHeader(name)
                        if self.header(name).is_none_or(<[u8]>::is_empty) =>
                    {
                        continue;
                    }
                    Piece::Header(name) | Piece::OptionalHeader(name) | Piece::Item(name) => name,
                    Piece::Items => "items",
                    Piece::Method => "method",
                    Piece::Path => "path",
                    Piece::Body => "body",
                };
                if is_first && let Some(last) = parts.last_mut() {
                    last.separator = "\n";
                }
                is_first = false;
                parts.push(Part { name, text: self.text_of(piece), separator: "" });
            }
        }
        parts
    }

    /// What the lines have for a piece.
    fn text_of(&self, piece: &Piece) -> Vec<u8> {
        match piece {
            Piece::Method => self.method.clone(),
            Piece::Path => self.path.clone(),
            Piece::Body => self.body.clone(),
            Piece::Header(name) | Piece::OptionalHeader(name) => {
                self.header(name).unwrap_or_default().to_vec()
            }
            Piece::Text(text) => text.as_bytes().to_vec(),
            Piece::Item(name) => self.item(name).unwrap_or_default(),
            Piece::Items => self.with_message(|message| {
                let received = self.scheme.carrier.read(message);
                received.map(|received| received.items.into_owned()).unwrap_or_default()
            }),
        }
    }

    /// With another text of a part in the string to sign than the message has.
    pub(super) fn with_signed(&self, name: &str, text: Vec<u8>) -> Option<Self> {
        let parts = self.parts();
        let place = parts.iter().position(|part| part.name == name)?;
        let arranged = Arranged {
            parts: (0..parts.len()).collect(),
            separator: None,
            is_ended: self.scheme.final_line_feed,
            other: Some((place, text)),
        };
        Some(Self { arranged: Some(arranged), ..self.clone() })
    }

    pub(super) fn string_of(&self, arranged: &Arranged) -> Vec<u8> {
        let parts = self.parts();
        let mut string = Vec::new();
        for (index, place) in arranged.parts.iter().enumerate() {
            let Some(Part { text, separator: own, .. }) = parts.get(*place) else { continue };
            let other = arranged.other.as_ref().filter(|(other, _)| other == place);
            string.extend_from_slice(other.map_or(text, |(_, text)| text));
            let next = arranged.parts.get(index + 1);
            let is_last = next.is_none();
            // What is moved from the end has no separator of its own.
            let own = if own.is_empty() && next != Some(place) { "\n" } else { own };
            if !is_last || arranged.is_ended {
                let separator = if is_last { "\n" } else { own };
                string.extend_from_slice(arranged.separator.unwrap_or(separator).as_bytes());
            }
        }
        string
    }
}
