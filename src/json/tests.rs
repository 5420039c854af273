use std::cell::Cell;

use super::*;

thread_local! {
    pub(super) static STEPS: Cell<usize> = const { Cell::new(0) };
}

fn members(text: &[u8], charset: Charset) -> Result<Vec<Member<'_>>, JsonError> {
    Members::new(text, charset)?.collect()
}

fn error(text: &[u8]) -> String {
    members(text, Charset::Utf8).unwrap_err().to_string()
}

#[test]
fn every_kind_of_value_stands_as_it_was() {
    let text = br#"{"a":{},"b":[],"c":"","d":-0.50E+07,"e":true,"f":false,"g":null,"h":[[{"i":[1,{}]},2],"]}"]}"#;
    let members = members(text, Charset::Utf8).unwrap();
    let values: Vec<_> =
        members.iter().map(|member| member.value.escape_ascii().to_string()).collect();
    let expected = [
        "{}",
        "[]",
        r#"\"\""#,
        "-0.50E+07",
        "true",
        "false",
        "null",
        r#"[[{\"i\":[1,{}]},2],\"]}\"]"#,
    ];
    assert_eq!(values, expected);
    for member in &members {
        assert!(text[member.offset..].starts_with(member.value));
    }
}

#[test]
fn blanks_belong_to_no_value() {
    let text = b"\r\n\t {\n\"a\"\t:\r { \"b\" : [ 1 , 2 ] } , \"c\" : 3 }\n\n";
    let members = members(text, Charset::Utf8).unwrap();
    assert_eq!(members[0].value, b"{ \"b\" : [ 1 , 2 ] }");
    assert_eq!(members[1].value, b"3");
    assert_eq!(members[1].string(), None);
}

#[test]
fn what_is_no_object_is_refused_at_its_first_wrong_byte() {
    for (text, message) in [
        ("", "JSON breaks at byte 0: expected an object, found the end"),
        ("[]", "JSON breaks at byte 0: expected an object, found '['"),
        ("\u{FEFF}{}", "JSON breaks at byte 0: expected an object, found '\\xef'"),
        ("{} x", "JSON breaks at byte 3: expected the end, found 'x'"),
        ("{}{}", "JSON breaks at byte 2: expected the end, found '{'"),
        ("{\"a\":1,}", "JSON breaks at byte 7: expected a name in quotes, found '}'"),
        ("{,\"a\":1}", "JSON breaks at byte 1: expected a name in quotes, found ','"),
        ("{'a':1}", "JSON breaks at byte 1: expected a name in quotes, found '\\''"),
        ("{\"a\" 1}", "JSON breaks at byte 5: expected ':', found '1'"),
        ("{\"a\":}", "JSON breaks at byte 5: expected a value, found '}'"),
        ("{\"a\":1 2}", "JSON breaks at byte 7: expected ',' or '}', found '2'"),
        ("{\"a\":[1,]}", "JSON breaks at byte 8: expected a value, found ']'"),
        ("{\"a\":[1}", "JSON breaks at byte 7: expected ',' or ']', found '}'"),
        ("{\"a\":{\"b\":1]}", "JSON breaks at byte 11: expected ',' or '}', found ']'"),
        ("{\"a\":01}", "JSON breaks at byte 6: expected ',' or '}', found '1'"),
        ("{\"a\":1.}", "JSON breaks at byte 7: expected a digit, found '}'"),
        ("{\"a\":-}", "JSON breaks at byte 6: expected a digit, found '}'"),
        ("{\"a\":1e+}", "JSON breaks at byte 8: expected a digit, found '}'"),
        ("{\"a\":+1}", "JSON breaks at byte 5: expected a value, found '+'"),
        ("{\"a\":nul}", "JSON breaks at byte 8: expected null, found '}'"),
        ("{\"a\":NaN}", "JSON breaks at byte 5: expected a value, found 'N'"),
        ("{\"a\":\"b\nc\"}", "JSON breaks at byte 7: expected a character or '\"', found '\\n'"),
        ("{\"a\":\"b", "JSON breaks at byte 7: expected a character or '\"', found the end"),
        ("{\"a\":\"\\x\"}", "JSON breaks at byte 7: expected an escape, found 'x'"),
        ("{\"a\":\"\\u12g4\"}", "JSON breaks at byte 10: expected a hex digit, found 'g'"),
        ("{\"a\":1", "JSON breaks at byte 6: expected ',' or '}', found the end"),
        ("{\"a\":/**/1}", "JSON breaks at byte 5: expected a value, found '/'"),
    ] {
        assert_eq!(error(text.as_bytes()), message, "{text}");
    }
    assert_eq!(
        error(b"{\"a\":\"\xD6\xD0\"}"),
        "byte 0xD6 at offset 6 begins no character of utf-8"
    );
}

#[test]
fn there_is_nothing_behind_an_error() {
    let mut members = Members::new(b"{\"a\":1,x\"b\":2}", Charset::Utf8).unwrap();
    assert!(members.next().unwrap().is_ok());
    assert!(members.next().unwrap().is_err());
    assert!(members.next().is_none());
}

#[test]
fn every_byte_of_a_string_is_looked_at() {
    for length in 0..40 {
        for stop in [b'"', b'\\', 0x1F, 0x00] {
            let text =
                [b"{\"a\":\"", "x".repeat(length).as_bytes(), &[stop], b"!!!!!!!!!!\"}"].concat();
            let offset = 6 + length + usize::from(matches!(stop, b'"' | b'\\'));
            let Err(JsonError::Syntax { offset: found, .. }) = members(&text, Charset::Utf8) else {
                panic!("{stop} behind {length} is taken");
            };
            assert_eq!(found, offset, "{stop} behind {length}");
        }
        let long = "x".repeat(length) + "\u{7F}中\u{FFFD}" + &"x".repeat(length);
        let text = format!("{{\"a\":\"{long}\"}}");
        assert!(members(text.as_bytes(), Charset::Utf8).unwrap()[0].string().unwrap().is(&long));
    }
}

#[test]
fn the_second_byte_of_a_character_is_no_syntax() {
    // The first is a lead byte and a backslash, in all of them two bytes of one character.
    for pair in [b"\xD5\x5C", b"\x81\x7B", b"\x81\x7D", b"\x81\x5B", b"\x81\x5D"] {
        for before in 0..9 {
            let text = [b"{\"a\":\"", "x".repeat(before).as_bytes(), pair, b"\",\"b\":1}"].concat();
            for charset in [Charset::Gbk, Charset::Gb2312, Charset::Gb18030] {
                let members = members(&text, charset).unwrap();
                assert_eq!(members.len(), 2, "{pair:02X?} behind {before}");
                let string = members[0].string().unwrap().decoded();
                assert_eq!(&string[before..], pair);
            }
        }
    }
    let half = members(b"{\"a\":\"\xD5\"}", Charset::Gbk).unwrap_err();
    assert_eq!(half.to_string(), "byte 0xD5 at offset 6 begins no character of gbk");
    assert!(members(b"{\xD6\xD0:1}", Charset::Gbk).is_err());
}

#[test]
fn escapes_are_decoded() {
    let text = br#"{"a":"\"\\\/\b\f\n\r\t\u0041\u00e9\u4e2D\ud83d\ude00\ud83dx\ude00"}"#;
    let decoded = members(text, Charset::Utf8).unwrap()[0].string().unwrap().decoded().into_owned();
    let expected = ["\"\\/\u{8}\u{C}\n\r\tAé中😀".as_bytes(), b"\xED\xA0\xBDx\xED\xB8\x80"];
    assert_eq!(decoded, expected.concat());
}

#[test]
fn a_name_is_what_its_escapes_stand_for() {
    let text =
        br#"{"sign":1,"s\u0069gn":2,"\u0073\u0069\u0067\u006e":3,"sign\u0000":4,"Sign":5,"":6}"#;
    let names: Vec<_> =
        members(text, Charset::Utf8).unwrap().iter().map(|member| member.name.is("sign")).collect();
    assert_eq!(names, [true, true, true, false, false, false]);
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize, open: &str, close: &str| {
        format!("{{\"a\":{}1{}}}", open.repeat(depth - 1), close.repeat(depth - 1)).into_bytes()
    };
    for (open, close) in [("[", "]"), ("{\"b\":", "}")] {
        assert!(members(&nested(MAX_DEPTH, open, close), Charset::Utf8).is_ok());
        let offset = 5 + (MAX_DEPTH - 1) * open.len();
        let too_deep = nested(MAX_DEPTH + 1, open, close);
        assert_eq!(members(&too_deep, Charset::Utf8), Err(JsonError::TooDeep { offset }));
        let too_deep = nested(100_000, open, close);
        assert_eq!(members(&too_deep, Charset::Utf8), Err(JsonError::TooDeep { offset }));
    }
    assert_eq!(error(&nested(200, "[", "]")), "JSON nests deeper than 128 at byte 132");
}

#[test]
fn the_work_grows_with_the_length_and_no_faster() {
    type Text = fn(usize) -> String;
    let texts: [(&str, Text); 7] = [
        ("one string", |n| format!("{{\"a\":\"{}\"}}", "x".repeat(n))),
        ("escapes", |n| format!("{{\"a\":\"{}\"}}", "\\\"".repeat(n / 2))),
        ("short strings", |n| format!("{{\"a\":[{}0]}}", "\"\",".repeat(n / 3))),
        ("members", |n| format!("{{{}\"a\":0}}", "\"a\":0,".repeat(n / 6))),
        ("blanks", |n| format!("{{{}}}", " ".repeat(n))),
        ("digits", |n| format!("{{\"a\":{}}}", "1".repeat(n))),
        ("pairs", |n| format!("{{\"a\":[{}0]}}", "[{}],".repeat(n / 5))),
    ];
    for (what, text) in texts {
        for n in [1_000, 1_000_000] {
            let text = text(n);
            STEPS.set(0);
            assert!(members(text.as_bytes(), Charset::Gbk).is_ok(), "{what}");
            let turns = text.len() / 10..=2 * text.len();
            assert!(turns.contains(&STEPS.get()), "{what}: {} turns", STEPS.get());
        }
    }
}

#[test]
fn a_long_string_is_taken_eight_bytes_at_a_time() {
    let printable: String = (' '..='~').filter(|character| !"\"\\".contains(*character)).collect();
    let text = format!("{{\"a\":\"{}\"}}", printable.repeat(1_000));
    for charset in [Charset::Utf8, Charset::Gbk] {
        STEPS.set(0);
        assert!(members(text.as_bytes(), charset).is_ok());
        assert!(STEPS.get() < text.len() / 8 + 30, "{} turns", STEPS.get());
    }
}
