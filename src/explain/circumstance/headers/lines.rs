//! The headers that are signed beside the body.

use super::ways;
use crate::explain::circumstance::{Circumstance, Undone};
use crate::explain::escape::unescaped;
use crate::explain::exchange::Exchange;
use crate::explain::parameters::Pair;
use crate::mistake::Text;

const AS_IT_STANDS: Text = Text {
    en: "sign and verify the values of the headers as they stand on the wire",
    zh: "按传输中的原值签名和验签",
};

/// More headers that stand more than once are not looked at.
const MOST_REPEATED: usize = 8;

pub(super) const CIRCUMSTANCES: &[Circumstance<Exchange>] = &[
    Circumstance {
        id: "header-repeated",
        what: Text {
            en: "a header that decides stands more than once, and only one of the two belongs to the message",
            zh: "起决定作用的请求头重复出现，其中只有一个属于该报文",
        },
        fix: Text {
            en: "look at what adds the header on the way, a proxy or a test; refuse such a message",
            zh: "检查途中（代理或测试）是什么加入了该头；这样的报文应当拒绝",
        },
        is_common: true,
        undo: |situation, _| repeated(situation),
    },
    Circumstance {
        id: "header-time-unit",
        what: Text {
            en: "the time is in milliseconds here and was signed in seconds, or the other way round",
            zh: "这里的时间以毫秒计而签名时以秒计，或者相反",
        },
        fix: AS_IT_STANDS,
        is_common: false,
        undo: |situation, _| ways(situation, times(situation)),
    },
    Circumstance {
        id: "header-time-number",
        what: Text {
            en: "the time was signed as a number is printed, without the zeros or the sign that it has here",
            zh: "签名用的时间是数字的写法，没有这里前面的零或正负号",
        },
        fix: AS_IT_STANDS,
        is_common: false,
        undo: |situation, _| {
            each_header(situation, |value| {
                let digits = value.strip_prefix(b"+").unwrap_or(value);
                let zeros = digits.iter().take_while(|byte| **byte == b'0').count();
                let bare = digits.get(zeros..).unwrap_or_default();
                let is_number = !bare.is_empty() && bare.iter().all(u8::is_ascii_digit);
                if is_number { bare.to_vec() } else { value.to_vec() }
            })
        },
    },
    Circumstance {
        id: "header-letters",
        what: Text {
            en: "the letters of a header's value are in another case than they were signed in",
            zh: "请求头的值大小写与签名时不同",
        },
        fix: AS_IT_STANDS,
        is_common: false,
        undo: |situation, _| {
            let mut undone = each_header(situation, <[u8]>::to_ascii_lowercase);
            undone.extend(each_header(situation, <[u8]>::to_ascii_uppercase));
            undone
        },
    },
    Circumstance {
        id: "header-quoted",
        what: Text {
            en: "quotation marks or blanks stand about the value of a header that was signed without",
            zh: "请求头的值两侧带有没有参与签名的引号或空白",
        },
        fix: AS_IT_STANDS,
        is_common: false,
        undo: |situation, _| each_header(situation, |value| unquoted(value).to_vec()),
    },
    Circumstance {
        id: "header-escaped",
        what: Text {
            en: "the value of a header is percent-encoded here, and was signed as it was before",
            zh: "请求头的值在这里做了百分号编码，而签名用的是编码前的值",
        },
        fix: AS_IT_STANDS,
        is_common: false,
        undo: |situation, _| each_header(situation, |value| unescaped(value, false)),
    },
    Circumstance {
        id: "other-kind",
        what: Text {
            en: "it was signed as another kind of message: a reply as a request, or a request as a reply",
            zh: "它是按另一类报文签名的：响应按请求签，或请求按响应签",
        },
        fix: Text {
            en: "sign and verify each kind of message by its own lines and times",
            zh: "每类报文按自己的行与时间签名和验签",
        },
        is_common: false,
        undo: |situation, _| {
            let protocol = situation.protocol;
            let kinds = [Some(protocol.request), Some(protocol.reply), protocol.notify];
            let kinds = kinds.into_iter().flatten();
            ways(situation, kinds.map(|scheme| Exchange { scheme, ..situation.clone() }))
        },
    },
];

fn unquoted(value: &[u8]) -> &[u8] {
    let value = value.trim_ascii();
    let inside = value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    inside.unwrap_or(value).trim_ascii()
}

/// All signed headers changed.
fn each_header(situation: &Exchange, change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Undone<Exchange>> {
    let mut all = situation.clone();
    let mut detail = Vec::new();
    for name in situation.signed_headers() {
        let changed = situation.header(name).map(&change);
        if let Some(value) = changed.filter(|value| situation.header(name) != Some(value)) {
            all = all.with_header(name, value);
            detail.push(name.as_bytes().to_vec());
        }
    }
    if all == *situation { vec![] } else { vec![Undone { situation: all, detail }] }
}

/// Of each header that stands more than once, one alone.
fn repeated(situation: &Exchange) -> Vec<Undone<Exchange>> {
    let is = |pair: &Pair, name: &[u8]| pair.0.eq_ignore_ascii_case(name);
    let count = |name: &[u8]| situation.headers.iter().filter(|pair| is(pair, name)).count();
    let mut undone = Vec::new();
    let headers = situation.headers.iter().enumerate();
    for (kept, (name, _)) in headers.filter(|(_, pair)| count(&pair.0) > 1).take(MOST_REPEATED) {
        let others = situation.headers.iter().enumerate();
        let headers = others.filter(|(index, pair)| *index == kept || !is(pair, name));
        let headers = headers.map(|(_, pair)| pair.clone()).collect();
        let situation = Exchange { headers, ..situation.clone() };
        undone.push(Undone { situation, detail: vec![name.clone()] });
    }
    undone
}

/// The time in the other unit, in its header or among the items.
fn times(situation: &Exchange) -> Vec<Exchange> {
    let other = |digits: &[u8]| match digits.len() {
        10 => Some([digits, b"000"].concat()),
        13 => digits.get(..10).map(<[u8]>::to_vec),
        _ => None,
    };
    let in_header = |name: &'static str| {
        let value = situation.header(name)?;
        let is_time = value.iter().all(u8::is_ascii_digit);
        Some(situation.with_header(name, other(value).filter(|_| is_time)?))
    };
    let in_item = || {
        const NAME: &[u8] = b"timestamp=";
        let header = situation.scheme.carrier.header;
        let value = situation.header(header)?;
        let behind = memchr::memmem::find(value, NAME)? + NAME.len();
        let start = behind + usize::from(value.get(behind) == Some(&b'"'));
        let (before, rest) = value.split_at_checked(start)?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (time, rest) = rest.split_at_checked(digits)?;
        Some(situation.with_header(header, [before, &other(time)?, rest].concat()))
    };
    let mut ways: Vec<_> = situation.signed_headers().filter_map(in_header).collect();
    ways.extend(in_item());
    ways
}
