//! The parameters with which a page or an app calls up the wallet.

use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::WECHATPAY_V2;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::{Client, Input, TextPairs};
use crate::vector::operation::Operation;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "paysign-parameter-case",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "the names that are signed are not those that the client submits: timestamp for timeStamp, appId for appid",
            zh: "签名用的参数名与客户端提交的不同：timeStamp 与 timestamp、appid 与 appId 混用",
        },
        fix: Text {
            en: "sign the names of the client: camel case on a page, small letters in an app",
            zh: "按客户端的参数名签名：网页用驼峰，APP 全小写",
        },
        sources: &[
            "https://github.com/yorkie/react-native-wechat/issues/203",
            "https://github.com/yansongda/pay/issues/420",
            "https://github.com/wechatpay-apiv3/wechatpay-php/issues/116",
            "https://github.com/w7corp/easywechat/issues/1547",
        ],
        twin: Twin::Around(|inner, ask| {
            called_up(inner, ask, |client, signed, _| {
                for (name, _) in signed.iter_mut() {
                    *name = match (client, name.as_str()) {
                        (Client::Jsapi, "timeStamp") => "timestamp".into(),
                        (Client::App, "appid") => "appId".into(),
                        (Client::App, "timestamp") => "timeStamp".into(),
                        _ => continue,
                    };
                }
            })
        }),
    },
    Mistake {
        id: "paysign-package-prefix",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "package is the bare prepay id, without prepay_id= before it",
            zh: "package 只有预支付单号，前面没有 prepay_id=",
        },
        fix: Text { en: "write prepay_id= and the id", zh: "写成 prepay_id=加单号" },
        sources: &["https://github.com/binarywang/WxJava/issues/756"],
        twin: Twin::Around(|inner, ask| {
            called_up(inner, ask, |_, signed, sent| {
                both(signed, sent, |_, value| {
                    if let Some(id) = value.strip_prefix("prepay_id=") {
                        *value = id.to_owned();
                    }
                });
            })
        }),
    },
    Mistake {
        id: "paysign-reuses-order-sign",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the signature is made over the parameters of the order instead of those of the client",
            zh: "签名针对下单的参数，而不是客户端的参数",
        },
        fix: Text {
            en: "sign once more what the client submits",
            zh: "对客户端提交的参数重新签名",
        },
        sources: &[
            "https://github.com/befinal/node-tenpay/issues/105",
            "https://github.com/binarywang/WxJava/issues/756",
        ],
        twin: Twin::Around(|inner, ask| {
            called_up(inner, ask, |_, signed, _| {
                signed.retain(|(name, _)| name != "package");
            })
        }),
    },
    Mistake {
        id: "paysign-without-sign-type",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "signType is sent but not signed", zh: "signType 被发送，却没有参与签名"
        },
        fix: Text {
            en: "sign it: it is one of the parameters",
            zh: "signType 也是参数，应参与签名",
        },
        sources: &["derived from sign_type, which Alipay leaves out"],
        twin: Twin::Around(|inner, ask| {
            called_up(inner, ask, |_, signed, _| {
                signed.retain(|(name, _)| name != "signType");
            })
        }),
    },
    Mistake {
        id: "paysign-app-with-sign-type",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "an app signs signType too, which it does not send",
            zh: "APP 的签名串里多了 signType",
        },
        fix: Text { en: "sign the six parameters alone", zh: "只对六个参数签名" },
        sources: &["derived from the parameters of a page"],
        twin: Twin::Around(|inner, ask| {
            called_up(inner, ask, |client, signed, _| {
                if client == Client::App {
                    signed.push(("signType".into(), "MD5".into()));
                }
            })
        }),
    },
    Mistake {
        id: "paysign-app-package",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "package of an app is that of a page, prepay_id=…",
            zh: "APP 的 package 用了网页的 prepay_id=…",
        },
        fix: Text { en: "write Sign=WXPay", zh: "写 Sign=WXPay" },
        sources: &["https://pay.weixin.qq.com/doc/global/v2/zh/4013636475"],
        twin: Twin::Around(|inner, ask| {
            called_up(inner, ask, |client, signed, sent| {
                if client == Client::App {
                    let id = sent
                        .iter()
                        .find(|(name, _)| name == "prepayid")
                        .map(|(_, id)| format!("prepay_id={id}"));
                    both(signed, sent, |name, value| {
                        if name == "package" {
                            *value = id.clone().unwrap_or_default();
                        }
                    });
                }
            })
        }),
    },
    Mistake {
        id: "paysign-values-escaped",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "values are percent-encoded before they are signed",
            zh: "签名前对值做了百分号编码",
        },
        fix: Text { en: "sign them as they are", zh: "按原值签名" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            called_up(inner, ask, |_, signed, _| {
                let nonce =
                    |(name, _): &&mut (String, String)| name.eq_ignore_ascii_case("noncestr");
                for (_, value) in signed.iter_mut().filter(nonce) {
                    *value = form_urlencoded::byte_serialize(value.as_bytes()).collect();
                }
            })
        }),
    },
    Mistake {
        id: "paysign-timestamp-form",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text { en: "the timestamp is sent in milliseconds", zh: "时间戳以毫秒发送" },
        fix: Text { en: "send seconds, as text", zh: "以秒计的文本发送" },
        sources: &["https://github.com/befinal/node-tenpay/issues/105"],
        twin: Twin::Around(|inner, ask| {
            known(inner, ask, |params| {
                for (_, value) in params.iter_mut().filter(|(name, _)| name == "timestamp") {
                    value.push_str("000");
                }
            })
        }),
    },
    Mistake {
        id: "digest-paysign-other-algorithm",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "the client is signed for with MD5, whatever the order was signed with",
            zh: "调起支付一律用 MD5，不管下单用的是什么",
        },
        fix: Text { en: "use the algorithm of the order", zh: "与下单使用同一算法" },
        sources: &["https://github.com/binarywang/WxJava/issues/888"],
        twin: Twin::Around(|inner, ask| match ask.operation {
            Operation::BuildClientParams if ask.sign_type.as_deref() == Some("HMAC-SHA256") => {
                inner.perform(&Ask { sign_type: Some("MD5".into()), ..ask.clone() })
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "paysign-without-prepay-id",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the parameters are built without prepay_id as well",
            zh: "没有 prepay_id 也照样生成参数",
        },
        fix: Text {
            en: "refuse: the order was not placed", zh: "应当拒绝：下单并未成功"
        },
        sources: &["official PHP SDK 3.0 (example/WxPay.JsApiPay.php), which refuses it"],
        twin: Twin::Around(|inner, ask| filled(inner, ask, "prepay_id")),
    },
    Mistake {
        id: "paysign-without-appid",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the parameters are built without appid as well",
            zh: "没有 appid 也照样生成参数",
        },
        fix: Text {
            en: "refuse: the order was not placed", zh: "应当拒绝：下单并未成功"
        },
        sources: &["official PHP SDK 3.0 (example/WxPay.JsApiPay.php), which refuses it"],
        twin: Twin::Around(|inner, ask| filled(inner, ask, "appid")),
    },
    Mistake {
        id: "paysign-without-partner",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the parameters are built without partnerid as well",
            zh: "没有 partnerid 也照样生成参数",
        },
        fix: Text {
            en: "refuse: the order was not placed", zh: "应当拒绝：下单并未成功"
        },
        sources: &["official PHP SDK 3.0 (example/WxPay.JsApiPay.php), which refuses it"],
        twin: Twin::Around(|inner, ask| filled(inner, ask, "partnerid")),
    },
];

/// Calls up, in version 2, with parameters that are changed: those that are signed, and those that are sent.
fn called_up(
    inner: &dyn Implementation,
    ask: &Ask,
    change: impl FnOnce(Client, &mut TextPairs, &mut TextPairs),
) -> Answer {
    let mut answer = inner.perform(ask);
    if let Input::ClientParams { client, .. } = &ask.input
        && ask.protocol == WECHATPAY_V2.id
        && let Answer::Value(output) = &mut answer
        && let Some(sent) = &mut output.client_params
        && let Some((name, _)) = sent.pop()
    {
        let mut signed = sent.clone();
        change(*client, &mut signed, sent);
        let input = Input::Params(signed);
        let signed = inner.perform(&Ask { operation: Operation::Sign, input, ..ask.clone() });
        let signed = signed.output().cloned().unwrap_or_default();
        sent.push((name, signed.signature.clone().unwrap_or_default()));
        output.string_to_sign = signed.string_to_sign;
        output.signature = signed.signature;
    }
    answer
}

fn both(signed: &mut TextPairs, sent: &mut TextPairs, change: impl Fn(&str, &mut String)) {
    for (name, value) in signed.iter_mut().chain(sent) {
        change(name, value);
    }
}

/// Calls up with what is known of the order changed.
fn known(inner: &dyn Implementation, ask: &Ask, change: impl FnOnce(&mut TextPairs)) -> Answer {
    let Input::ClientParams { client, params } = &ask.input else { return inner.perform(ask) };
    let mut params = params.clone();
    change(&mut params);
    inner.perform(&Ask { input: Input::ClientParams { client: *client, params }, ..ask.clone() })
}

/// Calls up though a value is missing.
fn filled(inner: &dyn Implementation, ask: &Ask, missing: &str) -> Answer {
    known(inner, ask, |params| {
        if !params.iter().any(|(name, value)| name == missing && !value.is_empty()) {
            params.retain(|(name, _)| name != missing);
            params.push((missing.into(), "undefined".into()));
        }
    })
}
