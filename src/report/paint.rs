//! Colour, where it is wanted.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Bold,
    Dim,
    Good,
    Bad,
    Note,
}

/// Text in a colour, or without one.
pub(crate) struct Painted<'a> {
    text: &'a str,
    colour: Option<Colour>,
}

pub(crate) fn paint(text: &str, colour: Colour, wanted: bool) -> Painted<'_> {
    Painted { text, colour: wanted.then_some(colour) }
}

impl fmt::Display for Painted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = match self.colour {
            None => return formatter.write_str(self.text),
            Some(Colour::Bold) => "1",
            Some(Colour::Dim) => "2",
            Some(Colour::Good) => "32",
            Some(Colour::Bad) => "1;31",
            Some(Colour::Note) => "33",
        };
        write!(formatter, "\x1B[{code}m{}\x1B[0m", self.text)
    }
}
