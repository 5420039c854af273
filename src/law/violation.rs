//! What comes of checking a law.

use std::fmt;

/// What comes of checking a law with one input.
pub type Outcome = Result<Checked, Violation>;

/// A law that is not violated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It was put to the test, and holds.
    Held,
    /// It says nothing about this input, or the implementation does not offer what it is about.
    NotApplicable {
        /// Why.
        why: String,
    },
}

/// A law that does not hold: two values that must be the same, or a verdict that must be another.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{law}: expected from {expected}; got from {got}")]
pub struct Violation {
    /// The law.
    pub law: Law,
    /// What should have come.
    pub expected: Side,
    /// What came.
    pub got: Side,
}

/// One side of a [`Violation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Where it comes from.
    pub of: String,
    /// The value: bytes in the charset of the setting, or words.
    pub value: Vec<u8>,
}

impl Side {
    /// A side.
    #[must_use]
    pub fn new(of: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        Self { of: of.into(), value: value.into() }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: \"{}\"", self.of, self.value.escape_ascii())
    }
}

macro_rules! laws {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $statement:literal;)*) => {
        /// The laws. Each is checked by the function of its name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Law {
            $(#[doc = $statement] $variant,)*
        }

        impl Law {
            /// All laws.
            pub const ALL: &'static [Law] = &[$(Self::$variant),*];

            /// The name of the function that checks it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The law in one sentence.
            #[must_use]
            pub fn statement(self) -> &'static str {
                match self { $(Self::$variant => $statement,)* }
            }
        }
    };
}

laws! {
    OrderDoesNotMatter = "order_does_not_matter",
        "Parameters in any order have the same string to sign.";
    EmptyValuesDoNotMatter = "empty_values_do_not_matter",
        "A parameter with an empty value changes neither the string to sign nor the verdict.";
    ExcludedNamesDoNotMatter = "excluded_names_do_not_matter",
        "What stands in the excluded parameters does not change the string to sign.";
    StringToSignAgreesWithTheNaiveModel = "string_to_sign_agrees_with_the_naive_model",
        "The string to sign is that of a sorted map, joined.";
    OwnSignatureIsAccepted = "own_signature_is_accepted",
        "A message with the implementation's own signature is accepted.";
    BuiltRequestIsAccepted = "built_request_is_accepted",
        "The query of a request that was built is accepted as the query of a return.";
    EditIsRefused = "edit_is_refused",
        "A genuine message with one byte changed, or a signed parameter more or less, is refused.";
    SignatureHasOneText = "signature_has_one_text",
        "A signature is refused in any other text than the one in which it is made.";
    SameAnswerTwice = "same_answer_twice",
        "One question has one answer.";
    NotifyAndReturnAgree = "notify_and_return_agree",
        "The body of a notify and the query of a return have the same verdict.";
    VerifyingAlwaysAnswers = "verifying_always_answers",
        "Whatever the bytes, a message is accepted or refused.";
    VerdictAgreesWithTheNaiveModel = "verdict_agrees_with_the_naive_model",
        "A message is accepted when the signature of its naive string to sign is the one it carries, and only then.";
    FormSurvives = "form_survives",
        "Encoded parameters decode to themselves.";
    DecodesOnce = "decodes_once",
        "What was encoded twice decodes to what was encoded once.";
    DecodeAgreesWithFormUrlencoded = "decode_agrees_with_form_urlencoded",
        "Where every escape is well formed, decoding agrees with the WHATWG parser.";
    EncodeAgreesWithSerdeUrlencoded = "encode_agrees_with_serde_urlencoded",
        "UTF-8 parameters are encoded as serde_urlencoded does, which reads them back.";
    TextSurvives = "text_survives",
        "Text that a charset can write reads back as itself.";
    BytesSurvive = "bytes_survive",
        "Bytes that a charset can read are written back as they were.";
    CharsetErrorsPointAtTheFault = "charset_errors_point_at_the_fault",
        "What stands before the offset of a charset error can be converted, and what stands at it cannot.";
    SignedHeaderIsAccepted = "signed_header_is_accepted",
        "A message that was signed in a header is accepted, over the same string to sign.";
    HeaderEditIsRefused = "header_edit_is_refused",
        "A message that was signed in a header is refused when one byte of what is signed is another.";
    RsaBackendsAgree = "rsa_backends_agree",
        "Every RSA backend makes the same signature and comes to the same verdict.";
}

impl fmt::Display for Law {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// Why checking a law ends before its end.
pub(super) enum Stop {
    Violated(Box<Violation>),
    NotApplicable(String),
}

impl Stop {
    pub(super) fn not_applicable(why: impl Into<String>) -> Self {
        Self::NotApplicable(why.into())
    }
}

/// Runs the body of a law.
pub(super) fn check(body: impl FnOnce() -> Result<(), Stop>) -> Outcome {
    match body() {
        Ok(()) => Ok(Checked::Held),
        Err(Stop::NotApplicable(why)) => Ok(Checked::NotApplicable { why }),
        Err(Stop::Violated(violation)) => Err(*violation),
    }
}

impl Law {
    /// Both sides must have the same value.
    pub(super) fn same(self, expected: Side, got: Side) -> Result<(), Stop> {
        if expected.value == got.value { Ok(()) } else { Err(self.violated(expected, got)) }
    }

    pub(super) fn violated(self, expected: Side, got: Side) -> Stop {
        Stop::Violated(Box::new(Violation { law: self, expected, got }))
    }
}
