#![no_main]

use alipay_conformance_fuzz::mobile_result;

libfuzzer_sys::fuzz_target!(|input: &[u8]| mobile_result::run(input));
