//! An answer before every response stage.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_proxy::fuzzing::response(data));
