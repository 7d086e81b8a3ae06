//! A configuration of nginx.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_audit::fuzzing::nginx_config(data));
