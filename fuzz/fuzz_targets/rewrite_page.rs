//! A page on its way through.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_rewrite::fuzzing::page(data));
