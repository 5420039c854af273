//! The catalogue, by area; the larger areas have several files.

mod altered;
mod certificate;
mod certificate_root;
mod certificate_trust;
mod charset;
mod charset_sent;
mod compare;
mod content;
mod digest;
mod encode;
mod encode_form;
mod encode_read;
mod encode_wire;
mod filter;
mod filter_foreign;
mod filter_value;
mod gateway_check;
mod headers;
mod join;
mod join_key;
mod key;
mod mobile;
mod mobile_read;
mod mobile_write;
mod notify_semantics;
mod openapi;
mod parse;
mod parse_typed;
mod replies;
mod replies_cut;
mod request;
mod rsa;
mod shared;
mod sort;
mod wap;
mod wap_xml;
mod wechat;

use super::Mistake;

/// In the order in which a message meets them.
pub(super) const AREAS: &[&[Mistake]] = &[
    parse::MISTAKES,
    parse_typed::MISTAKES,
    replies_cut::MISTAKES,
    replies::MISTAKES,
    encode_read::MISTAKES,
    encode::MISTAKES,
    encode_wire::MISTAKES,
    encode_form::MISTAKES,
    charset::MISTAKES,
    charset_sent::MISTAKES,
    filter_value::MISTAKES,
    filter::MISTAKES,
    filter_foreign::MISTAKES,
    sort::MISTAKES,
    join::MISTAKES,
    join_key::MISTAKES,
    key::MISTAKES,
    digest::MISTAKES,
    rsa::MISTAKES,
    compare::MISTAKES,
    headers::LINES,
    headers::BODY,
    headers::ITEMS,
    headers::CARRIER,
    headers::WRITTEN,
    wechat::V3_REQUEST,
    wechat::V3_ANSWER,
    wechat::V3_KEY,
    wechat::V3_CLOCK,
    certificate::MISTAKES,
    certificate_root::MISTAKES,
    certificate_trust::MISTAKES,
    content::MISTAKES,
    wechat::CLIENT_V3,
    wechat::RESOURCE,
    wechat::RESOURCE_NOTIFY,
    wechat::FIELD,
    mobile::MISTAKES,
    wap::MISTAKES,
    wechat::READ,
    wechat::READ_TEXT,
    wechat::DOCTYPE,
    wechat::KEYED,
    wechat::WRITE,
    wechat::CLIENT,
    wechat::REFUND,
    wechat::REQUEST,
    wechat::REQUEST_VALUES,
    request::PRESENCE,
    request::LENGTHS,
    request::AMOUNTS,
    request::FORMATS,
    request::TIMEOUT,
    request::LOGISTICS,
    request::ROYALTY,
    request::REFUND,
    gateway_check::MISTAKES,
    notify_semantics::FACTS,
    notify_semantics::PARTIES,
    notify_semantics::PROGRESS,
    notify_semantics::REPEATS,
    notify_semantics::ACKNOWLEDGEMENT,
    notify_semantics::REFUND_RESULTS,
    openapi::REQUEST,
    openapi::VERIFY,
    openapi::DECISION,
    wechat::DECISION,
    wechat::AMOUNT,
    wechat::REPLY,
];
