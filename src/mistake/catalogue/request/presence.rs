//! Which parameters must be there.

use super::{
    accepted, changed, changed_to, get, has, is, refused, refused_to, remove, rewrite, set,
};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::mapi::service::{Presence, Service};
use crate::protocol::wechatpay::request::INTERFACES;
use crate::suite::answer::{Answer, Rejection};
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::TextPairs;
use crate::vector::operation::Operation;
use crate::vector::reason::Reason;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "request-presence-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "what is there is checked, and that something is missing goes unnoticed",
            zh: "只检查已有的参数，缺少必填参数也不察觉",
        },
        fix: Text {
            en: "require what the table of the service requires",
            zh: "按服务的参数表检查必填项",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(presence_not_checked),
    },
    Mistake {
        id: "request-empty-counted-as-present",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a required parameter with an empty value counts as present, though it will not be sent",
            zh: "必填参数值为空也算存在，尽管它不会被发送",
        },
        fix: Text { en: "an empty value is a missing one", zh: "空值等于缺失" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| changed_to(inner, ask, |_, params| fill_empty(params))),
    },
    Mistake {
        id: "request-service-not-checked",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a service that the gateway does not have is accepted",
            zh: "网关不存在的 service 也被接受",
        },
        fix: Text {
            en: "accept only the names of services, as they are written",
            zh: "只接受确实存在的服务名",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| accepted(inner, ask, names_no_service)),
    },
    Mistake {
        id: "request-unknown-parameter-refused",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a parameter that the table does not name is refused",
            zh: "拒绝参数表里没有的参数",
        },
        fix: Text {
            en: "let it through: the gateway keeps adding parameters, and it is signed like any other",
            zh: "应当放行：网关会不断增加参数，它们照常参与签名",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| refused_to(inner, ask, has_unknown)),
    },
    Mistake {
        id: "request-seller-not-required",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a request that names no seller is accepted",
            zh: "没有指明卖家的请求也被接受",
        },
        fix: Text {
            en: "require one of the names of the seller", zh: "要求至少有一个卖家参数"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if !SELLERS.iter().any(|name| has(params, name)) && !has(params, "seller_user_id") {
                    set(params, "seller_email", "seller@example.com");
                }
            })
        }),
    },
    Mistake {
        id: "request-seller-names-exclusive",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a request with two names of the seller is refused",
            zh: "同时带有两个卖家参数的请求被拒绝",
        },
        fix: Text { en: "accept any number of them", zh: "可以同时出现多个" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                SELLERS.iter().filter(|name| has(params, name)).count() > 1
            })
        }),
    },
    Mistake {
        id: "request-refund-by-seller-email-refused",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a batch refund without seller_user_id is refused, though it has seller_email",
            zh: "批量退款有 seller_email 而没有 seller_user_id 就被拒绝",
        },
        fix: Text { en: "accept either", zh: "两者有其一即可" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                is(params, "service", REFUND) && !has(params, "seller_user_id")
            })
        }),
    },
    Mistake {
        id: "request-defaultbank-not-required",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "bankPay is accepted without the bank",
            zh: "bankPay 没有指定银行也被接受",
        },
        fix: Text {
            en: "require defaultbank with paymethod=bankPay",
            zh: "paymethod=bankPay 时要求 defaultbank",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if is(params, "paymethod", "bankPay") && !has(params, "defaultbank") {
                    set(params, "defaultbank", "ICBCB2C");
                }
            })
        }),
    },
    Mistake {
        id: "request-defaultbank-without-bankpay",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a bank is accepted without paymethod",
            zh: "没有 paymethod 也接受指定银行",
        },
        fix: Text {
            en: "require paymethod=bankPay with defaultbank",
            zh: "有 defaultbank 时要求 paymethod=bankPay",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if has(params, "defaultbank") && !has(params, "paymethod") {
                    set(params, "paymethod", "bankPay");
                }
            })
        }),
    },
    Mistake {
        id: "request-paymethod-case-insensitive",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "paymethod is compared without regard to case",
            zh: "比较 paymethod 时不区分大小写",
        },
        fix: Text { en: "send bankPay as it is written", zh: "按原样写作 bankPay" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                rewrite(params, &["paymethod"], |method| {
                    if method.eq_ignore_ascii_case("bankPay") {
                        "bankPay".into()
                    } else {
                        method.into()
                    }
                })
            })
        }),
    },
    Mistake {
        id: "request-logistics-not-required",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "an escrow request without a complete logistics triple is accepted",
            zh: "担保交易请求缺少完整的物流参数也被接受",
        },
        fix: Text {
            en: "require logistics_type, logistics_fee and logistics_payment",
            zh: "要求 logistics_type、logistics_fee 与 logistics_payment 齐全",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if is_escrow(params) {
                    for (name, value) in LOGISTICS {
                        if !has(params, name) {
                            set(params, name, value);
                        }
                    }
                }
            })
        }),
    },
    Mistake {
        id: "request-further-logistics-incomplete",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a second or third logistics triple may be incomplete",
            zh: "第二、第三组物流参数可以不完整",
        },
        fix: Text {
            en: "require each of them whole or not at all", zh: "每一组要么齐全要么没有"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| drop_incomplete(params, &FURTHER))
        }),
    },
    Mistake {
        id: "request-receiver-incomplete",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "some of name, address and zip of the receiver may be missing",
            zh: "收货人的姓名、地址、邮编可以只有一部分",
        },
        fix: Text { en: "require all three or none", zh: "三者要么齐全要么都没有" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| drop_incomplete(params, &[RECEIVER]))
        }),
    },
    Mistake {
        id: "request-transport-type-not-required",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a shipment without a type of transport is accepted",
            zh: "发货确认没有物流方式也被接受",
        },
        fix: Text {
            en: "require transport_type or create_transport_type",
            zh: "要求 transport_type 或 create_transport_type",
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if !has(params, "transport_type") && !has(params, "create_transport_type") {
                    set(params, "transport_type", "EXPRESS");
                }
            })
        }),
    },
    Mistake {
        id: "request-create-transport-type-refused",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a shipment without transport_type is refused, though it has create_transport_type",
            zh: "发货确认有 create_transport_type 而没有 transport_type 就被拒绝",
        },
        fix: Text { en: "accept either", zh: "两者有其一即可" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                is(params, "service", SHIPMENT) && !has(params, "transport_type")
            })
        }),
    },
    Mistake {
        id: "request-query-without-number",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a query that names no trade is accepted",
            zh: "没有指明交易的查询也被接受",
        },
        fix: Text {
            en: "require trade_no or out_trade_no", zh: "要求 trade_no 或 out_trade_no"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |params| {
                if !has(params, "trade_no") && !has(params, "out_trade_no") {
                    set(params, "out_trade_no", "1");
                }
            })
        }),
    },
    Mistake {
        id: "request-query-by-trade-no-only",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a query without trade_no is refused, though it has out_trade_no",
            zh: "查询有 out_trade_no 而没有 trade_no 就被拒绝",
        },
        fix: Text { en: "accept either", zh: "两者有其一即可" },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| is(params, "service", QUERY) && !has(params, "trade_no"))
        }),
    },
    Mistake {
        id: "request-query-by-both-refused",
        area: Area::Request,
        severity: Severity::Interop,
        what: Text {
            en: "a query with trade_no and out_trade_no is refused",
            zh: "同时带有 trade_no 与 out_trade_no 的查询被拒绝",
        },
        fix: Text {
            en: "accept both: trade_no counts", zh: "可以同时出现，以 trade_no 为准"
        },
        sources: &["derived from the table of the service"],
        twin: Twin::Around(|inner, ask| {
            refused(inner, ask, |params| {
                is(params, "service", QUERY)
                    && has(params, "trade_no")
                    && has(params, "out_trade_no")
            })
        }),
    },
];

const SELLERS: [&str; 3] = ["seller_id", "seller_account_name", "seller_email"];
const LOGISTICS: [(&str, &str); 3] =
    [("logistics_type", "EXPRESS"), ("logistics_fee", "0.00"), ("logistics_payment", "SELLER_PAY")];
const FURTHER: [[&str; 3]; 2] = [
    ["logistics_type_1", "logistics_fee_1", "logistics_payment_1"],
    ["logistics_type_2", "logistics_fee_2", "logistics_payment_2"],
];
const RECEIVER: [&str; 3] = ["receive_name", "receive_address", "receive_zip"];
const REFUND: &str = "refund_fastpay_by_platform_pwd";
const SHIPMENT: &str = "send_goods_confirm_by_platform";
const QUERY: &str = "single_trade_query";

fn presence_not_checked(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let answer = inner.perform(ask);
    match &answer {
        Answer::Reject(Rejection { reason: Some(Reason::MissingField), .. })
            if ask.operation == Operation::CheckRequest =>
        {
            Answer::verdict(true)
        }
        _ => answer,
    }
}

fn fill_empty(params: &mut TextPairs) {
    for (name, value) in params.iter_mut().filter(|(_, value)| value.is_empty()) {
        *value = match name.as_str() {
            "service" => continue,
            "_input_charset" => "utf-8".into(),
            _ => "1".into(),
        };
    }
}

fn names_no_service(params: &TextPairs) -> bool {
    get(params, "service").is_some_and(|service| Service::named(service).is_none())
}

fn has_unknown(path: &str, params: &TextPairs) -> bool {
    let interface = || INTERFACES.iter().find(|interface| interface.name == path);
    let service = get(params, "service").and_then(Service::named).or_else(interface);
    let Some(service) = service else { return false };
    let mut known = service.required.to_vec();
    known.extend(service.parameters.iter().copied().flatten().map(|parameter| parameter.name));
    for presence in service.presence {
        match *presence {
            Presence::OneOf(names) | Presence::Together(names) => known.extend(names),
            Presence::Exclusive(first, others) => {
                known.push(first);
                known.extend(others);
            }
            Presence::With { parameter, other, .. } | Presence::When { parameter, other, .. } => {
                known.extend([parameter, other]);
            }
        }
    }
    params.iter().any(|(name, _)| !known.contains(&name.as_str()))
}

fn is_escrow(params: &TextPairs) -> bool {
    ["create_partner_trade_by_buyer", "trade_create_by_buyer"]
        .iter()
        .any(|service| is(params, "service", service))
}

/// Takes away every group that is there in part.
fn drop_incomplete(params: &mut TextPairs, groups: &[[&str; 3]]) {
    for group in groups {
        if !group.iter().all(|name| has(params, name)) {
            remove(params, group);
        }
    }
}
