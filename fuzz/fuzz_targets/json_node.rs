#![no_main]

use alipay_conformance_fuzz::json_node;

libfuzzer_sys::fuzz_target!(|input: &[u8]| json_node::run(input));
