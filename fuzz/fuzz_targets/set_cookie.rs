//! The Set-Cookie field.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_headers::fuzzing::set_cookie(data));
