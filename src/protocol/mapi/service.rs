//! What a service's table can say: which parameters must be there, which go together, and how each is written.
//!
//! A [`Service`] is data. [`check_request`](super::check_request) reads it; nothing else knows what a service wants. The
//! interfaces of WeChat Pay have such tables too: [`wechatpay::request`](crate::protocol::wechatpay::request).

use std::fmt;

use super::services;

/// A service of the gateway, as the `service` parameter names it, with the rules of its request.
///
/// Parameters that the table does not name are allowed: the gateway keeps adding some.
///
/// ```
/// use alipay_conformance::protocol::mapi::service::Service;
///
/// let service = Service::named("create_direct_pay_by_user").ok_or("unknown")?;
/// assert!(service.required.contains(&"subject"));
/// assert_eq!(Service::named("Create_Direct_Pay_By_User"), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Service {
    /// The name, case-sensitive.
    pub name: &'static str,
    /// Parameters that must always be there.
    pub required: &'static [&'static str],
    /// Which parameters are there depending on others.
    pub presence: &'static [Presence],
    /// How values are written, in tables that services share.
    pub parameters: &'static [&'static [Parameter]],
    /// What values must agree on with each other.
    pub agreements: &'static [Agreement],
    /// How lengths are counted.
    pub length: Length,
}

/// How the lengths of values are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Length {
    /// In bytes of GBK: an ASCII character counts one, any other two.
    Gbk,
    /// In bytes of UTF-8.
    Utf8,
}

impl Length {
    pub(super) fn of(self, text: &str) -> usize {
        match self {
            Self::Gbk => super::length(text),
            Self::Utf8 => text.len(),
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Gbk => "bytes, a Chinese character counting two",
            Self::Utf8 => "bytes of UTF-8",
        })
    }
}

impl Service {
    /// All services of the legacy gateway whose requests can be checked.
    pub const ALL: &'static [Service] = services::ALL;

    /// The service of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Service> {
        Self::ALL.iter().find(|service| service.name == name)
    }
}

/// Which parameters are there depending on others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Presence {
    /// At least one is there.
    OneOf(&'static [&'static str]),
    /// The first is there only without any of the others.
    Exclusive(&'static str, &'static [&'static str]),
    /// All are there, or none.
    Together(&'static [&'static str]),
    /// A parameter has this value exactly when another is there.
    With {
        /// The parameter.
        parameter: &'static str,
        /// Its value.
        value: &'static str,
        /// The other one.
        other: &'static str,
    },
    /// Where a parameter has this value, another is there.
    When {
        /// The parameter.
        parameter: &'static str,
        /// Its value.
        value: &'static str,
        /// The other one.
        other: &'static str,
    },
}

/// How one parameter's value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// The greatest length.
    pub limit: Option<usize>,
    /// The format.
    pub format: Format,
}

impl Parameter {
    pub(in crate::protocol) const fn text(name: &'static str, limit: usize) -> Self {
        Self { name, limit: Some(limit), format: Format::Text }
    }

    pub(in crate::protocol) const fn new(name: &'static str, format: Format) -> Self {
        Self { name, limit: None, format }
    }

    pub(in crate::protocol) const fn limited(
        name: &'static str,
        limit: usize,
        format: Format,
    ) -> Self {
        Self { name, limit: Some(limit), format }
    }
}

/// A format of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Anything.
    Text,
    /// Text without these characters.
    Without(&'static [char]),
    /// One of these values, case-sensitive.
    Values(&'static [&'static str]),
    /// `utf-8`, `gbk` or `gb2312`, in either case.
    Charset,
    /// An [`Amount`](super::Amount).
    Amount,
    /// An [`Amount`](super::Amount) from 0.01 to 100000000.00.
    TotalFee,
    /// A [`Discount`](super::Discount).
    Discount,
    /// A whole number from 1, without leading zeros.
    Count,
    /// A [`Time`](super::Time).
    Time,
    /// How long a trade may stay unpaid: `1m` to `15d` in whole minutes, hours or days, or `1c`, the end of the day.
    Timeout,
    /// A [`Format::Timeout`], or the [`Format::Time`] at which the trade is closed.
    Expiry,
    /// An absolute http or https address without a query.
    Url,
    /// ASCII letters and digits, and these.
    Word(&'static [char]),
    /// A whole number of fen from 1.
    Fen,
    /// A time as `yyyyMMddHHmmss`.
    CompactTime,
    /// An address of IPv4 or IPv6.
    Ip,
}

/// What values must agree on with each other. Each is looked at where all its parameters are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Agreement {
    /// No two of these parameters have the same value.
    Distinct(&'static [&'static str]),
    /// `royalty_parameters` is a list whose sum is at most `total_fee`, or `price` × `quantity`.
    Royalty,
    /// The second of two compact times is later than the first.
    Later(&'static str, &'static str),
    /// `detail_data` is a list of `batch_num` items, and `batch_no` begins with the day of `refund_date`.
    Refund,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        for service in Service::ALL {
            assert_eq!(Service::named(service.name), Some(service));
            let mut names: Vec<_> =
                service.parameters.concat().iter().map(|parameter| parameter.name).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{}", service.name);
        }
        assert_eq!(Service::named("close_trade"), None);
    }
}
