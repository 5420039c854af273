//! The legacy gateway: what its services take and what its callbacks hold.
//!
//! | to | use |
//! |---|---|
//! | check a request before it is signed | [`check_request`] over the tables in [`service`] |
//! | send a signed request | [`wire::url`], [`wire::html_form`] |
//! | write and read the lists inside parameters | [`refund`], [`royalty`] |
//! | ask the gateway whether it sent a callback | [`notify_id`] |
//!
//! Money is [`Amount`] and [`Discount`], a moment is [`Time`].

mod amount;
pub mod list;
pub mod notify_id;
pub mod refund;
pub(crate) mod request;
pub mod royalty;
pub mod service;
mod services;
mod time;

pub use amount::{Amount, AmountError, Discount};
pub(in crate::protocol) use request::check_by;
pub use request::{RequestError, check_request};
pub use time::{Time, TimeError};

use crate::charset::Charset;

/// [`protocol::wire`](crate::protocol::wire) for this gateway.
pub mod wire {
    use crate::charset::Charset;
    use crate::params::Params;
    use crate::protocol::{MAPI, wire};

    pub use wire::{PageError, url};

    /// [`wire::html_form`]: the action names `_input_charset`.
    ///
    /// # Errors
    /// As there.
    pub fn html_form(
        gateway: &str,
        params: &Params,
        charset: Charset,
    ) -> Result<Vec<u8>, PageError> {
        wire::html_form(&MAPI, gateway, params, charset)
    }
}

/// The gateways that speak this protocol, all over https.
pub mod gateway {
    /// Domestic production.
    pub const PRODUCTION: &str = "https://mapi.alipay.com/gateway.do";
    /// The older path of domestic production.
    pub const COOPERATE: &str = "https://www.alipay.com/cooperate/gateway.do";
    /// Cross-border production.
    pub const INTERNATIONAL: &str = "https://intlmapi.alipay.com/gateway.do";
    /// Cross-border production, the host that some pages prefer.
    pub const GLOBAL: &str = "https://globalmapi.alipay.com/gateway.do";
    /// The sandbox.
    pub const SANDBOX: &str = "https://mapi.alipaydev.com/gateway.do";
    /// All of them.
    pub const ALL: [&str; 5] = [PRODUCTION, COOPERATE, INTERNATIONAL, GLOBAL, SANDBOX];
}

/// The beginning of a text for an error message, so that a message stays short whatever came.
pub(crate) fn clip(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into(),
    }
}

/// How long a text is by the gateway's lengths, which count bytes of GBK: a Chinese character is two. GB18030 counts
/// the same and has bytes for the characters that GBK lacks as well.
fn length(text: &str) -> usize {
    let bytes = Charset::Gb18030.encode(text).map(|bytes| bytes.len());
    bytes.unwrap_or_else(|_| 2 * text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_counts_two() {
        assert_eq!(length("a中b"), 4);
        assert_eq!(length(""), 0);
        assert_eq!(length("𠮷"), 4);
        // The one character without bytes in GB18030.
        assert_eq!(length("\u{E5E5}"), 2);
        assert_eq!(length("\u{E5E5}\u{E5E5}\u{E5E5}"), 6);
    }

    #[test]
    fn a_long_text_is_shown_by_its_beginning() {
        assert_eq!(clip(&"中".repeat(60)), "中".repeat(60));
        assert_eq!(clip(&"中".repeat(61)), format!("{}…", "中".repeat(60)));
    }

    #[test]
    fn every_gateway_is_https() {
        assert!(gateway::ALL.iter().all(|address| address.starts_with("https://")));
    }
}
