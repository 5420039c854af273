use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::{Ended, command, ended, path};

/// An adapter that signs with MD5, in order of the parameters as given; `more` stands before the answer.
fn adapter(more: &str) -> (TempDir, PathBuf) {
    let folder = tempdir().unwrap();
    let file = folder.path().join("adapter.py");
    let script = format!(
        r#"
import hashlib, json, os, sys, time
for line in sys.stdin:
    request = json.loads(line)
    answer = {{"t": "result", "id": request["id"], "outcome": "value"}}
    if request["t"] == "hello":
        supports = {{"op": "sign", "protocol": "alipay.mapi", "sign_types": ["MD5"], "charsets": ["utf-8"]}}
        answer = {{"t": "hello_ok", "id": 0, "protocol": 1, "adapter": {{"name": "small", "version": "1"}},
            "subject": {{"name": "careless", "version": "2.0", "language": "python"}}, "supports": [supports]}}
    elif request["t"] == "echo":
        answer = {{"t": "echo_ok", "id": request["id"], "data_b64": request["data_b64"]}}
    elif request["t"] == "bye":
        break
    else:
        params = request["params"]
        {more}
        signed = [(n, v) for n, v in params if v and n not in ("sign", "sign_type")]
        string = "&".join(n + "=" + v for n, v in signed).encode()
        answer["stages"] = {{"string_to_sign": string.decode()}}
        answer["signature"] = hashlib.md5(string + request["key"]["secret"].encode()).hexdigest()
    print(json.dumps(answer), flush=True)
"#
    );
    fs::write(&file, script).unwrap();
    (folder, file)
}

fn run(folder: &Path, arguments: &[&str], adapter: &Path) -> Ended {
    let mut command = command(["run"]);
    command.args(arguments).args(["--", "python3", path(adapter)]).current_dir(folder);
    Ended::of(command.output().unwrap())
}

#[test]
fn the_reference_passes() {
    let report = ended(&["run", "--generate", "200", "--seed", "3"]);
    assert_eq!(report.last_line(), "reference conforms: 200 generated cases, none different.");
    assert!(report.stdout.contains("   200 generated cases ran, seed 3\n"), "{}", report.stdout);
    report.with(0);
    let chinese = ended(&["run", "--generate", "50", "--seed", "3", "--lang", "zh"]);
    assert_eq!(chinese.last_line(), "reference 符合规则：生成的 50 个用例均无差异。");
}

/// Of one protocol; the line that finds it again says which.
#[test]
fn one_protocol_alone() {
    let report = ended(&["run", "--generate", "60", "--seed", "3", "--protocol", "wechatpay.v2"]);
    assert_eq!(report.last_line(), "reference conforms: 60 generated cases, none different.");
    assert!(report.stdout.contains(" build_xml\n"), "{}", report.stdout);
    assert!(!report.stdout.contains(" build_request\n"), "{}", report.stdout);
    report.with(0);

    let (folder, adapter) = adapter("");
    let arguments = ["--generate", "50", "--seed", "5", "--protocol", "alipay.mapi"];
    let found = run(folder.path(), &arguments, &adapter);
    assert!(found.stdout.contains(" --protocol alipay.mapi -- python3 "), "{}", found.stdout);
    let arguments = ["--generate", "50", "--seed", "5", "--protocol", "wechatpay.v2"];
    let nothing = run(folder.path(), &arguments, &adapter).with(4);
    assert!(nothing.contains("nothing"), "{nothing}");
    let unknown = ended(&["run", "--generate", "5", "--protocol", "alipay"]).refused(2);
    assert!(unknown.contains("--protocol alipay: expected alipay.mapi or"), "{unknown}");
}

#[test]
fn without_a_seed_one_is_chosen_and_shown() {
    let seed = || {
        let report = ended(&["run", "--generate", "20", "--format", "json"]).with(0);
        let header: Value = serde_json::from_str(report.lines().next().unwrap()).unwrap();
        header["seed"].as_u64().unwrap()
    };
    assert_ne!((seed(), seed()), (seed(), seed()));
}

/// From the difference to the file that is kept: each command that the report names does what it says.
#[test]
fn a_difference_is_shrunk_kept_and_found_again() {
    let (folder, adapter) = adapter("pass");
    let found = run(folder.path(), &["--generate", "200", "--seed", "5"], &adapter);
    let report = found.with(1);
    assert!(report.contains("sign: string_to_sign, in another order, in "), "{report}");
    assert!(report.contains("    input     [[\"b\",\"a\"],[\"a\",\"a\"]]\n"), "{report}");
    assert!(report.contains("expected  a=a&b=a\n"), "{report}");
    assert!(report.contains("got       b=a&a=a\n"), "{report}");

    let row = |label: &str| {
        let rows = report.lines().filter_map(|line| line.trim().strip_prefix(label));
        rows.map(str::trim).next().unwrap().to_owned()
    };
    let file = row("file ");
    assert!(file.starts_with("generated-vectors/gen"), "{file}");
    let kept = folder.path().join(file);
    ended(&["vectors", "check", path(&kept)]).with(0);
    run(folder.path(), &["--vectors", path(&kept)], &adapter).with(1);
    ended(&["run", "--vectors", path(&kept)]).with(0);

    let replay = row("replay ");
    let words: Vec<&str> = replay.split(' ').skip(2).take_while(|word| *word != "--").collect();
    let again = run(folder.path(), &words, &adapter).with(1);
    assert!(again.contains("[[\"b\",\"a\"],[\"a\",\"a\"]]"), "{again}");
    assert!(again.contains("     1 generated cases ran, seed 5"), "{again}");
}

#[test]
fn json_says_the_same() {
    let (folder, adapter) = adapter("pass");
    let keep = folder.path().join("kept/deep");
    let arguments = ["--generate", "100", "--seed", "5", "--format", "json", "--keep", path(&keep)];
    let report = run(folder.path(), &arguments, &adapter).with(1);
    let lines: Vec<Value> =
        report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let header = &lines[0];
    assert_eq!((&header["t"], &header["seed"]), (&"generate".into(), &5.into()));
    assert_eq!(header["subject"]["name"], "careless");
    let finding = lines.iter().find(|line| line["test"] == "sign").unwrap();
    assert_eq!((&finding["kind"], &finding["stage"]), (&"order".into(), &"string_to_sign".into()));
    assert_eq!(finding["failure"]["offset"], 0);
    assert_eq!(finding["case"]["result"], "valid");
    assert!(Path::new(finding["file"].as_str().unwrap()).is_file());
    let law = lines.iter().find(|line| line["test"] == "order_does_not_matter").unwrap();
    assert_eq!(law["kind"], "violated");
    let end = lines.last().unwrap();
    assert_eq!((&end["t"], &end["counts"]["ran"]), (&"end".into(), &100.into()));
    assert_eq!((&end["conclusion"], &end["exit_code"]), (&"deviates".into(), &1.into()));
}

#[test]
fn a_crash_is_a_finding_and_is_shrunk() {
    let crash = "if any('%' in v for _, v in params): os._exit(3)\n        params.sort()";
    let (folder, adapter) = adapter(crash);
    let report = run(folder.path(), &["--generate", "1000", "--seed", "1"], &adapter).with(1);
    assert!(report.contains("crash     exit status: 3"), "{report}");
    assert!(report.contains("    input     [[\"a\",\"%\"]]\n"), "{report}");
    assert!(report.contains("ended early: 10 cases broke the implementation"), "{report}");
}

#[test]
fn an_interruption_reports_what_was_found() {
    let (folder, adapter) = adapter("time.sleep(0.02)");
    let mut command = command(["run", "--generate", "100000", "--seed", "5", "--"]);
    command.args(["python3", path(&adapter)]).current_dir(folder.path());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sleep(Duration::from_secs(3));
    let start = Instant::now();
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let ended = Ended::of(child.wait_with_output().unwrap());
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(ended.last_line().starts_with("interrupted: "), "{}", ended.stdout);
    ended.with(130);
}

#[test]
fn wrong_usage_names_the_argument() {
    for (arguments, named) in [
        (&["run", "--generate", "0"][..], "--generate"),
        (&["run", "--generate", "-1"], "-1"),
        (&["run", "--generate", "5", "--list"], "--list"),
        (&["run", "--generate", "5", "--filter", "x"], "--filter"),
        (&["run", "--generate", "5", "--vectors", "x"], "--vectors"),
        (&["run", "--generate", "5", "--jobs", "2"], "--jobs"),
        (&["run", "--generate", "5", "--seed", "x"], "--seed"),
        (&["run", "--generate", "5", "--seed", "1:"], "--seed"),
        (&["run", "--seed", "5"], "--generate"),
        (&["run", "--keep", "x"], "--generate"),
        (&["run", "--generate", "5", "--keep", "/dev/null/x"], "--keep /dev/null/x"),
        (&["run", "--generate", "5", "--output", "/dev/null/x"], "--output"),
    ] {
        let error = ended(arguments).refused(2);
        assert!(error.contains(named), "{named} in {error}");
    }
    let help = ended(&["run", "--help"]).with(0);
    assert!(help.contains("run --generate 1000 --seed 7 -- python3 my_adapter.py"), "{help}");
}

#[test]
fn too_few_is_never_green() {
    let few = ended(&["run", "--generate", "5", "--seed", "1", "--min-cases", "6"]);
    assert_eq!(
        few.last_line(),
        "too little was tested: 5 generated cases ran, at least 6 were wanted."
    );
    few.with(4);
}
