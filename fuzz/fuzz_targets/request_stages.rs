//! A request head before every request stage.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_proxy::fuzzing::request(data));
