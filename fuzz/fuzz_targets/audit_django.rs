//! Django settings; a line of `# file NAME` begins a further file.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_audit::fuzzing::audit_django(data));
