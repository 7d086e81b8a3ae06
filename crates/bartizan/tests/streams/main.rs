//! What flows through the wall for long, in bulk, under load or against the clock: through the real binary.

#![allow(clippy::unwrap_used, reason = "what cannot go on is a failed test")]

mod abuse;
mod app;
mod bulk;
mod limits;
mod reload;
mod streaming;
mod times;
mod upstreams;
mod wall;
mod websocket;
