//! Genuine messages are damaged in known ways, and `explain` must tell how.

// Clippy's exceptions for tests do not reach the functions that tests call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod bounds;
mod damage;
mod facts;
mod forms;
mod header_damage;
mod header_facts;
mod headers;
mod protocols;
mod scene;
mod secrecy;
mod together;
