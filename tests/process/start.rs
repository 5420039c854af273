//! Adapters that cannot be put under test.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use alipay_conformance::suite::process::{ChildProcess, Options, StartError, StartProblem};

use crate::{command, options};

crate::trials![
    no_command,
    command_not_found,
    not_executable,
    crash_at_start,
    hang_in_hello,
    half_a_hello,
    text_before_hello,
    byte_order_mark,
    hello_no,
    another_version,
    echoes_that_change_bytes,
    echo_hangs,
    echo_is_garbage,
    closes_its_pipes,
    interrupted,
];

#[track_caller]
fn error_of(command: &[std::ffi::OsString], options: Options) -> StartError {
    let start = Instant::now();
    let Err(error) = ChildProcess::start(command, options) else { panic!("it started") };
    assert!(start.elapsed() < Duration::from_secs(5), "took {:?}", start.elapsed());
    error
}

#[track_caller]
fn error(mode: &str) -> StartError {
    error_of(&command(mode, None), options())
}

#[track_caller]
fn problem(mode: &str) -> String {
    error(mode).problem().to_string()
}

fn brief() -> Options {
    Options { start_timeout: Duration::from_millis(400), ..options() }
}

fn no_command() {
    assert!(matches!(error_of(&[], options()).problem(), StartProblem::NoCommand));
}

fn command_not_found() {
    let error = error_of(&["no-such-adapter".into(), "--x".into()], options());
    assert!(matches!(error.problem(), StartProblem::NotFound));
    assert!(error.to_string().starts_with("adapter no-such-adapter --x: command not found"));
}

fn not_executable() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = error_of(&[file.path().into()], options());
    assert!(matches!(error.problem(), StartProblem::NotExecutable), "{error}");
}

fn crash_at_start() {
    let error = error("crash-at-start");
    assert_eq!(error.problem().to_string(), "ended before it answered hello, exit status: 4");
    assert_eq!(error.stderr(), "cannot find libalipay.so\n");
}

fn hang_in_hello() {
    let error = error_of(&command("hang-in-hello", None), brief());
    assert_eq!(error.problem().to_string(), "no answer to hello within 0.4 s");
}

fn half_a_hello() {
    assert_eq!(
        problem("half-a-hello"),
        "expected hello_ok or hello_no, got a line that is neither: \"{\\\"t\\\":\\\"hello_ok\\\",\" and then \
         the end, exit status: 0"
    );
}

fn text_before_hello() {
    assert_eq!(
        problem("text-before-hello"),
        "expected hello_ok or hello_no, got a line that is neither: not JSON at column 1: \"Picked up \
         JAVA_TOOL_OPTIONS: -Xmx1g\"; stdout is the protocol, log to stderr"
    );
}

fn byte_order_mark() {
    assert!(problem("bom").contains("a byte order mark: expected none"));
}

fn hello_no() {
    assert_eq!(
        problem("hello-no"),
        "refuses with hello_no: \"needs protocol 2\"; it speaks protocols 2 to 3, the suite speaks protocol 1"
    );
}

fn another_version() {
    assert_eq!(
        problem("another-version"),
        "hello_ok names protocol 2, the suite offered 1 and no other"
    );
}

fn echoes_that_change_bytes() {
    for (mode, offset, cause) in [
        ("echo-crlf", 10, "converted to CR LF"),
        ("echo-repair", 128, "repaired"),
        ("echo-decodes", 43, "form decoding"),
        ("echo-cuts", 1 << 16, "a buffer is smaller"),
    ] {
        let error = error(mode);
        let StartProblem::Echo(difference) = error.problem() else { panic!("{error}") };
        assert_eq!(difference.offset(), offset, "{error}");
        assert!(difference.cause().unwrap().contains(cause), "{error}");
    }
}

fn echo_hangs() {
    let error = error_of(&command("echo-hangs", None), brief());
    assert_eq!(error.problem().to_string(), "no answer to echo within 0.4 s");
}

fn echo_is_garbage() {
    assert!(
        problem("echo-garbage").starts_with("expected echo_ok, got a line that is none: not JSON")
    );
}

fn closes_its_pipes() {
    if Path::new("/bin/sh").exists() {
        let command = ["/bin/sh", "-c", "exec 0<&- 1>&-; sleep 30"].map(Into::into);
        let error = error_of(&command, options());
        assert_eq!(error.problem().to_string(), "ended before it answered hello");
    }
}

fn interrupted() {
    let interrupted = Arc::new(AtomicBool::new(false));
    let options = Options { interrupted: Arc::clone(&interrupted), ..Options::default() };
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        interrupted.store(true, Ordering::Relaxed);
    });
    let error = error_of(&command("hang-in-hello", None), options);
    assert!(matches!(error.problem(), StartProblem::Interrupted), "{error}");
}
