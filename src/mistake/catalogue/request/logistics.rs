//! How goods are sent, and who pays for it.

use super::{changed, get, has, is, refused, rewrite};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::vector::input::TextPairs;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "request-logistics-type-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "types of transport that do not exist are accepted",
            zh: "不存在的物流方式也被接受",
        },
        fix: Text {
            en: "accept POST, EXPRESS, EMS and DIRECT",
            zh: "只接受 POST、EXPRESS、EMS、DIRECT",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, &LOGISTICS_TYPES, |kind| {
                    if KNOWN_TYPES.contains(&kind) { kind.into() } else { "EXPRESS".into() }
                })
            })
        }),
    },
    Mistake {
        id: "request-logistics-direct-unknown",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "DIRECT, for goods without transport, is refused as a type of transport",
            zh: "拒绝无需物流的 DIRECT",
        },
        fix: Text {
            en: "accept POST, EXPRESS, EMS and DIRECT",
            zh: "接受 POST、EXPRESS、EMS、DIRECT",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                LOGISTICS_TYPES.iter().any(|name| is(params, name, "DIRECT"))
            })
        }),
    },
    Mistake {
        id: "request-logistics-express-only",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "EXPRESS is the only type of transport that is accepted",
            zh: "物流方式只接受 EXPRESS",
        },
        fix: Text {
            en: "accept POST, EXPRESS, EMS and DIRECT",
            zh: "接受 POST、EXPRESS、EMS、DIRECT",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                LOGISTICS_TYPES.iter().any(|name| has(params, name) && !is(params, name, "EXPRESS"))
            })
        }),
    },
    Mistake {
        id: "request-logistics-type-twice",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "two logistics triples of one type are accepted",
            zh: "两组物流参数使用同一种物流方式也被接受",
        },
        fix: Text { en: "require different types", zh: "要求物流方式互不相同" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| changed(inner, ask, drop_repeated_types)),
    },
    Mistake {
        id: "request-logistics-payment-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "ways to pay for the transport that do not exist are accepted",
            zh: "不存在的运费支付方式也被接受",
        },
        fix: Text {
            en: "accept SELLER_PAY, BUYER_PAY and BUYER_PAY_AFTER_RECEIVE",
            zh: "只接受 SELLER_PAY、BUYER_PAY、BUYER_PAY_AFTER_RECEIVE",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| rewrite(params, &PAYMENTS, |_| "SELLER_PAY".into()))
        }),
    },
    Mistake {
        id: "request-logistics-payment-after-receive-unknown",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "BUYER_PAY_AFTER_RECEIVE is refused", zh: "拒绝 BUYER_PAY_AFTER_RECEIVE"
        },
        fix: Text {
            en: "accept it beside SELLER_PAY and BUYER_PAY",
            zh: "与 SELLER_PAY、BUYER_PAY 一样接受",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                PAYMENTS.iter().any(|name| is(params, name, "BUYER_PAY_AFTER_RECEIVE"))
            })
        }),
    },
    Mistake {
        id: "request-logistics-seller-pays-only",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "SELLER_PAY is the only way to pay for the transport that is accepted",
            zh: "运费支付方式只接受 SELLER_PAY",
        },
        fix: Text {
            en: "accept BUYER_PAY and BUYER_PAY_AFTER_RECEIVE as well",
            zh: "BUYER_PAY 与 BUYER_PAY_AFTER_RECEIVE 也应接受",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                PAYMENTS.iter().any(|name| has(params, name) && !is(params, name, "SELLER_PAY"))
            })
        }),
    },
    Mistake {
        id: "request-dual-interface-refused",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "trade_create_by_buyer, the dual interface, is taken for an unknown service",
            zh: "标准双接口 trade_create_by_buyer 被当作未知服务",
        },
        fix: Text {
            en: "know the services of all three products", zh: "三种产品的服务都应认识"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| is(params, "service", "trade_create_by_buyer"))
        }),
    },
];

const LOGISTICS_TYPES: [&str; 5] = [
    "logistics_type",
    "logistics_type_1",
    "logistics_type_2",
    "transport_type",
    "create_transport_type",
];
const KNOWN_TYPES: [&str; 4] = ["POST", "EXPRESS", "EMS", "DIRECT"];
const PAYMENTS: [&str; 3] = ["logistics_payment", "logistics_payment_1", "logistics_payment_2"];

fn drop_repeated_types(params: &mut TextPairs) {
    let mut seen = Vec::new();
    for further in ["", "_1", "_2"] {
        let names = ["type", "fee", "payment"].map(|part| format!("logistics_{part}{further}"));
        let [kind, ..] = &names;
        match get(params, kind).map(str::to_owned) {
            Some(kind) if seen.contains(&kind) => {
                params.retain(|(name, _)| !names.contains(name));
            }
            Some(kind) => seen.push(kind),
            None => {}
        }
    }
}
