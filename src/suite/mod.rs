//! The suite: puts cases to an [`Implementation`](implementation::Implementation) and judges the answers.

pub mod answer;
pub mod implementation;
