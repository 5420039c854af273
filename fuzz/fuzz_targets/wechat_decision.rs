#![no_main]

use alipay_conformance_fuzz::wechat_decision;

libfuzzer_sys::fuzz_target!(|input: &[u8]| wechat_decision::run(input));
