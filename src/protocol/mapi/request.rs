//! [`check_request`]: a request's parameters against its service's table, before anything is signed.

use super::list::ListError;
use std::net::IpAddr;

use super::service::{Agreement, Format, Length, Parameter, Presence, Service};
use super::{Amount, Discount, Time, clip, refund, royalty};
use crate::protocol::wechatpay::Fen;

/// Checks the parameters of a request against the table of its service.
///
/// The parameters are text pairs, with or without `sign` and `sign_type`, which are not looked at. An empty value
/// counts as absent, since it is neither sent nor signed; a name that stands twice is refused even so. Names that the
/// table does not know are allowed.
///
/// What is looked at, in this order: duplicates; the service; required parameters; which go together; lengths and
/// formats, parameter by parameter; what values must agree on. The first fault is the error.
///
/// # Errors
/// The first rule that is broken, with the parameters it is about.
///
/// ```
/// use alipay_conformance::protocol::mapi::check_request;
///
/// let mut params = vec![("service", "single_trade_query"), ("partner", "1000000000000000")];
/// assert_eq!(
///     check_request(&params).unwrap_err().to_string(),
///     "parameter _input_charset is missing or empty"
/// );
/// params.extend([("_input_charset", "utf-8"), ("out_trade_no", "1")]);
/// check_request(&params)?;
/// # Ok::<(), alipay_conformance::protocol::mapi::RequestError>(())
/// ```
pub fn check_request<N: AsRef<str>, V: AsRef<str>>(params: &[(N, V)]) -> Result<(), RequestError> {
    check_by(Service::ALL, params)
}

/// The same by the tables of these services.
pub(in crate::protocol) fn check_by<N: AsRef<str>, V: AsRef<str>>(
    services: &'static [Service],
    params: &[(N, V)],
) -> Result<(), RequestError> {
    check(params, |request| {
        let name = request.require("service")?;
        let service = services.iter().find(|service| service.name == name);
        service.ok_or_else(|| RequestError::UnknownService { got: clip(name) })
    })
}

/// Checks parameters against the service that is found for them.
pub(in crate::protocol) fn check<N: AsRef<str>, V: AsRef<str>>(
    params: &[(N, V)],
    service: impl FnOnce(&Request<'_>) -> Result<&'static Service, RequestError>,
) -> Result<(), RequestError> {
    let pairs: Vec<_> =
        params.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    let mut names: Vec<_> = pairs.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find_map(|pair| match pair {
        [first, second] if first == second => Some(first),
        _ => None,
    }) {
        return Err(RequestError::Duplicate { parameter: clip(twice) });
    }

    let request = Request { pairs: &pairs };
    let service = service(&request)?;
    for name in service.required {
        request.require(name)?;
    }
    service.presence.iter().try_for_each(|presence| request.check_presence(presence))?;
    service.parameters.iter().copied().flatten().try_for_each(|parameter| {
        request
            .get(parameter.name)
            .map_or(Ok(()), |value| check_value(parameter, service.length, value))
    })?;
    service.agreements.iter().try_for_each(|agreement| request.check_agreement(agreement))
}

/// A rule of a service's table that a request breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// A name stands twice.
    #[error("parameter {parameter:?} is given twice")]
    Duplicate {
        /// The name.
        parameter: String,
    },
    /// `service` names none that is known.
    #[error("unknown service {got:?}")]
    UnknownService {
        /// What it names.
        got: String,
    },
    /// A required parameter is absent or empty.
    #[error("parameter {parameter} is missing or empty")]
    Missing {
        /// The parameter.
        parameter: &'static str,
    },
    /// None of several parameters is there.
    #[error("expected at least one of {}, got none", parameters.join(", "))]
    OneOf {
        /// The parameters.
        parameters: &'static [&'static str],
    },
    /// A parameter is absent though another wants it.
    #[error("parameter {parameter} is missing or empty: it goes together with {with}")]
    Incomplete {
        /// The absent one.
        parameter: &'static str,
        /// The one that is there.
        with: &'static str,
    },
    /// Two parameters that exclude each other are there.
    #[error("parameters {first} and {second} exclude each other, got both")]
    Exclusive {
        /// One.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// A value that is not written as it should be.
    #[error("parameter {parameter}: expected {expected}, got {got:?}")]
    Malformed {
        /// The parameter.
        parameter: &'static str,
        /// What the value should be.
        expected: String,
        /// What it is, or its beginning.
        got: String,
    },
    /// A value that is too long.
    #[error("parameter {parameter}: expected at most {limit} {counted}, got {length}")]
    TooLong {
        /// The parameter.
        parameter: &'static str,
        /// The greatest length.
        limit: usize,
        /// How long it is.
        length: usize,
        /// How that is counted.
        counted: Length,
    },
    /// A list inside a parameter that breaks its rules.
    #[error("parameter {parameter}: {error}")]
    List {
        /// The parameter.
        parameter: &'static str,
        /// What is wrong with the list.
        error: ListError,
    },
}

/// A request's parameters.
pub(in crate::protocol) struct Request<'a> {
    pairs: &'a [(&'a str, &'a str)],
}

impl<'a> Request<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        self.pairs
            .iter()
            .find(|(given, value)| *given == name && !value.is_empty())
            .map(|(_, value)| *value)
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn require(&self, parameter: &'static str) -> Result<&'a str, RequestError> {
        self.get(parameter).ok_or(RequestError::Missing { parameter })
    }

    fn check_presence(&self, presence: &Presence) -> Result<(), RequestError> {
        match *presence {
            Presence::OneOf(parameters) => {
                let any = parameters.iter().any(|name| self.has(name));
                if any { Ok(()) } else { Err(RequestError::OneOf { parameters }) }
            }
            Presence::Exclusive(first, others) => match others.iter().find(|name| self.has(name)) {
                Some(second) if self.has(first) => Err(RequestError::Exclusive { first, second }),
                _ => Ok(()),
            },
            Presence::Together(parameters) => {
                let present = parameters.iter().find(|name| self.has(name));
                let absent = parameters.iter().find(|name| !self.has(name));
                match (present, absent) {
                    (Some(with), Some(parameter)) => {
                        Err(RequestError::Incomplete { parameter, with })
                    }
                    _ => Ok(()),
                }
            }
            Presence::With { parameter, value, other } => {
                let got = self.get(parameter);
                match (got == Some(value), self.has(other)) {
                    (true, false) => {
                        Err(RequestError::Incomplete { parameter: other, with: parameter })
                    }
                    (false, true) => {
                        let expected = format!("{value}, as {other} is given");
                        Err(malformed(parameter, expected, got.unwrap_or_default()))
                    }
                    _ => Ok(()),
                }
            }
            Presence::When { parameter, value, other } => {
                match self.get(parameter) == Some(value) && !self.has(other) {
                    true => Err(RequestError::Incomplete { parameter: other, with: parameter }),
                    false => Ok(()),
                }
            }
        }
    }

    fn check_agreement(&self, agreement: &Agreement) -> Result<(), RequestError> {
        match *agreement {
            Agreement::Distinct(parameters) => self.check_distinct(parameters),
            Agreement::Royalty => self.check_royalty(),
            Agreement::Later(first, second) => self.check_later(first, second),
            Agreement::Refund => self.check_refund(),
        }
    }

    /// Compact times compare as text.
    fn check_later(&self, first: &'static str, second: &'static str) -> Result<(), RequestError> {
        match (self.get(first), self.get(second)) {
            (Some(earlier), Some(later)) if later <= earlier => {
                Err(malformed(second, format!("a later time than {first}, {earlier}"), later))
            }
            _ => Ok(()),
        }
    }

    fn check_distinct(&self, parameters: &'static [&'static str]) -> Result<(), RequestError> {
        let mut earlier: Vec<&str> = Vec::new();
        for &parameter in parameters {
            let Some(value) = self.get(parameter) else { continue };
            if earlier.contains(&value) {
                let expected =
                    format!("another value than those before it of {}", parameters.join(", "));
                return Err(malformed(parameter, expected, value));
            }
            earlier.push(value);
        }
        Ok(())
    }

    fn check_royalty(&self) -> Result<(), RequestError> {
        const PARAMETER: &str = "royalty_parameters";
        let Some(text) = self.get(PARAMETER) else { return Ok(()) };
        let shares = royalty::parse(text)
            .map_err(|error| RequestError::List { parameter: PARAMETER, error })?;
        let Some(most) = self.total() else { return Ok(()) };
        match royalty::total(&shares) {
            Some(sum) if sum <= most => Ok(()),
            _ => Err(malformed(PARAMETER, format!("shares of at most {most} in sum"), text)),
        }
    }

    /// What the trade costs; nothing where the request does not say or the product is out of bounds.
    fn total(&self) -> Option<Amount> {
        match self.get("total_fee") {
            Some(fee) => fee.parse().ok(),
            None => {
                let price: Amount = self.get("price")?.parse().ok()?;
                price.checked_mul(self.get("quantity")?.parse().ok()?)
            }
        }
    }

    fn check_refund(&self) -> Result<(), RequestError> {
        let batch_no = self.require("batch_no")?;
        if let Ok(refund_date) = self.require("refund_date")?.parse::<Time>() {
            refund::check_batch_no(batch_no, refund_date)
                .map_err(|error| malformed("batch_no", error.expected(), batch_no))?;
        }
        let count = refund::parse_detail_data(self.require("detail_data")?)
            .map_err(|error| RequestError::List { parameter: "detail_data", error })?
            .len();
        let batch_num = self.require("batch_num")?;
        if batch_num.parse() == Ok(count) {
            Ok(())
        } else {
            let expected = format!("{count}, the number of items in detail_data");
            Err(malformed("batch_num", expected, batch_num))
        }
    }
}

fn malformed(parameter: &'static str, expected: String, got: &str) -> RequestError {
    RequestError::Malformed { parameter, expected, got: clip(got) }
}

fn check_value(parameter: &Parameter, counted: Length, value: &str) -> Result<(), RequestError> {
    let Parameter { name, limit, format } = *parameter;
    if let Some(limit) = limit {
        let length = counted.of(value);
        if length > limit {
            return Err(RequestError::TooLong { parameter: name, limit, length, counted });
        }
    }
    if matches_format(format, value) {
        Ok(())
    } else {
        Err(malformed(name, expectation(format), value))
    }
}

fn matches_format(format: Format, value: &str) -> bool {
    match format {
        Format::Text => true,
        Format::Without(characters) => !value.contains(characters),
        Format::Values(values) => values.contains(&value),
        Format::Charset => {
            ["utf-8", "gbk", "gb2312"].iter().any(|label| label.eq_ignore_ascii_case(value))
        }
        Format::Amount => value.parse::<Amount>().is_ok(),
        Format::TotalFee => value.parse().is_ok_and(|fee: Amount| {
            (Amount::LEAST_TOTAL_FEE..=Amount::GREATEST_TOTAL_FEE).contains(&fee)
        }),
        Format::Discount => value.parse::<Discount>().is_ok(),
        Format::Count => is_count(value),
        Format::Time => value.parse::<Time>().is_ok(),
        Format::Timeout => is_timeout(value),
        Format::Expiry => is_timeout(value) || value.parse::<Time>().is_ok(),
        Format::Url => is_url(value),
        Format::Word(others) => value
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || others.contains(&character)),
        Format::Fen => value.parse().is_ok_and(|fen: Fen| fen.amount() > Amount::default()),
        Format::CompactTime => Time::from_compact(value).is_some(),
        Format::Ip => value.parse::<IpAddr>().is_ok(),
    }
}

fn expectation(format: Format) -> String {
    match format {
        Format::Text => "text".into(),
        Format::Without(characters) => {
            format!("text without any of {}", characters.iter().collect::<String>())
        }
        Format::Values(values) => format!("one of {}", values.join(", ")),
        Format::Charset => "utf-8, gbk or gb2312".into(),
        Format::Amount => "an amount in yuan of at most nine digits and two decimals".into(),
        Format::TotalFee => {
            "an amount in yuan from 0.01 to 100000000.00, at most two decimals".into()
        }
        Format::Discount => {
            "an amount in yuan of at most nine digits and two decimals, perhaps negative".into()
        }
        Format::Count => "a whole number from 1 without leading zeros".into(),
        Format::Time => "a time as yyyy-MM-dd HH:mm:ss".into(),
        Format::Timeout => "1m to 15d in whole minutes (m), hours (h) or days (d), or 1c".into(),
        Format::Expiry => "1m to 15d, 1c, or a time as yyyy-MM-dd HH:mm:ss".into(),
        Format::Url => "an absolute http or https address without a query".into(),
        Format::Word(others) => {
            format!("ASCII letters, digits and {}", others.iter().collect::<String>())
        }
        Format::Fen => "a whole number of fen from 1 without leading zeros".into(),
        Format::CompactTime => "a time as yyyyMMddHHmmss".into(),
        Format::Ip => "an address of IPv4 or IPv6".into(),
    }
}

fn is_count(value: &str) -> bool {
    !value.starts_with('0') && !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_timeout(value: &str) -> bool {
    const DAYS: u64 = 15;
    let most = match value.chars().last() {
        Some('m') => DAYS * 24 * 60,
        Some('h') => DAYS * 24,
        Some('d') => DAYS,
        _ => return value == "1c",
    };
    let number = value.trim_end_matches(['m', 'h', 'd']);
    number.len() + 1 == value.len()
        && is_count(number)
        && number.parse().is_ok_and(|number: u64| number <= most)
}

fn is_url(value: &str) -> bool {
    let rest = value.strip_prefix("http://").or_else(|| value.strip_prefix("https://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && !rest.contains(|character: char| character == '?' || character.is_whitespace())
    })
}
