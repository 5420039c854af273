use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::{Ended, command, ended, path};

/// An adapter in the shell. It offers `sign` in UTF-8 with MD5; `case` is run for each case, with its id in `$id` and
/// how many came before in `$count`.
fn adapter(case: &str) -> (TempDir, PathBuf) {
    let folder = tempdir().unwrap();
    let file = folder.path().join("adapter.sh");
    let script = format!(
        r#"count=0
while read -r line; do
  id=${{line#*\"id\":}}; id=${{id%%[,\}}]*}}
  case $line in
  *'"t":"hello"'*) echo '{{"t":"hello_ok","id":0,"protocol":1,"adapter":{{"name":"shell","version":"1"}},"subject":{{"name":"careless","version":"2.0","language":"sh"}},"supports":[{{"op":"sign","protocol":"alipay.mapi","sign_types":["MD5"],"charsets":["utf-8"]}}]}}' ;;
  *'"t":"echo"'*) printf '%s\n' "$line" | sed 's/"t":"echo"/"t":"echo_ok"/' ;;
  *'"t":"bye"'*) exit 0 ;;
  *) {case}
     count=$((count + 1)) ;;
  esac
done
"#
    );
    fs::write(&file, script).unwrap();
    (folder, file)
}

const WRONG: &str =
    r#"echo "{\"t\":\"result\",\"id\":$id,\"outcome\":\"value\",\"signature\":\"0123\"}""#;

#[test]
fn the_reference_conforms() {
    let ended = ended(&["run"]);
    assert!(ended.last_line().starts_with("reference conforms: "), "{}", ended.stdout);
    assert_eq!(ended.stderr, "");
    ended.with(0);
}

#[test]
fn speaks_chinese() {
    let conforms = "reference 符合规则：";
    assert!(ended(&["run", "--lang", "zh"]).last_line().starts_with(conforms));
    let output = command(["run"]).env("LANG", "zh_CN.UTF-8").output().unwrap();
    assert!(Ended::of(output).last_line().starts_with(conforms));
    let output = command(["run"]).env("LANG", "zh_CN.UTF-8").env("LC_ALL", "C").output().unwrap();
    assert!(Ended::of(output).last_line().starts_with("reference conforms"));
}

#[test]
fn nothing_run_is_never_green() {
    let none = ended(&["run", "--filter", "no such case"]);
    assert_eq!(none.last_line(), "nothing was tested: no case ran.");
    none.with(4);
    let few = ended(&["run", "--filter", "mapi-0233", "--min-cases", "2"]);
    assert_eq!(few.last_line(), "too little was tested: 1 cases ran, at least 2 were wanted.");
    few.with(4);
    ended(&["run", "--filter", "mapi-0233", "--min-cases", "1"]).with(0);
}

#[test]
fn filters() {
    let list = |arguments: &[&str]| {
        let list = ended(&[&["run", "--list"], arguments].concat()).with(0);
        list.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(list(&["--filter", "mapi-0233"]), ["mapi-0233"]);
    assert_eq!(
        list(&["--filter", "MAPI-0233", "--filter", "mapi-0112"]),
        ["mapi-0112", "mapi-0233"]
    );
    assert!(list(&["--filter", "sort-order"]).contains(&"mapi-0233".into()));
    assert!(list(&["--filter", "mapi/2.3-order"]).contains(&"mapi-0233".into()));
    assert!(list(&["--filter", "已经有序"]).contains(&"mapi-0233".into()));
    assert!(list(&["--filter", "notify-id"]).len() > 5);
    assert_eq!(list(&["--filter", "no such case"]), [""; 0]);
    let of = |protocol: &str| list(&["--protocol", protocol]).len();
    assert!(of("antom") > 50 && of("alipay.mapi") + of("antom") < list(&[]).len());
    let lines = ended(&["run", "--list", "--filter", "mapi-0233", "--format", "json"]).with(0);
    let case: Value = serde_json::from_str(&lines).unwrap();
    assert_eq!((&case["id"], &case["operation"]), (&"mapi-0233".into(), &"sign".into()));
    let error = ended(&["run", "--protocol", "alipay.mapy"]).refused(2);
    assert!(error.starts_with("error: --protocol alipay.mapy: expected "), "{error}");
    assert!(error.contains("alipay.mapi or ") && error.contains("antom"), "{error}");
}

#[test]
fn an_adapter_that_deviates() {
    let (_folder, file) = adapter(WRONG);
    for separator in [&["--"][..], &[]] {
        let arguments = [&["run", "--filter", "sort"], separator, &["sh", path(&file)]].concat();
        let ended = ended(&arguments);
        let report = ended.with(1);
        assert!(report.starts_with("careless 2.0 (sh), adapter shell 1\n"), "{report}");
        assert!(report.contains("signature at byte offset"), "{report}");
        assert!(report.contains("operation string_to_sign is not declared"), "{report}");
    }
}

/// What stands behind the command is the adapter's, even if it looks like an option.
#[test]
fn options_behind_the_command_are_its_own() {
    let (folder, file) = adapter("exit 1");
    let seen = folder.path().join("seen");
    let script = format!("echo \"$@\" > {}\n", path(&seen));
    fs::write(&file, script).unwrap();
    ended(&["run", "sh", path(&file), "--list", "--", "-x"]).refused(3);
    assert_eq!(fs::read_to_string(seen).unwrap(), "--list -- -x\n");
}

#[test]
fn json_lines_end_with_a_footer() {
    let (_folder, file) = adapter(WRONG);
    let arguments = ["run", "--filter", "sort", "--format", "json", "--", "sh", path(&file)];
    let report = ended(&arguments).with(1);
    let lines: Vec<Value> =
        report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (header, footer) = (lines.first().unwrap(), lines.last().unwrap());
    assert_eq!(header["subject"]["name"], "careless");
    assert_eq!(header["vectors"]["set"], "embedded");
    assert_eq!(footer["t"], "end");
    assert_eq!(footer["complete"], true);
    assert_eq!(footer["exit_code"], 1);
    assert_eq!(footer["conclusion"], "deviates");
    let results: Vec<_> = lines.iter().filter(|line| line["t"] == "result").collect();
    assert_eq!(header["vectors"]["selected"], results.len());
    assert_eq!(lines[lines.len() - 2]["t"], "diagnosis");
    let failed = results.iter().filter(|line| line["outcome"] == "fail").count();
    assert_eq!(footer["counts"]["failed"], failed);
}

#[test]
fn an_adapter_that_cannot_be_tested() {
    let error = ended(&["run", "--", "no-such-command-anywhere"]).refused(3);
    assert!(error.contains("no-such-command-anywhere: command not found"), "{error}");

    let (_folder, file) = adapter("");
    fs::write(&file, "echo 'No module named alipay' >&2\nexit 1\n").unwrap();
    let error = ended(&["run", "--", "sh", path(&file)]).refused(3);
    assert!(error.contains("ended before it answered hello, exit status: 1"), "{error}");
    assert!(
        error.ends_with("\nThe end of its standard error:\n  No module named alipay\n"),
        "{error}"
    );

    let (_folder, file) = adapter("echo oops >&2; exit 7");
    let crashed = ended(&["run", "--", "sh", path(&file)]);
    assert!(crashed.last_line().contains("could not be tested: "), "{}", crashed.stdout);
    let report = crashed.with(3);
    assert!(report.contains("    crash     exit status: 7\n    stderr    oops\n"), "{report}");
    assert!(report.contains("  2 more: "), "{report}");
}

#[test]
fn a_hang_is_ended_by_the_time_out() {
    let (_folder, file) = adapter("sleep 30");
    let start = Instant::now();
    let arguments = ["run", "--filter", "mapi-0233", "--timeout", "0.3", "--", "sh", path(&file)];
    let report = ended(&arguments).with(1);
    assert!(report.contains("    hang      "), "{report}");
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn numbers_are_checked() {
    for (arguments, named) in [
        (&["run", "--jobs", "0"][..], "--jobs"),
        (&["run", "--timeout", "1"], "--timeout"),
        (&["run", "--timeout", "0", "--", "sh"], "--timeout"),
        (&["run", "--timeout", "nan", "--", "sh"], "--timeout"),
        (&["run", "--timeout", "1e9", "--", "sh"], "--timeout"),
        (&["run", "--min-cases", "many"], "--min-cases"),
        (&["run", "--filter", ""], "--filter"),
    ] {
        let error = ended(arguments).with_stderr(2);
        assert!(error.contains(named), "{named} in {error}");
    }
}

#[test]
fn the_report_goes_to_a_file() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("report.jsonl");
    fs::write(&file, "an old report").unwrap();
    let ended = ended(&["run", "--format", "json", "--output", path(&file)]);
    assert!(ended.stderr.starts_with("reference conforms: "), "{}", ended.stderr);
    assert_eq!(ended.with(0), "");
    let report = fs::read_to_string(&file).unwrap();
    assert!(report.starts_with("{\"t\":\"run\""));
    assert!(report.trim_end().ends_with("\"complete\":true}"));
}

#[test]
fn an_unwritable_output_is_found_before_the_run() {
    let (folder, file) = adapter(WRONG);
    let marker = folder.path().join("marker");
    fs::write(&file, format!("touch {}\n", path(&marker))).unwrap();
    for output in [folder.path().join("no/such/folder/report"), folder.path().to_owned()] {
        let error = ended(&["run", "--output", path(&output), "--", "sh", path(&file)]).refused(2);
        assert!(error.starts_with(&format!("error: --output {}: ", path(&output))), "{error}");
    }
    assert!(!marker.exists());
}

#[test]
fn a_full_disk_is_told() {
    if Path::new("/dev/full").exists() {
        let ended = ended(&["run", "--output", "/dev/full"]);
        assert!(ended.stderr.contains("error: --output /dev/full: "), "{}", ended.stderr);
        ended.with(2);
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command(["vectors", "list"]).stdout(full).output().unwrap();
        assert!(Ended::of(output).refused(2).starts_with("error: standard output: "));
    }
}

#[test]
fn a_closed_stdout_ends_quietly() {
    for arguments in [&["run", "--verbose"][..], &["run", "--format", "json"], &["vectors", "list"]]
    {
        let mut child =
            command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
    }
}

/// What was found before Ctrl-C is reported, and the adapter is gone.
#[test]
fn interrupted() {
    let folder = tempdir().unwrap();
    let marker = folder.path().join("marker");
    let slow =
        format!("{WRONG}; if [ $count = 3 ]; then echo $$ > {}; sleep 30; fi", path(&marker));
    let (_folder, file) = adapter(&slow);
    for signal in ["INT", "TERM"] {
        let child = command(["run", "--format", "json", "--", "sh", path(&file)])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while fs::read_to_string(&marker).unwrap_or_default().is_empty() {
            sleep(Duration::from_millis(20));
        }
        let start = Instant::now();
        let signalled = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        assert!(signalled.unwrap().success());
        let ended = Ended::of(child.wait_with_output().unwrap());
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        let lines: Vec<Value> =
            ended.with(130).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let footer = lines.last().unwrap();
        assert_eq!(footer["conclusion"], "interrupted");
        assert_eq!(footer["exit_code"], 130);
        assert!(footer["counts"]["failed"].as_u64().unwrap() >= 3, "{footer}");
        assert!(footer["counts"]["not_run"].as_u64().unwrap() > 3, "{footer}");
        let adapter = fs::read_to_string(&marker).unwrap();
        let alive =
            Command::new("kill").args(["-0", adapter.trim()]).stderr(Stdio::null()).status();
        assert!(!alive.unwrap().success(), "the adapter is still there");
        fs::remove_file(&marker).unwrap();
    }
}

/// Vector files that cannot be used. Nothing of them is left out silently.
#[test]
fn bad_vector_files() {
    let folder = tempdir().unwrap();
    let sort = fs::read_to_string(crate::own("vectors/alipay-mapi/sort.json")).unwrap();
    let changed = |from: &str, to: &str| {
        assert!(sort.contains(from));
        sort.replacen(from, to, 1)
    };
    let refused = |name: &str, text: &[u8], problem: &str| {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        for arguments in
            [&["run", "--vectors"][..], &["vectors", "list", "--vectors"], &["vectors", "check"]]
        {
            let error = ended(&[arguments, &[path(&file)]].concat()).refused(2);
            assert!(error.contains(path(&file)), "{error}");
            assert!(error.contains(problem), "{problem} in {error}");
        }
        fs::remove_file(file).unwrap();
    };
    refused("truncated.json", &sort.as_bytes()[..sort.len() / 2], "EOF while parsing");
    refused("empty.json", b"", "EOF while parsing");
    refused(
        "version.json",
        changed("\"format\": 1", "\"format\": 2").as_bytes(),
        "format 2: this program reads format 1",
    );
    refused("no-version.json", changed("\"format\": 1,", "").as_bytes(), "format is not given");
    refused(
        "field.json",
        changed("\"stage\":", "\"stag\": 1, \"stage\":").as_bytes(),
        "case mapi-0233: unknown field `stag`",
    );
    refused(
        "twice.json",
        changed("mapi-0265", "mapi-0233").as_bytes(),
        "case mapi-0233: the id is already that of a case in twice",
    );
    refused(
        "rule.json",
        changed("mapi/2.3-order", "mapi/9.9-none").as_bytes(),
        "rule \"mapi/9.9-none\" is not defined",
    );
    refused(
        "operation.json",
        changed("\"operation\": \"sign\"", "\"operation\": \"sing\"").as_bytes(),
        "unknown variant `sing`",
    );
    refused("binary.json", b"\xFF\xFE\x00", "");
    let error = ended(&["run", "--vectors", path(folder.path())]).refused(2);
    assert_eq!(
        error,
        format!("error: --vectors: {}: no .json file in this folder\n", path(folder.path()))
    );
    let error = ended(&["run", "--vectors", "/no/such/file"]).refused(2);
    assert!(error.starts_with("error: --vectors: /no/such/file: "), "{error}");
}

#[test]
fn own_vectors_instead_of_the_embedded_ones() {
    let sort = crate::own("vectors/alipay-mapi/sort.json");
    let own = ended(&["run", "--vectors", &sort, "--format", "json"]).with(0);
    let header: Value = serde_json::from_str(own.lines().next().unwrap()).unwrap();
    assert_eq!(header["vectors"]["set"], sort.as_str());
    let all = crate::own("vectors");
    ended(&["run", "--vectors", &all, "--min-cases", "300"]).with(0);
}
