//! The Certificate message, chains and staples.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_scan::tls::fuzzing::tls_certificate(data));
