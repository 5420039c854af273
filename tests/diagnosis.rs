//! Which known mistakes are named for the failures of an implementation, and which are not.

// Clippy's exceptions for tests do not reach the functions that tests call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::sync::atomic::AtomicBool;

use alipay_conformance::canonical;
use alipay_conformance::mistake::diagnosis::{Diagnosis, Finding};
use alipay_conformance::mistake::{self, Area, Mistake, Mistaken, Severity, Text, Twin};
use alipay_conformance::report::Lang;
use alipay_conformance::report::diagnosis::paragraphs;
use alipay_conformance::suite::answer::{Answer, Rejection, Threw};
use alipay_conformance::suite::implementation::{Implementation, Subject};
use alipay_conformance::suite::outcome::Outcome;
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::suite::run::{Options, Run, run};
use alipay_conformance::vector::case::{Ask, Case};
use alipay_conformance::vector::input::Input;
use alipay_conformance::vector::load::VectorSet;
use alipay_conformance::vector::operation::Operation;

/// What no RSA is needed for takes less time.
fn is_quick(case: &Case) -> bool {
    case.ask.sign_type.as_deref().is_none_or(|name| name == "MD5")
}

fn is_fourth(case: &Case) -> bool {
    case.id.bytes().last().is_some_and(|digit| digit % 4 == 0)
}

fn examined<'a>(
    implementation: &dyn Implementation,
    set: &'a VectorSet,
    select: impl Fn(&Case) -> bool,
) -> Run<'a> {
    let options = Options { jobs: 2, interrupted: &AtomicBool::new(false) };
    run(implementation, set, select, options)
}

fn find(id: &str) -> &'static Mistake {
    mistake::find(id).unwrap()
}

fn is_named(mistake: &Mistake, finding: &Finding<'_>) -> bool {
    finding.mistake.id == mistake.id
        || finding.alternatives.iter().any(|other| other.id == mistake.id)
}

fn ids(cases: &[&Case]) -> Vec<String> {
    cases.iter().map(|case| case.id.clone()).collect()
}

fn failed(run: &Run<'_>) -> Vec<String> {
    let failed = run.results.iter().filter(|r| matches!(r.outcome, Outcome::Fail(_)));
    failed.map(|result| result.case.id.clone()).collect()
}

/// The reference, but for some operations.
struct But<I>(I, fn(&Ask) -> Option<Answer>);

impl<I: Implementation> Implementation for But<I> {
    fn subject(&self) -> Subject {
        Subject { name: "but".into(), ..Subject::default() }
    }

    fn perform(&self, ask: &Ask) -> Answer {
        self.1(ask).unwrap_or_else(|| self.0.perform(ask))
    }
}

#[test]
fn the_reference_is_not_diagnosed() {
    let set = VectorSet::embedded().unwrap();
    let run = examined(&Reference::default(), &set, |_| true);
    let diagnosis = Diagnosis::of(&run);
    assert_eq!((diagnosis.failures, diagnosis.findings.len()), (0, 0));
    assert_eq!(paragraphs(&diagnosis, Lang::En), "");
}

/// By the cases that name it and every fourth of the others, to save time.
#[test]
fn every_known_mistake_is_named() {
    let set = VectorSet::embedded().unwrap();
    let mut named = 0;
    for known in mistake::all() {
        let names_it = |case: &Case| case.mistakes.iter().any(|id| id == known.id);
        let select = |case: &Case| is_quick(case) && (names_it(case) || is_fourth(case));
        let run = examined(&Mistaken::new([known]), &set, select);
        let diagnosis = Diagnosis::of(&run);
        // What RSA alone catches.
        if diagnosis.failures == 0 {
            continue;
        }
        let [finding] = diagnosis.findings.as_slice() else {
            panic!("{}: {:?}", known.id, diagnosis.findings);
        };
        assert!(is_named(known, finding), "{}: named {}", known.id, finding.mistake.id);
        assert_eq!(ids(&finding.explains), failed(&run), "{}", known.id);
        assert!(diagnosis.unexplained.is_empty(), "{}", known.id);
        assert!(finding.changes >= diagnosis.failures, "{}", known.id);
        named += 1;
    }
    assert!(named * 2 > mistake::all().count(), "only {named} have failures without RSA");
}

/// Of pairs spread over all of them. Where one hides the other, one alone explains everything.
#[test]
fn pairs_are_named() {
    let set = VectorSet::embedded().unwrap();
    let all: Vec<_> = mistake::all().collect();
    let pairs: Vec<_> = all
        .iter()
        .enumerate()
        .flat_map(|(index, one)| all[index + 1..].iter().map(move |two| [*one, *two]))
        .collect();
    let step = (pairs.len() / PAIRS).max(1);
    let (mut tried, mut as_two) = (0, 0);
    for pair in pairs.iter().step_by(step) {
        let run = examined(&Mistaken::new(*pair), &set, is_quick);
        let diagnosis = Diagnosis::of(&run);
        if diagnosis.failures == 0 {
            continue;
        }
        let names = pair.map(|mistake| mistake.id);
        tried += 1;
        assert!(diagnosis.unexplained.is_empty(), "{names:?}: {:?}", diagnosis.findings);
        match diagnosis.findings.as_slice() {
            [_] => {}
            [one, two] => {
                let fits = |[a, b]: [&Mistake; 2]| is_named(a, one) && is_named(b, two);
                let other = diagnosis.other_pairs.iter().any(|other| other.map(|m| m.id) == names);
                assert!(fits(*pair) || fits([pair[1], pair[0]]) || other, "{names:?}");
                as_two += 1;
            }
            more => panic!("{names:?}: {more:?}"),
        }
    }
    assert!(as_two > 0, "no pair of {tried} was named as a pair");
}

const PAIRS: usize = 8;

#[test]
fn what_two_do_together_is_told() {
    let set = VectorSet::embedded().unwrap();
    let pair = [find("filter-empty-included"), find("sort-none")];
    let run = examined(&Mistaken::new(pair), &set, is_quick);
    let diagnosis = Diagnosis::among(&run, pair);
    let named: Vec<_> = diagnosis.findings.iter().map(|finding| finding.mistake.id).collect();
    assert_eq!(named, ["filter-empty-included", "sort-none"]);
    assert!(diagnosis.unexplained.is_empty());
    // With one of them unknown, the other is contradicted where both show.
    let half = Diagnosis::among(&run, [pair[1]]);
    assert_eq!((half.findings.len(), half.explained()), (0, 0));
}

/// Joined by semicolons; every long message is refused: nothing of that is known.
#[test]
fn what_is_not_known_is_not_named() {
    let set = VectorSet::embedded().unwrap();
    let mut semicolons = Reference::default();
    semicolons.stages.join = |params, selection, string| {
        canonical::join(params, selection, string);
        for byte in string.iter_mut().filter(|byte| **byte == b'&') {
            *byte = b';';
        }
    };
    let refuses_long: fn(&Ask) -> Option<Answer> = |ask| match &ask.input {
        Input::Message(body) if body.0.len() > 300 => Some(Answer::verdict(false)),
        _ => None,
    };
    let refuses_all: fn(&Ask) -> Option<Answer> =
        |ask| matches!(ask.input, Input::Message(_)).then(|| Answer::verdict(false));
    for unknown in [
        But(semicolons, |_| None),
        But(Reference::default(), refuses_long),
        But(Reference::default(), refuses_all),
    ] {
        let run = examined(&unknown, &set, is_quick);
        let diagnosis = Diagnosis::of(&run);
        assert!(diagnosis.failures > 5);
        let named: Vec<_> = diagnosis.findings.iter().map(|f| f.mistake.id).collect();
        assert_eq!(named, [""; 0], "{}", paragraphs(&diagnosis, Lang::En));
        assert_eq!(ids(&diagnosis.unexplained), failed(&run));
        let text = paragraphs(&diagnosis, Lang::En);
        assert!(text.starts_with("None of the ") && text.lines().count() == 2, "{text}");
    }
}

#[test]
fn a_part_is_named_and_the_rest_is_listed() {
    let set = VectorSet::embedded().unwrap();
    let known = find("filter-empty-included");
    let partly = But(Mistaken::new([known]), |ask| {
        (ask.operation == Operation::Diagnose)
            .then(|| Answer::Threw(Threw { kind: "ValueError".into(), message: String::new() }))
    });
    let run = examined(&partly, &set, is_quick);
    let diagnosis = Diagnosis::of(&run);
    let [finding] = diagnosis.findings.as_slice() else { panic!("{:?}", diagnosis.findings) };
    assert!(is_named(known, finding));
    let is_unknown = |id: &String| set.case(id).unwrap().ask.operation == Operation::Diagnose;
    let (unknown, explained): (Vec<_>, Vec<_>) = failed(&run).into_iter().partition(is_unknown);
    assert_eq!(ids(&diagnosis.unexplained), unknown);
    assert_eq!(ids(&finding.explains), explained);
    let text = paragraphs(&diagnosis, Lang::En);
    let rest = format!("\n{} failures that this does not explain: ", unknown.len());
    assert!(text.contains(&rest) && text.contains(&unknown.join(" ")), "{text}");
}

/// One answer elsewhere that the mistake would change, and that is as it should be.
#[test]
fn a_contradicted_mistake_is_not_named() {
    let set = VectorSet::embedded().unwrap();
    let known = find("filter-empty-included");
    let right_once = But(Mistaken::new([known]), |ask| {
        (ask.case == "mapi-0254").then(|| Reference::default().perform(ask))
    });
    let run = examined(&right_once, &set, is_quick);
    assert!(run.results.iter().any(|result| {
        result.case.id == "mapi-0254" && matches!(result.outcome, Outcome::Pass { .. })
    }));
    let diagnosis = Diagnosis::among(&run, [known]);
    assert_eq!((diagnosis.findings.len(), diagnosis.explained()), (0, 0));
}

static REVERSED: Mistake = Mistake {
    id: "reversed",
    area: Area::Sort,
    severity: Severity::Interop,
    what: Text { en: "sorted from z to a", zh: "倒序排列" },
    fix: Text { en: "sort from a to z", zh: "升序排列" },
    sources: &[],
    twin: Twin::Stages(|stages| {
        stages.sort = |params, selection| {
            selection.sort_by(params, |a, b| b.name().cmp(a.name()));
        }
    }),
};

#[test]
fn equally_good_explanations_are_all_named() {
    let set = VectorSet::embedded().unwrap();
    let unsorted = find("sort-none");
    // Of two parameters, in the wrong order.
    let params = |ask: &Ask| match &ask.input {
        Input::Params(params) if ask.operation == Operation::Sign => params.clone(),
        _ => Vec::new(),
    };
    let two_in_reverse = |case: &Case| {
        let params = params(&case.ask);
        is_quick(case) && params.len() >= 2 && params.windows(2).all(|two| two[0].0 > two[1].0)
    };
    let case = set.cases().iter().find(|case| two_in_reverse(case)).unwrap();
    let run = examined(&Mistaken::new([unsorted]), &set, |other| other.id == case.id);
    let diagnosis = Diagnosis::among(&run, [unsorted, &REVERSED]);
    let text = paragraphs(&diagnosis, Lang::En);
    assert!(text.contains("explains 1 of 1 failures; one case only\n"), "{text}");
    assert!(text.contains("these cases cannot tell it from `reversed`\n"), "{text}");
    // All cases can.
    let run = examined(&Mistaken::new([unsorted]), &set, is_quick);
    let diagnosis = Diagnosis::among(&run, [unsorted, &REVERSED]);
    assert!(diagnosis.findings[0].alternatives.is_empty());
}

/// A refusal for the wrong reason is explained by what refuses for that reason, not by whatever refuses.
#[test]
fn reasons_are_compared_where_they_are_the_failure() {
    let set = VectorSet::embedded().unwrap();
    let wrong_reason = But(Reference::default(), |ask| match Reference::default().perform(ask) {
        Answer::Reject(rejection) => {
            let reason = Some(alipay_conformance::vector::reason::Reason::Replayed);
            Some(Answer::Reject(Rejection { reason, ..rejection }))
        }
        _ => None,
    });
    let run = examined(&wrong_reason, &set, is_quick);
    let diagnosis = Diagnosis::of(&run);
    assert!(diagnosis.failures > 100);
    assert_eq!((diagnosis.findings.len(), diagnosis.explained()), (0, 0));
}

#[test]
fn the_order_of_the_answers_changes_nothing() {
    let set = VectorSet::embedded().unwrap();
    let mut run = examined(&Mistaken::new([find("sort-none")]), &set, is_quick);
    let before = paragraphs(&Diagnosis::of(&run), Lang::Zh);
    run.results.reverse();
    assert_eq!(paragraphs(&Diagnosis::of(&run), Lang::Zh), before);
    assert!(before.starts_with("表现与 `sort-none` 相同："), "{before}");
}
