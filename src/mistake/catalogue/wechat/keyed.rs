//! How the key of WeChat Pay is attached, and what is made of it.

use super::super::shared::verifies;
use super::is_v2;
use crate::canonical::{self, Selection};
use crate::mistake::{Area, Mistake, Severity, Text, Twin, remembered};
use crate::params::Params;
use crate::protocol::pipeline::{REFERENCE, Stages};
use crate::signature::{
    SignError, SignType, Signature, SigningKey, VerifyError, VerifyingKey, hmac_hex, md5_hex,
};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::suite::reference::Reference;
use crate::vector::case::Ask;

/// Signs and verifies over what is made of the sign type, the string and the key.
macro_rules! replace {
    ($stages:expr, $make:expr) => {{
        const MAKE: fn(SignType, &[u8], &[u8]) -> Vec<u8> = $make;
        $stages.sign = |t, k, s| signed(t, k, s, MAKE);
        $stages.verify = |t, k, s, sign| verified((t, k, s, sign), MAKE);
    }};
}
const RULE: &str = "https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=4_3";
const SUFFIX: Text = Text {
    en: "append &key= and the key to the string, for MD5 and for HMAC-SHA256",
    zh: "在字符串后追加 &key= 和密钥，MD5 与 HMAC-SHA256 都一样",
};
const UPPER: Text = Text {
    en: "write and expect all 32 or 64 hex digits in upper case",
    zh: "发送和接收时都使用 32 或 64 位大写十六进制",
};
const CONFIGURED: Text = Text {
    en: "sign and verify by the algorithm that was asked for with the order",
    zh: "按下单时指定的算法签名和验签",
};

pub(in crate::mistake::catalogue) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "filter-sign-type-dropped-wechat-v2",
        area: Area::Filter,
        severity: Severity::Interop,
        what: Text {
            en: "sign_type is left out of the string of WeChat Pay, as Alipay's legacy gateway has it",
            zh: "微信支付的待签名字符串去掉了 sign_type（支付宝旧网关的规则）",
        },
        fix: Text { en: "leave out sign alone", zh: "只去掉 sign" },
        sources: &[
            "https://github.com/helei112g/payment/issues/208",
            "https://github.com/JeffreySu/WeiXinMPSDK/pull/435",
            "https://github.com/binarywang/weixin-java-pay-demo/issues/12",
        ],
        twin: Twin::Around(without_sign_type),
    },
    Mistake {
        id: "filter-wechat-known-members",
        area: Area::Filter,
        severity: Severity::Forgery,
        what: Text {
            en: "only the members that the program knows are signed: new ones of WeChat Pay break it, and added ones pass",
            zh: "只对程序认识的成员签名：微信支付新增成员会使验签失败，伪造的成员却能通过",
        },
        fix: Text {
            en: "sign over every member that came, known or not",
            zh: "对收到的全部成员签名，不论是否认识",
        },
        sources: &["https://github.com/Wechat-Group/WxJava (signs the typed bean)"],
        twin: Twin::Around(known_members),
    },
    Mistake {
        id: "join-wechat-key-bare",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the key of WeChat Pay stands bare behind the string, as Alipay has it",
            zh: "微信支付的密钥直接接在字符串后面（支付宝的规则）",
        },
        fix: SUFFIX,
        sources: &["https://github.com/go-pay/gopay/issues/7"],
        twin: Twin::Stages(|stages| replace!(stages, |_, string, key| [string, key].concat())),
    },
    Mistake {
        id: "join-wechat-secret-suffix",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "the key stands behind &secret=, as some calls of the enterprise version have it",
            zh: "密钥接在 &secret= 之后（企业微信部分接口的规则）",
        },
        fix: SUFFIX,
        sources: &[
            "https://github.com/TheNorthMemory/wechatpay-axios-plugin (tests/lib/hash.test.js)",
        ],
        twin: Twin::Stages(|stages| {
            replace!(stages, |_, string, key| [string, b"&secret=", key].concat());
        }),
    },
    Mistake {
        id: "join-wechat-key-sorted",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "key is put among the members and sorted with them",
            zh: "key 被放进成员中一起排序",
        },
        fix: SUFFIX,
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| replace!(stages, |_, string, key| key_sorted(string, key))),
    },
    Mistake {
        id: "join-wechat-key-without-ampersand",
        area: Area::Join,
        severity: Severity::Interop,
        what: Text {
            en: "where nothing is signed, the & before key= is missing",
            zh: "没有可签名的成员时，key= 前缺少 &",
        },
        fix: SUFFIX,
        sources: &["derived from joining key= like one more member"],
        twin: Twin::Stages(|stages| {
            replace!(stages, |_, string, key| {
                let separator: &[u8] = if string.is_empty() { b"key=" } else { b"&key=" };
                [string, separator, key].concat()
            });
        }),
    },
    Mistake {
        id: "digest-hmac-without-key-suffix",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "the HMAC is taken over the string without &key= and the key",
            zh: "计算 HMAC 时字符串没有追加 &key= 和密钥",
        },
        fix: SUFFIX,
        sources: &[RULE],
        twin: Twin::Stages(|stages| {
            replace!(stages, |sign_type, string, key| match sign_type {
                SignType::HmacSha256 => string.to_vec(),
                _ => [string, b"&key=", key].concat(),
            });
        }),
    },
    Mistake {
        id: "digest-wechat-case",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "the digest of WeChat Pay is written and expected in lower case",
            zh: "微信支付的摘要按小写发送和比较",
        },
        fix: UPPER,
        sources: &["https://github.com/zhangv/wechat-pay/issues/5"],
        twin: Twin::Stages(|stages| {
            stages.sign = |t, k, s| rewritten((t, k, s), |digits| digits.to_ascii_lowercase());
            stages.verify =
                |t, k, s, sign| compared((t, k, s, sign), |digits| digits.to_ascii_lowercase());
        }),
    },
    Mistake {
        id: "digest-wechat-leading-zeros-lost",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "the digest of WeChat Pay is written as a number, so its leading zeros are lost",
            zh: "微信支付的摘要被当作数字输出，丢失了前导零",
        },
        fix: UPPER,
        sources: &["https://github.com/Wechat-Group/WxJava (BigInteger in its tests)"],
        twin: Twin::Stages(|stages| {
            stages.sign =
                |t, k, s| rewritten((t, k, s), |digits| digits.trim_start_matches('0').into());
            stages.verify = |t, k, s, sign| {
                compared((t, k, s, sign), |digits| digits.trim_start_matches('0').into())
            };
        }),
    },
    Mistake {
        id: "digest-notify-hmac-vs-md5",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "a notification is verified as MD5, though the order asked for HMAC-SHA256",
            zh: "下单使用 HMAC-SHA256，通知却按 MD5 验签",
        },
        fix: CONFIGURED,
        sources: &[
            "https://github.com/binarywang/WxJava/issues/1633",
            "https://github.com/binarywang/WxJava/issues/1585",
            "https://github.com/easy-swoole/pay/issues/38",
        ],
        twin: Twin::Verifying(|stages| {
            stages.verify = |t, k, s, sign| remembered::verify(as_md5(t), k, s, sign);
        }),
    },
    Mistake {
        id: "digest-wechat-md5-only",
        area: Area::Digest,
        severity: Severity::Interop,
        what: Text {
            en: "requests are signed with MD5, though HMAC-SHA256 is configured",
            zh: "配置了 HMAC-SHA256，请求却用 MD5 签名",
        },
        fix: CONFIGURED,
        sources: &[
            "https://github.com/wechatpy/wechatpy, https://github.com/overtrue/wechat (5.x)",
        ],
        twin: Twin::Signing(|stages| stages.sign = |t, k, s| remembered::sign(as_md5(t), k, s)),
    },
];

type Make = fn(SignType, &[u8], &[u8]) -> Vec<u8>;

fn is_wechat(sign_type: SignType) -> bool {
    matches!(sign_type, SignType::WechatMd5 | SignType::HmacSha256)
}

fn as_md5(sign_type: SignType) -> SignType {
    if is_wechat(sign_type) { SignType::WechatMd5 } else { sign_type }
}

fn signed(
    sign_type: SignType,
    key: &SigningKey,
    string: &[u8],
    make: Make,
) -> Result<Signature, SignError> {
    let SigningKey::Secret(secret) = key else { return remembered::sign(sign_type, key, string) };
    let digits = match sign_type {
        SignType::WechatMd5 => md5_hex(&make(sign_type, string, secret.expose())),
        SignType::HmacSha256 => {
            hmac_hex(secret.expose(), &make(sign_type, string, secret.expose()))
        }
        _ => return remembered::sign(sign_type, key, string),
    };
    Ok(Signature::from_text(digits.to_ascii_uppercase()))
}

fn verified(
    (sign_type, key, string, received): (SignType, &VerifyingKey, &[u8], &[u8]),
    make: Make,
) -> Result<(), VerifyError> {
    match key {
        VerifyingKey::Secret(secret) if is_wechat(sign_type) => {
            equal(signed(sign_type, &secret.clone().into(), string, make), received)
        }
        _ => remembered::verify(sign_type, key, string, received),
    }
}

fn rewritten(
    (sign_type, key, string): (SignType, &SigningKey, &[u8]),
    rewrite: impl FnOnce(&str) -> String,
) -> Result<Signature, SignError> {
    let signature = remembered::sign(sign_type, key, string)?;
    match is_wechat(sign_type) {
        true => Ok(Signature::from_text(rewrite(signature.as_str()))),
        false => Ok(signature),
    }
}

fn compared(
    (sign_type, key, string, received): (SignType, &VerifyingKey, &[u8], &[u8]),
    rewrite: impl FnOnce(&str) -> String,
) -> Result<(), VerifyError> {
    match key {
        VerifyingKey::Secret(secret) if is_wechat(sign_type) => {
            equal(rewritten((sign_type, &secret.clone().into(), string), rewrite), received)
        }
        _ => remembered::verify(sign_type, key, string, received),
    }
}

fn equal(expected: Result<Signature, SignError>, received: &[u8]) -> Result<(), VerifyError> {
    let is_equal = expected.is_ok_and(|expected| expected.as_str().as_bytes() == received);
    if is_equal { Ok(()) } else { Err(VerifyError::Mismatch) }
}

fn key_sorted(string: &[u8], key: &[u8]) -> Vec<u8> {
    let key = [b"key=", key].concat();
    let mut pairs: Vec<_> = string.split(|byte| *byte == b'&').collect();
    pairs.retain(|pair| !pair.is_empty());
    let place = pairs.iter().position(|pair| *pair > key.as_slice()).unwrap_or(pairs.len());
    pairs.insert(place, &key);
    pairs.join(&b'&')
}

fn without_sign_type(inner: &dyn Implementation, ask: &Ask) -> Answer {
    by_filter(inner, ask, |params, _, selection| {
        canonical::filter(params, &["sign", "sign_type"], selection);
    })
}

fn known_members(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if !verifies(ask) {
        return inner.perform(ask);
    }
    by_filter(inner, ask, |params, _, selection| {
        selection.select(params, |pair| {
            let is_known = KNOWN.iter().any(|name| name.as_bytes() == pair.name());
            is_known && !pair.value().is_empty()
        });
    })
}

/// The members of a payment notification, an answer to an order and one that failed, as an early edition lists them.
const KNOWN: [&str; 26] = [
    "appid",
    "mch_id",
    "device_info",
    "nonce_str",
    "sign_type",
    "return_code",
    "return_msg",
    "result_code",
    "err_code",
    "err_code_des",
    "openid",
    "is_subscribe",
    "trade_type",
    "bank_type",
    "total_fee",
    "fee_type",
    "cash_fee_type",
    "coupon_fee",
    "coupon_count",
    "coupon_type",
    "coupon_id",
    "transaction_id",
    "out_trade_no",
    "attach",
    "time_end",
    "prepay_id",
];

fn by_filter(
    inner: &dyn Implementation,
    ask: &Ask,
    filter: fn(&Params, &[&str], &mut Selection),
) -> Answer {
    if !is_v2(ask) {
        return inner.perform(ask);
    }
    Reference { stages: Stages { filter, ..REFERENCE }, ..Reference::default() }.perform(ask)
}
