use super::message::{MAX_HEADERS, MAX_ITEMS, MAX_VALUE};
use crate::form::FormError;
use crate::protocol::wechatpay::window::WindowError;
use crate::signature::{SignError, SignType, VerifyError};

/// Why a message is not signed, or not accepted. It holds no value of a header but names of algorithms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// A part of the message that is needed is not there, or empty.
    #[error("no {name}, or an empty one: it is needed")]
    Missing {
        /// A header, an item of the header with the signature, `method` or `path`.
        name: &'static str,
    },
    /// There is no signature.
    #[error("no signature: expected one in the header {header:?}")]
    NoSignature {
        /// The header where it stands.
        header: &'static str,
    },
    /// A header that decides stands more than once.
    #[error("the header {name:?} stands more than once: expected once")]
    Repeated {
        /// The header.
        name: &'static str,
    },
    /// There are too many headers.
    #[error("{count} headers: at most {MAX_HEADERS} are accepted")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// The value of a header is too long.
    #[error("the header {name:?} has {bytes} bytes: at most {MAX_VALUE} are accepted")]
    TooLong {
        /// The header.
        name: &'static str,
        /// Its length.
        bytes: usize,
    },
    /// A byte that ends a line, or that no line may hold.
    #[error("{place} has a control byte at {offset}: it is one line of the string to sign")]
    ControlByte {
        /// A header, `method` or `path`.
        place: &'static str,
        /// Where it stands in its value.
        offset: usize,
    },
    /// The path is not the one of a request line.
    #[error(
        "the path is no path: expected it as on the wire, from the first slash, without blanks"
    )]
    NoPath,
    /// The method is no token.
    #[error("the method is no method: expected letters")]
    NoMethod,
    /// The header with the signature does not begin as it must.
    #[error("the header {header:?} does not begin with {expected:?}")]
    Begins {
        /// The header.
        header: &'static str,
        /// What it must begin with.
        expected: &'static str,
    },
    /// What stands between two commas in the header with the signature is no item.
    #[error("the header {header:?} has no name=value at byte {offset}")]
    NoItem {
        /// The header.
        header: &'static str,
        /// Where the item begins.
        offset: usize,
    },
    /// Two items of the header have one name.
    #[error("an item of the header {header:?} stands more than once: expected once")]
    RepeatedItem {
        /// The header.
        header: &'static str,
    },
    /// The header has too many items.
    #[error("the header {header:?} has more than {MAX_ITEMS} items")]
    TooManyItems {
        /// The header.
        header: &'static str,
    },
    /// Something stands behind the signature.
    #[error("the signature is not the last item of the header {header:?}")]
    SignatureNotLast {
        /// The header.
        header: &'static str,
    },
    /// An item that is to be written cannot be told from the next one, or the header holds none.
    #[error(
        "item {index} cannot be written to the header {header:?}: where there are items, each has a name of visible \
         characters without = and no comma or control byte"
    )]
    Unwritable {
        /// The header.
        header: &'static str,
        /// The item, counted from 0.
        index: usize,
    },
    /// The message's algorithm is another than the configured one. The message never chooses.
    #[error("the message's algorithm is \"{}\": expected {expected}", got.escape_ascii())]
    OtherAlgorithm {
        /// The protocol's.
        expected: &'static str,
        /// The message's.
        got: Vec<u8>,
    },
    /// No key that is held has the id that the message names.
    #[error("no key of the id in the header {header:?}")]
    UnknownKey {
        /// The header that names the key.
        header: &'static str,
    },
    /// Messages of this kind say neither by whose key nor when they were signed.
    #[error("messages of this kind name no key: expected the key itself")]
    NoOrigin,
    /// The message is genuine, and too far from now.
    #[error(transparent)]
    Window(#[from] WindowError),
    /// The escapes of the signature are broken.
    #[error("the signature is not escaped as in a form: {0}")]
    Escape(FormError),
    /// The configured sign type is none of the protocol's.
    #[error("sign type {0} is none of the protocol's")]
    SignType(SignType),
    /// The key cannot sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The signature is not one of this message.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}
