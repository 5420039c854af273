//! Protocols, each a declaration on the one pipeline.
//!
//! A [`Protocol`] says which names are left out, how the sign type is told and which there are. The
//! [`Pipeline`](pipeline::Pipeline) does the rest, the same for all.

pub mod headers;
pub mod mapi;
pub mod mobile;
pub mod openapi;
pub mod pipeline;
pub mod wap;
pub mod wechatpay;
pub mod wire;

use crate::charset::Charset;
use crate::signature::SignType;

/// What a protocol does its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Protocol {
    /// The id in vectors and adapter messages.
    pub id: &'static str,
    /// How parameters travel in a message.
    pub wire: Wire,
    /// The parameter that holds the signature.
    pub signature: &'static str,
    /// The parameter that holds the sign type.
    pub sign_type: &'static str,
    /// The parameter that names the charset.
    pub charset: &'static str,
    /// The parameters of a request that are not signed.
    pub excluded: &'static [&'static str],
    /// The parameters of a notify or return that are not signed.
    pub callback_excluded: &'static [&'static str],
    /// The sign types that may be configured.
    pub sign_types: &'static [SignType],
    /// The sign type of a message that names none, where it need not.
    pub default_sign_type: Option<SignType>,
    /// What messages call [`SignType::Rsa`].
    pub rsa: &'static str,
    /// The charset where none is named.
    pub default_charset: Charset,
}

/// How parameters travel in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wire {
    /// As `x-www-form-urlencoded`.
    Form,
    /// As the elements below the root of XML.
    Xml,
}

/// The legacy gateway: `https://mapi.alipay.com/gateway.do`.
///
/// Everything but `sign` and `sign_type` is signed; the charset is GBK where `_input_charset` names none (inferred:
/// the official sample without it is percent-encoded in GBK). Source of the rule:
/// <https://www.kancloud.cn/s2981295/qing/932556>.
pub const MAPI: Protocol = Protocol {
    id: "alipay.mapi",
    wire: Wire::Form,
    signature: "sign",
    sign_type: "sign_type",
    charset: "_input_charset",
    excluded: &["sign", "sign_type"],
    callback_excluded: &["sign", "sign_type"],
    sign_types: &[SignType::Md5, SignType::Rsa, SignType::Rsa2],
    default_sign_type: None,
    rsa: "RSA",
    default_charset: Charset::Gbk,
};

/// The open platform: `https://openapi.alipay.com/gateway.do`.
///
/// In a request `sign_type` is signed like the rest; in a notify or return it is not ("V1"). Sources of the rules:
/// [signing](https://opendocs.alipay.com/common/02kf5q), [verification](https://opendocs.alipay.com/common/02mse7).
pub const OPENAPI_V2: Protocol = Protocol {
    id: "alipay.openapi.v2",
    wire: Wire::Form,
    signature: "sign",
    sign_type: "sign_type",
    charset: "charset",
    excluded: &["sign"],
    callback_excluded: &["sign", "sign_type"],
    sign_types: &[SignType::Rsa, SignType::Rsa2],
    default_sign_type: None,
    rsa: "RSA",
    default_charset: Charset::Utf8,
};

/// The open platform's notifies of life accounts and the service market ("V2"): `sign_type` is signed in them.
///
/// Named after `rsaCheckV2` of the official SDKs; source of the rule: <https://developer.aliyun.com/article/707599>.
pub const OPENAPI_CHECK_V2: Protocol =
    Protocol { id: "alipay.openapi.v2.check-v2", callback_excluded: &["sign"], ..OPENAPI_V2 };

/// WeChat Pay, version 2: `https://api.mch.weixin.qq.com/pay/…`.
///
/// Messages are XML; everything but `sign` and empty values is signed, `sign_type` too. Source of the rules:
/// <https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=4_3>.
pub const WECHATPAY_V2: Protocol = Protocol {
    id: "wechatpay.v2",
    wire: Wire::Xml,
    signature: "sign",
    sign_type: "sign_type",
    charset: "",
    excluded: &["sign"],
    callback_excluded: &["sign"],
    sign_types: &[SignType::WechatMd5, SignType::HmacSha256],
    default_sign_type: Some(SignType::WechatMd5),
    rsa: "RSA",
    default_charset: Charset::Utf8,
};

/// All protocols whose messages are parameters.
pub const ALL: &[Protocol] = &[MAPI, OPENAPI_V2, OPENAPI_CHECK_V2, WECHATPAY_V2];

impl Protocol {
    /// The protocol of an id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        ALL.iter().copied().find(|protocol| protocol.id == id)
    }

    /// The sign type that is called so where the protocol is configured.
    ///
    /// ```
    /// use alipay_conformance::protocol::{MAPI, WECHATPAY_V2};
    /// use alipay_conformance::signature::SignType;
    ///
    /// assert_eq!(MAPI.sign_type_of("MD5"), Some(SignType::Md5));
    /// assert_eq!(WECHATPAY_V2.sign_type_of("MD5"), Some(SignType::WechatMd5));
    /// assert_eq!(WECHATPAY_V2.sign_type_of("RSA"), None);
    /// ```
    #[must_use]
    pub fn sign_type_of(&self, name: &str) -> Option<SignType> {
        self.sign_types.iter().copied().find(|sign_type| sign_type.name() == name)
    }

    /// What the protocol's messages call a sign type.
    #[must_use]
    pub fn wire_name(&self, sign_type: SignType) -> &'static str {
        if sign_type == SignType::Rsa { self.rsa } else { sign_type.name() }
    }
}
