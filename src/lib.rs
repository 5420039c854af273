//! The conformance suite for Alipay signing and callback verification.
//!
//! One pipeline runs through the crate, and its stages have the same names everywhere:
//!
//! ```text
//! sign     Params ─ filter ─ sort ─ join ─▶ string to sign ─ sign ─▶ signature ─ wire ─▶ URL | form
//! verify   wire ─ decode ─▶ Params ─ filter ─ sort ─ join ─▶ string to sign ─ verify ─▶ verdict
//! ```

pub mod canonical;
pub mod charset;
pub mod form;
pub mod law;
pub mod notification;
pub mod params;
pub mod protocol;
pub mod signature;
pub mod suite;
pub mod vector;

pub mod harness;
pub mod report;

#[cfg(feature = "cli")]
pub mod cli;

#[cfg(all(doctest, feature = "libtest"))]
#[doc = include_str!("../README.md")]
mod readme {}
