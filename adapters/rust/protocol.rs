//! The adapter protocol, version 1, for adapters in Rust. Needs `serde_json` and `base64`.
//!
//! An adapter includes this file as a module, writes one function for each operation that its library offers, and calls
//! [`serve`] with a table of them. A function gets the request and returns what [`value`] or [`accept`] make, or a
//! [`No`]; a panic is reported as one. docs/adapter-protocol.md says what a request has and what its answer needs.

#![allow(dead_code)] // No adapter needs all of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Mutex};

use base64::{engine::general_purpose::STANDARD, Engine};
use serde_json::{json, Value};

/// A question: the JSON object of the protocol.
pub type Request = Value;
/// What is said to it, or no.
pub type Answer = Result<Value, No>;

/// Why there is no answer.
pub enum No {
    /// The library says no, in these words.
    Reject(String),
    /// The question is beyond the library, though an offer covers it.
    Unsupported(String),
}

impl<E: std::error::Error> From<E> for No {
    fn from(error: E) -> Self {
        No::Reject(error.to_string())
    }
}

/// An operation that the library offers, the bounds of what it is asked, and the function that answers.
pub struct Offer {
    pub op: &'static str,
    pub protocol: &'static str,
    pub bounds: Value,
    pub answer: fn(&Request) -> Answer,
}

/// The library gave a value: `json!({"signature": …})`.
pub fn value(mut fields: Value) -> Answer {
    fields["outcome"] = json!("value");
    Ok(fields)
}

/// The library says yes, or no without a reason.
pub fn verdict(yes: bool) -> Answer {
    Ok(json!({ "outcome": if yes { "accept" } else { "reject" } }))
}

/// A field of text; empty where it is absent.
pub fn text<'a>(request: &'a Value, name: &str) -> &'a str {
    request[name].as_str().unwrap_or_default()
}

/// The bytes of a field in base64.
pub fn bytes(request: &Value, name: &str) -> Vec<u8> {
    STANDARD.decode(text(request, name)).expect("base64")
}

/// The parameters.
pub fn params(request: &Request) -> impl Iterator<Item = (&str, &str)> {
    let pairs = request["params"].as_array().into_iter().flatten();
    pairs.filter_map(|pair| Some((pair[0].as_str()?, pair[1].as_str()?)))
}

/// The text of a parameter; empty where it is absent.
pub fn param<'a>(request: &'a Request, name: &str) -> &'a str {
    params(request).find(|pair| pair.0 == name).map_or("", |pair| pair.1)
}

/// A header of an HTTP message, whatever the case of its name.
pub fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let mut headers = request["headers"].as_array().into_iter().flatten();
    let named =
        |pair: &&Value| pair[0].as_str().is_some_and(|other| other.eq_ignore_ascii_case(name));
    headers.find(named).and_then(|pair| pair[1].as_str())
}

/// A key as most Alipay libraries take it: the base64 of a PEM file, on one line.
pub fn bare(request: &Request, form: &str) -> String {
    text(&request["key"], form).lines().filter(|line| !line.starts_with("-----")).collect()
}

/// The network is outside of the test: whatever is asked on this machine's loopback, the answer is `body`.
pub fn gateway(body: Vec<u8>) -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}/gateway.do", listener.local_addr()?);
    std::thread::spawn(move || listener.accept().and_then(|(stream, _)| reply(stream, &body)));
    Ok(address)
}

fn reply(stream: TcpStream, body: &[u8]) -> std::io::Result<()> {
    let (mut request, mut length) = (BufReader::new(&stream), 0);
    loop {
        let mut line = String::new();
        request.read_line(&mut line)?;
        if let Some((_, value)) =
            line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
    }
    request.read_exact(&mut vec![0; length])?;
    write!(
        &stream,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )?;
    (&stream).write_all(body)
}

/// Answers requests until the end, for a crate of crates.io.
pub fn serve(adapter: &str, name: &str, version: &str, offers: &[Offer]) {
    let source = format!("https://crates.io/crates/{name}");
    let subject = json!({"name": name, "version": version, "language": "rust", "source": source});
    let said = Arc::new(Mutex::new(String::new()));
    let hook = Arc::clone(&said);
    std::panic::set_hook(Box::new(move |panic| *hook.lock().unwrap() = panic.to_string()));
    for line in std::io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line.expect("UTF-8")).expect("JSON");
        let mut answer = match text(&request, "t") {
            "bye" => return,
            "hello" => {
                json!({"t": "hello_ok", "protocol": 1, "adapter": {"name": adapter, "version": "1"},
                "subject": subject, "supports": offers.iter().map(supports).collect::<Vec<_>>()})
            }
            "echo" => {
                json!({"t": "echo_ok", "data_b64": STANDARD.encode(bytes(&request, "data_b64"))})
            }
            _ => match catch_unwind(AssertUnwindSafe(|| result(&request, offers))) {
                Ok(answer) => answer,
                Err(_) => {
                    json!({"outcome": "threw", "error": {"type": "panic", "message": *said.lock().unwrap()}})
                }
            },
        };
        if answer.get("t").is_none() {
            answer["t"] = json!("result");
        }
        answer["id"] = request["id"].clone();
        let mut stdout = std::io::stdout().lock();
        if writeln!(stdout, "{answer}").and_then(|()| stdout.flush()).is_err() {
            return;
        }
    }
}

fn supports(offer: &Offer) -> Value {
    let mut supports = offer.bounds.clone();
    supports["op"] = json!(offer.op);
    supports["protocol"] = json!(offer.protocol);
    supports
}

fn result(request: &Request, offers: &[Offer]) -> Value {
    let asked = (text(request, "op"), text(request, "protocol"));
    match offers
        .iter()
        .find(|offer| (offer.op, offer.protocol) == asked)
        .map(|offer| (offer.answer)(request))
    {
        Some(Ok(answer)) => answer,
        Some(Err(No::Reject(detail))) => json!({"outcome": "reject", "detail": detail}),
        Some(Err(No::Unsupported(why))) => json!({"outcome": "unsupported", "why": why}),
        None => json!({"outcome": "unsupported", "why": "not known here"}),
    }
}
