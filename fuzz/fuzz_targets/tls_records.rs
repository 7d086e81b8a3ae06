//! Records and handshake messages of TLS.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_scan::tls::fuzzing::tls_records(data));
