//! Method and path.

use super::ways;
use crate::explain::capture::path_of;
use crate::explain::circumstance::{Circumstance, Undone};
use crate::explain::escape::rewritten;
use crate::explain::exchange::Exchange;
use crate::mistake::Text;
use crate::protocol::headers::Piece;

const AS_SENT: Text = Text {
    en: "sign and verify method, path and query as they stand on the wire, without the host",
    zh: "按传输原样签名和验签方法、路径与查询串，不含主机名",
};
/// Where the protocols' requests go. That of the open platform is a mistake of the catalogue.
const HOSTS: &[&str] = &[
    "api.mch.weixin.qq.com",
    "api2.mch.weixin.qq.com",
    "open-sea-global.alipay.com",
    "open-na-global.alipay.com",
    "open-de-global.alipay.com",
];
/// More leading segments than a gateway adds are not taken off.
const MOST_SEGMENTS: usize = 4;

pub(super) const CIRCUMSTANCES: &[Circumstance<Exchange>] = &[
    Circumstance {
        id: "path-whole-address",
        what: Text {
            en: "the whole address stands here, and its path was signed",
            zh: "这里是整个地址，而参与签名的是路径",
        },
        fix: AS_SENT,
        is_common: true,
        undo: |situation, _| with_paths(situation, [path_of(&situation.path).to_vec()]),
    },
    Circumstance {
        id: "path-address-signed",
        what: Text {
            en: "the whole address was signed in place of the path",
            zh: "签名的是整个地址而不是路径",
        },
        fix: AS_SENT,
        is_common: false,
        undo: |situation, _| {
            let own = situation.header("host").filter(|host| !host.is_empty());
            let hosts = HOSTS.iter().map(|host| host.as_bytes()).chain(own);
            let way = |host: &[u8]| {
                let address = [b"https://", host, situation.path.as_slice()].concat();
                let situation = situation.with_signed("path", address)?;
                Some(Undone { situation, detail: vec![host.to_vec()] })
            };
            hosts.filter(|_| situation.arranged.is_none()).filter_map(way).collect()
        },
    },
    Circumstance {
        id: "path-decoded",
        what: Text {
            en: "the path stands here decoded, and was signed as it is sent",
            zh: "这里的路径已被解码，而签名用的是传输时的写法",
        },
        fix: AS_SENT,
        is_common: false,
        undo: |situation, _| {
            let written = |lower: bool| {
                rewritten(&situation.path, |rest| {
                    let byte = *rest.first().filter(|byte| !byte.is_ascii_graphic())?;
                    let escape =
                        if lower { format!("%{byte:02x}") } else { format!("%{byte:02X}") };
                    Some((escape.into_bytes(), 1))
                })
            };
            with_paths(situation, [written(false), written(true)])
        },
    },
    Circumstance {
        id: "path-prefixed",
        what: Text {
            en: "a proxy has put segments before the path that was signed",
            zh: "代理在已签名的路径之前加上了前缀",
        },
        fix: AS_SENT,
        is_common: false,
        undo: |situation, _| {
            let ends = memchr::memchr(b'?', &situation.path).unwrap_or(situation.path.len());
            let slashes = memchr::memchr_iter(b'/', &situation.path);
            let is_path = situation.path.starts_with(b"/");
            let starts = slashes.skip(1).take(MOST_SEGMENTS);
            let starts = starts.filter(|at| is_path && *at < ends);
            let behind = |at: usize| situation.path.get(at..).unwrap_or_default().to_vec();
            with_paths(situation, starts.map(behind))
        },
    },
    Circumstance {
        id: "path-last-slash",
        what: Text {
            en: "the last slash of the path was added or taken off",
            zh: "路径末尾的斜杠被加上或去掉了",
        },
        fix: AS_SENT,
        is_common: false,
        undo: |situation, _| {
            let at = memchr::memchr(b'?', &situation.path).unwrap_or(situation.path.len());
            let (path, query) = situation.path.split_at_checked(at).unwrap_or_default();
            let other = match path.strip_suffix(b"/") {
                Some(bare) => [bare, query].concat(),
                None => [path, b"/", query].concat(),
            };
            with_paths(situation, [other])
        },
    },
    Circumstance {
        id: "method-other",
        what: Text {
            en: "it was signed with another method than it has here",
            zh: "签名时的方法与这里的不同",
        },
        fix: AS_SENT,
        is_common: false,
        undo: |situation, _| {
            let is_signed = situation.scheme.pieces().any(|piece| piece == Piece::Method);
            let methods = ["POST", "GET", "PUT", "PATCH", "DELETE"].iter();
            let others = methods.filter(|method| method.as_bytes() != situation.method);
            let way = |method: &&str| Undone {
                situation: Exchange { method: method.as_bytes().to_vec(), ..situation.clone() },
                detail: vec![method.as_bytes().to_vec()],
            };
            others.filter(|_| is_signed).map(way).collect()
        },
    },
];

/// With each of these paths, where the path is signed at all.
fn with_paths(
    situation: &Exchange,
    paths: impl IntoIterator<Item = Vec<u8>>,
) -> Vec<Undone<Exchange>> {
    let is_signed = situation.scheme.pieces().any(|piece| piece == Piece::Path);
    let paths = paths.into_iter().filter(|path| is_signed && !path.is_empty());
    ways(situation, paths.map(|path| Exchange { path, ..situation.clone() }))
}
