//! Wrong implementations.

use alipay_conformance::suite::answer::Answer;
use alipay_conformance::suite::implementation::{Implementation, Subject};
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::vector::case::Ask;
use alipay_conformance::vector::input::TextPairs;
use alipay_conformance::vector::output::Output;

/// An implementation of `string_to_sign` alone, in UTF-8.
pub(crate) struct Strings(pub(crate) fn(&TextPairs) -> String);

impl Implementation for Strings {
    fn subject(&self) -> Subject {
        Subject::default()
    }

    fn declines(&self, ask: &Ask) -> Option<String> {
        (ask.charset.label() != "utf-8").then(|| "only UTF-8".into())
    }

    fn string_to_sign(&self, _: &Ask, params: &TextPairs) -> Answer {
        let string = Some(self.0(params).into_bytes());
        Answer::value(Output { string_to_sign: string, ..Output::default() })
    }
}

/// The reference, but for what the function answers.
pub(crate) struct But(pub(crate) fn(&Ask) -> Option<Answer>);

impl Implementation for But {
    fn subject(&self) -> Subject {
        Subject::default()
    }

    fn perform(&self, ask: &Ask) -> Answer {
        self.0(ask).unwrap_or_else(|| Reference::default().perform(ask))
    }
}

pub(crate) fn join(pairs: Vec<&(String, String)>) -> String {
    let written: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    written.join("&")
}

pub(crate) fn signed(params: &TextPairs) -> Vec<&(String, String)> {
    params.iter().filter(|(name, _)| name != "sign" && name != "sign_type").collect()
}

/// Nothing that it says is right.
pub(crate) struct Wrong;

impl Implementation for Wrong {
    fn subject(&self) -> Subject {
        Subject::default()
    }

    fn perform(&self, ask: &Ask) -> Answer {
        match Reference::default().perform(ask) {
            Answer::Accept(_) => Answer::verdict(false),
            Answer::Reject(_) => Answer::verdict(true),
            _ => Answer::value(Output::default()),
        }
    }
}
