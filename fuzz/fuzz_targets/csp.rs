//! Content-Security-Policy.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_headers::fuzzing::csp(data));
