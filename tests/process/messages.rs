//! What goes over the wire, in both directions, against the schema; and the examples of the document.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use alipay_conformance::charset::Charset;
use alipay_conformance::suite::answer::Answer;
use alipay_conformance::suite::implementation::Implementation;
use alipay_conformance::suite::process::{ChildProcess, Options, reply};
use alipay_conformance::vector::bytes::Bytes;
use alipay_conformance::vector::case::{Ask, Stage};
use alipay_conformance::vector::input::{
    Ciphertext, Client, HttpMessage, Input, OrderRecord, Transport,
};
use alipay_conformance::vector::operation::Operation;
use alipay_conformance::vector::reason::Reason;
use jsonschema::Validator;
use serde_json::Value;
use tempfile::tempdir;

use crate::{ask, sign, start};

crate::trials![
    every_message_obeys_the_schema,
    nothing_tells_the_expected_answer,
    the_examples_obey_the_schema,
    the_chinese_document_is_in_step,
    the_example_adapters_work,
    the_python_module_works,
    the_node_module_works,
    what_is_not_declared_is_declined,
    decoded_parameters_are_sent,
    the_schema_knows_every_name,
];

const DOCUMENT: &str = include_str!("../../docs/adapter-protocol.md");
const CHINESE: &str = include_str!("../../docs/adapter-protocol.zh-CN.md");
const SCHEMA: &str = include_str!("../../docs/adapter-messages.schema.json");

#[track_caller]
fn assert_valid(message: &str) {
    static VALIDATOR: OnceLock<Validator> = OnceLock::new();
    let validator = VALIDATOR
        .get_or_init(|| jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap());
    let message: Value = serde_json::from_str(message).unwrap();
    let errors: Vec<_> = validator.iter_errors(&message).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{message}\n{}", errors.join("\n"));
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

fn message(body: &[u8]) -> Input {
    Input::Message(Bytes(body.to_vec()))
}

/// An ask of every operation.
fn asks() -> Vec<Ask> {
    let params = pairs(&[("service", "query_timestamp"), ("subject", "订单")]);
    let order: OrderRecord = serde_json::from_str(
        r#"{"out_trade_no":"1","total_fee":"0.01","product":"dual","seller_id":"2088","trade_status":null}"#,
    )
    .unwrap();
    let http = Input::Http(HttpMessage {
        method: "POST".into(),
        path: "/v3/a?b=1".into(),
        params: pairs(&[("app_id", "2014")]),
        headers: pairs(&[("alipay-nonce", "1")]),
        body: Bytes(b"{}".to_vec()),
        now: Some("2026-01-02T03:04:05+08:00".into()),
    });
    let inputs = Operation::ALL.map(|operation| match operation {
        Operation::StringToSign
        | Operation::Sign
        | Operation::CheckRequest
        | Operation::BuildXml => Input::Params(params.clone()),
        Operation::BuildRequest | Operation::BuildForm => {
            Input::Request { gateway: "https://example.org/".into(), params: params.clone() }
        }
        Operation::Decode | Operation::VerifyNotify => message(b"a=\xD6\xD0&b=%"),
        Operation::VerifyReturn => message(b"a=1"),
        Operation::NotifyIdUrl => Input::NotifyId {
            partner: "2088".into(),
            notify_id: "a%2Fb".into(),
            transport: Transport::Https,
        },
        Operation::NotifyIdAnswer => Input::Answer(Bytes(b"true".to_vec())),
        Operation::Diagnose => {
            Input::Verdicts { signature_matches: true, answer: "invalid".into() }
        }
        Operation::Decide => {
            Input::Notification { notification: params.clone(), order: Some(order.clone()) }
        }
        Operation::ParseRefundResults => Input::RefundResults("1^0.01^SUCCESS".into()),
        Operation::BuildOrderString => Input::Params(params.clone()),
        Operation::SignRequest => http.clone(),
        Operation::VerifyResponse => {
            Input::Response { node: Some("a_response".into()), body: Bytes(b"{\xD6}".to_vec()) }
        }
        Operation::Encrypt => Input::Plaintext(Bytes(b"{\xD6\xD0}".to_vec())),
        Operation::Decrypt => Input::Ciphertext(Ciphertext {
            ciphertext: "AAAA".into(),
            nonce: Some("0123456789ab".into()),
            associated_data: Some("certificate".into()),
        }),
        Operation::BuildClientParams => {
            Input::ClientParams { client: Client::Jsapi, params: params.clone() }
        }
        Operation::BuildReply => {
            Input::Handled { accepted: false, message: "no such order".into() }
        }
        Operation::CertificateSn | Operation::RootCertificateSn => {
            Input::Certificate("-----BEGIN CERTIFICATE-----".into())
        }
        Operation::VerifyCertificate => Input::Chain {
            certificate: "-----BEGIN CERTIFICATE-----".into(),
            roots: String::new(),
            now: "2026-01-01T00:00:00+08:00".into(),
        },
        _ => unreachable!(),
    });
    let numbered = Operation::ALL.into_iter().zip(inputs).enumerate();
    let mut asks: Vec<_> =
        numbered.map(|(number, (operation, input))| ask(number, operation, input)).collect();
    let notification = Input::Notification { notification: params, order: None };
    asks.push(Ask { sign_type: None, key: None, ..ask(90, Operation::Decide, notification) });
    for operation in [Operation::VerifyNotify, Operation::VerifyResponse] {
        let asked = ask(91, operation, http.clone());
        let keys = asked.key.iter().map(|key| ("PUB_KEY_ID_1".into(), key.clone())).collect();
        asks.push(Ask { keys, ..asked });
    }
    let body = Bytes(b"res_data=1".to_vec());
    asks.push(ask(92, Operation::VerifyResponse, Input::Response { node: None, body }));
    let request =
        Input::Request { gateway: "https://example.org/pay".into(), params: pairs(&[("a", "1")]) };
    asks.push(ask(93, Operation::CheckRequest, request));
    asks
}

/// Everything that was sent and answered, line by line.
fn recorded() -> Vec<String> {
    let folder = tempdir().unwrap();
    let file = folder.path().join("lines");
    let adapter = start("record", Some(&file));
    for ask in asks() {
        assert!(adapter.declines(&ask).is_none());
        let answer = adapter.perform(&ask);
        assert!(
            !matches!(answer, Answer::Broken(_) | Answer::NotRun { .. }),
            "{ask:?}: {answer:?}"
        );
    }
    adapter.finish();
    std::fs::read_to_string(file).unwrap().lines().map(Into::into).collect()
}

fn every_message_obeys_the_schema() {
    let lines = recorded();
    let kind = |line: &String| serde_json::from_str::<Value>(line).unwrap()["t"].clone();
    let kinds: Vec<_> = lines.iter().map(kind).collect();
    for (t, count) in [("hello", 1), ("echo", 4), ("run", 29), ("result", 29), ("bye", 1)] {
        assert_eq!(kinds.iter().filter(|kind| *kind == t).count(), count, "{t}");
    }
    lines.iter().for_each(|line| assert_valid(line));
}

fn nothing_tells_the_expected_answer() {
    for line in recorded().iter().filter(|line| line.contains("\"t\":\"run\"")) {
        for word in ["expect", "valid", "stage", "rule", "flags", "title", "twin"] {
            let rest = line.replace("\"answer\":\"invalid\"", "");
            assert!(!rest.contains(word), "{word} in {line}");
        }
    }
}

/// The blocks of the document in a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let blocks = DOCUMENT.split(fence.as_str()).skip(1);
    blocks.map(|block| block.split("```").next().unwrap()).collect()
}

fn the_examples_obey_the_schema() {
    let lines: Vec<_> = blocks("jsonl").into_iter().flat_map(str::lines).collect();
    assert!(lines.len() > 30, "{} examples", lines.len());
    for line in lines {
        assert_valid(line);
        let message: Value = serde_json::from_str(line).unwrap();
        if message["t"] == "result" {
            let id = message["id"].as_u64().unwrap();
            let reply = reply::read(line.as_bytes(), id, Charset::Gbk).unwrap();
            assert!(reply.warnings.is_empty(), "{:?}", reply.warnings);
        }
    }
}

/// What two languages have in common of a section: the blocks, the rows of tables, and the names in the text.
fn shape(section: &str) -> (Vec<&str>, usize, BTreeSet<String>) {
    let (text, blocks): (Vec<_>, Vec<_>) =
        section.split("```").enumerate().partition(|(place, _)| place % 2 == 0);
    let text: String = text.into_iter().map(|(_, text)| text).collect();
    let rows = text.lines().filter(|line| line.starts_with("| ")).count();
    let on_one_line = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ");
    let names = text.split('`').skip(1).step_by(2).map(on_one_line).collect();
    (blocks.into_iter().map(|(_, block)| block).collect(), rows, names)
}

fn the_chinese_document_is_in_step() {
    let [english, chinese] =
        [DOCUMENT, CHINESE].map(|page| page.split("\n## ").collect::<Vec<_>>());
    assert_eq!(english.len(), chinese.len(), "sections");
    for (english, chinese) in english.into_iter().zip(chinese) {
        assert_eq!(shape(english), shape(chinese), "{}", english.lines().next().unwrap());
    }
}

fn is_there(program: &str) -> bool {
    let is_there = Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok();
    assert!(is_there || std::env::var_os("CI").is_none(), "the gate has {program}");
    if !is_there {
        eprintln!("{program} is not there: its example is not tried");
    }
    is_there
}

/// Puts an adapter for UTF-8 and MD5 to the test.
fn try_adapter(program: &str, name: &str, adapter: &str) {
    let folder = tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, adapter).unwrap();
    let options = Options { timeout: Duration::from_secs(10), ..Options::default() };
    let adapter = ChildProcess::start(&[program.into(), file.into()], options).unwrap();
    let answer = adapter.perform(&Ask { charset: Charset::Utf8, ..sign(1) });
    // The MD5 of "subject=订单" and the key.
    assert_eq!(
        answer.output().and_then(|output| output.signature.as_deref()),
        Some("dcd83b12aad0c7d1540292eb3b594d44"),
        "{name}: {answer:?}"
    );
    assert_eq!(adapter.declines(&sign(1)), Some("charset gbk is not declared".into()));
    adapter.finish();
    assert_eq!(adapter.warnings(), [""; 0], "{name}");
}

fn the_example_adapters_work() {
    for (language, program, name) in
        [("python", "python3", "adapter.py"), ("js", "node", "adapter.js")]
    {
        let [adapter] = blocks(language)[..] else { panic!("{language}: expected one block") };
        if is_there(program) {
            try_adapter(program, name, adapter);
        }
    }
}

/// With a library that prints to stdout.
fn the_python_module_works() {
    if !is_there("python3") {
        return;
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/adapters/python");
    let adapter = format!(
        r#"
import hashlib, os, sys
sys.path.insert(0, {folder:?})
from protocol import serve, value

def sign(request):
    print("a library's own words")
    os.write(1, b"and those of its C part")
    string = "&".join("=".join(pair) for pair in request["params"]) + request["key"]["secret"]
    return value(signature=hashlib.md5(string.encode()).hexdigest())

serve(
    adapter={{"name": "a", "version": "1"}}, subject={{"name": "b", "version": "1"}},
    supports=[{{"op": "sign", "protocol": "alipay.mapi", "charsets": ["utf-8"]}}], operations={{"sign": sign}},
)
"#
    );
    try_adapter("python3", "module.py", &adapter);
}

/// With a library that prints to stdout, and an operation that takes its time.
fn the_node_module_works() {
    if !is_there("node") {
        return;
    }
    let module = concat!(env!("CARGO_MANIFEST_DIR"), "/adapters/node/protocol.mjs");
    let adapter = format!(
        r#"
import {{ createHash }} from "node:crypto";
import {{ serve, value }} from {module:?};

async function sign({{ params, key }}) {{
  console.log("a library's own words");
  await new Promise((resolve) => setTimeout(resolve, 1));
  const string = params.map((pair) => pair.join("=")).join("&") + key.secret;
  return value({{ signature: createHash("md5").update(string).digest("hex") }});
}}

serve({{
  adapter: {{ name: "a", version: "1" }}, subject: {{ name: "b", version: "1" }},
  supports: [{{ op: "sign", protocol: "alipay.mapi", charsets: ["utf-8"] }}], operations: {{ sign }},
}});
"#
    );
    try_adapter("node", "module.mjs", &adapter);
}

fn what_is_not_declared_is_declined() {
    let adapter = start("bounds", None);
    let [request, notify] = [Operation::BuildRequest, Operation::VerifyNotify];
    let declined = |ask: Ask| adapter.declines(&ask);
    let service =
        |name: &str| Input::Request { gateway: String::new(), params: pairs(&[("service", name)]) };
    let notify_id =
        |transport| Input::NotifyId { partner: String::new(), notify_id: String::new(), transport };
    let good = || ask(1, notify, message(b"a=%D6%D0"));
    for (ask, why) in [
        (good(), None),
        (sign(1), Some("operation sign is not declared")),
        (
            Ask { protocol: "alipay.openapi".into(), ..sign(1) },
            Some("protocol alipay.openapi is not declared"),
        ),
        (Ask { sign_type: Some("RSA".into()), ..good() }, Some("sign type RSA is not declared")),
        (Ask { charset: Charset::Utf8, ..ask(1, notify, message(b"a=1")) }, None),
        (Ask { charset: Charset::Gb18030, ..good() }, Some("charset gb18030 is not declared")),
        (Ask { stage: Stage::Decode, ..good() }, Some("the library takes decoded parameters")),
        (ask(1, notify, message(b"a=%")), Some("the library takes decoded parameters")),
        (ask(1, notify, message(b"a=%FF")), Some("the library takes decoded parameters")),
        (ask(1, notify, message(b"a=1&%61=2")), Some("the library takes each name once")),
        (ask(1, request, service("query_timestamp")), None),
        (ask(1, request, service("notify_verify")), Some("the service is not declared")),
        (ask(1, Operation::NotifyIdUrl, notify_id(Transport::Https)), None),
        (
            ask(1, Operation::NotifyIdUrl, notify_id(Transport::Http)),
            Some("transport http is not declared"),
        ),
    ] {
        let expected = why.map(str::to_owned);
        let ask = match expected {
            Some(_) => ask,
            // What is not declined can be asked.
            None => {
                let answer = adapter.perform(&ask);
                assert!(!matches!(answer, Answer::Broken(_) | Answer::NotOffered), "{answer:?}");
                ask
            }
        };
        let shown = format!("{ask:?}");
        assert_eq!(declined(ask), expected, "{shown}");
    }
    assert_eq!(
        adapter.warnings(),
        [
            "hello_ok: unknown charset \"utf8\": expected utf-8, gbk, gb2312 or gb18030",
            "hello_ok: supports has an unknown field \"sign_type\": the nearest known one is \"sign_types\"",
            "hello_ok: supports an unknown op \"verify_nottify\": the nearest known one is \"verify_notify\"",
        ]
    );
}

fn decoded_parameters_are_sent() {
    let adapter = start("bounds", None);
    let body = message(b"b=%D6%D0+x&a=%252F&c");
    let answer = adapter.perform(&ask(1, Operation::VerifyNotify, body));
    let decoded = answer.output().unwrap().decoded.as_ref().unwrap();
    assert_eq!(
        decoded.decode(Charset::Gbk).unwrap(),
        pairs(&[("b", "中 x"), ("a", "%2F"), ("c", "")])
    );
}

fn the_schema_knows_every_name() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let names = |pointer: &str| -> Vec<String> {
        serde_json::from_value(schema.pointer(pointer).unwrap().clone()).unwrap()
    };
    assert_eq!(names("/$defs/op/enum"), Operation::ALL.map(Operation::name));
    assert_eq!(names("/$defs/reason/enum"), Reason::ALL.map(Reason::name));
    assert_eq!(names("/$defs/charset/enum"), Charset::ALL.map(Charset::label));
}
