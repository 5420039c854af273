//! Laws: what holds for every input, whatever the right answer is.
//!
//! A vector says what one input must give. A law says how answers hang together, and needs no expected value: the
//! order of parameters does not matter, a changed byte is refused, what is encoded decodes to itself. So it holds for
//! inputs that nobody thought of, and the same functions serve property tests, fuzz targets and an implementation
//! behind an adapter.
//!
//! Each law is a plain function. Those about signing and verifying take any [`Implementation`] and ask it the
//! questions of the suite; those about bytes take this crate's own functions. Each answers [`Checked`], or the
//! [`Violation`] with both sides.
//!
//! ```
//! use alipay_conformance::charset::Charset;
//! use alipay_conformance::law::{self, Checked, Setting};
//! use alipay_conformance::signature::SignType;
//! use alipay_conformance::suite::reference::Reference;
//!
//! let setting = Setting::embedded(SignType::Md5, Charset::Gbk)?;
//! let params = [("subject".into(), "订单".into()), ("body".into(), "&".into())];
//! let checked = law::order_does_not_matter(&Reference::default(), &setting, &params, 7)?;
//! assert_eq!(checked, Checked::Held);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is contested among official implementations is no law: an input that touches such a point is
//! [`Checked::NotApplicable`], with the reason.
//!
//! [`Implementation`]: crate::suite::implementation::Implementation

mod backend;
mod canonical;
mod charset;
mod form;
mod headers;
mod naive;
pub(crate) mod setting;
#[cfg(feature = "proptest")]
pub mod strategies;
mod tamper;
mod verdict;
mod violation;

pub use self::backend::rsa_backends_agree;
pub use self::canonical::{
    empty_values_do_not_matter, excluded_names_do_not_matter, order_does_not_matter,
    string_to_sign_agrees_with_the_naive_model,
};
pub use self::charset::{
    bytes_survive, bytes_with_another_spelling, charset_errors_point_at_the_fault, text_survives,
    text_with_another_reading,
};
pub use self::form::{
    decode_agrees_with_form_urlencoded, decodes_once, encode_agrees_with_serde_urlencoded,
    form_survives,
};
pub use self::headers::{header_edit_is_refused, signed_header_is_accepted};
pub use self::setting::{Setting, SignedMessage};
#[cfg(feature = "proptest")]
pub(crate) use self::tamper::is_another_signature;
pub use self::tamper::{Edit, Half, edit_is_refused, signature_has_one_text};
pub use self::verdict::{
    built_request_is_accepted, notify_and_return_agree, own_signature_is_accepted,
    same_answer_twice, verdict_agrees_with_the_naive_model, verifying_always_answers,
};
pub use self::violation::{Checked, Law, Outcome, Side, Violation};
