//! The items of the Authorization header, and the token beside it.

use super::{changed, with_headers};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::protocol::headers::{Message, Piece, Scheme, lines};
use crate::vector::operation::Operation;

const AS_WRITTEN: Text = Text {
    en: "sign the very text of the items that the header holds",
    zh: "签名的条目文本与请求头中的必须完全相同",
};
const ITEM: Text = Text {
    en: "write each item as name=value, under the name that the documents give it",
    zh: "每个条目写成 name=value，名称与文档一致",
};

pub(in super::super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "join-v3-auth-string-mismatch",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the items are signed in another order than they have in the Authorization header",
            zh: "签名时条目的顺序与 Authorization 头中的不同",
        },
        fix: AS_WRITTEN,
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let mut items: Vec<_> = items.split(|byte| *byte == b',').collect();
                items.sort_unstable();
                lines(scheme, message, &items.join(&b','), out);
            };
        }),
    },
    Mistake {
        id: "join-v3-nonce-name",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "in certificate mode the nonce is called nonce_str, as on another platform",
            zh: "证书模式下把 nonce 写成了另一平台的 nonce_str",
        },
        fix: ITEM,
        sources: &[
            "https://github.com/go-pay/gopay/blob/13445eb4b65bd094b26c7e4f69537c224f912779/alipay/v3/sign.go",
        ],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let items = in_certificate_mode(items, |item| match item.strip_prefix("nonce=") {
                    Some(nonce) => format!("nonce_str={nonce}"),
                    None => item.into(),
                });
                lines(scheme, message, items.as_bytes(), out);
            };
        }),
    },
    Mistake {
        id: "join-v3-certificate-stray-equals",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "an equals sign follows the serial number of the certificate: app_cert_sn=…=",
            zh: "证书序列号之后多出等号：app_cert_sn=…=",
        },
        fix: ITEM,
        sources: &[
            "https://github.com/essensoft/paylinks (Essensoft.Paylinks.Alipay.Core/AlipaySignature.cs)",
        ],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                let is_sn = |item: &str| item.starts_with("app_cert_sn=");
                let items = in_certificate_mode(items, |item| {
                    if is_sn(item) { format!("{item}=") } else { item.into() }
                });
                lines(scheme, message, items.as_bytes(), out);
            };
        }),
    },
    Mistake {
        id: "filter-v3-unknown-item",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "only the items that are known are signed, and others stand in the header alone",
            zh: "只签名已知的条目，其他条目只出现在请求头中",
        },
        fix: AS_WRITTEN,
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                const KNOWN: [&[u8]; 4] = [b"app_id", b"app_cert_sn", b"nonce", b"timestamp"];
                if !scheme.pieces().any(|piece| piece == Piece::Items) {
                    return lines(scheme, message, items, out);
                }
                let name =
                    |item: &[u8]| item.split(|byte| *byte == b'=').next().map(<[u8]>::to_vec);
                let items = items.split(|byte| *byte == b',');
                let known =
                    items.filter(|i| name(i).is_some_and(|n| KNOWN.contains(&n.as_slice())));
                lines(scheme, message, &known.collect::<Vec<_>>().join(&b','), out);
            };
        }),
    },
    Mistake {
        id: "openapi-v3-timestamp-seconds",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the timestamp is in seconds where milliseconds are due, as on another platform",
            zh: "时间戳应为毫秒，却像另一平台那样用了秒",
        },
        fix: Text { en: "count milliseconds", zh: "以毫秒计" },
        sources: &["https://opendocs.alipay.com/open-v3/054q58 (the rule)"],
        twin: Twin::Around(|inner, ask| {
            changed(inner, ask, |message| {
                let is_sent = ask.operation == Operation::SignRequest;
                let times = message.params.iter_mut().filter(|(name, _)| name == "timestamp");
                times.filter(|_| is_sent).for_each(|(_, time)| time.truncate(10));
            })
        }),
    },
    Mistake {
        id: "join-v3-app-auth-token-line-missing",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "the token of the merchant that is acted for stands in its header and is not signed",
            zh: "代商户调用的令牌只放在请求头中，没有参与签名",
        },
        fix: Text {
            en: "sign the value of alipay-app-auth-token as the last line",
            zh: "把 alipay-app-auth-token 的值作为最后一行参与签名",
        },
        sources: &["https://opendocs.alipay.com/open-v3/054q58 (the rule)"],
        twin: Twin::Stages(|stages| stages.lines = without_token),
    },
    Mistake {
        id: "join-v3-app-auth-token-line-empty",
        area: Area::Headers,
        severity: Severity::Interop,
        what: Text {
            en: "without a token its line is there, and empty",
            zh: "没有令牌时仍留有一个空行",
        },
        fix: Text {
            en: "leave the line out where there is no token", zh: "没有令牌时不写这一行"
        },
        sources: &["derived from the rule"],
        twin: Twin::Stages(|stages| {
            stages.lines = |scheme, message, items, out| {
                lines(scheme, message, items, out);
                if optional(scheme).any(|name| message.header(name).is_none_or(<[u8]>::is_empty)) {
                    out.push(b'\n');
                }
            };
        }),
    },
];

fn optional(scheme: &Scheme) -> impl Iterator<Item = &'static str> {
    scheme.pieces().filter_map(|piece| match piece {
        Piece::OptionalHeader(name) => Some(name),
        _ => None,
    })
}

fn without_token(scheme: &Scheme, message: &Message<'_>, items: &[u8], out: &mut Vec<u8>) {
    let headers = with_headers(message, |name, value| {
        let is_token = optional(scheme).any(|token| name.eq_ignore_ascii_case(token.as_bytes()));
        (!is_token).then(|| (name.to_vec(), value.to_vec()))
    });
    lines(scheme, &Message { headers: &headers, ..*message }, items, out);
}

/// The items changed one by one, where the serial number of a certificate is among them.
fn in_certificate_mode(items: &[u8], change: impl Fn(&str) -> String) -> String {
    let text = String::from_utf8_lossy(items);
    if !text.contains("app_cert_sn=") {
        return text.into_owned();
    }
    text.split(',').map(change).collect::<Vec<_>>().join(",")
}
