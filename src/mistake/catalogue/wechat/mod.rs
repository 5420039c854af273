//! WeChat Pay.

mod client;
pub(super) mod decision;
mod refund;
mod reply;
mod request;

pub(super) use self::client::MISTAKES as CLIENT;
pub(super) use self::decision::MISTAKES as DECISION;
pub(super) use self::refund::MISTAKES as REFUND;
pub(super) use self::reply::MISTAKES as REPLY;
pub(super) use self::request::MISTAKES as REQUEST;
