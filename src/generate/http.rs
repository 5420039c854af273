//! Messages of recipes whose signature stands in a header.

use serde_json::{Map, Value};

use crate::certificate;
use crate::content::{ApiV3Key, ContentKey};
use crate::generate::contested;
use crate::generate::family::frame::{Frame, FrameKind, Place};
use crate::generate::recipe::{Change, Recipe};
use crate::generate::reply;
use crate::law::{Edit, is_another_signature};
use crate::params::Params;
use crate::protocol::headers::{HeaderPipeline, Message, Piece, Scheme, Scratch};
use crate::protocol::wechatpay::resource::ALGORITHM;
use crate::signature::{PrivateKey, SigningKey};
use crate::vector::bytes::Bytes;
use crate::vector::case::{Key, KeyForm};
use crate::vector::input::{Ciphertext, Client, HttpMessage, Input, TextPairs};

/// The input of a case and, where it is to be refused, that of its valid twin.
pub(super) struct Made {
    pub(super) input: Input,
    pub(super) genuine: Option<Input>,
}

impl Made {
    /// What a recipe of parts describes, or why there is nothing.
    pub(super) fn of(recipe: &Recipe, frame: &Frame) -> Result<Self, &'static str> {
        if let FrameKind::Reply = frame.kind {
            return Self::of_reply(recipe, frame);
        }
        if let FrameKind::Plain | FrameKind::Encrypted = frame.kind {
            return Ok(Self { input: content(recipe, frame)?, genuine: None });
        }
        let message = message(recipe, frame)?;
        let FrameKind::Received(scheme) = frame.kind else {
            return Ok(Self { input: unsigned(recipe, frame, message), genuine: None });
        };
        let items = pairs(frame, Place::Item, recipe);
        let signed = Signed { scheme: *scheme, items: encoded(&items), message };
        let setup = &*recipe.setup;
        // Whatever else the case's key is for, what is received was signed by the other side's.
        let own = setup.peer().unwrap_or(&setup.key);
        let signature = signed.signature(own)?;
        let genuine = signed.carrying(Some(&signature));
        let changed = match &recipe.change {
            Change::None => return Ok(Self { input: Input::Http(genuine), genuine: None }),
            Change::Edit(edit) => signed.edited(frame, edit, &signature)?,
            Change::OtherKey => signed.carrying(Some(&signed.signature(&setup.other)?)),
            Change::NoSignature => signed.carrying(None),
            Change::EmptySignature => signed.carrying(Some("")),
            Change::Stale => {
                HttpMessage { now: Some(now(recipe, frame, true)?), ..genuine.clone() }
            }
        };
        Ok(Self { input: Input::Http(changed), genuine: Some(Input::Http(genuine)) })
    }
}

/// The same question without a signature: what tells whether it is offered.
pub(super) fn offered(recipe: &Recipe, frame: &Frame) -> Option<Input> {
    match frame.kind {
        FrameKind::Plain | FrameKind::Encrypted => content(recipe, frame).ok(),
        _ => Some(unsigned(recipe, frame, message(recipe, frame).ok()?)),
    }
}

fn unsigned(recipe: &Recipe, frame: &Frame, message: HttpMessage) -> Input {
    match frame.kind {
        FrameKind::Reply => reply::unsigned(),
        FrameKind::Client => {
            let is_app = frame.one(Place::Client, &recipe.params) == "app";
            let client = if is_app { Client::App } else { Client::Jsapi };
            Input::ClientParams { client, params: message.params }
        }
        _ => Input::Http(message),
    }
}

/// What is encrypted, or what it was encrypted to.
fn content(recipe: &Recipe, frame: &Frame) -> Result<Input, &'static str> {
    let (setup, text) = (&*recipe.setup, frame.one(Place::Body, &recipe.params));
    if let Some(why) = contested::text(setup.charset, text) {
        return Err(why);
    }
    let text = setup.charset.encode(text).map_err(|_| "text without bytes in the charset")?;
    if let FrameKind::Plain = frame.kind {
        return Ok(Input::Plaintext(Bytes(text.into_owned())));
    }
    if setup.key.form(KeyForm::ApiV3).is_some() {
        let data = frame.one(Place::AssociatedData, &recipe.params);
        let ciphertext = sealed(recipe, &text, data)?;
        let (nonce, associated_data) = (Some(NONCE.into()), Some(data.into()));
        return Ok(Input::Ciphertext(Ciphertext { ciphertext, nonce, associated_data }));
    }
    let key = setup.key.form(KeyForm::Aes).ok_or("no key to encrypt with")?;
    let key = ContentKey::from_base64(key).map_err(|_| "no key to encrypt with")?;
    let ciphertext = key.encrypt(&text);
    Ok(Input::Ciphertext(Ciphertext { ciphertext, ..Ciphertext::default() }))
}

const NONCE: &str = "uluk4a9R25RW";

fn sealed(recipe: &Recipe, content: &[u8], data: &str) -> Result<String, &'static str> {
    let key = recipe.setup.key.form(KeyForm::ApiV3).ok_or("no key to seal with")?;
    let key = ApiV3Key::new(key).map_err(|_| "no key to seal with")?;
    key.seal(content, NONCE, data).map_err(|_| "not sealed")
}

fn pairs(frame: &Frame, place: Place, recipe: &Recipe) -> TextPairs {
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    frame.at(place, &recipe.params).map(owned).collect()
}

fn message(recipe: &Recipe, frame: &Frame) -> Result<HttpMessage, &'static str> {
    let one = |place| frame.one(place, &recipe.params).to_owned();
    let is_received = matches!(frame.kind, FrameKind::Received(_));
    let is_sealed = frame.at(Place::Sealed, &recipe.params).next().is_some();
    let body = if is_sealed { notice(recipe, frame)? } else { one(Place::Body) };
    let has_clock = matches!(frame.kind, FrameKind::Received(scheme) if scheme.origin.is_some());
    Ok(HttpMessage {
        method: one(Place::Method),
        path: one(Place::Path),
        params: if is_received { TextPairs::new() } else { pairs(frame, Place::Item, recipe) },
        headers: pairs(frame, Place::Header, recipe),
        body: Bytes(body.into_bytes()),
        now: if has_clock { Some(now(recipe, frame, false)?) } else { None },
    })
}

/// A notification of WeChat Pay.
fn notice(recipe: &Recipe, frame: &Frame) -> Result<String, &'static str> {
    let one = |place| frame.one(place, &recipe.params);
    let (content, data) = (one(Place::Sealed), one(Place::AssociatedData));
    let sealed = sealed(recipe, content.as_bytes(), data)?;
    let object = |members: &[(&str, Value)]| {
        let members = members.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Value::Object(members.collect::<Map<_, _>>())
    };
    let resource = object(&[
        ("algorithm", ALGORITHM.into()),
        ("associated_data", data.into()),
        ("ciphertext", sealed.into()),
        ("nonce", NONCE.into()),
        ("original_type", "transaction".into()),
    ]);
    let notice = object(&[
        ("id", "EV-2018022511223320873".into()),
        ("create_time", "2015-05-20T13:29:35+08:00".into()),
        ("resource_type", "encrypt-resource".into()),
        ("event_type", "TRANSACTION.SUCCESS".into()),
        ("summary", "支付成功".into()),
        ("resource", resource),
    ]);
    Ok(notice.to_string())
}

/// When the message arrives: within five minutes of its own time or, where it is stale, later or earlier than that. On
/// exactly five minutes libraries disagree.
fn now(recipe: &Recipe, frame: &Frame, is_stale: bool) -> Result<String, &'static str> {
    let FrameKind::Received(Scheme { origin: Some(origin), .. }) = frame.kind else {
        return Err("no clock");
    };
    let mut headers = frame.at(Place::Header, &recipe.params);
    let time = headers.find(|(name, _)| *name == origin.time).map_or("", |(_, value)| value);
    let time: u64 = time.parse().map_err(|_| "no time")?;
    let (half, is_ahead) = (recipe.seed / 2, recipe.seed % 2 == 1);
    let apart = if is_stale { 301 + half % 100_000 } else { half % 300 };
    let now = if is_ahead { time.saturating_sub(apart) } else { time.saturating_add(apart) };
    certificate::written_time(now).ok_or("no time")
}

fn encoded(pairs: &TextPairs) -> Params {
    pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect()
}

/// A message that is signed, without its signature.
struct Signed {
    scheme: Scheme,
    items: Params,
    message: HttpMessage,
}

impl Signed {
    /// The base64 of the signature under a key.
    fn signature(&self, key: &Key) -> Result<String, &'static str> {
        let forms = [KeyForm::PrivatePkcs8Pem, KeyForm::PrivatePkcs1Pem];
        let text =
            forms.into_iter().find_map(|form| key.form(form)).ok_or("no key to sign with")?;
        let key = SigningKey::from(PrivateKey::parse(text).map_err(|_| "no key to sign with")?);
        let headers = encoded(&self.message.headers);
        let HttpMessage { method, path, body, .. } = &self.message;
        let message = Message {
            method: method.as_bytes(),
            path: path.as_bytes(),
            headers: &headers,
            body: &body.0,
        };
        let sign_type = *self.scheme.sign_types.first().ok_or("no sign type")?;
        let pipeline = HeaderPipeline::new(self.scheme);
        let signed = pipeline.sign(&message, &self.items, sign_type, &key, &mut Scratch::new());
        let signed = signed.map_err(|_| "a message that is not signed")?.signature;
        match self.scheme.carrier.read_signature(signed.as_bytes()) {
            Ok(base64) => Ok(String::from_utf8_lossy(&base64).into_owned()),
            Err(_) => Err("a message that is not signed"),
        }
    }

    /// The message with the base64 of a signature in its header; without the header where there is none.
    fn carrying(&self, signature: Option<&str>) -> HttpMessage {
        let mut message = self.message.clone();
        let carrier = &self.scheme.carrier;
        let value = signature.and_then(|signature| {
            let items = carrier.write_items(&self.items).ok()?;
            Some(carrier.write(&items, &carrier.write_signature(signature)))
        });
        let value = value.map(|value| String::from_utf8_lossy(&value).into_owned());
        message.headers.extend(value.map(|value| (carrier.header.to_owned(), value)));
        message
    }

    /// The signed message with an edit that no message survives.
    fn edited(
        &self,
        frame: &Frame,
        edit: &Edit,
        signature: &str,
    ) -> Result<HttpMessage, &'static str> {
        let mut message = self.carrying(Some(signature));
        if let Edit::ChangeSignature { offset, bits } = edit {
            let mut text = signature.as_bytes().to_vec();
            Edit::change(&mut text, *offset, *bits)?;
            let sign_type = *self.scheme.sign_types.first().ok_or("no sign type")?;
            if !is_another_signature(sign_type, signature.as_bytes(), &text) {
                return Err("the same signature, or none, in another text");
            }
            let text = String::from_utf8(text).map_err(|_| "a header that is no text")?;
            return Ok(self.carrying(Some(&text)));
        }
        let pieces = self.scheme.pieces().filter(|piece| match piece {
            Piece::Method | Piece::Path | Piece::Header(_) => true,
            Piece::Body => !message.body.0.is_empty(),
            _ => false,
        });
        let pieces: Vec<Piece> = pieces.collect();
        let piece = |position: usize| pieces.get(position % pieces.len().max(1)).copied();
        match edit {
            Edit::Change { parameter, offset, bits, .. } => {
                let change = |bytes: &mut Vec<u8>| Edit::change(bytes, *offset, *bits);
                let text = |text: &mut String, place, name| {
                    let mut bytes = text.clone().into_bytes();
                    change(&mut bytes)?;
                    *text = String::from_utf8(bytes).map_err(|_| "a header that is no text")?;
                    let values = frame.values(place, name);
                    let is_sent = values.is_some_and(|values| values.has(text, None));
                    // Of a method, whatever looks like one.
                    let is_method = place == Place::Method
                        && text.bytes().all(|byte| byte.is_ascii_uppercase());
                    if is_sent || is_method { Ok(()) } else { Err("a part that is not sent so") }
                };
                match piece(*parameter) {
                    Some(Piece::Method) => text(&mut message.method, Place::Method, None)?,
                    Some(Piece::Path) => text(&mut message.path, Place::Path, None)?,
                    Some(Piece::Body) => change(&mut message.body.0)?,
                    Some(Piece::Header(name)) => {
                        let header = message.headers.iter_mut().find(|header| header.0 == name);
                        text(&mut header.ok_or("no such header")?.1, Place::Header, Some(name))?;
                    }
                    _ => return Err("no signed part"),
                }
            }
            Edit::Remove { parameter } => match piece(*parameter) {
                Some(Piece::Header(name)) => message.headers.retain(|header| header.0 != name),
                Some(Piece::Body) => message.body.0.clear(),
                _ => return Err("a part that no message lacks"),
            },
            Edit::Add { value, .. } if !value.is_empty() => message.body.0.extend_from_slice(value),
            _ => return Err("an edit that changes nothing"),
        }
        Ok(message)
    }
}
