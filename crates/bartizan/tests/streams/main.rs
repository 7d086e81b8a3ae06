//! What flows through the wall for long, in bulk, under load or against the clock: through the real binary.

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
