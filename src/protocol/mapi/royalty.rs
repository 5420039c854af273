//! `royalty_parameters`: what the seller pays on to third parties.
//!
//! Source: the request table of instant payment (<https://www.cnblogs.com/suanshun/p/7357463.html>); the form with a
//! payer is in older editions only.

use super::Amount;
use super::list::{self, ListError, Wrong};

/// The most items of `royalty_parameters`.
pub const MAX_ITEMS: usize = 10;

const SEPARATORS: [char; 2] = ['^', '|'];

/// One share: an item of `royalty_parameters`.
///
/// An account is an e-mail address, or a user id after `uid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share<'a> {
    /// Who pays it, where that is not the seller: a payee may pay on.
    pub payer: Option<&'a str>,
    /// Who gets it.
    pub payee: &'a str,
    /// How much.
    pub amount: Amount,
    /// A note; it may be empty.
    pub memo: &'a str,
}

/// Reads `royalty_parameters`: `payee^amount^memo` or `payer^payee^amount^memo`, joined by `|`.
///
/// # Errors
/// More than [`MAX_ITEMS`] items, or one that is written otherwise.
///
/// ```
/// use alipay_conformance::protocol::mapi::royalty::{parse, total};
///
/// let shares = parse("a@example.com^0.10^first|a@example.com^uid2088002007018916^0.05^on")?;
/// assert_eq!(shares[1].payer, Some("a@example.com"));
/// assert_eq!(total(&shares), "0.15".parse().ok());
/// # Ok::<(), alipay_conformance::protocol::mapi::list::ListError>(())
/// ```
pub fn parse(text: &str) -> Result<Vec<Share<'_>>, ListError> {
    list::read(text, '|', MAX_ITEMS, read_share)
}

/// Writes `royalty_parameters`.
///
/// # Errors
/// No item or more than [`MAX_ITEMS`], an account that is empty, or a separator inside a part.
///
/// ```
/// use alipay_conformance::protocol::mapi::royalty::{parse, write};
///
/// let text = "a@example.com^0.10^first|b@example.com^0.05^";
/// assert_eq!(write(&parse(text)?)?, text);
/// # Ok::<(), alipay_conformance::protocol::mapi::list::ListError>(())
/// ```
pub fn write(shares: &[Share<'_>]) -> Result<String, ListError> {
    list::write(shares, "|", MAX_ITEMS, |share| {
        let Share { payer, payee, amount, memo } = *share;
        account(payee)?;
        if memo.contains(SEPARATORS) {
            return Err(("a memo without ^ and |", memo.into()));
        }
        let payer = match payer {
            Some(payer) => format!("{}^", account(payer)?),
            None => String::new(),
        };
        Ok(format!("{payer}{payee}^{amount}^{memo}"))
    })
}

/// The sum of all shares; it may not exceed the trade's amount. Nothing where it exceeds every amount.
#[must_use]
pub fn total(shares: &[Share<'_>]) -> Option<Amount> {
    shares.iter().try_fold(Amount::default(), |sum, share| sum.checked_add(share.amount))
}

fn read_share(item: &str) -> Result<Share<'_>, Wrong> {
    const EXPECTED: &str = "payee^amount^memo or payer^payee^amount^memo";
    let (payer, [payee, amount, memo]) = match list::parts(item, EXPECTED) {
        Ok(parts) => (None, parts),
        Err(_) => {
            let [payer, payee, amount, memo] = list::parts(item, EXPECTED)?;
            (Some(account(payer)?), [payee, amount, memo])
        }
    };
    Ok(Share { payer, payee: account(payee)?, amount: list::amount(amount)?, memo })
}

fn account(text: &str) -> Result<&str, Wrong> {
    const EXPECTED: &str = "an account without ^ and |";
    if text.contains(SEPARATORS) {
        Err((EXPECTED, text.into()))
    } else {
        list::filled(text, EXPECTED)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn limits() {
        let item = "a^0.01^";
        assert_eq!(parse(&[item; 10].join("|")).unwrap().len(), 10);
        assert_eq!(
            parse(&[item; 11].join("|")).unwrap_err().to_string(),
            "11 items: expected at most 10"
        );
    }

    #[test]
    fn broken_items() {
        for (text, expected) in [
            ("", "no items: expected at least one"),
            ("a^1", "item 1: expected payee^amount^memo or payer^payee^amount^memo, got \"a^1\""),
            (
                "a^b^1^m^n",
                "item 1: expected payee^amount^memo or payer^payee^amount^memo, got \"a^b^1^m^n\"",
            ),
            ("a^1^m|^1^m", "item 2: expected an account without ^ and |, got \"\""),
            ("^b^1^m", "item 1: expected an account without ^ and |, got \"\""),
            (
                "a^b^m",
                "item 1: expected an amount in yuan of at most nine digits and two decimals, got \"b\"",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_would_not_be_read_back_is_not_written() {
        let share = Share { payer: None, payee: "a", amount: Amount::LEAST_TOTAL_FEE, memo: "m" };
        assert_eq!(write(&[share]).unwrap(), "a^0.01^m");
        assert_eq!(
            write(&[Share { memo: "m|n", ..share }]).unwrap_err().to_string(),
            "item 1: expected a memo without ^ and |, got \"m|n\""
        );
        assert!(write(&[Share { payer: Some(""), ..share }]).is_err());
        assert!(write(&[]).is_err());
    }

    #[test]
    fn the_sum_may_exceed_every_amount() {
        let amount = "999999999.99".parse().unwrap();
        let share = Share { payer: None, payee: "a", amount, memo: "" };
        assert_eq!(total(&[share]), Some(amount));
        assert_eq!(total(&[share, share]), None);
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_back(text in "\\PC*|([a-z@]{1,3}\\^){1,2}[0-9]{1,2}\\.[0-9]{2}\\^[a-z]?") {
            if let Ok(shares) = parse(&text) {
                let written = write(&shares).unwrap();
                prop_assert_eq!(parse(&written), Ok(shares));
            }
        }
    }
}
