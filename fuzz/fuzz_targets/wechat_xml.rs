#![no_main]

use alipay_conformance_fuzz::wechat_xml;

libfuzzer_sys::fuzz_target!(|input: &[u8]| wechat_xml::run(input));
