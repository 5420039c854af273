//! [`Fen`]: money as WeChat Pay writes it.

use std::fmt;
use std::str::FromStr;

use crate::protocol::mapi::{Amount, clip};

/// A whole number of fen: ASCII digits without a sign, a point or a zero in front.
///
/// Source: <https://pay.weixin.qq.com/doc/v2/merchant/4011986737>; the bound is that of [`Amount`], as none is documented.
///
/// ```
/// use alipay_conformance::protocol::wechatpay::Fen;
///
/// let fee: Fen = "100".parse()?;
/// assert_eq!(fee.amount(), "1.00".parse()?);
/// assert_eq!(
///     "1.00".parse::<Fen>().unwrap_err().to_string(),
///     "expected a whole number of fen, got \"1.00\""
/// );
/// assert!("01".parse::<Fen>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(Amount);

impl Fen {
    /// The amount.
    #[must_use]
    pub fn amount(self) -> Amount {
        self.0
    }
}

impl From<Amount> for Fen {
    fn from(amount: Amount) -> Self {
        Self(amount)
    }
}

impl FromStr for Fen {
    type Err = FenError;

    fn from_str(text: &str) -> Result<Self, FenError> {
        let is_written = text == "0"
            || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
        let fen = text.parse().ok().filter(|_| is_written).and_then(Amount::from_fen);
        fen.map(Self).ok_or_else(|| FenError { got: clip(text) })
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0.fen())
    }
}

/// Text that is no [`Fen`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a whole number of fen, got {got:?}")]
pub struct FenError {
    got: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_alone() {
        for text in ["0", "1", "100", "99999999999"] {
            let fen = text.parse::<Fen>().unwrap();
            assert_eq!(fen.to_string(), text);
            assert_eq!(Fen::from(fen.amount()), fen);
        }
        for text in
            ["", "00", "01", "+1", "-1", " 1", "1 ", "1.0", "1e2", "１", "100000000000", "1_0"]
        {
            assert!(text.parse::<Fen>().is_err(), "{text:?}");
        }
    }
}
