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
        id: "join-v3-final-newline-missing",
        title: Text {
            en: "WeChat v3: the final newline is missing",
            zh: "微信 v3：缺少最后的换行符",
        },
        needs: Needs::Protocol(&["openapi-v3", "wechatpay-v3"]),
    },
    Waiting {
        id: "join-v3-query-not-signed",
        title: Text {
            en: "v3: the query string is left out of the signed URL line",
            zh: "v3：签名的 URL 行没有包含查询串",
        },
        needs: Needs::Protocol(&["openapi-v3", "wechatpay-v3"]),
    },
    Waiting {
        id: "join-v3-path-form",
        title: Text {
            en: "v3: URL line has a host, lacks the leading slash or gets a stray '?'",
            zh: "v3：URL 行带了主机、缺少开头的斜杠或多出问号",
        },
        needs: Needs::Protocol(&["openapi-v3", "wechatpay-v3"]),
    },
    Waiting {
        id: "join-v3-get-body-not-empty",
        title: Text {
            en: "v3: a GET request is signed with a non-empty body line",
            zh: "v3：GET 请求签名时请求体行不为空",
        },
        needs: Needs::Protocol(&["openapi-v3", "wechatpay-v3"]),
    },
    Waiting {
        id: "join-v3-app-auth-token-line-missing",
        title: Text {
            en: "OpenAPI v3: the app_auth_token line is left out when acting for a merchant",
            zh: "OpenAPI v3：代商户调用时缺少 app_auth_token 行",
        },
        needs: Needs::Protocol(&["openapi-v3"]),
    },
    Waiting {
        id: "join-v3-auth-string-mismatch",
        title: Text {
            en: "OpenAPI v3: the signed auth string differs from the one in the Authorization header",
            zh: "OpenAPI v3：签名的 auth 串与 Authorization 头中的不同",
        },
        needs: Needs::Protocol(&["openapi-v3"]),
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
        id: "openapi-v3-timestamp-seconds",
        title: Text {
            en: "OpenAPI v3: the timestamp is in seconds",
            zh: "OpenAPI v3：时间戳以秒为单位",
        },
        needs: Needs::Protocol(&["openapi-v3"]),
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
        id: "parse-body-reserialised",
        title: Text {
            en: "The verified body is a re-serialised object",
            zh: "验签的是重新序列化的请求体",
        },
        needs: Needs::Protocol(&["openapi-v3", "wechatpay-v3"]),
    },
    Waiting {
        id: "json-response-reserialised",
        title: Text {
            en: "A synchronous response is verified over re-serialised JSON",
            zh: "同步响应按重新序列化的 JSON 验签",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "json-slash-escaping",
        title: Text {
            en: "Escaped slashes are unescaped before verification",
            zh: "验签前去掉了斜杠的转义",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "json-struct-adds-fields",
        title: Text {
            en: "Empty struct members are added to the verified response",
            zh: "验签的响应中混入了结构体的空成员",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "json-duplicate-keys",
        title: Text {
            en: "The checked node and the used node are different occurrences",
            zh: "检查的节点与使用的节点不是同一处",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "json-brace-counting-ignores-strings",
        title: Text {
            en: "The response node is cut out by counting braces",
            zh: "靠数括号截取响应节点",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "json-node-name-found-inside-value",
        title: Text {
            en: "The response node is located by searching for its name as text",
            zh: "按文本查找节点名来定位响应节点",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "json-response-verified-as-form",
        title: Text {
            en: "A synchronous response is verified with the form rule, or the reverse",
            zh: "同步响应按表单规则验签，或反之",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "json-encrypted-response",
        title: Text {
            en: "An AES-encrypted response is verified with the clear-text cut",
            zh: "AES 加密的响应按明文方式截取验签",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "json-missing-sign-accepted",
        title: Text {
            en: "A response without a signature is accepted", zh: "接受没有签名的响应"
        },
        needs: Needs::Protocol(&["openapi-v2", "openapi-v3", "wechatpay-v3"]),
    },
    Waiting {
        id: "json-verify-skipped-without-key",
        title: Text {
            en: "Verification is skipped with a warning when the public key is not configured",
            zh: "未配置公钥时只警告并跳过验签",
        },
        needs: Needs::Protocol(&["openapi-v2", "openapi-v3"]),
    },
    Waiting {
        id: "json-gbk-error-body",
        title: Text {
            en: "A GBK error text in a UTF-8 response breaks parsing or verification",
            zh: "UTF-8 响应中的 GBK 错误文本使解析或验签失败",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
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
