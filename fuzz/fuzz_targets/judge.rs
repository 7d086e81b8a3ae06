//! Answers, judged by every rule.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_rules::fuzzing::judge_answer(data));
