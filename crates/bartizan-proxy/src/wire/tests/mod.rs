//! Raw bytes against the parsers and the guards.

mod chunked;
mod request_guard;
mod request_head;
mod response_guard;
mod response_head;
