//! Whether a message is about this seller and this partner.

use super::differs;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::notification::{CHECKS, Order, Why};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "notify-payee-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "the seller in the message is not compared with the own one",
            zh: "报文中的卖家没有与自己的比较",
        },
        fix: Text {
            en: "compare seller_id, and seller_email where the request named it",
            zh: "比较 seller_id，请求中写了 seller_email 的也要比较",
        },
        sources: &[
            "https://github.com/jeequan/jeepay/pull/81",
            "https://github.com/yansongda/pay/issues/961",
            "https://sites.google.com/view/dilution/home/attack-demos",
        ],
        twin: Twin::Checks(|checks| checks.seller = |_, _| None),
    },
    Mistake {
        id: "notify-seller-id-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "seller_id is not compared, only seller_email",
            zh: "只比较 seller_email，没有比较 seller_id",
        },
        fix: Text {
            en: "compare both, where the order states them",
            zh: "订单中写明的两者都要比较",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.seller =
                |facts, order| (CHECKS.seller)(facts, &Order { seller_id: None, ..order.clone() })
        }),
    },
    Mistake {
        id: "notify-seller-email-not-checked",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "seller_email is not compared, only seller_id",
            zh: "只比较 seller_id，没有比较 seller_email",
        },
        fix: Text {
            en: "compare both, where the order states them",
            zh: "订单中写明的两者都要比较",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.seller = |facts, order| {
                (CHECKS.seller)(facts, &Order { seller_email: None, ..order.clone() })
            }
        }),
    },
    Mistake {
        id: "notify-seller-only-if-present",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "the seller is compared only where the message names one",
            zh: "只有报文带卖家时才比较",
        },
        fix: Text { en: "require what the order states", zh: "订单写明的必须出现" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.seller = |facts, order| {
                let mut stated = order.clone();
                stated.seller_id = stated.seller_id.filter(|_| facts.seller_id.is_some());
                stated.seller_email = stated.seller_email.filter(|_| facts.seller_email.is_some());
                (CHECKS.seller)(facts, &stated)
            }
        }),
    },
    Mistake {
        id: "notify-seller-required",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "a seller in the message is compared though the order states none",
            zh: "订单没有写明卖家，却仍与报文中的卖家比较",
        },
        fix: Text { en: "compare what the order states", zh: "只比较订单写明的内容" },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.seller = |facts, order| {
                let same = facts.seller_id == order.seller_id.as_deref()
                    && facts.seller_email == order.seller_email.as_deref();
                differs(Why::SellerDiffers, same)
            }
        }),
    },
    Mistake {
        id: "key-platform-wide-key-any-merchant",
        area: Area::NotifySemantics,
        severity: Severity::Forgery,
        what: Text {
            en: "messages for another partner are accepted, since the platform signs for all of them",
            zh: "接受发给其他商户的报文，因为平台用同一密钥为所有商户签名",
        },
        fix: Text {
            en: "compare the partner in the message with the own one",
            zh: "把报文中的 partner 与自己的比较",
        },
        sources: &[
            "https://sites.google.com/view/dilution/home/attack-demos",
            "https://github.com/shurco/mycart/issues/405",
        ],
        twin: Twin::Checks(|checks| checks.partner = |_, _| None),
    },
    Mistake {
        id: "notify-partner-required",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "a message without partner is refused, though notifications of the legacy gateway have none",
            zh: "拒绝没有 partner 的报文，而旧网关的通知本来就没有",
        },
        fix: Text {
            en: "compare the partner only where the message has one",
            zh: "报文带有 partner 时才比较",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.partner = |facts, order| {
                let same = order.partner.is_none() || facts.partner == order.partner.as_deref();
                differs(Why::PartnerDiffers, same)
            }
        }),
    },
    Mistake {
        id: "notify-partner-not-configured-refused",
        area: Area::NotifySemantics,
        severity: Severity::Interop,
        what: Text {
            en: "a message with a partner is refused where the order states none",
            zh: "订单没有写明 partner 时，带 partner 的报文被拒绝",
        },
        fix: Text {
            en: "compare the partner only where the order states one",
            zh: "订单写明 partner 时才比较",
        },
        sources: &["derived from the rule"],
        twin: Twin::Checks(|checks| {
            checks.partner = |facts, order| {
                let same = facts.partner.is_none() || facts.partner == order.partner.as_deref();
                differs(Why::PartnerDiffers, same)
            }
        }),
    },
];
