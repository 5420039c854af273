//! Mistakes on Alipay's open platform, some of them on others as well.

use super::{Needs, Waiting};
use crate::mistake::Text;

pub(super) const WAITING: &[Waiting] = &[
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
        id: "cert-mode-mixed",
        title: Text {
            en: "Certificate mode and plain-key mode are mixed",
            zh: "证书模式与普通公钥模式混用",
        },
        needs: Needs::Question,
    },
];
