//! What a browser sends to the dashboard: names, a cookie, a form.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bartizan_dashboard::fuzzing::dashboard_request(data));
