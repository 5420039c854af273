//! Puts a child process under test: an adapter, in any language, that speaks the adapter protocol.
//!
//! One JSON object a line, one request in flight a process. [`ChildProcess`] starts the command, greets it, tests
//! that it carries bytes unchanged, and is then an [`Implementation`] like any other. It can be used from several
//! threads at once: each that asks has a process of its own, started when it is first needed.
//!
//! An adapter can crash, hang, write nonsense or flood its pipes, and no other case's answer is lost by it.

mod connection;
mod echo;
mod error;
pub mod reply;
mod request;
mod session;
mod supports;
mod text;

use std::ffi::OsString;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use echo::EchoDifference;
pub use error::{StartError, StartProblem};

use crate::suite::answer::{Answer, Breakage, BreakageKind};
use crate::suite::implementation::{Implementation, Subject};
use crate::vector::case::Ask;
use connection::Loss;
use reply::ReplyError;
use request::Run;
use session::{Hello, Session};

/// After so many crashes and hangs without an answer between them, no more is asked.
const IN_A_ROW: u32 = 5;
/// After so many lost processes, for whatever reason, no more is asked.
const IN_ALL: u32 = 50;
/// How long a process has for ending after `bye`.
const BYE: Duration = Duration::from_secs(2);

/// How an adapter is treated.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long an answer may take.
    pub timeout: Duration,
    /// How long `hello_ok`, and each echo of the self-tests, may take: a virtual machine must start.
    pub start_timeout: Duration,
    /// Set from elsewhere, it ends all waiting within 50 ms; what is not answered by then is
    /// [`Answer::NotRun`].
    pub interrupted: Arc<AtomicBool>,
}

impl Default for Options {
    /// 10 s for an answer, 15 s for the start.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            start_timeout: Duration::from_secs(15),
            interrupted: Arc::default(),
        }
    }
}

/// An implementation behind the adapter protocol.
///
/// ```no_run
/// use alipay_conformance::suite::implementation::Implementation;
/// use alipay_conformance::suite::process::{ChildProcess, Options};
///
/// let command = ["python3".into(), "adapter.py".into()];
/// let adapter = ChildProcess::start(&command, Options::default())?;
/// println!("under test: {}", adapter.subject().name);
/// adapter.finish();
/// # Ok::<(), alipay_conformance::suite::process::StartError>(())
/// ```
pub struct ChildProcess {
    command: Vec<OsString>,
    options: Options,
    hello: Hello,
    idle: Mutex<Vec<Session>>,
    health: Mutex<Health>,
    warnings: Mutex<Vec<String>>,
}

#[derive(Default)]
struct Health {
    in_a_row: u32,
    in_all: u32,
    /// Why no more is asked.
    stopped: Option<String>,
}

impl ChildProcess {
    /// Starts a command, greets it, and puts the self-tests to it.
    ///
    /// # Errors
    /// It cannot be started, does not answer, speaks another version, or changes bytes.
    pub fn start(command: &[OsString], options: Options) -> Result<Self, StartError> {
        let (session, hello) = Session::start(command, &options)?;
        Ok(Self {
            command: command.to_vec(),
            options,
            idle: Mutex::new(vec![session]),
            health: Mutex::default(),
            warnings: Mutex::new(hello.warnings.clone()),
            hello,
        })
    }

    /// Why no more is asked, once the adapter has broken too often.
    #[must_use]
    pub fn stopped(&self) -> Option<String> {
        lock(&self.health).stopped.clone()
    }

    /// Says goodbye to the processes, and kills those that are not gone within 2 s.
    ///
    /// Without it they are killed when the value is dropped.
    pub fn finish(&self) {
        let mut sessions = std::mem::take(&mut *lock(&self.idle));
        for session in &mut sessions {
            session.dismiss();
        }
        let deadline = Instant::now() + BYE;
        for session in sessions {
            let grace = deadline.saturating_duration_since(Instant::now());
            let ending = session.connection.close(grace);
            match ending.status {
                Some(status) if status.success() => {}
                Some(status) => {
                    self.warn(format!("after bye, expected exit status 0, got {status}"))
                }
                None => self.warn("not gone 2 s after bye: it was killed".into()),
            }
        }
    }

    fn warn(&self, warning: String) {
        let mut warnings = lock(&self.warnings);
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    /// An idle process, or a new one.
    fn session(&self) -> Result<Session, String> {
        loop {
            let Some(mut session) = lock(&self.idle).pop() else { return self.fresh() };
            if session.connection.is_quiet() {
                return Ok(session);
            }
            let ending = session.connection.close(Duration::ZERO);
            self.warn(match ending.status {
                Some(status) => {
                    format!("the process ended between two cases, {status}: it was started again")
                }
                None => {
                    "the process wrote without being asked: it was started again; stdout is the \
                         protocol, log to stderr"
                        .into()
                }
            });
            self.lost(None);
        }
    }

    /// A new process, which must be the same implementation. A second try, as the first may have met the remains
    /// of a process before.
    fn fresh(&self) -> Result<Session, String> {
        let mut error = None;
        for _ in 0..2 {
            match Session::start(&self.command, &self.options) {
                Ok((session, hello)) if hello == self.hello => return Ok(session),
                Ok((_, hello)) => {
                    let name = |hello: &Hello| {
                        let Subject { name, version, adapter, .. } = &hello.subject;
                        format!("{name} {version} by {adapter}, {} supports", hello.supports.len())
                    };
                    error = Some(StartError {
                        command: String::new(),
                        problem: StartProblem::Other {
                            before: name(&self.hello),
                            now: name(&hello),
                        },
                        stderr: String::new(),
                    });
                }
                Err(cause) if matches!(cause.problem, StartProblem::Interrupted) => {
                    return Err("interrupted".into());
                }
                Err(cause) => error = Some(cause),
            }
        }
        let mut why = String::from("the adapter could not be started again");
        if let Some(StartError { problem, stderr, .. }) = error {
            why = format!("{why}: {problem}");
            if let Some(last) = stderr.lines().next_back() {
                why = format!("{why}; the end of its stderr: {}", text::quote(last.as_bytes()));
            }
        }
        let mut health = lock(&self.health);
        Err(health.stopped.get_or_insert(why).clone())
    }

    /// Counts a process that is gone.
    fn lost(&self, kind: Option<BreakageKind>) {
        let mut health = lock(&self.health);
        health.in_all += 1;
        if matches!(kind, Some(BreakageKind::Crash | BreakageKind::Hang)) {
            health.in_a_row += 1;
        }
        let why = if health.in_a_row >= IN_A_ROW {
            format!("{IN_A_ROW} crashes or hangs in a row")
        } else if health.in_all >= IN_ALL {
            format!("the adapter broke {IN_ALL} times")
        } else {
            return;
        };
        health.stopped.get_or_insert(why);
    }

    fn broken(&self, kind: BreakageKind, detail: String, stderr: String) -> Answer {
        self.lost(Some(kind));
        Answer::Broken(Breakage { kind, detail, stderr })
    }

    /// Puts the case to one process.
    fn attempt(&self, mut session: Session, ask: &Ask, run: Run<'_>) -> Attempt {
        let loss = match session.run(run, &self.options) {
            Ok((id, line)) => match reply::read(&line, id, ask.charset) {
                Ok(reply) => {
                    lock(&self.health).in_a_row = 0;
                    lock(&self.idle).push(session);
                    reply.warnings.into_iter().for_each(|warning| self.warn(warning));
                    return Attempt::Answer(reply.answer);
                }
                Err(error @ ReplyError::Content(_)) => {
                    lock(&self.health).in_a_row = 0;
                    lock(&self.idle).push(session);
                    return Attempt::Answer(Answer::Broken(Breakage {
                        kind: BreakageKind::Garbled,
                        detail: error.to_string(),
                        stderr: String::new(),
                    }));
                }
                Err(error @ ReplyError::Line { .. }) => {
                    let ending = session.connection.close(Duration::ZERO);
                    return Attempt::Garbled { detail: error.to_string(), stderr: ending.stderr };
                }
            },
            Err(loss) => loss,
        };
        let ending = session.connection.close(loss.grace());
        let stderr = ending.stderr;
        Attempt::Answer(match loss {
            Loss::Interrupted => Answer::NotRun { why: "interrupted".into() },
            Loss::TooLong(start) => {
                let detail = format!(
                    "more than 8 MiB without a line end: {}; stdout is the protocol, log to stderr",
                    text::quote(&start)
                );
                return Attempt::Garbled { detail, stderr };
            }
            Loss::TimedOut { unread } => {
                let unread = if unread { "; the request was not read to its end" } else { "" };
                let seconds = self.options.timeout.as_secs_f64();
                let detail = format!("no answer within {seconds} s{unread}");
                self.broken(BreakageKind::Hang, detail, stderr)
            }
            Loss::Ended { partial, deaf } => {
                let mut detail = match ending.status {
                    Some(status) => status.to_string(),
                    None if deaf => "closed its stdin, and was killed".into(),
                    None => "closed its stdout, and was killed".into(),
                };
                if !partial.is_empty() {
                    detail =
                        format!("{detail}, in the middle of a line: {}", text::quote(&partial));
                }
                self.broken(BreakageKind::Crash, detail, stderr)
            }
        })
    }
}

enum Attempt {
    Answer(Answer),
    Garbled { detail: String, stderr: String },
}

impl Implementation for ChildProcess {
    fn subject(&self) -> Subject {
        self.hello.subject.clone()
    }

    fn declines(&self, ask: &Ask) -> Option<String> {
        supports::find(&self.hello.supports, ask).err()
    }

    fn warnings(&self) -> Vec<String> {
        lock(&self.warnings).clone()
    }

    fn perform(&self, ask: &Ask) -> Answer {
        let form = supports::find(&self.hello.supports, ask).ok();
        let Some(run) = form.and_then(|form| Run::new(0, ask, form)) else {
            return Answer::NotOffered;
        };
        let not_run = |why| Answer::NotRun { why };
        if self.options.interrupted.load(Ordering::Relaxed) {
            return not_run("interrupted".into());
        }
        if let Some(why) = self.stopped() {
            return not_run(why);
        }
        let first = match self.session() {
            Ok(session) => self.attempt(session, ask, run.clone()),
            Err(why) => return not_run(why),
        };
        let garbled = match first {
            Attempt::Answer(answer) => return answer,
            Attempt::Garbled { detail, .. } => detail,
        };
        // Once more, alone on a process that has seen no other case: the line may have been another case's.
        match self.fresh().map(|session| self.attempt(session, ask, run)) {
            Ok(Attempt::Answer(answer)) => {
                if !matches!(answer, Answer::Broken(_)) {
                    self.lost(None);
                    self.warn(format!(
                        "{}: answered only when asked again on a new process; the first time: {garbled}",
                        ask.case
                    ));
                }
                answer
            }
            Ok(Attempt::Garbled { detail, stderr }) => {
                self.broken(BreakageKind::Garbled, detail, stderr)
            }
            Err(why) => not_run(why),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
