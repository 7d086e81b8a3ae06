//! A body of reports, as it is received.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_reports::fuzzing::report_body(data));
