//! Generated cases: proptest draws questions, the reference knows the answers, and a difference is made as small as it
//! gets.
//!
//! The vectors hold what people thought of. Here the same questions are drawn at random, within what an
//! implementation offers and away from what official implementations disagree about, and put to it as any case is;
//! the laws of [`law`](crate::law) are put to the test beside them. What differs is asked again in ever smaller forms,
//! of the same implementation, until nothing can be left out; the smallest is a vector of format 1.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use alipay_conformance::generate::{Options, search};
//! use alipay_conformance::suite::{reference::Reference, run::Conclusion};
//!
//! let interrupted = AtomicBool::new(false);
//! let search = search(&Reference::default(), Options::new(20, 7, &interrupted))?;
//! assert_eq!(search.conclusion(1), Conclusion::Conforms);
//! assert_eq!(search.ran(), 20);
//! # Ok::<(), alipay_conformance::vector::load::LoadError>(())
//! ```

mod contested;
mod document;
mod family;
mod file;
mod http;
mod kind;
mod message;
mod offer;
mod question;
mod recipe;
mod reply;
mod search;
mod setup;
mod shrink;
mod source;
mod trial;

pub use family::protocols;
pub use kind::{Kind, Sort};
pub use recipe::Test;
pub use search::{Ended, Finding, Options, Search, Shown, search};
