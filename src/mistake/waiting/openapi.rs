//! Mistakes on Alipay's open platform, some of them on others as well.

use super::{Needs, Waiting};
use crate::mistake::Text;

pub(super) const WAITING: &[Waiting] = &[
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
        needs: Needs::Question,
    },
    Waiting {
        id: "charset-content-type-missing",
        title: Text {
            en: "The request does not declare its charset, so notifications arrive in GBK",
            zh: "请求没有声明字符集，通知因而以 GBK 到达",
        },
        needs: Needs::Question,
    },
    Waiting {
        id: "charset-header-overrides-signed-charset",
        title: Text {
            en: "The unsigned Content-Type decides how a signed text is decoded",
            zh: "未签名的 Content-Type 决定如何解码已签名的文本",
        },
        needs: Needs::Question,
    },
    Waiting {
        id: "key-sandbox-key-in-production",
        title: Text {
            en: "Sandbox keys or gateways remain accepted in production",
            zh: "生产环境仍接受沙箱密钥或沙箱网关",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "rsa-garbage-signature-crashes",
        title: Text {
            en: "A signature that is not base64 (or of odd length) crashes the handler",
            zh: "签名不是 base64（或长度为奇数）时处理程序崩溃",
        },
        needs: Needs::Endpoint,
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
        id: "cert-sn-computation",
        title: Text {
            en: "Alipay certificate serial (SN) is computed wrongly",
            zh: "支付宝证书序列号（SN）计算错误",
        },
        needs: Needs::Protocol(&["openapi-v2", "openapi-v3"]),
    },
    Waiting {
        id: "cert-lookup-triggered-by-caller",
        title: Text {
            en: "An unknown serial makes the endpoint call the platform",
            zh: "未知序列号会触发端点请求平台",
        },
        needs: Needs::Protocol(&["openapi-v2", "wechatpay-v3"]),
    },
    Waiting {
        id: "cert-not-validated",
        title: Text {
            en: "A certificate named or supplied from outside is used without validation",
            zh: "外部指定或提供的证书未经验证就使用",
        },
        needs: Needs::Protocol(&["openapi-v2", "wechatpay-v3"]),
    },
    Waiting {
        id: "cert-mode-mixed",
        title: Text {
            en: "Certificate mode and plain-key mode are mixed",
            zh: "证书模式与普通公钥模式混用",
        },
        needs: Needs::Protocol(&["openapi-v2"]),
    },
    Waiting {
        id: "endpoint-ack-format",
        title: Text {
            en: "The acknowledgement has the wrong form for the protocol",
            zh: "应答的格式不符合协议",
        },
        needs: Needs::Endpoint,
    },
];
