//! [`Time`]: `yyyy-MM-dd HH:mm:ss` in China time, the only form in which the gateway writes a moment.

use std::fmt;
use std::str::FromStr;

use super::clip;

/// A moment in China time (UTC+8), to the second, as `yyyy-MM-dd HH:mm:ss`.
///
/// Only real days of the calendar and hours from 00 to 23 are one. Earlier compares as less. Source: `refund_date`
/// of the batch refund and the times of notifications; some documents misprint `hh` for `HH`.
///
/// ```
/// use alipay_conformance::protocol::mapi::Time;
///
/// let time: Time = "2016-05-27 09:26:32".parse()?;
/// assert_eq!(time.date(), "20160527");
/// assert_eq!(time.to_string(), "2016-05-27 09:26:32");
/// assert_eq!(
///     "2015-02-29 00:00:00".parse::<Time>().unwrap_err().to_string(),
///     "expected a time as yyyy-MM-dd HH:mm:ss, got \"2015-02-29 00:00:00\""
/// );
/// # Ok::<(), alipay_conformance::protocol::mapi::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    year: u16,
    month: u16,
    day: u16,
    hour: u16,
    minute: u16,
    second: u16,
}

impl Time {
    /// The day as eight digits, as it begins a `batch_no`.
    #[must_use]
    pub fn date(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// The moment that is written `yyyyMMddHHmmss`, as WeChat Pay does.
    ///
    /// ```
    /// use alipay_conformance::protocol::mapi::Time;
    ///
    /// let time = Time::from_compact("20091225091010").ok_or("none")?;
    /// assert_eq!(time.to_string(), "2009-12-25 09:10:10");
    /// assert_eq!(Time::from_compact("2009122509101"), None);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn from_compact(text: &str) -> Option<Self> {
        let part = |range: std::ops::Range<usize>| text.get(range);
        let (date, time) =
            ([part(0..4)?, part(4..6)?, part(6..8)?], [part(8..10)?, part(10..12)?, part(12..14)?]);
        let rest = text.get(14..)?;
        parse(&format!("{} {}{rest}", date.join("-"), time.join(":")))
    }
}

impl FromStr for Time {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        parse(text).ok_or_else(|| TimeError { got: clip(text) })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        write!(formatter, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

/// Text that is no [`Time`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a time as yyyy-MM-dd HH:mm:ss, got {got:?}")]
pub struct TimeError {
    got: String,
}

fn parse(text: &str) -> Option<Time> {
    let shaped = text.len() == 19
        && text.bytes().zip(b"0000-00-00 00:00:00").all(|(byte, model)| match model {
            b'0' => byte.is_ascii_digit(),
            _ => byte == *model,
        });
    if !shaped {
        return None;
    }
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u16>().ok();
    let time = Time {
        year: number(0..4)?,
        month: number(5..7)?,
        day: number(8..10)?,
        hour: number(11..13)?,
        minute: number(14..16)?,
        second: number(17..19)?,
    };
    let real = time.year > 0
        && (1..=days(time.year, time.month)).contains(&time.day)
        && time.hour < 24
        && time.minute < 60
        && time.second < 60;
    real.then_some(time)
}

fn days(year: u16, month: u16) -> u16 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn real_moments_only() {
        for text in ["2015-01-01 00:00:00", "2016-02-29 23:59:59", "2000-02-29 00:00:00"] {
            assert_eq!(text.parse::<Time>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2015-01-01",
            "2015-1-1 0:0:0",
            "2015-01-01T00:00:00",
            "2015-01-01 00:00:00 ",
            "2015-13-01 00:00:00",
            "2015-00-01 00:00:00",
            "0000-01-01 00:00:00",
            "2015-04-31 00:00:00",
            "1900-02-29 00:00:00",
            "2015-01-00 00:00:00",
            "2015-01-01 24:00:00",
            "2015-01-01 00:60:00",
            "2015-01-01 00:00:60",
            "２015-01-01 00:00:0",
        ] {
            assert!(text.parse::<Time>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn earlier_is_less() {
        let time = |text: &str| text.parse::<Time>().unwrap();
        assert!(time("2015-12-31 23:59:59") < time("2016-01-01 00:00:00"));
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC*|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}") {
            if let Ok(time) = text.parse::<Time>() {
                prop_assert_eq!(time.to_string(), text);
            }
        }
    }
}
