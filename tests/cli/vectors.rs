use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use tempfile::tempdir;

use crate::{ended, own, path};

#[test]
fn list() {
    let list = ended(&["vectors", "list", "--filter", "mapi-0233"]).with(0);
    assert_eq!(list, "mapi-0233  sign                 utf-8   MD5   Given in order already\n");
    let list = ended(&["vectors", "list", "--filter", "mapi-0233", "--lang", "zh"]).with(0);
    assert!(list.ends_with("已经有序\n"), "{list}");
    let lines = ended(&["vectors", "list", "--format", "json"]).with(0);
    assert!(
        lines.lines().all(|line| serde_json::from_str::<Value>(line).unwrap()["id"].is_string())
    );
}

/// The first screen of both READMEs says how many cases each protocol has.
#[test]
fn count() {
    let text = ended(&["vectors", "count", "--protocol", "alipay.mapi"]).with(0);
    let mut lines = text.lines();
    assert!(lines.next().unwrap().ends_with(" valid  invalid  tolerated    all"), "{text}");
    let total: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    let numbers: Vec<usize> = total[1..].iter().map(|number| number.parse().unwrap()).collect();
    assert_eq!((total[0], numbers[..3].iter().sum()), ("alipay.mapi", numbers[3]));
    let json = ended(&["vectors", "count", "--format", "json"]).with(0);
    let mut cases: BTreeMap<String, u64> = BTreeMap::new();
    for line in json.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let of = |result: &str| line[result].as_u64().unwrap();
        let protocol = line["protocol"].as_str().unwrap().to_owned();
        *cases.entry(protocol).or_default() += of("valid") + of("invalid") + of("tolerated");
    }
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(own(readme)).unwrap();
        for (protocol, cases) in &cases {
            let cell = format!("| `{protocol}` | {cases} |");
            assert!(text.contains(&cell), "{readme} does not say {cell}");
        }
    }
}

#[test]
fn show() {
    insta::assert_snapshot!(ended(&["vectors", "show", "mapi-0499"]).with(0));
    let json = ended(&["vectors", "show", "mapi-0499", "--json"]).with(0);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["charset"], "gbk");
    let error = ended(&["vectors", "show", "mapi-99"]).refused(2);
    assert!(error.starts_with("error: mapi-99: no such case among the "), "{error}");
}

#[test]
fn every_case_can_be_shown() {
    let lines = ended(&["vectors", "list"]).with(0);
    let ids: Vec<&str> = lines.lines().filter_map(|line| line.split(' ').next()).collect();
    for id in ids.iter().step_by(25) {
        let text = ended(&["vectors", "show", id]).with(0);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{id}");
        assert!(text.contains("\n  input\n"), "{text}");
    }
}

#[test]
fn check() {
    let embedded = ended(&["vectors", "check"]).with(0);
    assert!(
        embedded.ends_with(" cases, 0 findings, 0 disagreements with the reference\n"),
        "{embedded}"
    );
    assert_eq!(ended(&["vectors", "check", &own("vectors")]).with(0), embedded);
}

#[test]
fn check_finds_what_is_wrong() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("sort.json");
    let sort = fs::read_to_string(own("vectors/alipay-mapi/sort.json")).unwrap();
    let wrong =
        sort.replacen("8e97a273717d9b8e7e5c6511734b4d45", "0e97a273717d9b8e7e5c6511734b4d45", 1);
    assert_ne!(sort, wrong);
    fs::write(&file, wrong.replacen("mapi-0265", "mapi-265", 1)).unwrap();
    let found = ended(&["vectors", "check", path(&file)]).with(1);
    assert!(found.starts_with("mapi-265: id: expected"), "{found}");
    assert!(found.contains("differs   signature at byte offset 0: expected 30, got 38"), "{found}");
    assert!(found.contains("1 finding, 1 disagreement with the reference"), "{found}");
}

#[test]
fn export() {
    let folder = tempdir().unwrap();
    let to = folder.path().join("a/b");
    let text = ended(&["vectors", "export", path(&to)]).with(0);
    assert!(text.ends_with(&format!(" files written to {}\n", path(&to))), "{text}");
    for name in ["keys.json", "alipay-mapi/sort.json", "schema.json", "README.md"] {
        let original = fs::read(own(&format!("vectors/{name}"))).unwrap();
        assert_eq!(fs::read(to.join(name)).unwrap(), original, "{name}");
    }
    ended(&["run", "--vectors", path(&to)]).with(0);

    let error = ended(&["vectors", "export", path(&to)]).refused(2);
    assert!(error.contains("this file is there already: --force overwrites it"), "{error}");
    fs::write(to.join("keys.json"), "").unwrap();
    ended(&["vectors", "export", "--force", path(&to)]).with(0);
    assert!(!fs::read(to.join("keys.json")).unwrap().is_empty());

    // A file where a folder has to be.
    let error = ended(&["vectors", "export", path(&to.join("keys.json"))]).refused(2);
    assert!(error.starts_with(&format!("error: {}", path(&to))), "{error}");
    // One file that is in the way stops it before the first is written.
    let half = folder.path().join("half");
    fs::create_dir(&half).unwrap();
    fs::write(half.join("schema.json"), "mine").unwrap();
    ended(&["vectors", "export", path(&half)]).refused(2);
    assert_eq!(fs::read_dir(&half).unwrap().count(), 1);
}
