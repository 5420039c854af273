#![no_main]

use alipay_conformance_fuzz::structured;

libfuzzer_sys::fuzz_target!(|input: &[u8]| structured::run(input));
