//! Known mistakes that cannot be run yet, and what they wait for.
//!
//! ```
//! use alipay_conformance::mistake::waiting::{self, Needs};
//!
//! let race = waiting::all().find(|waiting| waiting.id == "replay-race").unwrap();
//! assert_eq!(race.title.en, "Two deliveries run at the same time");
//! assert_eq!(race.needs, Needs::Endpoint);
//! ```

mod mapi;
mod openapi;
mod wechatpay;

use super::Text;

/// A known mistake that is not in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The name that it will have there.
    pub id: &'static str,
    /// What goes wrong.
    pub title: Text,
    /// What it waits for.
    pub needs: Needs,
}

/// What must be there before a mistake can be run and caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Needs {
    /// A running handler, and something to send it messages and read its answers.
    Endpoint,
    /// A question that the suite does not put, or a field that its questions do not have.
    Question,
    /// A look at the program or its running time: no answer shows it.
    Inspection,
    /// Agreement that it is one: implementations that people rely on do it, and the cases let it through.
    Agreement,
}

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Waiting> {
    [mapi::WAITING, openapi::WAITING, wechatpay::WAITING].into_iter().flatten()
}
