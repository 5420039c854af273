//! An adapter that answers well, and the ways in which one can misbehave.
//!
//! The test binary is its own adapter: started with `--adapter MODE`, it speaks the adapter protocol.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio, exit, id as pid};
use std::thread::sleep;
use std::time::Duration;

use alipay_conformance::signature::{self, Secret, SignType, SigningKey};
use alipay_conformance::vector::operation::Operation;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The case with which an adapter that misbehaves once does so.
pub(crate) const BAD_CASE: &str = "test-0003";

/// How long what hangs would hang: longer than any test waits, short enough to leave nothing behind.
const FOREVER: Duration = Duration::from_secs(30);

struct Adapter {
    mode: String,
    /// For what must be remembered from one process to the next.
    file: PathBuf,
}

/// Speaks the adapter protocol until the end of input.
pub(crate) fn run(mode: &str, file: Option<String>) -> ! {
    let adapter = Adapter { mode: mode.into(), file: file.unwrap_or_default().into() };
    adapter.before_hello();
    for line in io::stdin().lock().lines() {
        let line = line.unwrap();
        let message: Value = serde_json::from_str(&line).unwrap();
        if mode == "record" {
            adapter.note(&line);
        }
        match message["t"].as_str() {
            Some("hello") => adapter.hello(),
            Some("echo") => adapter.echo(&message),
            Some("run") => adapter.case(&message),
            Some("bye") => adapter.bye(),
            _ => adapter.say(&json!({
                "t": "result", "id": message["id"], "outcome": "unsupported", "why": "unknown t"
            })),
        }
    }
    exit(0);
}

fn say_bytes(bytes: &[u8]) {
    let mut stdout = io::stdout().lock();
    // The runner may have hung up.
    if stdout.write_all(bytes).and_then(|()| stdout.flush()).is_err() {
        exit(9);
    }
}

fn hang() -> ! {
    sleep(FOREVER);
    exit(0);
}

impl Adapter {
    fn say(&self, message: &Value) {
        let mut line = message.to_string();
        if self.mode == "record" {
            self.note(&line);
        }
        line.push_str(if self.mode == "crlf" { "\r\n" } else { "\n" });
        say_bytes(line.as_bytes());
    }

    fn note(&self, line: &str) {
        let mut file = OpenOptions::new().append(true).create(true).open(&self.file).unwrap();
        writeln!(file, "{line}").unwrap();
    }

    /// Whether this is the first process of the test.
    fn is_first(&self) -> bool {
        OpenOptions::new().write(true).create_new(true).open(&self.file).is_ok()
    }

    fn before_hello(&self) {
        match self.mode.as_str() {
            "crash-at-start" => {
                eprintln!("cannot find libalipay.so");
                exit(4);
            }
            "text-before-hello" => say_bytes(b"Picked up JAVA_TOOL_OPTIONS: -Xmx1g\n"),
            "never-starts-again" if !self.is_first() => exit(4),
            "sleep" => hang(),
            #[cfg(unix)]
            "sleep-in-its-own-session" => {
                rustix::process::setsid().unwrap();
                hang();
            }
            "pid" => std::fs::write(&self.file, pid().to_string()).unwrap(),
            _ => {}
        }
    }

    fn hello(&self) {
        match self.mode.as_str() {
            "hang-in-hello" => hang(),
            "half-a-hello" => {
                say_bytes(b"{\"t\":\"hello_ok\",");
                exit(0);
            }
            "bom" => say_bytes(b"\xEF\xBB\xBF"),
            "hello-no" => self.say(&json!({
                "t": "hello_no", "id": 0, "why": "needs protocol 2", "protocol": {"min": 2, "max": 3}
            })),
            _ => {}
        }
        let version = if self.mode == "another-version" { 2 } else { 1 };
        let is_other = self.mode == "another-subject" && !self.is_first();
        let subject = if is_other { "b" } else { "a" };
        let supports = match self.mode.as_str() {
            "bounds" => json!([
                {"op": "verify_notify", "protocol": "alipay.mapi", "sign_types": ["MD5"],
                 "charsets": ["UTF-8", "GBK", "utf8"], "input": "params", "duplicates": false},
                {"op": "build_request", "protocol": "alipay.mapi", "services": ["query_timestamp"],
                 "sign_type": ["MD5"]},
                {"op": "notify_id_url", "protocol": "alipay.mapi", "transports": ["https"]},
                {"op": "verify_nottify", "protocol": "alipay.mapi"}
            ]),
            "signs-empty-values" => json!([
                {"op": "verify_notify", "protocol": "alipay.mapi", "sign_types": ["MD5"],
                 "charsets": ["utf-8"], "input": "params"}
            ]),
            _ => {
                Operation::ALL.map(|op| json!({"op": op.name(), "protocol": "alipay.mapi"})).into()
            }
        };
        let hello = json!({
            "t": "hello_ok", "id": 0, "protocol": version,
            "adapter": {"name": "test-adapter", "version": "1"},
            "subject": {"name": subject, "version": "1.0", "language": "rust", "source": "https://example.org/"},
            "supports": supports
        });
        self.say(&hello);
    }

    fn echo(&self, message: &Value) {
        let mut bytes = STANDARD.decode(message["data_b64"].as_str().unwrap()).unwrap();
        match self.mode.as_str() {
            "echo-crlf" => {
                let line_end =
                    |byte: &u8| if *byte == b'\n' { vec![b'\r', b'\n'] } else { vec![*byte] };
                bytes = bytes.iter().flat_map(line_end).collect();
            }
            "echo-repair" => bytes = String::from_utf8_lossy(&bytes).into_owned().into_bytes(),
            "echo-decodes" => {
                let space = |byte: &mut u8| *byte = if *byte == b'+' { b' ' } else { *byte };
                bytes.iter_mut().for_each(space);
            }
            "echo-cuts" => bytes.truncate(1 << 16),
            "echo-hangs" => hang(),
            "echo-garbage" => say_bytes(b"oops\n"),
            _ => {}
        }
        self.say(&json!({"t": "echo_ok", "id": message["id"], "data_b64": STANDARD.encode(bytes)}));
        if message["id"] == 4 {
            match self.mode.as_str() {
                "first-five-lines" => exit(0),
                "never-reads" => hang(),
                _ => {}
            }
        }
    }

    fn case(&self, message: &Value) {
        let answer = match self.mode.as_str() {
            "signs-empty-values" => verified_with_empty_values(message),
            _ => good_answer(message),
        };
        if message["case"] == BAD_CASE || self.mode.ends_with("-always") {
            self.misbehave(self.mode.trim_end_matches("-always"), message, &answer);
            if self.mode == "bad-content" {
                return;
            }
        }
        match self.mode.as_str() {
            "slow" => sleep(Duration::from_millis(100)),
            "stderr" => eprintln!("case {}", message["case"]),
            _ => {}
        }
        self.say(&answer);
        if self.mode == "ends-after-every-case" {
            exit(0);
        }
    }

    fn misbehave(&self, mode: &str, message: &Value, answer: &Value) {
        let answer_line = format!("{answer}\n");
        match mode {
            "crash" => {
                eprintln!("segmentation fault in libalipay");
                exit(3);
            }
            "abort" => std::process::abort(),
            "hang" => hang(),
            "garbage" => say_bytes(b"DEBUG string to sign: a=1\n"),
            "garbage-once" if self.is_first() => say_bytes(b"DEBUG string to sign: a=1\n"),
            "half-a-line-then-exit" => {
                say_bytes(&answer_line.as_bytes()[..20]);
                exit(0);
            }
            "half-a-line-then-silence" => {
                say_bytes(&answer_line.as_bytes()[..20]);
                hang();
            }
            "long-line" => (0..100).for_each(|_| say_bytes(&vec![b'x'; 1 << 20])),
            "many-lines" => loop {
                say_bytes(&b"spam\n".repeat(1 << 16));
            },
            "stderr-flood" => {
                let chunk = [b'e'; 1 << 16];
                (0..1600).for_each(|_| io::stderr().write_all(&chunk).unwrap());
                eprintln!("the last words");
            }
            "stderr-flood-then-crash" => {
                self.misbehave("stderr-flood", message, answer);
                exit(3);
            }
            "grandchild" | "grandchild-in-its-own-session" => {
                let sleeper = match mode {
                    "grandchild" => "sleep",
                    _ => "sleep-in-its-own-session",
                };
                let grandchild = Command::new(std::env::current_exe().unwrap())
                    .args(["--adapter", sleeper])
                    .stdin(Stdio::inherit())
                    .spawn()
                    .unwrap();
                self.note(&grandchild.id().to_string());
                exit(3);
            }
            "wrong-id" => self.say(&json!({"t": "result", "id": 1000, "outcome": "accept"})),
            "repeated-answer" => say_bytes(answer_line.as_bytes()),
            "not-utf8" => say_bytes(b"{\"t\":\"result\",\"outcome\":\"\xD6\xD0\"}\n"),
            "unknown-fields" => {
                let mut answer = answer.clone();
                answer["sgnature"] = "x".into();
                self.say(&answer);
            }
            "bad-content" => self.say(&json!({
                "t": "result", "id": message["id"], "outcome": "reject", "reason": "signature_mismach"
            })),
            _ => {}
        }
    }

    fn bye(&self) -> ! {
        match self.mode.as_str() {
            "ignores-bye" => hang(),
            "bad-exit" => exit(7),
            _ => exit(0),
        }
    }
}

/// Right in all but one: parameters with an empty value are signed.
fn verified_with_empty_values(message: &Value) -> Value {
    let params: Vec<(String, String)> = serde_json::from_value(message["params"].clone()).unwrap();
    let of = |name: &str| params.iter().find(|(other, _)| other == name).map(|(_, v)| v.as_str());
    let mut signed: Vec<_> =
        params.iter().filter(|(name, _)| name != "sign" && name != "sign_type").collect();
    signed.sort();
    let names: BTreeSet<_> = params.iter().map(|(name, _)| name).collect();
    let joined: Vec<_> = signed.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let key = Secret::new(message["key"]["secret"].as_str().unwrap()).unwrap();
    let signature =
        signature::sign(SignType::Md5, &SigningKey::from(key), joined.join("&").as_bytes());
    let is_genuine = names.len() == params.len()
        && of("sign_type").is_none_or(|name| name == "MD5")
        && of("sign") == Some(signature.unwrap().as_str());
    let outcome = if is_genuine { "accept" } else { "reject" };
    json!({"t": "result", "id": message["id"], "outcome": outcome})
}

/// An answer that shows which case it belongs to, and which process gave it.
fn good_answer(message: &Value) -> Value {
    let id = &message["id"];
    let signature = format!("{} {}", message["case"].as_str().unwrap(), pid());
    match message["op"].as_str().unwrap() {
        "verify_notify" | "verify_return" => match message.get("params") {
            Some(params) => json!({"t": "result", "id": id, "outcome": "accept", "params": params}),
            None => json!({
                "t": "result", "id": id, "outcome": "reject", "reason": "signature_mismatch",
                "code": "E1", "detail": "no", "stages": {"string_to_sign_b64": "1tA="}
            }),
        },
        "check_request" | "notify_id_answer" => {
            json!({"t": "result", "id": id, "outcome": "accept"})
        }
        "decode" => json!({
            "t": "result", "id": id, "outcome": "value", "params_b64": [["1tA=", "zsQ="]]
        }),
        "diagnose" => json!({"t": "result", "id": id, "outcome": "value", "cause": "genuine"}),
        "decide" => json!({
            "t": "result", "id": id, "outcome": "value",
            "decision": {"act": true, "answer_success": true, "why": "paid"}
        }),
        "parse_refund_results" => json!({
            "t": "result", "id": id, "outcome": "value",
            "items": [{"trade_no": "1", "amount": "0.01", "result": "SUCCESS", "fee": null}]
        }),
        "build_form" => json!({
            "t": "result", "id": id, "outcome": "value",
            "form": {"action": "https://example.org/?_input_charset=gbk", "fields": [["a", "1"]]}
        }),
        "string_to_sign" => json!({
            "t": "result", "id": id, "outcome": "threw", "error": {"type": "KeyError", "message": "'a'"}
        }),
        "build_request" => json!({
            "t": "result", "id": id, "outcome": "unsupported", "why": "no such service"
        }),
        _ => json!({"t": "result", "id": id, "outcome": "value", "signature": signature}),
    }
}
