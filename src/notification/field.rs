//! [`Field`]: a field of a notification, with its text and what the text means.

use std::str::FromStr;

use serde::{Deserialize, Deserializer};

/// A field of a notification: the text as it came, and its value where the text is one.
///
/// A message that verified is not lost because the gateway added a status or wrote a number in a new way: its text is
/// always there, and the business checks refuse what has no value.
///
/// ```
/// use alipay_conformance::notification::{Field, TradeStatus};
///
/// let known: Field<TradeStatus> = Field::new("TRADE_SUCCESS");
/// assert_eq!(known.value(), Some(&TradeStatus::TradeSuccess));
///
/// let unknown: Field<TradeStatus> = Field::new("TRADE_PARKED");
/// assert_eq!((unknown.text(), unknown.value()), ("TRADE_PARKED", None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<T> {
    text: String,
    value: Option<T>,
}

impl<T> Field<T> {
    /// The field of a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self
    where
        T: FromStr,
    {
        let text = text.into();
        let value = text.parse().ok();
        Self { text, value }
    }

    /// The text as it came.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the text means; nothing where it means nothing known.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// A field that is `Y` or `N`: `use_coupon`, `is_total_fee_adjust`.
///
/// ```
/// use alipay_conformance::notification::YesNo;
///
/// assert_eq!("Y".parse(), Ok(YesNo::Yes));
/// assert!("T".parse::<YesNo>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum YesNo {
    /// `Y`
    Yes,
    /// `N`
    No,
}

impl FromStr for YesNo {
    type Err = UnknownYesNo;

    fn from_str(text: &str) -> Result<Self, UnknownYesNo> {
        match text {
            "Y" => Ok(Self::Yes),
            "N" => Ok(Self::No),
            _ => Err(UnknownYesNo),
        }
    }
}

/// Text that is neither `Y` nor `N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected Y or N")]
pub struct UnknownYesNo;
