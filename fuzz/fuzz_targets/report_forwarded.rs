//! What proxies say of a client.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_reports::fuzzing::report_forwarded(data));
