//! Mistakes on Alipay's open platform, some of them on others as well.

use super::{Needs, Waiting};
use crate::mistake::Text;

pub(super) const WAITING: &[Waiting] = &[
    Waiting {
        id: "filter-sign-type-removed-from-openapi-request",
        title: Text {
            en: "The MAPI rule (drop sign_type) is applied when signing an OpenAPI v2 request",
            zh: "签名 OpenAPI v2 请求时套用 MAPI 规则去掉了 sign_type",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "filter-sign-type-dropped-where-service-window-keeps-it",
        title: Text {
            en: "Service-account (lifestyle account) notifications are verified with sign_type removed",
            zh: "服务窗（生活号）通知验签时去掉了 sign_type",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "filter-empty-in-order-string",
        title: Text {
            en: "Empty parameters are skipped when signing but still transmitted",
            zh: "空参数签名时被跳过，却仍然发送",
        },
        needs: Needs::Protocol(&["mobile", "openapi-v2"]),
    },
    Waiting {
        id: "filter-empty-dropped-where-all-signed",
        title: Text {
            en: "A verifier drops or trims values that the sender signed as they are",
            zh: "验签方丢弃或裁剪了发送方原样签名的值",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "filter-at-prefixed-values-skipped",
        title: Text {
            en: "Values that begin with @ are left out of the signed string",
            zh: "以 @ 开头的值没有参与签名",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "filter-fixed-field-list",
        title: Text {
            en: "Only the fields known to a struct or schema are verified",
            zh: "只对结构体或模式中已知的字段验签",
        },
        needs: Needs::Protocol(&["openapi-v2", "wechatpay-v2"]),
    },
    Waiting {
        id: "encode-passback-params-single-encoding",
        title: Text {
            en: "passback_params is sent unencoded or decoded before verifying",
            zh: "passback_params 未编码就发送，或验签前已解码",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "encode-json-signed-differs-from-sent",
        title: Text {
            en: "One JSON serialisation is signed, another one is sent",
            zh: "签名用的 JSON 与发送的 JSON 序列化不同",
        },
        needs: Needs::Protocol(&["openapi-v2", "openapi-v3", "wechatpay-v3"]),
    },
    Waiting {
        id: "encode-log-escaped-replay",
        title: Text {
            en: "A log's escaped copy of the body is verified",
            zh: "用日志里转义过的报文副本验签",
        },
        needs: Needs::Protocol(&["openapi-v2", "wechatpay-v2", "wechatpay-v3"]),
    },
    Waiting {
        id: "openapi-v2-timestamp-zone",
        title: Text {
            en: "OpenAPI v2: the timestamp is in another time zone",
            zh: "OpenAPI v2：时间戳用了别的时区",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "charset-absent-from-url",
        title: Text {
            en: "The charset parameter is not in the gateway URL of a form post",
            zh: "表单提交时网关地址中没有 charset 参数",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "charset-spelling-differs",
        title: Text {
            en: "The charset is spelled differently in the URL and in the signed parameters",
            zh: "地址中与签名参数中的 charset 写法不同",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "charset-content-type-missing",
        title: Text {
            en: "The request does not declare its charset, so notifications arrive in GBK",
            zh: "请求没有声明字符集，通知因而以 GBK 到达",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "charset-header-overrides-signed-charset",
        title: Text {
            en: "The unsigned Content-Type decides how a signed text is decoded",
            zh: "未签名的 Content-Type 决定如何解码已签名的文本",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "key-sandbox-key-in-production",
        title: Text {
            en: "Sandbox keys or gateways remain accepted in production",
            zh: "生产环境仍接受沙箱密钥或沙箱网关",
        },
        needs: Needs::Protocol(&["openapi-v2", "wechatpay-v2", "wechatpay-v3"]),
    },
    Waiting {
        id: "rsa-garbage-signature-crashes",
        title: Text {
            en: "A signature that is not base64 (or of odd length) crashes the handler",
            zh: "签名不是 base64（或长度为奇数）时处理程序崩溃",
        },
        needs: Needs::Protocol(&["openapi-v2", "wechatpay-v3"]),
    },
    Waiting {
        id: "parse-empty-to-null",
        title: Text {
            en: "Empty strings are turned into null (or the text null)",
            zh: "空字符串被转成 null（或文本 null）",
        },
        needs: Needs::Protocol(&["openapi-v2", "wechatpay-v2"]),
    },
    Waiting {
        id: "json-verify-skipped-without-key",
        title: Text {
            en: "Verification is skipped with a warning when the public key is not configured",
            zh: "未配置公钥时只警告并跳过验签",
        },
        needs: Needs::Question,
    },
    Waiting {
        id: "cert-lookup-triggered-by-caller",
        title: Text {
            en: "An unknown serial makes the endpoint call the platform",
            zh: "未知序列号会触发端点请求平台",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "cert-sn-missing-on-return",
        title: Text {
            en: "Verification needs alipay_cert_sn but page redirects do not carry it",
            zh: "验签需要 alipay_cert_sn，而页面跳转不带它",
        },
        needs: Needs::Question,
    },
    Waiting {
        id: "cert-mode-mixed",
        title: Text {
            en: "Certificate mode and plain-key mode are mixed",
            zh: "证书模式与普通公钥模式混用",
        },
        needs: Needs::Question,
    },
    Waiting {
        id: "notify-wrong-amount-field",
        title: Text {
            en: "The wrong amount field is compared or booked",
            zh: "比较或入账用了错误的金额字段",
        },
        needs: Needs::Protocol(&["openapi-v2", "wechatpay-v2", "wechatpay-v3"]),
    },
    Waiting {
        id: "endpoint-ack-format",
        title: Text {
            en: "The acknowledgement has the wrong form for the protocol",
            zh: "应答的格式不符合协议",
        },
        needs: Needs::Protocol(&["openapi-v2", "wechatpay-v2", "wechatpay-v3"]),
    },
    Waiting {
        id: "replay-cross-purpose",
        title: Text {
            en: "A genuine message of one kind is accepted by the handler of another kind",
            zh: "一类报文被另一类的处理程序接受",
        },
        needs: Needs::Protocol(&["openapi-v2", "wechatpay-v2", "wechatpay-v3"]),
    },
];
