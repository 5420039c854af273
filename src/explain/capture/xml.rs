//! XML with a root and fields below it.

use super::{LIMITS, Read, without_mark};
use crate::params::Params;
use crate::xml;

/// What the rules refuse is no XML here: there is nothing in it that could be undone.
pub(super) fn read(bytes: &[u8]) -> Option<Read> {
    let bytes = without_mark(bytes.trim_ascii());
    let mut params = Params::new();
    bytes.starts_with(b"<").then_some(())?;
    xml::decode_into(bytes, LIMITS, &mut params).ok()?;
    Some(Read { params, ..Read::default() })
}
