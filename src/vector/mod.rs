//! Vectors: the cases, their format, and the embedded set.

pub mod bytes;
pub mod case;
pub mod operation;
pub mod output;
pub mod reason;
