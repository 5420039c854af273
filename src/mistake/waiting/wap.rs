//! Mistakes on the old WAP and mobile interfaces.

use super::{Needs, Waiting};
use crate::mistake::Text;

pub(super) const WAITING: &[Waiting] = &[
    Waiting {
        id: "sort-wap-notification-sorted",
        title: Text {
            en: "WAP notifications are sorted although their order is fixed",
            zh: "WAP 通知的字段顺序固定，却被排了序",
        },
        needs: Needs::Protocol(&["wap"]),
    },
    Waiting {
        id: "sort-mobile-order-string-resent-unsorted",
        title: Text {
            en: "Mobile order string: the signed order differs from the transmitted order",
            zh: "移动支付订单串：签名的顺序与发送的顺序不同",
        },
        needs: Needs::Protocol(&["mobile"]),
    },
    Waiting {
        id: "join-mobile-values-not-quoted",
        title: Text {
            en: "Mobile order string: values are not wrapped in double quotes",
            zh: "移动支付订单串：值没有用双引号括起",
        },
        needs: Needs::Protocol(&["mobile"]),
    },
    Waiting {
        id: "xml-external-entity",
        title: Text {
            en: "External entities are resolved in WeChat's XML",
            zh: "微信 XML 解析了外部实体",
        },
        needs: Needs::Protocol(&["wap", "wechatpay-v2"]),
    },
    Waiting {
        id: "xml-entity-expansion",
        title: Text {
            en: "Nested internal entities exhaust memory", zh: "嵌套的内部实体耗尽内存"
        },
        needs: Needs::Protocol(&["wap", "wechatpay-v2"]),
    },
    Waiting {
        id: "xml-regex-extraction",
        title: Text {
            en: "Fields are cut out of signed XML with a regular expression",
            zh: "用正则表达式从已签名的 XML 中截取字段",
        },
        needs: Needs::Protocol(&["wap"]),
    },
    Waiting {
        id: "xml-wap-encrypted-data-order",
        title: Text {
            en: "WAP with RSA: notify_data is verified in the wrong state",
            zh: "RSA 的 WAP：notify_data 在错误的状态下验签",
        },
        needs: Needs::Protocol(&["wap"]),
    },
];
