//! The wall: listeners, TLS, ordered request and response stages, upstreams.
