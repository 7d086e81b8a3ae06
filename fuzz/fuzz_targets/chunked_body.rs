//! A body in chunks, in pieces.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_proxy::wire::fuzzing::chunked_body(data));
