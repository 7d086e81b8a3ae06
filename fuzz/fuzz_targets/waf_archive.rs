//! Archives of rule sets.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_waf::fuzzing::waf_archive(data));
