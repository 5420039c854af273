//! Lines that were put together otherwise than the protocol has them.

use std::collections::HashSet;

use crate::explain::arranged::Arranged;
use crate::explain::circumstance::{Circumstance, Undone};
use crate::explain::exchange::Exchange;
use crate::explain::forward;
use crate::explain::keys::Keys;
use crate::explain::situation::Situation;
use crate::mistake::Text;

const SEPARATORS: &[(&str, &str)] = &[
    ("\n", "a line each"),
    ("\r\n", "CR LF"),
    ("\\n", "\\n as two characters"),
    ("", "nothing between"),
    ("&", "&"),
    (".", "."),
    (" ", "blank"),
];

pub(super) const CIRCUMSTANCES: &[Circumstance<Exchange>] = &[Circumstance {
    id: "lines-otherwise",
    what: Text {
        en: "what was signed has the lines of such a message, but otherwise put together",
        zh: "待签名字符串由这些行组成，但拼接方式不同",
    },
    fix: Text {
        en: "put the lines together as the documents have them: each of them once, in their order, between the right characters",
        zh: "按文档拼接各行：每行一次，顺序与分隔符正确",
    },
    is_common: false,
    undo: arranged,
}];

fn arranged(situation: &Exchange, _: &Keys) -> Vec<Undone<Exchange>> {
    if situation.arranged.is_some() {
        return vec![];
    }
    let parts = situation.parts();
    let name = |place: usize| parts.get(place).map_or("", |part| part.name);
    let all: Vec<usize> = (0..parts.len()).collect();
    let mut ways: Vec<(Vec<usize>, Option<&'static str>, String)> = Vec::new();
    for place in &all {
        let others = all.iter().copied().filter(|other| other != place);
        ways.push((others.collect(), None, format!("without {}", name(*place))));
        ways.push((vec![*place], None, format!("{} alone", name(*place))));
        let twice = all.iter().flat_map(|other| vec![*other; 1 + usize::from(other == place)]);
        ways.push((twice.collect(), None, format!("{} twice", name(*place))));
        for to in all.iter().filter(|to| *to != place) {
            let mut moved: Vec<usize> =
                all.iter().copied().filter(|other| other != place).collect();
            moved.insert(*to, *place);
            ways.push((moved, None, format!("{} as part {}", name(*place), to + 1)));
        }
    }
    for from in 2..parts.len() {
        ways.push((
            all.get(from..).unwrap_or_default().to_vec(),
            None,
            format!("from {} on", name(from)),
        ));
    }
    ways.extend(SEPARATORS.iter().map(|(text, name)| (all.clone(), Some(*text), (*name).into())));

    // What a known mistake makes too is said by that.
    let known = forward::all::<Exchange>()
        .map(|mistake| situation.string_by(&forward::signer(&[mistake]).verifying_stages()));
    let mut seen: HashSet<Vec<u8>> = known.collect();
    let mut undone = Vec::new();
    let mut add = |situation: Exchange, detail: String| {
        if seen.insert(situation.string_to_sign()) {
            undone.push(Undone { situation, detail: vec![detail.into_bytes()] });
        }
    };
    for (parts, separator, detail) in ways {
        for is_ended in [situation.scheme.final_line_feed, !situation.scheme.final_line_feed] {
            let arranged = Arranged { parts: parts.clone(), separator, is_ended, other: None };
            add(Exchange { arranged: Some(arranged), ..situation.clone() }, detail.clone());
        }
    }
    // An empty body is a circumstance of its own.
    for name in parts.iter().map(|part| part.name).filter(|name| *name != "body") {
        let empty = situation.with_signed(name, vec![]);
        empty.into_iter().for_each(|empty| add(empty, format!("{name} empty")));
    }
    undone
}
