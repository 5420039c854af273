//! A process that has passed hello and the self-tests.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::ExitStatus;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use crate::suite::implementation::Subject;
use crate::suite::process::Options;
use crate::suite::process::connection::{Connection, Loss};
use crate::suite::process::echo::{self, EchoDifference};
use crate::suite::process::error::{StartError, StartProblem, described};
use crate::suite::process::reply::{self, ReplyError};
use crate::suite::process::request::{PROTOCOL, Request, Run};
use crate::suite::process::supports::Entry;
use crate::suite::process::text::{nearest, quote};
use crate::vector::bytes::to_base64;

pub(super) struct Session {
    pub(super) connection: Connection,
    next_id: u64,
}

/// What an adapter says of itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hello {
    pub(super) subject: Subject,
    pub(super) supports: Vec<Entry>,
    pub(super) warnings: Vec<String>,
}

impl Session {
    pub(super) fn start(
        command: &[OsString],
        options: &Options,
    ) -> Result<(Self, Hello), StartError> {
        let error = |problem, stderr| StartError { command: shown(command), problem, stderr };
        if command.is_empty() {
            return Err(error(StartProblem::NoCommand, String::new()));
        }
        let connection = Connection::open(command).map_err(|cause| {
            let problem = match cause.kind() {
                ErrorKind::NotFound => StartProblem::NotFound,
                ErrorKind::PermissionDenied => StartProblem::NotExecutable,
                _ => StartProblem::NotStarted(cause),
            };
            error(problem, String::new())
        })?;
        let mut session = Self { connection, next_id: 1 };
        match session.greet(options) {
            Ok(hello) => Ok((session, hello)),
            Err(fault) => {
                let grace = match &fault {
                    Fault::Lost(_, loss) => loss.grace(),
                    Fault::Problem(_) => Duration::ZERO,
                };
                let ending = session.connection.close(grace);
                let problem = match fault {
                    Fault::Problem(problem) => problem,
                    Fault::Lost(to, loss) => lost(to, loss, ending.status, options.start_timeout),
                };
                Err(error(problem, ending.stderr))
            }
        }
    }

    fn greet(&mut self, options: &Options) -> Result<Hello, Fault> {
        let mut ask = |request: Request<'_>, to| {
            self.connection
                .exchange(request.line(), options.start_timeout, &options.interrupted)
                .map_err(|loss| Fault::Lost(to, loss))
        };
        let hello = read_hello(&ask(Request::hello(), "hello")?)?;
        for (test, bytes) in echo::tests() {
            let id = self.next_id;
            self.next_id += 1;
            let line = ask(Request::Echo { id, data_b64: to_base64(&bytes) }, "echo")?;
            let got = read_echo(&line, id)?;
            if let Some(difference) = EchoDifference::between(test, &bytes, &got) {
                return Err(StartProblem::Echo(difference).into());
            }
        }
        Ok(hello)
    }

    /// Puts one case. The answer is read by [`reply::read`].
    pub(super) fn run(
        &mut self,
        mut run: Run<'_>,
        options: &Options,
    ) -> Result<(u64, Vec<u8>), Loss> {
        let id = self.next_id;
        self.next_id += 1;
        run.id = id;
        let line = Request::Run(Box::new(run)).line();
        let answer = self.connection.exchange(line, options.timeout, &options.interrupted)?;
        Ok((id, answer))
    }

    /// Says goodbye.
    pub(super) fn dismiss(&mut self) {
        let line = Request::Bye { id: self.next_id }.line();
        self.connection.dismiss(line);
    }
}

fn lost(to: &'static str, loss: Loss, status: Option<ExitStatus>, after: Duration) -> StartProblem {
    let bad = |text| match to {
        "hello" => StartProblem::BadHello(text),
        _ => StartProblem::BadEcho(text),
    };
    match loss {
        Loss::TimedOut { .. } => StartProblem::Silent { to, after },
        Loss::Interrupted => StartProblem::Interrupted,
        Loss::Ended { partial, .. } if partial.is_empty() => StartProblem::Ended { to, status },
        Loss::Ended { partial, .. } => {
            bad(format!("{} and then the end{}", quote(&partial), described(status)))
        }
        Loss::TooLong(start) => {
            bad(format!("more than 8 MiB without a line end: {}", quote(&start)))
        }
    }
}

enum Fault {
    Problem(StartProblem),
    Lost(&'static str, Loss),
}

impl From<StartProblem> for Fault {
    fn from(problem: StartProblem) -> Self {
        Self::Problem(problem)
    }
}

#[derive(Deserialize)]
struct HelloOk {
    adapter: Named,
    subject: SubjectFields,
    supports: Vec<Entry>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(default)]
    version: String,
}

#[derive(Deserialize)]
struct SubjectFields {
    name: String,
    version: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    source: String,
}

fn read_hello(line: &[u8]) -> Result<Hello, StartProblem> {
    let bad = |error: &dyn std::fmt::Display| StartProblem::BadHello(error.to_string());
    let message = reply::object(line).map_err(|error| bad(&error))?;
    if message.get("t").and_then(Value::as_str) == Some("hello_no") {
        let text = |value: Option<&Value>| value.map(|value| quote(value.to_string().as_bytes()));
        let versions = message.get("protocol").and_then(Value::as_object);
        let version = |end| versions.and_then(|versions| versions.get(end)).and_then(Value::as_u64);
        return Err(StartProblem::Refused {
            why: match message.get("why").and_then(Value::as_str) {
                Some(why) => quote(why.as_bytes()),
                None => "no reason given".into(),
            },
            theirs: match (version("min"), version("max")) {
                (Some(min), Some(max)) if min == max => format!("protocol {min}"),
                (Some(min), Some(max)) => format!("protocols {min} to {max}"),
                _ => text(message.get("protocol"))
                    .unwrap_or_else(|| "versions it does not name".into()),
            },
        });
    }
    let message = reply::message(line, "hello_ok", 0).map_err(|error| bad(&error))?;
    match message.get("protocol") {
        Some(version) if version.as_u64() == Some(PROTOCOL) => {}
        Some(version) => return Err(StartProblem::Version { theirs: version.to_string() }),
        None => return Err(bad(&"hello_ok without protocol")),
    }
    let known = ["t", "id", "protocol", "adapter", "subject", "supports"];
    let unknown = message.keys().filter(|name| !known.contains(&name.as_str()));
    let mut warnings: Vec<String> = unknown
        .map(|name| {
            let nearest = nearest(name, known).unwrap_or_default();
            format!("hello_ok has an unknown field {name:?}: the nearest known one is {nearest:?}")
        })
        .collect();
    let hello: HelloOk = serde_json::from_value(Value::Object(message))
        .map_err(|error| bad(&format_args!("{error} in {}", quote(line.trim_ascii_end()))))?;
    for warning in hello.supports.iter().flat_map(Entry::warnings) {
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    let HelloOk { adapter, subject, supports } = hello;
    let subject = Subject {
        name: subject.name,
        version: subject.version,
        language: subject.language,
        source: subject.source,
        adapter: format!("{} {}", adapter.name, adapter.version).trim_end().into(),
    };
    Ok(Hello { subject, supports, warnings })
}

fn read_echo(line: &[u8], id: u64) -> Result<Vec<u8>, StartProblem> {
    let message = reply::message(line, "echo_ok", id)
        .map_err(|error: ReplyError| StartProblem::BadEcho(error.to_string()))?;
    let Some(Value::String(data)) = message.get("data_b64") else {
        return Err(StartProblem::BadEcho("data_b64 is missing or no string".into()));
    };
    STANDARD.decode(data).map_err(|error| {
        StartProblem::BadEcho(format!("data_b64 is not standard base64 with padding: {error}"))
    })
}

fn shown(command: &[OsString]) -> String {
    let words: Vec<_> = command.iter().map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
