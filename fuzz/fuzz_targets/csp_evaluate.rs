//! The judgement of policies.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_rules::fuzzing::csp_evaluate(data));
