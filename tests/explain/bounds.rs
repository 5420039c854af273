//! Neither time nor memory grows with what is sent, and what was not found is said to be so.

use std::cell::Cell;
use std::time::{Duration, Instant};

use alipay_conformance::explain::capture::{CaptureError, LONGEST, capture};
use alipay_conformance::explain::{Budget, Stopped};

use crate::scene::{MD5, RSA, RSA2, Scene, genuine};

fn hopeless(kind: crate::scene::Kind) -> Scene {
    let mut scene = genuine(kind, &[("body", "a+b <c> 'd' \"e\" %2F 1 2")]);
    *scene.value("trade_no") = b"1".to_vec();
    scene
}

#[test]
fn nothing_found() {
    for kind in [MD5, RSA] {
        let finding = hopeless(kind).finding();
        assert_eq!(finding.explanations, []);
        let searched = finding.searched;
        assert!(searched.steps > 30 && searched.sets > 300, "{searched:?}");
        assert!(searched.attempts > 300, "{searched:?}");
        assert!(searched.complete >= 2, "{searched:?}");
    }
}

#[test]
fn the_same_every_time() {
    let budget = Budget { work: 100_000 };
    let (one, other) = (hopeless(RSA2).within(budget), hopeless(RSA2).within(budget));
    assert_eq!(one.searched, other.searched);
    assert_eq!(one.searched.stopped, Some(Stopped::Work));
    // An attempt is six units at least.
    assert!(one.searched.attempts <= 100_000 / 6);
}

#[test]
fn time_is_up() {
    let scene = hopeless(MD5);
    let (message, keys) = (scene.captured(), scene.given());
    let question = alipay_conformance::explain::Question::new(&message, &keys);
    let asked = Cell::new(0);
    let time_is_up = || {
        asked.set(asked.get() + 1);
        asked.get() > 50
    };
    let finding = alipay_conformance::explain::explain(&question, Budget::default(), &time_is_up);
    assert_eq!(finding.searched.stopped, Some(Stopped::Time));
    assert_eq!(asked.get(), 51);
}

/// The largest messages, under the clock that the command has.
#[test]
fn the_largest_messages_end_in_time() {
    let own: String = "a +&'\"<%2F\\\n".repeat(240);
    for kind in [MD5, RSA2] {
        let mut scene = genuine(kind, &[]);
        for index in 0..200 {
            scene.push(&format!("p{index}"), own.get(..290).unwrap());
        }
        let start = Instant::now();
        let (message, keys) = (scene.captured(), scene.given());
        let question = alipay_conformance::explain::Question::new(&message, &keys);
        let limit = Duration::from_secs(2);
        let finding = alipay_conformance::explain::explain(&question, Budget::default(), &|| {
            start.elapsed() > limit
        });
        assert!(start.elapsed() < limit * 2, "{:?}", start.elapsed());
        assert!(!finding.is_genuine());
    }
}

#[test]
fn no_more_than_a_message() {
    assert_eq!(capture(&vec![b'a'; LONGEST + 1], None).unwrap_err(), CaptureError::TooLong);
    let many = b"a=1&".repeat(257);
    assert_eq!(capture(&many, None).unwrap_err(), CaptureError::TooManyParameters(257));
    assert_eq!(capture(b" \n", None).unwrap_err(), CaptureError::Empty);
}
