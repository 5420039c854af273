//! Vectors: the cases, their format, and the embedded set.
//!
//! The files stand in the folder `vectors/` and can be used without this crate; `vectors/README.md` describes their
//! format.

pub mod bytes;
pub mod case;
pub mod embedded;
mod file;
pub mod input;
pub mod lint;
pub mod load;
pub mod operation;
pub mod output;
pub mod reason;
