//! Reports: views on one [`Run`](crate::suite::run::Run).
//!
//! [`text`] is for people, [`json`] for programs. Both say the same.

mod case;
pub mod diagnosis;
#[cfg(feature = "explain")]
pub mod explain;
#[cfg(feature = "proptest")]
pub mod generated;
pub mod json;
mod lang;
#[cfg(feature = "cli")]
pub(crate) mod matrix;
pub mod mistakes;
mod paint;
pub mod show;
mod subject;
pub mod text;
mod words;

pub use case::paragraph;
pub use lang::Lang;
