#![no_main]

use alipay_conformance_fuzz::explain;

libfuzzer_sys::fuzz_target!(|input: &[u8]| explain::run(input));
