//! Generated cases as vectors of format 1: what is judged is what can be kept.

use serde_json::{Map, Value, json};

use crate::charset::Charset;
use crate::form;
use crate::generate::recipe::Change;
use crate::law::Setting;
use crate::params::Params;
use crate::signature::SignType;
use crate::vector::bytes::to_base64;
use crate::vector::input::{Input, TextPairs};
use crate::vector::operation::Operation;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

/// What a document is made from.
pub(super) struct Draft<'a> {
    pub(super) id: String,
    pub(super) setting: &'a Setting,
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
    case.insert("reject".into(), json!(reasons(draft.change, reason)));
    let edit = edit(draft, twin_draft, is_text);
    case.insert("twin".into(), json!({ "id": twin_draft.id, "edit": edit }));
    vec![Value::Object(case), twin]
}

/// The classes of reasons that describe a change, as the vectors of the same kind have them.
fn reasons(change: &Change, reason: Reason) -> Vec<Reason> {
    let mut reasons = match change {
        Change::NoSignature | Change::EmptySignature => {
            vec![Reason::MissingField, Reason::BadSignatureEncoding, Reason::SignatureMismatch]
        }
        _ => vec![Reason::SignatureMismatch, Reason::BadSignatureEncoding, Reason::CharsetError],
    };
    if !reasons.contains(&reason) {
        reasons.insert(0, reason);
    }
    reasons
}

fn common(draft: &Draft<'_>, is_text: bool) -> Map<String, Value> {
    let Draft { id, setting, operation, change, .. } = draft;
    let (rule, stage) = rule(draft);
    let (en, zh) = match change {
        Change::None => ("", ""),
        Change::Edit(_) => (", edited on the way", "，传输中被改动"),
        Change::OtherKey => (", signed with another key", "，用另一把密钥签名"),
        Change::NoSignature => (", without its signature", "，缺少签名"),
        Change::EmptySignature => (", with an empty signature", "，签名为空"),
    };
    let case = json!({
        "id": id,
        "title": {
            "en": format!("Generated: {operation}{en}"),
            "zh": format!("自动生成的用例：{operation}{zh}"),
        },
        "protocol": setting.protocol.id,
        "operation": operation.name(),
        "stage": stage,
        "rule": rule,
        "source": { "status": "derived", "from": SOURCE },
        "flags": flags(draft),
        "charset": setting.charset.label(),
        "sign_type": setting.sign_type.name(),
        "key": Setting::key_name(setting.sign_type),
        "input": input(draft, is_text),
    });
    match case {
        Value::Object(case) => case,
        _ => Map::new(),
    }
}

/// The rule that decides, and the stage under test.
fn rule(draft: &Draft<'_>) -> (&'static str, &'static str) {
    let has_empty = params(draft).iter().any(|(_, value)| value.is_empty());
    match (draft.operation, draft.change) {
        (Operation::Decode, _) => ("mapi/4-form", "decode"),
        (Operation::VerifyNotify | Operation::VerifyReturn, Change::None) if has_empty => {
            ("mapi/2.2-empty", "filter")
        }
        (Operation::VerifyNotify | Operation::VerifyReturn, change) => match change {
            Change::None => ("mapi/4-all", "verify"),
            Change::NoSignature | Change::EmptySignature => ("mapi/4-sign-missing", "verify"),
            _ => ("mapi/4-tamper", "verify"),
        },
        (_, _) if has_empty => ("mapi/2.2-empty", "filter"),
        (Operation::BuildRequest, _) => ("mapi/2.7-encode", "wire"),
        (Operation::Sign, _) => match draft.setting.sign_type {
            SignType::Md5 => ("mapi/2.6-md5", "sign"),
            SignType::Rsa => ("mapi/2.6-rsa", "sign"),
            _ => ("mapi/2.6-rsa2", "sign"),
        },
        _ => ("mapi/2.4-join", "join"),
    }
}

/// The parameters of the request, or those that the message decodes to.
fn params(draft: &Draft<'_>) -> TextPairs {
    match draft.input {
        Input::Params(params) | Input::Request { params, .. } => params.clone(),
        Input::Message(body) => {
            let decoded = form::decode(&body.0).ok();
            let text = decoded.and_then(|params| params.decode(draft.setting.charset).ok());
            text.unwrap_or_default()
        }
        _ => TextPairs::new(),
    }
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
    let excluded = draft.setting.protocol.excluded;
    let params: TextPairs =
        params(draft).into_iter().filter(|(name, _)| !excluded.contains(&name.as_str())).collect();
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
            Operation::Decode => "form-syntax",
            Operation::BuildRequest => "wire-form",
            _ => "baseline",
        });
    }
    flags
}

fn input_is_text(draft: &Draft<'_>) -> bool {
    match draft.input {
        Input::Message(body) => readable(&body.0, draft.setting.charset).is_some(),
        _ => true,
    }
}

fn input(draft: &Draft<'_>, is_text: bool) -> Value {
    match draft.input {
        Input::Params(params) => json!({ "params": params }),
        Input::Request { gateway, params } => json!({ "gateway": gateway, "params": params }),
        Input::Message(body) => {
            let field = field(draft.operation);
            match readable(&body.0, draft.setting.charset).filter(|_| is_text) {
                Some(text) => json!({ (field): text }),
                None => json!({ (format!("{field}_b64")): to_base64(&body.0) }),
            }
        }
        _ => Value::Null,
    }
}

fn field(operation: Operation) -> &'static str {
    if operation == Operation::VerifyReturn { "query" } else { "body" }
}

/// The one splice that makes the message of the twin into that of the case.
fn edit(draft: &Draft<'_>, twin: &Draft<'_>, is_text: bool) -> Value {
    let (Input::Message(new), Input::Message(old)) = (draft.input, twin.input) else {
        return Value::Null;
    };
    let field = field(draft.operation);
    let charset = draft.setting.charset;
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
    let charset = draft.setting.charset;
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
    if matches!(draft.operation, Operation::Sign | Operation::BuildRequest) {
        add("signature", output.signature.clone().map(Value::from));
    }
    add("wire", output.wire.clone().map(Value::from));
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
