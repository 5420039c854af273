//! When a notification that was not answered with success is repeated, as far as anybody says.
//!
//! The sources disagree on every number. What a handler may rely on: at least once, with growing gaps, for about a day,
//! and with the same id in each repeat of one message. So handling must be idempotent, and no test should expect a
//! certain schedule.

/// One source's schedule, in seconds.
///
/// ```
/// use alipay_conformance::notification::retry::{ALIPAY, WECHAT_PAY};
///
/// assert!(ALIPAY.iter().all(|schedule| schedule.ends >= 24 * 60 * 60));
/// assert_eq!(WECHAT_PAY[0].gaps.iter().sum::<u32>(), WECHAT_PAY[0].ends);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Schedule {
    /// The seconds before each repeat, as far as the source lists them.
    pub gaps: &'static [u32],
    /// After how many seconds the repeats end, as the source states it.
    pub ends: u32,
    /// Who says so.
    pub source: &'static str,
}

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;

/// Alipay's schedules, by the sources that state one.
pub const ALIPAY: &[Schedule] = &[
    Schedule {
        gaps: &[4 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR],
        ends: 24 * HOUR + 22 * MINUTE,
        source: "copies of the open platform's page on asynchronous notification, where another copy has 2 minutes \
                 first, which alone makes its sum (https://www.cnblogs.com/zhangzhongxian/p/7200781.html)",
    },
    Schedule {
        gaps: &[2 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR],
        ends: 25 * HOUR,
        source: "https://docs.antom.com/ac/web/async",
    },
    Schedule {
        gaps: &[MINUTE, 3 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE],
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

/// WeChat Pay's schedules, by edition, the newest first; both versions have the same.
pub const WECHAT_PAY: &[Schedule] = &[
    Schedule {
        gaps: &[
            15,
            15,
            30,
            3 * MINUTE,
            10 * MINUTE,
            20 * MINUTE,
            30 * MINUTE,
            30 * MINUTE,
            30 * MINUTE,
            HOUR,
            3 * HOUR,
            3 * HOUR,
            3 * HOUR,
            6 * HOUR,
            6 * HOUR,
        ],
        ends: 24 * HOUR + 4 * MINUTE,
        source: "https://pay.weixin.qq.com/doc/v2/merchant/4011937248, \
                 https://pay.weixin.qq.com/doc/v3/merchant/4012791836",
    },
    Schedule {
        gaps: &[15, 15, 30, 3 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE, HOUR],
        ends: 3 * HOUR + 4 * MINUTE,
        source: "pages of 2016 to 2018 (https://www.cnblogs.com/freeliver54/p/7826372), which state no end",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_grow() {
        let mut schedules = ALIPAY.iter().chain(WECHAT_PAY);
        assert!(schedules.all(|schedule| schedule.gaps.is_sorted()));
    }

    #[test]
    fn the_sum_is_the_end_that_is_stated() {
        for schedule in WECHAT_PAY {
            assert_eq!(schedule.gaps.iter().sum::<u32>(), schedule.ends, "{}", schedule.source);
        }
    }
}
