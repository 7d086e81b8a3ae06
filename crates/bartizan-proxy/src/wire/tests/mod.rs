//! Raw bytes against the parsers and the guards.

mod chunked;
mod request_head;
mod response_head;
