//! What an app answers over HTTP/1, in pieces.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_proxy::wire::fuzzing::response_stream(data));
