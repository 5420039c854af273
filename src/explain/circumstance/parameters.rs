//! Parameters that came in addition, were lost, came twice, were taken apart or have another name.

use super::{Circumstance, Undone};
use crate::explain::keys::Keys;
use crate::explain::known::{EMPTY_WORDS, USUAL_COPIES, USUAL_VALUES, is_known};
use crate::explain::parameters::{Pair, Parameters, is_signed};
use crate::mistake::Text;

/// Of more unknown names than this, not every subset of three is tried.
const MOST_UNKNOWN: usize = 10;

pub(super) const CIRCUMSTANCES: &[Circumstance<Parameters>] = &[
    Circumstance {
        id: "parameters-added",
        what: Text {
            en: "parameters are here that were not signed (a framework's routing, the query of notify_url or return_url, or a debugger added them)",
            zh: "多出了没有参与签名的参数（来自框架路由、notify_url 或 return_url 的查询串，或调试器）",
        },
        fix: Text {
            en: "verify only what came from Alipay: read the body of the POST, take out the names that your own program adds, and use a notify_url without a query",
            zh: "只对支付宝发来的参数验签：读取 POST 的正文，去掉自己程序加入的参数，notify_url 不要带查询串",
        },
        is_common: true,
        undo: added,
    },
    Circumstance {
        id: "parameter-lost",
        what: Text {
            en: "a parameter was signed that is missing here",
            zh: "缺少一个参与了签名的参数",
        },
        fix: Text {
            en: "verify over every parameter that came, those that the program does not know included",
            zh: "对收到的全部参数验签，包括程序不认识的参数",
        },
        is_common: false,
        undo: lost,
    },
    Circumstance {
        id: "parameter-repeated",
        what: Text {
            en: "a parameter stands here more than once, and was signed once",
            zh: "同一个参数出现了多次，而签名时只有一次",
        },
        fix: Text {
            en: "do not merge the query and the body, and do not add the parameters of the address again",
            zh: "不要合并查询串与正文，不要重复加入地址中的参数",
        },
        is_common: true,
        undo: repeated,
    },
    Circumstance {
        id: "value-taken-apart",
        what: Text {
            en: "a value with an & that was not encoded was taken for two parameters",
            zh: "参数值中的 & 没有编码，被当成了两个参数",
        },
        fix: Text {
            en: "encode each name and value before joining them to a query or body",
            zh: "拼成查询串或正文之前，对每个参数名和值做 URL 编码",
        },
        is_common: false,
        undo: taken_apart,
    },
    Circumstance {
        id: "names-changed",
        what: Text {
            en: "parameters have other names here than they were signed with",
            zh: "参数名与签名时的不同（大小写或命名风格）",
        },
        fix: Text {
            en: "verify under the names that came, before they become fields of an object",
            zh: "在映射为对象字段之前，用收到的参数名验签",
        },
        is_common: false,
        undo: names_changed,
    },
];

fn added(situation: &Parameters, _: &Keys) -> Vec<Undone<Parameters>> {
    let is_single =
        |name: &[u8]| situation.params.iter().filter(|pair| pair.0 == name).count() == 1;
    let counts = |pair: &Pair| {
        is_signed(&pair.0) && !EMPTY_WORDS.contains(&pair.1.as_slice()) && is_single(&pair.0)
    };
    let indices = || situation.params.iter().enumerate().filter(|(_, pair)| counts(pair));
    let unknown: Vec<usize> = indices()
        .filter(|(_, pair)| !is_known(situation.protocol, &pair.0))
        .map(|(index, _)| index)
        .collect();
    let mut subsets: Vec<Vec<usize>> = Vec::new();
    if unknown.len() > 3 {
        subsets.push(unknown.clone());
    }
    let few = unknown.get(..unknown.len().min(MOST_UNKNOWN)).unwrap_or_default();
    subsets.extend(unknown.iter().map(|index| vec![*index]));
    for (position, first) in few.iter().enumerate() {
        let others = few.get(position + 1..).unwrap_or_default();
        for (position, second) in others.iter().enumerate() {
            subsets.push(vec![*first, *second]);
            let others = others.get(position + 1..).unwrap_or_default();
            subsets.extend(others.iter().map(|third| vec![*first, *second, *third]));
        }
    }
    // Fewer first. One that the documents know may have been added, too.
    subsets.sort_by_key(Vec::len);
    let known = indices().filter(|(index, _)| !unknown.contains(index));
    subsets.extend(known.map(|(index, _)| vec![index]));
    subsets.into_iter().map(|subset| without(situation, &subset)).collect()
}

fn without(situation: &Parameters, left_out: &[usize]) -> Undone<Parameters> {
    let mut kept = Vec::new();
    let mut detail = Vec::new();
    for (index, pair) in situation.params.iter().enumerate() {
        if left_out.contains(&index) {
            detail.push(pair.0.clone());
        } else {
            kept.push(pair.clone());
        }
    }
    Undone { situation: Parameters { params: kept, ..situation.clone() }, detail }
}

fn lost(situation: &Parameters, _: &Keys) -> Vec<Undone<Parameters>> {
    let constants = USUAL_VALUES.iter().map(|(name, value)| (*name, value.as_bytes()));
    let copies = USUAL_COPIES
        .iter()
        .filter_map(|(name, from)| Some((*name, situation.get(from.as_bytes())?)));
    constants
        .chain(copies)
        .filter(|(name, value)| {
            !value.is_empty() && situation.get(name.as_bytes()).unwrap_or_default().is_empty()
        })
        .map(|(name, value)| {
            let mut params: Vec<Pair> = situation.params.clone();
            params.retain(|pair| pair.0 != name.as_bytes());
            params.push((name.into(), value.to_vec()));
            let detail = vec![[name.as_bytes(), b"=", value].concat()];
            Undone { situation: Parameters { params, ..situation.clone() }, detail }
        })
        .collect()
}

fn repeated(situation: &Parameters, _: &Keys) -> Vec<Undone<Parameters>> {
    let names: Vec<&[u8]> = situation.params.iter().map(|pair| pair.0.as_slice()).collect();
    let mut twice: Vec<Vec<u8>> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let before = names.get(..index).unwrap_or_default();
        if before.contains(name) && !twice.iter().any(|other| other == name) {
            twice.push(name.to_vec());
        }
    }
    if twice.is_empty() {
        return vec![];
    }
    let merged = |merge: &dyn Fn(&mut Pair, &Pair)| {
        let mut params: Vec<Pair> = Vec::new();
        for pair in &situation.params {
            match params.iter_mut().find(|other| other.0 == pair.0) {
                Some(first) => merge(first, pair),
                None => params.push(pair.clone()),
            }
        }
        Undone { situation: Parameters { params, ..situation.clone() }, detail: twice.clone() }
    };
    vec![
        merged(&|_, _| {}),
        merged(&|first, later| first.1.clone_from(&later.1)),
        merged(&|first, later| {
            first.1.push(b',');
            first.1.extend_from_slice(&later.1);
        }),
    ]
}

/// A name that no document has may be the rest of the value before it.
fn taken_apart(situation: &Parameters, _: &Keys) -> Vec<Undone<Parameters>> {
    let mut undone = Vec::new();
    for (index, (name, value)) in situation.params.iter().enumerate().skip(1) {
        if is_known(situation.protocol, name) {
            continue;
        }
        let joins: &[&[u8]] = if value.is_empty() { &[b"", b"="] } else { &[b"="] };
        for equals in joins {
            let mut params = situation.params.clone();
            params.remove(index);
            let Some(before) = params.get_mut(index - 1) else { continue };
            before.1 = [&before.1, &b"&"[..], name, equals, value].concat();
            let detail = vec![before.0.clone()];
            undone.push(Undone { situation: Parameters { params, ..situation.clone() }, detail });
        }
    }
    undone
}

fn names_changed(situation: &Parameters, _: &Keys) -> Vec<Undone<Parameters>> {
    let snake = |name: &[u8]| {
        let mut out = Vec::new();
        for (index, byte) in name.iter().enumerate() {
            if byte.is_ascii_uppercase() && index > 0 {
                out.push(b'_');
            }
            out.push(byte.to_ascii_lowercase());
        }
        out
    };
    let hyphens =
        |name: &[u8]| name.iter().map(|byte| if *byte == b'-' { b'_' } else { *byte }).collect();
    type Spelling = fn(&[u8]) -> Vec<u8>;
    let ways: [Spelling; 4] =
        [<[u8]>::to_ascii_lowercase, snake, hyphens, |name| name.trim_ascii().to_vec()];
    ways.iter()
        .filter_map(|way| {
            let mut changed = situation.clone();
            let mut detail = Vec::new();
            for (name, _) in &mut changed.params {
                let other = way(name);
                if other != *name {
                    detail.push(name.clone());
                    *name = other;
                }
            }
            (!detail.is_empty()).then_some(Undone { situation: changed, detail })
        })
        .collect()
}
