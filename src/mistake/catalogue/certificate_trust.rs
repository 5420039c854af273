//! Trust in a downloaded certificate.

use crate::certificate::{self, Certificate};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::Input;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

const END: &str = "-----END CERTIFICATE-----";

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "cert-not-validated",
        area: Area::Certificate,
        severity: Severity::Forgery,
        what: Text {
            en: "a certificate named or supplied from outside is used without validation",
            zh: "外部指定或提供的证书未经验证就使用",
        },
        fix: Text {
            en: "follow it to one of the configured roots, by signatures and dates",
            zh: "按签名和有效期逐级验证到已配置的根证书",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| checked(inner, ask, |_| true)),
    },
    Mistake {
        id: "cert-signature-not-verified",
        area: Area::Certificate,
        severity: Severity::Forgery,
        what: Text {
            en: "a certificate is trusted for the name of its issuer and its dates",
            zh: "只看签发者名称和有效期就信任证书",
        },
        fix: Text {
            en: "verify its signature with the issuer's key",
            zh: "用签发者的公钥验证其签名",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            checked(inner, ask, |Chain { certificates, roots, now }| {
                certificates.iter().all(|certificate| {
                    let mut issuers = certificates.iter().chain(roots.iter());
                    is_valid(certificate, now)
                        && issuers.any(|issuer| issuer.subject() == certificate.issuer())
                })
            })
        }),
    },
    Mistake {
        id: "cert-dates-not-checked",
        area: Area::Certificate,
        severity: Severity::Forgery,
        what: Text {
            en: "an expired certificate, or one that is not valid yet, is trusted",
            zh: "信任已过期或尚未生效的证书",
        },
        fix: Text {
            en: "check the dates of every certificate on the way",
            zh: "检查途中每张证书的有效期",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| inner.perform(&in_time(ask))),
    },
    Mistake {
        id: "cert-dates-of-intermediate-not-checked",
        area: Area::Certificate,
        severity: Severity::Forgery,
        what: Text {
            en: "the dates of the certificate are checked, those of its issuer are not",
            zh: "检查了证书本身的有效期，没有检查签发者证书的",
        },
        fix: Text {
            en: "check the dates of every certificate on the way",
            zh: "检查途中每张证书的有效期",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match (first(ask), &ask.input) {
            (Some((first, _)), Input::Chain { now, .. }) if is_valid(&first, now) => {
                inner.perform(&in_time(ask))
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "cert-intermediate-not-followed",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "only the first certificate of the text is held against the roots",
            zh: "只用文本中的第一张证书与根证书核对",
        },
        fix: Text {
            en: "follow the issuers that stand in the text",
            zh: "沿文本中的签发者证书逐级验证",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match (first(ask), &ask.input) {
            (Some((_, certificate)), Input::Chain { roots, now, .. }) => {
                let (roots, now) = (roots.clone(), now.clone());
                let input = Input::Chain { certificate, roots, now };
                inner.perform(&Ask { input, ..ask.clone() })
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "cert-chain-order-required",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "a text in which the issuer stands before the certificate is refused",
            zh: "签发者证书排在前面的文本被拒绝",
        },
        fix: Text {
            en: "find the issuer by its name, wherever it stands",
            zh: "按名称查找签发者，不依赖位置",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let Input::Chain { certificate, .. } = &ask.input else {
                return inner.perform(ask);
            };
            let all = certificate::read(certificate).unwrap_or_default();
            let mut pairs = all.iter().zip(all.iter().skip(1));
            if pairs.all(|(below, above)| below.issuer() == above.subject()) {
                inner.perform(ask)
            } else {
                Answer::reject(Reason::UnknownKey, "")
            }
        }),
    },
    Mistake {
        id: "cert-first-root-only",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "only the first of the configured roots is looked at",
            zh: "只查看已配置根证书中的第一张",
        },
        fix: Text {
            en: "read all certificates of the bundle", zh: "读取根证书文件中的全部证书"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            let mut ask = ask.clone();
            if let Input::Chain { roots, .. } = &mut ask.input
                && let Some((first, _)) = roots.split_once(END)
            {
                *roots = format!("{first}{END}");
            }
            inner.perform(&ask)
        }),
    },
    Mistake {
        id: "cert-validation-skipped-without-roots",
        area: Area::Certificate,
        severity: Severity::Forgery,
        what: Text {
            en: "any certificate is trusted where no root can be read",
            zh: "读不到根证书时信任任何证书",
        },
        fix: Text { en: "refuse to go on without roots", zh: "没有根证书时拒绝继续" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match &ask.input {
            Input::Chain { roots, .. } if certificate::read(roots).is_err() => {
                Answer::accept(Output::default())
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "cert-own-root-trusted",
        area: Area::Certificate,
        severity: Severity::Forgery,
        what: Text {
            en: "a self-signed certificate that comes with the certificate counts as a root",
            zh: "随证书一起来的自签名证书被当作根证书",
        },
        fix: Text { en: "trust the configured roots only", zh: "只信任已配置的根证书" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match &ask.input {
            Input::Chain { certificate, roots, now } => {
                let roots = format!("{roots}\n{certificate}");
                let (certificate, now) = (certificate.clone(), now.clone());
                let input = Input::Chain { certificate, roots, now };
                inner.perform(&Ask { input, ..ask.clone() })
            }
            _ => inner.perform(ask),
        }),
    },
];

/// What a question of trust holds.
struct Chain<'a> {
    certificates: &'a [Certificate],
    roots: &'a [Certificate],
    now: &'a str,
}

/// Trust by another check, where everything can be read.
fn checked(inner: &dyn Implementation, ask: &Ask, trusts: fn(&Chain<'_>) -> bool) -> Answer {
    let Input::Chain { certificate, roots, now } = &ask.input else {
        return inner.perform(ask);
    };
    match (certificate::read(certificate), certificate::read(roots)) {
        (Ok(certificates), Ok(roots)) => {
            if trusts(&Chain { certificates: &certificates, roots: &roots, now }) {
                Answer::accept(Output::default())
            } else {
                Answer::reject(Reason::UnknownKey, "")
            }
        }
        _ => inner.perform(ask),
    }
}

/// The first certificate of a question of trust, and its text.
fn first(ask: &Ask) -> Option<(Certificate, String)> {
    let Input::Chain { certificate, .. } = &ask.input else {
        return None;
    };
    let first = certificate::read(certificate).ok()?.into_iter().next()?;
    let (text, _) = certificate.split_once(END)?;
    Some((first, format!("{text}{END}\n")))
}

/// The same question at the first second at which all certificates of the text have become valid.
fn in_time(ask: &Ask) -> Ask {
    let mut ask = ask.clone();
    if let Input::Chain { certificate, now, .. } = &mut ask.input {
        let certificates = certificate::read(certificate).unwrap_or_default();
        let starts = certificates.iter().map(Certificate::validity).map(|[from, _]| from);
        *now = starts.max().unwrap_or_else(|| now.clone());
    }
    ask
}

/// Times of this form are in order when their texts are.
fn is_valid(certificate: &Certificate, now: &str) -> bool {
    let [from, until] = certificate.validity();
    from.as_str() <= now && now <= until.as_str()
}
