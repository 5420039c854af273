//! What the interfaces of version 2 require to be there.

use crate::mistake::catalogue::request::{changed_to, has, is, refused_to, rewrite, set};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "wechat-request-openid-not-required",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "openid is not required of a JSAPI order", zh: "JSAPI 下单不要求 openid"
        },
        fix: Text {
            en: "require it where trade_type is JSAPI",
            zh: "trade_type 为 JSAPI 时要求 openid",
        },
        sources: &["WxJava (WxPayUnifiedOrderRequest)"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                if is(params, "trade_type", "JSAPI") && !has(params, "openid") {
                    set(params, "openid", "x");
                }
            })
        }),
    },
    Mistake {
        id: "wechat-request-openid-always",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "openid is required of every order", zh: "所有下单都要求 openid" },
        fix: Text {
            en: "require it where trade_type is JSAPI, and nowhere else",
            zh: "只在 trade_type 为 JSAPI 时要求",
        },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            refused_to(inner, ask, |path, params| path == ORDER && !has(params, "openid"))
        }),
    },
    Mistake {
        id: "wechat-request-product-id-not-required",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "product_id is not required of a NATIVE order",
            zh: "NATIVE 下单不要求 product_id",
        },
        fix: Text {
            en: "require it where trade_type is NATIVE",
            zh: "trade_type 为 NATIVE 时要求 product_id",
        },
        sources: &["https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_1"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                if is(params, "trade_type", "NATIVE") && !has(params, "product_id") {
                    set(params, "product_id", "x");
                }
            })
        }),
    },
    Mistake {
        id: "wechat-request-product-id-always",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "product_id is required of a JSAPI order, as the message of the PHP SDK says",
            zh: "按 PHP SDK 的提示语在 JSAPI 下单时要求 product_id",
        },
        fix: Text {
            en: "require it where trade_type is NATIVE, and nowhere else",
            zh: "只在 trade_type 为 NATIVE 时要求",
        },
        sources: &["official PHP SDK 3.0 (the message for a missing product_id)"],
        twin: Twin::Around(|inner, ask| {
            refused_to(inner, ask, |path, params| {
                path == ORDER && !is(params, "trade_type", "NATIVE") && !has(params, "product_id")
            })
        }),
    },
    Mistake {
        id: "wechat-request-trade-type-any",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text { en: "trade_type is not looked at", zh: "不检查 trade_type 的取值" },
        fix: Text {
            en: "accept JSAPI, NATIVE, APP and MWEB",
            zh: "只接受 JSAPI、NATIVE、APP、MWEB",
        },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |path, params| {
                if path == ORDER && !KINDS.iter().any(|kind| is(params, "trade_type", kind)) {
                    rewrite(params, &["trade_type"], |_| "APP".into());
                }
            })
        }),
    },
    Mistake {
        id: "wechat-request-trade-type-any-case",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "trade_type is compared without regard to case",
            zh: "比较 trade_type 时不区分大小写",
        },
        fix: Text { en: "compare as it is written", zh: "按原文比较" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |_, params| {
                rewrite(params, &["trade_type"], str::to_uppercase);
            })
        }),
    },
    Mistake {
        id: "wechat-request-order-not-named",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a query or refund that names no order is accepted",
            zh: "没有指明订单的查询或退款也被接受",
        },
        fix: Text { en: "require one of the numbers", zh: "要求单号之一" },
        sources: &["official PHP SDK 3.0, which checks it"],
        twin: Twin::Around(|inner, ask| {
            changed_to(inner, ask, |path, params| {
                if path != ORDER && !has(params, "transaction_id") {
                    set(params, "transaction_id", "1");
                }
            })
        }),
    },
    Mistake {
        id: "wechat-request-query-by-transaction-id-only",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a query without transaction_id is refused",
            zh: "没有 transaction_id 的查询被拒绝",
        },
        fix: Text { en: "accept either number", zh: "两个单号有其一即可" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            refused_to(inner, ask, |path, params| path == QUERY && !has(params, "transaction_id"))
        }),
    },
    Mistake {
        id: "wechat-request-query-by-out-trade-no-only",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a query without out_trade_no is refused",
            zh: "没有 out_trade_no 的查询被拒绝",
        },
        fix: Text { en: "accept either number", zh: "两个单号有其一即可" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            refused_to(inner, ask, |path, params| path == QUERY && !has(params, "out_trade_no"))
        }),
    },
    Mistake {
        id: "wechat-request-query-by-both-refused",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a query with both numbers is refused", zh: "同时带两个单号的查询被拒绝"
        },
        fix: Text {
            en: "accept both: transaction_id counts",
            zh: "可以同时出现，以 transaction_id 为准",
        },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            refused_to(inner, ask, |path, params| {
                path == QUERY && has(params, "transaction_id") && has(params, "out_trade_no")
            })
        }),
    },
    Mistake {
        id: "wechat-request-refund-query-all-numbers",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a query of refunds needs every number", zh: "查询退款要求所有单号"
        },
        fix: Text { en: "accept any one of the four", zh: "四个单号有其一即可" },
        sources: &["derived from the table of the interface"],
        twin: Twin::Around(|inner, ask| {
            refused_to(inner, ask, |path, params| {
                path == REFUND_QUERY
                    && ["refund_id", "out_refund_no", "transaction_id", "out_trade_no"]
                        .iter()
                        .any(|name| !has(params, name))
                    && has(params, "appid")
                    && ["refund_id", "out_refund_no", "transaction_id", "out_trade_no"]
                        .iter()
                        .any(|name| has(params, name))
            })
        }),
    },
];

const ORDER: &str = "/pay/unifiedorder";
const QUERY: &str = "/pay/orderquery";
const REFUND_QUERY: &str = "/pay/refundquery";
const KINDS: [&str; 4] = ["JSAPI", "NATIVE", "APP", "MWEB"];
