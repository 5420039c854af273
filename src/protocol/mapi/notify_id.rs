//! The notify_id check: asking the gateway whether it sent a callback, and what its answer says beside the
//! signature's verdict.
//!
//! The demos call it ATN. It is a second proof of origin and never replaces the signature or the business checks.

use form_urlencoded::Serializer;

use super::gateway;

/// Over what the gateway is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transport {
    /// `https://mapi.alipay.com/gateway.do?service=notify_verify`
    Https,
    /// `http://notify.alipay.com/trade/notify_query.do`, the old form; its answer can be forged on the way.
    Http,
}

/// The address to ask, for a partner and a notify_id as it stands in the message, decoded once.
///
/// The notify_id is encoded again: one that still holds `%2F` after the message was decoded is sent as `%252F`.
/// The official demos append it as it is, so that the gateway reads `/`; both are in production use.
///
/// ```
/// use alipay_conformance::protocol::mapi::notify_id::{Transport, url};
///
/// assert_eq!(
///     url("2088101568338364", "RqPn%2Fvw", Transport::Https),
///     "https://mapi.alipay.com/gateway.do?service=notify_verify&partner=2088101568338364&notify_id=RqPn%252Fvw"
/// );
/// assert_eq!(
///     url("2088101568338364", "RqPn%2Fvw", Transport::Http),
///     "http://notify.alipay.com/trade/notify_query.do?partner=2088101568338364&notify_id=RqPn%252Fvw"
/// );
/// ```
#[must_use]
pub fn url(partner: &str, notify_id: &str, transport: Transport) -> String {
    let (address, service) = match transport {
        Transport::Https => (gateway::PRODUCTION, Some("notify_verify")),
        Transport::Http => ("http://notify.alipay.com/trade/notify_query.do", None),
    };
    let start = address.len() + 1;
    Serializer::for_suffix(format!("{address}?"), start)
        .extend_pairs(service.map(|service| ("service", service)))
        .append_pair("partner", partner)
        .append_pair("notify_id", notify_id)
        .finish()
}

/// The gateway's answer to the notify_id check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Answer {
    /// `true`: the gateway sent the callback.
    True,
    /// `false`: it did not, or the check came too late, or something stood in the way.
    False,
    /// `invalid`: it does not know the partner, or a parameter is missing.
    Invalid,
    /// Anything else: an error page, nothing at all, the right word with a line break behind it.
    Other,
}

impl Answer {
    /// Reads the body of the reply. Only the exact bytes count: the PHP demos take whatever ends in `true`, in either
    /// case, and so a page that somebody else made.
    ///
    /// ```
    /// use alipay_conformance::protocol::mapi::notify_id::Answer;
    ///
    /// assert_eq!(Answer::from_bytes(b"true"), Answer::True);
    /// assert_eq!(Answer::from_bytes(b"true\n"), Answer::Other);
    /// assert_eq!(Answer::from_bytes(b"not true"), Answer::Other);
    /// ```
    #[must_use]
    pub fn from_bytes(body: &[u8]) -> Self {
        match body {
            b"true" => Self::True,
            b"false" => Self::False,
            b"invalid" => Self::Invalid,
            _ => Self::Other,
        }
    }

    /// Whether the answer is that the gateway sent the callback.
    #[must_use]
    pub fn is_true(self) -> bool {
        self == Self::True
    }
}

/// What two verdicts on one callback, the signature's and the gateway's, say together.
///
/// Source: the demos' comments and the integration articles.
///
/// | signature | answer | cause |
/// |---|---|---|
/// | matches | `true` | genuine |
/// | differs | `invalid` | partner or key |
/// | matches | `false` | network, or too late |
/// | differs | `true` | parameters or charset |
/// | any other pair | | contradictory |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// Both agree.
    Genuine,
    /// The partner id or the key is missing or wrong.
    PartnerOrKey,
    /// The network stands in the way, or the check came too late.
    NetworkOrLate,
    /// The message was changed before it was verified, or read in another charset.
    ParametersOrCharset,
    /// The two do not go together.
    Contradictory,
}

impl Cause {
    /// All causes.
    pub const ALL: [Self; 5] = [
        Self::Genuine,
        Self::PartnerOrKey,
        Self::NetworkOrLate,
        Self::ParametersOrCharset,
        Self::Contradictory,
    ];

    /// The name in vectors and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::PartnerOrKey => "partner_or_key",
            Self::NetworkOrLate => "network_or_late",
            Self::ParametersOrCharset => "parameters_or_charset",
            Self::Contradictory => "contradictory",
        }
    }

    /// What to look at, in English.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Genuine => "the callback is genuine: go on to the business checks",
            Self::PartnerOrKey => {
                "the partner id or the key is missing or wrong: compare both with those of the account, \
                 without spaces or line breaks around them"
            }
            Self::NetworkOrLate => {
                "the gateway does not confirm what it signed: see whether a firewall blocks its addresses, \
                 whether port 80 or 443 is closed or taken, and whether the check is made more than one minute \
                 after the callback; a notify that was already answered with success is not confirmed again"
            }
            Self::ParametersOrCharset => {
                "the gateway sent it, but not as it was verified: see whether parameters of one's own are in the \
                 notify_url or return_url or come from the framework, whether values are decoded twice or \
                 changed, and whether page, server and _input_charset name the same charset"
            }
            Self::Contradictory => {
                "the two verdicts do not go together: refuse the callback, and see whether the answer was \
                 changed on the way, is an error page, or belongs to another partner"
            }
        }
    }

    /// What to look at, in Chinese.
    #[must_use]
    pub fn advice_zh(self) -> &'static str {
        match self {
            Self::Genuine => "通知真实：继续做业务校验",
            Self::PartnerOrKey => {
                "合作者身份（partner）或密钥（key）缺失或有误：与账户中的逐字核对，前后不得有空格或换行"
            }
            Self::NetworkOrLate => {
                "签名一致而支付宝不确认：检查防火墙是否拦截支付宝的地址，80 或 443 端口是否关闭或被占用，\
                 验证是否在收到通知一分钟之后才进行；已回复 success 的通知不会再次确认"
            }
            Self::ParametersOrCharset => {
                "通知由支付宝发出，但验签时已不是原样：检查 notify_url、return_url 是否带有自定义参数，\
                 框架是否加入参数，参数值是否被重复解码或改动，页面、服务器与 _input_charset 的编码是否一致"
            }
            Self::Contradictory => {
                "两项结果互相矛盾：拒绝该通知，检查应答是否在途中被改动、是否为错误页面、是否属于另一个 partner"
            }
        }
    }
}

/// Tells the cause from the two verdicts on one callback.
///
/// ```
/// use alipay_conformance::protocol::mapi::notify_id::{Cause, diagnose};
///
/// assert_eq!(diagnose(true, b"true"), Cause::Genuine);
/// assert_eq!(diagnose(false, b"true"), Cause::ParametersOrCharset);
/// assert_eq!(diagnose(true, b"TRUE"), Cause::Contradictory);
/// ```
#[must_use]
pub fn diagnose(signature_matches: bool, answer: &[u8]) -> Cause {
    match (signature_matches, Answer::from_bytes(answer)) {
        (true, Answer::True) => Cause::Genuine,
        (false, Answer::Invalid) => Cause::PartnerOrKey,
        (true, Answer::False) => Cause::NetworkOrLate,
        (false, Answer::True) => Cause::ParametersOrCharset,
        (true, Answer::Invalid) | (false, Answer::False) | (_, Answer::Other) => {
            Cause::Contradictory
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table() {
        for (matches, answer, cause) in [
            (true, &b"true"[..], "genuine"),
            (true, b"false", "network_or_late"),
            (true, b"invalid", "contradictory"),
            (true, b"", "contradictory"),
            (false, b"true", "parameters_or_charset"),
            (false, b"false", "contradictory"),
            (false, b"invalid", "partner_or_key"),
            (false, b"<html>", "contradictory"),
        ] {
            assert_eq!(diagnose(matches, answer).as_str(), cause, "{matches} {answer:?}");
        }
    }

    #[test]
    fn only_four_bytes_are_true() {
        for body in [&b""[..], b"TRUE", b"True", b"true\n", b" true", b"xtrue", b"\xEF\xBB\xBFtrue"]
        {
            assert!(!Answer::from_bytes(body).is_true(), "{body:?}");
        }
        assert!(Answer::from_bytes(b"true").is_true());
        assert_eq!(Answer::from_bytes(b"false"), Answer::False);
        assert_eq!(Answer::from_bytes(b"invalid"), Answer::Invalid);
    }

    #[test]
    fn a_notify_id_cannot_add_a_parameter() {
        let url = url("1&a=b", "x&service=y#z", Transport::Https);
        assert!(
            url.ends_with("?service=notify_verify&partner=1%26a%3Db&notify_id=x%26service%3Dy%23z")
        );
    }

    #[test]
    fn each_cause_has_advice_of_its_own_in_both_languages() {
        assert_ne!(Cause::Genuine.advice(), Cause::Contradictory.advice());
        assert_ne!(Cause::Genuine.advice_zh(), Cause::Contradictory.advice_zh());
        for cause in Cause::ALL {
            assert!(cause.advice().is_ascii());
            assert!(!cause.advice_zh().is_ascii());
        }
    }
}
