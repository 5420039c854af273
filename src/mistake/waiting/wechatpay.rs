//! Mistakes on WeChat Pay alone.

use super::{Needs, Waiting};
use crate::mistake::Text;

pub(super) const WAITING: &[Waiting] = &[
    Waiting {
        id: "filter-sign-type-dropped-wechat-v2",
        title: Text {
            en: "WeChat v2: sign_type is removed from the signed string",
            zh: "微信 v2：sign_type 没有参与签名",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "join-wechat-key-bare",
        title: Text {
            en: "WeChat v2: the key is appended bare",
            zh: "微信 v2：密钥直接拼接，没有 &key=",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "join-v3-body-twice",
        title: Text {
            en: "WeChat v3: the body is appended twice",
            zh: "微信 v3：请求体被拼接了两次",
        },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
    Waiting {
        id: "paysign-v3-app-lines",
        title: Text {
            en: "WeChat v3: the lines of the client signature are those of another scene",
            zh: "微信 v3：客户端签名的各行用了另一场景的内容",
        },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
    Waiting {
        id: "encode-cdata-markup-signed",
        title: Text {
            en: "CDATA markup is passed as the value and signed",
            zh: "CDATA 标记被当作值参与签名",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "encode-xml-global-replace",
        title: Text {
            en: "A global text replacement on the outgoing XML changes values",
            zh: "对发出的 XML 做全局文本替换，改变了值",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "encode-xml-equal-values-lost",
        title: Text {
            en: "Two fields with equal values collapse when the XML is built",
            zh: "生成 XML 时值相同的两个字段被合并",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "key-merchant-certificate-instead-of-platform",
        title: Text {
            en: "WeChat v3: the merchant API certificate is used for verification",
            zh: "微信 v3：用商户 API 证书验签",
        },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
    Waiting {
        id: "key-wechat-v2-v3-secret-swapped",
        title: Text {
            en: "The APIv2 secret is used where the APIv3 secret belongs, or the reverse",
            zh: "APIv2 密钥与 APIv3 密钥用反",
        },
        needs: Needs::Protocol(&["wechatpay-v2", "wechatpay-v3"]),
    },
    Waiting {
        id: "digest-wechat-case",
        title: Text {
            en: "WeChat v2 digest has the wrong letter case",
            zh: "微信 v2：摘要的大小写不对",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "digest-notify-hmac-vs-md5",
        title: Text {
            en: "Notification is verified with the other digest",
            zh: "用另一种摘要验证通知",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "digest-hmac-without-key-suffix",
        title: Text {
            en: "HMAC is computed over the string without the '&key=' suffix",
            zh: "计算 HMAC 时字符串没有 &key= 后缀",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "parse-body-already-consumed",
        title: Text {
            en: "The request body was already read, so an empty body is verified",
            zh: "请求体已被读取，验签的是空请求体",
        },
        needs: Needs::Protocol(&["wechatpay-v2", "wechatpay-v3"]),
    },
    Waiting {
        id: "xml-external-entity-incomplete-fix",
        title: Text {
            en: "Entity protection is set on one parser or with the wrong switch",
            zh: "实体防护只加在一个解析器上，或用错了开关",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "xml-empty-element-becomes-array",
        title: Text {
            en: "An empty element is parsed as an array or object",
            zh: "空元素被解析成数组或对象",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "xml-duplicate-elements",
        title: Text {
            en: "Repeated or nested elements are resolved differently by checker and user",
            zh: "重复或嵌套的元素：检查方与使用方取值不同",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "xml-content-type-selects-scheme",
        title: Text {
            en: "The request's Content-Type picks an unauthenticated parser",
            zh: "请求的 Content-Type 选中了不做验证的解析器",
        },
        needs: Needs::Protocol(&["wechatpay-v2", "wechatpay-v3"]),
    },
    Waiting {
        id: "cert-serial-form-v3",
        title: Text {
            en: "WeChat serial numbers are compared in different notations",
            zh: "微信证书序列号以不同写法比较",
        },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
    Waiting {
        id: "cert-rotation",
        title: Text {
            en: "Platform certificates are cached for ever or only the newest one is kept",
            zh: "平台证书永久缓存，或只保留最新一张",
        },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
    Waiting {
        id: "cert-public-key-mode",
        title: Text {
            en: "The new public-key mode (PUB_KEY_ID_...) is not handled",
            zh: "没有处理新的公钥模式（PUB_KEY_ID_…）",
        },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
    Waiting {
        id: "endpoint-headers-stripped",
        title: Text {
            en: "A proxy removes the Wechatpay-* headers",
            zh: "代理去掉了 Wechatpay-* 头",
        },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
    Waiting {
        id: "endpoint-host-header-bypass",
        title: Text {
            en: "Verification is skipped for local requests as claimed by the request itself",
            zh: "请求自称来自本机就跳过验签",
        },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
    Waiting {
        id: "endpoint-probe-not-rejected",
        title: Text {
            en: "WeChat's deliberately wrong signatures are acknowledged or crash the handler",
            zh: "微信故意发送的错误签名被确认，或使处理程序崩溃",
        },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
    Waiting {
        id: "replay-timestamp-ignored",
        title: Text {
            en: "WeChat v3: the signed timestamp is not checked",
            zh: "微信 v3：没有检查已签名的时间戳",
        },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
    Waiting {
        id: "replay-timestamp-optional",
        title: Text {
            en: "The freshness check runs only if the header is present",
            zh: "只有带时间戳头才检查时效",
        },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
    Waiting {
        id: "replay-timestamp-one-sided",
        title: Text { en: "Only old timestamps are refused", zh: "只拒绝过旧的时间戳" },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
    Waiting {
        id: "replay-test-with-old-capture",
        title: Text {
            en: "A test replays an old capture and blames the signature",
            zh: "测试重放旧报文，却归咎于签名",
        },
        needs: Needs::Protocol(&["wechatpay-v3"]),
    },
];
