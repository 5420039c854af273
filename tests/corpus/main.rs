//! Puts the seeds and regressions of every fuzz target to its body, without a fuzzer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
// The bodies are public where they are a library.
#![allow(unreachable_pub)]

// The very functions that the targets call.
#[path = "../../fuzz/src/lib.rs"]
mod bodies;
mod letters;
mod seeds;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bodies::TARGETS;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The files of a folder, which must be there and have some.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let files: BTreeMap<_, _> = entries
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
        })
        .collect();
    assert!(!files.is_empty(), "{}: no file", folder.display());
    files
}

fn replay(target: &str) {
    let (_, run) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    for kind in ["seeds", "regressions"] {
        let folder = fuzz().join(kind).join(target);
        // Not every target has found something yet.
        if kind == "regressions" && !folder.exists() {
            continue;
        }
        for (name, input) in files(&folder) {
            // Shown where the test fails.
            println!("{kind}/{target}/{name}");
            run(&input);
        }
    }
}

#[test]
fn adapter_answer() {
    replay("adapter_answer");
}

#[test]
fn certificate() {
    replay("certificate");
}

#[test]
fn explain() {
    replay("explain");
}

#[test]
fn form_decode() {
    replay("form_decode");
}

#[test]
fn json_node() {
    replay("json_node");
}

#[test]
fn headers() {
    replay("headers");
}

#[test]
fn key() {
    replay("key");
}

#[test]
fn mobile_result() {
    replay("mobile_result");
}

#[test]
fn notify() {
    replay("notify");
}

#[test]
fn resource() {
    replay("resource");
}

#[test]
fn structured() {
    replay("structured");
}

#[test]
fn vectors() {
    replay("vectors");
}

#[test]
fn wap_notify() {
    replay("wap_notify");
}

#[test]
fn wechat_xml() {
    replay("wechat_xml");
}

#[test]
fn wechat_decision() {
    replay("wechat_decision");
}

#[test]
fn every_target_has_its_files() {
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    let source = fs::read_to_string(file!()).unwrap();
    for (name, _) in TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} in fuzz/Cargo.toml");
        assert!(fuzz().join(format!("fuzz_targets/{name}.rs")).is_file(), "{name}");
        assert!(source.contains(&format!("replay(\"{name}\")")), "{name} in this file");
    }
    for kind in ["fuzz_targets", "seeds", "regressions"] {
        for entry in fs::read_dir(fuzz().join(kind)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let is_target = TARGETS.iter().any(|(target, _)| *target == name);
            assert!(is_target || name == "README", "{}: of no target", path.display());
        }
    }
}

#[test]
fn seeds_are_those_of_the_vectors() {
    let made = seeds::all();
    let size: usize = made.values().flat_map(BTreeMap::values).map(Vec::len).sum();
    assert!(size < 1 << 20, "{size} bytes of seeds: expected less than 1 MiB");
    for (target, seeds) in made {
        let folder = fuzz().join("seeds").join(target);
        if std::env::var_os("BLESS").is_some() {
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).unwrap();
            for (name, bytes) in &seeds {
                fs::write(folder.join(name), bytes).unwrap();
            }
        }
        let is_same = files(&folder) == seeds;
        assert!(is_same, "seeds/{target}: make anew by BLESS=1 cargo test --test corpus seeds");
    }
}
