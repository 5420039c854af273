#![no_main]

use alipay_conformance_fuzz::wap_notify;

libfuzzer_sys::fuzz_target!(|input: &[u8]| wap_notify::run(input));
