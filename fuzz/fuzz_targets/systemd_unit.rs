//! A systemd unit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_audit::fuzzing::systemd_unit(data));
