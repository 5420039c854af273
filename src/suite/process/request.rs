//! The messages to an adapter. Nothing in them tells what answer is expected.

use serde::Serialize;

use crate::form::{self, Limits};
use crate::params::Params;
use crate::protocol::{Protocol, Wire};
use crate::suite::process::supports::Form;
use crate::vector::bytes::to_base64;
use crate::vector::case::{Ask, Key};
use crate::vector::input::{
    Ciphertext, Client, HttpMessage, Input, OrderRecord, TextPairs, Transport,
};
use crate::vector::operation::Operation;
use crate::xml;

/// The version of the protocol that is spoken here.
pub(super) const PROTOCOL: u64 = 1;
/// The version of the vector format.
const VECTORS: &str = "1";

#[derive(Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub(super) enum Request<'a> {
    Hello { id: u64, protocol: Versions, suite: Suite },
    Echo { id: u64, data_b64: String },
    Run(Box<Run<'a>>),
    Bye { id: u64 },
}

#[derive(Serialize)]
pub(super) struct Versions {
    min: u64,
    max: u64,
}

#[derive(Serialize)]
pub(super) struct Suite {
    name: &'static str,
    version: &'static str,
    vectors: &'static str,
}

#[derive(Clone, Serialize)]
pub(super) struct Run<'a> {
    pub(super) id: u64,
    case: &'a str,
    op: Operation,
    protocol: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_type: Option<&'a str>,
    charset: &'static str,
    #[serde(flatten)]
    input: Fields<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a Key>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keys: Vec<NamedKey<'a>>,
}

/// A key of the other side, and the id by which a message names it.
#[derive(Clone, Serialize)]
struct NamedKey<'a> {
    id: &'a str,
    #[serde(flatten)]
    key: &'a Key,
}

#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Fields<'a> {
    Params {
        params: &'a TextPairs,
    },
    Decoded {
        params: TextPairs,
    },
    Request {
        gateway: &'a str,
        params: &'a TextPairs,
    },
    Body {
        body_b64: String,
        content_type: String,
    },
    Response {
        #[serde(skip_serializing_if = "Option::is_none")]
        node: Option<&'a str>,
        body_b64: String,
    },
    Http {
        method: &'a str,
        path: &'a str,
        params: &'a TextPairs,
        headers: &'a TextPairs,
        body_b64: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        now: Option<&'a str>,
    },
    Query {
        query_b64: String,
    },
    NotifyId {
        partner: &'a str,
        notify_id: &'a str,
        transport: Transport,
    },
    Answer {
        answer_b64: String,
    },
    Verdicts {
        signature_matches: bool,
        answer: &'a str,
    },
    Notification {
        notification: &'a TextPairs,
        order: Option<&'a OrderRecord>,
    },
    RefundResults {
        result_details: &'a str,
    },
    Plaintext {
        plaintext_b64: String,
    },
    Ciphertext {
        ciphertext: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        nonce: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        associated_data: Option<&'a str>,
    },
    ClientParams {
        client: Client,
        params: &'a TextPairs,
    },
    Handled {
        accepted: bool,
        message: &'a str,
    },
    Certificate {
        certificate: &'a str,
    },
    Chain {
        certificate: &'a str,
        roots: &'a str,
        now: &'a str,
    },
}

impl Request<'_> {
    pub(super) fn hello() -> Self {
        Self::Hello {
            id: 0,
            protocol: Versions { min: PROTOCOL, max: PROTOCOL },
            suite: Suite {
                name: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                vectors: VECTORS,
            },
        }
    }

    /// The message as it goes over the wire, with its line end.
    pub(super) fn line(&self) -> Vec<u8> {
        // Strings, integers and lists of them: there is nothing that JSON could not write.
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line
    }
}

impl<'a> Run<'a> {
    /// `None` where the message cannot be given in that form.
    pub(super) fn new(id: u64, ask: &'a Ask, form: Form) -> Option<Self> {
        let input = match &ask.input {
            Input::Params(params) => Fields::Params { params },
            Input::Request { gateway, params } => Fields::Request { gateway, params },
            Input::Message(_) if form == Form::Params => Fields::Decoded { params: decoded(ask)? },
            Input::Message(bytes) if ask.operation == Operation::VerifyReturn => {
                Fields::Query { query_b64: to_base64(&bytes.0) }
            }
            Input::Message(bytes) => {
                Fields::Body { body_b64: to_base64(&bytes.0), content_type: content_type(ask) }
            }
            Input::NotifyId { partner, notify_id, transport } => {
                Fields::NotifyId { partner, notify_id, transport: *transport }
            }
            Input::Answer(bytes) => Fields::Answer { answer_b64: to_base64(&bytes.0) },
            Input::Verdicts { signature_matches, answer } => {
                Fields::Verdicts { signature_matches: *signature_matches, answer }
            }
            Input::Notification { notification, order } => {
                Fields::Notification { notification, order: order.as_ref() }
            }
            Input::RefundResults(result_details) => Fields::RefundResults { result_details },
            Input::Response { node, body } => {
                Fields::Response { node: node.as_deref(), body_b64: to_base64(&body.0) }
            }
            Input::Http(HttpMessage { method, path, params, headers, body, now }) => {
                let (body_b64, now) = (to_base64(&body.0), now.as_deref());
                Fields::Http { method, path, params, headers, body_b64, now }
            }
            Input::Plaintext(bytes) => Fields::Plaintext { plaintext_b64: to_base64(&bytes.0) },
            Input::Ciphertext(Ciphertext { ciphertext, nonce, associated_data }) => {
                let (nonce, associated_data) = (nonce.as_deref(), associated_data.as_deref());
                Fields::Ciphertext { ciphertext, nonce, associated_data }
            }
            Input::ClientParams { client, params } => {
                Fields::ClientParams { client: *client, params }
            }
            Input::Handled { accepted, message } => {
                Fields::Handled { accepted: *accepted, message }
            }
            Input::Certificate(certificate) => Fields::Certificate { certificate },
            Input::Chain { certificate, roots, now } => Fields::Chain { certificate, roots, now },
        };
        Some(Self {
            id,
            case: &ask.case,
            op: ask.operation,
            protocol: &ask.protocol,
            sign_type: ask.sign_type.as_deref(),
            charset: ask.charset.label(),
            input,
            key: ask.key.as_ref(),
            keys: ask.keys.iter().map(|(id, key)| NamedKey { id, key }).collect(),
        })
    }
}

/// The parameters of a message as a web framework that decodes correctly hands them on.
pub(super) fn decoded(ask: &Ask) -> Option<TextPairs> {
    let Input::Message(bytes) = &ask.input else { return None };
    let mut params = Params::new();
    match is_xml(ask) {
        true => xml::decode_into(&bytes.0, Limits::DEFAULT, &mut params).ok()?,
        false => form::decode_into(&bytes.0, Limits::DEFAULT, &mut params).ok()?,
    }
    params.decode(ask.charset).ok()
}

fn is_xml(ask: &Ask) -> bool {
    Protocol::from_id(&ask.protocol).is_some_and(|protocol| protocol.wire == Wire::Xml)
}

fn content_type(ask: &Ask) -> String {
    let media_type = match is_xml(ask) {
        true => "text/xml",
        false => "application/x-www-form-urlencoded",
    };
    format!("{media_type}; charset={}", ask.charset.label())
}
