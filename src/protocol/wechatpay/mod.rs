//! WeChat Pay: what is its own beside the pipeline.
//!
//! Version 2 is [`WECHATPAY_V2`](super::WECHATPAY_V2) in a [`Pipeline`](super::pipeline::Pipeline), version 3 a
//! [`HeaderProtocol`](super::headers::HeaderProtocol).

pub mod client_params;
pub mod client_v3;
mod fen;
pub mod reply;
pub mod request;
pub mod resource;
pub mod response;
pub mod window;
pub mod write;

pub use fen::{Fen, FenError};
