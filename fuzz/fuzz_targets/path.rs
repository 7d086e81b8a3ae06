//! A path and its readings.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_proxy::fuzzing::path(data));
