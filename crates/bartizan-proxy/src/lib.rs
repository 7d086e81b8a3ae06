//! The wall: listeners, TLS, ordered request and response stages, upstreams.
//!
//! The stages are pure; `exchange.rs` walks one request through them and is the only place that reads
//! bodies, dials upstreams and waits. This crate knows no configuration file and no command line.

pub mod config;
pub mod context;
pub mod error_page;
pub mod head;
pub mod profile;
pub mod request_id;
pub mod shared;
pub mod stages;
pub mod target;
pub mod tls;
pub mod upstream;
