//! What goes wrong with WeChat Pay.

pub(super) mod amount;
mod client;
mod client_v3;
mod decision;
mod doctype;
mod field;
mod keyed;
mod lenient;
mod read;
mod read_text;
mod refund;
mod reply;
mod request;
mod request_values;
mod resource;
mod resource_notify;
mod v3_answer;
mod v3_clock;
mod v3_key;
mod v3_request;
mod write;

pub(super) use self::amount::MISTAKES as AMOUNT;
pub(super) use self::client::MISTAKES as CLIENT;
pub(super) use self::client_v3::MISTAKES as CLIENT_V3;
pub(super) use self::decision::MISTAKES as DECISION;
pub(super) use self::doctype::MISTAKES as DOCTYPE;
pub(super) use self::field::MISTAKES as FIELD;
pub(super) use self::keyed::MISTAKES as KEYED;
pub(super) use self::read::MISTAKES as READ;
pub(super) use self::read_text::MISTAKES as READ_TEXT;
pub(super) use self::refund::MISTAKES as REFUND;
pub(super) use self::reply::MISTAKES as REPLY;
pub(super) use self::request::MISTAKES as REQUEST;
pub(super) use self::request_values::MISTAKES as REQUEST_VALUES;
pub(super) use self::resource::MISTAKES as RESOURCE;
pub(super) use self::resource_notify::MISTAKES as RESOURCE_NOTIFY;
pub(super) use self::v3_answer::MISTAKES as V3_ANSWER;
pub(super) use self::v3_clock::MISTAKES as V3_CLOCK;
pub(super) use self::v3_key::MISTAKES as V3_KEY;
pub(super) use self::v3_request::MISTAKES as V3_REQUEST;
pub(super) use self::write::MISTAKES as WRITE;
use crate::protocol::WECHATPAY_V2;
use crate::suite::answer::Answer;
use crate::vector::case::Ask;
use crate::vector::output::Output;

fn is_v2(ask: &Ask) -> bool {
    ask.protocol == WECHATPAY_V2.id
}

fn holding(content: impl Into<Vec<u8>>) -> Answer {
    Answer::value(content_of(content))
}

fn content_of(content: impl Into<Vec<u8>>) -> Output {
    Output { content: Some(content.into()), ..Output::default() }
}
