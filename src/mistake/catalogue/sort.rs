//! In which order the parameters are signed.

use crate::mistake::{Area, Mistake, Severity, Text, Twin};

pub(super) const MISTAKES: &[Mistake] = &[Mistake {
    id: "sort-none",
    area: Area::Sort,
    severity: Severity::Interop,
    what: Text {
        en: "parameters are signed in the order in which they came",
        zh: "参数按传入的顺序签名，没有排序",
    },
    fix: Text {
        en: "sort by name, bytes ascending, before joining",
        zh: "拼接之前按参数名的字节升序排序",
    },
    sources: &["…"],
    twin: Twin::Stages(|stages| stages.sort = |_, _| {}),
}];
