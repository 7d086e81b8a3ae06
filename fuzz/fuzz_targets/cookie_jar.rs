//! Set-Cookie lines, kept in a jar.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_scan::fuzzing::cookie_jar(data));
