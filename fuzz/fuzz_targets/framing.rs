//! A request head as hyper hands it over.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_proxy::fuzzing::framing(data));
