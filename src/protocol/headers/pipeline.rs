//! From a message to its signature, and from a signed message to a verdict.

use super::error::HeaderError;
use super::message::{MAX_HEADERS, Message, no_control_byte};
use super::{Origin, Piece, Received, Scheme};
use crate::params::Params;
use crate::protocol::pipeline::{REFERENCE, Stages};
use crate::signature::{SignType, SigningKey, VerifyingKey};

/// The pipeline of a [`Scheme`].
///
/// ```
/// use alipay_conformance::params::Params;
/// use alipay_conformance::protocol::headers::{HeaderPipeline, Message, OPENAPI_V3, Scratch};
/// use alipay_conformance::signature::{PrivateKey, SignType, SigningKey};
///
/// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-1024.pkcs8.pem"));
/// let key = SigningKey::from(PrivateKey::parse(pem)?);
/// let pipeline = HeaderPipeline::new(OPENAPI_V3.request);
/// let mut scratch = Scratch::new();
///
/// let items = [("app_id", "2014060600164699"), ("nonce", "n1"), ("timestamp", "1655869956477")];
/// let items: Params = items.into_iter().collect();
/// let headers = Params::new();
/// let message = Message { method: b"GET", path: b"/v3/x?y=1", headers: &headers, body: b"" };
/// let signed = pipeline.sign(&message, &items, SignType::Rsa2, &key, &mut scratch)?;
/// assert_eq!(
///     scratch.string_to_sign(),
///     b"app_id=2014060600164699,nonce=n1,timestamp=1655869956477\nGET\n/v3/x?y=1\n\n",
/// );
///
/// let headers: Params = [(signed.name, signed.value)].into_iter().collect();
/// let message = Message { headers: &headers, ..message };
/// pipeline.verify(&message, SignType::Rsa2, &key.verifying_key(), &mut scratch)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct HeaderPipeline {
    /// The declaration.
    pub scheme: Scheme,
    /// The stages; of them `lines`, `sign`, `verify` and `window`.
    pub stages: Stages,
}

/// Memory of the pipeline, used again from message to message.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    string: Vec<u8>,
}

impl Scratch {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The string to sign of the last message, as far as there was one.
    #[must_use]
    pub fn string_to_sign(&self) -> &[u8] {
        &self.string
    }
}

/// The header that makes a message a signed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHeader {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: Vec<u8>,
    /// The signature within it, as it stands there.
    pub signature: String,
}

impl HeaderPipeline {
    /// The pipeline of a scheme, by the rules.
    #[must_use]
    pub fn new(scheme: Scheme) -> Self {
        Self { scheme, stages: REFERENCE }
    }

    /// Signs a message. `items` is what its header holds beside the signature, in that order.
    ///
    /// # Errors
    /// Something that is signed is not there or cannot be written, or the key or sign type does not fit.
    pub fn sign(
        &self,
        message: &Message<'_>,
        items: &Params,
        sign_type: SignType,
        key: &SigningKey,
        scratch: &mut Scratch,
    ) -> Result<SignedHeader, HeaderError> {
        scratch.string.clear();
        let carrier = self.scheme.carrier;
        self.check(message, sign_type)?;
        let items = carrier.write_items(items)?;
        (self.stages.lines)(&self.scheme, message, &items, &mut scratch.string);
        let signature = (self.stages.sign)(sign_type, key, &scratch.string)?;
        let signature = carrier.write_signature(signature.as_str());
        let value = carrier.write(&items, &signature);
        Ok(SignedHeader { name: carrier.header, value, signature })
    }

    /// Verifies a message. Sign type and key are the caller's, from configuration.
    ///
    /// # Errors
    /// Why the message is not accepted. Whatever is not `Ok` is not genuine.
    pub fn verify(
        &self,
        message: &Message<'_>,
        sign_type: SignType,
        key: &VerifyingKey,
        scratch: &mut Scratch,
    ) -> Result<(), HeaderError> {
        scratch.string.clear();
        self.check(message, sign_type)?;
        let Received { items, signature } = self.scheme.carrier.read(message)?;
        (self.stages.lines)(&self.scheme, message, &items, &mut scratch.string);
        let signature = self.scheme.carrier.read_signature(signature)?;
        Ok((self.stages.verify)(sign_type, key, &scratch.string, &signature)?)
    }

    /// Verifies a message that says by whose key and when it was signed. The keys that are trusted and the time are the
    /// caller's; `now` is in seconds since 1970.
    ///
    /// ```
    /// use alipay_conformance::params::Params;
    /// use alipay_conformance::protocol::headers::{HeaderPipeline, Message, Scratch, WECHATPAY_V3};
    /// use alipay_conformance::signature::{PrivateKey, SignType, SigningKey};
    ///
    /// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-1024.pkcs8.pem"));
    /// let key = SigningKey::from(PrivateKey::parse(pem)?);
    /// let pipeline = HeaderPipeline::new(WECHATPAY_V3.reply);
    /// let mut scratch = Scratch::new();
    ///
    /// let mut headers: Params = [
    ///     ("Wechatpay-Serial", "PUB_KEY_ID_1"),
    ///     ("Wechatpay-Timestamp", "1722850421"),
    ///     ("Wechatpay-Nonce", "d824f2e086d3c1df967785d13fcd22ef"),
    /// ]
    /// .into_iter()
    /// .collect();
    /// let message = Message { method: b"", path: b"", headers: &headers, body: b"{}" };
    /// let signed = pipeline.sign(&message, &Params::new(), SignType::Rsa2, &key, &mut scratch)?;
    /// headers.push(signed.name.as_bytes(), &signed.value);
    ///
    /// let message = Message { method: b"", path: b"", headers: &headers, body: b"{}" };
    /// let keys = [("PUB_KEY_ID_1", key.verifying_key())];
    /// pipeline.verify_now(&message, SignType::Rsa2, &keys, 1722850430, &mut scratch)?;
    /// let late = pipeline.verify_now(&message, SignType::Rsa2, &keys, 1722854021, &mut scratch);
    /// assert_eq!(late.unwrap_err().to_string(), "signed 3600 seconds from now: at most 300 are accepted");
    /// let other = pipeline.verify_now(&message, SignType::Rsa2, &keys[..0], 1722850430, &mut scratch);
    /// assert_eq!(other.unwrap_err().to_string(), "no key of the id in the header \"Wechatpay-Serial\"");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Why the message is not accepted. Whatever is not `Ok` is not genuine, or not fresh. A message is called stale only
    /// when it is genuine.
    pub fn verify_now<Id: AsRef<[u8]>>(
        &self,
        message: &Message<'_>,
        sign_type: SignType,
        keys: &[(Id, VerifyingKey)],
        now: u64,
        scratch: &mut Scratch,
    ) -> Result<(), HeaderError> {
        scratch.string.clear();
        let Some(Origin { key_id: header, time }) = self.scheme.origin else {
            return Err(HeaderError::NoOrigin);
        };
        self.check(message, sign_type)?;
        let id = message.decisive(header)?.ok_or(HeaderError::Missing { name: header })?;
        let mut keys = keys.iter().filter(|(other, _)| other.as_ref() == id);
        let (_, key) = keys.next().ok_or(HeaderError::UnknownKey { header })?;
        self.verify(message, sign_type, key, scratch)?;
        let time = message.header(time).unwrap_or_default();
        Ok((self.stages.window)(time, now)?)
    }

    /// Whether everything that is signed is there, once, and is a line.
    fn check(&self, message: &Message<'_>, sign_type: SignType) -> Result<(), HeaderError> {
        if !self.scheme.sign_types.contains(&sign_type) {
            return Err(HeaderError::SignType(sign_type));
        }
        let count = message.headers.len();
        if count > MAX_HEADERS {
            return Err(HeaderError::TooMany { count });
        }
        for piece in self.scheme.pieces() {
            match piece {
                Piece::Method => check_method(message.method)?,
                Piece::Path => check_path(message.path)?,
                Piece::Header(name) => {
                    message.decisive(name)?.ok_or(HeaderError::Missing { name })?;
                }
                Piece::OptionalHeader(name) => {
                    message.decisive(name)?;
                }
                Piece::Items | Piece::Item(_) | Piece::Body | Piece::Text(_) => {}
            }
        }
        let Some((name, expected)) = self.scheme.algorithm else { return Ok(()) };
        match message.decisive(name)? {
            Some(got) if got != expected.as_bytes() => {
                Err(HeaderError::OtherAlgorithm { expected, got: got.to_vec() })
            }
            _ => Ok(()),
        }
    }
}

fn check_method(method: &[u8]) -> Result<(), HeaderError> {
    match method {
        [] => Err(HeaderError::Missing { name: "method" }),
        _ if method.iter().all(u8::is_ascii_alphabetic) => Ok(()),
        _ => Err(HeaderError::NoMethod),
    }
}

fn check_path(path: &[u8]) -> Result<(), HeaderError> {
    no_control_byte("path", path)?;
    match path {
        [] => Err(HeaderError::Missing { name: "path" }),
        [b'/', ..] if !path.contains(&b' ') => Ok(()),
        _ => Err(HeaderError::NoPath),
    }
}

/// The stage that writes the string to sign, behind what is in `out`: every line, a line feed between each two, and one
/// at the end where the scheme says so. A header that is not there is written as nothing.
///
/// ```
/// use alipay_conformance::params::Params;
/// use alipay_conformance::protocol::headers::{ANTOM, Message, lines};
///
/// let headers = [("client-id", "C1"), ("request-time", "1685599933871")];
/// let headers: Params = headers.into_iter().collect();
/// let message = Message { method: b"POST", path: b"/pay", headers: &headers, body: b"{}" };
/// let mut string = Vec::new();
/// lines(&ANTOM.request, &message, b"", &mut string);
/// assert_eq!(string, b"POST /pay\nC1.1685599933871.{}");
/// ```
pub fn lines(scheme: &Scheme, message: &Message<'_>, items: &[u8], out: &mut Vec<u8>) {
    let is_there = |line: &&&[Piece]| {
        line.iter().all(|piece| match piece {
            Piece::OptionalHeader(name) => message.header(name).is_some_and(|v| !v.is_empty()),
            _ => true,
        })
    };
    for (index, line) in scheme.lines.iter().filter(is_there).enumerate() {
        if index > 0 {
            out.push(b'\n');
        }
        for piece in line.iter() {
            out.extend_from_slice(match piece {
                Piece::Items => items,
                Piece::Item(name) => scheme.carrier.item(items, name).unwrap_or_default(),
                Piece::Method => message.method,
                Piece::Path => message.path,
                Piece::Body => message.body,
                Piece::Header(name) | Piece::OptionalHeader(name) => {
                    message.header(name).unwrap_or_default()
                }
                Piece::Text(text) => text.as_bytes(),
            });
        }
    }
    if scheme.final_line_feed {
        out.push(b'\n');
    }
}
