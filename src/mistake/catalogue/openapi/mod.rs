//! What goes wrong on the open platform, where it differs from the legacy gateway.

mod decision;
mod request;
mod verify;

pub(super) use self::decision::MISTAKES as DECISION;
pub(super) use self::request::MISTAKES as REQUEST;
pub(super) use self::verify::MISTAKES as VERIFY;
use super::altered::is_signed;
use crate::canonical::Selection;
use crate::params::Params;

fn without_sign_type(params: &Params, excluded: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| is_signed(pair, excluded) && pair.name() != b"sign_type");
}
