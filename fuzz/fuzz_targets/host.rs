//! Hosts, patterns of hosts, origins.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_headers::fuzzing::host(data));
