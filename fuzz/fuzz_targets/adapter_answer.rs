#![no_main]

use alipay_conformance_fuzz::adapter_answer;

libfuzzer_sys::fuzz_target!(|input: &[u8]| adapter_answer::run(input));
