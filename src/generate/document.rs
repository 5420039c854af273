//! Generated cases as vectors of format 1: what is judged is what can be kept.

use serde_json::{Map, Value, json};

use crate::charset::Charset;
use crate::generate::family::Asked;
use crate::generate::recipe::Change;
use crate::generate::setup::Setup;
use crate::params::Params;
use crate::protocol::pipeline::Pipeline;
use crate::suite::page;
use crate::vector::bytes::to_base64;
use crate::vector::input::{Ciphertext, HttpMessage, Input, TextPairs};
use crate::vector::operation::Operation;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

/// What a document is made from.
#[derive(Clone)]
pub(super) struct Draft<'a> {
    pub(super) id: String,
    pub(super) setup: &'a Setup,
    pub(super) operation: Operation,
    pub(super) input: &'a Input,
    pub(super) change: &'a Change,
}

/// Where a generated case comes from.
const SOURCE: &str =
    "generated; what is expected is what the reference does: recompute with vectors/check.py";

/// The document of a valid case.
pub(super) fn valid(draft: &Draft<'_>, output: &Output) -> Value {
    let is_text = input_is_text(draft);
    let mut case = common(draft, is_text);
    case.insert("result".into(), "valid".into());
    case.insert("expect".into(), Value::Object(expect(draft, output)));
    Value::Object(case)
}

/// The documents of an invalid case and of its twin.
pub(super) fn invalid(
    draft: &Draft<'_>,
    reason: Reason,
    twin: Value,
    twin_draft: &Draft<'_>,
) -> Vec<Value> {
    let is_text = input_is_text(draft) && input_is_text(twin_draft);
    let mut case = common(draft, is_text);
    let mut twin = twin;
    if let Value::Object(twin) = &mut twin {
        twin.insert("input".into(), input(twin_draft, is_text));
        twin.insert("flags".into(), json!(["twin"]));
    }
    case.insert("result".into(), "invalid".into());
    case.insert("reject".into(), json!(reasons(draft, reason)));
    let edit = edit(draft, twin_draft, is_text);
    case.insert("twin".into(), json!({ "id": twin_draft.id, "edit": edit }));
    vec![Value::Object(case), twin]
}

/// The classes of reasons that describe a change, as the vectors of the same kind have them.
fn reasons(draft: &Draft<'_>, reason: Reason) -> Vec<Reason> {
    let mut reasons = match draft.change {
        Change::NoSignature | Change::EmptySignature => {
            vec![Reason::MissingField, Reason::BadSignatureEncoding, Reason::SignatureMismatch]
        }
        Change::Stale => vec![Reason::StaleTimestamp],
        _ => vec![Reason::SignatureMismatch, Reason::BadSignatureEncoding, Reason::CharsetError],
    };
    if let Input::Response { node: Some(_), .. } | Input::Http(_) = draft.input {
        reasons.push(Reason::MalformedInput);
    }
    // Some look at the clock before the signature.
    if matches!(draft.input, Input::Http(message) if message.now.is_some())
        && *draft.change != Change::Stale
    {
        reasons.push(Reason::StaleTimestamp);
    }
    if !reasons.contains(&reason) {
        reasons.insert(0, reason);
    }
    reasons
}

fn common(draft: &Draft<'_>, is_text: bool) -> Map<String, Value> {
    let Draft { id, setup, operation, change, .. } = draft;
    let (rule, stage) = (rule(draft), stage(draft));
    let (en, zh) = match change {
        Change::None => ("", ""),
        Change::Edit(_) => (", edited on the way", "，传输中被改动"),
        Change::OtherKey => (", signed with another key", "，用另一把密钥签名"),
        Change::NoSignature => (", without its signature", "，缺少签名"),
        Change::EmptySignature => (", with an empty signature", "，签名为空"),
        Change::Stale => (", too late or too early", "，到达时间过晚或过早"),
    };
    let case = json!({
        "id": id,
        "title": {
            "en": format!("Generated: {operation}{en}"),
            "zh": format!("自动生成的用例：{operation}{zh}"),
        },
        "protocol": setup.family.id,
        "operation": operation.name(),
        "stage": stage,
        "rule": rule,
        "source": { "status": "derived", "from": SOURCE },
        "flags": flags(draft),
        "charset": setup.charset.label(),
        "sign_type": setup.sign_type(),
        "key": setup.config.key,
        "keys": setup.config.keys,
        "input": input(draft, is_text),
    });
    let Value::Object(mut case) = case else { return Map::new() };
    if setup.config.sign_type.is_none() {
        case.remove("sign_type");
    }
    if setup.config.keys.is_empty() {
        case.remove("keys");
    }
    case
}

/// The rule that decides.
fn rule(draft: &Draft<'_>) -> &'static str {
    let Draft { setup, operation, change, .. } = *draft;
    let (sign_type, has_empty) = (setup.config.sign_type, has_empty(draft));
    (setup.family.rule)(&Asked { operation, sign_type, change, has_empty })
}

/// The stage under test.
fn stage(draft: &Draft<'_>) -> &'static str {
    match (draft.operation, draft.change) {
        (Operation::Decode, _) => "decode",
        (_, Change::None) if has_empty(draft) => "filter",
        (Operation::VerifyNotify | Operation::VerifyReturn | Operation::VerifyResponse, _) => {
            "verify"
        }
        (Operation::Sign | Operation::SignRequest | Operation::BuildClientParams, _) => "sign",
        (Operation::StringToSign, _) => "join",
        (Operation::Encrypt | Operation::Decrypt, _) => "content",
        _ => "wire",
    }
}

fn has_empty(draft: &Draft<'_>) -> bool {
    params(draft).iter().any(|(_, value)| value.is_empty())
}

/// The parameters of the request, or those that the message decodes to.
fn params(draft: &Draft<'_>) -> TextPairs {
    match draft.input {
        Input::Params(params) | Input::Request { params, .. } => params.clone(),
        Input::Message(body) | Input::Response { node: None, body } => {
            decoded(draft.setup, &body.0).unwrap_or_default()
        }
        Input::Http(message) => message.params.clone(),
        Input::ClientParams { params, .. } => params.clone(),
        _ => TextPairs::new(),
    }
}

fn decoded(setup: &Setup, body: &[u8]) -> Option<TextPairs> {
    let mut params = Params::new();
    let pipeline = Pipeline::new(setup.family.params.as_ref()?.protocol);
    pipeline.decode(body, &mut params).ok()?;
    params.decode(setup.charset).ok()
}

/// What a wrong answer may point at, as far as it can be seen.
fn flags(draft: &Draft<'_>) -> Vec<&'static str> {
    let mut flags = Vec::new();
    let mut flag = |name, is_set: bool| {
        if is_set {
            flags.push(name);
        }
    };
    flag("tampered", matches!(draft.change, Change::Edit(_)));
    flag("forged", *draft.change == Change::OtherKey);
    flag("missing-sign", matches!(draft.change, Change::NoSignature | Change::EmptySignature));
    let is_own = |name: &str| draft.setup.family.excludes(name);
    let params: TextPairs = params(draft).into_iter().filter(|(name, _)| !is_own(name)).collect();
    let has = |test: fn(&str) -> bool| params.iter().any(|(_, value)| test(value));
    flag("empty-value", has(str::is_empty));
    flag("falsy-value", has(|value| ["0", "false", "null", " "].contains(&value)));
    flag("delimiter-in-value", has(|value| value.contains(['&', '='])));
    flag("percent-in-value", has(|value| value.contains('%')));
    flag("plus-sign", has(|value| value.contains('+')));
    flag("markup", has(|value| value.contains(['<', '>', '"', '\'', '\\'])));
    flag("whitespace", has(|value| value.trim() != value));
    flag("chinese", has(|value| value.chars().any(|c| ('\u{4E00}'..='\u{9FA5}').contains(&c))));
    flag("non-ascii-name", params.iter().any(|(name, _)| !name.is_ascii()));
    if flags.is_empty() {
        flags.push(match draft.operation {
            Operation::Decode if draft.setup.family.is_xml() => "xml",
            Operation::Decode => "form-syntax",
            Operation::BuildRequest => "wire-form",
            _ => "baseline",
        });
    }
    flags
}

fn input_is_text(draft: &Draft<'_>) -> bool {
    match draft.input {
        Input::Message(body)
        | Input::Response { body, .. }
        | Input::Http(HttpMessage { body, .. }) => readable(&body.0, draft.setup.charset).is_some(),
        _ => true,
    }
}

fn input(draft: &Draft<'_>, is_text: bool) -> Value {
    let bytes = |field: &str, bytes: &[u8]| match readable(bytes, draft.setup.charset)
        .filter(|_| is_text)
    {
        Some(text) => json!({ (field): text }),
        None => json!({ (format!("{field}_b64")): to_base64(bytes) }),
    };
    match draft.input {
        Input::Params(params) => json!({ "params": params }),
        Input::Request { gateway, params } => json!({ "gateway": gateway, "params": params }),
        Input::Message(body) => bytes(field(draft.operation), &body.0),
        Input::Response { node, body } => {
            let mut input = bytes("body", &body.0);
            if let (Value::Object(input), Some(node)) = (&mut input, node) {
                input.insert("node".into(), node.as_str().into());
            }
            input
        }
        Input::Http(message) => {
            let HttpMessage { method, path, params, headers, body, now } = message;
            let mut input = json!({
                "method": method, "path": path, "params": params, "headers": headers,
            });
            let more = [("now".to_owned(), json!(now))];
            let more = more.into_iter().filter(|(_, now)| !now.is_null());
            if let (Value::Object(input), Value::Object(body)) =
                (&mut input, bytes("body", &body.0))
            {
                input.extend(body);
                input.extend(more);
            }
            input
        }
        Input::ClientParams { client, params } => json!({ "client": client, "params": params }),
        Input::Plaintext(text) => bytes("plaintext", &text.0),
        Input::Ciphertext(Ciphertext { ciphertext, nonce, associated_data }) => {
            let fields = [
                ("ciphertext", Some(ciphertext)),
                ("nonce", nonce.as_ref()),
                ("associated_data", associated_data.as_ref()),
            ];
            let fields = fields
                .into_iter()
                .filter_map(|(name, text)| Some((name.into(), text?.as_str().into())));
            Value::Object(fields.collect())
        }
        _ => Value::Null,
    }
}

fn field(operation: Operation) -> &'static str {
    if operation == Operation::VerifyReturn { "query" } else { "body" }
}

/// What a question is made of, for a reader.
pub(super) fn shown(input: &Input) -> Vec<u8> {
    let shown = match input {
        Input::Response { body, .. } | Input::Plaintext(body) => return body.0.clone(),
        Input::Ciphertext(Ciphertext { ciphertext, .. }) => return ciphertext.clone().into_bytes(),
        Input::Http(HttpMessage { method, path, params, headers, body, now }) => {
            let body = String::from_utf8_lossy(&body.0);
            json!({
                "method": method, "path": path, "params": params, "headers": headers, "body": body,
                "now": now,
            })
        }
        Input::ClientParams { client, params } => json!({ "client": client, "params": params }),
        _ => Value::Null,
    };
    shown.to_string().into_bytes()
}

/// The one splice that makes the message of the twin into that of the case.
fn edit(draft: &Draft<'_>, twin: &Draft<'_>, is_text: bool) -> Value {
    if matches!(draft.input, Input::Http(_)) {
        // What is signed anew changes in two places.
        return json!({ "at": "/input", "remove": input(twin, is_text), "insert": input(draft, is_text) });
    }
    let (
        Input::Message(new) | Input::Response { body: new, .. },
        Input::Message(old) | Input::Response { body: old, .. },
    ) = (draft.input, twin.input)
    else {
        return Value::Null;
    };
    let field = field(draft.operation);
    let charset = draft.setup.charset;
    if let (true, Some(old), Some(new)) =
        (is_text, readable(&old.0, charset), readable(&new.0, charset))
    {
        let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
        let (start, removed, inserted) = splice(&old, &new);
        let offset: usize = old.iter().take(start).map(|one| one.len_utf8()).sum();
        let text = |chars: &[char]| chars.iter().collect::<String>();
        return json!({ "at": format!("/input/{field}"), "offset": offset,
            "remove": text(removed), "insert": text(inserted) });
    }
    let (start, removed, inserted) = splice(&old.0, &new.0);
    json!({ "at": format!("/input/{field}_b64"), "offset": start,
        "remove": to_base64(removed), "insert": to_base64(inserted) })
}

/// Where two lists part, and what stands there before both are the same to the end.
fn splice<'a, T: PartialEq>(old: &'a [T], new: &'a [T]) -> (usize, &'a [T], &'a [T]) {
    let start = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let (old, new) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let before = |list: &'a [T]| list.get(..list.len() - same).unwrap_or_default();
    (start, before(old), before(new))
}

fn expect(draft: &Draft<'_>, output: &Output) -> Map<String, Value> {
    let charset = draft.setup.charset;
    let mut expect = Map::new();
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            expect.insert(name.into(), value);
        }
    };
    if let (Operation::Decode, Some(decoded)) = (draft.operation, &output.decoded) {
        add("decoded", decoded.decode(charset).ok().map(|pairs| json!(pairs)));
        add("decoded_b64", Some(in_base64(decoded)));
        return expect;
    }
    let stages =
        [("decoded", &output.decoded), ("filtered", &output.filtered), ("sorted", &output.sorted)];
    let stages = stages.into_iter().filter(|_| draft.operation != Operation::BuildClientParams);
    for (name, params) in stages {
        let Some(params) = params else { continue };
        match in_text(params, charset) {
            Some(pairs) => add(name, Some(pairs)),
            None => add(&format!("{name}_b64"), Some(in_base64(params))),
        }
    }
    if let Some(string) = &output.string_to_sign {
        add("string_to_sign", readable(string, charset).map(Value::from));
        add("string_to_sign_b64", Some(to_base64(string).into()));
    }
    if !matches!(draft.operation, Operation::VerifyNotify | Operation::VerifyReturn) {
        add("signature", output.signature.clone().map(Value::from));
    }
    add("wire", output.wire.clone().map(Value::from));
    add("form", page::posted(output, charset).map(|form| json!(form)));
    add("order_string", output.order_string.clone().map(Value::from));
    add("xml", output.xml.clone().map(Value::from));
    add("headers", output.headers.as_ref().map(|headers| json!(headers)));
    add("client_params", output.client_params.as_ref().map(|params| json!(params)));
    if let Some(content) = &output.content {
        add("content", readable(content, charset).map(Value::from));
        let is_bytes = draft.operation != Operation::Encrypt;
        add("content_b64", is_bytes.then(|| to_base64(content).into()));
    }
    expect
}

fn in_text(params: &Params, charset: Charset) -> Option<Value> {
    let pair = |(name, value)| Some(json!([readable(name, charset)?, readable(value, charset)?]));
    params.iter().map(pair).collect::<Option<Vec<_>>>().map(Value::Array)
}

fn in_base64(params: &Params) -> Value {
    params.iter().map(|(name, value)| json!([to_base64(name), to_base64(value)])).collect()
}

/// The text of bytes, where it leads back to them.
fn readable(bytes: &[u8], charset: Charset) -> Option<String> {
    let text = charset.decode(bytes).ok()?.into_owned();
    let leads_back = charset.encode(&text).is_ok_and(|back| back == bytes);
    leads_back.then_some(text)
}
