//! Messages whose signature stands in an HTTP header.

use std::borrow::Cow;
use std::ops::Range;

use super::arranged::Arranged;
use super::capture::Http;
use super::circumstance::{self, Circumstance, Undone};
use super::escape::unescaped;
use super::facts::form;
use super::finding::SignForm;
use super::keys::Keys;
use super::parameters::Pair;
use super::situation::Situation;
use crate::charset::Charset;
use crate::form::escape_text;
use crate::mistake::{Area, Mistake, Mistaken, Twin};
use crate::params::Params;
use crate::protocol::headers::{
    HeaderError, HeaderPipeline, HeaderProtocol, Message, Origin, Piece, Received, Scheme, Scratch,
};
use crate::protocol::pipeline::{REFERENCE, Stages};
use crate::signature::{SignType, VerifyError, verify};
use crate::suite::answer::{Answer, Rejection};
use crate::vector::output::Output;

/// What the signature of a probe begins with: <https://pay.weixin.qq.com/doc/v3/merchant/4013053249>.
pub(super) const PROBE: &[u8] = b"WECHATPAY/SIGNTEST/";

/// What is verified, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Exchange {
    pub(super) protocol: &'static HeaderProtocol,
    /// The kind of message.
    pub(super) scheme: Scheme,
    pub(super) method: Vec<u8>,
    pub(super) path: Vec<u8>,
    /// The headers that decide, and the host.
    pub(super) headers: Vec<Pair>,
    pub(super) body: Vec<u8>,
    /// How the string to sign is put together, where that is not as the scheme has it.
    pub(super) arranged: Option<Arranged>,
    pub(super) sign_type: SignType,
    /// The position among the prepared keys.
    pub(super) key: usize,
}

/// The names of the headers that decide whether a message of this kind is genuine.
fn deciding(scheme: &Scheme) -> Vec<&'static str> {
    let signed = scheme.pieces().filter_map(|piece| match piece {
        Piece::Header(name) | Piece::OptionalHeader(name) => Some(name),
        _ => None,
    });
    let origin = scheme.origin.map(|origin| origin.key_id);
    let algorithm = scheme.algorithm.map(|(name, _)| name);
    signed.chain(origin).chain(algorithm).chain([scheme.carrier.header]).collect()
}

impl Exchange {
    pub(super) fn new(http: &Http, protocol: &'static HeaderProtocol, scheme: Scheme) -> Self {
        let kinds = [Some(protocol.request), Some(protocol.reply), protocol.notify];
        let names: Vec<&str> = kinds.iter().flatten().flat_map(deciding).chain(["host"]).collect();
        let decides =
            |name: &[u8]| names.iter().any(|other| name.eq_ignore_ascii_case(other.as_bytes()));
        let headers = http.headers.iter().filter(|(name, _)| decides(name));
        Self {
            scheme,
            protocol,
            method: http.method.clone(),
            path: http.path.clone(),
            headers: headers.map(|(name, value)| (name.to_vec(), value.to_vec())).collect(),
            body: http.body.clone(),
            arranged: None,
            sign_type: SignType::Rsa2,
            key: 0,
        }
    }

    /// Asks about the message.
    pub(super) fn with_message<A>(&self, ask: impl FnOnce(&Message<'_>) -> A) -> A {
        let headers: Params = self.headers.iter().map(|(name, value)| (name, value)).collect();
        let Self { method, path, body, .. } = self;
        ask(&Message { method, path, headers: &headers, body })
    }

    fn verified(
        &self,
        stages: Stages,
        keys: &Keys,
        scratch: &mut Scratch,
    ) -> Result<(), HeaderError> {
        let key = keys.get(self.key).and_then(|key| key.verifying(self.sign_type));
        let Some(key) = key else {
            return Err(VerifyError::KeyKind { sign_type: self.sign_type }.into());
        };
        let pipeline = HeaderPipeline { stages, ..HeaderPipeline::new(self.scheme) };
        let Some(Origin { key_id, time }) = self.scheme.origin else {
            return self
                .with_message(|message| pipeline.verify(message, self.sign_type, key, scratch));
        };
        // The key is taken for the one that is named, and the message for a fresh one.
        let keys = [(self.header(key_id).unwrap_or_default(), key.clone())];
        let now = self.header(time).and_then(|time| std::str::from_utf8(time).ok()?.parse().ok());
        let now = now.unwrap_or(u64::MAX);
        self.with_message(|message| {
            pipeline.verify_now(message, self.sign_type, &keys, now, scratch)
        })
    }

    /// The reference's own verdict, but for whose key is named and whether it is fresh.
    pub(super) fn verdict(&self, keys: &Keys) -> Result<(), HeaderError> {
        self.verified(REFERENCE, keys, &mut Scratch::new())
    }

    /// The value of the first header of this name.
    pub(super) fn header(&self, name: &str) -> Option<&[u8]> {
        let is_it = |pair: &&Pair| pair.0.eq_ignore_ascii_case(name.as_bytes());
        self.headers.iter().find(is_it).map(|pair| pair.1.as_slice())
    }

    /// The value of an item beside the signature.
    pub(super) fn item(&self, name: &str) -> Option<Vec<u8>> {
        let carrier = self.scheme.carrier;
        self.with_message(|message| {
            carrier.item(&carrier.read(message).ok()?.items, name).map(<[u8]>::to_vec)
        })
    }

    /// The same message, the first header of this name changed.
    pub(super) fn with_header(&self, name: &str, value: Vec<u8>) -> Self {
        let mut changed = self.clone();
        let is_it = |pair: &&mut Pair| pair.0.eq_ignore_ascii_case(name.as_bytes());
        if let Some(pair) = changed.headers.iter_mut().find(is_it) {
            pair.1 = value;
        }
        changed
    }

    /// The names of the headers that are lines, or parts of one.
    pub(super) fn signed_headers(&self) -> impl Iterator<Item = &'static str> {
        self.scheme.lines.iter().flat_map(|line| line.iter()).filter_map(|piece| match piece {
            Piece::Header(name) | Piece::OptionalHeader(name) => Some(*name),
            _ => None,
        })
    }

    /// The string to sign as these stages write it.
    pub(super) fn string_by(&self, stages: &Stages) -> Vec<u8> {
        let mut string = Vec::new();
        self.with_message(|message| {
            let received = self.scheme.carrier.read(message).map(|Received { items, .. }| items);
            (stages.lines)(&self.scheme, message, &received.unwrap_or_default(), &mut string);
        });
        string
    }

    /// Where the signature stands in its header, whatever is wrong with that.
    fn place(&self) -> Option<(&[u8], Range<usize>)> {
        let carrier = self.scheme.carrier;
        let value = self.header(carrier.header)?;
        let begins = carrier.begins.as_bytes();
        let start = if value.starts_with(begins) { begins.len() } else { 0 };
        let Some(name) = carrier.signature else { return Some((value, start..value.len())) };
        let mut at = start;
        for item in value.get(start..)?.split(|byte| *byte == b',') {
            let bare = item.trim_ascii_start();
            let written = bare.strip_prefix(name.as_bytes()).and_then(|r| r.strip_prefix(b"="));
            if let Some(written) = written {
                let end = at + item.len();
                let dense = written.strip_prefix(b"\"").unwrap_or(written);
                let closed = usize::from(dense.len() > 1 && dense.ends_with(b"\""));
                return Some((value, end - dense.len()..end - closed));
            }
            at += item.len() + 1;
        }
        self.sign_alone().map(|sign| (sign, 0..sign.len()))
    }

    /// What stands in the header with the signature, where that should be one of several items and looks like itself.
    pub(super) fn sign_alone(&self) -> Option<&[u8]> {
        let carrier = self.scheme.carrier;
        let value = self.header(carrier.header).filter(|_| carrier.signature.is_some())?;
        let is_sign = matches!(form(&unescaped(value, false)), SignForm::Rsa(_));
        is_sign.then_some(value)
    }

    /// The signature as it stands in its header.
    pub(super) fn written_sign(&self) -> &[u8] {
        let written = self.place().and_then(|(value, place)| value.get(place));
        written.unwrap_or_default()
    }

    pub(super) fn with_written_sign(&self, sign: &[u8]) -> Self {
        let Some((value, place)) = self.place() else { return self.clone() };
        let before = value.get(..place.start).unwrap_or_default();
        let behind = value.get(place.end..).unwrap_or_default();
        self.with_header(self.scheme.carrier.header, [before, sign, behind].concat())
    }

    /// With a signature that need not be in the message.
    pub(super) fn with_given_sign(&self, sign: &[u8]) -> Self {
        if self.place().is_some() {
            return self.with_sign(sign);
        }
        let carrier = self.scheme.carrier;
        let written = carrier.write_signature(&String::from_utf8_lossy(sign));
        let mut signed = self.clone();
        signed.headers.push((carrier.header.into(), carrier.write(b"", &written)));
        signed
    }
}

impl Situation for Exchange {
    fn circumstances() -> impl Iterator<Item = &'static Circumstance<Self>> {
        circumstance::of_headers()
    }

    /// Those in what is signed. What stands around the stages changes the message on both sides, or skips the check.
    fn can_be_made(mistake: &Mistake) -> bool {
        let signs = matches!(mistake.twin, Twin::Stages(_) | Twin::Signing(_));
        mistake.area == Area::Headers && signs
    }

    fn sign(&self) -> Cow<'_, [u8]> {
        let written = self.written_sign();
        self.scheme.carrier.read_signature(written).unwrap_or(Cow::Borrowed(written))
    }

    fn with_sign(&self, sign: &[u8]) -> Self {
        match self.scheme.carrier.escaped {
            true => self.with_written_sign(escape_text(sign).as_bytes()),
            false => self.with_written_sign(sign),
        }
    }

    fn sign_type(&self) -> SignType {
        self.sign_type
    }

    fn key(&self) -> usize {
        self.key
    }

    fn with_key(&self, key: usize) -> Self {
        Self { key, ..self.clone() }
    }

    fn size(&self) -> usize {
        let headers: usize =
            self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.method.len() + self.path.len() + headers + self.body.len()
    }

    fn texts(&self) -> impl Iterator<Item = &[u8]> {
        std::iter::once(self.body.as_slice())
    }

    fn with_texts(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        Self { body: change(&self.body), ..self.clone() }
    }

    fn each_text(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Undone<Self>> {
        let changed = self.with_texts(change);
        if changed == *self { vec![] } else { vec![changed.into()] }
    }

    fn altered(&self) -> impl Iterator<Item = Self> {
        let with = |bytes: &[u8]| [bytes, b"0"].concat();
        let body = Self { body: with(&self.body), ..self.clone() };
        let path = Self { path: with(&self.path), ..self.clone() };
        let headers = self
            .signed_headers()
            .filter_map(move |name| Some(self.with_header(name, with(self.header(name)?))));
        [body, path].into_iter().chain(headers)
    }

    fn string_to_sign(&self) -> Vec<u8> {
        if let Some(arranged) = &self.arranged {
            return self.string_of(arranged);
        }
        self.string_by(&REFERENCE)
    }

    fn is_verifiable(&self, keys: &Keys) -> bool {
        let stages = Stages { verify: |_, _, _, _| Ok(()), ..REFERENCE };
        self.verified(stages, keys, &mut Scratch::new()).is_ok()
    }

    /// In another arrangement the signature alone is asked about, when nothing else is wrong.
    fn is_genuine(&self, keys: &Keys) -> bool {
        if self.arranged.is_none() {
            return self.verdict(keys).is_ok();
        }
        let key = keys.get(self.key).and_then(|key| key.verifying(self.sign_type));
        let verify = |key| verify(self.sign_type, key, &self.string_to_sign(), &self.sign());
        self.is_verifiable(keys) && key.is_some_and(|key| verify(key).is_ok())
    }

    fn put_to(&self, mistaken: &Mistaken, keys: &Keys, _: Charset) -> Option<Answer> {
        let mut scratch = Scratch::new();
        let verdict = self.verified(mistaken.verifying_stages(), keys, &mut scratch);
        let string = Some(scratch.string_to_sign().to_vec());
        let output = Output { string_to_sign: string, ..Output::default() };
        Some(match verdict {
            Ok(()) => Answer::accept(output),
            Err(_) => Answer::Reject(Rejection {
                reason: None,
                detail: None,
                code: None,
                output: Box::new(output),
            }),
        })
    }
}
