//! The seeds of the fuzz targets, made from the vectors and the test keys.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use alipay_conformance::charset::Charset;
use alipay_conformance::form;
use alipay_conformance::params::Params;
use alipay_conformance::vector::bytes::Bytes;
use alipay_conformance::vector::case::{Case, KeyForm, Verdict};
use alipay_conformance::vector::input::{HttpMessage, Input};
use alipay_conformance::vector::load::VectorSet;
use alipay_conformance::vector::operation::Operation;
use serde_json::{Map, Value, json};

use crate::letters;

/// Files by name.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The seeds of every target.
pub fn all() -> BTreeMap<&'static str, Files> {
    let set = VectorSet::embedded().unwrap();
    BTreeMap::from([
        ("adapter_answer", answers(&set)),
        ("certificate", certificates(&set)),
        ("explain", captures(&set)),
        ("form_decode", messages(&set, |_| true)),
        ("json_node", replies(&set)),
        ("headers", http_messages(&set)),
        ("key", keys(&set)),
        ("mobile_result", of_protocol(&set, "alipay.mobile")),
        ("notify", messages(&set, |operation| operation != Operation::Decode)),
        ("resource", resources(&set)),
        ("structured", noise()),
        ("vectors", sets(&set)),
        ("wap_notify", of_protocol(&set, "alipay.wap")),
        ("wechat_xml", of_each_rule(&set, "wechatpay.v2")),
        ("wechat_decision", decisions(&set)),
    ])
}

/// One of each operation, result and stage: more would only be slower to go through.
fn typical(set: &VectorSet) -> impl Iterator<Item = &Case> {
    let mut seen = BTreeSet::new();
    let kind = |case: &Case| (case.ask.operation, case.verdict.name(), case.stage);
    set.cases().iter().filter(move |case| seen.insert(kind(case)))
}

/// A message of each rule and result that it can be tried with; and all that are about decoding alone, if those are
/// wanted. Parameters to be signed are written as a form.
fn messages(set: &VectorSet, of: impl Fn(Operation) -> bool) -> Files {
    let mut seen = BTreeSet::new();
    let mut files = Files::new();
    // XML has a target of its own.
    let is_form = |case: &&Case| !case.ask.protocol.starts_with("wechatpay");
    for case in set.cases().iter().filter(is_form).filter(|case| of(case.ask.operation)) {
        let bytes = match &case.ask.input {
            Input::Message(message) => message.0.clone(),
            Input::Params(params) if case.ask.operation == Operation::Sign => {
                let pairs = params.iter().map(|(name, value)| (name, value));
                match Params::encode(pairs, case.ask.charset) {
                    Ok(params) => form::encode(&params).into_bytes(),
                    Err(_) => continue,
                }
            }
            _ => continue,
        };
        let kind = match case.ask.operation {
            Operation::Decode => (case.id.as_str(), ""),
            _ => (case.rule.as_str(), case.verdict.name()),
        };
        if bytes.len() < 4096 && seen.insert(kind) {
            files.insert(case.id.clone(), bytes);
        }
    }
    files
}

/// The bodies of all replies that are JSON.
fn replies(set: &VectorSet) -> Files {
    let body = |case: &Case| match &case.ask.input {
        Input::Response { node: Some(_), body } => Some((case.id.clone(), body.0.clone())),
        _ => None,
    };
    set.cases().iter().filter_map(body).collect()
}

/// A message of each rule and result, as text with its header lines. The first byte chooses the scheme.
fn http_messages(set: &VectorSet) -> Files {
    let mut seen = BTreeSet::new();
    let mut files = Files::new();
    for case in set.cases() {
        let Input::Http(HttpMessage { method, path, params, headers, body, .. }) = &case.ask.input
        else {
            continue;
        };
        if !seen.insert((case.rule.as_str(), case.verdict.name(), case.ask.operation)) {
            continue;
        }
        let scheme = match (case.ask.protocol.as_str(), case.ask.operation) {
            ("antom", Operation::VerifyResponse) => b'3',
            ("antom", _) => b'2',
            ("wechatpay.v3", Operation::SignRequest) => b'4',
            ("wechatpay.v3", _) => b'5',
            (_, Operation::VerifyResponse) => b'1',
            _ => b'0',
        };
        let mut text = vec![scheme];
        text.extend_from_slice(format!("{method} {path}\n").as_bytes());
        let items = params.iter().map(|(name, value)| format!("{name}={value}"));
        let items: Vec<_> = items.collect();
        text.extend_from_slice(format!("{}\n", items.join(",")).as_bytes());
        for (name, value) in headers {
            text.extend_from_slice(format!("{name}: {value}\n").as_bytes());
        }
        text.push(b'\n');
        text.extend_from_slice(&body.0);
        files.insert(case.id.clone(), text);
    }
    files
}

/// Notifications whose content is sealed, of each rule and result, and what one holds.
fn resources(set: &VectorSet) -> Files {
    let mut seen = BTreeSet::new();
    let mut files = Files::new();
    for case in set.cases().iter().filter(|case| case.flags.iter().any(|f| f == "sealed-content")) {
        let Input::Http(HttpMessage { body, .. }) = &case.ask.input else { continue };
        if body.0.len() < 4096 && seen.insert((case.rule.as_str(), case.verdict.name())) {
            files.insert(case.id.clone(), body.0.clone());
            if let Verdict::Valid(output) = &case.verdict {
                files.extend(
                    output.content.clone().map(|text| (format!("{}.content", case.id), text)),
                );
            }
        }
    }
    files
}

/// A notification of each rule and result about which WeChat Pay's merchants decide: a line and a resource, or a form.
fn decisions(set: &VectorSet) -> Files {
    let mut seen = BTreeSet::new();
    let mut files = Files::new();
    for case in set.cases() {
        let Input::Notification { notification, .. } = &case.ask.input else { continue };
        let kind = (&case.ask.protocol, &case.rule, case.verdict.name());
        if !case.ask.protocol.starts_with("wechatpay.") || !seen.insert(kind) {
            continue;
        }
        let text = match notification.as_slice() {
            [(name, event), (_, resource)] if name == "event_type" => {
                format!("{event}\n{resource}")
            }
            pairs => format!("\n{}", form::encode(&pairs.iter().cloned().collect())),
        };
        files.insert(case.id.clone(), text.into_bytes());
    }
    files
}

/// Certificates of each rule and result, and the structure of the first one of each, which base64 hides from a fuzzer.
fn certificates(set: &VectorSet) -> Files {
    let mut seen = BTreeSet::new();
    let mut files = Files::new();
    for case in set.cases() {
        let (Input::Certificate(text) | Input::Chain { certificate: text, .. }) = &case.ask.input
        else {
            continue;
        };
        if text.len() < 4096 && seen.insert((case.rule.as_str(), case.verdict.name())) {
            files.insert(case.id.clone(), text.clone().into_bytes());
            let (block, _) = text.split_once("\n-----END").unwrap_or_default();
            let dense = block.lines().filter(|line| !line.starts_with('-')).collect();
            let der = Bytes::from_fields::<serde_json::Error>(None, Some(dense), Charset::Utf8, "");
            if let Ok(Bytes(der)) = der {
                files.insert(format!("{}.der", case.id), der);
            }
        }
    }
    files
}

/// What is verified in a protocol, and the XML on which is decided.
fn of_protocol(set: &VectorSet, protocol: &str) -> Files {
    let cases = set.cases().iter().filter(|case| case.ask.protocol == protocol);
    cases
        .filter_map(|case| {
            let bytes = match &case.ask.input {
                Input::Message(message) => message.0.clone(),
                Input::Response { body, .. } => body.0.clone(),
                Input::Notification { notification, .. } => {
                    let data = notification.iter().find(|(name, _)| name == "notify_data");
                    data?.1.clone().into_bytes()
                }
                _ => return None,
            };
            Some((case.id.clone(), bytes))
        })
        .collect()
}

/// What is read or verified in a protocol: a message of each rule, operation and result; and all whose bytes are odd.
fn of_each_rule(set: &VectorSet, protocol: &str) -> Files {
    let mut seen = BTreeSet::new();
    let mut is_new =
        |case: &Case| seen.insert((case.rule.clone(), case.ask.operation, case.verdict.name()));
    let files = of_protocol(set, protocol);
    let is_kept = |case: &&Case| is_new(case) || case.ask.operation == Operation::Decode;
    let kept = set.cases().iter().filter(is_kept);
    kept.filter_map(|case| Some((case.id.clone(), files.get(&case.id)?.clone()))).collect()
}

/// A message in each form in which it may be captured, and some damaged ones. The first byte chooses what is asked.
fn captures(set: &VectorSet) -> Files {
    let message = messages(set, |operation| operation == Operation::VerifyNotify);
    let (_, query) = message.iter().find(|(_, bytes)| bytes.len() > 200).unwrap();
    let query = String::from_utf8(query.clone()).unwrap();
    let params = form::decode(query.as_bytes()).unwrap().decode(Charset::Utf8).unwrap();
    let lines = |line: &dyn Fn(&str, &str) -> String| -> String {
        params.iter().map(|(name, value)| line(name, value)).collect()
    };
    let print_r = lines(&|name, value| format!("    [{name}] => {value}\n"));
    let var_dump =
        lines(&|name, value| format!("  [\"{name}\"]=>\n  string({}) \"{value}\"\n", value.len()));
    let var_export = lines(&|name, value| format!("  '{name}' => '{value}',\n"));
    let forms = [
        ("body", query.clone()),
        ("url", format!("https://shop.example/return?{query}")),
        ("http", format!("POST /notify?m=pay HTTP/1.1\r\nHost: shop.example\r\n\r\n{query}")),
        ("curl", format!("curl -H 'a: b' --data-raw '{query}' https://shop.example/notify")),
        ("curl_ansi", format!("curl x --data-urlencode $'body=\\x41' -d \"{query}\"")),
        ("log", format!("127.0.0.1 - - [-] \"GET /return?{query} HTTP/1.1\" 200 7 \"-\"")),
        ("json", serde_json::to_string(&params).unwrap()),
        ("print_r", format!("Array\n(\n{print_r})\n")),
        ("var_dump", format!("array({}) {{\n{var_dump}}}\n", params.len())),
        ("var_export", format!("array (\n{var_export})")),
        ("added", format!("{query}&m=pay&c=notify")),
        ("entities", query.replace('&', "&amp;")),
        ("symbol", query.replace("&not", "¬")),
        ("encoded_twice", query.replace('%', "%25")),
    ];
    let seed = |(index, (name, text)): (usize, (&str, String))| {
        let choice = u8::try_from(index * 37 % 256).unwrap() & !1;
        (name.to_owned(), [&[choice], text.as_bytes()].concat())
    };
    let mut files: Files = forms.into_iter().enumerate().map(seed).collect();
    files.extend(letters::all(set));
    files
}

/// A vector file of one case, with its twin.
fn sets(set: &VectorSet) -> Files {
    let file = |case: &Case| {
        let twin = case.twin_id().and_then(|id| set.document(id));
        let cases: Vec<_> = set.document(&case.id).into_iter().chain(twin).collect();
        let file = json!({"format": 1, "about": {"en": "", "zh": ""}, "cases": cases});
        (case.id.clone(), file.to_string().into_bytes())
    };
    typical(set).map(file).filter(|(_, file)| file.len() < 8192).collect()
}

/// The answer that a case expects, as an adapter writes it.
fn answers(set: &VectorSet) -> Files {
    const STAGES: [&str; 4] = ["decoded", "filtered", "sorted", "string_to_sign"];
    let mut files = Files::new();
    for case in typical(set) {
        let document = set.document(&case.id).unwrap();
        let mut line = json!({"t": "result", "id": 7, "outcome": "reject"});
        if let Some(reasons) = document.get("reject") {
            line["reason"] = reasons[0].clone();
            line["code"] = "SIGN_ERROR".into();
        }
        if let Some(Value::Object(expected)) = document.get("expect") {
            let is_stage = |name: &str| STAGES.contains(&name.trim_end_matches("_b64"));
            let (stages, own): (Map<_, _>, Map<_, _>) =
                expected.clone().into_iter().partition(|(name, _)| is_stage(name));
            line["outcome"] = if own.is_empty() { "accept".into() } else { "value".into() };
            line["stages"] = stages.into();
            line.as_object_mut().unwrap().extend(own);
        }
        files.insert(case.id.clone(), (line.to_string() + "\n").into_bytes());
    }
    let threw = json!({"t": "result", "id": 7, "outcome": "threw", "error": {"type": "E", "message": "订"}});
    files.insert("threw".into(), threw.to_string().into_bytes());
    files
}

/// Every form of the keys of the vectors, and the test keys with what is wrong among them.
fn keys(set: &VectorSet) -> Files {
    const FORMS: [KeyForm; 5] = [
        KeyForm::Secret,
        KeyForm::PrivatePkcs8Pem,
        KeyForm::PrivatePkcs1Pem,
        KeyForm::PublicSpkiPem,
        KeyForm::PublicPkcs1Pem,
    ];
    let mut files = Files::new();
    for (name, key) in set.keys() {
        for form in FORMS {
            if let Some(text) = key.form(form) {
                files.insert(format!("{name}.{form:?}"), text.into());
                // The base64 of PEM hides the structure from a fuzzer.
                let dense: String = text.lines().filter(|line| !line.starts_with('-')).collect();
                if form != KeyForm::Secret
                    && let Ok(bytes) = Bytes::from_fields::<serde_json::Error>(
                        None,
                        Some(dense),
                        Charset::Utf8,
                        "",
                    )
                {
                    files.insert(format!("{name}.{form:?}.der"), bytes.0);
                }
            }
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_none_or(|ending| ending != "md") {
                let name = path.file_name().unwrap().to_str().unwrap();
                files.insert(name.to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Bytes for the structured target, which takes decisions from them: any are as good as any.
fn noise() -> Files {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    let file = |index: usize| {
        let bytes = (0..64 + 48 * index).map(|_| byte()).collect();
        (format!("{index:02}"), bytes)
    };
    (0..24).map(file).collect()
}
