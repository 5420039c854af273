//! The command line, as a user meets it: what is written, and which exit code it ends with.

#![cfg(unix)]
// Clippy's exceptions for tests do not reach the functions that tests call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod explain;
mod generate;
mod mistakes;
mod run;
mod sign;
mod vectors;
mod verify;

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The MD5 key of the examples.
const KEY: &str = "10000000000000000000000000000000";

/// The command, with nothing of the tester's own environment that it looks at.
fn command(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alipay-conformance"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.args(arguments).env("COLUMNS", "100").env("KEY", KEY).stdin(Stdio::null());
    command
}

/// What came of a command.
struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ended = Self {
            code: output.status.code().expect("no signal ended it"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        let both = ended.stdout.clone() + &ended.stderr;
        assert!(!both.contains("panicked at src/"), "{both}");
        assert!(!both.contains("PRIVATE KEY-----\nMII"), "a key is shown: {both}");
        ended
    }

    /// Expects an exit code, gives standard output.
    #[track_caller]
    fn with(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self.stdout
    }

    /// Expects wrong usage: nothing on standard output, one line on standard error; gives that.
    #[track_caller]
    fn refused(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "");
        assert!(self.stderr.starts_with("error: "), "{}", self.stderr);
        self.stderr
    }

    fn last_line(&self) -> &str {
        self.stdout.lines().last().unwrap_or_default()
    }
}

fn ended(arguments: &[&str]) -> Ended {
    Ended::of(command(arguments).output().unwrap())
}

fn ended_with_input(arguments: &[&str], input: &[u8]) -> Ended {
    let mut command = command(arguments);
    let pipe = || Stdio::piped();
    let mut child = command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // It may stop reading before the end.
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    Ended::of(output)
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A file of this crate.
fn own(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn without_arguments_help_is_shown() {
    let help = ended(&[]).with_stderr(2);
    assert!(help.contains("Usage: alipay-conformance <COMMAND>"), "{help}");
    let help = ended(&["--help"]).with(0);
    for code in
        ["0    it conforms", "1    it deviates", "2    wrong", "3    it", "4    no", "130  "]
    {
        assert!(help.contains(code), "{code} in {help}");
    }
}

#[test]
fn wrong_usage_names_the_argument() {
    for (arguments, named) in [
        (&["run", "--filtr", "x"][..], "'--filtr'"),
        (&["rn"], "'rn'"),
        (&["sign", "--sign-type", "MD5"], "<--key-file <FILE>|--key-env <NAME>>"),
        (&["sign", "--key-env", "KEY", "--key-file", "x", "--sign-type", "MD5"], "--key-file"),
        (&["sign", "--key-env", "KEY"], "--sign-type"),
        (&["verify", "--key-env", "KEY", "--sign-type", "MD5", "--charset", "big5"], "--charset"),
        (&["vectors", "show"], "<ID>"),
    ] {
        let error = ended(arguments).refused(2);
        assert!(error.contains(named), "{named} in {error}");
    }
}

impl Ended {
    #[track_caller]
    fn with_stderr(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self.stderr
    }
}
