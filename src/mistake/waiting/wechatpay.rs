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
        id: "paysign-parameter-case",
        title: Text {
            en: "WeChat: parameter names differ between signing and calling",
            zh: "微信：签名时与调用时的参数名大小写不同",
        },
        needs: Needs::Protocol(&["wechatpay-v2", "wechatpay-v3"]),
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
        id: "paysign-reuses-order-sign",
        title: Text {
            en: "WeChat: the order's sign is reused as paySign",
            zh: "微信：把下单的 sign 当作 paySign",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "paysign-package-prefix",
        title: Text {
            en: "WeChat: package lacks 'prepay_id='",
            zh: "微信：package 缺少 prepay_id=",
        },
        needs: Needs::Protocol(&["wechatpay-v2", "wechatpay-v3"]),
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
        id: "paysign-timestamp-form",
        title: Text {
            en: "WeChat: the timestamp has the wrong form", zh: "微信：时间戳格式不对"
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
        id: "digest-hmac-literal",
        title: Text {
            en: "The algorithm's name is misspelled in sign_type",
            zh: "sign_type 中的算法名拼写错误",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "digest-paysign-other-algorithm",
        title: Text {
            en: "The second signature uses another algorithm than the order",
            zh: "第二次签名的算法与下单时不同",
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
        id: "compare-fail-only-test",
        title: Text {
            en: "Only the explicit word FAIL is rejected",
            zh: "只拒绝明确写着 FAIL 的报文",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
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
        id: "xml-refund-info-key",
        title: Text {
            en: "WeChat refund notification: wrong key derivation for req_info",
            zh: "微信退款通知：req_info 的密钥推导错误",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "xml-refund-info-unsigned",
        title: Text {
            en: "A refund notification is trusted without decryption succeeding",
            zh: "退款通知未成功解密就被信任",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "notify-only-return-code",
        title: Text {
            en: "WeChat: return_code is taken for the payment result",
            zh: "微信：把 return_code 当作支付结果",
        },
        needs: Needs::Protocol(&["wechatpay-v2"]),
    },
    Waiting {
        id: "notify-unit-fen-yuan",
        title: Text { en: "Fen and yuan are mixed up", zh: "分与元混淆" },
        needs: Needs::Protocol(&["wechatpay-v2", "wechatpay-v3"]),
    },
];
