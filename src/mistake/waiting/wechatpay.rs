//! Mistakes on WeChat Pay alone.

use super::{Needs, Waiting};
use crate::mistake::Text;

pub(super) const WAITING: &[Waiting] = &[
    Waiting {
        id: "paysign-parameter-case",
        title: Text {
            en: "WeChat: parameter names differ between signing and calling",
            zh: "微信：签名时与调用时的参数名大小写不同",
        },
        needs: Needs::Protocol(&["wechatpay-v2", "wechatpay-v3"]),
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
        id: "paysign-timestamp-form",
        title: Text {
            en: "WeChat: the timestamp has the wrong form", zh: "微信：时间戳格式不对"
        },
        needs: Needs::Protocol(&["wechatpay-v2", "wechatpay-v3"]),
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
        id: "compare-fail-only-test",
        title: Text {
            en: "Only the explicit word FAIL is rejected",
            zh: "只拒绝明确写着 FAIL 的报文",
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
    Waiting {
        id: "replay-test-with-old-capture",
        title: Text {
            en: "A test replays an old capture and blames the signature",
            zh: "测试重放旧报文，却归咎于签名",
        },
        needs: Needs::Inspection,
    },
];
