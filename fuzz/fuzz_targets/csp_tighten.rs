//! Two policies made one.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_headers::fuzzing::csp_tighten(data));
