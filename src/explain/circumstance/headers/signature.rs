//! What happens to a signature in a header, and its digest.

use super::ways;
use crate::explain::circumstance::Circumstance;
use crate::explain::escape::{replaced, unescaped};
use crate::explain::exchange::{Exchange, PROBE};
use crate::explain::situation::Situation;
use crate::mistake::Text;
use crate::protocol::headers::Scheme;
use crate::signature::SignType;

pub(super) const CIRCUMSTANCES: &[Circumstance<Exchange>] = &[
    Circumstance {
        id: "sign-plus-lost",
        what: Text {
            en: "a + of the signature was turned into a space, or was sent without its escape",
            zh: "签名中的 + 变成了空格，或发送时没有转义",
        },
        fix: Text {
            en: "escape the signature once where the protocol wants it escaped, and nowhere else",
            zh: "仅在协议要求时对签名转义一次",
        },
        is_common: true,
        undo: |situation, _| {
            ways(situation, [situation.with_sign(&replaced(&situation.sign(), b" ", b"+"))])
        },
    },
    Circumstance {
        id: "sign-escaped",
        what: Text {
            en: "the signature is percent-encoded once more than it should be",
            zh: "签名多做了一次百分号编码",
        },
        fix: Text {
            en: "escape the signature once where the protocol wants it escaped, and nowhere else",
            zh: "仅在协议要求时对签名转义一次",
        },
        is_common: true,
        undo: |situation, _| {
            ways(situation, [situation.with_sign(&unescaped(&situation.sign(), false))])
        },
    },
    Circumstance {
        id: "sign-of-probe",
        what: Text {
            en: "the mark of a probe stands before the signature",
            zh: "签名前带有探测流量的标记",
        },
        fix: Text {
            en: "answer a probe with a failure, as any wrong signature: WeChat Pay tests whether signatures are verified",
            zh: "对探测流量按验签失败应答：微信支付在检查是否真的验签",
        },
        is_common: false,
        undo: |situation, _| {
            let sign = situation.sign();
            let bare = sign.strip_prefix(PROBE).map(|bare| situation.with_sign(bare));
            ways(situation, bare)
        },
    },
    Circumstance {
        id: "digest-sha1",
        what: Text {
            en: "the signature is of the SHA-1 digest", zh: "签名用的是 SHA-1 摘要"
        },
        fix: Text { en: "sign with SHA256withRSA", zh: "使用 SHA256withRSA 签名" },
        is_common: false,
        undo: |situation, _| {
            let sign_types = &[SignType::Rsa];
            let scheme = Scheme { sign_types, ..situation.scheme };
            ways(situation, [Exchange { scheme, sign_type: SignType::Rsa, ..situation.clone() }])
        },
    },
];
