//! What a server answers to a hello.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_scan::tls::fuzzing::tls_server_hello(data));
