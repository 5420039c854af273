//! What goes wrong with WeChat Pay.

mod doctype;
mod keyed;
mod lenient;
mod read;
mod read_text;
mod write;

pub(super) use self::doctype::MISTAKES as DOCTYPE;
pub(super) use self::keyed::MISTAKES as KEYED;
pub(super) use self::read::MISTAKES as READ;
pub(super) use self::read_text::MISTAKES as READ_TEXT;
pub(super) use self::write::MISTAKES as WRITE;
use crate::protocol::WECHATPAY_V2;
use crate::vector::case::Ask;

fn is_v2(ask: &Ask) -> bool {
    ask.protocol == WECHATPAY_V2.id
}
