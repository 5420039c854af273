//! What a message means for the order.

mod acknowledgement;
mod facts;
mod parties;
mod progress;
mod refund_results;
mod repeats;

pub(super) use self::acknowledgement::MISTAKES as ACKNOWLEDGEMENT;
pub(super) use self::facts::MISTAKES as FACTS;
pub(super) use self::parties::MISTAKES as PARTIES;
pub(super) use self::progress::MISTAKES as PROGRESS;
pub(super) use self::refund_results::MISTAKES as REFUND_RESULTS;
pub(super) use self::repeats::MISTAKES as REPEATS;
use crate::notification::{CHECKS, Facts, Order, Why};

fn differs(why: Why, same: bool) -> Option<Why> {
    (!same).then_some(why)
}

fn progress(facts: &Facts<'_>, order: &Order) -> Why {
    (CHECKS.progress)(facts, order)
}

fn says(facts: &Facts<'_>, status: &str) -> bool {
    facts.trade_status == Some(status)
}
