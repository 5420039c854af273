//! When the gateway repeats a notify that was not answered with [`SUCCESS`](super::SUCCESS), as far as anybody says.
//!
//! The sources disagree on every number. What a handler may rely on: at least once, with growing gaps, for about a day,
//! and with the same notify_id in each repeat of one message. So handling must be idempotent, and no test should expect
//! a certain schedule.

/// One source's schedule, in minutes.
///
/// ```
/// use alipay_conformance::notification::retry::SCHEDULES;
///
/// assert!(SCHEDULES.iter().all(|schedule| schedule.ends >= 24 * 60));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Schedule {
    /// The minutes before each repeat, as far as the source lists them.
    pub gaps: &'static [u32],
    /// After how many minutes the repeats end, as the source states it.
    pub ends: u32,
    /// Who says so.
    pub source: &'static str,
}

const HOUR: u32 = 60;

/// The schedules of the sources that state one.
pub const SCHEDULES: &[Schedule] = &[
    Schedule {
        gaps: &[4, 10, 10, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR],
        ends: 24 * HOUR + 22,
        source: "copies of the open platform's page on asynchronous notification, where another copy has 2 minutes \
                 first, which alone makes its sum (https://www.cnblogs.com/zhangzhongxian/p/7200781.html)",
    },
    Schedule {
        gaps: &[2, 10, 10, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR],
        ends: 25 * HOUR,
        source: "https://docs.antom.com/ac/web/async",
    },
    Schedule {
        gaps: &[1, 3, 5, 10, 15],
        ends: 24 * HOUR,
        source: "https://www.cnblogs.com/LiZhongZhongY/p/11170485.html, which lists only the first",
    },
    Schedule {
        gaps: &[],
        ends: 24 * HOUR,
        source: "comments of the official PHP and Java demos: by a certain strategy",
    },
    Schedule {
        gaps: &[],
        ends: 48 * HOUR,
        source: "an integration article on instant payment: from minutes to hours",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_grow() {
        assert!(SCHEDULES.iter().all(|schedule| schedule.gaps.is_sorted()));
    }
}
