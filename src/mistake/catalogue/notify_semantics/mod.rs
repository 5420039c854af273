//! What a message means for the order.

mod acknowledgement;
mod facts;
mod progress;
mod refund_results;

pub(super) use self::acknowledgement::MISTAKES as ACKNOWLEDGEMENT;
pub(super) use self::facts::MISTAKES as FACTS;
pub(super) use self::progress::MISTAKES as PROGRESS;
pub(super) use self::refund_results::MISTAKES as REFUND_RESULTS;
