#![no_main]

use alipay_conformance_fuzz::certificate;

libfuzzer_sys::fuzz_target!(|input: &[u8]| certificate::run(input));
