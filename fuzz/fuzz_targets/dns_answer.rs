//! What a DNS server says, and the data of its records.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_scan::fuzzing::dns_answer(data));
