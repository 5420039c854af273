//! WeChat Pay.

pub(super) mod amount;
mod client;
mod decision;
mod refund;
mod reply;
mod request;
mod request_values;

pub(super) use self::amount::MISTAKES as AMOUNT;
pub(super) use self::client::MISTAKES as CLIENT;
pub(super) use self::decision::MISTAKES as DECISION;
pub(super) use self::refund::MISTAKES as REFUND;
pub(super) use self::reply::MISTAKES as REPLY;
pub(super) use self::request::MISTAKES as REQUEST;
pub(super) use self::request_values::MISTAKES as REQUEST_VALUES;
