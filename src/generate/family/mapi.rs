//! The legacy gateway.

use super::{Asked, Config, Family, ONE, Parameters, pairs};
use crate::charset::Charset;
use crate::generate::recipe::Change;
use crate::law::{Law, strategies};
use crate::protocol;
use crate::protocol::mapi::check_request;
use crate::signature::SignType;
use crate::vector::input::TextPairs;
use crate::vector::operation::Operation;

pub(super) const MAPI: Family = Family {
    id: protocol::MAPI.id,
    charsets: &Charset::ALL,
    configs: &[
        Config {
            sign_type: Some(SignType::Md5),
            key: "md5-a",
            other: "md5-b",
            often: 12,
            ..CONFIG
        },
        Config { sign_type: Some(SignType::Rsa), key: "rsa-1024", other: "rsa-2048", ..CONFIG },
        Config { sign_type: Some(SignType::Rsa2), ..CONFIG },
    ],
    params: Some(Parameters {
        protocol: protocol::MAPI,
        gateway: "https://mapi.alipay.com/gateway.do",
        names: strategies::NAMES,
        services: |operation| if operation == Operation::BuildRequest { SERVICES } else { ONE },
        base: |service, setup| base(service, setup.charset),
        received: &[("notify_id", "1")],
        fixed: |setup, name| (name == "_input_charset").then(|| setup.charset.label()),
        refused: |params| !is_accepted(params),
        contested: |_, name, value| {
            (name == "service" && value == "alipay.acquire.customs")
                .then_some("a service documented with sign_type among the signed names")
        },
    }),
    frames: &[],
    rule,
};

const CONFIG: Config = Config {
    sign_type: Some(SignType::Rsa2),
    key: "rsa-2048",
    other: "rsa-1024",
    keys: &[],
    often: 1,
    operations: &[
        (Operation::StringToSign, 3),
        (Operation::Sign, 3),
        // Of each service.
        (Operation::BuildRequest, 1),
        (Operation::Decode, 3),
        (Operation::VerifyNotify, 6),
        (Operation::VerifyReturn, 3),
    ],
    laws: &[
        Law::OrderDoesNotMatter,
        Law::EmptyValuesDoNotMatter,
        Law::ExcludedNamesDoNotMatter,
        Law::StringToSignAgreesWithTheNaiveModel,
        Law::OwnSignatureIsAccepted,
        Law::BuiltRequestIsAccepted,
        Law::EditIsRefused,
        Law::SameAnswerTwice,
        Law::NotifyAndReturnAgree,
        Law::VerifyingAlwaysAnswers,
        Law::VerdictAgreesWithTheNaiveModel,
        Law::FormSurvives,
        Law::DecodesOnce,
    ],
};

/// The services of which requests are made; `None` stands for a request that names none.
const SERVICES: &[Option<&str>] = &[
    None,
    Some("create_direct_pay_by_user"),
    Some("create_partner_trade_by_buyer"),
    Some("trade_create_by_buyer"),
];

fn base(service: &'static str, charset: Charset) -> TextPairs {
    const WHOLE: [(&str, &str); 1] = [("total_fee", "100.00")];
    const LOGISTICS: [(&str, &str); 5] = [
        ("price", "100.00"),
        ("quantity", "1"),
        ("logistics_type", "EXPRESS"),
        ("logistics_fee", "0.00"),
        ("logistics_payment", "SELLER_PAY"),
    ];
    let more = if service == "create_direct_pay_by_user" { &WHOLE[..] } else { &LOGISTICS };
    let common = [
        ("service", service),
        ("partner", "2088101568338364"),
        ("out_trade_no", "6741334835157966"),
        ("subject", "book"),
        ("payment_type", "1"),
        ("seller_email", "alipay-test01@alipay.com"),
        ("_input_charset", charset.label()),
    ];
    [pairs(&common), pairs(more)].concat()
}

/// Whether the service accepts a request. The tables do not know gb18030, but it is sent all the same.
fn is_accepted(params: &TextPairs) -> bool {
    let but_charset: Vec<_> =
        params.iter().filter(|(name, _)| name != "_input_charset").cloned().collect();
    let known = ("_input_charset".to_owned(), "gbk".to_owned());
    check_request(&[but_charset, vec![known]].concat()).is_ok()
}

fn rule(asked: &Asked<'_>) -> &'static str {
    let Asked { operation, sign_type, change, has_empty } = *asked;
    match (operation, change) {
        (Operation::Decode, _) => "mapi/4-form",
        (_, Change::NoSignature | Change::EmptySignature) => "mapi/4-sign-missing",
        (_, Change::None) if has_empty => "mapi/2.2-empty",
        (Operation::VerifyNotify | Operation::VerifyReturn, Change::None) => "mapi/4-all",
        (Operation::VerifyNotify | Operation::VerifyReturn, _) => "mapi/4-tamper",
        (Operation::BuildRequest, _) => "mapi/2.7-encode",
        (Operation::Sign, _) => match sign_type {
            Some(SignType::Md5) => "mapi/2.6-md5",
            Some(SignType::Rsa) => "mapi/2.6-rsa",
            _ => "mapi/2.6-rsa2",
        },
        _ => "mapi/2.4-join",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_accept_their_base() {
        for service in SERVICES.iter().flatten() {
            assert_eq!(check_request(&base(service, Charset::Gbk)), Ok(()));
        }
    }
}
