//! Every command that the documentation and the help give as an example, executed.
//!
//! In Markdown, the fenced blocks marked `sh` count; in the help, what stands below `Examples:`. A line counts that
//! calls `alipay-conformance`, or `cargo run --release --`. It must end with the exit code that a comment at its end
//! names (`# exit 1`), otherwise 0. Lines with `export` before it hold for it. A line that needs `.venv/` is left
//! out where that has not been set up, and so is the matrix of all vectors: `tests/matrix.rs` computes it, and the gate
//! runs the command. A `\` at the end of a line continues it.

#![cfg(unix)]
// Clippy's exceptions for tests do not reach the functions that tests call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::{TempDir, tempdir};

const BINARY: &str = env!("CARGO_BIN_EXE_alipay-conformance");
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A copy of the repository's surface, in which commands may leave files.
fn surroundings() -> TempDir {
    let folder = tempdir().unwrap();
    for entry in fs::read_dir(ROOT).unwrap() {
        let name = entry.unwrap().file_name();
        if name != "target" && name != ".git" {
            symlink(Path::new(ROOT).join(&name), folder.path().join(&name)).unwrap();
        }
    }
    let programs = folder.path().join("programs");
    fs::create_dir(&programs).unwrap();
    symlink(BINARY, programs.join("alipay-conformance")).unwrap();
    fs::write(folder.path().join("my_adapter.py"), documented_adapter()).unwrap();
    folder
}

/// The adapter in full of `docs/adapter-protocol.md`.
fn documented_adapter() -> String {
    let page = fs::read_to_string(format!("{ROOT}/docs/adapter-protocol.md")).unwrap();
    let (_, adapter) = page.split_once("```python\n").unwrap();
    adapter.split_once("```").unwrap().0.to_owned()
}

struct Example {
    exports: Vec<String>,
    line: String,
    code: i32,
}

fn examples<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Example> {
    let mut exports = Vec::new();
    let mut examples = Vec::new();
    let text = lines.map(str::trim).collect::<Vec<_>>().join("\n").replace("\\\n", "");
    for line in text.lines() {
        if line.starts_with("export ") {
            exports.push(line.to_owned());
        } else if line.contains("alipay-conformance ") || line.contains("cargo run --release -- ") {
            let (command, comment) = line.split_once(" # ").unwrap_or((line, ""));
            let code = comment.strip_prefix("exit ").map_or(0, |code| {
                code.split([' ', ':', ',']).next().unwrap().parse().expect("# exit CODE")
            });
            let line = command.replace("cargo run --release -- ", "alipay-conformance ");
            if !line.starts_with('#') && !line.starts_with("cargo ") {
                examples.push(Example { exports: exports.clone(), line, code });
            }
        }
    }
    examples
}

fn execute(place: &str, folder: &Path, example: &Example) {
    let Example { exports, line, code } = example;
    if line.contains(" mistakes matrix") {
        return;
    }
    if line.contains(".venv/") && !Path::new(ROOT).join(".venv").exists() {
        println!("{place}: not executed, as .venv has not been set up: {line}");
        return;
    }
    let script = format!("{}\n{line}", exports.join("\n"));
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", folder.join("programs").display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(*code), "{place}: {line}\n{said}");
}

#[test]
fn help() {
    let folder = surroundings();
    for subcommand in [
        &["run"][..],
        &["sign"],
        &["verify"],
        &["vectors", "list"],
        &["vectors", "show"],
        &["vectors", "check"],
        &["vectors", "export"],
        &["mistakes", "list"],
        &["mistakes", "show"],
        &["mistakes", "matrix"],
        &["explain"],
    ] {
        let output = Command::new(BINARY).args(subcommand).arg("--help").output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        let (_, below) = help.split_once("Examples:\n").expect("every help has examples");
        let block = below.lines().take_while(|line| line.starts_with("  "));
        let examples = examples(block);
        let place = subcommand.join(" ");
        assert!(!examples.is_empty(), "no example in the help of {place}");
        for example in examples {
            execute(&format!("help of {place}"), folder.path(), &example);
        }
    }
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(ROOT);
    let mut pages = vec![root.to_owned(), root.join("docs"), root.join("vectors")];
    pages.extend(fs::read_dir(root.join("adapters")).unwrap().map(|entry| entry.unwrap().path()));
    let files = pages.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "md"));
    files.sort();
    files
}

#[test]
fn documentation() {
    let folder = surroundings();
    let mut executed = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let mut inside = false;
        let block = text.lines().filter(|line| {
            let fence = line.trim_start().starts_with("```");
            if fence {
                inside = !inside && line.trim() == "```sh";
            }
            inside && !fence
        });
        for example in examples(block) {
            execute(&page.display().to_string(), folder.path(), &example);
            executed += 1;
        }
    }
    assert!(executed > 0, "no example in any page");
}
