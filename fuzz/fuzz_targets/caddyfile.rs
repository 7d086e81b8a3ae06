//! A Caddyfile.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_audit::fuzzing::caddyfile(data));
