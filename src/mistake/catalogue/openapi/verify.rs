//! Notifies and returns.

use super::super::altered::{
    decode_pairs, is_excluded, is_signed, join_values, percent_decoded, replaced, with_message,
};
use super::super::filter_value::{empty_as, empty_included};
use super::super::shared::message;
use super::without_sign_type;
use crate::canonical::Selection;
use crate::mistake::{Area, Mistake, Severity, Text, Twin, remembered};
use crate::params::Params;
use crate::protocol::OPENAPI_V2;
use crate::signature::SignType;
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::operation::Operation;
use crate::vector::reason::Reason;

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "parse-empty-to-null",
        area: Area::Parse,
        severity: Severity::Interop,
        what: Text {
            en: "a middleware turns empty values of a message into null, which is verified as that text",
            zh: "中间件把报文中的空值变成 null，并按该文本验签",
        },
        fix: Text {
            en: "hand over the values as they came", zh: "按收到的原样传入各个值"
        },
        sources: &[
            "https://github.com/yansongda/laravel-pay/issues/82",
            "https://github.com/laravel/framework/issues/23857",
        ],
        twin: Twin::Verifying(|stages| {
            stages.filter = empty_included;
            stages.join = |params, selection, string| empty_as(params, selection, string, b"null");
        }),
    },
    Mistake {
        id: "encode-passback-params-single-encoding",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "passback_params is decoded a second time before it is verified",
            zh: "验签前对 passback_params 多解码了一次",
        },
        fix: Text {
            en: "decode the form once: what the merchant encoded stays encoded",
            zh: "表单只解码一次，商户自己的编码保持不变",
        },
        sources: &[
            "https://github.com/helei112g/payment/issues/56",
            "https://github.com/alipay/alipay-sdk-nodejs-all/issues/45",
        ],
        twin: Twin::Verifying(|stages| {
            stages.decode = |message, limits, params| {
                decode_pairs(message, limits, params, |mut pairs| {
                    for (name, value) in &mut pairs {
                        if name == b"passback_params" {
                            *value = percent_decoded(value, b' ');
                        }
                    }
                    pairs
                })
            }
        }),
    },
    Mistake {
        id: "encode-log-escaped-replay",
        area: Area::Encode,
        severity: Severity::Interop,
        what: Text {
            en: "what is verified is the copy of a log, in which quotation marks are written as \\x22",
            zh: "验签用的是日志中的副本，其中引号写成了 \\x22",
        },
        fix: Text { en: "verify the bytes that came", zh: "对收到的字节验签" },
        sources: &["https://github.com/w7corp/easywechat/issues/1131"],
        twin: Twin::Around(|inner, ask| {
            inner.perform(&with_message(ask, |mut pairs| {
                for (_, value) in &mut pairs {
                    *value = replaced(value, &[("\"", "\\x22")]);
                }
                pairs
            }))
        }),
    },
    Mistake {
        id: "filter-sign-type-dropped-where-service-window-keeps-it",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "sign_type is left out where messages of life accounts and the service market sign it",
            zh: "生活号、服务市场的消息本应保留 sign_type，验签时却去掉了",
        },
        fix: Text {
            en: "verify these messages over everything but sign (rsaCheckV2)",
            zh: "这类消息验签时只去掉 sign（rsaCheckV2）",
        },
        sources: &["https://github.com/yansongda/pay/pull/389"],
        twin: Twin::Verifying(|stages| stages.filter = without_sign_type),
    },
    Mistake {
        id: "filter-empty-dropped-where-all-signed",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "values of a message are trimmed, and what is empty then is left out",
            zh: "验签时去掉值首尾的空白，变空的参数被跳过",
        },
        fix: Text { en: "verify the values as they came", zh: "按收到的原样对值验签" },
        sources: &["https://github.com/smartwalle/alipay/pull/83"],
        twin: Twin::Verifying(|stages| {
            stages.filter = |params, excluded, selection| {
                selection.select(params, |pair| {
                    !pair.value().trim_ascii().is_empty() && !is_excluded(pair, excluded)
                });
            };
            stages.join = |params, selection, string| {
                join_values(params, selection, string, |value| value.trim_ascii().to_vec());
            };
        }),
    },
    Mistake {
        id: "filter-at-prefixed-values-skipped",
        area: Area::Filter,
        severity: Severity::Forgery,
        what: Text {
            en: "values that begin with @ are taken for files and left out, so that anybody may add some to a message",
            zh: "以 @ 开头的值被当作文件跳过，任何人都可在报文中添加这样的参数",
        },
        fix: Text {
            en: "sign and verify every value that is text",
            zh: "所有文本值都参与签名与验签",
        },
        sources: &["https://github.com/alipay/alipay-sdk-php-all (v2/aop/AopClient.php)"],
        twin: Twin::Stages(|stages| {
            stages.filter = |params, excluded, selection| {
                selection.select(params, |pair| {
                    is_signed(pair, excluded) && !pair.value().starts_with(b"@")
                });
            }
        }),
    },
    Mistake {
        id: "filter-underscore-names-excluded",
        area: Area::Filter,
        severity: Severity::Forgery,
        what: Text {
            en: "parameters whose names begin with an underscore are left out, so that anybody may add some to a message",
            zh: "以下划线开头的参数被排除在外，任何人都可在报文中添加这样的参数",
        },
        fix: Text { en: "leave out sign and sign_type alone", zh: "只排除 sign 与 sign_type" },
        sources: &[
            "https://github.com/yansongda/pay (tests/Plugin/Alipay/V2/CallbackPluginTest.php)",
        ],
        twin: Twin::Verifying(|stages| {
            stages.filter = |params, excluded, selection| {
                selection.select(params, |pair| {
                    let is_option =
                        pair.name().starts_with(b"_") && pair.name() != b"_input_charset";
                    is_signed(pair, excluded) && !is_option
                });
            }
        }),
    },
    Mistake {
        id: "filter-fixed-field-list",
        area: Area::Filter,
        severity: Severity::Forgery,
        what: Text {
            en: "notifications are verified from a struct of known fields, so new ones break them and forged ones pass",
            zh: "按结构体的已知字段验签，新增字段会使验签失败，伪造的字段却能通过",
        },
        fix: Text { en: "verify every parameter that came", zh: "对收到的全部参数验签" },
        sources: &[
            "https://github.com/go-pay/gopay/issues/45",
            "https://github.com/cuter44/wxpay-sdk/issues/7",
            "https://github.com/Luncher/alipay/issues/46",
            "https://github.com/silenceper/wechat/issues/513",
        ],
        twin: Twin::Verifying(|stages| stages.filter = known_fields),
    },
    Mistake {
        id: "digest-named-by-signature",
        area: Area::Digest,
        severity: Severity::Forgery,
        what: Text {
            en: "the digest is the one that the signature itself names, so SHA-1 passes where RSA2 is configured",
            zh: "摘要算法取自签名本身，配置为 RSA2 时 SHA-1 签名也能通过",
        },
        fix: Text {
            en: "require the digest of the configured sign type",
            zh: "要求使用所配置签名方式的摘要",
        },
        sources: &["https://github.com/sybrenstuvel/python-rsa (rsa.verify)"],
        twin: Twin::Verifying(|stages| {
            stages.verify = |sign_type, key, message, sign| {
                let with = |sign_type| remembered::verify(sign_type, key, message, sign);
                match sign_type {
                    SignType::Md5 => with(SignType::Md5),
                    _ => with(SignType::Rsa2).or_else(|_| with(SignType::Rsa)),
                }
            }
        }),
    },
    Mistake {
        id: "cert-sn-missing-on-return",
        area: Area::Key,
        severity: Severity::Interop,
        what: Text {
            en: "the key is looked up by alipay_cert_sn, which returns do not carry, so they are refused",
            zh: "按 alipay_cert_sn 查找公钥，而同步返回不带它，因而被拒绝",
        },
        fix: Text {
            en: "verify with the configured certificate where the message names none",
            zh: "报文没有写明时使用配置的证书",
        },
        sources: &["https://github.com/smartwalle/alipay/issues/123"],
        twin: Twin::Around(serial_required),
    },
];

fn known_fields(params: &Params, excluded: &[&str], selection: &mut Selection) {
    const KNOWN: [&[u8]; 28] = [
        b"notify_time",
        b"notify_type",
        b"notify_id",
        b"charset",
        b"version",
        b"app_id",
        b"trade_no",
        b"out_trade_no",
        b"out_biz_no",
        b"buyer_id",
        b"buyer_logon_id",
        b"seller_id",
        b"seller_email",
        b"trade_status",
        b"total_amount",
        b"receipt_amount",
        b"invoice_amount",
        b"buyer_pay_amount",
        b"point_amount",
        b"refund_fee",
        b"subject",
        b"body",
        b"gmt_create",
        b"gmt_payment",
        b"gmt_refund",
        b"gmt_close",
        b"fund_bill_list",
        b"passback_params",
    ];
    let is_open_platform = params.get(b"app_id").is_some();
    selection.select(params, |pair| {
        is_signed(pair, excluded) && (!is_open_platform || KNOWN.contains(&pair.name()))
    });
}

fn serial_required(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let is_return = ask.operation == Operation::VerifyReturn && ask.protocol == OPENAPI_V2.id;
    match message(ask) {
        Some(params) if is_return && params.get(b"alipay_cert_sn").is_none() => {
            Answer::reject(Reason::UnknownKey, "no alipay_cert_sn")
        }
        _ => inner.perform(ask),
    }
}
