#![no_main]

use alipay_conformance_fuzz::headers;

libfuzzer_sys::fuzz_target!(|input: &[u8]| headers::run(input));
