//! JSON by the reader of reports, and addresses.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_reports::fuzzing::report_json(data));
