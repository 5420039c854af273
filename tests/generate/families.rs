//! Every protocol is drawn: the reference conforms, known mistakes are found, and what is kept is right.

use std::sync::atomic::AtomicBool;

use alipay_conformance::generate::{
    Finding, Options, Search, Test, protocols, search as search_with,
};
use alipay_conformance::mistake::{self, Mistaken};
use alipay_conformance::suite::implementation::Implementation;
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::suite::run::Conclusion;
use alipay_conformance::vector::operation::Operation;

use crate::{Wrong, kept_and_found_again};

/// RSA takes ten milliseconds in a debug build.
const CASES: usize = if cfg!(debug_assertions) { 80 } else { 2000 };

fn search(implementation: &dyn Implementation, protocol: &str, cases: usize) -> Search {
    let interrupted = AtomicBool::new(false);
    let options = Options { protocol: Some(protocol), ..Options::new(cases, 1, &interrupted) };
    search_with(implementation, options).unwrap()
}

/// Those but the legacy gateway, which has tests of its own.
fn others() -> impl Iterator<Item = &'static str> {
    protocols().filter(|id| *id != "alipay.mapi")
}

fn shown(finding: &Finding) -> String {
    let input = String::from_utf8_lossy(&finding.input);
    format!("{} {}: {input}", finding.kind.protocol, finding.kind.test)
}

#[test]
fn the_reference_conforms() {
    for protocol in others() {
        let search = search(&Reference::default(), protocol, CASES);
        let findings: Vec<_> = search.findings.iter().map(shown).collect();
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(search.conclusion(CASES), Conclusion::Conforms, "{protocol}");
        assert_eq!(search.protocols.iter().collect::<Vec<_>>(), [&protocol]);
        let operations = search.tests.iter().filter(|(test, _)| matches!(test, Test::Operation(_)));
        let idle: Vec<_> = operations.filter(|(_, count)| **count == 0).collect();
        assert!(idle.is_empty(), "{protocol}: {idle:?}");
    }
}

/// In a few cases each, and as small as they get: what the input of the finding begins with.
#[track_caller]
fn found(protocol: &str, cases: usize, mistakes: &[(&str, Operation, &str)]) {
    for (id, operation, smallest) in mistakes {
        let mistaken = Mistaken::new([mistake::find(id).expect(id)]);
        let search = search(&mistaken, protocol, cases);
        let of = |finding: &&Finding| finding.kind.test == Test::Operation(*operation);
        let all: Vec<_> = search.findings.iter().map(shown).collect();
        let is_smallest =
            |finding: &Finding| String::from_utf8_lossy(&finding.input).starts_with(smallest);
        assert!(search.findings.iter().filter(of).any(is_smallest), "{id}: {all:#?}");
    }
}

#[test]
fn mistakes_about_the_open_platform() {
    use Operation::{BuildOrderString, Sign, StringToSign, VerifyNotify};
    const ORDER: &str = r#"[["app_id","2014072300007148"],["method","alipay.trade.app.pay"],["format","JSON"],["charset","utf-8"],["timestamp","2014-07-24 03:07:50"],["version","1.0"],["biz_content","{\"out_trade_no\":\"1\"}"]]"#;
    found(
        "alipay.openapi.v2",
        50,
        &[
            ("filter-sign-type-removed-from-openapi-request", BuildOrderString, ORDER),
            ("sort-none", StringToSign, r#"[["b","a"],["a","a"]]"#),
            ("sort-by-length", Sign, r#"[["aa","a"],["b","a"]]"#),
            ("join-trailing-separator", Sign, r#"[["a","a"]]"#),
            ("rsa-hex-signature", Sign, r#"[["a","a"]]"#),
            ("join-stripslashes", StringToSign, r#"[["a","\\"]]"#),
            ("encode-plus-kept", VerifyNotify, "notify_id=1&a=+a&sign_type=RSA&sign="),
            ("filter-sign-type-left-in-notify", VerifyNotify, "notify_id=1&sign_type=RSA&sign="),
            ("filter-notify-allow-list", VerifyNotify, "notify_id=1&a=a&"),
        ],
    );
}

#[test]
fn mistakes_about_the_mobile_and_the_wap_product() {
    use Operation::{BuildOrderString, BuildRequest, Sign, StringToSign};
    const TRADE: &str = r#"[["service","alipay.wap.trade.create.direct"],["format","xml"],["v","2.0"],["partner","1000000000000000"],["req_id","1282889689836"]]"#;
    found(
        "alipay.wap",
        50,
        &[
            ("sort-none", StringToSign, r#"[["b","a"],["a","a"]]"#),
            ("join-trailing-separator", Sign, r#"[["a","a"]]"#),
            ("filter-wap-sec-id-left-out", BuildRequest, TRADE),
            ("filter-wap-sign-type-sent", BuildRequest, TRADE),
        ],
    );
    found(
        "alipay.mobile",
        50,
        &[
            (
                "sort-mobile-order-string-resent-unsorted",
                BuildOrderString,
                r#"[["b","a"],["a","a"]]"#,
            ),
            ("join-mobile-values-not-quoted", Sign, r#"[["a","a"]]"#),
            ("encode-mobile-values-escaped", BuildOrderString, r#"[["a","#),
            ("encode-mobile-sign-not-escaped", BuildOrderString, r#"[["a","a"]]"#),
        ],
    );
}

#[test]
fn mistakes_about_version_2_of_wechat_pay() {
    use Operation::{Decode, Sign, StringToSign, VerifyNotify, VerifyResponse};
    const EMPTY: &str = "<xml><return_code><![CDATA[SUCCESS]]></return_code><result_code><![CDATA[SUCCESS]]></result_code><sign_type>";
    const ONE: &str = "<xml><return_code><![CDATA[SUCCESS]]></return_code><result_code><![CDATA[SUCCESS]]></result_code><a><![CDATA[a]]></a><sign_type>";
    found(
        "wechatpay.v2",
        60,
        &[
            ("join-wechat-key-bare", Sign, r#"[["a","a"]]"#),
            ("join-wechat-secret-suffix", Sign, r#"[["a","a"]]"#),
            ("join-wechat-key-sorted", VerifyResponse, EMPTY),
            ("filter-sign-type-dropped-wechat-v2", VerifyNotify, EMPTY),
            ("filter-wechat-known-members", VerifyNotify, ONE),
            ("sort-none", StringToSign, r#"[["b","a"],["a","a"]]"#),
            (
                "xml-empty-element-becomes-array",
                Decode,
                "<xml><a><![CDATA[a]]></a><b><![CDATA[]]></b>",
            ),
            (
                "xml-references-kept",
                Decode,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a --><xml>\n  <a>&",
            ),
            (
                "xml-prolog-refused",
                Decode,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a --><xml>\n  <a>a</a>",
            ),
            (
                "xml-indentation-read",
                Decode,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a --><xml>\n  <a>a</a>",
            ),
        ],
    );
}

#[test]
fn mistakes_about_version_3_of_wechat_pay() {
    use Operation::{BuildClientParams, SignRequest, VerifyNotify, VerifyResponse};
    const GET: &str = r#"{"body":"","headers":[],"method":"GET","now":null,"params":[["mchid","1900007291"],["nonce_str","a"],["timestamp","1554208460"],["serial_no","408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB"]],"path":"/"#;
    found(
        "wechatpay.v3",
        60,
        &[
            ("join-v3-final-newline-missing", SignRequest, GET),
            ("join-v3-path-form", SignRequest, GET),
            ("join-v3-get-body-not-empty", SignRequest, GET),
            ("join-v3-method-fixed", SignRequest, GET),
            ("join-v3-query-not-signed", SignRequest, GET),
            ("join-wechat-v3-lines-swapped", SignRequest, GET),
            ("join-v3-empty-object-as-empty", VerifyResponse, r#"{"body":"{}","#),
            ("replay-timestamp-ignored", VerifyResponse, r#"{"body":"{}","#),
            ("resource-data-left-out", VerifyNotify, r#"{"body":"{\"create_time\""#),
            (
                "paysign-v3-app-lines",
                BuildClientParams,
                r#"{"client":"app","params":[["appid","wx2421b1c4370ec43b"],"#,
            ),
        ],
    );
}

#[test]
fn mistakes_about_other_signatures_in_headers() {
    use Operation::{SignRequest, VerifyNotify, VerifyResponse};
    const EMPTY: &str = r#"{"body":"{}","headers":[["#;
    found(
        "antom",
        30,
        &[
            ("join-antom-final-newline", SignRequest, EMPTY),
            ("join-antom-lines", VerifyNotify, EMPTY),
            ("join-v3-path-form", VerifyResponse, EMPTY),
        ],
    );
    const GET: &str = r#"{"body":"","headers":[],"method":"GET","#;
    found(
        "alipay.openapi.v3",
        30,
        &[
            (
                "join-v3-app-auth-token-line-missing",
                SignRequest,
                r#"{"body":"","headers":[["alipay-app-auth-token","a"]],"#,
            ),
            ("join-v3-app-auth-token-line-empty", SignRequest, GET),
            ("join-v3-query-not-signed", SignRequest, GET),
            ("join-v3-reply-lines-swapped", VerifyResponse, EMPTY),
        ],
    );
}

/// Whatever is asked, the answer is wrong in the same way: so every kind of case is kept.
#[test]
fn every_kind_of_case_agrees_with_the_oracle() {
    for protocol in others() {
        let search = search(&Wrong, protocol, 40);
        assert!(search.findings.iter().any(|one| one.case().is_some()), "{protocol}");
        kept_and_found_again(&search, &Wrong);
    }
}
