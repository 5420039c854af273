//! Serial numbers of a bundle of roots.

use super::certificate::{RSA, read, some, value};
use crate::certificate::{self, Certificate};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::Input;
use crate::vector::operation::Operation;

const RSA_SHA256: &str = "1.2.840.113549.1.1.11";

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "cert-root-sn-unfiltered",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "all roots count, those of SM2 and ECDSA too",
            zh: "SM2、ECDSA 根证书也计入根证书 SN",
        },
        fix: Text {
            en: "count those with an RSA signature: 1.2.840.113549.1.1",
            zh: "只计 RSA 签名的：1.2.840.113549.1.1",
        },
        sources: &["https://github.com/yansongda/pay/issues/334"],
        twin: Twin::Around(|inner, ask| roots(inner, ask, |_| true)),
    },
    Mistake {
        id: "cert-root-sn-sha256-only",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "only roots signed by RSA with SHA-256 count",
            zh: "只计 RSA-SHA256 签名的根证书",
        },
        fix: Text {
            en: "count every RSA signature: one of Alipay's roots has SHA-1",
            zh: "所有 RSA 签名都计入：支付宝有一张根证书使用 SHA-1",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            roots(inner, ask, |root| root.signature_algorithm() == RSA_SHA256)
        }),
    },
    Mistake {
        id: "cert-root-sn-by-public-key",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "roots count by the kind of their key, not by that of their signature",
            zh: "按公钥类型而非签名算法筛选根证书",
        },
        fix: Text { en: "look at the algorithm of the signature", zh: "按签名算法筛选" },
        sources: &["https://github.com/chloerei/alipay (lib/alipay/utils.rb)"],
        twin: Twin::Around(|inner, ask| roots(inner, ask, |root| root.public_key().is_ok())),
    },
    Mistake {
        id: "cert-root-sn-first-only",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "only the first root of the bundle counts",
            zh: "只计根证书文件中的第一张",
        },
        fix: Text {
            en: "join the numbers of all RSA roots by _",
            zh: "以 _ 连接所有 RSA 根证书的 SN",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match (ask.operation, read(ask)) {
            (Operation::RootCertificateSn, Some(all)) => {
                let first = all.iter().find(|root| root.signature_algorithm().starts_with(RSA));
                value(first.and_then(|root| root.sn().ok()))
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "cert-root-sn-deduplicated",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "a root that stands twice in the bundle counts once",
            zh: "重复出现的根证书只计一次",
        },
        fix: Text { en: "count what is there", zh: "按实际出现次数计入" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match (ask.operation, read(ask)) {
            (Operation::RootCertificateSn, Some(mut all)) => {
                all.dedup();
                joined(&all, |root| root.signature_algorithm().starts_with(RSA))
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "cert-root-sn-sorted",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "the numbers of the roots are sorted", zh: "各根证书的 SN 被排序"
        },
        fix: Text { en: "keep the order of the file", zh: "保持文件中的顺序" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match (ask.operation, read(ask)) {
            (Operation::RootCertificateSn, Some(mut all)) => {
                all.sort_by_cached_key(|root| root.sn().unwrap_or_default());
                joined(&all, |root| root.signature_algorithm().starts_with(RSA))
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "cert-root-sn-split-at-blank-lines",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "the bundle is split at blank lines, so that roots without one between them are lost",
            zh: "按空行切分根证书文件，中间没有空行的根证书会丢失",
        },
        fix: Text { en: "split at the BEGIN and END lines", zh: "按 BEGIN、END 行切分" },
        sources: &["https://github.com/fzlee/alipay (alipay/__init__.py, get_root_cert_sn)"],
        twin: Twin::Around(|inner, ask| match (ask.operation, &ask.input) {
            (Operation::RootCertificateSn, Input::Certificate(text)) => {
                let parts = text.split("\n\n").filter_map(|part| certificate::read(part).ok());
                let firsts: Vec<_> = parts.filter_map(|part| part.into_iter().next()).collect();
                joined(&firsts, |root| root.signature_algorithm().starts_with(RSA))
            }
            _ => inner.perform(ask),
        }),
    },
];

/// The numbers of the roots that are chosen in this way.
fn roots(inner: &dyn Implementation, ask: &Ask, kept: fn(&Certificate) -> bool) -> Answer {
    match (ask.operation, read(ask)) {
        (Operation::RootCertificateSn, Some(all)) => joined(&all, kept),
        _ => inner.perform(ask),
    }
}

fn joined(all: &[Certificate], kept: fn(&Certificate) -> bool) -> Answer {
    let kept = all.iter().filter(|root| kept(root));
    value(some(kept.filter_map(|root| root.sn().ok()).collect()))
}
