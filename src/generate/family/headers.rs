//! Protocols whose signatures stand in headers.

use super::frame::{Frame, FrameKind, Part, Place, Values};
use super::{Config, Family};
use crate::charset::Charset;
use crate::generate::recipe::Change;
use crate::protocol::headers;
use crate::signature::SignType;
use crate::vector::operation::Operation;

pub(super) const OPENAPI_V3: Family = Family {
    id: headers::OPENAPI_V3.id,
    charsets: &[Charset::Utf8],
    configs: &[Config {
        operations: &[(Operation::SignRequest, 3), (Operation::VerifyResponse, 3)],
        ..CONFIG
    }],
    params: None,
    frames: &[
        (
            Operation::SignRequest,
            Frame {
                kind: FrameKind::Sent,
                parts: &[
                    METHOD,
                    Part { usual: Some("/v3/alipay/trade/query"), ..PATH },
                    Part::new("app_id", Place::Item, "2014060600164699", Values::Word),
                    Part::new("nonce", Place::Item, "a", Values::Word),
                    Part::new("timestamp", Place::Item, "1655869956477", Values::Milliseconds),
                    Part {
                        name: "alipay-app-auth-token",
                        place: Place::Header,
                        usual: None,
                        values: Values::Word,
                    },
                    BODY,
                ],
            },
        ),
        (
            Operation::VerifyResponse,
            Frame {
                kind: FrameKind::Received(&headers::OPENAPI_V3.reply),
                parts: &[
                    Part::new(
                        "alipay-timestamp",
                        Place::Header,
                        "1717756911576",
                        Values::Milliseconds,
                    ),
                    Part::new("alipay-nonce", Place::Header, "a", Values::Word),
                    REPLY,
                ],
            },
        ),
    ],
    rule: |asked| match (asked.operation, asked.change) {
        (Operation::SignRequest, _) => "openapi/9-string",
        (_, Change::NoSignature | Change::EmptySignature) => "openapi/9-header",
        _ => "openapi/9-reply",
    },
};

pub(super) const ANTOM: Family = Family {
    id: headers::ANTOM.id,
    charsets: &[Charset::Utf8],
    configs: &[Config {
        operations: &[
            (Operation::SignRequest, 3),
            (Operation::VerifyResponse, 3),
            (Operation::VerifyNotify, 3),
        ],
        ..CONFIG
    }],
    params: None,
    frames: &[
        (Operation::SignRequest, Frame { kind: FrameKind::Sent, parts: ANTOM_REQUEST }),
        (
            Operation::VerifyNotify,
            Frame { kind: FrameKind::Received(&headers::ANTOM.request), parts: ANTOM_REQUEST },
        ),
        (
            Operation::VerifyResponse,
            Frame {
                kind: FrameKind::Received(&headers::ANTOM.reply),
                parts: &[
                    POST,
                    ANTOM_PATH,
                    CLIENT_ID,
                    Part::new(
                        "response-time",
                        Place::Header,
                        "1685599933871",
                        Values::Milliseconds,
                    ),
                    ALGORITHM,
                    KEY_VERSION,
                    REPLY,
                ],
            },
        ),
    ],
    rule: |asked| match (asked.operation, asked.change) {
        (Operation::SignRequest, _) => "antom/12-string",
        (_, Change::NoSignature | Change::EmptySignature) => "antom/12-headers",
        (Operation::VerifyNotify, _) => "antom/12-notify",
        _ => "antom/12-reply",
    },
};

pub(super) const WECHATPAY_V3: Family = Family {
    id: headers::WECHATPAY_V3.id,
    charsets: &[Charset::Utf8],
    configs: &[
        Config {
            operations: &[(Operation::SignRequest, 3), (Operation::BuildClientParams, 3)],
            ..CONFIG
        },
        Config { keys: WECHAT_KEYS, operations: &[(Operation::VerifyResponse, 3)], ..CONFIG },
        Config {
            key: "api-v3-digits",
            keys: WECHAT_KEYS,
            operations: &[(Operation::VerifyNotify, 3)],
            ..CONFIG
        },
        Config {
            sign_type: None,
            key: "api-v3-digits",
            operations: &[(Operation::Decrypt, 2)],
            ..CONFIG
        },
    ],
    params: None,
    frames: &[
        (
            Operation::SignRequest,
            Frame {
                kind: FrameKind::Sent,
                parts: &[
                    METHOD,
                    Part { usual: Some("/v3/certificates"), ..PATH },
                    Part::new("mchid", Place::Item, "1900007291", Values::Word),
                    Part::new("nonce_str", Place::Item, "a", Values::Word),
                    Part::new("timestamp", Place::Item, "1554208460", Values::Seconds),
                    Part::new(
                        "serial_no",
                        Place::Item,
                        "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB",
                        Values::One,
                    ),
                    BODY,
                ],
            },
        ),
        (
            Operation::VerifyResponse,
            Frame {
                kind: FrameKind::Received(&headers::WECHATPAY_V3.reply),
                parts: &[CONTENT_TYPE, REQUEST_ID, SERIAL, SIGNATURE_TYPE, TIMESTAMP, NONCE, REPLY],
            },
        ),
        (
            Operation::VerifyNotify,
            Frame {
                kind: FrameKind::Received(&headers::WECHATPAY_V3.reply),
                parts: &[
                    CONTENT_TYPE,
                    REQUEST_ID,
                    SERIAL,
                    SIGNATURE_TYPE,
                    TIMESTAMP,
                    NONCE,
                    Part::new("resource", Place::Sealed, "{}", Values::Object),
                    ASSOCIATED_DATA,
                ],
            },
        ),
        (
            Operation::Decrypt,
            Frame { kind: FrameKind::Encrypted, parts: &[REPLY, ASSOCIATED_DATA] },
        ),
        (Operation::BuildClientParams, CLIENT),
    ],
    rule: |asked| match (asked.operation, asked.change) {
        (Operation::SignRequest, _) => "wechat/b1-string",
        (Operation::BuildClientParams, _) => "wechat/b1-client-fields",
        (_, Change::NoSignature | Change::EmptySignature) => "wechat/b2-headers",
        (Operation::Decrypt, _) => "wechat/b4-aead",
        (_, Change::Stale) => "wechat/b3-window",
        _ => "wechat/b2-string",
    },
};

const CONFIG: Config = Config {
    sign_type: Some(SignType::Rsa2),
    key: "rsa-2048",
    other: "rsa-1024",
    keys: &[],
    often: 20,
    operations: &[],
    laws: &[],
};

const METHOD: Part = Part::new(
    "method",
    Place::Method,
    "GET",
    Values::Of(&["GET", "POST", "PUT", "PATCH", "DELETE"]),
);
const PATH: Part = Part::new("path", Place::Path, "/a", Values::Path);
const BODY: Part = Part::new("body", Place::Body, "", Values::Compact);
const REPLY: Part = Part::new("body", Place::Body, "{}", Values::Object);

const POST: Part = Part::new("method", Place::Method, "POST", Values::One);
const ANTOM_PATH: Part = Part { usual: Some("/ams/api/v1/payments/pay"), ..PATH };
const CLIENT_ID: Part =
    Part::new("client-id", Place::Header, "SANDBOX_5X00000000000000", Values::Word);
const ALGORITHM: Part = Part::new("algorithm", Place::Item, "RSA256", Values::One);
const KEY_VERSION: Part = Part::new("keyVersion", Place::Item, "1", Values::One);
const ANTOM_REQUEST: &[Part] = &[
    POST,
    ANTOM_PATH,
    CLIENT_ID,
    Part::new("request-time", Place::Header, "1685599933871", Values::Milliseconds),
    ALGORITHM,
    KEY_VERSION,
    REPLY,
];

const ASSOCIATED_DATA: Part =
    Part::new("associated_data", Place::AssociatedData, "transaction", Values::Word);

/// What calls up the wallet, in either version.
pub(super) const CLIENT: Frame = Frame {
    kind: FrameKind::Client,
    parts: &[
        Part::new("client", Place::Client, "jsapi", Values::Of(&["jsapi", "app"])),
        Part::new("appid", Place::Item, "wx2421b1c4370ec43b", Values::Word),
        Part::new("partnerid", Place::Item, "1900007291", Values::Word),
        Part::new("prepay_id", Place::Item, "wx1", Values::Word),
        Part::new("nonce_str", Place::Item, "a", Values::Word),
        Part::new("timestamp", Place::Item, "1554208460", Values::Seconds),
    ],
};

const WECHAT_KEYS: &[(&str, &str)] =
    &[("PUB_KEY_ID_0000000000000024101100397200000006", "rsa-2048")];
const CONTENT_TYPE: Part =
    Part::new("Content-Type", Place::Header, "application/json; charset=utf-8", Values::One);
/// It is not signed, but an official library asks for it.
const REQUEST_ID: Part = Part::new(
    "Request-ID",
    Place::Header,
    "08F9B6DD0310E9011889B3C5E4012080C8A3062888AB02-0",
    Values::One,
);
const SERIAL: Part = Part::new(
    "Wechatpay-Serial",
    Place::Header,
    "PUB_KEY_ID_0000000000000024101100397200000006",
    Values::One,
);
const SIGNATURE_TYPE: Part =
    Part::new("Wechatpay-Signature-Type", Place::Header, "WECHATPAY2-SHA256-RSA2048", Values::One);
const TIMESTAMP: Part =
    Part::new("Wechatpay-Timestamp", Place::Header, "1722850421", Values::Seconds);
const NONCE: Part = Part::new("Wechatpay-Nonce", Place::Header, "a", Values::Word);
