//! Mistakes on the legacy gateway that no question shows yet.

use super::{Needs, Waiting};
use crate::mistake::Text;

pub(super) const WAITING: &[Waiting] = &[
    Waiting {
        id: "gateway-check-skipped-without-id",
        title: Text {
            en: "The gateway check passes when notify_id is missing",
            zh: "没有 notify_id 时视为通过网关验证",
        },
        needs: Needs::Agreement,
    },
    Waiting {
        id: "gateway-check-substring",
        title: Text {
            en: "The gateway's answer is matched as a suffix",
            zh: "按后缀匹配网关的应答",
        },
        needs: Needs::Agreement,
    },
    Waiting {
        id: "gateway-check-unescaped-id",
        title: Text {
            en: "notify_id is concatenated into the check URL without escaping",
            zh: "notify_id 未转义就拼进验证地址",
        },
        needs: Needs::Agreement,
    },
    Waiting {
        id: "key-cross-channel-confusion",
        title: Text {
            en: "The key of another payment channel is used, chosen through the order number",
            zh: "按未验证的订单号选到了另一支付渠道的密钥",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "parse-duplicate-parameters",
        title: Text {
            en: "Checked and used values differ for a repeated parameter",
            zh: "重复的参数：检查的值与使用的值不同",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "parse-wrong-method-container",
        title: Text {
            en: "Parameters are read from the wrong container (GET instead of POST)",
            zh: "从错误的容器读取参数（GET 而不是 POST）",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "join-unescaped-delimiters-reframing",
        title: Text {
            en: "A signed message is re-framed because '&' and '=' are not escaped",
            zh: "& 和 = 不转义，已签名的报文可以重新切分",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "notify-client-supplied-amount",
        title: Text {
            en: "The amount to pay is taken from the client", zh: "应付金额取自客户端"
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "notify-several-live-payments-per-order",
        title: Text {
            en: "One order can have several live payments",
            zh: "一个订单可以同时有多笔有效支付",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-no-verification",
        title: Text {
            en: "The notification is not verified at all", zh: "通知完全没有验签"
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-return-url-trusted",
        title: Text {
            en: "The browser redirect (return_url) completes the order",
            zh: "浏览器跳转（return_url）直接完成订单",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-return-equals-notify",
        title: Text {
            en: "return_url and notify_url share one handler",
            zh: "return_url 与 notify_url 共用一个处理程序",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-success-body-polluted",
        title: Text {
            en: "The answer is not exactly the expected text",
            zh: "应答不是规定的文本本身",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-ack-before-commit",
        title: Text {
            en: "Success is acknowledged although the work failed",
            zh: "处理失败却已回复 success",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-redirects",
        title: Text {
            en: "The notification handler redirects", zh: "通知处理程序返回跳转"
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-csrf-or-login-wall",
        title: Text {
            en: "CSRF protection or login middleware blocks the platform",
            zh: "CSRF 防护或登录中间件挡住了平台",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-waf-or-cache-block",
        title: Text {
            en: "A firewall, user-agent filter or cache stands in front of the handler",
            zh: "处理程序前面有防火墙、User-Agent 过滤或缓存",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-session-needed",
        title: Text {
            en: "The handler depends on the buyer's session",
            zh: "处理程序依赖买家的会话",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-ip-allowlist-instead-of-signature",
        title: Text {
            en: "The caller's address replaces the signature", zh: "用来源地址代替签名"
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-use-before-verify",
        title: Text {
            en: "Fields are used in queries or logs before verification",
            zh: "验签之前就把字段用于查询或日志",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-open-pay-success-route",
        title: Text {
            en: "Another public route marks orders as paid",
            zh: "另有公开路由可把订单标记为已支付",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "endpoint-slow",
        title: Text {
            en: "Long work is done before answering", zh: "应答之前做了耗时的工作"
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "replay-race",
        title: Text { en: "Two deliveries run at the same time", zh: "两次投递同时处理" },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "gateway-check-tls-not-verified",
        title: Text {
            en: "The gateway check does not verify the server certificate",
            zh: "网关验证时没有校验服务器证书",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "gateway-check-partner-from-message",
        title: Text {
            en: "partner for the check comes from the message",
            zh: "验证所用的 partner 取自报文",
        },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "gateway-check-late",
        title: Text { en: "The gateway check runs too late", zh: "网关验证做得太晚" },
        needs: Needs::Endpoint,
    },
    Waiting {
        id: "key-secret-in-client",
        title: Text {
            en: "Signing secret or private key is shipped in the app or page",
            zh: "签名密钥或私钥随应用或页面一起分发",
        },
        needs: Needs::Inspection,
    },
    Waiting {
        id: "compare-not-constant-time",
        title: Text {
            en: "Digest comparison is not constant-time", zh: "摘要比较不是恒定时间"
        },
        needs: Needs::Inspection,
    },
    Waiting {
        id: "notify-currency-not-checked",
        title: Text { en: "Currency is not compared", zh: "没有比较币种" },
        needs: Needs::Question,
    },
    Waiting {
        id: "replay-dedupe-by-notify-id-only",
        title: Text { en: "Deduplication uses notify_id alone", zh: "只按 notify_id 去重" },
        needs: Needs::Question,
    },
];
