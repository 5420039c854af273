//! One message in every form in which it may be captured.

use alipay_conformance::explain::capture::{
    CaptureError, Captured, Http, InputForm, Remark, capture,
};
use alipay_conformance::explain::{Budget, GivenKey, Question, explain};

const PAIRS: &[(&str, &str)] =
    &[("subject", "中 \"文\" 'a' \\ b"), ("notify_id", "a%2Fb+c"), ("sign", "x+/=")];
const QUERY: &str =
    "subject=%E4%B8%AD+%22%E6%96%87%22+%27a%27+%5C+b&notify_id=a%252Fb%2Bc&sign=x%2B%2F%3D";

#[track_caller]
fn reads(form: InputForm, text: &str) -> Captured {
    let captured = capture(text.as_bytes(), None).unwrap();
    assert_eq!(captured.form, form, "{text}");
    let got = captured.params.iter();
    let got: Vec<_> = got.map(|(name, value)| (text_of(name), text_of(value))).collect();
    let expected: Vec<_> = PAIRS.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
    assert_eq!(got, expected, "{text}");
    let forced = capture(text.as_bytes(), Some(form)).unwrap();
    assert_eq!(forced, captured);
    captured
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn bodies_and_addresses() {
    for text in [QUERY.to_owned(), format!("{QUERY}\n"), format!("{QUERY}\r\n")] {
        reads(InputForm::Body, &text);
    }
    for text in [
        format!("?{QUERY}"),
        format!("https://shop.example/return?{QUERY}#top\n"),
        format!("/return.php?{QUERY}"),
    ] {
        reads(InputForm::Url, &text);
    }
    assert_eq!(
        capture(QUERY.as_bytes(), Some(InputForm::Json)).unwrap_err(),
        CaptureError::OtherForm("json")
    );
    let odd = capture(b"a=100%&b=%41", None).unwrap();
    assert_eq!(odd.params.iter().collect::<Vec<_>>(), [(&b"a"[..], &b"100%"[..]), (b"b", b"A")]);
    assert!(matches!(odd.remarks[..], [Remark::MalformedEscape(_)]));
}

#[test]
fn requests() {
    reads(InputForm::Http, &format!("POST /notify HTTP/1.1\r\nHost: shop.example\r\n\r\n{QUERY}"));
    reads(InputForm::Http, &format!("GET /return?{QUERY} HTTP/1.1\nHost: shop.example\n\n"));
    let both = format!("POST /notify?m=pay HTTP/1.1\n\n{QUERY}");
    let both = reads(InputForm::Http, &both);
    assert_eq!(both.remarks, [Remark::QueryBesideBody(vec![b"m".to_vec()])]);
}

fn http(text: &str) -> Http {
    let captured = capture(text.as_bytes(), None).unwrap();
    assert!(captured.params.is_empty(), "{text}");
    captured.http.unwrap()
}

/// Messages with a signature in a header: first line, headers and body as they stand.
#[test]
fn messages_with_headers() {
    const HEADERS: &str =
        "wechatpay-timestamp:1\r\nWechatpay-Nonce:  n \r\nWechatpay-Signature: a+b=\r\n";
    for (first, method, path, is_reply) in [
        ("POST /notify?a=%41 HTTP/1.1\r\n", "POST", "/notify?a=%41", Some(false)),
        ("HTTP/2 200\r\n", "", "", Some(true)),
        ("", "", "", None),
    ] {
        let http = http(&format!("{first}{HEADERS}\r\n{{\"a\":\"%\"}}\n\n"));
        assert_eq!((text_of(&http.method), text_of(&http.path)), (method.into(), path.into()));
        assert_eq!(http.is_reply, is_reply);
        let headers: Vec<_> = http.headers.iter().map(|(n, v)| (text_of(n), text_of(v))).collect();
        let expected = [
            ("wechatpay-timestamp", "1"),
            ("Wechatpay-Nonce", "n"),
            ("Wechatpay-Signature", "a+b="),
        ];
        assert_eq!(headers, expected.map(|(name, value)| (name.into(), value.into())));
        assert_eq!(
            (text_of(&http.body), text_of(&http.line_ending)),
            ("{\"a\":\"%\"}\n".into(), "\n".into())
        );
    }
    // What is no header of a signed message is a body, as ever.
    assert_eq!(capture(b"Host: shop.example\n\na=1", None).unwrap().form, InputForm::Body);
}

#[test]
fn curl_commands_with_headers() {
    const SIGNED: &str = "-H 'Authorization: WECHATPAY2-SHA256-RSA2048 mchid=\"1\"'";
    for (command, line, body) in [
        (format!("curl {SIGNED} https://a.example/v3/x?y=%31#z"), "GET /v3/x?y=%31", ""),
        (format!("curl https://a.example {SIGNED} -d '{{}}\n'"), "POST /", "{}\n"),
        (format!("curl -X PUT {SIGNED} --data-raw {{}} a.example/v3"), "PUT /v3", "{}"),
        (format!("curl -G {SIGNED} -d a=1 https://a.example/v3"), "GET /v3?a=1", ""),
    ] {
        let http = http(&command);
        assert_eq!(format!("{} {}", text_of(&http.method), text_of(&http.path)), line);
        assert_eq!((text_of(&http.body), http.line_ending), (body.into(), vec![]));
        assert_eq!(
            text_of(http.headers.get(b"Authorization").unwrap()),
            "WECHATPAY2-SHA256-RSA2048 mchid=\"1\""
        );
    }
}

#[test]
fn curl_commands() {
    let quoted = QUERY.replace('\'', "'\\''");
    for text in [
        format!("curl -d '{quoted}' https://shop.example/notify"),
        format!("curl 'https://shop.example/notify' \\\n  -H 'a: b' \\\n  --data-raw '{quoted}' --compressed"),
        format!("$ curl -X POST https://shop.example/notify --data=\"{QUERY}\""),
        format!("curl -d{QUERY} x"),
        format!("curl -G 'https://shop.example/return?{quoted}'"),
        "curl x --data-urlencode $'subject=中 \"文\" \\'a\\' \\\\ b' --data-urlencode notify_id=a%2Fb+c \
         --data-urlencode 'sign=x+/='"
            .to_owned(),
        "curl x -F $'subject=中 \"文\" \\'a\\' \\\\ b' -F notify_id=a%2Fb+c -F 'sign=x+/='".to_owned(),
    ] {
        // A shell takes an unquoted & for the end.
        let text = if text.contains("-dsubject") { text.replace('&', "\\&") } else { text };
        reads(InputForm::Curl, &text);
    }
    let file = capture(b"curl -d @body.txt https://shop.example/notify", None).unwrap();
    assert_eq!((file.form, file.remarks), (InputForm::Curl, vec![Remark::DataFromFile]));
}

#[test]
fn log_lines() {
    let start = "110.75.152.1 - - [22/Oct/2008:20:49:32 +0800]";
    for text in [
        format!("{start} \"GET /return?{QUERY} HTTP/1.1\" 200 7 \"-\" \"Mozilla/5.0\""),
        format!("{start} \"POST /notify HTTP/1.1\" 200 7 \"-\" \"Jakarta\" \"{QUERY}\"\n"),
        // As nginx escapes it.
        format!(
            "{start} \"POST /notify HTTP/1.1\" 200 7 \"{}\"",
            "subject=\\xE4\\xB8\\xAD+\\x22\\xE6\\x96\\x87\\x22+'a'+\\x5C+b&notify_id=a%252Fb%2Bc&sign=x%2B/="
        ),
        format!("{start} \"GET / HTTP/1.1\" 200 7\n{start} \"GET /return?{QUERY} HTTP/1.1\" 200 7"),
    ] {
        reads(InputForm::Log, &text);
    }
}

#[test]
fn json() {
    for text in [
        r#"{"subject":"中 \"文\" 'a' \\ b","notify_id":"a%2Fb+c","sign":"x+\/="}"#,
        "\u{FEFF}[[\"subject\",\"中 \\\"文\\\" 'a' \\\\ b\"],[\"notify_id\",\"a%2Fb+c\"],[\"sign\",\"x+/=\"]]\n",
        r#"[2008-10-22 20:49:32] local.INFO: {"subject":"中 \"文\" 'a' \\ b","notify_id":"a%2Fb+c","sign":"x+/="} []"#,
    ] {
        assert_eq!(reads(InputForm::Json, text).remarks, []);
    }
    let typed =
        capture(br#"{"total_fee":0.10,"body":null,"a":["x"],"b":"y","b":"z"}"#, None).unwrap();
    let names = ["total_fee", "body", "a"].map(|name| name.as_bytes().to_vec());
    assert_eq!(typed.remarks, [Remark::Typed(names.to_vec())]);
    let pairs: Vec<_> = typed.params.iter().collect();
    assert_eq!(
        pairs,
        [(&b"total_fee"[..], &b"0.10"[..]), (b"a", b"x"), (b"b", b"y"), (b"b", b"z")]
    );
}

#[test]
fn dumps_of_php_and_others() {
    reads(
        InputForm::PrintR,
        "Array\n(\n    [subject] => 中 \"文\" 'a' \\ b\n    [notify_id] => a%2Fb+c\n    [sign] => x+/=\n)\n",
    );
    let lines = capture(b"Array\n(\n    [body] => one\ntwo\n    [a] => \n)\n", None).unwrap();
    assert_eq!(
        lines.params.iter().collect::<Vec<_>>(),
        [(&b"body"[..], &b"one\ntwo"[..]), (b"a", b"")]
    );
    let dump = reads(
        InputForm::VarDump,
        "array(3) {\n  [\"subject\"]=>\n  string(17) \"中 \"文\" 'a' \\ b\"\n  [\"notify_id\"]=>\n  \
         string(7) \"a%2Fb+c\"\n  [\"sign\"]=>\n  string(4) \"x+/=\"\n}\n",
    );
    assert_eq!(dump.remarks, []);
    // GBK when it was dumped, UTF-8 now.
    let other = "array(1) {\n  [\"subject\"]=>\n  string(4) \"中文\"\n}\n";
    let other = capture(other.as_bytes(), None).unwrap();
    assert_eq!(other.remarks, [Remark::OtherLength(vec![b"subject".to_vec()])]);
    for text in [
        "array (\n  'subject' => '中 \"文\" \\'a\\' \\\\ b',\n  'notify_id' => 'a%2Fb+c',\n  'sign' => 'x+/=',\n)",
        "$_POST = ['subject' => '中 \"文\" \\'a\\' \\\\ b', 'notify_id' => 'a%2Fb+c', 'sign' => 'x+/='];",
        "{'subject': '中 \"文\" \\'a\\' \\\\ b', 'notify_id': 'a%2Fb+c', 'sign': 'x+/='}",
        "{'subject': ['中 \"文\" \\'a\\' \\\\ b'], 'notify_id': ['a%2Fb+c'], 'sign': ['x+/=']}",
        "{\"subject\"=>\"中 \\\"文\\\" 'a' \\\\ b\", \"notify_id\"=>\"a%2Fb+c\", \"sign\"=>\"x+/=\"}",
    ] {
        reads(InputForm::VarExport, text);
    }
}

/// A dump is text; the charset says in which bytes it was signed.
#[test]
fn the_charset_of_a_dump() {
    let mut scene = crate::scene::genuine(crate::scene::MD5_GBK, &[]);
    scene.values(|value| {
        alipay_conformance::charset::Charset::Gbk.decode(value).unwrap().into_owned().into_bytes()
    });
    let text: Vec<(String, String)> =
        scene.params.iter().map(|(name, value)| (text_of(name), text_of(value))).collect();
    let message = capture(serde_json::to_string(&text).unwrap().as_bytes(), None).unwrap();
    let keys = [GivenKey::new("the key", scene.keys[0].1.clone())];
    let mut question = Question::new(&message, &keys);
    let finding = explain(&question, Budget::default(), &|| false);
    assert_eq!(crate::scene::ids(&finding), [["charset-gbk-signed"]]);
    question.charset = Some(alipay_conformance::charset::Charset::Gbk);
    assert!(explain(&question, Budget::default(), &|| false).is_genuine());
}
