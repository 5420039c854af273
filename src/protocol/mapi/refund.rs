//! The batch refund's lists: `detail_data` of the request, `result_details` of the notification, and `batch_no`.
//!
//! Source: the documentation of `refund_fastpay_by_platform_pwd`, in public copies.

use super::list::{self, ListError, Wrong};
use super::{Amount, Time, clip, length};

/// The most items that a batch may have.
pub const MAX_ITEMS: usize = 1_000;
/// The most bytes of an item's reason, a Chinese character counting two.
pub const MAX_REASON: usize = 256;

const SEPARATORS: [char; 4] = ['^', '|', '$', '#'];

/// One refund of a batch: an item of `detail_data`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundItem {
    /// The trade that was paid, by Alipay's number.
    pub trade_no: String,
    /// How much is paid back.
    pub amount: Amount,
    /// Why: at most [`MAX_REASON`] bytes without `^`, `|`, `$` and `#`, and not empty.
    pub reason: String,
}

/// Writes `detail_data`: `trade_no^amount^reason`, items joined by `#`.
///
/// # Errors
/// No item or more than [`MAX_ITEMS`], or one that would not be read back as it is.
///
/// ```
/// use alipay_conformance::protocol::mapi::refund::{RefundItem, detail_data};
///
/// let item = |trade_no: &str, reason: &str| RefundItem {
///     trade_no: trade_no.into(),
///     amount: "0.1".parse().unwrap(),
///     reason: reason.into(),
/// };
/// assert_eq!(
///     detail_data(&[item("2011011201037066", "协商退款"), item("2011011201037067", "缺货")])?,
///     "2011011201037066^0.10^协商退款#2011011201037067^0.10^缺货"
/// );
/// assert_eq!(
///     detail_data(&[item("2011011201037066", "50% off #1")]).unwrap_err().to_string(),
///     "item 1: expected a reason without ^, |, $ and #, got \"50% off #1\""
/// );
/// # Ok::<(), alipay_conformance::protocol::mapi::list::ListError>(())
/// ```
pub fn detail_data(items: &[RefundItem]) -> Result<String, ListError> {
    list::write(items, "#", MAX_ITEMS, |item| {
        let RefundItem { trade_no, amount, reason } = item;
        check_item(trade_no, reason)?;
        Ok(format!("{trade_no}^{amount}^{reason}"))
    })
}

/// Reads `detail_data`.
///
/// # Errors
/// More than [`MAX_ITEMS`] items, or one that is not `trade_no^amount^reason` within the limits.
///
/// ```
/// use alipay_conformance::protocol::mapi::refund::parse_detail_data;
///
/// let items = parse_detail_data("2011011201037066^5.00^协商退款")?;
/// assert_eq!(items[0].amount.fen(), 500);
/// assert_eq!(
///     parse_detail_data("2011011201037066^5.00").unwrap_err().to_string(),
///     "item 1: expected trade_no^amount^reason, got \"2011011201037066^5.00\""
/// );
/// # Ok::<(), alipay_conformance::protocol::mapi::list::ListError>(())
/// ```
pub fn parse_detail_data(text: &str) -> Result<Vec<RefundItem>, ListError> {
    list::read(text, '#', MAX_ITEMS, |item| {
        let [trade_no, amount, reason] = list::parts(item, "trade_no^amount^reason")?;
        let amount = list::amount(amount)?;
        check_item(trade_no, reason)?;
        Ok(RefundItem { trade_no: trade_no.into(), amount, reason: reason.into() })
    })
}

fn check_item(trade_no: &str, reason: &str) -> Result<(), Wrong> {
    const REASON: &str = "a reason without ^, |, $ and #";
    if trade_no.is_empty() || trade_no.contains(SEPARATORS) || length(trade_no) > 64 {
        let expected = "a trade_no of at most 64 bytes without ^, |, $ and #";
        return Err((expected, trade_no.into()));
    }
    if list::filled(reason, REASON)?.contains(SEPARATORS) {
        return Err((REASON, reason.into()));
    }
    if length(reason) > MAX_REASON {
        return Err((
            "a reason of at most 256 bytes, a Chinese character counting two",
            reason.into(),
        ));
    }
    Ok(())
}

/// Checks a `batch_no`: the day of the refund as eight digits, then 3 to 24 ASCII letters or digits, but not `000`.
///
/// # Errors
/// Another day, or a serial part that is too short, too long, `000`, or has other characters.
///
/// ```
/// use alipay_conformance::protocol::mapi::refund::check_batch_no;
///
/// let refund_date = "2016-05-27 09:26:32".parse()?;
/// check_batch_no("20160527RP201605260001101", refund_date)?;
/// assert_eq!(
///     check_batch_no("20160526001", refund_date).unwrap_err().to_string(),
///     "expected 20160527 and 3 to 24 letters or digits other than 000, got \"20160526001\""
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_batch_no(batch_no: &str, refund_date: Time) -> Result<(), BatchNoError> {
    let date = refund_date.date();
    let good = batch_no.strip_prefix(&date).is_some_and(|serial| {
        (3..=24).contains(&serial.len())
            && serial.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && serial != "000"
    });
    if good { Ok(()) } else { Err(BatchNoError { date, got: clip(batch_no) }) }
}

/// A `batch_no` that breaks its rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {}, got {got:?}", self.expected())]
pub struct BatchNoError {
    date: String,
    got: String,
}

impl BatchNoError {
    pub(super) fn expected(&self) -> String {
        format!("{} and 3 to 24 letters or digits other than 000", self.date)
    }
}

/// What became of one refund of a batch: an item of `result_details`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundResult<'a> {
    /// The trade that was paid, by Alipay's number.
    pub trade_no: &'a str,
    /// How much was to be paid back.
    pub amount: Amount,
    /// The amount as it is written.
    pub amount_text: &'a str,
    /// `SUCCESS`, or a code such as `TRADE_HAS_CLOSED`. New codes appear, so the list is open.
    pub result: &'a str,
    /// The service fee that was paid back as well.
    pub fee: Option<FeeResult<'a>>,
}

/// The service fee's part of a [`RefundResult`], after `$`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeResult<'a> {
    /// The account that got it back, by e-mail.
    pub account: &'a str,
    /// The same account by user id.
    pub user_id: &'a str,
    /// How much.
    pub amount: Amount,
    /// The amount as it is written.
    pub amount_text: &'a str,
    /// `SUCCESS` or a code.
    pub result: &'a str,
}

impl RefundResult<'_> {
    /// Whether the money went back: the result is exactly `SUCCESS`. The service fee has a result of its own.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.result == "SUCCESS"
    }
}

/// Reads `result_details`: `trade_no^amount^result`, perhaps `$account^user_id^amount^result`, joined by `#`.
///
/// No part may be empty.
///
/// # Errors
/// More than [`MAX_ITEMS`] items, or one with another number of parts or an amount that is none.
///
/// ```
/// use alipay_conformance::protocol::mapi::refund::parse_result_details;
///
/// let results = parse_result_details(
///     "2010031906272929^80^SUCCESS$seller@example.com^2088101003147483^0.01^SUCCESS",
/// )?;
/// assert!(results[0].succeeded());
/// assert_eq!(results[0].amount.fen(), 8_000);
/// assert_eq!(results[0].fee.map(|fee| fee.user_id), Some("2088101003147483"));
/// # Ok::<(), alipay_conformance::protocol::mapi::list::ListError>(())
/// ```
pub fn parse_result_details(text: &str) -> Result<Vec<RefundResult<'_>>, ListError> {
    list::read(text, '#', MAX_ITEMS, |item| {
        let (refund, fee) = match item.split_once('$') {
            Some((refund, fee)) => (refund, Some(read_fee(fee)?)),
            None => (item, None),
        };
        let [trade_no, amount_text, result] = list::parts(refund, "trade_no^amount^result")?;
        Ok(RefundResult {
            trade_no: list::filled(trade_no, "a trade_no")?,
            amount: list::amount(amount_text)?,
            amount_text,
            result: list::filled(result, "a result such as SUCCESS")?,
            fee,
        })
    })
}

fn read_fee(fee: &str) -> Result<FeeResult<'_>, Wrong> {
    const EXPECTED: &str = "account^user_id^amount^result after $";
    let [account, user_id, amount_text, result] = list::parts(fee, EXPECTED)?;
    if fee.contains('$') {
        return Err(("one part after $", fee.into()));
    }
    Ok(FeeResult {
        account: list::filled(account, "an account after $")?,
        user_id: list::filled(user_id, "a user_id after $")?,
        amount: list::amount(amount_text)?,
        amount_text,
        result: list::filled(result, "a result such as SUCCESS")?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message<T: std::fmt::Debug>(result: Result<T, ListError>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn detail_data_within_limits() {
        let item = "1^0.01^test";
        assert_eq!(parse_detail_data(item).unwrap().len(), 1);
        assert_eq!(parse_detail_data(&[item; 1_000].join("#")).unwrap().len(), 1_000);
        assert_eq!(
            message(parse_detail_data(&[item; 1_001].join("#"))),
            "1001 items: expected at most 1000"
        );
        assert_eq!(message(parse_detail_data("")), "no items: expected at least one");
        assert_eq!(message(detail_data(&[])), "no items: expected at least one");
        let items = parse_detail_data(&[item; 1_000].join("#")).unwrap();
        assert!(detail_data(&items).is_ok());
        assert_eq!(
            message(detail_data(&[items, parse_detail_data(item).unwrap()].concat())),
            "1001 items: expected at most 1000"
        );
        assert!(parse_detail_data(&format!("1^0.01^{}", "退".repeat(128))).is_ok());
        assert!(message(parse_detail_data(&format!("1^0.01^{}a", "退".repeat(128)))).starts_with(
            "item 1: expected a reason of at most 256 bytes, a Chinese character counting two"
        ));
        assert!(parse_detail_data(&format!("{}^0.01^a", "1".repeat(64))).is_ok());
        assert!(parse_detail_data(&format!("{}^0.01^a", "1".repeat(65))).is_err());
    }

    #[test]
    fn detail_data_item_by_item() {
        for (text, expected) in [
            ("1^0.01^a#", "item 2: expected trade_no^amount^reason, got \"\""),
            ("1^0.01^a^b", "item 1: expected trade_no^amount^reason, got \"1^0.01^a^b\""),
            ("1^0.01^", "item 1: expected a reason without ^, |, $ and #, got \"\""),
            ("1^0.01^a|b", "item 1: expected a reason without ^, |, $ and #, got \"a|b\""),
            ("1^0.01^a$b", "item 1: expected a reason without ^, |, $ and #, got \"a$b\""),
            (
                "^0.01^a",
                "item 1: expected a trade_no of at most 64 bytes without ^, |, $ and #, got \"\"",
            ),
            (
                "1^0.01^a#2^0.001^b",
                "item 2: expected an amount in yuan of at most nine digits and two decimals, got \"0.001\"",
            ),
        ] {
            assert_eq!(message(parse_detail_data(text)), expected);
        }
    }

    #[test]
    fn batch_no() {
        let date = "2015-01-01 00:00:00".parse().unwrap();
        let serial = |serial: &str| check_batch_no(&format!("20150101{serial}"), date).is_ok();
        for good in ["001", "0000", "abC", &"9".repeat(24)] {
            assert!(serial(good), "{good}");
        }
        for bad in ["", "01", "000", "a-1", "１23", "00 1", &"9".repeat(25)] {
            assert!(!serial(bad), "{bad}");
        }
        assert!(check_batch_no("123456789", date).is_err());
    }

    #[test]
    fn result_details() {
        let results =
            parse_result_details("1^0.10^SUCCESS#2^5^TRADE_HAS_CLOSED#3^1.0^a|b$a^2^0.01^X")
                .unwrap();
        let seen: Vec<_> = results
            .iter()
            .map(|result| (result.amount_text, result.succeeded(), result.fee.is_some()))
            .collect();
        assert_eq!(seen, [("0.10", true, false), ("5", false, false), ("1.0", false, true)]);
    }

    #[test]
    fn broken_result_details() {
        for (text, expected) in [
            ("", "no items: expected at least one"),
            ("1^0.10", "item 1: expected trade_no^amount^result, got \"1^0.10\""),
            ("1^0.10^SUCCESS#", "item 2: expected trade_no^amount^result, got \"\""),
            ("^0.10^SUCCESS", "item 1: expected a trade_no, got \"\""),
            ("1^0.10^", "item 1: expected a result such as SUCCESS, got \"\""),
            ("1^0.10^SUCCESS$^b^1^S", "item 1: expected an account after $, got \"\""),
            ("1^0.10^SUCCESS$a^^1^S", "item 1: expected a user_id after $, got \"\""),
            (
                "1^0.10^SUCCESS$a^b^1",
                "item 1: expected account^user_id^amount^result after $, got \"a^b^1\"",
            ),
            ("1^0.10^SUCCESS$", "item 1: expected account^user_id^amount^result after $, got \"\""),
            ("1^0.10^SUCCESS$a^b^1^", "item 1: expected a result such as SUCCESS, got \"\""),
            ("1^0.10^S$a^b$c^1^S", "item 1: expected one part after $, got \"a^b$c^1^S\""),
            (
                "1^-1^SUCCESS",
                "item 1: expected an amount in yuan of at most nine digits and two decimals, got \"-1\"",
            ),
        ] {
            assert_eq!(message(parse_result_details(text)), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            items in prop::collection::vec(
                ("[0-9]{1,28}", 0u64..10_000_000, "[^\\^|$#]{1,64}"), 1..8,
            ),
        ) {
            let items: Vec<_> = items
                .into_iter()
                .map(|(trade_no, fen, reason)| {
                    RefundItem { trade_no, amount: Amount::from_fen(fen).unwrap(), reason }
                })
                .collect();
            prop_assert_eq!(parse_detail_data(&detail_data(&items).unwrap()), Ok(items));
        }

        #[test]
        fn never_panics(text in "\\PC*|[0-9.^$#|S]{0,40}") {
            let _ = parse_detail_data(&text);
            let _ = parse_result_details(&text);
            let _ = check_batch_no(&text, "2015-01-01 00:00:00".parse().unwrap());
        }
    }
}
