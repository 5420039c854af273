//! A message's timestamp and the clock.

use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::wechatpay::window::{TOLERANCE, WindowError, window};
use crate::suite::answer::Answer;
use crate::vector::reason::Reason;

const FIVE_MINUTES: Text = Text {
    en: "refuse a message whose Wechatpay-Timestamp is more than 300 seconds from now, to either side",
    zh: "Wechatpay-Timestamp 与当前时间相差（无论早晚）超过 300 秒即拒绝",
};
const NUMBER: Text = Text {
    en: "refuse a timestamp that is no number of seconds",
    zh: "时间戳不是秒数即拒绝",
};

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "replay-timestamp-ignored",
        area: Area::Headers,
        severity: Severity::Forgery,
        what: Text {
            en: "WeChat v3: the signed timestamp is not compared with the clock",
            zh: "微信 v3：没有把已签名的时间戳与时钟比较",
        },
        fix: FIVE_MINUTES,
        sources: &[
            "https://github.com/yansongda/pay/pull/1168",
            "https://github.com/wechatpay-apiv3/wechatpay-java/issues/324",
        ],
        twin: Twin::Verifying(|stages| stages.window = |_, _| Ok(())),
    },
    Mistake {
        id: "replay-timestamp-one-sided",
        area: Area::Headers,
        severity: Severity::Info,
        what: Text {
            en: "WeChat v3: only old timestamps are refused, and those ahead are accepted",
            zh: "微信 v3：只拒绝过旧的时间戳，接受超前的",
        },
        fix: FIVE_MINUTES,
        sources: &["https://github.com/w7corp/easywechat"],
        twin: Twin::Verifying(|stages| {
            stages.window = |time, now| match number(time) {
                Some(seconds) if seconds > now => Ok(()),
                _ => window(time, now),
            };
        }),
    },
    Mistake {
        id: "replay-timestamp-ahead-refused",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: a timestamp ahead of the own clock is refused, though clocks differ",
            zh: "微信 v3：时间戳稍早于自己的时钟之后即拒绝，而各方时钟总有偏差",
        },
        fix: FIVE_MINUTES,
        sources: &["derived from the rule"],
        twin: Twin::Verifying(|stages| {
            stages.window = |time, now| match number(time) {
                Some(seconds) if seconds > now => {
                    Err(WindowError::Outside { seconds: seconds - now })
                }
                _ => window(time, now),
            };
        }),
    },
    Mistake {
        id: "replay-timestamp-milliseconds",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "WeChat v3: the timestamp is compared with a clock that counts milliseconds",
            zh: "微信 v3：时间戳与以毫秒计的时钟比较",
        },
        fix: Text { en: "count seconds on both sides", zh: "两边都以秒计" },
        sources: &["derived from the rule"],
        twin: Twin::Verifying(|stages| {
            stages.window = |time, now| window(time, now.saturating_mul(1000));
        }),
    },
    Mistake {
        id: "replay-timestamp-milliseconds-accepted",
        area: Area::Headers,
        severity: Severity::Info,
        what: Text {
            en: "WeChat v3: of a timestamp only the first ten digits are read",
            zh: "微信 v3：只读取时间戳的前十位",
        },
        fix: NUMBER,
        sources: &["derived from the rule"],
        twin: Twin::Verifying(|stages| {
            stages.window = |time, now| window(time.get(..10).unwrap_or(time), now);
        }),
    },
    Mistake {
        id: "replay-timestamp-whole-minutes",
        area: Area::Headers,
        severity: Severity::Info,
        what: Text {
            en: "WeChat v3: the distance is counted in whole minutes, so that almost six pass for five",
            zh: "微信 v3：按整分钟计算差值，近六分钟也算五分钟",
        },
        fix: FIVE_MINUTES,
        sources: &["derived from the rule"],
        twin: Twin::Verifying(|stages| {
            stages.window = |time, now| match window(time, now) {
                Err(WindowError::Outside { seconds }) if seconds / 60 <= TOLERANCE / 60 => Ok(()),
                verdict => verdict,
            };
        }),
    },
    Mistake {
        id: "replay-timestamp-optional",
        area: Area::Headers,
        severity: Severity::Info,
        what: Text {
            en: "WeChat v3: a timestamp that is no number, or counts as none, is not compared with the clock",
            zh: "微信 v3：时间戳不是数字或被视为空时不与时钟比较",
        },
        fix: NUMBER,
        sources: &["https://github.com/own-pay/OwnPay/issues/140"],
        twin: Twin::Verifying(|stages| {
            stages.window = |time, now| match number(time) {
                Some(0) | None => Ok(()),
                _ => window(time, now),
            };
        }),
    },
    Mistake {
        id: "replay-test-with-old-capture",
        area: Area::Headers,
        severity: Severity::Info,
        what: Text {
            en: "WeChat v3: a message that is only too old is reported as one with a wrong signature",
            zh: "微信 v3：仅仅过期的消息被报告为签名错误",
        },
        fix: Text {
            en: "report an old message as old", zh: "把过期与签名错误分开报告"
        },
        sources: &["https://github.com/wechatpay-apiv3/wechatpay-go/issues/203"],
        twin: Twin::Around(|inner, ask| match inner.perform(ask) {
            Answer::Reject(mut rejection) if rejection.reason == Some(Reason::StaleTimestamp) => {
                rejection.reason = Some(Reason::SignatureMismatch);
                Answer::Reject(rejection)
            }
            answer => answer,
        }),
    },
];

fn number(time: &[u8]) -> Option<u64> {
    std::str::from_utf8(time).ok()?.parse().ok()
}
