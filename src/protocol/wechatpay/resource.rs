//! The encrypted resource of a notification.

/// Why a notification's resource cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResourceError {
    /// It cannot be decrypted.
    #[error("the resource does not decrypt")]
    Decrypt,
}

/// Decrypts the resource of a verified notification's body.
///
/// # Errors
/// The body is no notification, or its resource does not decrypt.
pub fn open(_body: &[u8], _key: &[u8]) -> Result<String, ResourceError> {
    Err(ResourceError::Decrypt)
}
