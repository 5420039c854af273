//! Parameters that frameworks add to a message, and names that are let through unsigned because of it.

use super::altered::{decode_pairs, is_excluded, is_signed, with_message, with_sent};
use crate::canonical::Selection;
use crate::form::{FormError, Limits};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::{Pair, Params};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::operation::Operation;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "filter-framework-route-params",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "routing parameters of the framework (m, c, a) are verified along with the message",
            zh: "框架的路由参数（m、c、a）混入了验签的参数",
        },
        fix: Text {
            en: "hand over only what Alipay sent, taken from the raw body or query",
            zh: "只传入支付宝发送的内容，从原始报文中读取",
        },
        sources: &[
            "https://github.com/yansongda/pay/issues/158",
            "https://github.com/alipay/alipay-easysdk/issues/163",
            "https://github.com/helei112g/payment/issues/144",
        ],
        twin: Twin::Stages(|stages| stages.decode = routing_added),
    },
    Mistake {
        id: "filter-rewritten-path-added",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "the path that a rewrite rule of the web server adds as s is verified along with the message",
            zh: "Web 服务器重写规则添加的路径参数 s 混入了验签的参数",
        },
        fix: Text {
            en: "hand over only what Alipay sent, taken from the raw body or query",
            zh: "只传入支付宝发送的内容，从原始报文中读取",
        },
        sources: &[
            "https://github.com/lokielse/omnipay-alipay/issues/108",
            "https://github.com/yansongda/pay/issues/214",
        ],
        twin: Twin::Stages(|stages| stages.decode = path_added),
    },
    Mistake {
        id: "filter-query-merged-with-body",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "the query of notify_url is verified along with the posted form",
            zh: "notify_url 自带的查询串与 POST 表单合并验签",
        },
        fix: Text { en: "verify the posted form alone", zh: "只对 POST 的表单验签" },
        sources: &["https://github.com/smartwalle/alipay/issues/98"],
        twin: Twin::Stages(|stages| stages.decode = query_added),
    },
    Mistake {
        id: "filter-denylist-creates-unsigned-field",
        area: Area::Filter,
        severity: Severity::Forgery,
        what: Text {
            en: "m, c, a and code are excluded from verification by name, so anybody can add them to a genuine message",
            zh: "按名称把 m、c、a、code 排除在验签之外，任何人都能在真实报文里添加它们",
        },
        fix: Text {
            en: "refuse what Alipay did not sign, and keep routing out of the addresses of notify and return",
            zh: "拒绝支付宝没有签名的参数，不要在通知和返回地址里带路由参数",
        },
        sources: &["a published handler under phpcms, which filters m, c and a by name"],
        twin: Twin::Verifying(|stages| stages.filter = routing_excluded),
    },
    Mistake {
        id: "filter-rails-names-excluded",
        area: Area::Filter,
        severity: Severity::Forgery,
        what: Text {
            en: "controller, action and format are excluded from verification by name, so anybody can add them to a genuine message",
            zh: "按名称把 controller、action、format 排除在验签之外，任何人都能在真实报文里添加它们",
        },
        fix: Text {
            en: "refuse what Alipay did not sign, and keep routing out of the addresses of notify and return",
            zh: "拒绝支付宝没有签名的参数，不要在通知和返回地址里带路由参数",
        },
        sources: &[
            "derived from handlers under Ruby on Rails, whose captured messages hold controller and action",
        ],
        twin: Twin::Verifying(|stages| stages.filter = rails_excluded),
    },
    Mistake {
        id: "filter-rewrite-names-excluded",
        area: Area::Filter,
        severity: Severity::Forgery,
        what: Text {
            en: "s, q, route and _url are excluded from verification by name, so anybody can add them to a genuine message",
            zh: "按名称把 s、q、route、_url 排除在验签之外，任何人都能在真实报文里添加它们",
        },
        fix: Text {
            en: "refuse what Alipay did not sign, and keep routing out of the addresses of notify and return",
            zh: "拒绝支付宝没有签名的参数，不要在通知和返回地址里带路由参数",
        },
        sources: &[
            "https://github.com/lokielse/omnipay-alipay/issues/108",
            "https://github.com/yansongda/pay/issues/158",
        ],
        twin: Twin::Verifying(|stages| stages.filter = rewrite_excluded),
    },
    Mistake {
        id: "filter-multi-valued-dropped",
        area: Area::Filter,
        severity: Severity::Forgery,
        what: Text {
            en: "parameters that came more than once are dropped before verifying, so anybody can add them to a genuine message",
            zh: "出现多次的参数在验签前被丢掉，任何人都能在真实报文里添加它们",
        },
        fix: Text {
            en: "refuse a message in which a name stands twice",
            zh: "参数名重复的报文一律拒绝",
        },
        sources: &["derived from how form readers flatten lists"],
        twin: Twin::Stages(|stages| stages.decode = repeated_dropped),
    },
    Mistake {
        id: "filter-request-allow-list",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "only names of a fixed list are signed in requests, and others are sent unsigned",
            zh: "请求只对固定清单里的参数签名，其余未签名就发送",
        },
        fix: Text {
            en: "sign everything that is sent but sign and sign_type",
            zh: "除 sign 和 sign_type 外，发送什么就签什么",
        },
        sources: &["https://github.com/ascoders/alipay"],
        twin: Twin::Signing(|stages| stages.filter = requests_listed),
    },
    Mistake {
        id: "filter-notify-allow-list",
        area: Area::Filter,
        severity: Severity::Forgery,
        what: Text {
            en: "messages are verified over a fixed list of names, so unknown fields of Alipay break it and forged ones pass",
            zh: "只按固定的参数清单验签，支付宝新增字段会使验签失败，伪造的字段却能通过",
        },
        fix: Text {
            en: "sign over every parameter that came, known or not",
            zh: "对收到的全部参数验签，不论是否认识",
        },
        sources: &["https://github.com/11m09d/alipay/blob/f2df5d9bce1d/mobile_payment.go"],
        twin: Twin::Verifying(|stages| stages.filter = messages_listed),
    },
    Mistake {
        id: "filter-return-allow-list",
        area: Area::Filter,
        severity: Severity::Forgery,
        what: Text {
            en: "returns are verified over a fixed list of names, so forged fields pass",
            zh: "返回只按固定的参数清单验签，伪造的字段能通过",
        },
        fix: Text {
            en: "sign over every parameter that came, known or not",
            zh: "对收到的全部参数验签，不论是否认识",
        },
        sources: &["https://github.com/ascoders/alipay"],
        twin: Twin::Around(returns_listed),
    },
    Mistake {
        id: "filter-sign-type-not-sent",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text { en: "sign_type is not sent", zh: "没有发送 sign_type" },
        fix: Text {
            en: "send sign and sign_type besides the signed parameters",
            zh: "除签名的参数外还要发送 sign 和 sign_type",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(sign_type_not_sent),
    },
];

fn routing_added(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    added(message, limits, params, &[("m", "pay"), ("c", "notify"), ("a", "index")])
}

fn path_added(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    added(message, limits, params, &[("s", "/pay/notify")])
}

fn query_added(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    added(message, limits, params, &[("id", "123")])
}

fn added(
    message: &[u8],
    limits: Limits,
    params: &mut Params,
    others: &[(&str, &str)],
) -> Result<(), FormError> {
    decode_pairs(message, limits, params, |pairs| {
        let others = others
            .iter()
            .map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec()));
        others.chain(pairs).collect()
    })
}

fn unsigned_names(params: &Params, excluded: &[&str], selection: &mut Selection, names: &[&str]) {
    selection.select(params, |pair| is_signed(pair, excluded) && !is_excluded(pair, names));
}

fn routing_excluded(params: &Params, excluded: &[&str], selection: &mut Selection) {
    unsigned_names(params, excluded, selection, &["m", "c", "a", "code"]);
}

fn rails_excluded(params: &Params, excluded: &[&str], selection: &mut Selection) {
    unsigned_names(params, excluded, selection, &["controller", "action", "format"]);
}

fn rewrite_excluded(params: &Params, excluded: &[&str], selection: &mut Selection) {
    unsigned_names(params, excluded, selection, &["s", "q", "route", "_url"]);
}

fn repeated_dropped(message: &[u8], limits: Limits, params: &mut Params) -> Result<(), FormError> {
    decode_pairs(message, limits, params, |pairs| {
        let is_once = |name: &[u8]| pairs.iter().filter(|(other, _)| other == name).count() == 1;
        pairs.iter().filter(|(name, _)| is_once(name)).cloned().collect()
    })
}

/// What the tables of requests name most often.
const REQUEST_NAMES: &[&str] = &[
    "service",
    "partner",
    "_input_charset",
    "notify_url",
    "return_url",
    "out_trade_no",
    "subject",
    "body",
    "payment_type",
    "total_fee",
    "price",
    "quantity",
    "discount",
    "seller_id",
    "seller_email",
    "seller_account_name",
    "show_url",
    "paymethod",
    "defaultbank",
    "anti_phishing_key",
    "exter_invoke_ip",
    "extra_common_param",
    "it_b_pay",
    "logistics_type",
    "logistics_fee",
    "logistics_payment",
    "receive_name",
    "receive_address",
    "receive_zip",
    "receive_phone",
    "receive_mobile",
    "trade_no",
    "logistics_name",
    "invoice_no",
    "transport_type",
    "seller_user_id",
    "refund_date",
    "batch_no",
    "batch_num",
    "detail_data",
];

/// What the tables of notifications name.
const NOTIFICATION_NAMES: &[&str] = &[
    "notify_time",
    "notify_type",
    "notify_id",
    "out_trade_no",
    "subject",
    "payment_type",
    "trade_no",
    "trade_status",
    "gmt_create",
    "gmt_payment",
    "gmt_close",
    "refund_status",
    "gmt_refund",
    "seller_email",
    "buyer_email",
    "seller_id",
    "buyer_id",
    "price",
    "total_fee",
    "quantity",
    "body",
    "discount",
    "is_total_fee_adjust",
    "use_coupon",
    "extra_common_param",
    "is_success",
    "exterface",
    "batch_no",
    "success_num",
    "result_details",
];

/// What the table of the instant return names.
const RETURN_NAMES: &[&str] = &[
    "is_success",
    "sign_type",
    "sign",
    "out_trade_no",
    "subject",
    "payment_type",
    "exterface",
    "trade_no",
    "trade_status",
    "notify_id",
    "notify_time",
    "notify_type",
    "seller_email",
    "buyer_email",
    "seller_id",
    "buyer_id",
    "total_fee",
    "body",
    "extra_common_param",
];

fn is_listed(pair: Pair<'_>, names: &[&str]) -> bool {
    is_excluded(pair, names)
}

fn requests_listed(params: &Params, excluded: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| is_signed(pair, excluded) && is_listed(pair, REQUEST_NAMES));
}

fn messages_listed(params: &Params, excluded: &[&str], selection: &mut Selection) {
    selection
        .select(params, |pair| is_signed(pair, excluded) && is_listed(pair, NOTIFICATION_NAMES));
}

fn returns_listed(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if ask.operation != Operation::VerifyReturn {
        return inner.perform(ask);
    }
    inner.perform(&with_message(ask, |mut pairs| {
        pairs.retain(|(name, _)| RETURN_NAMES.iter().any(|listed| listed.as_bytes() == name));
        pairs
    }))
}

fn sign_type_not_sent(inner: &dyn Implementation, ask: &Ask) -> Answer {
    with_sent(ask, inner.perform(ask), |sent| sent.retain(|(name, _)| name != b"sign_type"))
}
