//! How old a message may be. The clock is the caller's.

/// A message may be signed so many seconds from now, to either side
/// (<https://pay.weixin.qq.com/doc/v3/merchant/4013053249>).
///
/// The documents do not say of which side the edge is; here it is inside.
pub const TOLERANCE: u64 = 300;

/// Why a message is not taken for a fresh one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// What stands there for the time is none.
    #[error("the time of the signature is no number of seconds: expected digits alone")]
    NotSeconds,
    /// The message is too old, or from the future.
    #[error("signed {seconds} seconds from now: at most {TOLERANCE} are accepted")]
    Outside {
        /// How far from now.
        seconds: u64,
    },
}

/// The stage that compares the time of the signature with now, both in seconds since 1970.
///
/// ```
/// use alipay_conformance::protocol::wechatpay::window::{WindowError, window};
///
/// assert_eq!(window(b"1722850421", 1722850721), Ok(()));
/// assert_eq!(window(b"1722850421", 1722850722), Err(WindowError::Outside { seconds: 301 }));
/// assert_eq!(window(b"1722850722", 1722850421), Err(WindowError::Outside { seconds: 301 }));
/// assert_eq!(window(b"2024-08-05", 1722850421), Err(WindowError::NotSeconds));
/// ```
///
/// # Errors
/// The time is no number of seconds, or outside the window.
pub fn window(time: &[u8], now: u64) -> Result<(), WindowError> {
    let seconds = seconds(time).ok_or(WindowError::NotSeconds)?.abs_diff(now);
    if seconds > TOLERANCE { Err(WindowError::Outside { seconds }) } else { Ok(()) }
}

/// The number that digits write; the largest there is where they write a larger one.
fn seconds(time: &[u8]) -> Option<u64> {
    let is_number = !time.is_empty() && time.iter().all(u8::is_ascii_digit);
    let number =
        |sum: u64, digit: &u8| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
    is_number.then(|| time.iter().fold(0, number))
}
