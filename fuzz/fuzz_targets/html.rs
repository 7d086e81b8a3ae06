//! A page, read as browsers and as a stream of tags do.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_scan::fuzzing::html(data));
