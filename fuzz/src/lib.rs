//! The bodies of the fuzz targets: ordinary functions, which the crate's tests call with the seeds and regressions.

use alipay_conformance::law::{Checked, Outcome};

pub mod adapter_answer;
pub mod certificate;
pub mod explain;
pub mod form_decode;
pub mod headers;
pub mod json_node;
pub mod key;
pub mod mobile_result;
pub mod notify;
pub mod resource;
pub mod structured;
pub mod vectors;
pub mod wap_notify;
pub mod wechat_decision;
pub mod wechat_xml;

/// Takes any bytes, and panics where something is wrong.
pub type Body = fn(&[u8]);

/// Every target by its name, which is also that of its folders in `seeds/`, `regressions/` and `corpus/`.
pub const TARGETS: [(&str, Body); 15] = [
    ("adapter_answer", adapter_answer::run),
    ("certificate", certificate::run),
    ("explain", explain::run),
    ("form_decode", form_decode::run),
    ("headers", headers::run),
    ("json_node", json_node::run),
    ("key", key::run),
    ("mobile_result", mobile_result::run),
    ("notify", notify::run),
    ("resource", resource::run),
    ("structured", structured::run),
    ("vectors", vectors::run),
    ("wap_notify", wap_notify::run),
    ("wechat_decision", wechat_decision::run),
    ("wechat_xml", wechat_xml::run),
];

/// Panics where the law is violated. Says whether it applied.
#[track_caller]
fn holds(outcome: Outcome) -> bool {
    match outcome {
        Ok(checked) => checked == Checked::Held,
        Err(violation) => panic!("{violation}"),
    }
}
