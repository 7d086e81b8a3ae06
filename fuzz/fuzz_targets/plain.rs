//! Header fields with a grammar of their own.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_headers::fuzzing::plain(data));
