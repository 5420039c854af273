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
                    Part {
                        name: "app_id",
                        place: Place::Item,
                        usual: Some("2014060600164699"),
                        values: Values::Word,
                    },
                    Part {
                        name: "nonce",
                        place: Place::Item,
                        usual: Some("a"),
                        values: Values::Word,
                    },
                    Part {
                        name: "timestamp",
                        place: Place::Item,
                        usual: Some("1655869956477"),
                        values: Values::Milliseconds,
                    },
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
                    Part {
                        name: "alipay-timestamp",
                        place: Place::Header,
                        usual: Some("1717756911576"),
                        values: Values::Milliseconds,
                    },
                    Part {
                        name: "alipay-nonce",
                        place: Place::Header,
                        usual: Some("a"),
                        values: Values::Word,
                    },
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
                    Part {
                        name: "response-time",
                        place: Place::Header,
                        usual: Some("1685599933871"),
                        values: Values::Milliseconds,
                    },
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
                    Part {
                        name: "mchid",
                        place: Place::Item,
                        usual: Some("1900007291"),
                        values: Values::Word,
                    },
                    Part {
                        name: "nonce_str",
                        place: Place::Item,
                        usual: Some("a"),
                        values: Values::Word,
                    },
                    Part {
                        name: "timestamp",
                        place: Place::Item,
                        usual: Some("1554208460"),
                        values: Values::Seconds,
                    },
                    Part {
                        name: "serial_no",
                        place: Place::Item,
                        usual: Some("408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB"),
                        values: Values::One,
                    },
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
                    Part {
                        name: "resource",
                        place: Place::Sealed,
                        usual: Some("{}"),
                        values: Values::Object,
                    },
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

const METHOD: Part = Part {
    name: "method",
    place: Place::Method,
    usual: Some("GET"),
    values: Values::Of(&["GET", "POST", "PUT", "PATCH", "DELETE"]),
};
const PATH: Part =
    Part { name: "path", place: Place::Path, usual: Some("/a"), values: Values::Path };
const BODY: Part =
    Part { name: "body", place: Place::Body, usual: Some(""), values: Values::Compact };
const REPLY: Part =
    Part { name: "body", place: Place::Body, usual: Some("{}"), values: Values::Object };

const POST: Part =
    Part { name: "method", place: Place::Method, usual: Some("POST"), values: Values::One };
const ANTOM_PATH: Part = Part { usual: Some("/ams/api/v1/payments/pay"), ..PATH };
const CLIENT_ID: Part = Part {
    name: "client-id",
    place: Place::Header,
    usual: Some("SANDBOX_5X00000000000000"),
    values: Values::Word,
};
const ALGORITHM: Part =
    Part { name: "algorithm", place: Place::Item, usual: Some("RSA256"), values: Values::One };
const KEY_VERSION: Part =
    Part { name: "keyVersion", place: Place::Item, usual: Some("1"), values: Values::One };
const ANTOM_REQUEST: &[Part] = &[
    POST,
    ANTOM_PATH,
    CLIENT_ID,
    Part {
        name: "request-time",
        place: Place::Header,
        usual: Some("1685599933871"),
        values: Values::Milliseconds,
    },
    ALGORITHM,
    KEY_VERSION,
    REPLY,
];

const ASSOCIATED_DATA: Part = Part {
    name: "associated_data",
    place: Place::AssociatedData,
    usual: Some("transaction"),
    values: Values::Word,
};

/// What calls up the wallet, in either version.
pub(super) const CLIENT: Frame = Frame {
    kind: FrameKind::Client,
    parts: &[
        Part {
            name: "client",
            place: Place::Client,
            usual: Some("jsapi"),
            values: Values::Of(&["jsapi", "app"]),
        },
        Part {
            name: "appid",
            place: Place::Item,
            usual: Some("wx2421b1c4370ec43b"),
            values: Values::Word,
        },
        Part {
            name: "partnerid",
            place: Place::Item,
            usual: Some("1900007291"),
            values: Values::Word,
        },
        Part { name: "prepay_id", place: Place::Item, usual: Some("wx1"), values: Values::Word },
        Part { name: "nonce_str", place: Place::Item, usual: Some("a"), values: Values::Word },
        Part {
            name: "timestamp",
            place: Place::Item,
            usual: Some("1554208460"),
            values: Values::Seconds,
        },
    ],
};

const WECHAT_KEYS: &[(&str, &str)] =
    &[("PUB_KEY_ID_0000000000000024101100397200000006", "rsa-2048")];
const CONTENT_TYPE: Part = Part {
    name: "Content-Type",
    place: Place::Header,
    usual: Some("application/json; charset=utf-8"),
    values: Values::One,
};
/// It is not signed, but an official library asks for it.
const REQUEST_ID: Part = Part {
    name: "Request-ID",
    place: Place::Header,
    usual: Some("08F9B6DD0310E9011889B3C5E4012080C8A3062888AB02-0"),
    values: Values::One,
};
const SERIAL: Part = Part {
    name: "Wechatpay-Serial",
    place: Place::Header,
    usual: Some("PUB_KEY_ID_0000000000000024101100397200000006"),
    values: Values::One,
};
const SIGNATURE_TYPE: Part = Part {
    name: "Wechatpay-Signature-Type",
    place: Place::Header,
    usual: Some("WECHATPAY2-SHA256-RSA2048"),
    values: Values::One,
};
const TIMESTAMP: Part = Part {
    name: "Wechatpay-Timestamp",
    place: Place::Header,
    usual: Some("1722850421"),
    values: Values::Seconds,
};
const NONCE: Part =
    Part { name: "Wechatpay-Nonce", place: Place::Header, usual: Some("a"), values: Values::Word };
