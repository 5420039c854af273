//! One child process and its three pipes.
//!
//! Each pipe has a thread, as each can block: an adapter may not read, not write, or do both when it should not.
//! No thread is ever joined. A grandchild that inherited a pipe can keep it open for ever, and then the thread
//! stays behind, which costs the stack of a thread and no time.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The longest line that an adapter may write, without its end.
pub(super) const LINE_LIMIT: usize = 8 << 20;
const STDERR_KEPT: usize = 4 << 10;
/// How often an interrupt and the process's end are looked for while nothing comes.
const POLL: Duration = Duration::from_millis(50);
/// How long the last line of a dead process may take from the pipe to here.
const LAST_LINE: Duration = Duration::from_millis(500);
/// How long a process that closed a pipe has for ending by itself, so that its own status is seen.
const END: Duration = Duration::from_secs(1);

/// A running child process.
pub(super) struct Connection {
    child: Child,
    requests: Option<Sender<Vec<u8>>>,
    /// Whether a request is still on its way into the pipe.
    unread: Arc<AtomicBool>,
    events: Receiver<Event>,
    stderr: Arc<Tail>,
    status: Option<ExitStatus>,
}

enum Event {
    Line(Vec<u8>),
    /// The beginning of a line beyond [`LINE_LIMIT`].
    TooLong(Vec<u8>),
    /// The end of standard output, and what stood behind the last line end.
    End(Vec<u8>),
    /// Standard input is closed on the other side.
    Deaf,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Loss {
    TooLong(Vec<u8>),
    TimedOut {
        /// Whether the request was not even read to its end.
        unread: bool,
    },
    /// The process ended, or closed a pipe; with half a line where there was one.
    Ended {
        partial: Vec<u8>,
        deaf: bool,
    },
    Interrupted,
}

impl Loss {
    /// How long the process has for ending by itself, so that its own exit status is seen.
    pub(super) fn grace(&self) -> Duration {
        if matches!(self, Self::Ended { .. }) { END } else { Duration::ZERO }
    }
}

/// How a process ended.
pub(super) struct Ending {
    /// `None` where it had to be killed.
    pub(super) status: Option<ExitStatus>,
    pub(super) stderr: String,
}

impl Connection {
    pub(super) fn open(command: &[OsString]) -> io::Result<Self> {
        let (program, arguments) = command.split_first().ok_or(ErrorKind::InvalidInput)?;
        let mut process = Command::new(program);
        process.args(arguments);
        process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own: it can be killed with all its children, and Ctrl-C reaches the runner alone.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut process, 0);
        let mut child = process.spawn()?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (requests, lines) = channel::<Vec<u8>>();
        // Few places: a flood waits in the pipe, not in memory.
        let (answers, events) = sync_channel(2);
        let tail = Arc::new(Tail::default());
        let unread = Arc::new(AtomicBool::new(false));
        let connection = Self {
            child,
            requests: Some(requests),
            unread: Arc::clone(&unread),
            events,
            stderr: Arc::clone(&tail),
            status: None,
        };
        if let (Some(mut stdin), Some(stdout), Some(stderr)) = (stdin, stdout, stderr) {
            let deaf = answers.clone();
            thread::Builder::new().name("adapter-stdin".into()).spawn(move || {
                for line in lines {
                    if stdin.write_all(&line).and_then(|()| stdin.flush()).is_err() {
                        let _ = deaf.send(Event::Deaf);
                        return;
                    }
                    unread.store(false, Ordering::Relaxed);
                }
            })?;
            thread::Builder::new()
                .name("adapter-stdout".into())
                .spawn(move || read_lines(stdout, &answers))?;
            thread::Builder::new()
                .name("adapter-stderr".into())
                .spawn(move || tail.drain(stderr))?;
        }
        Ok(connection)
    }

    /// Whether the process is there and has written nothing since its last answer.
    pub(super) fn is_quiet(&mut self) -> bool {
        self.events.try_recv().is_err() && self.ended().is_none()
    }

    /// Writes one line and waits for one.
    pub(super) fn exchange(
        &mut self,
        line: Vec<u8>,
        timeout: Duration,
        interrupt: &AtomicBool,
    ) -> Result<Vec<u8>, Loss> {
        let start = Instant::now();
        let mut deadline = start + timeout;
        // What is told when the deadline passes.
        let (mut deaf, mut dead) = (false, false);
        self.unread.store(true, Ordering::Relaxed);
        if self.requests.as_ref().is_none_or(|requests| requests.send(line).is_err()) {
            deaf = true;
            deadline = deadline.min(start + END);
        }
        loop {
            let now = Instant::now();
            if interrupt.load(Ordering::Relaxed) {
                return Err(Loss::Interrupted);
            }
            if now >= deadline {
                return Err(match deaf || dead {
                    true => Loss::Ended { partial: Vec::new(), deaf: !dead },
                    false => Loss::TimedOut { unread: self.unread.load(Ordering::Relaxed) },
                });
            }
            match self.events.recv_timeout(POLL.min(deadline - now)) {
                Ok(Event::Line(line)) => return Ok(line),
                Ok(Event::TooLong(start)) => return Err(Loss::TooLong(start)),
                Ok(Event::End(partial)) => return Err(Loss::Ended { partial, deaf: false }),
                Ok(Event::Deaf) => {
                    deaf = true;
                    deadline = deadline.min(Instant::now() + END);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Loss::Ended { partial: Vec::new(), deaf });
                }
            }
            // With a grandchild on the pipe, the end of the process is not the end of its output.
            if !dead && self.ended().is_some() {
                dead = true;
                deadline = deadline.min(Instant::now() + LAST_LINE);
            }
        }
    }

    /// Sends a last line and closes standard input.
    pub(super) fn dismiss(&mut self, line: Vec<u8>) {
        if let Some(requests) = self.requests.take() {
            let _ = requests.send(line);
        }
    }

    /// Waits for the end, kills the group at the latest after `grace`, and gathers what is left.
    pub(super) fn close(mut self, grace: Duration) -> Ending {
        self.requests = None;
        let deadline = Instant::now() + grace;
        let mut pause = Duration::from_millis(1);
        while self.ended().is_none() && Instant::now() < deadline {
            thread::sleep(pause);
            pause = (pause * 2).min(POLL);
        }
        let status = self.status;
        self.kill();
        Ending { status, stderr: self.stderr.text() }
    }

    fn ended(&mut self) -> Option<ExitStatus> {
        if self.status.is_none()
            && let Ok(Some(status)) = self.child.try_wait()
        {
            self.status = Some(status);
            // The group outlives its leader where there are grandchildren. Its number is free only when they
            // are gone, so this is the last moment at which it is surely theirs.
            self.kill_group();
        }
        self.status
    }

    fn kill(&mut self) {
        if self.ended().is_some() {
            return;
        }
        self.kill_group();
        let _ = self.child.kill();
        // After SIGKILL this is a matter of microseconds, unless the kernel holds the process.
        let deadline = Instant::now() + END;
        while self.ended().is_none() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[cfg(unix)]
    fn kill_group(&self) {
        use rustix::process::{Pid, Signal, kill_process_group};
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }

    #[cfg(not(unix))]
    fn kill_group(&self) {}
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.kill();
    }
}

fn read_lines(mut stdout: impl Read, events: &SyncSender<Event>) {
    let mut line = Vec::new();
    let mut chunk = vec![0; 64 << 10];
    loop {
        let read = match stdout.read(&mut chunk) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Ok(0) | Err(_) => {
                let _ = events.send(Event::End(line));
                return;
            }
            Ok(read) => read,
        };
        let mut rest = chunk.get(..read).unwrap_or_default();
        loop {
            let end = memchr::memchr(b'\n', rest);
            let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
            if line.len() + piece.len() > LINE_LIMIT {
                line.truncate(1 << 10);
                line.shrink_to_fit();
                let _ = events.send(Event::TooLong(line));
                return;
            }
            line.extend_from_slice(piece);
            if end.is_none() {
                break;
            }
            rest = after.get(1..).unwrap_or_default();
            if events.send(Event::Line(std::mem::take(&mut line))).is_err() {
                return;
            }
        }
    }
}

/// The last bytes of standard error.
#[derive(Default)]
struct Tail {
    state: Mutex<TailState>,
    ended: Condvar,
}

#[derive(Default)]
struct TailState {
    bytes: Vec<u8>,
    cut: bool,
    ended: bool,
}

impl Tail {
    fn drain(&self, mut stderr: impl Read) {
        let mut chunk = vec![0; 64 << 10];
        loop {
            match stderr.read(&mut chunk) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => break,
                Ok(read) => self.push(chunk.get(..read).unwrap_or_default()),
            }
        }
        self.lock().ended = true;
        self.ended.notify_all();
    }

    fn push(&self, bytes: &[u8]) {
        let mut state = self.lock();
        state.bytes.extend_from_slice(bytes);
        let surplus = state.bytes.len().saturating_sub(STDERR_KEPT);
        if surplus > 0 {
            state.bytes.drain(..surplus);
            state.cut = true;
        }
    }

    /// What a process that has ended left there.
    fn text(&self) -> String {
        let wait = Duration::from_millis(200);
        let state = self.lock();
        let (state, _) = self
            .ended
            .wait_timeout_while(state, wait, |state| !state.ended)
            .unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&state.bytes);
        if state.cut { format!("…{text}") } else { text.into_owned() }
    }

    fn lock(&self) -> MutexGuard<'_, TailState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
