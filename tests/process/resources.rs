//! What a run leaves behind, and how much memory it takes.

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use alipay_conformance::suite::implementation::Implementation;
use tempfile::tempdir;

use crate::{sign, start};

crate::trials![memory_stays_bounded, nothing_is_left_behind];

/// Whether a process is gone, or is at least a zombie that somebody else must reap. True where that cannot be seen.
pub(crate) fn is_gone(pid: &str) -> bool {
    (0..40).any(|_| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let gone = stat.is_empty() || stat.contains(") Z ");
        if !gone {
            thread::sleep(Duration::from_millis(25));
        }
        gone
    })
}

/// Prints the peak of this process's memory, in KiB, after an adapter of this mode.
pub(crate) fn measure(mode: &str) {
    let adapter = start(mode, None);
    for number in 1..=5 {
        adapter.perform(&sign(number));
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("{}", peak.trim().trim_end_matches(" kB"));
}

fn memory_stays_bounded() {
    if !Path::new("/proc/self/status").exists() {
        return;
    }
    for mode in ["long-line", "many-lines", "stderr-flood"] {
        let own = std::env::current_exe().unwrap();
        let output = Command::new(own).args(["--measure", mode]).output().unwrap();
        let peak: usize = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
        assert!(peak < 64 << 10, "{mode}: {peak} KiB");
    }
}

fn nothing_is_left_behind() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("pid");
    let adapter = start("pid", Some(&file));
    adapter.perform(&sign(1));
    let pid = std::fs::read_to_string(file).unwrap();
    drop(adapter);
    assert!(!Path::new(&format!("/proc/{pid}")).exists(), "{pid} is still there");
}
