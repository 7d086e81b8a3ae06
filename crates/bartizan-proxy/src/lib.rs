//! The wall: listeners, TLS, ordered request and response stages, upstreams.
//!
//! The stages are pure; `exchange/` walks one request through them and is the only place that reads
//! bodies, dials upstreams and waits. This crate knows no configuration file and no command line.

mod access_log;
mod body;
pub mod config;
mod connection;
pub mod context;
mod control;
mod corked;
pub mod error_page;
mod exchange;
mod failure;
pub mod files;
mod flow;
pub mod fuzzing;
pub mod head;
mod hold;
mod hop_by_hop;
pub mod metrics;
pub mod pages;
pub mod profile;
pub mod proxy_protocol;
pub mod request_id;
pub mod router;
pub mod serve;
pub mod services;
pub mod shared;
pub mod stages;
mod switch;
pub mod target;
pub mod tls;
mod trail;
mod upgrade;
pub mod upstream;
pub mod view;
pub mod visits;
pub mod waf;
mod wall;
mod watched;
pub mod wire;
mod worker;
