//! The body, which is signed byte for byte.

use super::{bodies, ways};
use crate::explain::circumstance::Circumstance;
use crate::explain::escape::{replaced, unbackslashed};
use crate::explain::exchange::Exchange;
use crate::mistake::Text;

const AS_IT_CAME: Text = Text {
    en: "verify the bytes of the body as they came, before anything reads, trims or stores them",
    zh: "在解析、去空白或入库之前，按收到的报文体逐字节验签",
};
const MARK: &[u8] = b"\xEF\xBB\xBF";

pub(super) const CIRCUMSTANCES: &[Circumstance<Exchange>] = &[
    Circumstance {
        id: "body-ends-added",
        what: Text {
            en: "blanks or line ends stand at the ends of the body that were not signed",
            zh: "报文体首尾多出了没有参与签名的空白或换行",
        },
        fix: AS_IT_CAME,
        is_common: true,
        undo: |situation, _| {
            let body = situation.body.as_slice();
            let without = |end: &[u8]| body.strip_suffix(end).unwrap_or(body).to_vec();
            let trimmed = [body.trim_ascii(), body.trim_ascii_end(), body.trim_ascii_start()];
            let mut all = vec![without(b"\r\n"), without(b"\n")];
            all.extend(trimmed.map(<[u8]>::to_vec));
            all.dedup();
            bodies(situation, all)
        },
    },
    Circumstance {
        id: "body-end-lost",
        what: Text {
            en: "the body was signed with a line end or blank behind it that is gone",
            zh: "报文体末尾的换行或空白参与了签名，而这里已被去掉",
        },
        fix: AS_IT_CAME,
        is_common: true,
        undo: |situation, _| {
            let with = |end: &&str| [&situation.body, end.as_bytes()].concat();
            bodies(situation, ["\n", "\r\n", " "].iter().map(with))
        },
    },
    Circumstance {
        id: "body-line-ends",
        what: Text {
            en: "line ends within the body were converted between CR LF and LF",
            zh: "报文体中的换行在 CRLF 与 LF 之间被转换",
        },
        fix: AS_IT_CAME,
        is_common: true,
        undo: |situation, _| {
            let lf = replaced(&situation.body, b"\r\n", b"\n");
            bodies(situation, [replaced(&lf, b"\n", b"\r\n"), lf])
        },
    },
    Circumstance {
        id: "body-mark-added",
        what: Text {
            en: "a byte order mark stands before the body that was not signed",
            zh: "报文体前多出了没有参与签名的 BOM（字节序标记）",
        },
        fix: AS_IT_CAME,
        is_common: true,
        undo: |situation, _| {
            bodies(situation, situation.body.strip_prefix(MARK).map(<[u8]>::to_vec))
        },
    },
    Circumstance {
        id: "body-mark-lost",
        what: Text {
            en: "the body was signed with a byte order mark before it that is gone",
            zh: "报文体前的 BOM（字节序标记）参与了签名，而这里已丢失",
        },
        fix: AS_IT_CAME,
        is_common: false,
        undo: |situation, _| bodies(situation, [[MARK, &situation.body].concat()]),
    },
    Circumstance {
        id: "body-empty-signed",
        what: Text {
            en: "an empty body was signed: it had been read before, or had not been written yet",
            zh: "签名时报文体为空：流已被读取过，或尚未写入",
        },
        fix: Text {
            en: "keep the bytes of the body, and sign or verify those",
            zh: "保留报文体的字节，用它签名或验签",
        },
        is_common: false,
        undo: |situation, _| bodies(situation, [vec![]]),
    },
    Circumstance {
        id: "body-as-logged",
        what: Text {
            en: "the body stands here as a log or a program's source writes it, with backslashes before its quotation marks",
            zh: "这里的报文体是日志或源代码中的写法，引号前带有反斜杠",
        },
        fix: Text {
            en: "capture the body as it came in, and not as a log escapes it",
            zh: "在入口处保存原始报文体，不要从日志中复制转义后的文本",
        },
        is_common: false,
        undo: |situation, _| {
            let body = situation.body.trim_ascii();
            let bare = body.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
            let is_escaped = memchr::memmem::find(body, b"\\\"").is_some();
            let bare = unbackslashed(bare.unwrap_or(body));
            bodies(situation, Some(bare).filter(|_| is_escaped))
        },
    },
    Circumstance {
        id: "body-of-upload",
        what: Text {
            en: "of an upload the JSON of its part meta was signed, and the whole body stands here",
            zh: "上传文件时参与签名的只是 meta 部分的 JSON，而这里是整个报文体",
        },
        fix: Text {
            en: "of an upload verify the JSON of the part meta alone",
            zh: "上传文件时只对 meta 部分的 JSON 验签",
        },
        is_common: false,
        undo: |situation, _| ways(situation, part_meta(situation)),
    },
];

/// With what stands between the headers of the part `meta` and the next boundary.
fn part_meta(situation: &Exchange) -> Option<Exchange> {
    let body = situation.body.as_slice();
    let from = |bytes: &'_ [u8], at: usize| bytes.get(at..).map(<[u8]>::to_vec);
    let part = from(body, memchr::memmem::find(body, b"name=\"meta\"")?)?;
    let blank = [&b"\r\n\r\n"[..], b"\n\n"]
        .iter()
        .filter_map(|blank| Some(memchr::memmem::find(&part, blank)? + blank.len()))
        .min()?;
    let content = from(&part, blank)?;
    let end = memchr::memmem::find(&content, b"\n--")?;
    let meta = content.get(..end)?;
    let meta = meta.strip_suffix(b"\r").unwrap_or(meta).to_vec();
    Some(Exchange { body: meta, ..situation.clone() })
}
