#![no_main]

use alipay_conformance_fuzz::key;

libfuzzer_sys::fuzz_target!(|input: &[u8]| key::run(input));
