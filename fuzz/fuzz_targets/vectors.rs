#![no_main]

use alipay_conformance_fuzz::vectors;

libfuzzer_sys::fuzz_target!(|input: &[u8]| vectors::run(input));
