//! Signatures that stand in an HTTP header: lines, signed, written into a header.
//!
//! A [`Scheme`] is a declaration of one kind of message: which lines the string to sign has, and what the header
//! looks like. [`HeaderPipeline`] does the rest, the same for all. Everything is bytes, and there is no clock: whether
//! a message is too old, or was seen before, is asked of its timestamp and nonce by whoever has one.
//!
//! | message | lines | header |
//! |---|---|---|
//! | [v3 request](OPENAPI_V3) | items, method, path, body, and the authorisation token if there is one | `Authorization: ALIPAY-SHA256withRSA <items>,sign=<base64>` |
//! | v3 reply | timestamp, nonce, body | `alipay-signature: <base64>` |
//! | [Antom request, notification](ANTOM) | `<method> <path>`, `<client-id>.<request-time>.<body>` | `signature: algorithm=RSA256,keyVersion=1,signature=<escaped base64>` |
//! | Antom reply | the same with `response-time`, and the request's method and path | the same |
//! | [WeChat Pay request](WECHATPAY_V3) | method, path, timestamp, nonce, body | `Authorization: WECHATPAY2-SHA256-RSA2048 <items>,signature="<base64>"` |
//! | WeChat Pay answer, notification | timestamp, nonce, body | `Wechatpay-Signature: <base64>` |
//!
//! A path is the one on the wire, with its query, as it stands there.

mod carrier;
mod error;
mod message;
mod pipeline;

pub use self::carrier::{Carrier, Received};
pub use self::error::HeaderError;
pub use self::message::{MAX_HEADERS, MAX_ITEMS, MAX_VALUE, Message};
pub use self::pipeline::{HeaderPipeline, Scratch, SignedHeader, lines};
use crate::signature::SignType;

/// How one kind of message is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Scheme {
    /// The lines of the string to sign, in their order.
    pub lines: &'static [&'static [Piece]],
    /// Whether a line feed stands behind the last line too.
    pub final_line_feed: bool,
    /// The header with the signature.
    pub carrier: Carrier,
    /// The sign types that may be configured.
    pub sign_types: &'static [SignType],
    /// The header that names the algorithm, if it is there, and the name it must have.
    pub algorithm: Option<(&'static str, &'static str)>,
    /// The headers that say by whose key, and when, a message was signed.
    pub origin: Option<Origin>,
}

/// The headers by which the verifier chooses among the keys it trusts, and looks at its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The header with the key's id.
    pub key_id: &'static str,
    /// The header with the time, in seconds since 1970.
    pub time: &'static str,
}

/// A piece of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Piece {
    /// What stands beside the signature in its header, as it is written there.
    Items,
    /// The value of one of them.
    Item(&'static str),
    /// The method.
    Method,
    /// Path and query.
    Path,
    /// The body.
    Body,
    /// The value of a header that must be there.
    Header(&'static str),
    /// The value of a header that need not be there; without it, the line is left out.
    OptionalHeader(&'static str),
    /// These characters.
    Text(&'static str),
}

impl Scheme {
    /// All pieces, in their order.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> {
        self.lines.iter().flat_map(|line| line.iter().copied())
    }
}

/// A protocol whose signatures stand in headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct HeaderProtocol {
    /// The id in vectors and adapter messages.
    pub id: &'static str,
    /// A request of the merchant's.
    pub request: Scheme,
    /// The reply to it. Method and path are those of the request.
    pub reply: Scheme,
    /// A notification to the merchant, where it is signed in this way.
    pub notify: Option<Scheme>,
}

/// The open platform, version 3: `https://openapi.alipay.com/v3/…`.
///
/// An empty body leaves its line empty. Where the merchant acts for another, the header `alipay-app-auth-token` is a
/// last line. Notifications are forms, as in version 2. Sources of the rules:
/// [request](https://opendocs.alipay.com/open-v3/054q58), [reply](https://opendocs.alipay.com/open-v3/054d0z).
pub const OPENAPI_V3: HeaderProtocol = HeaderProtocol {
    id: "alipay.openapi.v3",
    request: Scheme {
        lines: &[
            &[Piece::Items],
            &[Piece::Method],
            &[Piece::Path],
            &[Piece::Body],
            &[Piece::OptionalHeader("alipay-app-auth-token")],
        ],
        final_line_feed: true,
        carrier: Carrier {
            header: "Authorization",
            begins: "ALIPAY-SHA256withRSA ",
            signature: Some("sign"),
            required: &["app_id", "nonce", "timestamp"],
            algorithm: None,
            escaped: false,
            quoted: false,
            any_order: false,
        },
        sign_types: &[SignType::Rsa2],
        algorithm: None,
        origin: None,
    },
    reply: Scheme {
        lines: &[
            &[Piece::Header("alipay-timestamp")],
            &[Piece::Header("alipay-nonce")],
            &[Piece::Body],
        ],
        final_line_feed: true,
        carrier: Carrier::alone("alipay-signature"),
        sign_types: &[SignType::Rsa2],
        algorithm: None,
        origin: None,
    },
    notify: None,
};

const ANTOM_REQUEST: Scheme = Scheme {
    lines: &[
        &[Piece::Method, Piece::Text(" "), Piece::Path],
        &[
            Piece::Header("client-id"),
            Piece::Text("."),
            Piece::Header("request-time"),
            Piece::Text("."),
            Piece::Body,
        ],
    ],
    final_line_feed: false,
    carrier: Carrier {
        header: "signature",
        begins: "",
        signature: Some("signature"),
        required: &[],
        algorithm: Some(("algorithm", "RSA256")),
        escaped: true,
        quoted: false,
        any_order: false,
    },
    sign_types: &[SignType::Rsa2],
    algorithm: None,
    origin: None,
};

/// Antom, the international gateway (AMS): `https://open-sea-global.alipay.com/ams/api/…` and its other regions.
///
/// Sources of the rules: [signature](https://docs.antom.com/ac/ams/digital_signature),
/// [headers](https://docs.antom.com/ac/ams/api_fund), where `keyVersion` has a default, and older
/// [fundamentals](https://docs.antom.com/ac/gcmc/apifund), where `algorithm` has one and is not case-sensitive.
pub const ANTOM: HeaderProtocol = HeaderProtocol {
    id: "antom",
    request: ANTOM_REQUEST,
    reply: Scheme {
        lines: &[
            &[Piece::Method, Piece::Text(" "), Piece::Path],
            &[
                Piece::Header("client-id"),
                Piece::Text("."),
                Piece::Header("response-time"),
                Piece::Text("."),
                Piece::Body,
            ],
        ],
        ..ANTOM_REQUEST
    },
    notify: Some(ANTOM_REQUEST),
};

const WECHATPAY_V3_SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";
const WECHATPAY_V3_TIME: &str = "Wechatpay-Timestamp";

/// What WeChat Pay signs: an answer, or a notification.
const WECHATPAY_V3_ANSWER: Scheme = Scheme {
    lines: &[
        &[Piece::Header(WECHATPAY_V3_TIME)],
        &[Piece::Header("Wechatpay-Nonce")],
        &[Piece::Body],
    ],
    final_line_feed: true,
    carrier: Carrier::alone("Wechatpay-Signature"),
    sign_types: &[SignType::Rsa2],
    algorithm: Some(("Wechatpay-Signature-Type", WECHATPAY_V3_SCHEME)),
    origin: Some(Origin { key_id: "Wechatpay-Serial", time: WECHATPAY_V3_TIME }),
};

/// WeChat Pay, version 3: `https://api.mch.weixin.qq.com/v3/…`.
///
/// Of an upload, the body is the JSON of its part `meta`. Sources of the rules:
/// [request](https://pay.weixin.qq.com/doc/v3/merchant/4012365334),
/// [answer, notification](https://pay.weixin.qq.com/doc/v3/merchant/4013053249).
pub const WECHATPAY_V3: HeaderProtocol = HeaderProtocol {
    id: "wechatpay.v3",
    request: Scheme {
        lines: &[
            &[Piece::Method],
            &[Piece::Path],
            &[Piece::Item("timestamp")],
            &[Piece::Item("nonce_str")],
            &[Piece::Body],
        ],
        final_line_feed: true,
        carrier: Carrier {
            header: "Authorization",
            begins: "WECHATPAY2-SHA256-RSA2048 ",
            signature: Some("signature"),
            required: &["mchid", "nonce_str", "timestamp", "serial_no"],
            algorithm: None,
            escaped: false,
            quoted: true,
            any_order: true,
        },
        sign_types: &[SignType::Rsa2],
        algorithm: None,
        origin: None,
    },
    reply: WECHATPAY_V3_ANSWER,
    notify: Some(WECHATPAY_V3_ANSWER),
};

/// All protocols whose signatures stand in headers.
pub const ALL: &[HeaderProtocol] = &[OPENAPI_V3, ANTOM, WECHATPAY_V3];

impl HeaderProtocol {
    /// The protocol of an id.
    ///
    /// ```
    /// use alipay_conformance::protocol::headers::{ANTOM, HeaderProtocol};
    ///
    /// assert_eq!(HeaderProtocol::from_id("antom"), Some(ANTOM));
    /// assert_eq!(HeaderProtocol::from_id("alipay.mapi"), None);
    /// ```
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        ALL.iter().copied().find(|protocol| protocol.id == id)
    }
}
