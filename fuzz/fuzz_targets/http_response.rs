//! An answer of a foreign site, in pieces.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_scan::fuzzing::http_response(data));
