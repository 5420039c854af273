#![no_main]

use alipay_conformance_fuzz::notify;

libfuzzer_sys::fuzz_target!(|input: &[u8]| notify::run(input));
