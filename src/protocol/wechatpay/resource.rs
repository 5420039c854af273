//! The encrypted resource of a notification.
//!
//! The body is a JSON object whose member `resource` is sealed under the APIv3 key. Its signature is verified first:
//! what is here says nothing of who sent it. Source of the rules:
//! <https://pay.weixin.qq.com/doc/v3/merchant/4012791836>.

use crate::charset::Charset;
use crate::content::{ApiV3Key, SealError};
use crate::json::{JsonError, Member, Members};

/// The one algorithm of [`Resource::algorithm`].
pub const ALGORITHM: &str = "AEAD_AES_256_GCM";

/// A notification's body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// The notification's own number, by which one that is sent again is known.
    pub id: String,
    /// When it was made, by RFC 3339.
    pub create_time: Option<String>,
    /// `encrypt-resource`.
    pub resource_type: Option<String>,
    /// What happened, such as `TRANSACTION.SUCCESS`.
    pub event_type: String,
    /// The same in words.
    pub summary: Option<String>,
    /// The sealed content.
    pub resource: Resource,
}

/// The sealed content of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resource {
    /// What it is about, such as `transaction`.
    pub original_type: Option<String>,
    /// [`ALGORITHM`], or else it is not opened.
    pub algorithm: String,
    /// Base64 of the sealed content.
    pub ciphertext: String,
    /// Empty where it is absent.
    pub associated_data: String,
    /// The nonce.
    pub nonce: String,
}

impl Notice {
    /// Reads the body of a notification. Members that are not known are passed over.
    ///
    /// # Errors
    /// It is no JSON object, a member that is needed is missing, one stands twice or is no string.
    ///
    /// ```
    /// use alipay_conformance::protocol::wechatpay::resource::Notice;
    ///
    /// let body = br#"{"id":"EV-1","event_type":"TRANSACTION.SUCCESS","resource":
    ///     {"algorithm":"AEAD_AES_256_GCM","ciphertext":"QUJD","nonce":"uluk4a9R25RW"}}"#;
    /// assert_eq!(Notice::read(body)?.resource.associated_data, "");
    ///
    /// let twice = br#"{"id":"EV-1","\u0069d":"EV-2"}"#;
    /// let error = Notice::read(twice).unwrap_err();
    /// assert_eq!(error.to_string(), "member \"id\" stands more than once: expected once");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(body: &[u8]) -> Result<Self, ResourceError> {
        let names = ["id", "create_time", "resource_type", "event_type", "summary", "resource"];
        let [id, create_time, resource_type, event_type, summary, resource] = find(body, names)?;
        let resource = resource.ok_or(ResourceError::Missing { name: "resource" })?;
        if !resource.value.starts_with(b"{") {
            return Err(ResourceError::NoObject);
        }
        let notice = Self {
            id: needed("id", id)?,
            create_time: text("create_time", create_time)?,
            resource_type: text("resource_type", resource_type)?,
            event_type: needed("event_type", event_type)?,
            summary: text("summary", summary)?,
            resource: Resource::read(resource.value)?,
        };
        Ok(notice)
    }
}

impl Resource {
    fn read(value: &[u8]) -> Result<Self, ResourceError> {
        let names = ["original_type", "algorithm", "ciphertext", "associated_data", "nonce"];
        let [original_type, algorithm, ciphertext, data, nonce] = find(value, names)?;
        Ok(Self {
            original_type: text("original_type", original_type)?,
            algorithm: needed("algorithm", algorithm)?,
            ciphertext: needed("ciphertext", ciphertext)?,
            associated_data: text("associated_data", data)?.unwrap_or_default(),
            nonce: needed("nonce", nonce)?,
        })
    }

    /// The content, which is a JSON object.
    ///
    /// # Errors
    /// Another algorithm, content that does not open under this key, or that is no JSON object.
    pub fn open(&self, key: &ApiV3Key) -> Result<String, ResourceError> {
        if self.algorithm != ALGORITHM {
            return Err(ResourceError::Algorithm);
        }
        let content = key.open(&self.ciphertext, &self.nonce, &self.associated_data)?;
        is_object(&content).map_err(|_| ResourceError::Content)?;
        String::from_utf8(content).map_err(|_| ResourceError::Content)
    }
}

/// The content of a verified notification's resource.
///
/// # Errors
/// The body is no notification, or its resource does not open under this key.
///
/// ```
/// use alipay_conformance::content::ApiV3Key;
/// use alipay_conformance::protocol::wechatpay::resource::open;
///
/// let key = b"0123456789abcdef0123456789abcdef";
/// let sealed = ApiV3Key::new(key)?.seal(br#"{"trade_state":"SUCCESS"}"#, "uluk4a9R25RW", "")?;
/// let body = format!(
///     r#"{{"id":"EV-1","event_type":"TRANSACTION.SUCCESS","resource":
///         {{"algorithm":"AEAD_AES_256_GCM","ciphertext":"{sealed}","nonce":"uluk4a9R25RW"}}}}"#
/// );
/// assert_eq!(open(body.as_bytes(), key)?, r#"{"trade_state":"SUCCESS"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn open(body: &[u8], key: &[u8]) -> Result<String, ResourceError> {
    Notice::read(body)?.resource.open(&ApiV3Key::new(key)?)
}

/// Why a notification's resource cannot be read. Never holds any part of the key or the content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResourceError {
    /// What should be a JSON object is none.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A member that is needed is not there.
    #[error("no member {name:?}: expected one")]
    Missing {
        /// Its name.
        name: &'static str,
    },
    /// A member stands twice.
    #[error("member {name:?} stands more than once: expected once")]
    Repeated {
        /// Its name.
        name: &'static str,
    },
    /// A member is no string, or none that is text.
    #[error("member {name:?} is no string of text")]
    NoString {
        /// Its name.
        name: &'static str,
    },
    /// `resource` is no object.
    #[error("member \"resource\" is no object")]
    NoObject,
    /// The algorithm is another.
    #[error("member \"algorithm\" is not {ALGORITHM:?}")]
    Algorithm,
    /// It does not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// It opens to something else than a JSON object.
    #[error("the content is no JSON object")]
    Content,
}

/// The members of these names, each once.
fn find<'a, const N: usize>(
    text: &'a [u8],
    names: [&'static str; N],
) -> Result<[Option<Member<'a>>; N], ResourceError> {
    let mut found = [None; N];
    for member in Members::new(text, Charset::Utf8)? {
        let member = member?;
        let mut places = found.iter_mut().zip(names);
        if let Some((place, name)) = places.find(|(_, name)| member.name.is(name))
            && place.replace(member).is_some()
        {
            return Err(ResourceError::Repeated { name });
        }
    }
    Ok(found)
}

fn needed(name: &'static str, member: Option<Member<'_>>) -> Result<String, ResourceError> {
    text(name, member)?.ok_or(ResourceError::Missing { name })
}

fn text(name: &'static str, member: Option<Member<'_>>) -> Result<Option<String>, ResourceError> {
    let text = |member: Member<'_>| String::from_utf8(member.string()?.decoded().into_owned()).ok();
    member.map(|member| text(member).ok_or(ResourceError::NoString { name })).transpose()
}

fn is_object(text: &[u8]) -> Result<(), JsonError> {
    Members::new(text, Charset::Utf8)?.try_for_each(|member| member.map(drop))
}
