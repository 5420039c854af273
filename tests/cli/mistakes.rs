use std::fs;

use serde_json::Value;
use tempfile::tempdir;

use crate::{ended, own, path};

#[test]
fn list() {
    let list = ended(&["mistakes", "list", "--filter", "sort"]).with(0);
    assert!(list.lines().any(|line| line.starts_with("sort-none ")), "{list}");
    assert!(list.lines().all(|line| line.contains("sort")), "{list}");
    let chinese = ended(&["mistakes", "list", "--filter", "sort-none", "--lang", "zh"]).with(0);
    assert!(chinese.contains("排序"), "{chinese}");
    for line in ended(&["mistakes", "list", "--format", "json"]).with(0).lines() {
        let fields: Value = serde_json::from_str(line).unwrap();
        for field in ["id", "area", "severity"] {
            assert!(fields[field].as_str().is_some_and(|text| !text.is_empty()), "{line}");
        }
        for field in ["what", "fix"] {
            assert!(!fields[field]["zh"].as_str().unwrap().is_ascii(), "{line}");
        }
    }
    assert_eq!(ended(&["mistakes", "list", "--filter", "no such"]).with(0), "");
}

#[test]
fn show() {
    let text = ended(&["mistakes", "show", "filter-empty-included"]).with(0);
    let start =
        "filter-empty-included  (filter, interop)\n  mistake: parameters with an empty value";
    assert!(text.starts_with(start), "{text}");
    assert!(text.contains("\n  fix: leave out"), "{text}");
    assert!(text.contains("mapi-0254"), "{text}");
    let chinese = ended(&["mistakes", "show", "filter-empty-included", "--lang", "zh"]).with(0);
    assert!(chinese.contains("\n  改法："), "{chinese}");
    let error = ended(&["mistakes", "show", "filter-empty"]).refused(2);
    assert!(error.starts_with("error: filter-empty: no such mistake"), "{error}");
    let error = ended(&["mistakes", "show", "sort-none", "--vectors", "no-such"]).refused(2);
    assert!(error.contains("no-such"), "{error}");
}

/// All of the vectors are measured by `tests/matrix.rs`; here are few, which leave gaps.
#[test]
fn a_matrix_with_gaps() {
    let folder = tempdir().unwrap();
    for name in ["keys.json", "rules.json", "flags.json", "alipay-mapi/sort.json"] {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::copy(own(&format!("vectors/{name}")), file).unwrap();
    }
    let vectors = path(folder.path());
    let text = ended(&["mistakes", "matrix", "--verbose", "--vectors", vectors]).with(1);
    assert!(text.contains("mistakes that no vector catches:\n"), "{text}");
    let row = text.lines().find(|line| line.starts_with("sort-none ")).unwrap();
    assert!(row.contains("mapi-"), "{row}");
    let chinese = ended(&["mistakes", "matrix", "--lang", "zh", "--vectors", vectors]).with(1);
    assert!(chinese.contains("个错误被发现\n"), "{chinese}");
    let lines = ended(&["mistakes", "matrix", "--format", "json", "--vectors", vectors]).with(1);
    let mut lines: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let score = lines.pop().unwrap();
    assert_eq!(score["t"], "score");
    assert!(score["caught"].as_u64() < score["mistakes"].as_u64());
    assert!(lines.iter().all(|line| line["t"] == "mistake"));
    assert_eq!(lines.len() as u64, score["mistakes"].as_u64().unwrap());
}
