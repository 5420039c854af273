//! The catalogue, a file an area.

mod compare;
mod digest;
mod filter;
mod gateway_check;
mod key;
mod notify_semantics;
mod request;
mod rsa;
mod shared;
mod sort;

use super::Mistake;

/// In the order in which a message meets them.
pub(super) const AREAS: &[&[Mistake]] = &[
    filter::MISTAKES,
    sort::MISTAKES,
    key::MISTAKES,
    digest::MISTAKES,
    rsa::MISTAKES,
    compare::MISTAKES,
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
];
