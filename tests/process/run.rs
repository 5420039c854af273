//! Adapters that misbehave with a case.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use alipay_conformance::mistake::diagnosis::Diagnosis;
use alipay_conformance::suite::answer::{Answer, BreakageKind};
use alipay_conformance::suite::implementation::Implementation;
use alipay_conformance::suite::process::{ChildProcess, Options};
use alipay_conformance::suite::run;
use alipay_conformance::vector::bytes::Bytes;
use alipay_conformance::vector::case::Stage;
use alipay_conformance::vector::input::Input;
use alipay_conformance::vector::load::VectorSet;
use alipay_conformance::vector::operation::Operation;
use tempfile::tempdir;

use crate::{answered_by, ask, broken, command, options, sign, start, third_of_five};

crate::trials![
    all_is_well,
    crash,
    abort,
    crash_with_every_case,
    hang,
    hang_with_every_case,
    garbage,
    garbage_once,
    half_a_line_then_exit,
    half_a_line_then_silence,
    long_line,
    many_lines,
    closes_stdin,
    never_reads,
    stderr_flood,
    stderr_flood_then_crash,
    grandchild_in_the_group,
    grandchild_in_its_own_session,
    wrong_id,
    repeated_answer,
    too_many_breakages,
    not_utf8,
    unknown_fields,
    bad_content,
    crlf,
    ends_after_every_case,
    another_subject,
    never_starts_again,
    two_at_once,
    two_at_once_with_crashes,
    interrupted,
    ignores_bye,
    bad_exit,
    behaves_like_a_known_mistake,
];

const SECOND: Duration = Duration::from_secs(1);

fn all_is_well() {
    let adapter = start("good", None);
    assert_eq!(adapter.subject().name, "a");
    assert_eq!(adapter.subject().adapter, "test-adapter 1");
    let processes: BTreeSet<_> =
        (1..=100).map(|number| answered_by(number, &adapter.perform(&sign(number)))).collect();
    assert_eq!(processes.len(), 1);
    let start = Instant::now();
    adapter.finish();
    assert!(start.elapsed() < SECOND);
    assert_eq!(adapter.warnings(), [""; 0]);
}

fn crash() {
    let adapter = start("crash", None);
    let breakage = broken(third_of_five(&adapter, 3 * SECOND), BreakageKind::Crash);
    assert_eq!(breakage.detail, "exit status: 3");
    assert_eq!(breakage.stderr, "segmentation fault in libalipay\n");
}

fn abort() {
    let breakage = broken(third_of_five(&start("abort", None), 3 * SECOND), BreakageKind::Crash);
    assert!(breakage.detail.starts_with("signal: 6 (SIGABRT)"), "{}", breakage.detail);
}

fn crash_with_every_case() {
    let adapter = start("crash-always", None);
    for number in 1..=5 {
        assert_eq!(adapter.stopped(), None);
        broken(adapter.perform(&sign(number)), BreakageKind::Crash);
    }
    let why = "5 crashes or hangs in a row".to_owned();
    let before = Instant::now();
    assert_eq!(adapter.perform(&sign(6)), Answer::NotRun { why: why.clone() });
    assert!(before.elapsed() < SECOND / 20);
    assert_eq!(adapter.stopped(), Some(why));
}

fn hang() {
    let adapter = start("hang", None);
    let breakage = broken(third_of_five(&adapter, 4 * SECOND), BreakageKind::Hang);
    assert_eq!(breakage.detail, "no answer within 1 s");
}

fn hang_with_every_case() {
    let options = Options { timeout: SECOND / 10, ..options() };
    let adapter = ChildProcess::start(&command("hang-always", None), options).unwrap();
    let before = Instant::now();
    let answers: Vec<_> = (1..=100).map(|number| adapter.perform(&sign(number))).collect();
    assert!(before.elapsed() < 5 * SECOND, "took {:?}", before.elapsed());
    let hangs = answers.iter().filter(|answer| matches!(answer, Answer::Broken(_))).count();
    assert_eq!(hangs, 5);
    assert!(answers[5..].iter().all(|answer| matches!(answer, Answer::NotRun { .. })));
}

fn garbage() {
    let breakage =
        broken(third_of_five(&start("garbage", None), 4 * SECOND), BreakageKind::Garbled);
    assert_eq!(
        breakage.detail,
        "not JSON at column 1: \"DEBUG string to sign: a=1\"; stdout is the protocol, log to stderr"
    );
}

fn garbage_once() {
    let folder = tempdir().unwrap();
    let adapter = start("garbage-once", Some(&folder.path().join("first")));
    let answer = third_of_five(&adapter, 4 * SECOND);
    answered_by(3, &answer);
    assert_eq!(
        adapter.warnings(),
        [
            "test-0003: answered only when asked again on a new process; the first time: not JSON at column 1: \
          \"DEBUG string to sign: a=1\"; stdout is the protocol, log to stderr"
        ]
    );
}

fn half_a_line_then_exit() {
    let adapter = start("half-a-line-then-exit", None);
    let breakage = broken(third_of_five(&adapter, 3 * SECOND), BreakageKind::Crash);
    assert!(
        breakage.detail.starts_with("exit status: 0, in the middle of a line: \"{"),
        "{}",
        breakage.detail
    );
}

fn half_a_line_then_silence() {
    let adapter = start("half-a-line-then-silence", None);
    broken(third_of_five(&adapter, 4 * SECOND), BreakageKind::Hang);
}

fn long_line() {
    let adapter = start("long-line", None);
    let breakage = broken(third_of_five(&adapter, 6 * SECOND), BreakageKind::Garbled);
    assert!(
        breakage.detail.starts_with("more than 8 MiB without a line end: \"xxxx"),
        "{}",
        breakage.detail
    );
}

fn many_lines() {
    let adapter = start("many-lines", None);
    let breakage = broken(third_of_five(&adapter, 4 * SECOND), BreakageKind::Garbled);
    assert!(breakage.detail.contains("\"spam\""), "{}", breakage.detail);
}

/// A shell that hands its pipes to a good adapter for the greeting, and then closes its own stdin.
#[cfg(unix)]
fn closes_stdin() {
    let script = "\"$0\" --adapter first-five-lines; exec 0<&-; exec sleep 30";
    let own = std::env::current_exe().unwrap().into();
    let command = ["/bin/sh".into(), "-c".into(), script.into(), own];
    let adapter = ChildProcess::start(&command, options()).unwrap();
    // The shell needs a moment to get there.
    thread::sleep(SECOND / 5);
    let before = Instant::now();
    let breakage = broken(adapter.perform(&sign(1)), BreakageKind::Crash);
    assert!(before.elapsed() < 3 * SECOND, "took {:?}", before.elapsed());
    assert_eq!(breakage.detail, "closed its stdin, and was killed");
}

#[cfg(not(unix))]
fn closes_stdin() {}

fn never_reads() {
    let adapter = start("never-reads", None);
    let body = Bytes(vec![b'x'; 38 << 20]);
    let large = ask(1, Operation::VerifyNotify, Input::Message(body));
    let before = Instant::now();
    let breakage = broken(adapter.perform(&large), BreakageKind::Hang);
    // Most of it goes into writing 50 MB of JSON in a debug build.
    assert!(before.elapsed() < 20 * SECOND, "took {:?}", before.elapsed());
    assert_eq!(breakage.detail, "no answer within 1 s; the request was not read to its end");
}

fn stderr_flood() {
    let options = Options { timeout: 10 * SECOND, ..options() };
    let adapter = ChildProcess::start(&command("stderr-flood", None), options).unwrap();
    let answer = third_of_five(&adapter, 10 * SECOND);
    answered_by(3, &answer);
}

fn stderr_flood_then_crash() {
    let options = Options { timeout: 10 * SECOND, ..options() };
    let command = command("stderr-flood-then-crash", None);
    let adapter = ChildProcess::start(&command, options).unwrap();
    let breakage = broken(third_of_five(&adapter, 10 * SECOND), BreakageKind::Crash);
    assert!(breakage.stderr.starts_with("…eee"));
    assert!(breakage.stderr.ends_with("ethe last words\n"));
    assert_eq!(breakage.stderr.len(), 4096 + "…".len());
}

fn grandchild_in_the_group() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("pid");
    let adapter = start("grandchild", Some(&file));
    let breakage = broken(third_of_five(&adapter, 3 * SECOND), BreakageKind::Crash);
    assert_eq!(breakage.detail, "exit status: 3");
    let pid = std::fs::read_to_string(file).unwrap();
    assert!(crate::resources::is_gone(pid.trim()), "the grandchild {pid} lives");
}

/// It cannot be killed with the group, and holds all three pipes.
fn grandchild_in_its_own_session() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("pid");
    let adapter = start("grandchild-in-its-own-session", Some(&file));
    let breakage = broken(third_of_five(&adapter, 4 * SECOND), BreakageKind::Crash);
    assert_eq!(breakage.detail, "exit status: 3");
    let before = Instant::now();
    adapter.finish();
    drop(adapter);
    assert!(before.elapsed() < SECOND);
}

fn wrong_id() {
    let adapter = start("wrong-id", None);
    let breakage = broken(third_of_five(&adapter, 4 * SECOND), BreakageKind::Garbled);
    assert!(breakage.detail.contains(", got \"1000\""), "{}", breakage.detail);
}

fn repeated_answer() {
    let adapter = start("repeated-answer", None);
    let answer = third_of_five(&adapter, 4 * SECOND);
    answered_by(3, &answer);
    // Whether the second answer is seen before the next case is put, or instead of its answer, is chance.
    assert_eq!(adapter.warnings().len(), 1, "{:?}", adapter.warnings());
}

fn too_many_breakages() {
    let adapter = start("repeated-answer-always", None);
    let answers: Vec<_> = (1..=60).map(|number| adapter.perform(&sign(number))).collect();
    let answered = answers.iter().take_while(|answer| matches!(answer, Answer::Value(_))).count();
    assert!((50..=51).contains(&answered), "{answered} answers");
    for answer in &answers[answered..] {
        assert_eq!(*answer, Answer::NotRun { why: "the adapter broke 50 times".into() });
    }
}

fn not_utf8() {
    let adapter = start("not-utf8", None);
    let breakage = broken(third_of_five(&adapter, 4 * SECOND), BreakageKind::Garbled);
    assert!(breakage.detail.starts_with("not UTF-8 at byte 25: "), "{}", breakage.detail);
    assert!(breakage.detail.contains("\\xD6\\xD0"), "{}", breakage.detail);
}

fn unknown_fields() {
    let adapter = start("unknown-fields-always", None);
    answered_by(1, &adapter.perform(&sign(1)));
    let warning =
        "result has an unknown field \"sgnature\": the nearest known one is \"signature\"";
    assert_eq!(adapter.warnings()[0], warning);
}

fn bad_content() {
    let adapter = start("bad-content", None);
    let first = answered_by(1, &adapter.perform(&sign(1)));
    let breakage = broken(third_of_five(&adapter, 3 * SECOND), BreakageKind::Garbled);
    assert_eq!(
        breakage.detail,
        "the result is not one of the protocol: unknown reason \"signature_mismach\": the nearest known one is \
         \"signature_mismatch\""
    );
    // The lines are still in step: there is no reason to start it again.
    assert_eq!(answered_by(6, &adapter.perform(&sign(6))), first);
}

fn crlf() {
    let adapter = start("crlf", None);
    answered_by(3, &third_of_five(&adapter, 2 * SECOND));
    assert_eq!(adapter.warnings(), [""; 0]);
}

fn ends_after_every_case() {
    let adapter = start("ends-after-every-case", None);
    for number in 1..=5 {
        answered_by(number, &adapter.perform(&sign(number)));
        thread::sleep(SECOND / 5);
    }
    assert_eq!(
        adapter.warnings(),
        ["the process ended between two cases, exit status: 0: it was started again"]
    );
}

fn another_subject() {
    let folder = tempdir().unwrap();
    let adapter = start("another-subject", Some(&folder.path().join("first")));
    answered_by(1, &adapter.perform(&sign(1)));
    adapter.finish();
    let Answer::NotRun { why } = adapter.perform(&sign(2)) else { panic!("it ran") };
    assert_eq!(
        why,
        "the adapter could not be started again: started again, it is another one: b 1.0 by test-adapter 1, \
         24 supports; before it was a 1.0 by test-adapter 1, 24 supports"
    );
}

fn never_starts_again() {
    let folder = tempdir().unwrap();
    let adapter = start("never-starts-again", Some(&folder.path().join("first")));
    answered_by(1, &adapter.perform(&sign(1)));
    adapter.finish();
    let Answer::NotRun { why } = adapter.perform(&sign(2)) else { panic!("it ran") };
    assert_eq!(
        why,
        "the adapter could not be started again: ended before it answered hello, exit status: 4"
    );
    assert_eq!(adapter.stopped(), Some(why));
}

fn two_at_once() {
    let adapter = start("slow", None);
    let before = Instant::now();
    let processes = in_two_threads(&adapter, 20);
    assert_eq!(processes.len(), 2);
    // One process would need 4 s.
    assert!(before.elapsed() < 38 * SECOND / 10, "took {:?}", before.elapsed());
    adapter.finish();
    assert_eq!(adapter.warnings(), [""; 0]);
}

fn two_at_once_with_crashes() {
    let adapter = start("crash", None);
    in_two_threads(&adapter, 20);
    assert_eq!(adapter.stopped(), None);
}

/// Every thread puts every case but the bad one, which both put now and then.
fn in_two_threads(adapter: &ChildProcess, cases: usize) -> BTreeSet<u32> {
    thread::scope(|scope| {
        let work = || {
            let answers = (1..=cases).map(|number| (number, adapter.perform(&sign(number))));
            let answered = answers.filter(|(_, answer)| !matches!(answer, Answer::Broken(_)));
            answered.map(|(number, answer)| answered_by(number, &answer)).collect::<BTreeSet<_>>()
        };
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

fn interrupted() {
    let interrupted = Arc::new(AtomicBool::new(false));
    let options = Options { interrupted: Arc::clone(&interrupted), ..Options::default() };
    let adapter = ChildProcess::start(&command("hang", None), options).unwrap();
    answered_by(1, &adapter.perform(&sign(1)));
    thread::spawn(move || {
        thread::sleep(SECOND / 5);
        interrupted.store(true, Ordering::Relaxed);
    });
    let before = Instant::now();
    let not_run = Answer::NotRun { why: "interrupted".into() };
    assert_eq!(adapter.perform(&sign(3)), not_run);
    assert!(before.elapsed() < SECOND, "took {:?}", before.elapsed());
    assert_eq!(adapter.perform(&sign(4)), not_run);
}

fn ignores_bye() {
    let adapter = start("ignores-bye", None);
    let before = Instant::now();
    adapter.finish();
    let took = before.elapsed();
    assert!((2 * SECOND..3 * SECOND).contains(&took), "took {took:?}");
    assert_eq!(adapter.warnings(), ["not gone 2 s after bye: it was killed"]);
}

fn bad_exit() {
    let adapter = start("bad-exit", None);
    adapter.finish();
    assert_eq!(adapter.warnings(), ["after bye, expected exit status 0, got exit status: 7"]);
}

/// A library that takes decoded parameters: it is asked nothing of decoding, and named by the rest.
fn behaves_like_a_known_mistake() {
    let set = VectorSet::embedded().unwrap();
    let adapter = start("signs-empty-values", None);
    let options = run::Options { jobs: 1, interrupted: &AtomicBool::new(false) };
    let run = run::run(&adapter, &set, |_| true, options);
    adapter.finish();
    assert!(run.counts().passed > 50 && run.counts().failed > 0, "{:?}", run.counts());
    let answered = run.results.iter().filter(|result| result.answer.is_some());
    assert!(answered.clone().all(|result| result.case.stage != Stage::Decode));
    let diagnosis = Diagnosis::of(&run);
    let [finding] = diagnosis.findings.as_slice() else { panic!("{:?}", diagnosis.findings) };
    let mut named = finding.alternatives.iter().chain([&finding.mistake]);
    assert!(named.any(|mistake| mistake.id == "filter-empty-included"), "{finding:?}");
    assert!(diagnosis.unexplained.is_empty());
}
