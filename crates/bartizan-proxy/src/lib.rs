//! The wall: listeners, TLS, ordered request and response stages, upstreams.

pub mod wire;
