//! What a generated case is made of.

use std::fmt;
use std::sync::Arc;

use crate::generate::contested;
use crate::generate::family::frame::Frame;
use crate::generate::setup::Setup;
use crate::law::{Edit, Law};
use crate::vector::input::TextPairs;
use crate::vector::operation::Operation;

/// What a generated case puts to the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Test {
    /// An operation, whose answer the reference knows.
    Operation(Operation),
    /// A law, for which no answer need be known.
    Law(Law),
}

impl Test {
    /// The name of the operation or of the law.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Operation(operation) => operation.name(),
            Self::Law(law) => law.name(),
        }
    }

    /// Whether it is about a message that is received.
    pub(super) fn verifies(self) -> bool {
        match self {
            Self::Operation(operation) => {
                matches!(
                    operation,
                    Operation::VerifyNotify | Operation::VerifyReturn | Operation::VerifyResponse
                )
            }
            Self::Law(law) => matches!(
                law,
                Law::OwnSignatureIsAccepted
                    | Law::EditIsRefused
                    | Law::SameAnswerTwice
                    | Law::NotifyAndReturnAgree
                    | Law::VerifyingAlwaysAnswers
                    | Law::VerdictAgreesWithTheNaiveModel
                    | Law::EmptyValuesDoNotMatter
                    | Law::ExcludedNamesDoNotMatter
                    | Law::BuiltRequestIsAccepted
            ),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// What happens to a genuine message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    None,
    Edit(Edit),
    /// It is signed with another key.
    OtherKey,
    /// `sign` is not there.
    NoSignature,
    /// `sign` is empty.
    EmptySignature,
    /// It comes too late, or too early.
    Stale,
}

/// How the parameters of a message are written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As the reference writes them.
    Usual,
    /// `%3d` for `%3D`. In XML, references instead of CDATA.
    SmallDigits,
    /// `%20` for `+`. In XML, half of a value in CDATA.
    NoPlus,
    /// Escapes for letters and digits, too. In XML, a reference for every character.
    AllEscaped,
    /// Empty segments before and behind each. In XML, line feeds between the members, and a prolog.
    EmptySegments,
}

/// Everything that makes one generated case. What its test does not use is empty.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) test: Test,
    pub(super) setup: Arc<Setup>,
    pub(super) service: Option<&'static str>,
    /// Of the request or message.
    pub(super) params: TextPairs,
    /// A message that is not made of `params`.
    pub(super) body: Option<Vec<u8>>,
    pub(super) spelling: Spelling,
    pub(super) change: Change,
    /// A name and two values, for the laws that add something.
    pub(super) words: [String; 3],
    pub(super) seed: u64,
}

impl Recipe {
    /// One of nothing.
    pub(super) fn new(test: Test, setup: Arc<Setup>, service: Option<&'static str>) -> Self {
        Self {
            test,
            setup,
            service,
            params: TextPairs::new(),
            body: None,
            spelling: Spelling::Usual,
            change: Change::None,
            words: <[String; 3]>::default(),
            seed: 0,
        }
    }

    /// The parameters with what every request or message of the kind must have.
    pub(super) fn complete(&self) -> TextPairs {
        let Some(family) = &self.setup.family.params else { return self.params.clone() };
        let base = |service| (family.base)(service, &self.setup);
        let mut params = self.service.map_or_else(TextPairs::new, base);
        if self.test.verifies() {
            let is_there = |wanted: &str| self.params.iter().any(|(name, _)| name == wanted);
            let missing = family.received.iter().filter(|(name, _)| !is_there(name));
            params.extend(missing.map(|(name, value)| ((*name).into(), (*value).into())));
        }
        params.extend(self.params.iter().cloned());
        params
    }

    /// Why the case is not put to anybody.
    pub(super) fn contested(&self) -> Option<&'static str> {
        if let Some(frame) = self.frame() {
            return frame.contested(&self.params);
        }
        if let Some(body) = &self.body {
            // Laws about any bytes; of the others, what is written must be clear.
            let any = matches!(
                self.test,
                Test::Law(Law::VerifyingAlwaysAnswers | Law::NotifyAndReturnAgree)
            );
            return if any { None } else { contested::message(self, body) };
        }
        let params = self.complete();
        contested::params(self, &params).or_else(|| contested::no_message(self, &params))
    }

    /// What the question is made of, where that is not parameters.
    pub(super) fn frame(&self) -> Option<&'static Frame> {
        self.setup.family.frame(self.test)
    }

    /// Whether the service refuses such a request.
    pub(super) fn is_refused(&self) -> bool {
        let family = self.setup.family.params.as_ref().filter(|_| self.service.is_some());
        family.is_some_and(|family| (family.refused)(&self.complete()))
    }
}
