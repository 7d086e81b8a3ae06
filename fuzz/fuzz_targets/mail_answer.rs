//! What a mail server answers.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_reports::fuzzing::mail_answer(data));
