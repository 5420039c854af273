#![no_main]

use alipay_conformance_fuzz::resource;

libfuzzer_sys::fuzz_target!(|input: &[u8]| resource::run(input));
