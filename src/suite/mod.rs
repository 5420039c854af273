//! The suite: puts cases to an [`Implementation`](implementation::Implementation) and judges the answers.

pub mod answer;
pub(crate) mod compare;
pub mod implementation;
pub mod judge;
pub mod outcome;
pub(crate) mod page;
#[cfg(feature = "process")]
pub mod process;
pub mod reference;
pub mod run;
