//! The conformance suite for Alipay and WeChat Pay signing and callback verification.
//!
//! One pipeline runs through the crate, and its stages have the same names everywhere:
//!
//! ```text
//! sign     Params ─ filter ─ sort ─ join ─▶ string to sign ─ sign ─▶ signature ─ wire ─▶ URL | form
//! verify   wire ─ decode ─▶ Params ─ filter ─ sort ─ join ─▶ string to sign ─ verify ─▶ verdict
//! ```
//!
//! # What to read first
//!
//! - **To put an implementation in Rust under test**: [`harness`], then
//!   [`Implementation`](suite::implementation::Implementation).
//! - **For one in another language**: `docs/adapter-protocol.md` in the repository; the command line does the rest.
//! - **To see what right is**: [`protocol::pipeline`] from end to end, or a stage by itself: [`form`], [`canonical`],
//!   [`signature`], [`charset`]; then [`protocol::mapi`] for requests and [`notification`] for what follows a callback.
//! - **Certificate mode and encrypted content**: [`certificate`], [`content`].
//! - **WeChat Pay**: [`protocol::wechatpay`], [`xml`].
//! - **To use the cases without the harness**: [`vector`], or the JSON itself.
//! - **To test properties of one's own**: [`law`], and its strategies with feature `proptest`.
//!
//! The reference is an oracle for tests, not a production signer; [`signature`] says why.
//!
//! # Example
//!
//! The reference through the vectors, as any implementation goes through them:
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use alipay_conformance::suite::{reference::Reference, run::{Conclusion, Options, run}};
//! use alipay_conformance::vector::load::VectorSet;
//!
//! let set = VectorSet::embedded()?;
//! let options = Options { jobs: 1, interrupted: &AtomicBool::new(false) };
//! let run = run(&Reference::default(), &set, |case| case.flags.iter().any(|flag| flag == "gbk"), options);
//! assert_eq!(run.conclusion(20), Conclusion::Conforms);
//! # Ok::<(), alipay_conformance::vector::load::LoadError>(())
//! ```
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `cli` (default) | the command line |
//! | `process` | child processes under test, by the adapter protocol |
//! | `libtest` | every case a named test: `harness::main` |
//! | `proptest` | the strategies of [`law`], and generated cases |
//! | `aws-lc-rs` | a second RSA backend, used wherever it can do the job; never changes a result |

pub mod canonical;
pub mod certificate;
pub mod charset;
pub mod content;
#[cfg(feature = "explain")]
pub mod explain;
pub mod form;
#[cfg(feature = "proptest")]
pub mod generate;
pub mod json;
pub mod law;
pub mod mistake;
pub mod notification;
pub mod params;
pub mod protocol;
pub mod signature;
pub mod suite;
pub mod vector;
pub mod xml;

pub mod harness;
pub mod report;

#[cfg(feature = "cli")]
pub mod cli;

#[cfg(all(doctest, feature = "libtest"))]
#[doc = include_str!("../README.md")]
mod readme {}
