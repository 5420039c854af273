//! Money as the gateway writes it: yuan in decimal text, held here as a whole number of fen.
//!
//! Amounts are compared as decimals, never as text and never as binary fractions: `0.1` and `0.10` are the same
//! amount, and `0.30` is what `0.10` and `0.20` make.

use std::fmt;
use std::str::FromStr;

use super::clip;

/// The greatest number that nine digits and two decimals can write, in fen.
const MAX_FEN: u64 = 99_999_999_999;

/// An amount of money that cannot be negative, exact to the fen.
///
/// Written as one to nine digits, and perhaps a point and one or two more: `0.01`, `10`, `100000000.00`. No sign,
/// no exponent, no separators, ASCII digits only. Source: money has at most two decimals in the request and
/// notification tables of instant payment (<https://www.cnblogs.com/suanshun/p/7357463.html>); the bound of nine
/// digits is that of the largest `total_fee`.
///
/// ```
/// use alipay_conformance::protocol::mapi::Amount;
///
/// let fee: Amount = "0.1".parse()?;
/// assert_eq!(fee.fen(), 10);
/// assert_eq!(fee, "0.10".parse()?);
/// assert_eq!(fee.to_string(), "0.10");
/// assert_eq!(
///     "1.234".parse::<Amount>().unwrap_err().to_string(),
///     "expected an amount in yuan of at most nine digits and two decimals, got \"1.234\""
/// );
/// # Ok::<(), alipay_conformance::protocol::mapi::AmountError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount {
    fen: u64,
}

impl Amount {
    /// The least `total_fee` of a request: 0.01.
    pub const LEAST_TOTAL_FEE: Self = Self { fen: 1 };
    /// The greatest `total_fee` of a request: 100000000.00 (one edition of the documents has 1000000.00).
    pub const GREATEST_TOTAL_FEE: Self = Self { fen: 10_000_000_000 };

    /// An amount of so many fen; nothing beyond nine digits of yuan.
    ///
    /// ```
    /// use alipay_conformance::protocol::mapi::Amount;
    ///
    /// assert_eq!(Amount::from_fen(1).map(|amount| amount.to_string()).as_deref(), Some("0.01"));
    /// assert_eq!(Amount::from_fen(100_000_000_000), None);
    /// ```
    #[must_use]
    pub fn from_fen(fen: u64) -> Option<Self> {
        (fen <= MAX_FEN).then_some(Self { fen })
    }

    /// The amount in fen.
    #[must_use]
    pub fn fen(self) -> u64 {
        self.fen
    }

    /// The sum; nothing beyond nine digits of yuan.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::from_fen(self.fen.checked_add(other.fen)?)
    }

    /// The amount so many times, as `price` × `quantity`; nothing beyond nine digits of yuan.
    #[must_use]
    pub fn checked_mul(self, count: u64) -> Option<Self> {
        Self::from_fen(self.fen.checked_mul(count)?)
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        parse_fen(text)
            .map(|fen| Self { fen })
            .ok_or_else(|| AmountError { discount: false, got: clip(text) })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{:02}", self.fen / 100, self.fen % 100)
    }
}

/// What is added to an amount: negative for a reduction.
///
/// Written as an [`Amount`], perhaps with `-` before it: `-5`, `0.00`. Source: the official sample notification has
/// `discount=-5`, and the parameter's description says that it is added.
///
/// ```
/// use alipay_conformance::protocol::mapi::Discount;
///
/// let discount: Discount = "-5".parse()?;
/// assert_eq!(discount.fen(), -500);
/// assert_eq!(discount.to_string(), "-5.00");
/// # Ok::<(), alipay_conformance::protocol::mapi::AmountError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Discount {
    fen: i64,
}

impl Discount {
    /// The discount in fen.
    #[must_use]
    pub fn fen(self) -> i64 {
        self.fen
    }
}

impl FromStr for Discount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        parse_fen(digits)
            .and_then(|fen| i64::try_from(fen).ok())
            .map(|fen| Self { fen: sign * fen })
            .ok_or_else(|| AmountError { discount: true, got: clip(text) })
    }
}

impl fmt::Display for Discount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.fen < 0 { "-" } else { "" };
        write!(formatter, "{sign}{}", Amount { fen: self.fen.unsigned_abs() })
    }
}

/// Text that is no amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected an amount in yuan of at most nine digits and two decimals{}, got {got:?}",
    if *discount { ", perhaps negative" } else { "" }
)]
pub struct AmountError {
    discount: bool,
    got: String,
}

fn parse_fen(text: &str) -> Option<u64> {
    let (yuan, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let fen = match fraction.len() {
        1 => digits(fraction, 1)? * 10,
        _ => digits(fraction, 2)?,
    };
    Some(digits(yuan, 9)? * 100 + fen)
}

/// `u64::from_str` alone would take `+5`.
fn digits(text: &str, longest: usize) -> Option<u64> {
    let good = text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_digit());
    good.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_grammar() {
        for (text, fen) in [
            ("0", 0),
            ("0.0", 0),
            ("0.1", 10),
            ("0.10", 10),
            ("0.01", 1),
            ("007.5", 750),
            ("100000000.00", 10_000_000_000),
            ("999999999.99", MAX_FEN),
        ] {
            assert_eq!(text.parse::<Amount>().map(Amount::fen), Ok(fen), "{text}");
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1.234",
            "-1",
            "+1",
            " 1",
            "1 ",
            "1,0",
            "1e2",
            "1000000000",
            "１",
            "1.２",
            "0x1",
            "1.0.0",
            "--1",
            "NaN",
            "1.-1",
            "1.+1",
        ] {
            assert!(text.parse::<Amount>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn only_a_discount_is_negative() {
        assert_eq!("-0.05".parse::<Discount>().unwrap().fen(), -5);
        assert_eq!("-0.05".parse::<Discount>().unwrap().to_string(), "-0.05");
        assert_eq!("-0".parse::<Discount>().unwrap().to_string(), "0.00");
        assert_eq!(
            "--1".parse::<Discount>().unwrap_err().to_string(),
            "expected an amount in yuan of at most nine digits and two decimals, perhaps negative, got \"--1\""
        );
    }

    #[test]
    fn arithmetic_stays_in_bounds() {
        let most = Amount::from_fen(MAX_FEN).unwrap();
        assert_eq!(most.checked_add(Amount::LEAST_TOTAL_FEE), None);
        assert_eq!(most.checked_mul(u64::MAX), None);
        assert_eq!(Amount::LEAST_TOTAL_FEE.checked_mul(3), Amount::from_fen(3));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fen in 0..=MAX_FEN) {
            let amount = Amount::from_fen(fen).unwrap();
            prop_assert_eq!(amount.to_string().parse::<Amount>(), Ok(amount));
            let reduction = format!("-{amount}").parse::<Discount>().unwrap();
            prop_assert_eq!(reduction.fen(), -i64::try_from(fen).unwrap());
            prop_assert_eq!(reduction.to_string().parse::<Discount>(), Ok(reduction));
        }

        #[test]
        fn never_panics(text in "\\PC*|[-+]?[0-9]{0,11}[.]?[0-9]{0,3}") {
            let _ = text.parse::<Amount>();
            let _ = text.parse::<Discount>();
        }
    }
}
