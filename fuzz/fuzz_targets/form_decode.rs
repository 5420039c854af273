#![no_main]

use alipay_conformance_fuzz::form_decode;

libfuzzer_sys::fuzz_target!(|input: &[u8]| form_decode::run(input));
