//! Which parameters are signed.

use crate::canonical::Selection;
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::params::Params;

pub(super) const MISTAKES: &[Mistake] = &[Mistake {
    id: "filter-empty-included",
    area: Area::Filter,
    severity: Severity::Interop,
    what: Text {
        en: "parameters with an empty value are signed", zh: "值为空的参数参与了签名"
    },
    fix: Text {
        en: "leave out every parameter whose value has no byte, when signing and when verifying",
        zh: "签名和验签时都去掉值为空的参数",
    },
    sources: &["the PyPI package alipay 0.7.4"],
    twin: Twin::Stages(|stages| stages.filter = empty_included),
}];

fn empty_included(params: &Params, excluded: &[&str], selection: &mut Selection) {
    selection.select(params, |pair| !excluded.iter().any(|other| other.as_bytes() == pair.name()));
}
